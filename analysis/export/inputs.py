"""The sheet of inputs: the scenario, every assumption of every scenario, and what was reported.

What formulas of other sheets use has a name: an assumption its own (``aws.growth_change``), for the value in
the chosen scenario, a reported starting point one that begins with ``start.``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.data import Edition, quarters
from analysis.data.drivers import Driver, Drivers
from analysis.export.sheet import Cell, Sheet, letter, place
from analysis.export.trace import Ledger, Line
from analysis.figures import Figure
from analysis.units import words_of
from analysis.valuation.group import Group, balance_figures, stake_figure

BASE = "base"
ENDS = ("low", "high")
NAME, LABEL, VALUE, LOW, HIGH, UNIT, FIRST = range(7)
WITH_ENDS = "sotp."
"""The assumptions whose low and high are used by formulas: the multiples of today's sum of the parts."""


@dataclass
class Inputs:
    """The sheet, and the names that it gives to cells."""

    sheet: Sheet
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
    widths = (30, 52, *(16 for _ in range(4 + 3 * len(scenarios))), 32, *(60 for _ in scenarios), 60)
    made = Inputs(Sheet("Inputs", widths=widths, frozen=(3, 2)))
    _selector(made, group, list(scenarios))
    _assumptions(made, group.scenario, scenarios)
    _targets(made, group.edition)
    _start(made, group)
    return made


def _selector(made: Inputs, group: Group, scenarios: Sequence[str]) -> None:
    sheet = made.sheet
    sheet.put(0, NAME, Cell("Inputs", "title"))
    sheet.texts(1, ["scenario", "Scenario in use: choose one"], "head")
    sheet.put(1, VALUE, Cell(group.scenario, "choice"))
    sheet.choices[1, VALUE] = scenarios
    sheet.texts(2, ["scenario_number", "Its place among the scenarios"])
    listed = ",".join(f'"{name}"' for name in scenarios)
    number = float(scenarios.index(group.scenario) + 1)
    formula = f"MATCH({place(1, VALUE)},{{{listed}}},0)"
    sheet.put(2, VALUE, Cell(number, "count", formula))
    made.name("scenario_number", 2, VALUE)


def _assumptions(made: Inputs, chosen: str, scenarios: Mapping[str, Drivers]) -> None:
    sheet, names = made.sheet, list(scenarios)
    sheet.put(4, NAME, Cell("Assumptions", "heading"))
    ends = ("value", *ENDS)
    heads = [f"{name}: {end}" for end in ends for name in names]
    texts = ["How it is drawn", *(f"Why: {name}" for name in names), "Source"]
    sheet.texts(5, ["Name", "What it is", "Value in use", "Low", "High", "Unit", *heads, *texts], "head")
    for row, driver in enumerate(scenarios[BASE].values(), start=6):
        own = [scenarios[name][driver.name] for name in names]
        sheet.texts(row, [driver.name, driver.label])
        sheet.put(row, UNIT, Cell(words_of(driver.unit)))
        for block, end in enumerate(ends):
            _in_use(made, row, block, end, own, names.index(chosen))
        after = FIRST + 3 * len(names)
        sheet.texts(row, [drawn(driver)], "wrapped", after)
        for place_of, each in enumerate(own):
            is_new = place_of == 0 or each.why != own[0].why
            why = " ".join(each.why.split()) if is_new else f"as in {BASE}"
            sheet.put(row, after + 1 + place_of, Cell(why, "wrapped"))
        sheet.put(row, after + 1 + len(names), Cell(driver.source, "wrapped"))


def _in_use(made: Inputs, row: int, block: int, end: str, own: Sequence[Driver], chosen: int) -> None:
    """One of value, low and high: typed for each scenario, and the one that is chosen."""
    first = FIRST + block * len(own)
    form = "stated" if own[0].unit == "fraction" else own[0].unit
    for column, driver in enumerate(own, start=first):
        made.sheet.put(row, column, Cell(float(getattr(driver, end)), form))
    span = f"{place(row, first)}:{place(row, first + len(own) - 1)}"
    now = float(getattr(own[chosen], end))
    made.sheet.put(row, VALUE + block, Cell(now, form, f"INDEX({span},scenario_number)"))
    if end == "value":
        made.name(own[0].name, row, VALUE)
    elif own[0].name.startswith(WITH_ENDS):
        made.name(f"{own[0].name}.{end}", row, VALUE + block)


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
    flows = ("aws_operating_income", "retail_operating_income", "capex", "depreciation")
    found |= {name: getattr(base, name) for name in (*flows, "stock_compensation", "free_cash_flow")}
    if base.capex_guidance is not None:
        found["capex_guidance"] = base.capex_guidance
    found |= {"market_value": edition.market_value, "shares": edition.shares}
    balance = balance_figures(edition, group.drivers)
    found |= {name: getattr(balance, name) for name in ("cash", "securities", "debt", "leases")}
    stake = stake_figure(edition, 1.0)
    return found if stake is None else {**found, "stake": stake}


def _start(made: Inputs, group: Group) -> None:
    """The calendar and the named starting points, and below them the lines that they rest on."""
    sheet = made.sheet
    row = sheet.next_row + 1
    sheet.put(row, NAME, Cell("Starting point", "heading"))
    month = quarters.period_end(group.edition.quarter).month
    _calendar(made, row + 1, group, month)
    figures = starting_figures(group)
    first = row + 4
    below = first + len(figures) + 1
    ledger = Ledger(letter(VALUE), below + 3)
    for at, (name, figure) in enumerate(figures.items(), start=first):
        sheet.texts(at, [f"start.{name}", figure.label])
        sheet.put(at, VALUE, Cell(figure.number, figure.unit, ledger.ref(figure)))
        sheet.put(at, UNIT, Cell(words_of(figure.unit)))
        made.name(f"start.{name}", at, VALUE)
    sheet.put(below, NAME, Cell("Reported figures", "heading"))
    heads = ["Where", "What it is", "Value", "Public since", "", "Unit", "Document"]
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


def _line(sheet: Sheet, row: int, line: Line) -> None:
    figure, source = line.figure, line.figure.source
    sheet.texts(row, [source.field or "" if source else "", figure.label])
    sheet.put(row, VALUE, Cell(line.value, line.unit, line.formula))
    sheet.put(row, UNIT, Cell(words_of(line.unit)))
    if source is not None:
        sheet.put(row, LOW, Cell(source.published, "date"))
        sheet.put(row, FIRST, Cell(source.document))
    else:
        sheet.put(row, FIRST, Cell(f"= {figure.formula}"))
