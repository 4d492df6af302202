"""Rank correlations between drivers, and standard normal scores that have them.

Correlations are stated as Spearman's rho, which no driver's family changes. A Gaussian copula
carries them: independent scores are mixed by the Cholesky factor of the copula's matrix.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from analysis.model._inputs import checked
from analysis.model._normal import Array

ROUNDING = 1e-9
"""Eigenvalues above minus this count as zero, pivots below it as nil."""


class CorrelationError(ValueError):
    """Correlations that are impossible, alone or together; the message names the pairs."""


@checked
def copula_correlation(spearman: float) -> float:
    """The correlation of normal scores whose ranks correlate by ``spearman``: ``2 sin(π ρ ÷ 6)``.

    Raises ``ValueError`` unless it is between −1 and 1.

    Source: Pearson 1907; Kruskal 1958.

    >>> round(copula_correlation(0.5), 4)
    0.5176
    """
    _require_correlation(spearman=spearman)
    return 2 * math.sin(math.pi * spearman / 6)


@checked
def rank_correlation(pearson: float) -> float:
    """The inverse of :func:`copula_correlation`: ``6 asin(r ÷ 2) ÷ π``; raises as it does."""
    _require_correlation(pearson=pearson)
    return 6 * math.asin(pearson / 2) / math.pi


@checked
def copula_matrix(names: Sequence[str], spearman: Mapping[tuple[str, str], float]) -> Array:
    """The correlation matrix of scores, in the order of ``names``; pairs not stated are independent.

    Raises ``CorrelationError`` naming every pair that is unknown, of one name, stated twice, or
    outside −1 to 1.
    """
    problems, place = [], {name: i for i, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (a, b), rho in spearman.items():
        pair = f"{a} ~ {b}"
        unknown = [name for name in (a, b) if name not in place]
        if unknown:
            problems.append(f"{pair}: no driver {', '.join(unknown)}")
        elif a == b:
            problems.append(f"{pair}: a driver with itself")
        elif (b, a) in spearman and a > b:
            problems.append(f"{pair}: stated twice, also as {b} ~ {a}")
        elif not -1 <= rho <= 1:
            problems.append(f"{pair}: must be between -1 and 1, got {rho}")
        else:
            matrix[place[a], place[b]] = matrix[place[b], place[a]] = copula_correlation(rho)
    if problems:
        raise CorrelationError("; ".join(problems))
    return matrix


@checked
def cholesky(matrix: Array, names: Sequence[str], *, repair: bool = False) -> Array:
    """The lower factor L with ``L Lᵀ = matrix``; perfectly correlated drivers are allowed.

    A matrix that no random variables can have (a negative eigenvalue) raises ``CorrelationError`` naming
    the pairs and the nearest values they could have, unless ``repair`` says to take these.

    Source: Golub and Van Loan 2013, section 4.2 (outer-product form; a nil pivot leaves its column nil).
    """
    if np.linalg.eigvalsh(matrix)[0] < -ROUNDING:
        nearest = nearest_correlation(matrix)
        if not repair:
            raise CorrelationError(_impossible(matrix, nearest, names))
        matrix = nearest
    left, factor = matrix.copy(), np.zeros_like(matrix)
    for j in range(len(matrix)):
        pivot = left[j, j]
        if pivot > ROUNDING:
            factor[j:, j] = left[j:, j] / math.sqrt(pivot)
            left -= np.outer(factor[:, j], factor[:, j])
    return factor


@checked
def nearest_correlation(matrix: Array, *, tolerance: float = 1e-10, most_steps: int = 10_000) -> Array:
    """The correlation matrix with the least squared distance to a symmetric ``matrix``.

    Alternating projections on the semi-definite matrices and on those with a unit diagonal, with
    Dykstra's correction. Raises ``CorrelationError`` if they have not met after ``most_steps``.

    Source: Higham 2002, algorithm 3.3.
    """
    unit: Array = matrix.copy()
    correction = np.zeros_like(matrix)
    for _ in range(most_steps):
        shifted = unit - correction
        values, vectors = np.linalg.eigh(shifted)
        definite = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = definite - shifted
        previous, unit = unit, definite.copy()
        np.fill_diagonal(unit, 1.0)
        if np.max(np.abs(unit - previous)) < tolerance:
            return unit
    raise CorrelationError(f"no nearest correlation matrix found in {most_steps} steps")


@checked
def correlate(scores: Array, factor: Array) -> Array:
    """Independent scores (drivers × points) mixed by a Cholesky factor.

    Summed term by term in a fixed order rather than by a matrix product, so that the last bit does
    not depend on how many threads the linear algebra library has.
    """
    mixed = np.empty_like(scores)
    for i, row in enumerate(factor):
        used = np.flatnonzero(row)
        mixed[i] = row[used[0]] * scores[used[0]]
        for j in used[1:]:
            mixed[i] += row[j] * scores[j]
    return mixed


def _impossible(matrix: Array, nearest: Array, names: Sequence[str]) -> str:
    moved = sorted(
        ((abs(matrix[i, j] - nearest[i, j]), i, j) for i, j in combinations(range(len(names)), 2)),
        reverse=True,
    )
    pairs = [
        f"{names[i]} ~ {names[j]} is {rank_correlation(matrix[i, j]):.3g}, nearest "
        f"{rank_correlation(nearest[i, j]):.3g}"
        for change, i, j in moved
        if change > moved[0][0] / 10
    ]
    return f"these correlations cannot hold together: {'; '.join(pairs)}"


def _require_correlation(**named: float) -> None:
    if wrong := [
        f"{name} must be between -1 and 1, got {rho}" for name, rho in named.items() if abs(rho) > 1
    ]:
        raise ValueError("; ".join(wrong))
