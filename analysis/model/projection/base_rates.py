"""Base rates: what became of others, set beside a forecast for one company.

A forecast of growth is shrunk towards the mean of a reference class, and the share of that class that
grew at least so fast is read off a normal distribution or off a published table. Growth rates, shares
and weights are fractions; base rates are often *real*, so convert with :func:`nominal_growth` before
comparing. Months and pace between milestones (a first trillion, a second one) close the module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from analysis.model._inputs import (
    Number,
    numeric,
    require_above,
    require_finite,
    require_fraction,
    require_positive,
)
from analysis.model._normal import normal_cdf
from analysis.model.projection.growth import cagr, years_between

MONTHS = 12
PRINTED_ROUNDING = 0.005
"""How far the printed shares of a table may be from adding up to 1."""


@dataclass(frozen=True)
class Posterior:
    """A normal belief about growth: mean, standard deviation, and the weight the forecast got."""

    mean: Number
    sd: Number
    weight: Number


def shrink(forecast: Number, base_rate: Number, weight: Number) -> Number:
    """A forecast drawn towards a base rate: ``weight × forecast + (1 - weight) × base_rate``.

    ``weight`` 1 trusts the forecast alone, 0 the base rate alone; in regressions on a reference class it
    is the correlation of later with earlier growth. Source: M. Mauboussin, D. Callahan and D. Majd
    (2016), "The Base Rate Book", Credit Suisse. Raises ``ValueError`` unless weight is a fraction.

    >>> round(shrink(forecast=0.17, base_rate=0.05, weight=0.25), 4)
    0.08
    """
    require_finite(forecast=forecast, base_rate=base_rate)
    require_fraction(weight=weight)
    return weight * forecast + (1 - weight) * base_rate


def forecast_weight(base_sd: Number, forecast_sd: Number) -> Number:
    """The weight of a forecast by precision: ``base_sd² ÷ (base_sd² + forecast_sd²)``.

    ``base_sd`` is the spread of the reference class, ``forecast_sd`` that of the forecast's error.
    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(base_sd=base_sd, forecast_sd=forecast_sd)
    return base_sd**2 / (base_sd**2 + forecast_sd**2)


def posterior(forecast: Number, forecast_sd: Number, base_rate: Number, base_sd: Number) -> Posterior:
    """Forecast and base rate combined by Bayes' rule, both normal.

    The mean is :func:`shrink` at :func:`forecast_weight` w; the standard deviation ``w^½ × forecast_sd``.
    Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.5.
    Raises ``ValueError`` unless both deviations are above 0.

    >>> belief = posterior(forecast=0.15, forecast_sd=0.06, base_rate=0.05, base_sd=0.08)
    >>> round(belief.mean, 6), round(belief.sd, 6), round(belief.weight, 6)
    (0.114, 0.048, 0.64)
    """
    weight = forecast_weight(base_sd, forecast_sd)
    return Posterior(shrink(forecast, base_rate, weight), weight**0.5 * forecast_sd, weight)


def share_above_normal(growth: Number, mean: Number, sd: Number) -> Number:
    """The share of a normal reference class that grows at ``growth`` or faster.

    ``Φ((mean - growth) ÷ sd)``. Floats and arrays only. Real classes have
    fatter tails: prefer :func:`share_above` where there is a table.
    Raises ``ValueError`` unless ``sd`` is above 0.
    """
    growth, mean, sd = numeric(growth=growth, mean=mean, sd=sd)
    require_positive(sd=sd)
    share = normal_cdf((mean - growth) / sd)
    return share if np.ndim(share) else float(share)


def shares_above_edges(edges: Sequence[float], bin_shares: Sequence[float]) -> list[float]:
    """The share of a reference class at or above each edge of a histogram.

    ``bin_shares`` has one entry more than ``edges``: the first lies below the first edge, the last at or
    above the last. They are rescaled to add up to 1, which printed rounding may miss by ``0.005``.
    Raises ``ValueError`` if lengths do not match, edges do not rise, or the shares are off by more.

    >>> [round(share, 6) for share in shares_above_edges([0.0, 0.1], [0.3, 0.5, 0.2])]
    [0.7, 0.2]
    """
    if len(bin_shares) != len(edges) + 1:
        raise ValueError(f"bin_shares must be one more than edges ({len(edges)}), got {len(bin_shares)}")
    _require_rising(edges)
    shares = np.asarray(bin_shares, dtype=float)
    require_fraction(bin_shares=shares)
    if abs(shares.sum() - 1) > PRINTED_ROUNDING:
        raise ValueError(f"bin_shares must add up to 1, got {shares.sum():g}")
    from_the_top = np.cumsum(shares[::-1])[::-1] / shares.sum()
    return [float(share) for share in from_the_top[1:]]


def share_above(growth: Number, edges: Sequence[float], shares: Sequence[float]) -> Number:
    """The share of a reference class at ``growth`` or faster, between the rows of a published table.

    ``shares[i]`` of the class grew at ``edges[i]`` or faster; in between the share is linear, as if each
    class of the histogram were evenly filled. Floats and arrays only. Raises ``ValueError`` if lengths do
    not match, edges do not rise, shares rise, or ``growth`` lies outside the table. The exception is
    above its last edge when nobody is left there: then the share is 0.

    >>> round(share_above(0.12, [0.10, 0.15], [0.188, 0.068]), 3)
    0.14
    """
    if len(shares) != len(edges):
        raise ValueError(f"shares must be as many as edges ({len(edges)}), got {len(shares)}")
    _require_rising(edges)
    require_fraction(shares=np.asarray(shares, dtype=float))
    if np.any(np.diff(shares) > 0):
        raise ValueError("shares must not rise with growth")
    (rate,) = numeric(growth=growth)
    top = np.inf if shares[-1] == 0 else edges[-1]
    if np.any((rate < edges[0]) | (rate > top)):
        raise ValueError(f"growth must lie within the table, {edges[0]:g} to {edges[-1]:g}, got {rate}")
    share = np.interp(rate, edges, shares)
    return share if np.ndim(share) else float(share)


def nominal_growth(real: Number, inflation: Number) -> Number:
    """Growth in money from growth in volume: ``(1 + real) × (1 + inflation) - 1``.

    Raises ``ValueError`` unless both are above -1.
    """
    require_above(-1, real=real, inflation=inflation)
    return (1 + real) * (1 + inflation) - 1


def real_growth(nominal: Number, inflation: Number) -> Number:
    """The inverse of :func:`nominal_growth`: ``(1 + nominal) ÷ (1 + inflation) - 1``."""
    require_above(-1, nominal=nominal, inflation=inflation)
    return (1 + nominal) / (1 + inflation) - 1


def months_between(start: date, end: date) -> float:
    """The months from ``start`` to ``end``, each a twelfth of 365.25 days.

    Raises ``ValueError`` if ``end`` comes before ``start``.

    >>> round(months_between(date(2018, 9, 4), date(2024, 6, 26)), 1)
    69.7
    """
    return years_between(start, end) * MONTHS


def milestone_months(days: Sequence[date]) -> list[float]:
    """The months from each milestone to the next; one entry fewer than ``days``.

    Raises ``ValueError`` if they are not in order.
    """
    return [months_between(start, end) for start, end in pairwise(days)]


def milestone_growth(levels: Sequence[float], days: Sequence[date]) -> list[float]:
    """The annual growth at which each milestone followed the one before.

    ``levels`` are the values reached (1, 2, 3 trillion) on ``days``. Raises ``ValueError`` if the two
    differ in length, a level is not above 0, or two milestones share a day.
    """
    if len(levels) != len(days):
        raise ValueError(f"days must be as many as levels ({len(levels)}), got {len(days)}")
    require_positive(levels=np.asarray(levels, dtype=float))
    spans = [years_between(start, end) for start, end in pairwise(days)]
    return [cagr(low, high, years) for (low, high), years in zip(pairwise(levels), spans, strict=True)]


def _require_rising(edges: Sequence[float]) -> None:
    require_positive(**{"steps between edges": np.diff(np.asarray(edges, dtype=float))})
