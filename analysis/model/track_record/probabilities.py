"""How good stated probabilities were: Brier score, reliability, and the CRPS of drawn distributions.

A call is a probability and whether the thing came. ``probabilities`` and ``came`` are arrays of one shape,
one entry a call. Calls that come due together share their luck: ranges come from drawing the days on which
they came due anew (:func:`analysis.model.track_record.comparison.range_of_mean`), not from the calls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.model._inputs import (
    Number,
    checked,
    numeric,
    require_above,
    require_finite,
    require_fraction,
    require_positive,
)
from analysis.model._normal import Array, normal_cdf
from analysis.model.track_record.comparison import Ends, range_of_mean


@checked
def brier_score(probabilities: ArrayLike, came: ArrayLike) -> float:
    """The mean of ``(probability − came)²``: 0 is perfect, a quarter is what calls of one half score.

    A *proper* score: in the mean it is lowest for who states what is really believed. Raises ``ValueError``
    if there is no call, a probability is none, or ``came`` is neither 0 nor 1.

    Source: Brier 1950.

    >>> round(brier_score([0.8, 0.3], [1, 0]), 9)
    0.065
    """
    stated, happened = _calls(probabilities, came)
    return float(np.mean((stated - happened) ** 2))


@dataclass(frozen=True)
class Band:
    """Calls of about the same probability: how many, what they said on average, what share came.

    ``range`` is that of the share.
    """

    low: float
    high: float
    calls: int
    said: float
    share: float
    range: Ends


@checked
def reliability(
    probabilities: ArrayLike, came: ArrayLike, due: Sequence[object], edges: Sequence[float], *, seed: int
) -> tuple[Band, ...]:
    """Calls sorted into bands from edge to edge, the last one closed; bands without a call are left out.

    ``share = Σ came ÷ calls``. ``due`` names for each call the day on which it came due; a band's range
    comes from drawing those days anew. Raises ``ValueError`` as :func:`brier_score`, or if edges do not
    rise from 0 to 1.

    Source: Murphy 1973; Bröcker and Smith 2007.

    >>> one, = reliability([0.1, 0.15], [0, 1], [2024, 2025], [0.0, 0.2, 1.0], seed=1)
    >>> one.calls, round(one.said, 3), one.share
    (2, 0.125, 0.5)
    """
    stated, happened = _calls(probabilities, came)
    if stated.ndim != 1 or len(due) != stated.size:
        raise ValueError(f"due must have one day for each of {stated.size} calls, got {len(due)}")
    limits = np.asarray(edges, dtype=float)
    if limits.size < 2 or limits[0] != 0 or limits[-1] != 1 or np.any(np.diff(limits) <= 0):
        raise ValueError(f"edges must rise from 0 to 1, got {list(edges)}")
    places = np.minimum(np.searchsorted(limits, stated, side="right") - 1, limits.size - 2)
    bands = []
    for place in range(limits.size - 1):
        (own,) = np.nonzero(places == place)
        if own.size:
            days = [due[int(call)] for call in own]
            bands.append(
                Band(
                    low=float(limits[place]),
                    high=float(limits[place + 1]),
                    calls=int(own.size),
                    said=float(stated[own].mean()),
                    share=float(happened[own].mean()),
                    range=range_of_mean(happened[own], days, seed=seed),
                )
            )
    return tuple(bands)


@checked
def crps_of_draws(actual: float, draws: ArrayLike, weights: ArrayLike | None = None) -> float:
    """CRPS of a distribution given by its draws, in their unit: ``Σ w |x − y| − ½ Σ Σ w w' |x − x'|``.

    ``weights`` add up to one, by default each draw has the same. 0 is perfect; for a single draw it is the
    absolute error. Raises ``ValueError`` if there is none, a number is not finite, or weights are no
    shares.

    Source: Gneiting and Raftery 2007, equation 20.

    >>> crps_of_draws(1.0, [0.0, 2.0])
    0.5
    """
    values = np.asarray(draws, dtype=float)
    if not values.size or values.ndim != 1:
        raise ValueError(f"draws must hold at least one, in one row, got shape {values.shape}")
    shares = np.full(values.shape, 1 / values.size) if weights is None else np.asarray(weights, dtype=float)
    require_finite(actual=actual, draws=values)
    require_fraction(weights=shares)
    if shares.shape != values.shape or not math.isclose(float(shares.sum()), 1, abs_tol=1e-9):
        raise ValueError("weights must be as many as draws and add up to 1")
    order = np.argsort(values)
    x, w = values[order], shares[order]
    below = np.cumsum(w) - w / 2  # up to the middle of each draw's own share
    spread = float(np.sum(w * x * (4 * below - 2)))  # Σ Σ w w' |x − x'|
    return float(np.sum(w * np.abs(x - actual))) - spread / 2


@checked
def lognormal_above(
    start: Number, level: Number, *, years: Number, growth: Number, volatility: Number
) -> Number:
    """The chance that a value that starts at ``start`` is above ``level`` after ``years``, by one line.

    ``1 − Φ((ln(level ÷ start) − (ln(1 + growth) − volatility² ÷ 2) × years) ÷ (volatility × √years))``:
    a lognormal whose mean grows at ``growth`` a year. Arrays broadcast. Raises ``ValueError`` unless
    all but growth are above 0 and growth above −1.

    Source: Hull 2018, ch. 15.

    >>> round(lognormal_above(100.0, 100.0, years=1.0, growth=0.0, volatility=0.3), 4)
    0.4404
    """
    start, level, years, growth, volatility = numeric(
        start=start, level=level, years=years, growth=growth, volatility=volatility
    )
    require_positive(level=level)
    middle = lognormal_log_median(start, years=years, growth=growth, volatility=volatility)
    chance = normal_cdf((middle - np.log(level)) / (volatility * np.sqrt(years)))
    return float(chance) if np.ndim(chance) == 0 else chance


@checked
def lognormal_log_median(start: Number, *, years: Number, growth: Number, volatility: Number) -> Number:
    """The logarithm of the median of that lognormal.

    ``ln(start) + (ln(1 + growth) − volatility² ÷ 2) × years``. Raises ``ValueError`` unless all
    but growth are above 0 and growth above −1.
    """
    require_positive(start=start, years=years, volatility=volatility)
    require_above(-1, growth=growth)
    return np.log(start) + (np.log1p(growth) - volatility**2 / 2) * years


def _calls(probabilities: ArrayLike, came: ArrayLike) -> tuple[Array, Array]:
    stated, happened = np.asarray(probabilities, dtype=float), np.asarray(came, dtype=float)
    if not stated.size or stated.shape != happened.shape:
        raise ValueError(f"calls must be one or more, each with what came, got {stated.size}")
    require_fraction(probabilities=stated, came=happened)
    if not np.all((happened == 0) | (happened == 1)):
        raise ValueError("came must be 0 or 1")
    return stated, happened
