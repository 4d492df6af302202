"""What a price takes for granted: the input that makes a valuation equal to it.

A solve answers with a :class:`Solution`: every root in the range searched, or none, together with the
range and the values at its ends. It never returns the nearest end in place of a root.

Source: Mauboussin and Rappaport 2021 (price-implied expectations); Brent 1973, ch. 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from scipy.optimize import brentq

from analysis.model._conventions import require_order, require_whole
from analysis.model._inputs import InputError, Number, checked, numeric, require_finite

X = TypeVar("X", float, int)
_RELATIVE_ERROR = 1e-7  # a crossing that leaves more of the target than this is a jump, not a root


class NoSolutionError(ValueError):
    """A solution was asked for where the range searched holds none."""


class SeveralSolutionsError(ValueError):
    """One solution was asked for where the range searched holds several."""


@dataclass(frozen=True)
class Solution:
    """The roots of ``value(argument) = target`` between ``low`` and ``high``, ascending."""

    argument: str
    target: float
    low: float
    high: float
    value_at_low: float
    value_at_high: float
    roots: tuple[float, ...]

    @property
    def found(self) -> bool:
        """Whether the range holds exactly one root."""
        return len(self.roots) == 1

    @property
    def value(self) -> float:
        """The only root; raises ``NoSolutionError`` or ``SeveralSolutionsError`` saying what there is."""
        if self.found:
            return self.roots[0]
        raise (SeveralSolutionsError if self.roots else NoSolutionError)(self.finding)

    @property
    def finding(self) -> str:
        """What was found, in a sentence of plain numbers."""
        span = f"{self.argument} from {self.low:g} to {self.high:g}"
        if not self.roots:
            ends = f"the ends give {self.value_at_low:g} and {self.value_at_high:g}"
            return f"no solution in range: no {span} gives {self.target:g}; {ends}"
        roots = ", ".join(f"{root:.6g}" for root in self.roots)
        count = "one solution" if self.found else f"{len(self.roots)} solutions"
        return f"{count}: of {span}, {roots} gives {self.target:g}"


@checked
def solve(
    argument: str,
    value_of: Callable[[float], Number],
    target: float,
    *,
    low: float,
    high: float,
    pieces: int = 64,
) -> Solution:
    """Every ``x`` between ``low`` and ``high`` at which ``value_of(x)`` crosses ``target``.

    ``value_of(x) = target``.

    The range is cut into ``pieces`` equal parts, and each part over which the sign of
    ``value_of(x) − target`` changes is searched by Brent's method. Two roots within one part, or a value
    that touches the target without crossing it, are not seen: take more pieces. A jump across the target
    is not a root. Raises ``ValueError`` naming ``low`` when it is not below ``high``, a value that is not
    finite, and the argument with the ``x`` at which ``value_of`` refused it: the range then holds inputs that
    cannot be.

    >>> round(solve("growth", lambda g: 100 * (1 + g) ** 2, 121.0, low=0.0, high=1.0).value, 9)
    0.1
    """
    target, low, high = numeric(target=target, low=low, high=high)
    require_order("there is no range between them", low=low, high=high)
    require_whole(1, pieces=pieces)

    def miss(x: float) -> float:
        return _value_at(argument, x, value_of) - target

    points = [float(x) for x in np.linspace(low, high, pieces + 1)]
    misses = [miss(x) for x in points]
    roots = [x for x, off in zip(points, misses, strict=True) if off == 0]
    for left, right, off_left, off_right in zip(points, points[1:], misses, misses[1:], strict=False):
        if off_left * off_right < 0:
            root = float(brentq(miss, left, right, xtol=1e-14, rtol=8.9e-16))
            if abs(miss(root)) <= _RELATIVE_ERROR * max(abs(target), abs(off_left), abs(off_right)):
                roots.append(root)
    return Solution(
        argument, target, low, high, misses[0] + target, misses[-1] + target, tuple(sorted(roots))
    )


@checked
def solve_period(
    argument: str, value_of: Callable[[int], Number], target: float, *, shortest: int, longest: int
) -> Solution:
    """How many years of something (high growth, a competitive advantage) the target takes.

    ``value_of`` is a valuation as a function of a whole number of years. Between whole years the value is
    taken on a straight line, so the root is a float. All crossings from ``shortest`` to ``longest`` are
    found.

    Source: Mauboussin and Johnson 1997.

    >>> solve_period("years", lambda n: 100 + 10 * n, 125.0, shortest=0, longest=10).value
    2.5
    """
    require_whole(0, shortest=shortest, longest=longest)
    require_order("there is no range between them", shortest=shortest, longest=longest)
    (target,) = numeric(target=target)
    values = [_value_at(argument, years, value_of) for years in range(shortest, longest + 1)]
    misses = [value - target for value in values]
    roots = [float(shortest + n) for n, off in enumerate(misses) if off == 0]
    for n, (before, after) in enumerate(pairwise(misses)):
        if before * after < 0:
            roots.append(shortest + n + before / (before - after))
    return Solution(
        argument, target, float(shortest), float(longest), values[0], values[-1], tuple(sorted(roots))
    )


def _value_at(argument: str, x: X, value_of: Callable[[X], Number]) -> float:
    """The value, or the reason why there is none, under the name of the driver that is searched."""
    try:
        value = float(value_of(x))
    except ValueError as error:
        raise InputError(f"{argument} = {x:g}: {error}") from error
    require_finite(**{f"value at {argument} = {x:g}": value})
    return value
