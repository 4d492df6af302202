"""The sheets that draw the others together: the summary with its chart, the odds, and the checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.export.grids import Grid
from analysis.export.inputs import scenario_names
from analysis.export.parts import equity_cell
from analysis.export.sheet import Bars, Cell, Sheet, letter, place, quoted
from analysis.export.values import TITLES
from analysis.export.years import AHEAD, TODAY, Lines
from analysis.formats import day
from analysis.model.parts.market_value import METHODS
from analysis.model.parts.sum_of_parts import Case
from analysis.units import words_of
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.group import Group, open_group
from analysis.valuation.odds import LEVELS, Odds, simulate_odds
from analysis.valuation.parts import PartsValue, value_today

TOLERANCE = 1e-6
"""How far two ways to the same amount may lie apart, in the amount's own unit."""


@dataclass(frozen=True)
class Model:
    """The sheets of formulas, with what was computed beside them."""

    group: Group
    projection: Lines
    values: Lines
    parts: PartsValue
    equity_row: int
    dcf: Lines
    intrinsic: Intrinsic
    grid: Grid

    @property
    def horizon(self) -> dict[str, str]:
        """The cells of the values at the targets' year."""
        return self.values.at(f"${letter(AHEAD + self.values.horizon)}")

    @property
    def index(self) -> int:
        """The place of that year among the years."""
        return self.values.horizon

    def equity(self, case: Case) -> str:
        """The cell of the sum of the parts in one case."""
        return equity_cell(self.equity_row, case)


def odds_sheet(group: Group) -> tuple[Sheet, Odds]:
    """The chances of the targets and the fan of values by year, as the report's simulation has them."""
    odds = simulate_odds(group)
    sheet = Sheet("Odds", widths=(58, 26, *(11 for _ in odds.years)), frozen=(2, 1))
    sheet.put(0, 0, Cell("Odds: values of the report's simulation, which no formula here repeats", "title"))
    sheet.texts(1, [f"Scenario {group.scenario}; chances by the end of the year", "Unit"], "head")
    for column, year in enumerate(odds.years, start=2):
        sheet.put(1, column, Cell(float(year), "year", fixed=True))
    rows: dict[str, tuple[str, Iterable[float]]] = {}
    for target in group.edition.targets:
        level = float(target.value_usd_bn)
        rows[f"Chance to be above ${target.name} at its end"] = ("fraction", odds.above(level).value)
        rows[f"Chance to have touched ${target.name}"] = ("fraction", odds.touched(level).value)
    for share, path in zip(LEVELS, odds.quantiles(), strict=True):
        rows[f"Market value that {share:.0%} of the simulations lie below"] = ("usd_bn", path)
    for row, (label, (unit, path)) in enumerate(rows.items(), start=2):
        sheet.texts(row, [label, words_of(unit)])
        for column, value in enumerate(path, start=2):
            sheet.put(row, column, Cell(float(value), unit, fixed=True))
    return sheet, odds


def checks_sheet(model: Model) -> Sheet:
    """What must agree: parts and group, cash and its uses, the workbook and the report."""
    sheet = Sheet("Checks", widths=(74, 20, 20, 16, 10), frozen=(2, 1))
    sheet.put(0, 0, Cell("Checks", "title"))
    sheet.texts(1, ["What must agree", "One way", "The other", "Difference", "Holds"], "head")
    group, found, index = model.group, model.group.projection, model.index
    ahead = model.projection.at(f"${letter(AHEAD + index)}")
    today, path = model.projection.at(f"${letter(TODAY)}"), model.projection
    parts = list(found.parts)
    sales = "+".join(today[f"{name}_sales"] for name in parts)
    incomes = "+".join(ahead[f"{name}_income"] for name in parts)
    year = group.horizon_year
    reported = group.edition.ttm("income.net_sales").to("usd_bn").number
    _check(sheet, "Sales of the parts today = sales of the group as reported", sales, None, reported)
    profit = float(found.operating_income[index])
    _check(
        sheet,
        f"Operating income of the parts in {year} = that of the group",
        incomes,
        ahead["income"],
        profit,
    )
    flow, step, net = (path.rows[key] for key in ("flow", "step", "net_assets"))
    name, first, last = quoted(path.sheet.name), letter(AHEAD), letter(AHEAD + index)
    cash = f"SUMPRODUCT({name}!{first}{flow}:{last}{flow},{name}!{first}{step}:{last}{step})"
    from_grown = _number(path, "net_assets", AHEAD + index)
    _check(
        sheet, f"Opening cash less debt + free cash flow = that at the end of {year}",
        f"{name}!${letter(TODAY)}${net}+{cash}", ahead["net_assets"], from_grown,
    )  # fmt: skip
    own, end = model.dcf.at(f"${letter(TODAY)}"), model.dcf.rows
    span = f"DCF!{letter(AHEAD)}{{0}}:{letter(AHEAD + model.dcf.horizon)}{{0}}"
    earned = float(sum(float(value) for value in model.intrinsic.lines.nopat))
    sums = {key: f"SUM({span.format(end[key])})" for key in ("nopat", "flow", "invested")}
    label = "DCF: income after tax = net investment + free cash flow"
    _check(sheet, label, sums["nopat"], f"{sums['invested']}+{sums['flow']}", earned)
    middle = _middle(model.grid)
    equity = float(model.intrinsic.equity)
    _check(sheet, "DCF: middle of the grid = the value of the shares", middle, own["equity"], equity)
    _as_the_report(sheet, model)
    return sheet


def _check(sheet: Sheet, label: str, one: str, other: str | None, value: float) -> None:
    """One check; without a second formula it is against the number that was reported."""
    row = sheet.next_row
    sheet.texts(row, [label])
    sheet.put(row, 1, Cell(value, "usd_bn", one))
    sheet.put(row, 2, Cell(value, "usd_bn", other, fixed=other is None))
    apart = f"{place(row, 1)}-{place(row, 2)}"
    sheet.put(row, 3, Cell(0.0, "number", apart))
    sheet.put(row, 4, Cell(1.0, "holds", f"IF(ABS({place(row, 3)})<{TOLERANCE:f},1,0)"))


def _number(lines: Lines, key: str, column: int) -> float:
    content = lines.sheet.cells[int(lines.rows[key]) - 1, column].content
    assert isinstance(content, float)
    return content


def _middle(grid: Grid) -> str:
    row, column = (sum(ends) // 2 for ends in (grid.rows, grid.columns))
    return f"Sensitivity!{place(row, column, absolute=True)}"


def _as_the_report(sheet: Sheet, model: Model) -> None:
    """Each scenario's results by the report's program, and the chosen one's beside the workbook's."""
    names = scenario_names(model.group.edition)
    groups = [open_group(model.group.edition, name) for name in names]
    results: Mapping[str, tuple[str, list[float]]] = {
        f"Market value at the end of {model.group.horizon_year}": (
            model.horizon["value"], [float(group.values[model.index]) for group in groups],
        ),
        "Sum of the parts today": (
            model.equity("base"), [float(value_today(group).equity.base) for group in groups],
        ),
        "Discounted cash flow": (
            model.dcf.at(f"${letter(TODAY)}")["equity"],
            [float(intrinsic(group, model.intrinsic.conventions).equity) for group in groups],
        ),
    }  # fmt: skip
    first = sheet.next_row + len(results) + 4
    span = f"{{0}}${first + 1}:{{0}}${first + len(names)}"
    chosen = names.index(model.group.scenario)
    for column, (label, (cell, numbers)) in enumerate(results.items(), start=1):
        report = f"INDEX({span.format(f'${letter(column)}')},scenario_number)"
        said = f"{label}: workbook = report, as long as nothing is typed over"
        _check(sheet, said, cell, report, numbers[chosen])
    for column, (_, numbers) in enumerate(results.values(), start=1):
        for row, number in enumerate(numbers, start=first):
            sheet.put(row, column, Cell(number, "usd_bn", fixed=True))
    all_rows = f"{place(2, 4)}:{place(first - 5, 4)}"
    sheet.texts(first - 3, ["All of them"], "head")
    sheet.put(first - 3, 4, Cell(1.0, "holds", f"MIN({all_rows})"))
    sheet.texts(first - 1, ["The report's results by scenario", *results], "head")
    for row, name in enumerate(names, start=first):
        sheet.texts(row, [name])


def summary_sheet(model: Model, odds: Odds, checks: Sheet) -> Sheet:
    """Value, targets and the ranges of each method on one page, with a chart."""
    group, year = model.group, model.group.horizon_year
    edition = group.edition
    sheet = Sheet("Summary", widths=(62, 16, 16, 16, 16), frozen=(2, 0), pages=1)
    asked = " or ".join(f"${target.name}" for target in edition.targets)
    sheet.put(0, 0, Cell(f"Can Amazon be worth {asked} by {year}?", "title"))
    told = (
        f"Edition {edition.label}: public by {day(edition.cutoff)}, share price of {day(edition.price_date)}"
    )
    sheet.texts(1, [told])
    sheet.texts(2, ["Scenario in use (chosen on Inputs)"], "head")
    sheet.put(2, 1, Cell(group.scenario, "head", "Inputs!C2"))
    sheet.texts(3, ["All checks hold"], "head")
    at = max(row for row, column in checks.cells if column == 4)
    sheet.put(3, 1, Cell(1.0, "holds", f"Checks!{place(at, 4, absolute=True)}"))
    _values(sheet, model)
    _targets(sheet, model)
    _field(sheet, model, odds)
    return sheet


def _values(sheet: Sheet, model: Model) -> None:
    group, row = model.group, sheet.next_row + 1
    sheet.texts(row, ["Value", "$bn", "a share, $", "over today's market value"], "head")
    shares = group.edition.shares.number
    count = "start.shares"
    ahead = model.projection.at(f"${letter(AHEAD + model.index)}")["shares"]
    found: list[tuple[str, str, float, str, float]] = [
        ("Market value today", "start.market_value", group.market.value, count, shares),
        ("Sum of the parts today", model.equity("base"), float(model.parts.equity.base), count, shares),
        ("Discounted cash flow today", model.dcf.at(f"${letter(TODAY)}")["equity"],
         float(model.intrinsic.equity), count, shares),
    ]  # fmt: skip
    for way in METHODS:
        label = f"{TITLES[way]}, end of {group.horizon_year}"
        value = float(group.values_by_method[way][model.index])
        found.append((label, model.horizon[way], value, ahead, float(group.shares[model.index])))
    label = f"The three weighted, end of {group.horizon_year}"
    found.append(
        (
            label,
            model.horizon["value"],
            float(group.values[model.index]),
            ahead,
            float(group.shares[model.index]),
        )
    )
    for at, (label, cell, value, number, shares_then) in enumerate(found, start=row + 1):
        here = place(at, 1)
        sheet.texts(at, [label])
        sheet.put(at, 1, Cell(value, "usd_bn", cell))
        sheet.put(at, 2, Cell(value * 1000 / shares_then, "usd", f"{here}*1000/{number}"))
        sheet.put(at, 3, Cell(value / group.market.value, "fraction", f"{here}/start.market_value"))


def _targets(sheet: Sheet, model: Model) -> None:
    """What each target takes, as on the sheet of values."""
    row = sheet.next_row + 1
    targets = model.group.edition.targets
    sheet.texts(row, ["Targets", *(f"${target.name}" for target in targets)], "head")
    lines = model.values
    for at, key in enumerate(("target", "reached", "rise", "growth_now", "growth_asked"), start=row + 1):
        source = int(lines.rows[key]) - 1
        sheet.texts(at, [str(lines.sheet.cells[source, 0].content)])
        for column, place_of in enumerate(range(TODAY, TODAY + len(targets)), start=1):
            cell = lines.sheet.cells[source, place_of]
            link = lines.at(f"${letter(place_of)}")[key]
            sheet.put(at, column, Cell(cell.content, cell.form, link))


def _field(sheet: Sheet, model: Model, odds: Odds) -> None:
    """The ranges of all methods: low and high ends, and the chart of them."""
    group, year, index = model.group, model.group.horizon_year, model.index
    row = sheet.next_row + 1
    sheet.texts(row, ["Ranges", "low, $bn", "high less low", "high, $bn"], "head")
    ways = [float(group.values_by_method[way][index]) for way in METHODS]
    three = f"{model.horizon[METHODS[0]]},{model.horizon[METHODS[1]]},{model.horizon[METHODS[2]]}"
    span = model.grid.span("Sensitivity")
    levels, today, now = model.grid.values, "start.market_value", group.market.value
    drawn = f"Simulation of {group.scenario}, end of {year}, one in ten to nine in ten (values)"
    flows = "Discounted cash flow today, over its grid"
    scenarios = [
        float(open_group(group.edition, name).values[index]) for name in scenario_names(group.edition)
    ]
    lowest, highest = odds.quantiles((0.1, 0.9))[:, -1]
    ranges: list[tuple[str, str | None, float, str | None, float]] = [
        ("Market value today", today, now, today, now),
        ("Sum of the parts today, low to high", model.equity("low"), float(model.parts.equity.low),
         model.equity("high"), float(model.parts.equity.high)),
        (flows, f"MIN({span})", min(levels), f"MAX({span})", max(levels)),
        (f"Three ways, end of {year}", f"MIN({three})", min(ways), f"MAX({three})", max(ways)),
        (f"Scenarios, end of {year} (values)", None, min(scenarios), None, max(scenarios)),
        (drawn, None, float(lowest), None, float(highest)),
    ]  # fmt: skip
    for at, (label, low, low_value, high, high_value) in enumerate(ranges, start=row + 1):
        sheet.texts(at, [label])
        sheet.put(at, 1, Cell(low_value, "usd_bn", low, fixed=low is None))
        sheet.put(at, 3, Cell(high_value, "usd_bn", high, fixed=high is None))
        sheet.put(at, 2, Cell(high_value - low_value, "usd_bn", f"{place(at, 3)}-{place(at, 1)}"))
    last = row + len(ranges)
    title = f"What Amazon's shares are worth, billions of dollars: today, and at the end of {year}"
    sheet.chart = Bars(title, (row + 2, last), 0, 1, 2, (last + 2, 0))
