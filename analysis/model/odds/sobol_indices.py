"""Which driver's uncertainty makes the result uncertain: Sobol indices with bootstrap intervals.

The *first-order* index of a driver is the share of the result's variance that would go if that driver
became known; the *total* index is the share that would be left if all others became known, so it counts
interactions. Drivers are taken as independent, as the decomposition needs: where they correlate, the
indices are those of the same marginals without correlation, which the page must say.

Source: Sobol' 2001; Saltelli et al. 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.model._inputs import checked, require_above, require_below
from analysis.model._normal import Array
from analysis.model.odds.distributions import Distribution, Fixed
from analysis.model.odds.monte_carlo import draw, plan


@dataclass(frozen=True)
class Index:
    """A driver's share of the variance: first-order and total, each with a bootstrap interval."""

    driver: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


@checked
def sobol_indices(
    kernel: Callable[[Mapping[str, Array]], ArrayLike],
    drivers: Mapping[str, Distribution],
    *,
    points: int,
    seed: int,
    resamples: int = 500,
    confidence: float = 0.95,
) -> tuple[Index, ...]:
    """Sobol indices of ``kernel``'s result, largest total first; fixed drivers have none.

    ``first = mean(f_B (f_AB − f_A)) ÷ variance, total = mean((f_A − f_AB)²) ÷ (2 × variance)``.

    ``kernel`` takes driver → array over draws and returns one number per draw. Two independent samples A and
    B of ``points`` (a power of two) are drawn as one scrambled net, and the kernel is run on A, B and, for
    each driver, on A with that driver's column from B: ``points × (drivers + 2)`` runs, f the centred results
    (Saltelli 2010, table 2, rows b and f, the latter due to Jansen). Intervals are percentiles over
    ``resamples`` resamplings of the points as if these were random; they are more even than that, so the
    intervals are on the wide side. A first-order index near 0 may come out slightly negative.

    Raises ``ValueError`` if the result does not vary, is not finite or has not one number per draw.
    """
    require_above(0, confidence=confidence, resamples=resamples)
    require_below(1, confidence=confidence)
    uncertain = {name: d for name, d in drivers.items() if not isinstance(d, Fixed)}
    fixed = {name: np.full(points, d.value) for name, d in drivers.items() if isinstance(d, Fixed)}
    a, b = _two_samples(uncertain, points, seed)
    samples = [a, b, *({**a, name: b[name]} for name in uncertain)]
    results = np.stack([_result(kernel({**fixed, **sample}), points) for sample in samples])
    results -= results[:2].mean()
    if not np.var(results[:2]) > 0:
        raise ValueError("the result does not vary with the drivers")
    first, total = _indices(results)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    firsts, totals = (np.quantile(drawn, tails, axis=0).T for drawn in _resampled(results, resamples, seed))
    indices = [
        Index(name, float(first[i]), _pair(firsts[i]), float(total[i]), _pair(totals[i]))
        for i, name in enumerate(uncertain)
    ]
    return tuple(sorted(indices, key=lambda index: -index.total))


def _pair(ends: Array) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])


def _two_samples(
    drivers: Mapping[str, Distribution], points: int, seed: int
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Samples A and B: the two halves of the columns of one net in twice the dimensions."""
    twice = {(half, name): d for half in "AB" for name, d in drivers.items()}
    drawn = draw(plan({f"{half}.{name}": d for (half, name), d in twice.items()}, {}, seed=seed), points)
    a, b = ({name: np.asarray(drawn[f"{half}.{name}"]) for name in drivers} for half in "AB")
    return a, b


def _result(values: ArrayLike, points: int) -> Array:
    result = np.asarray(values, dtype=float)
    if result.shape != (points,):
        raise ValueError(f"the kernel must return one number for each of {points} draws, got {result.shape}")
    if not np.all(np.isfinite(result)):
        raise ValueError("the result must be finite for every draw")
    return result


def _indices(results: Array) -> tuple[Array, Array]:
    """First-order and total indices from f_A, f_B and the f_AB, stacked on the first axis, points last."""
    f_a, f_b, f_ab = results[0], results[1], results[2:]
    variance = np.concatenate([f_a, f_b], axis=-1).var(axis=-1)
    first = (f_b * (f_ab - f_a)).mean(axis=-1) / variance
    total = 0.5 * ((f_a - f_ab) ** 2).mean(axis=-1) / variance
    return first, total


def _resampled(results: Array, resamples: int, seed: int) -> tuple[Array, Array]:
    """Indices of points drawn with replacement, resamples × drivers."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, 0)))
    points = results.shape[-1]
    pairs = [_indices(results[:, rng.integers(points, size=points)]) for _ in range(resamples)]
    return np.stack([first for first, _ in pairs]), np.stack([total for _, total in pairs])
