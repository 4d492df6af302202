"""What a price takes for granted: one assumption at a time, solved so that the discounted cash flow meets it.

A solve moves one lever of a scenario and leaves everything else: growth or margin of all parts alike, the
years of forecast before the stable rates, or the one rate of return. What a lever comes to is told in
terms a reader can judge: sales growth a year over the forecast, the operating margin at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.figures import Figure, computed, text
from analysis.model._inputs import Number
from analysis.model.dcf.free_cash_flow import SegmentForecast, value_group
from analysis.model.dcf.implied import Solution, solve, solve_period
from analysis.model.dcf.terminal_value import Terminal, ValueDriver
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import DRIVERS_OF, group_sales
from analysis.valuation.dcf import FORECAST_YEARS, YEARS, Intrinsic, first_period, intrinsic
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
RATE = (0.01, 0.20)  # above stable growth, and further where the scenario's own rates are
PIECES = 8
NONE = "no solution in range"
UNSOLVED: Mapping[Lever, str] = {
    "growth": "a rate outside those searched",
    "margin": "a level outside those searched",
    "years": "no length searched",
    "rate": "a rate outside those searched",
}


@dataclass(frozen=True)
class Expectation:
    """One lever: where it must stand for a price, in words where nowhere in range, and where it stands.

    Both are figures: the implied level rests on the price and on what the valuation at it rests on.
    """

    lever: Lever
    solution: Solution
    implied: Figure
    assumed: Figure

    @property
    def said(self) -> Figure:
        """The implied level for a sentence: where there is none, other words that say so."""
        label, inputs = self.implied.label, self.implied.inputs
        return self.implied if self.solution.found else text(UNSOLVED[self.lever], label, *inputs)


def expectations(value: Intrinsic, price: Figure, name: str = "") -> dict[Lever, Expectation]:
    """Each lever of a traced valuation solved for an equity value, its scenario and conventions kept.

    ``name`` is what labels call the price, by default its own label.
    """
    called = name or price.label
    return {
        "growth": _shifted(value, price, called, "growth", GROWTH, growth_of),
        "margin": _shifted(value, price, called, "margin", MARGIN, margin_of),
        "years": _years(value, price, called),
        "rate": _rate(value, price, called),
    }


def pairs_worth(value: Intrinsic, price: Figure, changes: Sequence[float]) -> list[tuple[float, float]]:
    """Growth and margin of valuations worth ``price``, each with every margin changed by one of ``changes``.

    A change for which no growth in range gives the price is left out.
    """
    plain, found = value.plain, []
    for change in changes:
        moved = shift(plain.group, "margin", change)

        def at(faster: float, moved: Group = moved) -> Intrinsic:
            return intrinsic(shift(moved, "growth", faster), plain.conventions)

        solved = solve(
            "growth", lambda x: at(x).equity, price.number, low=GROWTH[0], high=GROWTH[1], pieces=PIECES
        )
        if solved.found:
            there = at(solved.value)
            found.append((float(growth_of(there)), float(margin_of(there))))
    return found


def shift(group: Group, what: Literal["growth", "margin"], change: float) -> Group:
    """The company with the growth of the first year, or the margin, of every part changed alike."""
    prefixes = dict.fromkeys(DRIVERS_OF[part] for part in group.projection.parts)
    names = [f"{prefix}.{what}_change" for prefix in prefixes]
    return with_drivers(group, {name: group.drivers[name] + change for name in names})


def value_at_rate(value: Intrinsic, rate: float) -> Number:
    """Equity if every year, and the time after the forecast, is discounted at one rate."""
    group, conventions = value.group, value.conventions
    parts = {
        name: SegmentForecast(part.lines, (rate,) * conventions.years, _at(value.terminal[name], rate))
        for name, part in value.valuation.parts.items()
    }
    summed = value_group(parts, timing=conventions.timing, first_period=first_period(group))
    return summed.value + value.net_assets


def _at(terminal: Terminal, rate: Number) -> Terminal:
    """What follows the forecast, discounted at another rate; a multiple knows none."""
    return replace(terminal, cost_of_capital=rate) if isinstance(terminal, ValueDriver) else terminal


def growth_of(value: Intrinsic) -> Number:
    """Growth of the group's sales a year over the forecast."""
    return cagr(group_sales(value.group.base), value.last("sales"), float(value.conventions.years))


def margin_of(value: Intrinsic) -> Number:
    """The group's operating margin in the forecast's last year."""
    return value.last("operating_income") / value.last("sales")


def _shifted(
    value: Intrinsic,
    price: Figure,
    called: str,
    what: Literal["growth", "margin"],
    span: tuple[float, float],
    level: Callable[[Intrinsic], Number],
) -> Expectation:
    plain = value.plain

    def equity(change: float) -> Number:
        return intrinsic(shift(plain.group, what, change), plain.conventions).equity

    low, high = span
    found = solve(f"change of {what}", equity, price.number, low=low, high=high, pieces=PIECES)
    change = found.value if found.found else low
    there = intrinsic(shift(value.group, what, change), value.conventions)
    own = level(value).named(_own(what, value), UNITS[what])
    return Expectation(what, found, _implied(what, found, price, called, level(there), there.equity), own)


def _years(value: Intrinsic, price: Figure, called: str) -> Expectation:
    equities = value.plain.equity_by_years
    found = solve_period(
        "years", lambda years: equities[years - YEARS[0]], price.number, shortest=YEARS[0], longest=YEARS[1]
    )
    own = computed(float(FORECAST_YEARS), "years", _own("years", value), "a convention: see the method")
    years = found.value if found.found else found.low
    return Expectation("years", found, _implied("years", found, price, called, years, value.equity), own)


def _rate(value: Intrinsic, price: Figure, called: str) -> Expectation:
    plain = value.plain
    floor = plain.group.drivers["dcf.growth_stable"]
    low, high = floor + RATE[0], max(floor + RATE[1], *plain.rate_path)  # its own lies within its years'

    def solved(equity: float) -> Solution:
        return solve("rate", lambda r: value_at_rate(plain, r), equity, low=low, high=high, pieces=PIECES)

    found, own = solved(price.number), solved(plain.equity).value
    rate = found.value if found.found else low
    there = value_at_rate(value, own)
    assumed = computed(
        own, "fraction", _own("rate", value), "solved: its own value", *there.inputs, value.equity
    )
    return Expectation("rate", found, _implied("rate", found, price, called, rate, there), assumed)


def _own(lever: Lever, value: Intrinsic) -> str:
    return f"{LEVERS[lever]}, {value.group.scenario} scenario"


def _implied(
    lever: Lever, found: Solution, price: Figure, called: str, level: Number, solved: Figure
) -> Figure:
    """The level solved for, resting on the price and on what the function ``solved`` rests on."""
    label = f"{LEVERS[lever]}, implied by {called}"
    inputs = (price, *solved.inputs)
    if not found.found:
        searched = f"searched {found.argument} from {found.low:g} to {found.high:g}"
        return Figure(NONE, "text", label, formula=searched, inputs=inputs)
    rule = f"solved: value of the shares = {called}"
    return computed(float(level), UNITS[lever], label, rule, *inputs)
