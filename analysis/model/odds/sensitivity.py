"""What moves the answer: one driver at a time, two together, and where a target is met exactly.

Every function takes a ``kernel``, called as ``kernel(drivers)`` with a mapping of driver to float and
returning one number, and ``base``, the mapping to start from. Drivers keep their own units. A driver
without a stated range is left alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from analysis.model._normal import Array
from analysis.model.dcf.implied import Solution, solve

Kernel: TypeAlias = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True)
class Bar:
    """One driver of a tornado: its low and high, and the result at each with all else at the base."""

    name: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """The size of the difference that the driver makes."""
        return abs(self.at_high - self.at_low)


def tornado(
    kernel: Kernel, base: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> tuple[Bar, ...]:
    """Each driver moved to its low and to its high, the others held: widest swing first.

    Raises ``ValueError`` naming every driver that is not in ``base``, or whose range is not finite, is
    upside down or does not hold its base value.

    Source: A. Eschenbach, "Spiderplots versus tornado diagrams for sensitivity analysis", *Interfaces* 22
    (1992).
    """
    _require_ranges(base, ranges)
    bars = [
        Bar(name, low, high, _at(kernel, base, {name: low}), _at(kernel, base, {name: high}))
        for name, (low, high) in ranges.items()
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def grid(
    kernel: Kernel,
    base: Mapping[str, float],
    rows: tuple[str, Sequence[float]],
    columns: tuple[str, Sequence[float]],
) -> Array:
    """Results for every pair of values of two drivers: rows × columns, all else at the base.

    Raises ``ValueError`` if a driver is not in ``base``, or both are the same.
    """
    (row, row_values), (column, column_values) = rows, columns
    _require_known(base, row, column)
    if row == column:
        raise ValueError(f"rows and columns must be two drivers, got {row} twice")
    return np.array([[_at(kernel, base, {row: r, column: c}) for c in column_values] for r in row_values])


def break_even(
    kernel: Kernel, base: Mapping[str, float], driver: str, *, target: float, low: float, high: float
) -> Solution:
    """Every value of ``driver`` between ``low`` and ``high`` at which the result is ``target``, else none.

    Exact by bracketed search, see :func:`analysis.model.dcf.implied.solve`; the result says what there is.
    Raises ``ValueError`` if the driver is unknown, the range is not one, or a result is not finite.
    """
    _require_known(base, driver)
    return solve(driver, lambda value: _at(kernel, base, {driver: value}), target, low=low, high=high)


def break_even_line(
    kernel: Kernel,
    base: Mapping[str, float],
    *,
    along: tuple[str, Sequence[float]],
    driver: str,
    target: float,
    low: float,
    high: float,
) -> tuple[Solution, ...]:
    """The target's line across a two-way grid: for each value of one driver, the other's break-evens."""
    other, values = along
    _require_known(base, other, driver)
    if other == driver:
        raise ValueError(f"along must be another driver than {driver}")
    return tuple(
        break_even(kernel, {**base, other: value}, driver, target=target, low=low, high=high)
        for value in values
    )


def elasticities(
    kernel: Kernel, base: Mapping[str, float], drivers: Sequence[str], *, step: float = 1e-4
) -> dict[str, float]:
    """By how many percent the result moves for each percent of a driver, at the base.

    ``(∂ result ÷ ∂ x) × x ÷ result``, central differences of ``x ± step × x``. Drivers at 0 have no percent
    and results at 0 none either: ``ValueError`` naming them.
    """
    _require_known(base, *drivers)
    result = _at(kernel, base, {})
    nil = [name for name in drivers if base[name] == 0]
    if nil or result == 0:
        raise ValueError(f"elasticity has no meaning at zero: {', '.join(nil or ['the result'])}")
    return {
        name: (
            _at(kernel, base, {name: base[name] * (1 + step)})
            - _at(kernel, base, {name: base[name] * (1 - step)})
        )
        / (2 * step * result)
        for name in drivers
    }


def _at(kernel: Kernel, base: Mapping[str, float], changes: Mapping[str, float]) -> float:
    result = float(kernel({**base, **changes}))
    if not math.isfinite(result):
        at = ", ".join(f"{name}={value:g}" for name, value in changes.items()) or "the base"
        raise ValueError(f"the result is not finite at {at}")
    return result


def _require_known(base: Mapping[str, float], *names: str) -> None:
    unknown = [name for name in names if name not in base]
    if unknown:
        raise ValueError(f"no driver {', '.join(unknown)} in the base")


def _require_ranges(base: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]) -> None:
    _require_known(base, *ranges)
    problems = [
        f"{name}: {low:g} to {high:g} about {base[name]:g}"
        for name, (low, high) in ranges.items()
        if not (math.isfinite(low) and math.isfinite(high) and low <= base[name] <= high and low < high)
    ]
    if problems:
        raise ValueError(f"ranges must rise and hold the base value: {'; '.join(problems)}")
