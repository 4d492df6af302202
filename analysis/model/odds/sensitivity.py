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

from analysis.model._inputs import checked

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


@checked
def tornado(
    kernel: Kernel, base: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> tuple[Bar, ...]:
    """Each driver moved to its low and to its high, the others held: widest ``|at high − at low|`` first.

    Raises ``ValueError`` naming every driver that is not in ``base``, or whose range is not finite, is
    upside down or does not hold its base value.

    Source: Eschenbach 1992.
    """
    _require_ranges(base, ranges)
    bars = [
        Bar(name, low, high, _at(kernel, base, {name: low}), _at(kernel, base, {name: high}))
        for name, (low, high) in ranges.items()
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


@checked
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
