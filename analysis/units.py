"""Units: how amounts are scaled, printed, drawn on axes, put into tables and sheets. One table for all.

The site's script prints with the same rules (``book/_static/site/formats.js``, compared in the tests).
"""

from __future__ import annotations

from dataclasses import dataclass

NBSP = "\u00a0"


@dataclass(frozen=True)
class Unit:
    """How amounts of a unit are written.

    Printed is ``prefix``, the value × ``scale`` with ``digits`` decimals, ``suffix``; from a
    thousand on the amount is given in ``thousands``, another suffix. ``head`` stands in the heads of
    tables, whose cells then hold bare numbers; ``axis`` is the Vega expression for the labels of an axis,
    ``excel`` the number format of a sheet.
    """

    words: str
    head: str = ""
    digits: int = 0
    scale: float = 1.0
    prefix: str = ""
    suffix: str = ""
    thousands: str = ""
    axis: str = ""
    excel: str = "#,##0"

    def vega(self) -> str:
        """The Vega expression that prints ``datum.value``."""
        scaled = "datum.value" if self.scale == 1 else f"{self.scale:g} * datum.value"
        printed = f"format({scaled}, '{self.prefix},.{self.digits}f') + '{self.suffix}'"
        if not self.thousands:
            return printed
        large = f"format(datum.value / 1000, '{self.prefix},.2f') + '{self.thousands}'"
        return f"(abs(datum.value) >= 1000 ? {large} : {printed})"


_AXIS_BN = (
    "datum.value == 0 ? '$0' : abs(datum.value) >= 1000"
    " ? replace(format(datum.value / 1000, '$,.1f'), '.0', '') + 'T' : format(datum.value, '$,~r') + 'bn'"
)
UNITS = {
    "usd_bn": Unit("billions of dollars", "$bn", 1, prefix="$", suffix="bn", thousands="T",
                   axis=_AXIS_BN, excel="#,##0.0"),
    "usd_m": Unit("millions of dollars", "$m", prefix="$", suffix="m",
                  axis="format(datum.value, '$,.0f') + 'm'"),
    "usd": Unit("dollars", "$", 2, prefix="$", axis="format(datum.value, '$,.0f')", excel="#,##0.00"),
    "fraction": Unit("fraction, shown as percent", "%", 1, 100.0, suffix="%",
                     axis="format(100 * datum.value, ',~r') + '%'", excel="0.0%"),
    "points": Unit("percentage points", "points", 1, 100.0, suffix=f"{NBSP}points",
                   axis="format(100 * datum.value, '+,~r')", excel="0.0"),
    "x": Unit("multiple", "×", 2, suffix="×", axis="format(datum.value, ',~r') + '×'", excel='0.00"×"'),
    "count": Unit("count"),
    "number": Unit("", digits=2, excel="0.00"),
    "years": Unit("years", "years", 1, suffix=f"{NBSP}years", excel="0.00"),
    "million": Unit("millions", "million", suffix=f"{NBSP}million"),
    "year": Unit("calendar year", axis="format(datum.value, 'd')", excel="0"),
}  # fmt: skip

# Other ways to print a unit, by the name a sentence asks for: the unit and the decimals.
FORMS = {
    "usd_bn0": ("usd_bn", 0), "usd_bn2": ("usd_bn", 2), "usd_bn_change": ("usd_bn", 1), "usd0": ("usd", 0),
    "percent": ("fraction", 1), "percent0": ("fraction", 0), "percent2": ("fraction", 2),
    "change": ("fraction", 1), "change0": ("fraction", 0), "chance": ("fraction", 0),
    "x1": ("x", 1), "x0": ("x", 0), "number1": ("number", 1), "number0": ("number", 0),
    "number3": ("number", 3), "": ("number", 2),
}  # fmt: skip
SIGNED = ("change", "change0", "points", "usd_bn_change")  # formats that show the sign of a rise


def base_unit(unit: str) -> str:
    """The unit whose values a format prints; other words are returned as they are.

    >>> base_unit("percent0"), base_unit("usd_bn"), base_unit("figure")
    ('fraction', 'usd_bn', 'figure')
    """
    return FORMS[unit][0] if unit in FORMS else unit


def words_of(unit: str) -> str:
    """What a unit is called; nothing where there is nothing to say.

    >>> words_of("usd_bn0"), words_of("number"), words_of("text")
    ('billions of dollars', '', '')
    """
    known = UNITS.get(base_unit(unit))
    return known.words if known else ""
