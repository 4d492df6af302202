"""How numbers are printed: one formatter per unit, the same in prose, tables, charts and alt text.

Money is shown as $bn, or $T from a thousand billion; shares as percent; multiples with ``×``.
The minus sign is U+2212 and a no-break space joins a number to its unit, so no line ends between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

NBSP = "\u00a0"
MINUS = "\u2212"


def _signed(value: float, digits: int, prefix: str = "", suffix: str = "", plus: bool = False) -> str:
    body = f"{abs(value):,.{digits}f}"
    is_zero = not body.strip("0.,")
    sign = "" if is_zero else MINUS if value < 0 else "+" if plus else ""
    return f"{sign}{prefix}{body}{suffix}"


def usd_bn(value: float, digits: int = 1) -> str:
    """Billions of dollars as ``$716.9bn``, from 1,000 on as ``$2.24T``; exact trillions as ``$4T``.

    >>> usd_bn(716.92), usd_bn(2239.7), usd_bn(-4.25), usd_bn(4000.0)
    ('$716.9bn', '$2.24T', '−$4.2bn', '$4T')
    """
    if value and value % 1000 == 0:
        return _signed(value / 1000, 0, "$", "T")
    if round(abs(value), digits) >= 1000:
        return _signed(value / 1000, max(digits, 2), "$", "T")
    return _signed(value, digits, "$", "bn")


def usd_m(value: float) -> str:
    """Millions of dollars as printed in the filings: ``$213,386m``."""
    return _signed(value, 0, "$", "m")


def usd(value: float) -> str:
    """Dollars and cents, for prices and per-share figures."""
    return _signed(value, 2, "$")


def percent(value: float, digits: int = 1) -> str:
    r"""A fraction as percent.

    >>> percent(0.2364), percent(-0.051, 0)
    ('23.6%', '−5%')
    """
    return _signed(value * 100, digits, suffix="%")


def change(value: float, digits: int = 1) -> str:
    """A fraction as percent with its sign always shown."""
    return _signed(value * 100, digits, suffix="%", plus=True)


def points(value: float, digits: int = 1) -> str:
    """A difference of two fractions in percentage points, sign always shown."""
    return _signed(value * 100, digits, suffix=f"{NBSP}points", plus=True)


def multiple(value: float, digits: int = 2) -> str:
    """A multiple: ``3.46×``."""
    return _signed(value, digits, suffix="×")


def count(value: float) -> str:
    """A whole number with thousands separators."""
    return _signed(value, 0)


def number(value: float, digits: int = 2) -> str:
    """A plain number."""
    return _signed(value, digits)


def years(value: float) -> str:
    r"""A span of years, whole when it is whole.

    >>> years(5.0), years(4.75)
    ('5\xa0years', '4.8\xa0years')
    """
    return _signed(value, 0 if float(value).is_integer() else 1, suffix=f"{NBSP}years")


def millions(value: float) -> str:
    """A count in millions: ``10,731 million``; below one thousand with one decimal."""
    return _signed(value, 0 if abs(value) >= 1000 else 1, suffix=f"{NBSP}million")


def day(value: date) -> str:
    """A date as ``31 March 2026``."""
    return f"{value.day} {value:%B %Y}"


def _rounded(formatter: Callable[..., str], digits: int) -> Callable[[float], str]:
    return lambda value: formatter(value, digits)


# Formats a sentence can ask for by name; every unit of a Figure is also a name here.
FORMATS: dict[str, Callable[[float], str]] = {
    "usd_bn": usd_bn,
    "usd_bn0": _rounded(usd_bn, 0),
    "usd_bn2": _rounded(usd_bn, 2),
    "usd_m": usd_m,
    "usd": usd,
    "usd0": lambda value: _signed(value, 0, "$"),
    "fraction": percent,
    "percent": percent,
    "percent0": _rounded(percent, 0),
    "percent2": _rounded(percent, 2),
    "change": change,
    "change0": _rounded(change, 0),
    "points": points,
    "x": multiple,
    "x1": _rounded(multiple, 1),
    "x0": _rounded(multiple, 0),
    "count": count,
    "number": number,
    "number1": _rounded(number, 1),
    "number0": _rounded(number, 0),
    "years": years,
    "million": millions,
    "year": lambda value: f"{value:.0f}",
    "": number,
}


def show(value: float | str, unit: str) -> str:
    """``value`` printed in its unit, or in the named format; text passes through.

    Raises ``KeyError`` naming the unknown format.
    """
    if isinstance(value, str):
        return value
    if unit not in FORMATS:
        raise KeyError(f"no format {unit!r}; known: {', '.join(sorted(k for k in FORMATS if k))}")
    return FORMATS[unit](value)
