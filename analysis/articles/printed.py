"""Numbers as an article printed them: the digits say how exact they claim to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from analysis.figures import Figure
from analysis.formats import MINUS
from analysis.units import UNITS

_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?", re.ASCII)

# The units that a claim is printed in, and those of the figures that it is compared with.
_IN_FIGURES = {
    "usd_bn": "usd_bn", "usd_m": "usd_m", "usd": "usd", "percent": "fraction", "points": "points", "x": "x",
    "count": "count", "years": "years",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit in which articles print numbers.

    One printed unit is ``scale`` of the figures' unit ``figure`` (a percent is 0.01 of a fraction);
    ``shown`` writes the printed digits with the unit.
    """

    figure: str
    scale: float
    shown: Callable[[str], str]


def _around(before: str, after: str = "") -> Callable[[str], str]:
    def shown(digits: str) -> str:
        sign = MINUS if digits.startswith("-") else ""
        return f"{sign}{before}{digits.removeprefix('-')}{after}"

    return shown


@cache
def units() -> Mapping[str, Unit]:
    """Every unit that a claim can be printed in, by name."""
    found = {"usd_tn": Unit("usd_bn", 1000.0, _around("$", "T"))}
    for name, figure in _IN_FIGURES.items():
        unit = UNITS[figure]
        found[name] = Unit(figure, 1 / unit.scale, _around(unit.prefix, unit.suffix))
    return found | {"text": Unit("text", 1.0, _around(""))}


@dataclass(frozen=True)
class Printed:
    r"""A number, or a word, as printed: ``Printed("49.16", "percent")``.

    Raises ``ValueError`` for an unknown unit and for text that is no plain number in any unit but
    ``text``.

    >>> number = Printed("49.16", "percent")
    >>> round(number.value, 4), round(number.half_digit, 6), number.shown
    (0.4916, 5e-05, '49.16%')
    """

    text: str
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in units():
            raise ValueError(f"{self.unit!r} is no unit (expected one of {', '.join(units())})")
        if self.unit != "text" and not _NUMBER.fullmatch(self.text):
            raise ValueError(f"{self.text!r} is no number as printed (expected digits, as in 1,100 or 49.16)")

    @property
    def in_figures(self) -> str:
        """The unit of figures that this number is compared with."""
        return units()[self.unit].figure

    @property
    def value(self) -> float:
        """The number in the figures' unit; raises ``ValueError`` for words."""
        return float(self._decimal * Decimal(str(units()[self.unit].scale)))

    @property
    def half_digit(self) -> float:
        """Half a unit of the last digit printed, in the figures' unit: what rounding may hide."""
        exponent = self._decimal.as_tuple().exponent
        digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
        return float(digit / 2 * Decimal(str(units()[self.unit].scale)))

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point."""
        return len(self.text.partition(".")[2])

    @property
    def finer(self) -> str:
        """The format that shows a computed number with a digit more than was printed, where there is one."""
        formats = {"fraction": "percent2", "usd_bn": "usd_bn2"}
        return formats.get(self.in_figures, self.in_figures) if self.decimals else self.in_figures

    @property
    def shown(self) -> str:
        """The digits with their unit: ``$35.6bn``."""
        return units()[self.unit].shown(self.text)

    @property
    def _decimal(self) -> Decimal:
        if self.unit == "text":
            raise ValueError(f"{self.text!r} is a word, not a number")
        return Decimal(self.text.replace(",", ""))


def ordinal(place: float) -> str:
    """A place among others: 1st, 2nd, 3rd.

    >>> [ordinal(place) for place in (1.0, 2.0, 3.0, 5.0, 11.0, 22.0)]
    ['1st', '2nd', '3rd', '5th', '11th', '22nd']
    """
    whole = round(place)
    end = {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{'th' if whole % 100 in (11, 12, 13) else end}"


def in_unit(figure: Figure, unit: str, label: str = "") -> Figure:
    """A result in the figures' unit of a printed one, under a label, to compare or to show.

    Plain results of arithmetic take the unit on; raises ``UnitError`` if a unit cannot be converted.
    """
    wanted = units()[unit].figure
    is_open = figure.is_unnamed or figure.unit == ""
    is_plain = is_open or (figure.unit, wanted) in (("fraction", "points"), ("x", "count"))
    converted = figure if is_plain else figure.to(wanted)
    return converted.named(label or figure.label, wanted)


def printed_as(value: float, like: Printed, plus: bool = False) -> str:
    r"""``value``, in the figures' unit, written like a printed number but with a digit more.

    So the reader sees how it rounds. Whole counts stay whole, multiples have two digits, prices their cents;
    ``plus`` shows the sign of a difference.

    >>> printed_as(0.23597, Printed("24", "percent")), printed_as(0.01, Printed("2", "percent"), plus=True)
    ('23.6%', '+1.0%')
    """
    unit = units()[like.unit]
    decimals = {"count": 0, "x": 2, "usd": 2}.get(like.unit, like.decimals + (like.decimals < 2))
    body = f"{value / unit.scale:,.{decimals}f}"
    digits = body if body.strip("-0.,") else body.removeprefix("-")
    return ("+" if plus and value > 0 and digits.strip("0.,") else "") + unit.shown(digits)
