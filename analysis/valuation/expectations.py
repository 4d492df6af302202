"""What a price takes for granted: one assumption at a time, solved so that the discounted cash flow meets it.

A solve moves one lever of a scenario and leaves everything else: growth or margin of all parts alike, the
years of forecast before the stable rates, or the one rate of return. What a lever comes to is told in
terms a reader can judge: sales growth a year over the forecast, the operating margin at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from analysis.figures import Figure
from analysis.model.dcf.free_cash_flow import SegmentForecast as Discounted
from analysis.model.dcf.free_cash_flow import value_group
from analysis.model.dcf.implied import Solution, solve, solve_period
from analysis.model.dcf.terminal_value import ValueDriver
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import DRIVERS_OF, group_sales
from analysis.valuation.dcf import FORECAST_YEARS, YEARS, Intrinsic, first_period, intrinsic, part_lines
from analysis.valuation.group import Group, with_drivers

Lever = Literal["growth", "margin", "years", "rate"]
LEVERS: Mapping[Lever, str] = {
    "growth": "Sales growth a year over the forecast",
    "margin": "Operating margin at its end",
    "years": "Years before growth and returns are stable",
    "rate": "Return at the scenario's cash flows",
}
UNITS: Mapping[Lever, str] = {
    "growth": "fraction",
    "margin": "fraction",
    "years": "years",
    "rate": "fraction",
}
GROWTH = (-0.15, 0.30)  # what may be added to the first-year growth of every part
MARGIN = (-0.20, 0.40)  # what may be added to the margin of every part
RATE = (0.01, 0.20)  # above stable growth
PIECES = 8
NONE = "no solution in range"


@dataclass(frozen=True)
class Expectation:
    """One lever: where it must stand for the price, ``None`` if nowhere in range, and where it stands."""

    lever: Lever
    solution: Solution
    implied: float | None
    assumed: float

    def figure(self, price: Figure, value: Intrinsic, name: str = "") -> Figure:
        """The implied level, or the words that there is none, traced to the price it is solved for.

        ``name`` is what the label calls the price, by default its own label.
        """
        called = name or price.label
        label = f"{LEVERS[self.lever]}, implied by {called}"
        if self.implied is None:
            return Figure(NONE, "text", label, formula=f"searched {self._searched}", inputs=(price,))
        rule = f"solved: value of the shares = {called}"
        found = value.figure(self.implied, UNITS[self.lever], label, rule)
        return replace(found, inputs=(price, *found.inputs))

    def assumed_figure(self, value: Intrinsic) -> Figure:
        """The level at which the scenario itself has the lever."""
        label = f"{LEVERS[self.lever]}, {value.group.scenario} scenario"
        return value.figure(self.assumed, UNITS[self.lever], label, "as projected")

    @property
    def _searched(self) -> str:
        low, high = self.solution.low, self.solution.high
        return f"{self.solution.argument} from {low:g} to {high:g}"


def expectations(value: Intrinsic, equity: float) -> dict[Lever, Expectation]:
    """Each lever solved for an equity value in usd_bn, the valuation's scenario and conventions kept."""
    return {
        "growth": _shifted(value, equity, "growth", GROWTH, growth_of),
        "margin": _shifted(value, equity, "margin", MARGIN, margin_of),
        "years": _years(value, equity),
        "rate": _rate(value, equity),
    }


def shift(group: Group, what: Literal["growth", "margin"], change: float) -> Group:
    """The company with the growth of the first year, or the margin, of every part changed alike."""
    prefixes = dict.fromkeys(DRIVERS_OF[part] for part in group.projection.parts)
    names = [f"{prefix}.{what}_change" for prefix in prefixes]
    return with_drivers(group, {name: group.drivers[name] + change for name in names})


def value_at_rate(value: Intrinsic, rate: float) -> float:
    """Equity if every year, and the time after the forecast, is discounted at one rate."""
    group, conventions = value.group, value.conventions
    terminal = ValueDriver(
        group.drivers["dcf.growth_stable"], group.drivers["dcf.roic_stable"], rate, conventions.flow
    )
    lines = part_lines(group, value.projection, conventions.lag)
    parts = {name: Discounted(line, (rate,) * conventions.years, terminal) for name, line in lines.items()}
    summed = value_group(parts, timing=conventions.timing, first_period=first_period(group))
    return float(summed.value + value.net_assets)


def _shifted(
    value: Intrinsic,
    equity: float,
    what: Literal["growth", "margin"],
    span: tuple[float, float],
    level: Callable[[Intrinsic], float],
) -> Expectation:
    def changed(change: float) -> Intrinsic:
        return intrinsic(shift(value.group, what, change), value.conventions)

    found = solve(
        f"change of {what}", lambda x: changed(x).equity, equity, low=span[0], high=span[1], pieces=PIECES
    )
    return Expectation(what, found, level(changed(found.value)) if found.found else None, level(value))


def _years(value: Intrinsic, equity: float) -> Expectation:
    found = solve_period(
        "years",
        lambda years: value.equity_by_years[years - YEARS[0]],
        equity,
        shortest=YEARS[0],
        longest=YEARS[1],
    )
    return Expectation("years", found, found.value if found.found else None, float(FORECAST_YEARS))


def _rate(value: Intrinsic, equity: float) -> Expectation:
    floor = value.group.drivers["dcf.growth_stable"]
    low, high = floor + RATE[0], floor + RATE[1]
    found = solve("rate", lambda r: value_at_rate(value, r), equity, low=low, high=high, pieces=PIECES)
    own = solve("rate", lambda r: value_at_rate(value, r), value.equity, low=low, high=high, pieces=PIECES)
    return Expectation("rate", found, found.value if found.found else None, own.value)


def growth_of(value: Intrinsic) -> float:
    """Growth of the group's sales a year over the forecast."""
    start = float(group_sales(value.group.base))
    return float(cagr(start, value.lines.sales[-1], float(value.conventions.years)))


def margin_of(value: Intrinsic) -> float:
    """The group's operating margin in the forecast's last year."""
    return float(value.lines.operating_income[-1] / value.lines.sales[-1])
