"""Whether a value is of the size that its own past lets expect: one rule for every field and series.

A measure of a value (its growth on the year before, its share of a total, …) is held against the same measure
of the last twelve periods. It is out of line when it lies outside their range widened by the range's own
width on either side. The first periods, which have no past, are held against those that follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

WINDOW = 12
LEAST = 8  # fewer say too little about a range
WIDTH = 1.0
MISPLACED = 10.0  # where there is no range: a digit too many or too few against the value before

K = TypeVar("K")


@dataclass(frozen=True)
class OutOfLine(Generic[K]):
    """One measure outside the range of its own past, which is ``low`` to ``high``."""

    key: K
    value: float
    low: float
    high: float


def limits(past: Sequence[float], width: float = WIDTH) -> tuple[float, float]:
    """The range of past values, widened by its own width on either side.

    >>> limits([0.1, 0.2, 0.15])
    (0.0, 0.30000000000000004)
    """
    low, high = min(past), max(past)
    room = width * (high - low)
    return low - room, high + room


def out_of_line(
    measures: Sequence[tuple[K, float]], window: int = WINDOW, least: int = LEAST
) -> Iterator[OutOfLine[K]]:
    """The measures that do not fit the ``window`` before them; oldest first, each with its key.

    ``-inf`` stands for a growth to nothing: no past is held to hold it. Where fewer than ``least`` others are
    known, none is judged.
    """
    values = [value for _, value in measures]
    whole = all(map(math.isfinite, values))  # a year of sessions is long: look at each number once
    for place, (key, value) in enumerate(measures):
        past = values[max(0, place - window) : place]
        if not whole:
            past = [each for each in past if math.isfinite(each)]
        if len(past) < least:
            past = [each for each in values[:place] + values[place + 1 :] if math.isfinite(each)][:least]
        if len(past) >= least:
            low, high = limits(past)
            if not low <= value <= high:
                yield OutOfLine(key, value, low, high)


def growth(value: float | None, base: float | None) -> float | None:
    """Logarithm of ``value`` ÷ ``base``; ``-inf`` to nothing, ``None`` where a ratio says nothing.

    >>> growth(0.0, 5.0), growth(5.0, 5.0), growth(-1.0, 5.0)
    (-inf, 0.0, None)
    """
    if value is None or not base or value * base < 0:
        return None
    return math.log(value / base) if value else -math.inf
