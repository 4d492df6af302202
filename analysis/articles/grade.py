"""Grades: how far a computed number bears a claimed one out. Pure arithmetic; nobody types a grade.

A claim *holds* if the computed number agrees with it within the last digit it prints, *holds with
rounding* if only within a wider band that is stated with it, and *does not hold* otherwise. What is not
computed has *no source here*, if somebody publishes what would decide it, or is such that *nobody can say*.
Only facts have such grades: a forecast is *not due yet* until its day has come, and an *opinion or
assumption* has no grade, whatever is computed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.articles.printed import Printed

Unchecked = Literal["no source here", "nobody can say"]
UNCHECKED: tuple[Unchecked, ...] = ("no source here", "nobody can say")
Ungraded = Literal["not due yet", "opinion or assumption"]
UNGRADED: tuple[Ungraded, ...] = ("not due yet", "opinion or assumption")
Grade = Literal["holds", "holds with rounding", "does not hold"] | Unchecked | Ungraded
CHECKED: tuple[Grade, ...] = ("holds", "holds with rounding", "does not hold")
GRADES: tuple[Grade, ...] = (*CHECKED, *UNCHECKED, *UNGRADED)
_BEST_FIRST: tuple[Grade, ...] = ("holds", "holds with rounding", *UNCHECKED, "does not hold")
Relation = Literal["equals", "between", "at_least", "more_than", "at_most", "less_than", "is"]
RELATIONS: Mapping[Relation, str] = {
    "equals": "",
    "between": "between",
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
    "is": "",
}
"""Every relation of a computed number to the claimed one, and how it is said before the number."""

# Relative room for the last bit of a double, so that an exact tie is not lost to binary fractions.
_TIE = 1e-9


@dataclass(frozen=True)
class Band:
    """A wider band, in the figures' unit, and why it is fair; what lies within it holds with rounding.

    A band around the claim must hold the computed number. A band of the computation, the values it
    may take by choices that the article left open, must hold the claimed one.
    """

    low: float
    high: float
    why: str
    of_computation: bool = False


def grade_number(
    relation: Relation, printed: Sequence[Printed], computed: float | str, band: Band | None = None
) -> Grade:
    """The grade of one claimed number; ``between`` takes two printed numbers, all others one.

    ``computed`` is in the figures' unit, or a word for the relation ``is``.
    Raises ``ValueError`` if the relation and what it is given do not fit.

    >>> grade_number("equals", [Printed("24", "percent")], 0.2360)
    'holds'
    >>> grade_number("more_than", [Printed("70", "percent")], 0.627)
    'does not hold'
    """
    if len(printed) != (2 if relation == "between" else 1):
        raise ValueError(f"{relation!r} does not take {len(printed)} printed numbers")
    if relation == "is":
        return "holds" if computed == printed[0].text else "does not hold"
    if isinstance(computed, str):
        raise ValueError(f"{computed!r} is a word and can only be compared by 'is'")
    if _fits(relation, printed, computed):
        return "holds"
    if band is not None:
        tested = [p.value for p in printed] if band.of_computation else [computed]
        if all(_within(value, band) for value in tested):
            return "holds with rounding"
    return "does not hold"


def difference(relation: Relation, printed: Sequence[Printed], computed: float) -> float:
    """How far ``computed`` lies from the claim: from its number, or from the nearer end of its range.

    In the figures' unit; 0 inside a range. For bounds it is the distance from the bound, whose sign
    says on which side.
    """
    low, high = printed[0].value, printed[-1].value
    if relation == "between" and low <= computed <= high:
        return 0.0
    nearest = low if abs(computed - low) <= abs(computed - high) else high
    return computed - nearest


def worst(grades: Iterable[Grade]) -> Grade:
    """The grade of a claim of several parts: that of its worst part, those that were not computed included.

    A part that does not hold is the worst, and one that was not computed is worse than one that holds.

    >>> worst(["holds", "nobody can say"]), worst(["no source here", "does not hold"])
    ('nobody can say', 'does not hold')
    """
    return max(grades, key=_BEST_FIRST.index)


def agrees(relation: Relation, printed: Sequence[Printed], candidate: float, near: float = 0.1) -> bool:
    """Whether another number may be what was printed: an explanation of a claim that fails.

    It must round to the printed digits; where only a bound was printed it must respect it and lie
    within the fraction ``near`` of it.
    """
    ends = [*printed]
    if any(abs(candidate - p.value) <= _reach(p) for p in ends):
        return True
    if relation == "between":
        return _fits(relation, printed, candidate)
    close = abs(candidate - printed[0].value) <= near * abs(printed[0].value)
    return relation != "equals" and close and _fits(relation, printed, candidate)


def _reach(printed: Printed) -> float:
    return printed.half_digit + _TIE * max(abs(printed.value), printed.half_digit)


def _fits(relation: Relation, printed: Sequence[Printed], computed: float) -> bool:
    low, high = printed[0], printed[-1]
    match relation:
        case "equals":
            return abs(computed - low.value) <= _reach(low)
        case "between":
            return low.value - _reach(low) <= computed <= high.value + _reach(high)
        case "at_least":
            return computed >= low.value - _reach(low)
        case "at_most":
            return computed <= low.value + _reach(low)
        case "more_than":
            return computed > low.value
        case "less_than":
            return computed < low.value
        case _:
            raise ValueError(f"{relation!r} compares no numbers")


def _within(value: float, band: Band) -> bool:
    room = _TIE * max(abs(band.low), abs(band.high))
    return band.low - room <= value <= band.high + room
