"""What the two answers rest on: market value at the targets' horizon, and the discounted cash flow.

A kernel takes a scenario's drivers by name, floats or arrays over draws, and gives one value in USD billions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from analysis.model.dcf.implied import solve
from analysis.model.dcf.plausibility import GateResult, enforce, grid_varies
from analysis.model.odds import sensitivity
from analysis.model.odds.distributions import Distribution, Fixed
from analysis.model.odds.sensitivity import Bar
from analysis.model.odds.sobol_indices import Index, sobol_indices
from analysis.model.parts.market_value import blend, fundamental_by_method
from analysis.model.projection.growth import cagr
from analysis.model.projection.segments import Drivers, group_sales, project
from analysis.valuation.dcf import intrinsic
from analysis.valuation.expectations import shift
from analysis.valuation.group import Group, with_drivers
from analysis.valuation.odds import distributions

Kernel: TypeAlias = Callable[[Drivers], Any]
SOBOL_POINTS = 4096
SOBOL_RESAMPLES = 200
CHANGES = (-0.60, 0.90)  # of first-year growth, between which a level of growth or a target is looked for
PIECES = 5  # of that range
STILL = 1e-9  # a swing below this share of the value is none: the driver is not in the kernel
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


def driver_tornado(group: Group, kernel: Kernel) -> tuple[Bar, ...]:
    """Every driver that moves the kernel, from its low to its high, widest swing first."""
    drivers = group.edition.drivers(group.scenario)
    ranges = {name: (d.low, d.high) for name, d in drivers.items() if d.low < d.high}
    bars = sensitivity.tornado(kernel, group.drivers, ranges)
    least = STILL * abs(float(kernel(group.drivers)))
    return tuple(bar for bar in bars if bar.swing > least)


def driver_elasticities(group: Group, kernel: Kernel, names: Sequence[str]) -> dict[str, float]:
    """Percent that the value moves for a percent of each driver; drivers at 0 have none and are left out."""
    return sensitivity.elasticities(kernel, group.drivers, [n for n in names if group.drivers[n] != 0])


def sobol(
    group: Group,
    kernel: Kernel,
    names: Sequence[str],
    drawn: Mapping[str, Distribution] | None = None,
) -> tuple[Index, ...]:
    """Shares of the value's variance by driver, drivers independent, of those in ``names`` that are drawn.

    ``drawn`` are the drivers' distributions where they are at hand, else those of the odds.
    """
    every = distributions(group) if drawn is None else drawn
    chosen = {n: d for n, d in every.items() if n in names and not isinstance(d, Fixed)}
    seed = group.edition.drivers(group.scenario).simulation["seed"]

    def value(sample: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.asarray(kernel({**group.drivers, **sample}))

    return sobol_indices(value, chosen, points=SOBOL_POINTS, seed=seed, resamples=SOBOL_RESAMPLES)


@dataclass(frozen=True)
class Grid:
    """Values for every pair of two levels, and the line on which each target is met.

    ``rows`` and ``columns`` are levels that a reader can judge (a margin, a multiple; growth a year);
    ``values`` has a row for each of ``rows``. ``lines`` gives by target, for each of the ``fine`` rows, the
    column at which the target is met exactly, NaN where no growth in range does it. ``at`` is the
    scenario's own row and column, ``needed`` the column at which each target is met in its row.
    """

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    values: NDArray[np.float64]
    fine: tuple[float, ...]
    lines: Mapping[str, tuple[float, ...]]
    at: tuple[float, float]
    needed: Mapping[str, float]

    def break_evens(self, target: str) -> tuple[float, ...]:
        """The column at which the target is met in each of ``rows``."""
        return tuple(self.lines[target][self.fine.index(row)] for row in self.rows)


def growth_and_margin(group: Group) -> Grid:
    """AWS: operating margin at the horizon × sales growth a year until then, by market value then."""
    index, name = group.index_of(group.horizon_year), "aws.growth_change"
    margin = float(group.projection.parts["aws"].margin[index])
    share = min(group.times[index] / group.drivers["group.convergence_years"], 1.0)

    def faster(change: float) -> Group:
        return with_drivers(group, {name: group.drivers[name] + change})

    def steered(row: float, change: float) -> Group:
        moved = group.drivers["aws.margin_change"] + (row - margin) / share
        return with_drivers(faster(change), {"aws.margin_change": moved})

    return _grid(group, steered, faster, _growth_of_aws, around(margin, 0.03), 0.03, margin)


def growth_and_multiple(group: Group) -> Grid:
    """Price-to-earnings at the horizon, other multiples in proportion × sales growth a year of all parts."""
    earnings = float(group.drivers["exit.price_to_earnings"])

    def faster(change: float) -> Group:
        return shift(group, "growth", change)

    def steered(row: float, change: float) -> Group:
        return with_drivers(faster(change), scaled(group, row / earnings))

    return _grid(group, steered, faster, _growth_of_group, around(earnings, 4.0), 0.02, earnings)


def around(level: float, step: float) -> tuple[float, ...]:
    """Seven levels a step apart, each a multiple of the step, the middle one nearest to ``level``.

    >>> around(0.324, 0.03)
    (0.24, 0.27, 0.3, 0.33, 0.36, 0.39, 0.42)
    """
    middle = round(level / step)
    return tuple(round((middle + place) * step, 9) for place in range(-3, 4))


def _growth_of_aws(group: Group) -> float:
    return _growth_to_horizon(group, group.base.aws.sales, group.projection.parts["aws"].sales)


def _growth_of_group(group: Group) -> float:
    return _growth_to_horizon(group, group_sales(group.base), group.projection.sales)


def _growth_to_horizon(group: Group, today: float, path: Sequence[float]) -> float:
    return float(cagr(today, path[group.index_of(group.horizon_year)], group.exit_years))


def _grid(
    group: Group,
    steered: Callable[[float, float], Group],
    faster: Callable[[float], Group],
    growth: Callable[[Group], float],
    rows: tuple[float, ...],
    step: float,
    own_row: float,
) -> Grid:
    """The grid of ``rows`` by growth; ``steered`` takes a row and a change of first-year growth."""
    kernel, own = horizon_kernel(group), growth(group)
    columns = around(own, step)
    changes = [float(brentq(lambda x, g=level: growth(faster(x)) - g, *CHANGES)) for level in columns]

    def value(row: float, change: float) -> float:
        return float(kernel(steered(row, change).drivers))

    fine = between(rows)

    def break_even(row: float, target: float) -> float:
        low, high = CHANGES
        found = solve("change", lambda x: value(row, x), target, low=low, high=high, pieces=PIECES)
        return growth(faster(found.value)) if found.found else math.nan

    lines = {t.name: tuple(break_even(row, t.value_usd_bn) for row in fine) for t in group.edition.targets}
    needed = {t.name: break_even(own_row, t.value_usd_bn) for t in group.edition.targets}
    values = np.array([[value(row, change) for change in changes] for row in rows])
    return Grid(rows, columns, values, fine, lines, (own_row, own), needed)


def between(rows: Sequence[float]) -> tuple[float, ...]:
    """Half a step below the first row to half a step above the last, the rows and halfway between them.

    >>> between((1.0, 2.0))
    (0.5, 1.0, 1.5, 2.0, 2.5)
    """
    half = (rows[1] - rows[0]) / 2
    inner = [level for row in rows for level in (row, round(row + half, 9))]
    return (round(rows[0] - half, 9), *inner)


def scaled(group: Group, factor: float) -> dict[str, float]:
    """The multiples of the horizon, all times ``factor``."""
    change = (1 + group.drivers["exit.price_to_sales_change"]) * factor - 1
    return {"exit.price_to_sales_change": change, **{name: group.drivers[name] * factor for name in EXITS}}


def enforce_grids(group: Group, grids: Mapping[str, Grid]) -> tuple[GateResult, ...]:
    """Each grid changes along both axes; raises ``ImplausibleValuation`` if one does not, unwaived."""
    results = [grid_varies(name, grid.values) for name, grid in grids.items()]
    waivers = group.edition.drivers(group.scenario).waivers
    names = {result.name for result in results}
    return enforce(results, {name: why for name, why in waivers.items() if name in names})
