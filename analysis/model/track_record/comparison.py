"""Whether a difference between two records is more than luck, and how far a mean may be off.

Forecasts further ahead than one step overlap: neighbours share most of what surprised them, so a record of
n of them holds less than n pieces of evidence. :func:`effective_number` says how many, the test of
:func:`diebold_mariano` allows for it, and :func:`range_of_mean` draws whole clusters anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from analysis.model._inputs import checked, require_finite, require_fraction
from analysis.model._normal import Array

RESAMPLES = 2000
"""How often clusters are drawn anew for a range."""


@dataclass(frozen=True)
class Ends:
    """The two ends between which a mean lies in all but a share of the samples drawn anew."""

    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Two records on the same forecasts: ``difference`` of mean losses, ours less theirs, and its test.

    ``statistic`` is Student's t with ``n − 1`` degrees of freedom if both are equally good;
    ``p_value`` is two-sided.
    """

    difference: float
    statistic: float
    p_value: float
    n: int


@checked
def effective_number(n: int, horizon: int) -> float:
    """Forecasts that do not overlap in a record of ``n`` made at every step: ``n ÷ horizon``, at least 1.

    Raises ``ValueError`` unless both are 1 or more.

    >>> effective_number(12, 8)
    1.5
    """
    if n < 1 or horizon < 1:
        raise ValueError(f"n and horizon must be at least 1, got {n} and {horizon}")
    return max(n / horizon, 1.0)


@checked
def diebold_mariano(ours: ArrayLike, theirs: ArrayLike, *, horizon: int) -> Comparison:
    """Whether two forecasts of the same things have the same mean loss; corrected for a small sample.

    ``ours`` and ``theirs`` are losses (say absolute errors) in order of time, of forecasts ``horizon``
    steps ahead. With ``d = ours − theirs`` the long-run variance of the mean counts autocovariances to
    ``horizon − 1``::

        v = (γ_0 + 2 Σ_{k<h} γ_k) ÷ n,      t = d̄ ÷ √v × √((n + 1 − 2h + h (h − 1) ÷ n) ÷ n)

    compared with Student's t at n − 1 degrees of freedom. Where so few forecasts give no positive
    variance, the autocovariances count with falling weights (Bartlett), which always do; records that are
    alike have the p-value 1. Raises ``ValueError`` for losses of different number, fewer than two, or
    a horizon too long for the correction.

    Source: Diebold and Mariano 1995; Harvey et al. 1997.

    >>> round(diebold_mariano([1.0, 2.0, 1.0, 3.0], [2.0, 2.5, 2.5, 3.0], horizon=1).p_value, 4)
    0.1027
    """
    own, other = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if own.shape != other.shape or own.ndim != 1 or own.size < 2:
        raise ValueError(f"losses must be as many, 2 or more, got {own.size} and {other.size}")
    require_finite(ours=own, theirs=other)
    n = own.size
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, got {horizon}")
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    if horizon > n or correction <= 0:  # beyond n the correction is above 0 again, and means nothing
        raise ValueError(f"horizon must be shorter against {n} forecasts, got {horizon}")
    apart = own - other
    mean = float(apart.mean())
    variance = _long_run_variance(apart - mean, horizon) / n
    if variance <= 0:
        same = mean == 0
        return Comparison(mean, 0.0 if same else math.copysign(math.inf, mean), 1.0 if same else 0.0, n)
    statistic = mean / math.sqrt(variance) * math.sqrt(correction)
    return Comparison(mean, statistic, float(2 * stdtr(n - 1, -abs(statistic))), n)


@checked
def range_of_mean(values: ArrayLike, clusters: Sequence[object], *, seed: int, coverage: float = 0.9) -> Ends:
    """How far the mean may be off: its quantiles when whole clusters are drawn anew, with replacement.

    ``clusters`` names for each value what it shares its luck with (the day on which it came due). With one
    cluster nothing can be drawn anew and the range is the mean itself. The same seed gives the same range.

    Raises ``ValueError`` if there is no value, one is not finite, or clusters are not as many.

    Source: Cameron et al. 2008 (the pairs cluster bootstrap).

    >>> range_of_mean([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"], seed=1)
    Ends(low=0.0, high=1.0)
    """
    array = np.asarray(values, dtype=float)
    if not array.size or array.size != len(clusters):
        raise ValueError(f"clusters must be as many as values, got {len(clusters)} for {array.size}")
    require_finite(values=array)
    require_fraction(coverage=coverage)
    names = list(dict.fromkeys(clusters))
    places = np.array([names.index(each) for each in clusters])
    sums = np.bincount(places, weights=array)
    counts = np.bincount(places).astype(float)
    chosen = np.random.default_rng(seed).integers(len(names), size=(RESAMPLES, len(names)))
    means = sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    low, high = np.quantile(means, [(1 - coverage) / 2, (1 + coverage) / 2])
    return Ends(float(low), float(high))


def _long_run_variance(centred: Array, horizon: int) -> float:
    n = centred.size
    lags = [float(centred[lag:] @ centred[: n - lag]) / n for lag in range(min(horizon, n))]
    plain = lags[0] + 2 * sum(lags[1:])
    if plain > 0:
        return plain
    return lags[0] + 2 * sum((1 - lag / horizon) * each for lag, each in enumerate(lags) if lag)
