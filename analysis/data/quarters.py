"""Arithmetic with quarter labels such as ``2025Q4``, and the day on which a period ends."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_LABEL = re.compile(r"([1-9]\d{3})Q([1-4])", re.ASCII)
FISCAL = "FY"
ORDINALS = ("first", "second", "third", "fourth")
DAYS_PER_YEAR = 365.25

# Months as periods such as "TTM Mar-2025" name them.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_quarter(text: object) -> bool:
    """Whether ``text`` is a quarter label."""
    return isinstance(text, str) and _LABEL.fullmatch(text) is not None


def is_fiscal(text: object) -> bool:
    """Whether ``text`` is a quarter of a company's own year: ``FY2026Q4``."""
    return isinstance(text, str) and text.startswith(FISCAL) and is_quarter(text.removeprefix(FISCAL))


def split(label: str) -> tuple[int, int]:
    """Year and quarter of the year, fiscal ones too; raises ``ValueError`` for anything but a label.

    >>> split("2025Q4")
    (2025, 4)
    """
    match = _LABEL.fullmatch(label.removeprefix(FISCAL))
    if match is None:
        raise ValueError(f"{label!r} is not a quarter such as '2025Q4'")
    return int(match[1]), int(match[2])


@lru_cache(maxsize=4096)
def add(label: str, count: int) -> str:
    """The quarter ``count`` quarters later, or earlier if negative; of the same kind of year.

    >>> add("2025Q4", 1), add("FY2025Q1", -4)
    ('2026Q1', 'FY2024Q1')
    """
    year, quarter = split(label)
    year, position = divmod(year * 4 + quarter - 1 + count, 4)
    return f"{FISCAL if is_fiscal(label) else ''}{year:04d}Q{position + 1}"


def distance(first: str, last: str) -> int:
    """How many quarters ``last`` lies after ``first``; the inverse of :func:`add`."""
    (year_a, quarter_a), (year_b, quarter_b) = split(first), split(last)
    return (year_b - year_a) * 4 + quarter_b - quarter_a


def span(first: str, last: str) -> list[str]:
    """All quarters from ``first`` through ``last``; empty if ``last`` is earlier."""
    return [add(first, count) for count in range(distance(first, last) + 1)]


def last_four(label: str) -> list[str]:
    """The four quarters that end with ``label``, oldest first."""
    return span(add(label, -3), label)


def period_end(label: str) -> date:
    """The last day of the quarter."""
    year, quarter = split(label)
    return date(year, 3 * quarter, monthrange(year, 3 * quarter)[1])


def containing(day: date) -> str:
    """The quarter in which ``day`` lies."""
    return f"{day.year:04d}Q{(day.month + 2) // 3}"
