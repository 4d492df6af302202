"""The standard normal distribution on arrays: SciPy's functions, with types."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Array: TypeAlias = NDArray[np.float64]


def normal_cdf(z: ArrayLike) -> Array:
    """Φ: the probability of at most ``z``."""
    probability: Array = ndtr(z)
    return probability


def normal_score(probability: ArrayLike) -> Array:
    """Φ⁻¹: the score with this probability at or below it; infinite at 0 and 1."""
    score: Array = ndtri(probability)
    return score


def normal_density(z: ArrayLike) -> Array:
    """φ: ``e^{−z² ÷ 2} ÷ √(2π)``."""
    density: Array = np.exp(-0.5 * np.square(np.asarray(z, dtype=float))) / math.sqrt(2 * math.pi)
    return density
