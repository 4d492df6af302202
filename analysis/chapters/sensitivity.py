"""Which assumption matters most: one driver at a time, two together, and shares of the uncertainty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.chapters._driver_names import printed, short_name
from analysis.chapters._words import convention, listed
from analysis.chapters.page import Page
from analysis.charts import sensitivity as charts
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.figures import Figure, computed, text
from analysis.formats import multiple
from analysis.model.odds.distributions import Distribution
from analysis.model.odds.sensitivity import Bar
from analysis.model.odds.sobol_indices import Index
from analysis.valuation import sensitivity
from analysis.valuation.dcf import intrinsic
from analysis.valuation.gates import enforced
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.odds import distributions
from analysis.valuation.sensitivity import Grid, Kernel

SHOWN = 12  # bars of a chart; the table has all drivers
NEVER = "more than any rate tried"
WHOSE: Mapping[str, str] = {"margin": "AWS", "multiple": "all sales"}
FALL = 0.8  # the multiples that the last section takes: a fifth lower
GROUPS: Mapping[str, tuple[str, ...]] = {
    "multiples": ("exit.", "blend."),
    "AWS": ("aws.",),
    "advertising": ("advertising.",),
    "the stores": ("stores.",),
    "discount rates and returns on new capital": ("dcf.",),
    "spending, tax and shares": ("group.", "tax.", "shares.", "bridge."),
}


@dataclass(frozen=True)
class Answer:
    """One of the two values: its bars and its indices by driver."""

    value: Figure
    bars: tuple[Bar, ...]
    indices: tuple[Index, ...]

    def share(self, prefixes: tuple[str, ...]) -> float:
        """The share of the variance that a group of drivers has, each alone."""
        return sum(index.first for index in self.indices if index.driver.startswith(prefixes))


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition under a scenario."""
    group = open_group(edition, scenario)
    worth = intrinsic(group)
    enforced(worth)
    drawn, year = distributions(group), group.horizon_year
    then = _answer(group, sensitivity.horizon_kernel(group), group.value_figure(year), drawn)
    today = _answer(group, sensitivity.intrinsic_kernel(group), worth.equity_figure(), drawn)
    margin, multiples = sensitivity.growth_and_margin(group), sensitivity.growth_and_multiple(group)
    sensitivity.enforce_grids(group, {"growth_and_margin": margin, "growth_and_multiple": multiples})
    numbers = {
        "scenario": text(scenario, "Scenario"),
        "horizon": Figure(float(year), "year", "The targets' year"),
        "points": convention(sensitivity.SOBOL_POINTS, "count", "Draws behind each share"),
        **_numbers(group, then, "then"),
        **_numbers(group, today, "today"),
        **_needed(group, margin, "margin"),
        **_needed(group, multiples, "multiple"),
        **_lower(group, multiples),
        **_fall(group, then),
    }
    return Page(
        "sensitivity",
        numbers,
        charts={
            "then": lambda: _bars_chart(group, then, f"Market value at the end of {year}"),
            "today": lambda: _bars_chart(group, today, "Value of the shares by discounted cash flow"),
            "shares": lambda: _shares_chart(group, then),
            "margin": lambda: _grid_chart(group, margin, *MARGIN),
            "multiple": lambda: _grid_chart(group, multiples, *MULTIPLE),
        },
        tables={
            "margin_needed": lambda: _needed_table(group, margin, *MARGIN),
            "multiple_needed": lambda: _needed_table(group, multiples, *MULTIPLE),
            "groups": lambda: _groups_table(group, then, today),
            "drivers": lambda: _drivers_table(group, then, today),
        },
    )


MARGIN = ("fraction", "operating margin of AWS then", "growth of AWS a year until then")
MULTIPLE = ("x", "price-to-earnings then", "growth of all sales a year until then")


def _answer(group: Group, kernel: Kernel, value: Figure, drawn: Mapping[str, Distribution]) -> Answer:
    bars = sensitivity.driver_tornado(group, kernel)
    return Answer(value, bars, sensitivity.sobol(group, kernel, [bar.name for bar in bars], drawn))


# --- Numbers ---------------------------------------------------------------------------------------------


def _numbers(group: Group, answer: Answer, key: str) -> dict[str, Figure]:
    """The widest bar, the largest share, and the group of drivers that decides."""
    drivers = group.edition.drivers(group.scenario)
    bar, index = answer.bars[0], answer.indices[0]
    low, high = sorted((bar.at_low, bar.at_high))
    named = short_name(drivers, bar.name)
    label, rule = f"{answer.value.label}, {named}", "the scenario with this driver at one end of its range"
    shares = {name: answer.share(prefixes) for name, prefixes in GROUPS.items()}
    ranked = sorted(shares, key=lambda name: -shares[name])
    found = {
        key: answer.value,
        f"{key}_widest": text(named, "The widest bar", group.driver(bar.name)),
        f"{key}_low": group.result(low, "usd_bn", f"{label} at its worse end", rule, bar.name),
        f"{key}_high": group.result(high, "usd_bn", f"{label} at its better end", rule, bar.name),
        f"{key}_swing": group.result(
            high - low, "usd_bn", f"Swing of the widest driver: {named}", rule, bar.name
        ),
        f"{key}_crossing": _crossing(group, answer),
        f"{key}_driver": text(
            short_name(drivers, index.driver), "The largest share", group.driver(index.driver)
        ),
        f"{key}_driver_share": _share(group, index.total, f"{index.driver}, with interactions", index.driver),
        f"{key}_additive": _share(group, sum(i.first for i in answer.indices), "all drivers alone"),
    }
    for place, name in zip(("first", "second"), ranked, strict=False):
        found[f"{key}_{place}"] = text(name, "Group of drivers by share of the variance")
        found[f"{key}_{place}_share"] = _share(group, shares[name], f"{name}, each driver alone")
    return found


def _crossing(group: Group, answer: Answer) -> Figure:
    """The drivers whose bar holds a target: at one end of their range it is reached, at the other not."""
    drivers = group.edition.drivers(group.scenario)
    ends = {bar.name: sorted((bar.at_low, bar.at_high)) for bar in answer.bars}
    names = [
        short_name(drivers, name)
        for name, (low, high) in ends.items()
        if any(low < target.value_usd_bn <= high for target in group.edition.targets)
    ]
    return text(listed(names), "Drivers that carry the value across a target by themselves", answer.value)


def _share(group: Group, value: float, what: str, *drivers: str) -> Figure:
    rule = "share of the variance of the result over the drivers' distributions"
    return group.result(value, "fraction", f"Share of the variance: {what}", rule, *drivers)


def _needed(group: Group, grid: Grid, key: str) -> dict[str, Figure]:
    """The growth that meets each target in the scenario's own row, and the scenario's own."""
    what = WHOSE[key]
    found = {f"{key}_own": _growth(group, grid.at[1], what, "as in the scenario")}
    unit = "x" if key == "multiple" else "fraction"
    found[f"{key}_row"] = group.result(grid.at[0], unit, f"The scenario's own {key}", "as projected")
    for target in group.edition.targets:
        found[f"t{target.name.lower()}"] = target.figure
        found[f"{key}_t{target.name.lower()}"] = _met(group, grid.needed[target.name], what, target.name)
    return found


def _lower(group: Group, grid: Grid) -> dict[str, Figure]:
    """The next lower multiple of the grid, and the growth at which it meets each target."""
    at = max((i for i, row in enumerate(grid.rows) if row < grid.at[0] - 1e-9), default=0)
    row = grid.rows[at]
    found = {
        "lower_row": computed(
            row, "x", "The next lower price-to-earnings of the grid", "the row below the scenario's own"
        )
    }
    for target in group.edition.targets:
        growth, what = grid.break_evens(target.name)[at], f"all sales at {multiple(row, 0)}"
        found[f"lower_t{target.name.lower()}"] = _met(group, growth, what, target.name)
    return found


def _met(group: Group, growth: float, what: str, target: str) -> Figure:
    """The growth that meets a target, or words where no rate in the range does."""
    if math.isnan(growth):
        return text(NEVER, f"Growth of {what} that meets ${target}")
    return _growth(group, growth, what, f"to meet ${target}, all else as in the scenario")


def _growth(group: Group, value: float, what: str, where: str) -> Figure:
    rule = "solved: market value at the horizon = target" if "meet" in where else "as projected"
    label = f"Growth of {what} a year to {group.horizon_year}, {where}"
    return group.result(value, "fraction", label, rule)


def _fall(group: Group, then: Answer) -> dict[str, Figure]:
    """What is left of the value if every multiple is a fifth lower, and where today's trail would be seen."""
    lower = with_drivers(group, sensitivity.scaled(group, FALL))
    value = float(lower.values[group.index_of(group.horizon_year)])
    label = f"Market value at the end of {group.horizon_year}, all multiples a fifth lower"
    left = group.result(
        value, "usd_bn", label, "the same profits at lower multiples", "exit.price_to_earnings"
    )
    elastic = sensitivity.driver_elasticities(group, sensitivity.horizon_kernel(group), ["exit.multiple_aws"])
    return {
        "fallen": left,
        "fallen_by": (then.value - left).named("Loss of market value from lower multiples", "usd_bn"),
        "elasticity_aws": group.result(
            elastic["exit.multiple_aws"] / 100,
            "fraction",
            "Change of the value for one percent of AWS's multiple",
            "∂ value ÷ ∂ multiple × multiple ÷ value, of one percent",
            "exit.multiple_aws",
        ),
        "check_year": Figure(float(group.years[0]), "year", "The year to check"),
    }


# --- Charts ----------------------------------------------------------------------------------------------


def _source(group: Group) -> Sources:
    source: Sources = ["scenarios of this report", *group.reported(), group.edition.market_value]
    return source


def _bars_chart(group: Group, answer: Answer, what: str) -> ChartFigure:
    drivers = group.edition.drivers(group.scenario)
    rows = [(short_name(drivers, bar.name), bar.at_low, bar.at_high) for bar in answer.bars[:SHOWN]]
    data = pd.DataFrame(rows, columns=["driver", "at_low", "at_high"])
    return charts.bars(data, answer.value.number, f"{what}, one driver at a time", _source(group))


def _shares_chart(group: Group, answer: Answer) -> ChartFigure:
    drivers = group.edition.drivers(group.scenario)
    rows = [
        (short_name(drivers, index.driver), index.first, index.total, *index.total_interval)
        for index in answer.indices[:SHOWN]
    ]
    data = pd.DataFrame(rows, columns=["driver", "first", "total", "low", "high"])
    title = f"Share of the uncertainty of market value at the end of {group.horizon_year}"
    return charts.shares(data, title, _source(group))


def _grid_chart(group: Group, grid: Grid, unit: str, row: str, column: str) -> ChartFigure:
    names = {target.name: f"${target.name}" for target in group.edition.targets}
    view = charts.GridView(
        rows=grid.rows,
        columns=grid.columns,
        values=grid.values,
        fine=grid.fine,
        lines={names[name]: line for name, line in grid.lines.items()},
        at=grid.at,
        row_unit=unit,
        row_title=row,
        column_title=column,
    )
    targets = {f"${target.name}": target.value_usd_bn for target in group.edition.targets}
    title = f"Market value at the end of {group.horizon_year}, trillions of dollars"
    return charts.grid(view, targets, title, _source(group))


# --- Tables ----------------------------------------------------------------------------------------------


def _needed_table(group: Group, grid: Grid, unit: str, row: str, column: str) -> Table:
    """For each row of a grid, the growth at which each target is met exactly."""
    targets = group.edition.targets
    lines = [grid.break_evens(target.name) for target in targets]
    rows = list(zip(grid.rows, *lines, strict=True))[::-1]
    columns = [
        Column("row", row[0].upper() + row[1:], unit, 0),
        *(Column(target.name, f"For ${target.name}", "fraction") for target in targets),
    ]
    frame = pd.DataFrame(rows, columns=[each.field for each in columns])
    return Table(frame, columns, f"The {column} that meets each target exactly", _source(group))


def _groups_table(group: Group, then: Answer, today: Answer) -> Table:
    """Shares of the variance by group of drivers, for both answers."""
    rows = [
        (
            name[0].upper() + name[1:],
            _share(group, then.share(prefixes), f"{name}, market value then"),
            _share(group, today.share(prefixes), f"{name}, value today"),
        )
        for name, prefixes in GROUPS.items()
    ]
    columns = [
        Column("group", "Drivers of"),
        Column("then", f"Market value, end of {group.horizon_year}", "fraction", 0),
        Column("today", "Discounted cash flow, today", "fraction", 0),
    ]
    frame = pd.DataFrame(rows, columns=[each.field for each in columns], dtype=object)
    return Table(frame, columns, "Share of the uncertainty by group of drivers, each alone", _source(group))


def _drivers_table(group: Group, then: Answer, today: Answer) -> Table:
    """Every driver that moves one of the two: its range, what its ends do, and how elastic the value is."""
    drivers = group.edition.drivers(group.scenario)
    bars = [{bar.name: bar for bar in answer.bars} for answer in (then, today)]
    names = list(dict.fromkeys([*bars[0], *bars[1]]))
    levels = [name for name in names if not name.endswith("_change")]  # a percent of a change says nothing
    elastic = sensitivity.driver_elasticities(group, sensitivity.horizon_kernel(group), levels)
    totals = [{index.driver: index.total for index in answer.indices} for answer in (then, today)]
    rows = [
        (
            short_name(drivers, name),
            printed(drivers[name]),
            _swing(bars[0].get(name)),
            totals[0].get(name),
            elastic.get(name),
            _swing(bars[1].get(name)),
            totals[1].get(name),
        )
        for name in names
    ]
    columns = [
        Column("driver", "Driver"),
        Column("value", "Value", "figure"),
        Column("then", f"Swing {group.horizon_year}", "usd_bn", 0),
        Column("then_share", f"Share {group.horizon_year}", "fraction"),
        Column("elastic", "Elasticity", "number"),
        Column("today", "Swing today", "usd_bn", 0),
        Column("today_share", "Share today", "fraction"),
    ]
    frame = pd.DataFrame(rows, columns=[each.field for each in columns], dtype=object)
    title = "Every driver: what moving it from its low to its high does, and its share of the uncertainty"
    return Table(frame, columns, title, _source(group), sortable=True)


def _swing(bar: Bar | None) -> float | None:
    """The change of the result from the driver's low to its high, with its sign."""
    return None if bar is None else bar.at_high - bar.at_low
