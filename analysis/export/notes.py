"""The sheets that hold words: what the workbook is and how to use it, and where its figures come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from analysis.export.sheet import Cell, Sheet
from analysis.figures import Figure, Source
from analysis.formats import day
from analysis.valuation.group import Group

_NAME = re.compile(r"[a-z]\w*(?:\.\w+)+")


def readme_sheet(group: Group, horizon_sheet: str) -> Sheet:
    """What stands on which sheet, and what to change."""
    edition = group.edition
    sheet = Sheet("README", widths=(28, 110))
    asked = " or ".join(f"${target.name}" for target in edition.targets)
    title = f"Can Amazon be worth {asked} by {group.horizon_year}? The model as a workbook"
    sheet.put(0, 0, Cell(title, "title"))
    public, priced = day(edition.cutoff), day(edition.price_date)
    for row, (head, text) in enumerate(_about(horizon_sheet).items(), start=3):
        sheet.put(row, 0, Cell(head, "head"))
        sheet.put(row, 1, Cell(text, "wrapped"))
    sheet.put(2, 0, Cell("Edition", "head"))
    sheet.put(2, 1, Cell(f"{edition.label}: what was public by {public}, share price of {priced}"))
    return sheet


def _about(horizon_sheet: str) -> dict[str, str]:
    return {
        "To use it": (
            "On Inputs, choose a scenario in the marked cell; on Scenarios, type over any blue number. Every "
            "formula was written with the result of the report's own program, so nothing changes when the "
            "workbook is first computed. Protection has no password: lift it to change more."
        ),
        "Colours": (
            "Blue is typed in: reported figures and assumptions. Black is worked out. Green is taken from "
            "another sheet as it is. Grey in italics is a value that the report's program gave."
        ),
        "Summary": (
            "Value in each way, what the targets take, and the range of each way with a chart. Whether all "
            "checks hold stands at its top."
        ),
        "Inputs": (
            "The scenario, the assumptions in use with low, high and source, and the reported figures from "
            "which the model starts. Each has a name, which formulas use: aws.growth_change, start.aws_sales."
        ),
        "Scenarios, Reasons": "Every assumption of every scenario, and why it is what it is.",
        "Projection": "Each part, the group, capital expenditure and free cash flow by calendar year.",
        horizon_sheet: "Market value by year in three ways, their weighted sum, and what each target takes.",
        "SOTP": "The sum of the parts today, with the bridge to equity and the multiple left for AWS.",
        "DCF": (
            "The discounted cash flow by part: ten years, what follows, and the bridge to the shares. Leases "
            "are never debt in it."
        ),
        "Sensitivity": "Three grids over two levels each, with live formulas; their steps may be typed over.",
        "Odds": "The chances of the targets and the fan of values: the simulation's results, not formulas.",
        "Checks": "Parts = group, cash = its uses, workbook = report.",
        "Sources": "Every document that a reported figure on Inputs was read in.",
        "Not in it": (
            "The simulation behind the odds, the back-test, the forecast that the record gives the first two "
            "years (its results are on Inputs) and the sums on chips and automation are in the report alone. "
            "Assumptions that only they use are on Inputs too; their names are below."
        ),
        "Units": "Money in billions of US dollars unless the line says otherwise, shares in millions.",
        "Not advice": "This is not investment advice. The assumptions are judgements, and each says why.",
    }


def add_unused(readme: Sheet, names: Iterable[str], sheets: Sequence[Sheet]) -> None:
    """List the assumptions that no formula of the sheets uses."""
    used = {
        name
        for sheet in sheets
        for cell in sheet.cells.values()
        if cell.formula is not None
        for name in _NAME.findall(cell.formula)
    }
    unused = [name for name in names if name not in used]
    row = readme.next_row
    readme.put(row, 0, Cell("Assumptions not used here", "head"))
    readme.put(row, 1, Cell(", ".join(unused), "wrapped"))


def sources_sheet(figures: Mapping[str, Figure]) -> Sheet:
    """The documents behind the reported figures, latest first."""
    sheet = Sheet("Sources", widths=(58, 17, 11, 44, 60), frozen=(2, 0))
    sheet.put(0, 0, Cell("Sources", "title"))
    sheet.texts(1, ["Document", "Public since", "Kind", "File of the repository", "Address"], "head")
    found: dict[tuple[object, ...], Source] = {}
    for figure in figures.values():
        for source in figure.sources():
            found.setdefault((source.document, source.published, source.path, source.url), source)
    ordered = sorted(found.values(), key=lambda s: (s.document, s.path or ""))
    ordered.sort(key=lambda source: source.published, reverse=True)
    for row, source in enumerate(ordered, start=2):
        sheet.put(row, 0, Cell(source.document))
        sheet.put(row, 1, Cell(source.published, "date"))
        sheet.texts(row, [source.quality.replace("_", " "), source.path or ""], first=2)
        if source.url is not None:
            sheet.put(row, 4, Cell(source.url, link=source.url))
    return sheet
