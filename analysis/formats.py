"""How numbers and words are printed: one formatter per unit, the same in prose, tables, charts and alt text.

Money is shown as $bn, or $T from a thousand billion; shares as percent; multiples with ``×``.
The minus sign is U+2212 and a no-break space joins a number to its unit, so no line ends between.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from analysis.units import FORMS, NBSP, SIGNED, UNITS

__all__ = [
    "FORMATS",
    "MINUS",
    "NBSP",
    "apostrophes",
    "day",
    "escape",
    "month",
    "multiple",
    "percent",
    "show",
    "usd",
    "usd_bn",
    "with_days",
    "year_ends",
]

MINUS = "\u2212"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?= \w)")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _signed(value: float, digits: int, prefix: str = "", suffix: str = "", plus: bool = False) -> str:
    body = f"{abs(value):,.{digits}f}"
    is_zero = not body.strip("0.,")
    sign = "" if is_zero else MINUS if value < 0 else "+" if plus else ""
    return f"{sign}{prefix}{body}{suffix}"


def _printed(value: float, digits: int | None = None, *, unit: str, plus: bool = False) -> str:
    """A value in a unit of the table; whole years stay whole, small millions get a decimal."""
    known = UNITS[unit]
    places = known.digits if digits is None else digits
    if unit == "year":
        return f"{value:.0f}"
    if unit == "years" and float(value).is_integer():
        places = 0
    if unit == "million" and abs(value) < 1000:
        places = 1
    if known.thousands:
        is_exact = bool(value) and value % 1000 == 0
        if is_exact or round(abs(value), places) >= 1000:
            places = 0 if is_exact else max(places, 2)
            return _signed(value / 1000, places, known.prefix, known.thousands, plus)
    return _signed(value * known.scale, places, known.prefix, known.suffix, plus)


def _chance(value: float) -> str:
    """A probability in whole percent: what is possible is not 0%, what may fail to come not 100%."""
    shown = _printed(value, 0, unit="fraction")
    return "<1%" if shown == "0%" and value > 0 else ">99%" if shown == "100%" and value < 1 else shown


# Formats a sentence can ask for by name; every unit of a Figure is also a name here.
FORMATS: Mapping[str, Callable[[float], str]] = {
    name: partial(_printed, unit=name, plus=name in SIGNED) for name in UNITS
} | {
    name: partial(_printed, digits=digits, unit=unit, plus=name in SIGNED)
    for name, (unit, digits) in FORMS.items()
} | {"chance": _chance}  # fmt: skip


def usd_bn(value: float, digits: int = 1) -> str:
    """Billions of dollars as ``$716.9bn``, from 1,000 on as ``$2.24T``; exact trillions as ``$4T``.

    >>> usd_bn(716.92), usd_bn(2239.7), usd_bn(-4.25), usd_bn(4000.0)
    ('$716.9bn', '$2.24T', '−$4.2bn', '$4T')
    """
    return _printed(value, digits, unit="usd_bn")


def usd(value: float) -> str:
    """Dollars and cents, for prices and per-share figures."""
    return _printed(value, unit="usd")


def percent(value: float, digits: int = 1) -> str:
    r"""A fraction as percent.

    >>> percent(0.2364), percent(-0.051, 0)
    ('23.6%', '−5%')
    """
    return _printed(value, digits, unit="fraction")


def multiple(value: float, digits: int = 2) -> str:
    """A multiple: ``3.46×``."""
    return _printed(value, digits, unit="x")


def day(value: date) -> str:
    """A date as ``31 March 2026``."""
    return f"{value.day} {value:%B %Y}"


def month(words: str) -> str:
    """A month, such as ``2026-05``, as ``May 2026``; other words as they are."""
    return f"{date.fromisoformat(f'{words}-01'):%B %Y}" if _MONTH.fullmatch(words) else words


def with_days(words: str) -> str:
    """Words with every day in them written out; what is no day stays as it is.

    >>> with_days("AMZN close, 2026-05-15, 2025Q4"), with_days("2026-02-30")
    ('AMZN close, 15 May 2026, 2025Q4', '2026-02-30')
    """
    return _DAY.sub(_written_out, words)


def _written_out(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def apostrophes(words: str) -> str:
    """Words with the apostrophes of print, as Sphinx has them in prose.

    >>> apostrophes("Amazon's, others' sales, 'so'")
    "Amazon’s, others’ sales, 'so'"
    """
    return _APOSTROPHE.sub("’", words) if "'" in words else words  # most have none


def escape(words: str) -> str:
    """Words as HTML, with the apostrophes of print."""
    return html.escape(apostrophes(words))


def year_ends(value: int | date) -> float:
    """A year's end, or a day, on an axis of time whose whole numbers are the ends of years.

    >>> year_ends(2026), year_ends(date(2026, 12, 31)), round(year_ends(date(2027, 7, 2)), 1)
    (2026.0, 2026.0, 2026.5)
    """
    if not isinstance(value, date):
        return float(value)
    first, last = date(value.year, 1, 1), date(value.year, 12, 31)
    return value.year - 1 + ((value - first).days + 1) / ((last - first).days + 1)


def show(value: float | str, unit: str) -> str:
    r"""``value`` printed in its unit, or in the named format; text passes through.

    Raises ``KeyError`` naming the unknown format.

    >>> show(4.75, "years"), show(5.0, "years"), show(0.013, "points")
    ('4.8\xa0years', '5\xa0years', '+1.3\xa0points')
    """
    if isinstance(value, str):
        return value
    if unit not in FORMATS:
        raise KeyError(f"no format {unit!r}; known: {', '.join(sorted(k for k in FORMATS if k))}")
    return FORMATS[unit](value)
