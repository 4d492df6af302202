"""Probability distributions of drivers: families fixed by quantiles that an analyst can state.

A distribution is a frozen record with two methods on arrays of any shape:

* ``at_score(z)``: the value whose probability is that of the standard normal score ``z``. Draws are made
  through it, because correlation is imposed on scores (:mod:`analysis.model.odds.correlation`);
* ``cdf(x)``: the probability of at most ``x``.

:func:`quantile` gives the inverse of ``cdf`` at probabilities. Values are in the driver's own unit.
How a scenario file names a family and its figures is in :mod:`analysis.model.odds.elicitation`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv

from analysis.model._inputs import checked
from analysis.model._normal import Array, normal_cdf, normal_score


class Distribution(Hashable, Protocol):
    """What a driver is drawn from."""

    def at_score(self, z: Array) -> Array:
        """Values at standard normal scores."""

    def cdf(self, x: Array) -> Array:
        """Probabilities of at most ``x``."""


@dataclass(frozen=True)
class Fixed:
    """One value for certain."""

    value: float

    def at_score(self, z: Array) -> Array:
        """The value, once per score."""
        return np.full(np.shape(z), self.value)

    def cdf(self, x: Array) -> Array:
        """1 from the value on, 0 before."""
        return np.where(np.asarray(x) >= self.value, 1.0, 0.0)


@dataclass(frozen=True)
class Uniform:
    """Every value between ``low`` and ``high`` alike."""

    low: float
    high: float

    def __post_init__(self) -> None:
        require_rising(low=self.low, high=self.high)

    def at_score(self, z: Array) -> Array:
        """``low + (high − low) Φ(z)``."""
        return self.low + (self.high - self.low) * normal_cdf(z)

    def cdf(self, x: Array) -> Array:
        """``(x − low) ÷ (high − low)``, within 0 and 1."""
        return np.clip((np.asarray(x) - self.low) / (self.high - self.low), 0.0, 1.0)


@dataclass(frozen=True)
class Normal:
    """Normal with ``mean`` and standard deviation ``sd``."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _require_above_zero(sd=self.sd)

    def at_score(self, z: Array) -> Array:
        """``mean + sd z``."""
        return self.mean + self.sd * np.asarray(z)

    def cdf(self, x: Array) -> Array:
        """``Φ((x − mean) ÷ sd)``."""
        return normal_cdf((np.asarray(x) - self.mean) / self.sd)


@dataclass(frozen=True)
class Skewed:
    """Normal stretched on one side: ``median + scale (e^{skew z} − 1) ÷ skew``, ``skew`` not 0.

    The shifted log-normal; with ``scale = skew × median`` the shift is nil and it is the log-normal.
    ``scale`` above 0; a positive ``skew`` has the long tail above, a negative one below.

    Source: Tukey's g-distribution, in Hoaglin 1985; the same as the S_L system of Johnson 1949.
    """

    median: float
    scale: float
    skew: float

    def __post_init__(self) -> None:
        _require_above_zero(scale=self.scale, **{"size of skew": abs(self.skew)})

    def at_score(self, z: Array) -> Array:
        """``median + scale (e^{skew z} − 1) ÷ skew``."""
        return self.median + self.scale * np.expm1(self.skew * np.asarray(z)) / self.skew

    def cdf(self, x: Array) -> Array:
        """``Φ(ln(1 + skew (x − median) ÷ scale) ÷ skew)``; 0 or 1 beyond the shift."""
        inside = self.skew * (np.asarray(x, dtype=float) - self.median) / self.scale
        beyond = 0.0 if self.skew > 0 else 1.0
        logs = np.log1p(np.maximum(inside, np.nextafter(-1.0, 0.0)))
        return np.where(inside > -1, normal_cdf(logs / self.skew), beyond)


@dataclass(frozen=True)
class Triangular:
    """Triangular density from ``low`` over its top at ``mode`` to ``high``.

    Source: Kotz and van Dorp 2004, ch. 1.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _require_mode(self.low, self.mode, self.high)

    def at_score(self, z: Array) -> Array:
        """From the ends inwards: ``low + √(u (high − low)(mode − low))``, and alike from ``high``."""
        u, width = normal_cdf(z), self.high - self.low
        rising = self.low + np.sqrt(u * (width * (self.mode - self.low)))
        falling = self.high - np.sqrt(normal_cdf(-np.asarray(z)) * (width * (self.high - self.mode)))
        return np.where(u * width < self.mode - self.low, rising, falling)

    def cdf(self, x: Array) -> Array:
        """``(x − low)² ÷ ((high − low)(mode − low))`` up to the mode, its mirror image above."""
        x, width = np.clip(x, self.low, self.high), self.high - self.low
        below = (x - self.low) ** 2 / (width * max(self.mode - self.low, np.finfo(float).tiny))
        above = 1 - (self.high - x) ** 2 / (width * max(self.high - self.mode, np.finfo(float).tiny))
        return np.where(x < self.mode, below, above)


@dataclass(frozen=True)
class Pert:
    """Beta density between ``low`` and ``high`` whose top is at ``mode``.

    Its mean is ``(low + weight × mode + high) ÷ (weight + 2)``; the usual weight is 4.

    Source: Malcolm et al. 1959; Vose 2008, on ``weight``.
    """

    low: float
    mode: float
    high: float
    weight: float = 4.0

    def __post_init__(self) -> None:
        _require_mode(self.low, self.mode, self.high)
        _require_above_zero(weight=self.weight)

    @property
    def shape(self) -> tuple[float, float]:
        """The two shape parameters of the beta density."""
        width = self.high - self.low
        up, down = self.mode - self.low, self.high - self.mode
        return 1 + self.weight * up / width, 1 + self.weight * down / width

    def at_score(self, z: Array) -> Array:
        """The inverse of the incomplete beta function: slow, see :class:`Tabulated`."""
        share: Array = betaincinv(*self.shape, normal_cdf(z))
        return self.low + (self.high - self.low) * share

    def cdf(self, x: Array) -> Array:
        """The regularised incomplete beta function of ``(x − low) ÷ (high − low)``."""
        share = np.clip((np.asarray(x) - self.low) / (self.high - self.low), 0.0, 1.0)
        probability: Array = betainc(*self.shape, share)
        return probability


@dataclass(frozen=True)
class Truncated:
    """``base`` given that the value lies between ``low`` and ``high``; the rest is redistributed."""

    base: Distribution
    low: float
    high: float

    def __post_init__(self) -> None:
        require_rising(low=self.low, high=self.high)
        below, above = self._ends()
        if not above - below > 1e-9:
            raise ValueError(f"low ({self.low:g}) and high ({self.high:g}) leave nothing of {self.base}")

    def at_score(self, z: Array) -> Array:
        """``base``'s quantile at ``F(low) + Φ(z) (F(high) − F(low))``."""
        below, above = self._ends()
        inside = self.base.at_score(normal_score(below + normal_cdf(z) * (above - below)))
        return np.clip(inside, self.low, self.high)

    def cdf(self, x: Array) -> Array:
        """``(F(x) − F(low)) ÷ (F(high) − F(low))`` between the ends."""
        below, above = self._ends()
        return (self.base.cdf(np.clip(x, self.low, self.high)) - below) / (above - below)

    def _ends(self) -> tuple[float, float]:
        below, above = self.base.cdf(np.array([self.low, self.high]))
        return float(below), float(above)


@dataclass(frozen=True)
class Moved:
    """``scale × value + shift`` for every value of ``base``; ``scale`` above 0."""

    base: Distribution
    scale: float
    shift: float

    def __post_init__(self) -> None:
        _require_above_zero(scale=self.scale)

    def at_score(self, z: Array) -> Array:
        """Those of ``base``, moved."""
        return self.scale * self.base.at_score(z) + self.shift

    def cdf(self, x: Array) -> Array:
        """That of ``base`` at the value before it was moved."""
        return self.base.cdf((np.asarray(x) - self.shift) / self.scale)


@dataclass(frozen=True)
class Tabulated:
    """``base`` read off a table of its values at evenly spaced scores, linear in between.

    Exists for speed: an inverse beta function costs a microsecond a draw, a look-up a few nanoseconds.
    With 2¹³ steps between scores −6.5 and 6.5 the error is below 10⁻⁶ of the span of the 0.1% and
    99.9% quantiles (tested for every family).
    """

    base: Distribution
    table: Array
    reach: float

    def at_score(self, z: Array) -> Array:
        """Interpolated values; scores beyond the table's reach have the value at its end."""
        steps = len(self.table) - 1
        place = (np.asarray(z, dtype=float) + self.reach) * (steps / (2 * self.reach))
        place = np.clip(place, 0.0, steps)
        left = np.minimum(place.astype(np.intp), steps - 1)
        low: Array = self.table[left]
        rise: Array = (place - left) * (self.table[left + 1] - low)
        return low + rise

    def cdf(self, x: Array) -> Array:
        """That of ``base``."""
        return self.base.cdf(x)


@checked
def quantile(distribution: Distribution, probability: ArrayLike) -> Array:
    """The values that are exceeded with probability ``1 − probability``; any shape.

    Raises ``ValueError`` unless all probabilities are above 0 and below 1.

    >>> quantile(Uniform(10.0, 20.0), [0.1, 0.5]).round(9).tolist()
    [11.0, 15.0]
    """
    u = np.asarray(probability, dtype=float)
    if not np.all((u > 0) & (u < 1)):
        raise ValueError("probability must be above 0 and below 1")
    return np.asarray(distribution.at_score(normal_score(u)))


@checked
def tabulate(base: Distribution, *, steps: int = 2**13, reach: float = 6.5) -> Tabulated:
    """``base`` as a table over scores from ``−reach`` to ``reach``; see :class:`Tabulated`."""
    return _tabulated(base, steps, reach)


@lru_cache(maxsize=1024)  # the simulations of an edition draw from the same few
def _tabulated(base: Distribution, steps: int, reach: float) -> Tabulated:
    table = base.at_score(np.linspace(-reach, reach, steps + 1))
    table.flags.writeable = False
    return Tabulated(base, table, reach)


@checked
def require_rising(**named: float) -> None:
    """Raise ``ValueError`` naming the arguments unless each is finite and above the one before."""
    values = list(named.values())
    if not (np.all(np.isfinite(values)) and np.all(np.diff(values) > 0)):
        raise ValueError(f"{', '.join(named)} must be finite and rise, got {values}")


def _require_above_zero(**named: float) -> None:
    for name, value in named.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be finite and above zero, got {value}")


def _require_mode(low: float, mode: float, high: float) -> None:
    if not (np.isfinite([low, mode, high]).all() and low <= mode <= high and low < high):
        raise ValueError(f"low, mode, high must be finite and in this order, got {low}, {mode}, {high}")
