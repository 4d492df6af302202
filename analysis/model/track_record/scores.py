"""How good forecasts were: error, bias, coverage, CRPS, and skill against a naive rule.

Arguments are arrays of one shape, one entry per forecast, or scalars. Errors are forecast less
actual, so a positive bias means too high.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.model._inputs import checked, require_finite, require_positive
from analysis.model._normal import Array, normal_cdf, normal_density


@checked
def mean_absolute_error(forecasts: ArrayLike, actuals: ArrayLike, scale: ArrayLike | None = None) -> float:
    """The mean of ``|forecast − actual| ÷ scale``; by default ``scale`` is the actual: MAPE, a fraction.

    Where actuals may be nil or negative (operating income) give sales as the scale: the error is then in
    points of margin. Raises ``ValueError`` if there is no forecast or a scale is not above 0.

    Source: Hyndman and Koehler 2006.

    >>> round(mean_absolute_error([110.0, 90.0], [100.0, 100.0]), 9)
    0.1
    """
    return float(np.mean(np.abs(_relative_errors(forecasts, actuals, scale))))


@checked
def bias(forecasts: ArrayLike, actuals: ArrayLike, scale: ArrayLike | None = None) -> float:
    """The mean of ``(forecast − actual) ÷ scale``, the mean percentage error; above 0 if too high.

    ``scale`` and errors raised as in :func:`mean_absolute_error`.

    >>> round(bias([110.0, 100.0], [100.0, 100.0]), 9)
    0.05
    """
    return float(np.mean(_relative_errors(forecasts, actuals, scale)))


@checked
def root_mean_square(errors: ArrayLike) -> float:
    """The standard deviation of errors about nil, ``√(Σ error² ÷ n)``, which counts a bias as error too.

    Raises ``ValueError`` if there is none or one is not finite.

    >>> round(root_mean_square([0.03, -0.04]), 6)
    0.035355
    """
    array = np.asarray(errors, dtype=float)
    if not array.size:
        raise ValueError("errors must hold at least one")
    require_finite(errors=array)
    return math.sqrt(float(np.mean(array**2)))


@checked
def coverage(actuals: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> float:
    """The share of actuals within their intervals, ends included: ``Σ 1{low ≤ actual ≤ high} ÷ n``.

    Raises ``ValueError`` if there is none or a low is above its high.

    >>> coverage([1.0, 5.0], [0.0, 0.0], [2.0, 2.0])
    0.5
    """
    actual, low, high = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (actuals, lows, highs)))
    if not actual.size:
        raise ValueError("actuals must hold at least one")
    require_finite(actuals=actual, lows=low, highs=high)
    if np.any(low > high):
        raise ValueError("lows must not be above highs")
    return float(np.mean((low <= actual) & (actual <= high)))


@checked
def crps_normal(actual: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Array:
    """CRPS of a normal forecast, in the unit of ``actual``; 0 is perfect.

    ``sd (z (2Φ(z) − 1) + 2φ(z) − 1 ÷ √π)`` with ``z = (actual − mean) ÷ sd``. Raises ``ValueError``
    unless ``sd`` is above 0.

    Source: Gneiting and Raftery 2007, equation 21 (there with the opposite sign).

    >>> round(float(crps_normal(0.0, 0.0, 1.0)), 6)
    0.233695
    """
    y, m, s = (np.asarray(a, dtype=float) for a in (actual, mean, sd))
    require_finite(actual=y, mean=m)
    require_positive(sd=s)
    z = (y - m) / s
    score = s * (z * (2 * normal_cdf(z) - 1) + 2 * normal_density(z) - 1 / math.sqrt(math.pi))
    return np.asarray(score, dtype=float)


@checked
def crps_lognormal(actual: ArrayLike, median: ArrayLike, log_sd: ArrayLike) -> Array:
    """CRPS of a log-normal forecast given by its median and the deviation of its logarithm.

    ``y (2Φ(w) − 1) − 2 median e^{s² ÷ 2} (Φ(w − s) + Φ(s ÷ √2) − 1)`` with
    ``w = ln(y ÷ median) ÷ s``. Raises ``ValueError`` unless all are above 0.

    Source: Baran and Lerch 2015, equation 7.

    >>> round(float(crps_lognormal(1.0, 1.0, 0.01)) / 0.01, 4)
    0.2337
    """
    y, m, s = (np.asarray(a, dtype=float) for a in (actual, median, log_sd))
    require_positive(actual=y, median=m, log_sd=s)
    w = np.log(y / m) / s
    below = y * (2 * normal_cdf(w) - 1)
    score = below - 2 * m * np.exp(s**2 / 2) * (normal_cdf(w - s) + normal_cdf(s / math.sqrt(2)) - 1)
    return np.asarray(score, dtype=float)


@checked
def skill(score: float, reference: float) -> float:
    """The share of the reference's error that is avoided: ``1 − score ÷ reference``.

    1 is perfect, 0 no better than the reference, below 0 worse. Raises ``ValueError`` unless the
    reference is above 0.

    Source: Murphy 1988.

    >>> skill(0.03, 0.04)
    0.25
    """
    require_finite(score=score)
    require_positive(reference=reference)
    return 1 - score / reference


def _relative_errors(forecasts: ArrayLike, actuals: ArrayLike, scale: ArrayLike | None) -> Array:
    forecast, actual = np.asarray(forecasts, float), np.asarray(actuals, float)
    if not forecast.size or forecast.shape != actual.shape:
        raise ValueError(
            f"forecasts must hold at least one for each of actuals, {actual.shape}, got {forecast.shape}"
        )
    size = actual if scale is None else np.asarray(scale, dtype=float)
    require_finite(forecasts=forecast, actuals=actual)
    require_positive(scale=size)
    return np.asarray((forecast - actual) / size, dtype=float)
