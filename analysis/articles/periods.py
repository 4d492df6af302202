"""Periods that claims are about, read from a few words: ``2025Q1``, ``FY2024``, ``TTM 2025Q1``, a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.data import quarters

Kind = Literal["quarter", "year", "ttm", "day", "span", "none"]
UNDATED = "undated"
_SPAN = " to "


@dataclass(frozen=True)
class Period:
    """A period and the label it was read from.

    ``quarter`` is its last quarter where it is a quarter, a calendar year or twelve months; ``day`` the
    day where it is one.
    """

    kind: Kind
    label: str
    quarter: str = ""
    day: date | None = None

    @property
    def year(self) -> int:
        """The calendar year in which the period ends; raises ``ValueError`` if it has no quarter."""
        return quarters.split(self.quarter)[0]


def read_period(label: str) -> Period:
    """The period that ``label`` names.

    A quarter ``2025Q1``, a year ``FY2024`` or ``2030``, twelve months ``TTM 2025Q1``, a day, a span of
    two of these joined by ``to``, or ``undated``. Raises ``ValueError`` for anything else.

    >>> read_period("FY2024").quarter, read_period("2025 to 2030").kind
    ('2024Q4', 'span')
    """
    if label == UNDATED:
        return Period("none", label)
    if _SPAN in label:
        first, _, last = label.partition(_SPAN)
        if "span" in (read_period(first).kind, read_period(last).kind):
            raise _unknown(label)
        return Period("span", label)
    if quarters.is_quarter(label):
        return Period("quarter", label, label)
    ending = label.removeprefix("TTM ")
    if ending != label and quarters.is_quarter(ending):
        return Period("ttm", label, ending)
    year = label.removeprefix("FY")
    if year.isascii() and year.isdigit() and len(year) == 4:
        return Period("year", label, f"{year}Q4")
    try:
        return Period("day", label, "", date.fromisoformat(label))
    except ValueError:
        raise _unknown(label) from None


def _unknown(label: str) -> ValueError:
    return ValueError(
        f"{label!r} is no period (expected 2025Q1, FY2024, TTM 2025Q1, 2025-06-13, 'a to b' or {UNDATED})"
    )
