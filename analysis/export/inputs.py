"""The sheets of inputs: the scenario, the assumptions in use, those of every scenario, and what was reported.

What formulas of other sheets use has a name: an assumption its own (``aws.growth_change``), for the value in
the chosen scenario, a reported starting point one that begins with ``start.``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from analysis.data import Edition, quarters
from analysis.data.drivers import Driver, Drivers
from analysis.export.sheet import Cell, Sheet, letter, place
from analysis.export.trace import Ledger, Line
from analysis.figures import Figure
from analysis.model.projection.growth import QUARTERS
from analysis.units import words_of
from analysis.valuation.dcf import first_period
from analysis.valuation.first_years import REACH
from analysis.valuation.group import Group, balance_figures, stake_figure

BASE = "base"
ENDS = ("low", "high")
NAME, LABEL, VALUE, LOW, HIGH, UNIT, FIRST, LAST = range(8)
OWN = 3  # the first scenario's column on their sheet
WITH_ENDS = "sotp."
"""The assumptions whose low and high are used by formulas: the multiples of today's sum of the parts."""


@dataclass
class Inputs:
    """The sheets, and the names that cells of the first have."""

    sheet: Sheet
    scenarios: Sheet
    reasons: Sheet
    names: dict[str, str] = field(default_factory=dict)

    def name(self, name: str, row: int, column: int) -> None:
        """Give a cell of the sheet a name."""
        self.names[name] = f"{self.sheet.name}!{place(row, column, absolute=True)}"


def scenario_names(edition: Edition) -> list[str]:
    """All scenarios, base first."""
    found = sorted(path.stem for path in (edition.root / "scenarios").glob("*.yml"))
    return [BASE, *(name for name in found if name != BASE)]


def inputs_sheet(group: Group) -> Inputs:
    """Everything that formulas start from; names lead to the values in use."""
    scenarios = {name: group.edition.drivers(name) for name in scenario_names(group.edition)}
    made = Inputs(
        Sheet("Inputs", widths=(30, 42, 13, 16, 12, 18, 24, 44), frozen=(3, 2)),
        Sheet("Scenarios", widths=(32, 52, 29, *(13 for _ in scenarios)), frozen=(2, 2)),
        Sheet("Reasons", widths=(32, 42, 10, 96), frozen=(2, 1)),
    )
    _selector(made, group, list(scenarios))
    _assumptions(made, group.scenario, scenarios)
    _reasons(made.reasons, scenarios)
    _targets(made, group.edition)
    _start(made, group)
    return made


def _selector(made: Inputs, group: Group, scenarios: Sequence[str]) -> None:
    sheet, names = made.sheet, made.scenarios
    names.put(0, NAME, Cell("Scenarios: every assumption of each, blue", "title"))
    names.texts(1, ["Name", "What it is", "Unit", *scenarios], "head")
    row = f"{names.name}!{place(1, OWN, absolute=True)}:{place(1, OWN + len(scenarios) - 1, absolute=True)}"
    sheet.put(0, NAME, Cell("Inputs", "title"))
    sheet.texts(1, ["scenario", "Scenario in use: choose one"], "head")
    sheet.put(1, VALUE, Cell(group.scenario, "choice"))
    sheet.choices[1, VALUE] = row
    sheet.texts(2, ["scenario_number", "Its place among the scenarios"])
    number = float(scenarios.index(group.scenario) + 1)
    sheet.put(2, VALUE, Cell(number, "count", f"MATCH({place(1, VALUE)},{row},0)"))
    made.name("scenario_number", 2, VALUE)


def _assumptions(made: Inputs, chosen: str, scenarios: Mapping[str, Drivers]) -> None:
    sheet, names, drivers = made.sheet, list(scenarios), scenarios[BASE]
    sheet.put(4, NAME, Cell("Assumptions", "heading"))
    heads = ["Name", "What it is", "Value in use", "Low", "High", "Unit", "How it is drawn", "Source"]
    sheet.texts(5, heads, "head")
    for row, driver in enumerate(drivers.values(), start=6):
        sheet.texts(row, [driver.name, driver.label])
        sheet.put(row, UNIT, Cell(words_of(driver.unit)))
        sheet.texts(row, [drawn(driver), driver.source], "wrapped", FIRST)
    for block, end in enumerate(("value", *ENDS)):
        first = made.scenarios.next_row + bool(block)
        made.scenarios.put(
            first, NAME, Cell({"value": "Values", "low": "Low ends", "high": "High ends"}[end], "heading")
        )
        for at, name in enumerate(drivers):
            own = [scenarios[each][name] for each in names]
            _in_use(made, 6 + at, first + 1 + at, block, end, own, names.index(chosen))


def _in_use(
    made: Inputs, row: int, below: int, block: int, end: str, own: Sequence[Driver], chosen: int
) -> None:
    """One of value, low and high: typed for each scenario, and the one that is chosen."""
    form = "stated" if own[0].unit == "fraction" else own[0].unit
    made.scenarios.texts(below, [own[0].name, own[0].label, words_of(own[0].unit)])
    for column, driver in enumerate(own, start=OWN):
        made.scenarios.put(below, column, Cell(float(getattr(driver, end)), form))
    span = f"{made.scenarios.name}!{place(below, OWN, absolute=True)}"
    span += f":{place(below, OWN + len(own) - 1, absolute=True)}"
    now = float(getattr(own[chosen], end))
    made.sheet.put(row, VALUE + block, Cell(now, form, f"INDEX({span},scenario_number)"))
    if end == "value":
        made.name(own[0].name, row, VALUE)
    elif own[0].name.startswith(WITH_ENDS):
        made.name(f"{own[0].name}.{end}", row, VALUE + block)


def _reasons(sheet: Sheet, scenarios: Mapping[str, Drivers]) -> None:
    """Why each assumption is what it is, scenario by scenario where they differ."""
    sheet.put(0, NAME, Cell("Reasons", "title"))
    sheet.texts(1, ["Name", "What it is", "Scenario", "Why"], "head")
    for driver in scenarios[BASE].values():
        for name, drivers in scenarios.items():
            why = drivers[driver.name].why
            if name == BASE or why != driver.why:
                row = sheet.next_row
                sheet.texts(row, [driver.name, driver.label, name])
                sheet.put(row, 3, Cell(" ".join(why.split()), "wrapped"))


def drawn(driver: Driver) -> str:
    """How a driver is drawn, in words: its family and what low, value and high are of it."""
    if driver.distribution is None:
        return "not drawn"
    roles = (f"{name} is {role}" for name, role in driver.distribution.items() if name != "family")
    return f"{driver.distribution['family']}: {', '.join(roles)}"


def _targets(made: Inputs, edition: Edition) -> None:
    row = made.sheet.next_row + 1
    made.sheet.put(row, NAME, Cell("Targets", "heading"))
    for at, target in enumerate(edition.targets, start=row + 1):
        made.sheet.texts(at, [f"target_{target.name}", f"Market value of ${target.name}, why: {target.why}"])
        made.sheet.put(at, VALUE, Cell(float(target.value_usd_bn), "usd_bn"))
        made.sheet.put(at, UNIT, Cell(words_of("usd_bn")))
        made.name(f"target.{target.name}", at, VALUE)


def starting_figures(group: Group) -> dict[str, Figure]:
    """The reported figures that the model starts from, by the names that formulas use."""
    base, edition = group.figures, group.edition
    found: dict[str, Figure] = {}
    for part in ("aws", "advertising", "stores"):
        trailing = getattr(base, part)
        if trailing is not None:
            found |= {
                f"{part}_sales": trailing.sales,
                f"{part}_growth": trailing.growth,
                f"{part}_growth_latest": trailing.growth_latest,
            }
            found |= {
                f"{part}_ahead_{at}": _typed(figure) for at, figure in enumerate(trailing.ahead, start=1)
            }
            if trailing.so_far is not None:
                found[f"{part}_sales_so_far"] = trailing.so_far
    for name, value, label in (
        ("quarters", QUARTERS, "Quarters of a year"),
        ("reach", REACH, "Quarters ahead that are forecast from the record"),
    ):
        found[name] = Figure(float(value), "count", label, formula="a convention of the report")
    margins = {"aws": base.aws_margin, "retail": base.retail_margin}
    found |= {f"{name}_margin": _typed(each) for name, each in margins.items() if each is not None}
    for name in ("aws_income_so_far", "retail_income_so_far"):
        if (earned := getattr(base, name)) is not None:
            found[name] = earned
    flows = ("aws_operating_income", "retail_operating_income", "capex", "depreciation")
    found |= {name: getattr(base, name) for name in (*flows, "stock_compensation", "free_cash_flow")}
    if base.capex_guidance is not None:
        found["capex_guidance"] = base.capex_guidance
    found |= {"market_value": edition.market_value, "shares": edition.shares}
    balance = balance_figures(edition, group.drivers)
    found |= {name: getattr(balance, name) for name in ("cash", "securities", "debt", "leases")}
    stake = stake_figure(edition, 1.0)
    return found if stake is None else {**found, "stake": stake}


def _typed(figure: Figure) -> Figure:
    """A figure as a number: forecasts of the record are made beside the workbook, not by its formulas."""
    return replace(figure, formula="from the record, see the page on the method", inputs=(), kernel=None)


def _start(made: Inputs, group: Group) -> None:
    """The calendar and the named starting points, and below them the lines that they rest on."""
    sheet = made.sheet
    row = sheet.next_row + 1
    sheet.put(row, NAME, Cell("Starting point", "heading"))
    month = quarters.period_end(group.edition.quarter).month
    _calendar(made, row + 1, group, month)
    figures = starting_figures(group)
    first = row + 8
    below = first + len(figures) + 1
    ledger = Ledger(letter(VALUE), below + 3)
    for at, (name, figure) in enumerate(figures.items(), start=first):
        sheet.texts(at, [f"start.{name}", figure.label])
        sheet.put(at, VALUE, Cell(figure.number, figure.unit, ledger.ref(figure)))
        sheet.put(at, UNIT, Cell(words_of(figure.unit)))
        made.name(f"start.{name}", at, VALUE)
    sheet.put(below, NAME, Cell("Reported figures", "heading"))
    heads = ["Where", "What it is", "Value", "Public since", "", "Unit", "", "Document"]
    sheet.texts(below + 1, heads, "head")
    for at, line in enumerate(ledger.lines, start=below + 2):
        _line(sheet, at, line)


def _calendar(made: Inputs, row: int, group: Group, month: int) -> None:
    sheet = made.sheet
    sheet.texts(row, ["start.month", f"Month in which {group.edition.quarter} ends"])
    sheet.put(row, VALUE, Cell(float(month), "count"))
    made.name("start.month", row, VALUE)
    sheet.texts(row + 1, ["start.year", "First year at whose end the projection has values"])
    sheet.put(row + 1, VALUE, Cell(float(group.years[0]), "year"))
    made.name("start.year", row + 1, VALUE)
    sheet.texts(row + 2, ["start.step", "Years from the quarter's end to the end of that year"])
    formula = f"IF({place(row, VALUE)}=12,1,(12-{place(row, VALUE)})/12)"
    sheet.put(row + 2, VALUE, Cell(group.steps[0], "years", formula))
    sheet.put(row + 2, UNIT, Cell(words_of("years")))
    made.name("start.step", row + 2, VALUE)
    end, priced = quarters.period_end(group.edition.quarter), group.edition.price_date
    sheet.texts(row + 3, ["start.quarter_end", f"Last day of {group.edition.quarter}"])
    sheet.put(row + 3, VALUE, Cell(end, "date"))
    sheet.texts(row + 4, ["start.price_date", "Day of the price"])
    sheet.put(row + 4, VALUE, Cell(priced, "date"))
    sheet.texts(row + 5, ["start.first_period", "Years from that day to the end of the first forecast year"])
    days = f"{place(row + 4, VALUE)}-{place(row + 3, VALUE)}"
    sheet.put(row + 5, VALUE, Cell(first_period(group), "years", f"1-({days})/{quarters.DAYS_PER_YEAR}"))
    sheet.put(row + 5, UNIT, Cell(words_of("years")))
    made.name("start.first_period", row + 5, VALUE)
    sheet.texts(row + 6, ["start.before_end", "Part of a year before its end at which its cash arrives"])
    sheet.put(row + 6, VALUE, Cell(0.5, "years"))
    sheet.put(row + 6, UNIT, Cell(words_of("years")))
    made.name("start.before_end", row + 6, VALUE)


def _line(sheet: Sheet, row: int, line: Line) -> None:
    figure, source = line.figure, line.figure.source
    sheet.texts(row, [source.field or "" if source else "", figure.label])
    sheet.put(row, VALUE, Cell(line.value, line.unit, line.formula))
    sheet.put(row, UNIT, Cell(words_of(line.unit)))
    if source is not None:
        sheet.put(row, LOW, Cell(source.published, "date"))
        sheet.put(row, LAST, Cell(source.document))
    else:
        sheet.put(row, LAST, Cell(f"= {figure.formula}"))
