"""Calculators on the whole weighted valuation: three levers, risks to tick, the widest drivers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq

from analysis.charts.calculator import Calculator
from analysis.charts.grid import Grid, Ticks
from analysis.formats import show
from analysis.report.calculators import result, slider, tick
from analysis.report.drivers import short_name
from analysis.report.page import Page
from analysis.valuation.group import Group, with_drivers
from analysis.valuation.inputs import driver_format
from analysis.valuation.required import level_of, moved
from analysis.valuation.risks import Priced
from analysis.valuation.sensitivity import Answer

_GROWTH_STEP, _MARGIN_STEP = 0.035, 0.03  # between two points of the grid
_SLOWER, _FASTER, _LESS, _MORE = 3, 5, 3, 4  # points of the grid on either side of the scenario
_LEAST, _MOST = 0.4, 2.2  # what investors pay, against the scenario
_COSTLIEST = 3  # risks that one button ticks
_WIDEST, _CELLS = 4, 4  # drivers with a slider, and cells of the grid across the range of each
_EXACT = 6  # decimals of a value in $bn that a page holds


def three_levers(page: Page, name: str) -> Calculator:
    """Sliders for AWS's growth, the operating margin and what investors pay, each against the scenario.

    The value is that of all methods, weighted. It is linear in what investors pay and read off a grid in the
    other two, of which the scenario is a point. Of another scenario growth and margin are its own, and what
    investors pay takes up the rest, so that each preset gives the value that the report prints for it.
    """
    report = page.report
    plain, year = report.group.plain, report.horizon
    own = level_of(plain, "aws_growth")

    @cache
    def change(growth: float) -> float:
        """The change of the first year's growth with which AWS grows so fast a year to the horizon."""
        if growth == own:
            return 0.0
        return float(
            brentq(lambda by: level_of(moved(plain, "aws_growth", by), "aws_growth") - growth, -0.9, 2)
        )

    def value(growth: float, margin: float, paid: float) -> float:
        there = moved(moved(moved(plain, "aws_growth", change(growth)), "margin", margin), "multiples", paid)
        return float(there.values[there.index_of(year)])

    kernel = np.vectorize(value, otypes=[float])
    grid = Grid.of(
        kernel,
        growth=(own - _SLOWER * _GROWTH_STEP, own + _FASTER * _GROWTH_STEP, _SLOWER + _FASTER + 1),
        margin=(-_LESS * _MARGIN_STEP, _MORE * _MARGIN_STEP, _LESS + _MORE + 1),
        paid=(_LEAST, _MOST, 2),
    )
    today = report.market_value
    times = Grid(grid.axes, tuple(each / today.number for each in grid.values))
    presets = {each: _preset(grid, plain, case.group.plain, case.value().number)
               for each, case in report.scenarios.items()}  # fmt: skip
    off = _off(grid.error(kernel))
    low, high, _ = grid.axes["growth"]
    return page.calculator(
        name,
        title=f"Three levers on the whole model: market value at the end of {year}",
        sliders={
            "growth": slider(f"Growth of AWS a year to {year}", "fraction", step=0.005, low=low, high=high),
            "margin": slider("Operating margin, against the scenario", "points", step=0.0025,
                             low=grid.axes["margin"][0], high=grid.axes["margin"][1]),
            "paid": slider("What investors pay, against the scenario", "percent0", step=0.01,
                           low=_LEAST, high=_MOST),
        },
        results=[
            result(f"Market value at the end of {year}", "usd_bn", grid, name="value", targets=report.targets,
                   note=f"All methods, weighted; between the scenarios off by {off}."),
            result("Of today’s value", "x", times, name="times"),
        ],
        presets={each: preset for each, preset in presets.items() if preset},
        source=[report.value(), today],
    )  # fmt: skip


def _preset(grid: Grid, plain: Group, case: Group, worth: float) -> Mapping[str, float]:
    """A scenario as settings of the three sliders that give its value; none where they do not reach it."""
    growth = level_of(case, "aws_growth")
    margin = level_of(case, "margin") - level_of(plain, "margin")
    low, high = (grid.at({"growth": growth, "margin": margin, "paid": paid}) for paid in (_LEAST, _MOST))
    paid = _LEAST + (worth - low) / (high - low) * (_MOST - _LEAST)
    settings = {"growth": growth, "margin": margin, "paid": paid}
    is_within = all(grid.axes[name][0] <= at <= grid.axes[name][1] for name, at in settings.items())
    return settings if is_within else {}


def risks_to_tick(page: Page, name: str, risks: Sequence[Priced]) -> Calculator:
    """A box for each risk, the costliest first: the value with every set of them at once, by the whole model.

    The kernels take all 2 ^ n combinations as arrays, so each is as exact as the page's own numbers.
    """
    report = page.report
    group, year = report.group.plain, report.horizon
    keys = tuple(each.risk.key for each in risks)
    boxes = np.array(list(itertools.product((0.0, 1.0), repeat=len(risks)))).T
    drivers: dict[str, Any] = {}
    for each, ticked in zip(risks, boxes, strict=True):
        for driver, change in each.risk.changes.items():
            before = drivers.get(driver, float(group.drivers[driver]))
            drivers[driver] = np.where(ticked == 1, change.applied(before), before)
    left = [round(float(value), _EXACT) for value in _values(group, drivers, year)]
    lost = [round(value - left[0], _EXACT) for value in left]
    return page.calculator(
        name,
        title=f"What would be left at the end of {year} of what you fear",
        sliders={
            each.risk.key: tick(each.risk.short, note=f"{each.cost:usd_bn0} alone") for each in risks
        },
        results=[
            result(f"Market value at the end of {year}", "usd_bn", Ticks(keys, tuple(left)), name="left",
                   targets=report.targets),
            result("Taken by all that is ticked", "usd_bn0", Ticks(keys, tuple(lost)), name="lost"),
        ],
        presets={
            "the three costliest": dict.fromkeys(keys[:_COSTLIEST], 1.0),
            "all": dict.fromkeys(keys, 1.0),
        },
        start=dict.fromkeys(keys, 0.0),
        source=[report.value(), *(each.cost for each in risks)],
    )  # fmt: skip


def widest_drivers(page: Page, name: str, answer: Answer) -> Calculator:
    """Sliders for the drivers of the widest bars, each from its low to its high, on the whole model.

    The value is read off a grid of which the scenario and the low ends are points. Of the weights of the
    ways to value the widest alone has a slider: all of them at nil would leave nothing to weigh.
    """
    report = page.report
    group, year = report.group.plain, report.horizon
    weights = [driver for driver in answer.bars if driver.startswith("blend.")]
    open_to = ((driver, ends) for driver, ends in answer.bars.items() if driver not in weights[1:])
    bars = dict(itertools.islice(open_to, _WIDEST))
    assumed = report.edition.drivers(report.scenario)
    keys = {driver: driver.replace(".", "_") for driver in bars}
    own = {driver: float(group.drivers[driver]) for driver in bars}
    ends = {driver: (report.low(driver).number, report.high(driver).number) for driver in bars}

    def value(**sliders: Any) -> Any:
        return _values(group, {driver: sliders[key] for driver, key in keys.items()}, year)

    axes = {keys[driver]: _axis(low, own[driver], high) for driver, (low, high) in ends.items()}
    grid = Grid.of(value, **axes)
    off = _off(grid.error(value))
    worse, better = {}, {}
    for driver, (at_low, at_high) in bars.items():
        low, high = ends[driver]
        worse[keys[driver]], better[keys[driver]] = (low, high) if at_low <= at_high else (high, low)
    return page.calculator(
        name,
        title=f"The widest bars together: market value at the end of {year}",
        sliders={
            keys[driver]: slider(
                short_name(assumed, driver),
                driver_format(driver, assumed[driver].unit, own[driver]),
                step=(high - low) / 100,
                low=low,
                high=high,
            )
            for driver, (low, high) in ends.items()
        },
        results=[
            result(f"Market value at the end of {year}", "usd_bn", grid, name="value", targets=report.targets,
                   note=f"All methods, weighted; between the points of a grid off by {off}."),
        ],
        presets={"all at the worse end": worse, "all at the better end": better},
        start={keys[driver]: at for driver, at in own.items()},
        source=[answer.value],
    )  # fmt: skip


def _values(group: Group, drivers: Mapping[str, Any], year: int) -> Any:
    """The market value at a year's end with drivers changed: of arrays, an array.

    Years of fading shape a path and must be plain numbers: each of theirs is a run of its own.
    """
    shaped = next((name for name in drivers if name.endswith("_years") and np.ndim(drivers[name])), None)
    if shaped is not None:
        found = np.empty(np.shape(drivers[shaped]))
        for years in np.unique(drivers[shaped]):
            same = drivers[shaped] == years
            part = {name: values[same] if np.ndim(values) else values for name, values in drivers.items()}
            found[same] = _values(group, {**part, shaped: float(years)}, year)
        return found
    changed = with_drivers(group, drivers)
    return changed.values[changed.index_of(year)]


def _axis(low: float, own: float, high: float) -> tuple[float, float, int]:
    """A grid from the low end to the high one or little beyond; a scenario's own value is a point of it."""
    below = round(_CELLS * (own - low) / (high - low))
    step = (own - low) / below if below else (high - own) / _CELLS
    cells = below + math.ceil(round((high - own) / step, 6))
    return low, low + cells * step, cells + 1


def _off(error: float) -> str:
    """By how much a calculator may be off.

    >>> _off(4.2), _off(0.3)
    ('up to $4bn', 'less than $1bn')
    """
    return f"up to {show(error, 'usd_bn0')}" if error >= 0.5 else f"less than {show(1.0, 'usd_bn0')}"
