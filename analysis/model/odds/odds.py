"""What is read off simulated paths: shares, quantile fans, ranks, with their standard errors.

Arrays have the paths on their last axis, usually years × paths, in ``replicates`` equal runs one after
another, as :func:`analysis.model.odds.monte_carlo.simulate` leaves them. A statistic of all paths is the
estimate; the spread of the same statistic over the replicates, which are independent, gives its error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model._inputs import Number, checked, require_finite, require_fraction
from analysis.model._normal import Array


@dataclass(frozen=True)
class Estimate:
    """A statistic of all simulated paths, and the same of each replicate (``runs``, replicates first)."""

    value: Array
    runs: Array

    @property
    def standard_error(self) -> Array:
        """The standard deviation over the replicates divided by the root of their number."""
        return np.asarray(self.runs.std(axis=0, ddof=1) / len(self.runs) ** 0.5)


@checked
def estimate(statistic: Callable[[Array], Array], values: Array, *, replicates: int) -> Estimate:
    """``statistic`` of all paths, with its error from the replicates.

    ``statistic`` takes an array and removes its last axis. The error is exact for means, which are those of
    their replicates, and close where the statistic is not a mean.

    Raises ``ValueError`` unless the paths divide into two or more equal replicates.

    Source: Owen 2013.
    """
    paths = values.shape[-1]
    if replicates < 2 or paths % replicates:
        raise ValueError(f"{paths} paths must divide into 2 or more equal replicates, got {replicates}")
    size = paths // replicates
    runs = np.stack([statistic(values[..., r * size : (r + 1) * size]) for r in range(replicates)])
    return Estimate(np.asarray(statistic(values)), runs)


@checked
def mean(values: Array, *, replicates: int) -> Estimate:
    """The mean over paths: ``Σ value ÷ paths``."""
    return estimate(lambda part: part.mean(axis=-1), values, replicates=replicates)


@checked
def share_above(values: Array, target: float, *, replicates: int) -> Estimate:
    """The share of paths that are at ``target`` or above it *at* each date: ``Σ 1{value ≥ target} ÷ paths``.

    Not the share that has touched it by then: :func:`analysis.model.odds.first_passage.touched_by`.
    """
    require_finite(target=target)
    return estimate(lambda part: (part >= target).mean(axis=-1), values, replicates=replicates)


@checked
def fan(values: Array, probabilities: Sequence[float], *, replicates: int) -> Estimate:
    """Quantiles over paths: probabilities first, then the other axes of ``values``.

    Raises ``ValueError`` unless probabilities are fractions.
    """
    levels = np.asarray(probabilities, dtype=float)
    require_fraction(probabilities=levels)
    return estimate(lambda part: np.quantile(part, levels, axis=-1), values, replicates=replicates)


@checked
def pool(model: Number, prior: Number, weight: Number) -> Number:
    """A probability (or mean) when a share ``weight`` of the draws is made from the prior.

    ``(1 − weight) × model + weight × prior``, the *linear opinion pool*: each path lives in one
    world, that of the model or that of the base rates, and ``weight`` is the probability of the latter. It
    is plain arithmetic, so that a reader can steer the weight, and it keeps both sets of tails.

    Raises ``ValueError`` unless the weight is a fraction.

    Source: Stone 1961.

    >>> round(pool(model=0.30, prior=0.10, weight=0.25), 9)
    0.25
    """
    require_fraction(weight=weight)
    return (1 - weight) * model + weight * prior


@checked
def pool_estimates(model: Estimate, prior: Estimate, weight: float) -> Estimate:
    """:func:`pool` of two estimates, replicate by replicate.

    So the error is right where both worlds share their draws, as it is where they do not. Raises
    ``ValueError`` unless both have the same replicates and shape.
    """
    if model.runs.shape != prior.runs.shape:
        raise ValueError(
            f"prior must have the replicates of model, {model.runs.shape}, got {prior.runs.shape}"
        )
    return Estimate(np.asarray(pool(model.value, prior.value, weight)), pool(model.runs, prior.runs, weight))


@checked
def pooled_fan(model: Array, prior: Array, weight: float, probabilities: Sequence[float]) -> Array:
    """Quantiles when a share ``weight`` of the draws is made from the prior.

    The value ``q`` at which ``(1 − weight) × share of model below q + weight × share of prior below q`` is
    the probability. ``model`` and ``prior`` have years × paths, the same years, any number of paths; the
    result has probabilities × years. A pooled quantile is *not* the average of the two quantiles.

    Raises ``ValueError`` unless ``weight`` is a fraction and the years agree.
    """
    require_fraction(weight=weight, probabilities=np.asarray(probabilities, dtype=float))
    if model.shape[:-1] != prior.shape[:-1]:
        raise ValueError(f"prior must have the years of model, {model.shape[:-1]}, got {prior.shape[:-1]}")
    each = np.repeat(
        [(1 - weight) / model.shape[-1], weight / prior.shape[-1]], [model.shape[-1], prior.shape[-1]]
    )
    both = np.concatenate([model, prior], axis=-1)
    rows = [
        np.quantile(row, probabilities, weights=each, method="inverted_cdf")
        for row in both.reshape(-1, both.shape[-1])
    ]
    return np.stack(rows, axis=-1).reshape(len(probabilities), *model.shape[:-1])
