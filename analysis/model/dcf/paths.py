"""Year-by-year paths of the drivers: growth, sales, margin, tax rate, cost of capital.

A path is a tuple with one entry per forecast year, the first for year 1, the first year after the
base year. Entries are numbers or arrays over scenarios or draws. Rates are fractions. Years are whole numbers
or figures of whole numbers; such a figure is on record in every entry of the path that it shapes.

The report's margins move in equal steps; :func:`geometric_to_target` is kept for a published worked example
that the tests repeat.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.model._conventions import Path, as_path, require_whole
from analysis.model._inputs import (
    InputError,
    Number,
    also,
    checked,
    require_above,
    require_fraction,
    require_positive,
)


@checked
def constant_then_linear(first: Number, last: Number, *, years: Number, constant_years: Number) -> Path:
    """A rate that stays at ``first``, then moves in equal steps and is at ``last`` in the last year.

    ``first`` holds in years 1 to ``constant_years`` (0: the first step is in year 1); year t after
    that has ``first + (last − first) × (t − constant_years) / (years − constant_years)``. With
    ``constant_years`` equal to ``years`` the rate never moves and only what comes after the forecast
    is at ``last``.

    Source: Damodaran 2012, ch. 15 (three-stage FCFF), and the growth, tax and cost-of-capital
    rows of his FCFF spreadsheet, which has 5 constant years of 10.

    >>> [round(rate, 3) for rate in constant_then_linear(0.10, 0.04, years=5, constant_years=2)]
    [0.1, 0.1, 0.08, 0.06, 0.04]
    """
    require_whole(1, years=years)
    require_whole(0, constant_years=constant_years)
    if constant_years > years:
        raise InputError(f"constant_years ({constant_years}) must be at most years ({years})")
    length, constant = int(float(years)), int(float(constant_years))
    rates = []
    for year in range(1, length + 1):
        rate = _between(first, last, max(0, year - constant), length - constant)
        is_moving = constant < year < length
        rates.append(also(rate, years, constant_years) if is_moving else rate)
    return tuple(rates)


@checked
def linear_to_target(start: Number, target: Number, *, years: Number, convergence_year: Number) -> Path:
    """A rate that moves in equal steps from ``start`` and is at ``target`` from the convergence year on.

    ``start + (target − start) × min(t / convergence_year, 1)`` in year t: ``start`` is the rate of the base
    year. A path that ends before it has converged is refused, because its terminal value would rest on a rate
    that nobody chose.

    >>> [round(rate, 3) for rate in linear_to_target(0.10, 0.16, years=4, convergence_year=3)]
    [0.12, 0.14, 0.16, 0.16]
    """
    require_whole(1, years=years, convergence_year=convergence_year)
    if convergence_year > years:
        raise InputError(f"convergence_year ({convergence_year}) must be at most years ({years})")
    length, arrival = int(float(years)), int(float(convergence_year))
    rates = (_between(start, target, min(year, arrival), arrival) for year in range(1, length + 1))
    return tuple(also(rate, years, convergence_year) for rate in rates)


@checked
def geometric_to_target(start: Number, target: Number, *, years: Number, speed: Number = 0.5) -> Path:
    """A rate that goes the same part of what is left of its way each year, and so never quite arrives.

    ``rate_t = rate_{t−1} + speed × (target − rate_{t−1})``; ``start`` is the rate of the base year, ``speed``
    a fraction, half by default. What follows the forecast starts from a rate short of the target by
    ``(1 − speed)^years`` of the way: give it a year of its own, at the target
    (:class:`analysis.model.dcf.terminal_value.TerminalYear`).

    Source: Damodaran 2001, *The Dark Side of Valuation*, ch. 6 (the margin of Amazon, from −36.71% to 10%).

    >>> [round(rate, 4) for rate in geometric_to_target(-0.3671, 0.10, years=3)]
    [-0.1336, -0.0168, 0.0416]
    """
    require_whole(1, years=years)
    require_fraction(speed=speed)
    rate, path = start, []
    for _ in range(int(float(years))):
        rate = rate + speed * (target - rate)
        path.append(also(rate, years))
    return tuple(path)


@checked
def growth_path(
    growth: Number, stable_growth: Number, *, years: Number = 10, constant_years: Number = 5
) -> Path:
    """Yearly growth of sales: constant, then linear to the stable rate, which the last year has.

    ``growth + (stable_growth − growth) × step / steps`` in the years after the constant ones.
    Raises ``ValueError`` naming a rate of −100% or less.
    """
    require_above(-1, growth=growth, stable_growth=stable_growth)
    return constant_then_linear(growth, stable_growth, years=years, constant_years=constant_years)


@checked
def cost_of_capital_path(
    initial: Number, stable: Number, *, years: Number = 10, constant_years: Number = 5
) -> Path:
    """Cost of capital of each year: the initial one at first, then linear to that of a stable company.

    ``initial + (stable − initial) × step / steps`` in the years after the constant ones.

    Source: Damodaran 2012, ch. 12 (risk moves to the average as growth does).
    """
    require_positive(initial=initial, stable=stable)
    return constant_then_linear(initial, stable, years=years, constant_years=constant_years)


@checked
def sales_path(base_sales: Number, growth: Iterable[Number]) -> Path:
    """Net sales of years 1 to n from the base year's sales and each year's growth.

    ``sales_t = sales_{t−1} × (1 + growth_t)``, in the unit of ``base_sales``. The base year itself
    is not in the path: it is reported, and discounting it as year 1 is a known error.

    >>> [round(sales, 1) for sales in sales_path(100.0, [0.10, 0.20])]
    [110.0, 132.0]
    """
    require_positive(base_sales=base_sales)
    growth = as_path("growth", growth)
    require_above(-1, **{f"growth[{year}]": rate for year, rate in enumerate(growth, start=1)})
    sales, path = base_sales, []
    for rate in growth:
        sales = sales * (1 + rate)
        path.append(sales)
    return tuple(path)


def _between(first: Number, last: Number, step: int, steps: int) -> Number:
    """The value after ``step`` of ``steps``; the ends are exact, not first plus a rounded difference."""
    if step == 0:
        return first
    return last if step == steps else first + (last - first) * (step / steps)
