"""Internal rates of return: all of them, since a flow that changes sign twice may have two.

Flows are one a year, the first one today; rates are fractions a year.

Source: Lorie and Savage 1955, for several rates; Descartes' rule of signs for their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from analysis.model._conventions import InputError
from analysis.model._inputs import numeric

_FARTHEST = 36.0  # e^−36 is the least that a float can add to −100%
_SAME = 1e-7  # of the logarithm of 1 + rate: computed roots closer than this are one repeated root
_ZERO = 1e-13  # of the sum of the discounted flows' sizes: rounding


def internal_rates(flows: Sequence[float]) -> tuple[float, ...]:
    """Every rate above −100% at which the flows are worth nothing today, ascending; empty if none.

    ``Σ flow_t ÷ (1 + rate)^t = 0``.

    With ``x = 1 / (1 + rate)`` the value is a polynomial in x. Between two neighbouring roots of its
    derivative it only rises or only falls, so each such stretch with a change of sign holds one root, found
    by Brent's method; the derivative's roots are found in the same way. A repeated root is given once.
    Searched are all rates a float can tell from −100%, up to as far on the other side.

    Raises ``ValueError`` naming ``flows`` when fewer than two, or all zero.

    >>> [round(rate, 6) for rate in internal_rates([-1.0, 2.3, -1.32])]
    [0.1, 0.2]
    """
    return tuple(float(np.expm1(-u)) for u in reversed(_log_roots(_flows(flows))))


def _flows(flows: Sequence[float]) -> NDArray[np.float64]:
    """The flows as an array of finite numbers, at least two and not all zero."""
    array = np.array(numeric(**{f"flows[{year}]": flow for year, flow in enumerate(flows)}), dtype=np.float64)
    if array.ndim != 1 or array.size < 2 or not array.any():
        raise InputError("flows must be at least two numbers, not all zero")
    return array


def _log_roots(coefficients: NDArray[np.float64]) -> list[float]:
    """Ascending ``u`` with ``Σ coefficient_k × e^(k u) = 0``, by the roots of the derivative (Rolle)."""
    size = np.abs(coefficients).max()
    if len(coefficients) < 2 or size == 0:
        return []
    coefficients = coefficients / size  # derivatives of long flows would overflow
    turns = _log_roots(np.arange(1, len(coefficients)) * coefficients[1:])
    roots = [u for u in turns if abs(_scaled(u, coefficients)) <= _ZERO * _scaled(u, np.abs(coefficients))]
    for left, right in pairwise([-_FARTHEST, *turns, _FARTHEST]):
        if _scaled(left, coefficients) * _scaled(right, coefficients) < 0:
            roots.append(float(brentq(_scaled, left, right, args=(coefficients,), xtol=1e-15, rtol=8.9e-16)))
    distinct: list[float] = []
    for u in sorted(roots):
        if not distinct or u - distinct[-1] > _SAME:
            distinct.append(u)
    return distinct


def _scaled(u: float, coefficients: NDArray[np.float64]) -> float:
    """The polynomial at ``x = e^u``, divided by its highest power of x where x is above one."""
    powers = np.arange(len(coefficients)) - (len(coefficients) - 1 if u > 0 else 0)
    return float(coefficients @ np.exp(powers * u))
