"""Growth: compounding and its inverses, fading rates, S-curves, trailing sums and spans of years.

Rates are fractions per year (0.1 is 10%), time is in years as a float, and values may be in any
one unit. Arguments broadcast against each other. ``compound``, ``cagr`` and ``years_to_reach`` are
inverses in their three unknowns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from analysis.model._inputs import (
    Number,
    also,
    at_most,
    checked,
    require_above,
    require_below,
    require_fraction,
    require_non_negative,
    require_positive,
)

QUARTERS = 4
LARGEST_EXPONENT = 700.0
"""``e ** 700`` is the last round power that a double can hold."""


@checked
def compound(value: Number, rate: Number, years: Number) -> Number:
    """``value`` after growing at ``rate`` for ``years``: ``value × (1 + rate) ^ years``.

    Raises ``ValueError`` if ``value`` or ``years`` is below 0 or ``rate`` is not above -1.

    >>> round(compound(650, 0.10, 5), 1)
    1046.8
    """
    require_non_negative(value=value, years=years)
    require_above(-1, rate=rate)
    return value * (1 + rate) ** years


@checked
def cagr(start: Number, end: Number, years: Number) -> Number:
    """The compound annual growth rate that leads from ``start`` to ``end`` in ``years``.

    ``(end ÷ start) ^ (1 ÷ years) - 1``. Raises ``ValueError`` unless all three are above 0.

    >>> round(cagr(650, 1046.83, 5), 4)
    0.1
    """
    require_positive(start=start, end=end, years=years)
    return (end / start) ** (1 / years) - 1


@checked
def fade_rates(start: Number, stable: Number, fade_years: Number, times: Sequence[float]) -> list[Number]:
    """The growth rate at each of ``times``: linear from ``start`` to ``stable``, then stable.

    ``start + (stable - start) × min(t ÷ fade_years, 1)`` with t in years from today, where the rate
    is ``start``; with ``fade_years`` 0 it is stable from the outset. ``times`` names the convention:
    for yearly growth, ``[0, 1, 2]`` lets the first year grow at ``start``, ``[1, 2, 3]`` begins to
    fade within it, ``[0.5, 1.5, 2.5]`` takes mid-years. ``start`` and ``stable`` may be of any
    kind; ``fade_years`` is a plain number or a figure, ``times`` are plain numbers.
    Raises ``ValueError`` if either rate is not above -1 or either time is negative.

    >>> fade_rates(0.25, 0.05, 4, [0, 1, 2, 4, 10])
    [0.25, 0.2, 0.15, 0.05, 0.05]
    """
    require_above(-1, start=start, stable=stable)
    require_non_negative(fade_years=fade_years, times=np.asarray(times, dtype=float))
    weights = [
        at_most(time / fade_years, 1.0) if float(fade_years) else also(1.0, fade_years) for time in times
    ]
    return [start * (1 - weight) + stable * weight for weight in weights]


@checked
def compound_path(
    value: Number, rates: Sequence[Number], steps: Sequence[float] | None = None
) -> list[Number]:
    """``value`` after each step, when it grows at ``rates[i]`` a year for ``steps[i]`` years.

    ``value_i = value_{i−1} × (1 + rate_i) ^ step_i``.
    Steps are one year each unless given; a fractional first one reaches the end of a broken year.
    The list is as long as ``rates`` and does not repeat the start.
    Raises ``ValueError`` as :func:`compound` does, or if ``steps`` and ``rates`` differ in length.

    >>> [round(v, 6) for v in compound_path(100.0, [0.1, 0.2])]
    [110.0, 132.0]
    """
    steps = [1.0] * len(rates) if steps is None else steps
    if len(steps) != len(rates):
        raise ValueError(f"steps must be as many as rates ({len(rates)}), got {len(steps)}")
    path = []
    for rate, years in zip(rates, steps, strict=True):
        value = compound(value, rate, years)
        path.append(value)
    return path


@checked
def linear_growth_path(value: Number, first: Number, last: Number, steps: Sequence[float]) -> list[Number]:
    """``value`` after each step when its growth moves in a straight line from ``first`` to ``last``.

    ``value_i = value_{i−1} × (1 + rate_i) ^ step_i``. The rate of a step is that at its start: the first step
    grows at ``first`` a year, the last at ``last``. Raises ``ValueError`` as :func:`fade_rates` and
    :func:`compound_path` do.

    >>> [round(v, 1) for v in linear_growth_path(100.0, 0.2, 0.1, [1.0, 1.0])]
    [120.0, 132.0]
    """
    if not len(steps):
        raise ValueError("steps must hold at least one")
    begins = [math.fsum(steps[:index]) for index in range(len(steps))]
    return compound_path(value, fade_rates(first, last, begins[-1], begins), steps)


@checked
def run_rate(quarter: Number) -> Number:
    """A quarter's value at an annual rate: ``4 × quarter``."""
    return quarter * QUARTERS


@checked
def sales_from_run_rate(run_rate: Number, growth: Number) -> Number:
    """The sales of the last twelve months behind a run-rate, the latest quarter times four.

    With quarters that grew by a constant factor to ``growth`` a year,
    ``run_rate ÷ 4 × (1 + q + q² + q³)`` where ``q = (1 + growth) ^ -¼``. The next twelve months at the
    same pace are ``1 + growth`` times as much.
    Raises ``ValueError`` if ``run_rate`` is below 0 or ``growth`` is not above -1.

    >>> round(sales_from_run_rate(10.0, 1.0), 2)
    7.86
    """
    require_non_negative(run_rate=run_rate)
    require_above(-1, growth=growth)
    back = (1 + growth) ** (-1 / QUARTERS)
    return run_rate / QUARTERS * (1 + back + back**2 + back**3)


@checked
def s_curve(time: Number, midpoint: Number, steepness: Number, ceiling: Number = 1.0) -> Number:
    """Adoption at ``time`` on a logistic curve: ``ceiling ÷ (1 + e ^ (-steepness × (time - midpoint)))``.

    Half of ``ceiling`` is reached at ``midpoint`` (same clock as ``time``), where the curve rises by
    ``ceiling × steepness ÷ 4`` a year. Source: Verhulst's logistic growth; for technologies, Griliches
    1957. Raises ``ValueError`` if ``steepness`` is not above 0, ``ceiling`` is not within 0 and 1, or
    ``time`` lies so far out that the power overflows.

    >>> s_curve(2030.0, 2030.0, 0.5), round(s_curve(2033.0, 2030.0, 0.5), 3)
    (0.5, 0.818)
    """
    require_positive(steepness=steepness)
    require_fraction(ceiling=ceiling)
    exponent = steepness * (midpoint - time)
    require_below(LARGEST_EXPONENT, **{"steepness × (midpoint − time)": exponent})
    return ceiling / (1 + math.e**exponent)


@checked
def years_between(start: date, end: date, days_per_year: float = 365.25) -> float:
    """The years from ``start`` to ``end``: ``days apart ÷ days_per_year``.

    The default convention is actual/365.25; give 365 for actual/365.
    Raises ``ValueError`` if ``end`` comes before ``start``.

    >>> round(years_between(date(2026, 3, 31), date(2030, 12, 31)), 3)
    4.753
    """
    if end < start:
        raise ValueError(f"end ({end}) must not come before start ({start})")
    require_positive(days_per_year=days_per_year)
    return (end - start).days / days_per_year
