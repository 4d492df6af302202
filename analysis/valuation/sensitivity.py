"""What the two answers rest on: market value at the targets' horizon, and the discounted cash flow.

A kernel takes a scenario's drivers by name, floats or arrays over draws, and gives one value in USD billions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from analysis.data import AbsentFigure, Edition
from analysis.data.drivers import Driver
from analysis.data.problems import Problem
from analysis.data.targets import Target
from analysis.figures import Figure, computed, kernel_result, text
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.dcf.implied import solve
from analysis.model.dcf.plausibility import GateResult, grid_varies
from analysis.model.odds import sensitivity
from analysis.model.odds.distributions import Fixed
from analysis.model.odds.sensitivity import Bar
from analysis.model.odds.sobol_indices import Index, sobol_indices
from analysis.model.parts.market_value import blend, fundamental_by_method
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import FORMULAS, SHAPING, Drivers, group_sales, project
from analysis.valuation.dcf import intrinsic
from analysis.valuation.expectations import shift
from analysis.valuation.gates import enforced, with_waivers
from analysis.valuation.group import Group, open_group, plain_balance, with_drivers
from analysis.valuation.inputs import end_of_range
from analysis.valuation.odds import distributions
from analysis.valuation.required import SPANS
from analysis.valuation.spreads import growth_spreads, spread_figure

Kernel: TypeAlias = Callable[[Drivers], Any]
SOBOL_POINTS = 4096
SOBOL_RESAMPLES = 200
CHANGES = SPANS["aws_growth"]  # of first-year growth, among which a level of growth or a target is sought
PIECES = 5  # of that range
_STEPS = (4.0, 2.0, 1.0, 0.5)  # of price-to-earnings between the rows of a grid
_MARGIN_STEPS = (0.03, 0.01, 0.003, 0.001)
STILL = 1e-9  # a swing below this share of the value is none: the driver is not in the kernel
_DIGITS = 12  # kept of differences and shares: what is added throughout moves only digits beyond
_ONE_END = "the scenario with this driver at one end of its range"
_ALONE = (SHAPING, "bridge.leases_as_debt")  # ends of names: these choose what is computed, one at a time
EXITS = ("exit.price_to_earnings", "exit.multiple_aws", "exit.multiple_advertising", "exit.multiple_stores")


def horizon_kernel(group: Group) -> Kernel:
    """Blended market value at the targets' horizon."""
    steps = group.steps[: group.index_of(group.horizon_year) + 1]

    def value(drivers: Drivers) -> Any:
        changed = with_drivers(group, drivers)
        projection = project(changed.base, changed.drivers, steps)
        ways = fundamental_by_method(
            projection,
            changed.base,
            changed.drivers,
            changed.market,
            exit_years=group.exit_years,
            leases=changed.leases,
        )
        return blend(ways, changed.drivers)[-1]

    return value


def intrinsic_kernel(group: Group) -> Kernel:
    """Value of the shares today by discounted cash flow."""
    return lambda drivers: intrinsic(with_drivers(group, drivers)).equity


@dataclass(frozen=True)
class Share:
    """A driver's share of a value's variance: ``first`` alone, ``total`` with its interplay, its interval."""

    first: Figure
    total: Figure
    interval: tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """One of the two values, and what each driver does to it; ``group`` holds plain numbers.

    ``worth`` gives the value of a company in figures; ``moving`` are the inputs of ``value`` without those
    that are only added to it, such as cash held today: they have no part in differences and in shares of
    the variance.
    """

    group: Group
    kernel: Kernel
    value: Figure
    moving: tuple[Figure, ...]
    worth: Callable[[Group], Figure]

    @cached_property
    def bars(self) -> dict[str, tuple[Figure, Figure]]:
        """The value with one driver at its low and at its high, the widest first."""
        drivers = self.group.edition.drivers(self.group.scenario)
        found = {}
        for bar in driver_tornado(self.group, self.kernel):
            own = drivers[bar.name]
            others = [figure for figure in self._inputs_beside(own) if figure is not own.figure]
            ends = end_of_range(own, "low"), end_of_range(own, "high")
            low, high = (
                computed(value, "usd_bn", f"{self.value.label}, {end.label}", _ONE_END, end, *others)
                for value, end in zip((bar.at_low, bar.at_high), ends, strict=True)
            )
            found[bar.name] = low, high
        return found

    def _inputs_beside(self, own: Driver) -> tuple[Figure, ...]:
        """What else the bar of a driver rests on, also where the scenario leaves out what it brings in."""
        if own.value or own.low:
            return self.value.inputs
        all_in = with_drivers(self.group, {own.name: own.high}).traced
        return tuple(figure for figure in self.worth(all_in).inputs if figure is not all_in.drivers[own.name])

    def difference(self, high: Figure, low: Figure, label: str) -> Figure:
        """``high − low``, two values to both of which the same is added, which leaves no trace in a digit."""
        added = set(self.value.inputs) - set(self.moving)
        inputs = (figure for value in (high, low) for figure in value.inputs if figure not in added)
        change = round((high - low).number, _DIGITS - 2)
        return computed(change, high.unit, label, f"{high.label} − {low.label}", *inputs)

    @cached_property
    def shares(self) -> dict[str, Share]:
        """Each drawn driver's share of the variance, the largest first."""
        found, drivers = {}, self.group.edition.drivers(self.group.scenario)
        for index in self._indices:
            label = f"Share of the variance: {drivers[index.driver].label}"
            first, total = (
                computed(round(share, _DIGITS), "fraction", f"{label}, {how}", sobol_indices, *self._drawn)
                for share, how in ((index.first, "alone"), (index.total, "with interplay"))
            )
            found[index.driver] = Share(first, total, index.total_interval)
        return found

    def shares_of(self, groups: Mapping[str, tuple[str, ...]]) -> dict[str, Figure]:
        """The share of the variance that drivers have together, each alone, by the starts of their names."""
        found = {}
        for name, starts in groups.items():
            own = [index.first for index in self._indices if index.driver.startswith(starts)]
            label = f"Share of the variance: {name}, each driver alone"
            share, inputs = round(sum(own, 0.0), _DIGITS), self._drawn if own else ()
            found[name] = computed(share, "fraction", label, "Σ shares of the drivers", *inputs)
        return found

    @cached_property
    def _indices(self) -> tuple[Index, ...]:
        return sobol(self.group, self.kernel, list(self.bars))

    def elasticities(self, names: Sequence[str]) -> dict[str, Figure]:
        """Percent that the value moves for a percent of each driver; drivers at 0 have none."""
        found = driver_elasticities(self.group, self.kernel, names)
        label = "Percent of the value for one percent of"
        return {
            name: computed(percent, "number", f"{label} {name}", sensitivity.elasticities, *self.value.inputs)
            for name, percent in found.items()
        }

    @cached_property
    def _drawn(self) -> tuple[Figure, ...]:
        drivers = self.group.edition.drivers(self.group.scenario)
        drawn = {drivers[index.driver].figure for index in self._indices}
        added = set(self.value.inputs) - set(self.moving)
        held = (figure for figure in added if drawn.intersection(figure.walk()))
        widths = (spread_figure(spread, self.group) for spread in growth_spreads(self.group).values())
        return (*self.moving, *held, *widths)


def horizon_answer(group: Group) -> Answer:
    """Market value at the targets' horizon."""
    traced, at = group.traced, group.index_of(group.horizon_year)
    market = replace(traced.market, balance=plain_balance(traced.market.balance))
    operations = replace(traced, market=market).values[at]

    def worth(company: Group) -> Figure:
        return company.value_figure(group.horizon_year)

    return Answer(group.plain, horizon_kernel(group.plain), worth(group), operations.inputs, worth)


def intrinsic_answer(group: Group) -> Answer:
    """The discounted cash flow. Raises ``ImplausibleValuation`` where it fails a check that is not waived."""
    worth = intrinsic(group.traced)
    enforced(worth.plain)
    return Answer(
        group=group.plain,
        kernel=intrinsic_kernel(group.plain),
        value=worth.equity,
        moving=worth.operations.inputs,
        worth=lambda company: intrinsic(company).equity,
    )


def driver_tornado(group: Group, kernel: Kernel) -> tuple[Bar, ...]:
    """Every driver that moves the kernel, from its low to its high, widest swing first."""
    drivers = group.edition.drivers(group.scenario)
    ranges = {name: (d.low, d.high) for name, d in drivers.items() if d.low < d.high}
    bars = sensitivity.tornado(kernel, group.drivers, ranges)
    least = STILL * abs(float(kernel(group.drivers)))
    return tuple(bar for bar in bars if bar.swing > least)


def impossible(edition: Edition) -> list[Problem]:
    """The assumptions with which nothing can be computed, as they stand or at their lows and highs.

    Each fault is told once, under the first scenario that has it.
    """
    found: dict[str, Problem] = {}
    for scenario in edition.scenarios():
        try:
            group = open_group(edition, scenario).plain
        except AbsentFigure:
            continue  # a figure is missing, not an assumption wrong
        path, drivers = f"data/scenarios/{scenario}.yml", edition.drivers(scenario)
        tried: list[tuple[str, dict[str, float]]] = [("drivers", {})]
        tried += [
            (f"drivers.{name}.{end}", {name: getattr(driver, end)})
            for name, driver in drivers.items()
            if driver.low < driver.high
            for end in ("low", "high")
        ]
        kernels = (horizon_kernel(group), intrinsic_kernel(group))
        at_once = {
            name: np.array([moved.get(name, value) for _, moved in tried])
            for name, value in group.drivers.items()
            if not name.endswith(_ALONE)
        }
        if _fault(kernels, {**group.drivers, **at_once}) is None:  # which says whether, not where
            tried = [(field, moved) for field, moved in tried if not moved.keys() <= at_once.keys()]
        for field, moved in tried:
            if (error := _fault(kernels, {**group.drivers, **moved})) is not None:
                expected = "values, lows and highs that a value can be computed with"
                found.setdefault(str(error), Problem(path, field, str(error), expected))
    return list(found.values())


def _fault(kernels: Sequence[Kernel], drivers: Drivers) -> ValueError | ArithmeticError | None:
    """Why one of the kernels cannot compute a value with these drivers, if so."""
    try:
        with np.errstate(all="raise", under="ignore"):  # arrays are silent where numbers are not
            for kernel in kernels:
                kernel(drivers)
    except (ValueError, ArithmeticError) as error:
        return error
    return None


def driver_elasticities(group: Group, kernel: Kernel, names: Sequence[str]) -> dict[str, float]:
    """Percent that the value moves for a percent of each driver; drivers at 0 have none and are left out."""
    return sensitivity.elasticities(kernel, group.drivers, [n for n in names if group.drivers[n] != 0])


def sobol(group: Group, kernel: Kernel, names: Sequence[str]) -> tuple[Index, ...]:
    """Shares of the value's variance by driver, drivers independent, of those in ``names`` that are drawn."""
    chosen = {n: d for n, d in distributions(group).items() if n in names and not isinstance(d, Fixed)}
    seed = group.edition.drivers(group.scenario).simulation["seed"]

    def value(sample: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.asarray(kernel({**group.drivers, **sample}))

    return sobol_indices(value, chosen, points=SOBOL_POINTS, seed=seed, resamples=SOBOL_RESAMPLES)


@dataclass(frozen=True)
class Grid:
    """Values for every pair of two levels, and where each target is met.

    ``rows`` and ``columns`` are levels that a reader can judge (a margin, a multiple; growth a year);
    ``values`` has a row for each of ``rows``, and ``break_evens`` by target the column at which it is met
    exactly in each, NaN where no growth that was ``tried``, from the first to the second, does it. ``at`` is
    the scenario's own row and column, ``needed`` the column at which each target is met in its row. ``what``
    grows; ``value`` is the scenario's own, ``rests`` what the levels found rest on: all that the value does,
    without the driver whose place they take.
    """

    what: str
    value: Figure
    rests: tuple[Figure, ...]
    rows: tuple[float, ...]
    columns: tuple[float, ...]
    values: NDArray[np.float64]
    break_evens: Mapping[str, tuple[float, ...]]
    at: tuple[Figure, Figure]
    needed: Mapping[str, Figure]
    tried: tuple[float, float]

    def met(self, target: Target, row: float, at: str) -> Figure:
        """The growth that meets a target in one of ``rows``, called ``at``; words if none tried does."""
        place = self.rows.index(row)
        growth = self.break_evens[target.name][place]
        reached = bool(self.values[place].max() >= target.value_usd_bn)
        return _met(growth, self.rests, f"{self.what} at {at}", target.name, self.tried, reached)


def growth_and_margin(group: Group) -> Grid:
    """AWS: operating margin at the horizon × sales growth a year until then, by market value then."""
    plain, traced, name = group.plain, group.traced, "aws.growth_change"
    index = group.index_of(group.horizon_year)
    margin = float(plain.projection.parts["aws"].margin[index])
    share = min(group.times[index] / plain.drivers["group.convergence_years"], 1.0)

    def faster(change: float) -> Group:
        return with_drivers(plain, {name: plain.drivers[name] + change})

    def steered(row: float, change: float) -> Group:
        moved = plain.drivers["aws.margin_change"] + (row - margin) / share
        return with_drivers(faster(change), {"aws.margin_change": moved})

    own = traced.projection.parts["aws"].margin[index]
    named = kernel_result(
        own, f"AWS operating margin in {group.horizon_year}", "fraction", project, FORMULAS["margin"]
    )
    fitting = (step for step in _MARGIN_STEPS if 4 * step <= share)  # a margin is never below minus 100%
    step = next(fitting, _MARGIN_STEPS[-1])
    rows, replaced = around(margin, step), (traced.drivers[name],)
    return _grid(group, "AWS", steered, faster, _growth_of_aws, rows, 0.03, named, replaced)


def growth_and_multiple(group: Group) -> Grid:
    """Price-to-earnings at the horizon, other multiples in proportion × sales growth a year of all parts."""
    plain, earnings = group.plain, group.traced.drivers["exit.price_to_earnings"]

    def faster(change: float) -> Group:
        return shift(plain, "growth", change)

    def steered(row: float, change: float) -> Group:
        return with_drivers(faster(change), scaled(plain, row / earnings.number))

    step = next((step for step in _STEPS if earnings.number > 3.5 * step), _STEPS[-1])  # none at nil
    rows = around(earnings.number, step)
    return _grid(group, "all sales", steered, faster, _growth_of_group, rows, 0.02, earnings)


def around(level: float, step: float) -> tuple[float, ...]:
    """Seven levels a step apart, each a multiple of the step, the middle one nearest to ``level``.

    >>> around(0.324, 0.03)
    (0.24, 0.27, 0.3, 0.33, 0.36, 0.39, 0.42)
    """
    middle = round(level / step)
    return tuple(round((middle + place) * step, 9) for place in range(-3, 4))


def _growth_of_aws(group: Group) -> Number:
    return _growth_to_horizon(group, group.base.aws.sales, group.projection.parts["aws"].sales)


def _growth_of_group(group: Group) -> Number:
    return _growth_to_horizon(group, group_sales(group.base), group.projection.sales)


def _growth_to_horizon(group: Group, today: Number, path: Sequence[Number]) -> Number:
    return cagr(today, path[group.index_of(group.horizon_year)], group.exit_years)


def _grid(
    group: Group,
    what: str,
    steered: Callable[[float, float], Group],
    faster: Callable[[float], Group],
    growth: Callable[[Group], Number],
    rows: tuple[float, ...],
    step: float,
    own_row: Figure,
    replaced: tuple[Figure, ...] = (),
) -> Grid:
    """The grid of ``rows`` by growth; ``steered`` takes a row and a change of first-year growth.

    ``replaced`` are drivers whose own value has no say in the growth that meets a target.
    """
    kernel, targets = horizon_kernel(group.plain), group.edition.targets
    label = f"Growth of {what} a year to {group.horizon_year}, as in the scenario"
    own = kernel_result(growth(group.traced), label, "fraction", cagr)
    columns = around(own.number, step)
    changes = [float(brentq(lambda x, g=level: growth(faster(x)) - g, *CHANGES)) for level in columns]

    def value(row: float, change: float) -> float:
        return float(kernel(steered(row, change).drivers))

    def break_even(row: float, target: float) -> float:
        low, high = CHANGES
        found = solve("change", lambda x: value(row, x), target, low=low, high=high, pieces=PIECES)
        return float(growth(faster(found.value))) if found.found else math.nan

    worth = group.value_figure(group.horizon_year)
    rests = tuple(each for each in worth.inputs if each not in replaced)
    exact = {t.name: tuple(break_even(row, t.value_usd_bn) for row in rows) for t in targets}
    least, most = (float(growth(faster(change))) for change in CHANGES)
    needed = {
        t.name: _met(
            break_even(own_row.number, t.value_usd_bn), rests, what, t.name, (least, most),
            worth.number >= t.value_usd_bn,
        )
        for t in targets
    }  # fmt: skip
    values = np.array([[value(row, change) for change in changes] for row in rows])
    return Grid(what, worth, rests, rows, columns, values, exact, (own_row, own), needed, (least, most))


def _met(
    growth: float, rests: Sequence[Figure], what: str, target: str, tried: tuple[float, float], reached: bool
) -> Figure:
    """The growth that meets a target; words where it takes less than all that was ``tried``, or more."""
    label = f"Growth of {what} a year that meets ${target}, all else as in the scenario"
    if math.isnan(growth):
        words = (
            f"less than {show(tried[0], 'percent0')}"
            if reached
            else f"more than {show(tried[1], 'percent0')}"
        )
        return text(words, label, *rests)
    rule = "solved: market value at the horizon = target"
    return computed(growth, "fraction", label, rule, *rests)


def scaled(group: Group, factor: float) -> dict[str, Number]:
    """The multiples of the horizon, all times ``factor``."""
    change = (1 + group.drivers["exit.price_to_sales_change"]) * factor - 1
    return {"exit.price_to_sales_change": change, **{name: group.drivers[name] * factor for name in EXITS}}


def enforce_grids(group: Group, **grids: Grid) -> tuple[GateResult, ...]:
    """Each grid changes along both axes; raises ``ImplausibleValuation`` if one does not, unwaived."""
    return with_waivers(group, [grid_varies(name, grid.values) for name, grid in grids.items()])
