"""Sum of the parts: each part at its own multiple, and no profit counted twice.

Every part names the *profit pools* it covers, the atoms of ``POOLS``. Advertising's profit lies
inside the reported segments North America and International, the chips' inside AWS, the savings of
automation inside the stores: a list that counts a pool twice is refused, unless ``allow_overlap``
says to value it so, as others have done. Money in one unit; multiples and amounts broadcast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import add
from typing import Final, Literal

from analysis.model._inputs import Number, checked, require_finite, require_non_negative, require_positive

Basis = Literal["operating_income", "sales", "direct"]
Case = Literal["low", "base", "high"]
CASES: tuple[Case, ...] = ("low", "base", "high")

AWS: Final = frozenset({"aws.core", "aws.chips"})
NORTH_AMERICA: Final = frozenset(
    {"north_america.stores", "north_america.automation", "north_america.advertising"}
)
INTERNATIONAL: Final = frozenset(
    {"international.stores", "international.automation", "international.advertising"}
)
RETAIL: Final = NORTH_AMERICA | INTERNATIONAL
ADVERTISING: Final = frozenset({"north_america.advertising", "international.advertising"})
STORES: Final = RETAIL - ADVERTISING
CHIPS: Final = frozenset({"aws.chips"})
POOLS: Final = AWS | RETAIL
"""All of the company's operating profit, in the smallest pieces that a part can value apart."""


class OverlapError(ValueError):
    """Two parts of one sum count the same profit."""


@dataclass(frozen=True)
class Range:
    """A low, a base and a high case of one quantity."""

    low: Number
    base: Number
    high: Number


@dataclass(frozen=True)
class Part:
    """One part: ``amount × multiple``, or ``multiple`` itself where it is valued directly.

    ``profit`` names the pools it covers; it is empty for what is no operating profit, such as a stake.
    """

    name: str
    basis: Basis
    amount: Number | None
    multiple: Range
    profit: frozenset[str]


@dataclass(frozen=True)
class SumOfParts:
    """Value by part and their sum, the enterprise value.

    The low case has every part low at once, the high case every part high: the ends of what the
    ranges allow, not of what is likely.
    """

    parts: Mapping[str, Range]
    enterprise_value: Range


@checked
def by_operating_income(
    name: str, operating_income: Number, multiple: Range | Number, profit: frozenset[str]
) -> Part:
    """A part worth a multiple of its operating income: ``operating_income × multiple``.

    Raises ``ValueError`` naming the part if its operating income is below 0 (no multiple of a loss is
    a value: use sales, or a value outright) or its multiples are negative or out of order.
    """
    return _part(name, "operating_income", operating_income, multiple, profit)


@checked
def by_sales(name: str, sales: Number, multiple: Range | Number, profit: frozenset[str]) -> Part:
    """A part worth ``sales × multiple``; raises as :func:`by_operating_income` does."""
    return _part(name, "sales", sales, multiple, profit)


@checked
def directly(name: str, value: Range | Number, profit: frozenset[str] = frozenset()) -> Part:
    """A part whose value is given; raises ``ValueError`` if low, base and high are out of order."""
    return Part(name, "direct", None, _ordered(f"{name} value", value), profit)


@checked
def value_of(part: Part) -> Range:
    """What one part is worth in each case: ``amount × multiple``, or the value given."""
    if part.amount is None:
        return part.multiple
    return Range(*(part.amount * getattr(part.multiple, case) for case in CASES))


@checked
def sum_of_parts(parts: Sequence[Part], *, allow_overlap: bool = False) -> SumOfParts:
    """The enterprise value of a list of parts: ``Σ amount × multiple``, in the low, base and high case.

    Amazon's segments bear all costs of the centre, so nothing is taken off for them. Raises
    :class:`OverlapError` naming both parts and the pools counted twice, unless ``allow_overlap``;
    ``ValueError`` on an empty list or a name given twice.

    >>> parts = [by_operating_income("AWS", 39.8, 9, AWS), by_operating_income("Retail", 25, 6, RETAIL)]
    >>> round(sum_of_parts(parts).enterprise_value.base, 1)
    508.2
    """
    check_parts(parts, allow_overlap=allow_overlap)
    values = {part.name: value_of(part) for part in parts}
    ends = [reduce(add, (getattr(value, case) for value in values.values())) for case in CASES]
    return SumOfParts(values, Range(*ends))


@checked
def solve_multiple(
    parts: Sequence[Part],
    name: str,
    enterprise_value: Number,
    *,
    case: Case = "base",
    allow_overlap: bool = False,
) -> Number:
    """The multiple that an enterprise value pays for one part if all the others are right.

    ``(enterprise_value − Σ other parts) ÷ amount``; the part's own multiple is not used. Negative where the
    others are worth more than the whole. Raises ``KeyError`` on an unknown name, ``ValueError`` if the part
    is valued directly or its amount is not above 0, and as :func:`sum_of_parts` on overlaps.

    >>> parts = [by_operating_income("AWS", 39.8, 9, AWS), by_operating_income("Retail", 25, 6, RETAIL)]
    >>> round(solve_multiple(parts, "AWS", 1800), 1)
    41.5
    """
    check_parts(parts, allow_overlap=allow_overlap)
    by_name = {part.name: part for part in parts}
    if name not in by_name:
        raise KeyError(f"no part {name!r}; known: {', '.join(by_name)}")
    amount = by_name[name].amount
    if amount is None:
        raise ValueError(f"{name} is valued directly and has no multiple to solve for")
    require_positive(**{f"{name} {by_name[name].basis}": amount})
    rest = enterprise_value
    for part in parts:
        if part.name != name:
            rest = rest - getattr(value_of(part), case)
    return rest / amount


@checked
def overlaps(parts: Sequence[Part]) -> list[tuple[str, str, frozenset[str]]]:
    """Every pair of parts that count the same profit, with the pools they share."""
    return [
        (one.name, other.name, one.profit & other.profit)
        for one, other in combinations(parts, 2)
        if one.profit & other.profit
    ]


@checked
def counted_twice(parts: Sequence[Part]) -> str:
    """What a list counts twice, as :class:`OverlapError` says it; empty for a sound one.

    >>> counted_twice([by_operating_income("AWS", 39.8, 9, AWS), directly("own chips", 70.0, CHIPS)])
    'AWS and own chips both count aws.chips'
    """
    return "; ".join(
        f"{one} and {other} both count {', '.join(sorted(shared))}" for one, other, shared in overlaps(parts)
    )


@checked
def uncovered(parts: Sequence[Part]) -> frozenset[str]:
    """The pools of ``POOLS`` that no part values."""
    return POOLS - frozenset().union(*(part.profit for part in parts))


@checked
def check_parts(parts: Sequence[Part], *, allow_overlap: bool = False) -> None:
    """Raise unless there are parts, each named once, whose profit is counted once (see above)."""
    names = [part.name for part in parts]
    if not names:
        raise ValueError("parts must hold at least one part")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"parts must have different names, given twice: {', '.join(twice)}")
    found = counted_twice(parts)
    if found and not allow_overlap:
        raise OverlapError(found)


def _part(name: str, basis: Basis, amount: Number, multiple: Range | Number, profit: frozenset[str]) -> Part:
    require_non_negative(**{f"{name} {basis}": amount})
    return Part(name, basis, amount, _ordered(f"{name} multiple", multiple, minimum=0.0), profit)


def _ordered(label: str, value: Range | Number, minimum: float | None = None) -> Range:
    """``value`` as a range, checked to rise from low to high."""
    span = value if isinstance(value, Range) else Range(value, value, value)
    require_finite(**{f"{label} ({case})": getattr(span, case) for case in CASES})
    if minimum is not None:
        require_non_negative(**{f"{label} (low)": span.low})
    if isinstance(value, Range):
        require_non_negative(
            **{f"{label} base − low": span.base - span.low, f"{label} high − base": span.high - span.base}
        )
    return span
