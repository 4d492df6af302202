"""Between the points of a grid, with plain arithmetic: what a browser evaluates when a reader steers odds.

``max(x, 0)`` is written ``(x + (x²)^½) ÷ 2``, so that the same expression runs on floats, arrays and Altair
parameters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.model._inputs import Number, checked, require_positive


@checked
def piecewise_linear(x: Number, knots: Sequence[float], values: Sequence[float]) -> Number:
    """The broken line through ``values`` at ``knots``; beyond its ends the outer pieces go on.

    ``values[0] + slope_0 (x − knots[0]) + Σ (slope_i − slope_{i−1}) max(x − knots[i], 0)``. Raises
    ``ValueError`` unless there are as many values as knots, two or more, and knots rise.

    >>> [float(piecewise_linear(x, [0.0, 1.0, 3.0], [0.0, 2.0, 0.0])) for x in (0.5, 1.0, 2.0)]
    [1.0, 2.0, 1.0]
    """
    if len(values) != len(knots) or len(knots) < 2:
        raise ValueError(f"values must be as many as knots, two or more, got {len(values)} and {len(knots)}")
    require_positive(**{"steps between knots": np.diff(np.asarray(knots, dtype=float))})
    pieces = zip(pairwise(knots), pairwise(values), strict=True)
    slopes = [float((v - u) / (b - a)) for (a, b), (u, v) in pieces]
    bends = [later - earlier for earlier, later in pairwise(slopes)]
    start = float(values[0]) + slopes[0] * (x - float(knots[0]))
    return reduce(add, (bend * hinge(x - float(k)) for bend, k in zip(bends, knots[1:], strict=False)), start)


@checked
def hinge(x: Number) -> Number:
    """``max(x, 0)`` in plain arithmetic.

    ``(x + (x²)^½) ÷ 2``.

    >>> hinge(2.5), hinge(-1.0)
    (2.5, 0.0)
    """
    return (x + (x**2) ** 0.5) / 2


@checked
def weights(x: Number, knots: Sequence[float]) -> list[Number]:
    """How much each knot counts at ``x``: 1 at itself, falling linearly to 0 at its neighbours.

    They add up to 1 everywhere, so ``Σ weight × value`` is :func:`piecewise_linear` for values of any kind.

    >>> [float(w) for w in weights(2027.0, [2026.0, 2027.0, 2028.0])]
    [0.0, 1.0, 0.0]
    """
    unit = np.eye(len(knots))
    return [piecewise_linear(x, knots, row.tolist()) for row in unit]


@checked
def logistic(x: Number) -> Number:
    """The probability whose logit is ``x``: ``1 ÷ (1 + e^−x)``.

    >>> logistic(0.0)
    0.5
    """
    return 1 / (1 + math.e ** (0 - x))


@checked
def logit(probability: ArrayLike, least: float) -> NDArray[np.float64]:
    """``ln(p ÷ (1 − p))``, probabilities first moved to between ``least`` and ``1 − least``.

    >>> logit([0.5, 0.0], 0.01).round(3).tolist()
    [0.0, -4.595]
    """
    inner = np.clip(np.asarray(probability, dtype=float), least, 1 - least)
    return np.asarray(np.log(inner / (1 - inner)))
