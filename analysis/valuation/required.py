"""What would have to be true: one assumption moved until the market value at the horizon is a target.

Each lever moves alone, everything else as the scenario has it. Unlike
:mod:`analysis.valuation.expectations`, which asks what today's price takes for granted, this asks what a
target at the end of the decade takes, by the three ways of valuing that the scenario blends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.data.targets import Target
from analysis.figures import Figure, computed, kernel_result, text
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.dcf.implied import Solution, solve
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import FORMULAS, project
from analysis.valuation.group import Group, with_drivers

Lever = Literal["aws_growth", "margin", "multiples"]
PIECES = 8
SPANS: Mapping[Lever, tuple[float, float]] = {
    "aws_growth": (-0.60, 0.90),  # added to the first-year growth of AWS
    "margin": (-0.10, 0.30),  # added to the margin of every part
    "multiples": (0.2, 4.0),  # times every multiple at the horizon
}


@dataclass(frozen=True)
class Required:
    """One lever: the level at which a target is met, and the scenario's own, as a figure.

    ``group`` is the company in figures. ``level`` is ``None`` where no level in the range searched meets the
    target; ``bound`` is then the end of the range that comes nearest to it.
    """

    lever: Lever
    target: Target
    group: Group
    solution: Solution
    level: float | None
    assumed: Figure
    bound: float | None = None

    @property
    def is_beyond(self) -> bool:
        """Whether more than the highest level searched is needed."""
        return self.bound is not None and self.bound > self.assumed.number

    @property
    def figure(self) -> Figure:
        """The level needed, or words that it lies beyond the range searched, with all it rests on."""
        year, unit = self.group.horizon_year, self.assumed.unit
        label = f"{_LABELS[self.lever]} to {year} that {self.target.name} needs"
        formula = f"solved: weighted value at the end of {year} = {self.target.name}, all else unchanged"
        inputs = (self.target.figure, *self.group.value_figure(year).inputs)
        if self.level is None:
            assert self.bound is not None
            words = f"{'more' if self.is_beyond else 'less'} than {show(self.bound, unit)}"
            return text(words, label, *inputs)
        replaced = [self.group.drivers[name] for name in _REPLACED.get(self.lever, ())]
        return computed(self.level, unit, label, formula, *(each for each in inputs if each not in replaced))


_LABELS: Mapping[Lever, str] = {
    "aws_growth": "Growth of AWS a year",
    "margin": "Operating margin",
    "multiples": "Multiples against the scenario's",
}


_REPLACED: Mapping[Lever, tuple[str, ...]] = {"aws_growth": ("aws.growth_change",)}
"""Drivers whose own value has no say in the level that is found: it takes their place."""


def required(group: Group, target: Target) -> dict[Lever, Required]:
    """Each lever solved for one target."""
    return {lever: _solved(group, target, lever) for lever in SPANS}


def moved(group: Group, lever: Lever, by: float) -> Group:
    """The group with one lever moved: added to growth or margin, times every multiple."""
    if lever == "aws_growth":
        return with_drivers(group, {"aws.growth_change": group.drivers["aws.growth_change"] + by})
    if lever == "margin":
        names = [f"{part}.margin_change" for part in ("aws", "advertising", "stores")]
        return with_drivers(group, {name: group.drivers[name] + by for name in names})
    multiples = [n for n in group.drivers if n.startswith("exit.multiple_") and n != "exit.multiple_drift"]
    scaled = {name: group.drivers[name] * by for name in (*multiples, "exit.price_to_earnings")}
    sales = (1 + group.drivers["exit.price_to_sales_change"]) * by - 1
    return with_drivers(group, {**scaled, "exit.price_to_sales_change": sales})


def level_of(group: Group, lever: Lever) -> float:
    """Where a lever stands: growth of AWS a year, the operating margin at the horizon; 1 for multiples."""
    return float(_LEVELS[lever](group)) if lever in _LEVELS else 1.0


def _solved(group: Group, target: Target, lever: Lever) -> Required:
    plain, traced = group.plain, group.traced
    year = group.horizon_year

    def value(by: float) -> float:
        there = moved(plain, lever, by)
        return float(there.values[there.index_of(year)])

    def level(by: float) -> float:
        return by if lever == "multiples" else level_of(moved(plain, lever, by), lever)

    low, high = SPANS[lever]
    found = solve(lever, value, target.value_usd_bn, low=low, high=high, pieces=PIECES)
    own = _own(traced, lever)
    if found.found:
        return Required(lever, target, traced, found, level(found.value), own)
    nearest = high if value(high) < target.value_usd_bn else low
    return Required(lever, target, traced, found, None, own, bound=level(nearest))


def _own(traced: Group, lever: Lever) -> Figure:
    """The scenario's own level, in figures."""
    label = f"{_LABELS[lever]} to {traced.horizon_year}, {traced.scenario} scenario"
    if lever == "multiples":
        return Figure(1.0, "x", label)
    kernel, formula = (cagr, None) if lever == "aws_growth" else (project, FORMULAS["margin"])
    return kernel_result(_LEVELS[lever](traced), label, "fraction", kernel, formula)


def _aws_growth(group: Group) -> Number:
    sales = group.projection.parts["aws"].sales[group.index_of(group.horizon_year)]
    return cagr(group.base.aws.sales, sales, group.exit_years)


def _margin(group: Group) -> Number:
    return group.projection.margin[group.index_of(group.horizon_year)]


_LEVELS: Mapping[Lever, Callable[[Group], Number]] = {
    "aws_growth": _aws_growth,
    "margin": _margin,
}
