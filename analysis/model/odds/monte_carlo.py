"""Monte Carlo over drivers: randomised quasi-Monte Carlo, the same on any number of workers.

Drivers are drawn in *replicates*. Each is a Sobol net of a power of two points, scrambled on its own from
``(seed, replicate)``; it alone would do, and how far the replicates disagree gives the standard error
(:mod:`analysis.model.odds.odds`). A replicate is drawn and valued by one worker in pieces of a fixed size, so
the results do not depend on who does what, to the last bit. Workers are threads: NumPy releases the
interpreter while it computes.

Source: Owen 1995; L'Ecuyer and Lemieux 2002; Glasserman 2004, ch. 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.model._inputs import checked
from analysis.model._normal import Array, normal_score
from analysis.model.odds.correlation import cholesky, copula_matrix, correlate
from analysis.model.odds.distributions import Distribution, Fixed, Moved, Pert, Truncated, tabulate
from analysis.model.odds.sobol_nets import directions, scrambled, scrambled_net

Draws: TypeAlias = Mapping[str, Array | float]
"""Driver by name: an array over draws, or a float where the driver is fixed."""

Kernel: TypeAlias = Callable[[Draws], Mapping[str, ArrayLike]]
"""From draws to named results whose last axis is the draws; a tuple is taken as one entry per year."""

PIECE = 2**15
"""Draws that go through the kernel at once: few enough that its temporaries stay in the cache, many enough
that workers seldom wait for the interpreter."""

_JUST_BELOW_32_MB = 2**22 - 2**10
"""Floats. The C library of Linux maps large blocks one by one, and gives them back, until it has seen one of
that size freed; from then on up to 32 MB it keeps what is freed, and one piece's memory serves the next
(``mallopt(3)``, on ``M_MMAP_THRESHOLD``)."""


@dataclass(frozen=True)
class Plan:
    """How drivers are drawn: ``names`` with their ``distributions``, mixed by ``factor``, from ``seed``.

    ``fixed`` drivers take no part in the drawing and reach the kernel as plain floats; ``numbers`` are the
    direction numbers of the net (:mod:`analysis.model.odds.sobol_nets`).
    """

    names: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    factor: Array
    fixed: Mapping[str, float]
    numbers: NDArray[np.uint32]
    seed: int


@dataclass(frozen=True)
class Simulation:
    """Results by name, last axis the paths; ``replicates`` equal runs of them one after another."""

    results: Mapping[str, Array]
    replicates: int

    @property
    def paths(self) -> int:
        """How many paths were simulated."""
        return int(next(iter(self.results.values())).shape[-1])


@checked
def plan(
    drivers: Mapping[str, Distribution],
    rank_correlations: Mapping[tuple[str, str], float],
    *,
    seed: int,
    repair: bool = False,
) -> Plan:
    """What is drawn: each driver's distribution, and Spearman's rho between pairs of them.

    Inverse beta functions are replaced by their tables
    (:class:`analysis.model.odds.distributions.Tabulated`). ``repair`` replaces correlations that cannot hold
    together by the nearest that can.

    Raises ``ValueError`` if no driver is uncertain, ``CorrelationError`` naming a pair that is unknown,
    fixed, out of range or impossible with the others.
    """
    fixed = {name: d.value for name, d in drivers.items() if isinstance(d, Fixed)}
    names = tuple(name for name in drivers if name not in fixed)
    if not names:
        raise ValueError("drivers must hold at least one that is not fixed")
    factor = cholesky(copula_matrix(names, rank_correlations), names, repair=repair)
    distributions = tuple(_made_fast(drivers[name]) for name in names)
    return Plan(names, distributions, factor, fixed, directions(len(names)), seed)


@checked
def draw(plan: Plan, points: int, *, replicate: int = 0) -> dict[str, Array | float]:
    """One replicate of ``points`` draws: driver by name, in the order the plan was stated.

    Raises ``ValueError`` unless ``points`` is a power of two up to 65,536: for more, take more replicates.

    >>> from analysis.model.odds.distributions import Uniform
    >>> drawn = draw(plan({"growth": Uniform(0.0, 1.0)}, {}, seed=1), 8)
    >>> sorted((8 * drawn["growth"]).astype(int).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    mixed = correlate(_scores(plan, points, replicate), plan.factor)
    drawn: dict[str, Array | float] = dict(plan.fixed)
    for name, distribution, score in zip(plan.names, plan.distributions, mixed, strict=True):
        drawn[name] = distribution.at_score(score)
    return drawn


@checked
def simulate(
    kernel: Kernel, plan: Plan, *, points: int = 2**16, replicates: int = 16, workers: int = 1
) -> Simulation:
    """``kernel`` over ``replicates × points`` draws; by default 1,048,576 paths.

    The kernel is called on pieces of at most 2¹⁵ draws and must treat each draw apart. Results are
    float64 arrays of shape (…, paths).

    Raises ``ValueError`` for fewer than two replicates, no worker, points that are no power of two, and
    results without the draws on their last axis; an error in the kernel comes through as it is.
    """
    if replicates < 2:
        raise ValueError(f"replicates must be at least 2, for a standard error, got {replicates}")
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    np.empty(_JUST_BELOW_32_MB)  # freed at once
    results = _room_for(kernel(draw(plan, 2)), 2, replicates * points)

    together = max(1, PIECE // max(points, 1))  # small replicates share a piece

    def run(first: int) -> None:
        nets = [draw(plan, points, replicate=n) for n in range(first, min(first + together, replicates))]
        drawn = {
            name: value if isinstance(value, float) else np.concatenate([net[name] for net in nets])
            for name, value in nets[0].items()
        }
        for start in range(0, points * len(nets), PIECE):
            piece = slice(start, min(start + PIECE, points * len(nets)))
            given = {
                name: value if isinstance(value, float) else value[piece] for name, value in drawn.items()
            }
            place = slice(first * points + piece.start, first * points + piece.stop)
            for name, value in kernel(given).items():
                _write(name, value, results[name][..., place])

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(0, replicates, together)))
    return Simulation(results, replicates)


@checked
def net_of(plan: Plan, replicate: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """What one replicate's net is built from, for those who draw elsewhere.

    As from :func:`analysis.model.odds.sobol_nets.scrambled`.
    """
    return scrambled(plan.numbers, _stream(plan, replicate))


def _scores(plan: Plan, points: int, replicate: int) -> Array:
    """Independent standard normal scores, drivers × points."""
    return normal_score(scrambled_net(plan.numbers, points, _stream(plan, replicate)))


def _stream(plan: Plan, replicate: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(replicate,)))


def _room_for(values: Mapping[str, ArrayLike], draws: int, paths: int) -> dict[str, Array]:
    """Empty arrays for all paths, shaped as a kernel's results for a few ``draws``."""
    room = {}
    for name, value in values.items():
        shape = (len(value), draws) if isinstance(value, tuple | list) else np.shape(value)
        if not shape or shape[-1] != draws:
            raise ValueError(f"result {name!r} must have its {draws} draws on the last axis, got {shape}")
        room[name] = np.empty((*shape[:-1], paths))
    return room


def _write(name: str, value: ArrayLike, room: Array) -> None:
    """Copy one result for a piece of the draws to its place; entries of a tuple may be the same for all."""
    if isinstance(value, tuple | list) and len(value) == len(room):
        for row, entry in zip(room, value, strict=True):
            row[...] = entry
    elif np.shape(value) == room.shape:
        room[...] = value
    else:
        raise ValueError(f"result {name!r} must have the shape {room.shape}, got {np.shape(value)}")


def _made_fast(distribution: Distribution) -> Distribution:
    if isinstance(distribution, Moved):
        return replace(distribution, base=_made_fast(distribution.base))
    core = distribution.base if isinstance(distribution, Truncated) else distribution
    return tabulate(distribution) if isinstance(core, Pert) else distribution
