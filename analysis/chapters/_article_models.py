"""The articles' models on the articles page: tables of each reproduction, its charts, and a calculator."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.articles import Judge
from analysis.articles.reproduce_dcf import missing
from analysis.articles.reproduce_multiples import sales_ahead
from analysis.articles.reproduction import Reproduction
from analysis.articles.reproductions import reproductions
from analysis.chapters.page import Unavailable
from analysis.charts import articles as charts
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.note import Note
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.figures import Figure, computed
from analysis.model._inputs import Number
from analysis.model.parts import multiples
from analysis.model.projection.growth import cagr
from analysis.report.claims import sentence
from analysis.valuation.group import open_group
from analysis.valuation.inputs import ttm

GONE = Unavailable("the article whose model this is", quiet=True)


def models(judge: Judge, scenario: str) -> Mapping[str, Reproduction]:
    """The reproductions of the articles shown, by name."""
    return {each.name: each for each in reproductions(judge, scenario)}


def finding(found: Mapping[str, Reproduction], name: str) -> Note | Unavailable:
    """What a reproduction shows, in a sentence or two under its title."""
    if name not in found:
        return GONE
    each = found[name]
    return Note(Rich((f"<p>{tag('b', each.title + '.')} ", *sentence(each.finding), "</p>")))


def model_table(found: Mapping[str, Reproduction], name: str) -> Table | Unavailable:
    """A reproduction line by line: the article's inputs, the report's, and the difference by cause."""
    if name not in found:
        return GONE
    each = found[name]
    worked, result = each.worked, each.worked.result
    rows: list[tuple[str, Figure | None, Figure | None, Figure | None]] = [
        (line.label, line.theirs, line.ours, None) for line in worked.lines
    ]
    rows.append((result.label, result.theirs, result.ours, _difference(each)))
    rows += [(f"of the difference: {cause.label}", None, None, cause) for cause in worked.causes]
    rows += [(f"{result.label}, as printed", figure, None, None) for figure in worked.printed]
    frame = pd.DataFrame(rows, columns=["line", "theirs", "ours", "difference"], dtype=object)
    columns = [
        Column("line", "Input or result"),
        Column("theirs", "With its inputs", "figure"),
        Column("ours", "With this report's", "figure"),
    ]
    if worked.causes:
        columns.append(Column("difference", "Difference", "figure"))
    caption = f"{each.title}: the article's inputs beside this report's"
    return Table(frame, columns, caption, [each.article.document, "scenarios of this report"])


def _difference(each: Reproduction) -> Figure | None:
    value, result = each.worked.result.difference, each.worked.result
    if value is None or result.theirs is None or result.ours is None:
        return None
    label = f"{result.label}: this report less the article"
    return computed(value, result.ours.unit, label, "ours − theirs", result.ours, result.theirs)


def path_chart(found: Mapping[str, Reproduction]) -> ChartFigure | Unavailable:
    """The way from the newsletter's value to the report's."""
    if "projection" not in found:
        return GONE
    each = found["projection"]
    theirs, ours = each.worked.result.theirs, each.worked.result.ours
    assert theirs is not None
    assert ours is not None
    steps = [("The newsletter's inputs", theirs.number)]
    steps += [(cause.label.capitalize(), cause.number) for cause in each.worked.causes]
    frame = pd.DataFrame(steps, columns=["step", "amount"])
    return charts.path(frame, "This report's inputs", [each.article.document, ours])


def parts_chart(found: Mapping[str, Reproduction]) -> ChartFigure | Unavailable:
    """The article's sum of the parts, the report's on that day, and what the market paid."""
    if "sum_of_parts" not in found:
        return GONE
    each = found["sum_of_parts"]
    lines = {line.label: line for line in each.worked.lines}
    market = lines["Enterprise value"].ours
    assert market is not None
    cells = [
        ("The article", "AWS", lines["AWS"].theirs),
        ("The article", "Advertising", lines["Advertising"].theirs),
        ("The article", "Retail", lines["Retail with its advertising"].theirs),
        ("This report", "AWS", lines["AWS"].ours),
        ("This report", "Advertising", lines["Advertising"].ours),
        ("This report", "Retail", lines["Stores without advertising"].ours),
        ("The market", "Market", market),
    ]
    known = [(who, part, figure.number) for who, part, figure in cells if figure is not None]
    frame = pd.DataFrame(known, columns=["who", "part", "value"])
    totals = {str(who): float(value) for who, value in frame.groupby("who")["value"].sum().items()}
    return charts.parts(frame, totals, [each.article.document, market])


def missing_chart(judge: Judge, found: Mapping[str, Reproduction]) -> ChartFigure | Unavailable:
    """What each assumption that the DCF leaves out does to its value, alone."""
    if "dcf" not in found:
        return GONE
    article = found["dcf"].article
    given, then = article.input_figures(), judge.open_then(article.judged_as_of)
    base = found["dcf"].worked.result.theirs
    assert base is not None
    rows = [(each.label, each.reach[0], base.number, each.reach[1]) for each in missing(given, then)]
    frame = pd.DataFrame(rows, columns=["name", "low", "base", "high"])
    ends = given["dcf_low"].number, given["dcf_high"].number
    return charts.missing(frame, *ends, [article.document, base])


def calculator(judge: Judge, found: Mapping[str, Reproduction], scenario: str) -> Calculator | Unavailable:
    """The newsletter's model with sliders: its numbers to start with, the report's as a preset."""
    if "projection" not in found:
        return GONE
    each, group = found["projection"], open_group(judge.now, scenario)
    theirs, ours = (_by_label(each, side) for side in ("theirs", "ours"))
    years, start = theirs["Years to the horizon"], _start(theirs)
    needed = each.article.input_figures()["multiple_needed"].number
    sold = ttm(judge.now, "income.net_sales").number
    pace = float(cagr(sold, sales_ahead(group).number, group.exit_years))
    report = {"sales": sold, "growth": pace, "multiple": ours["Price-to-sales multiple"]}

    def value(sales: Number, growth: Number, multiple: Number) -> Number:
        return multiples.market_value(sales, growth, years, multiple)

    targets = {f"${target.name}": target.value_usd_bn for target in judge.now.targets}
    return Calculator(
        "The newsletter's model with other numbers",
        [
            Slider("sales", "Sales to start from", "usd_bn", 500.0, 1000.0, 1.0, start["sales"]),
            Slider("growth", "Growth of sales a year", "fraction", 0.0, 0.25, 0.005, start["growth"]),
            Slider("multiple", "Price-to-sales at the end", "x", 0.5, 10.0, 0.05, start["multiple"]),
        ],
        [Output("value", f"Market value at the end of {group.horizon_year}", "usd_bn", value, targets)],
        {
            "the newsletter": start,
            "the newsletter, with the multiple of its target": {**start, "multiple": needed},
            f"this report, {scenario}": report,
        },
        source=[each.article.document, "scenarios of this report"],
    )


def _by_label(each: Reproduction, side: str) -> dict[str, float]:
    """One side's numbers by the label of their line."""
    figures = {line.label: getattr(line, side) for line in each.worked.lines}
    return {label: figure.number for label, figure in figures.items() if figure is not None}


def _start(theirs: Mapping[str, float]) -> dict[str, float]:
    names = {
        "sales": "Sales of twelve months", "growth": "Growth a year", "multiple": "Price-to-sales multiple",
    }  # fmt: skip
    return {name: theirs[label] for name, label in names.items()}
