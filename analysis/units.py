"""Units: how amounts are scaled, printed, drawn on axes, put into tables and sheets. One table for all.

The site's script prints with the same rules (``book/_static/site/formats.js``, compared in the tests).
"""

from __future__ import annotations

from dataclasses import dataclass

NBSP = "\u00a0"


@dataclass(frozen=True)
class Unit:
    """How amounts of a unit are written.

    Printed is ``prefix``, the value × ``scale`` with ``digits`` decimals, ``suffix``; ``plus`` shows a
    rise's sign. ``head`` stands in the heads of tables, whose cells then hold bare numbers; ``axis`` is
    the Vega expression for the labels of an axis, ``excel`` the number format of a sheet.
    """

    words: str
    head: str = ""
    digits: int = 0
    scale: float = 1.0
    prefix: str = ""
    suffix: str = ""
    plus: bool = False
    axis: str = ""
    excel: str = "#,##0"

    def vega(self) -> str:
        """The Vega expression that prints ``datum.value``."""
        number = f"format({_times(self.scale)}datum.value, '{self.prefix},.{self.digits}f')"
        return f"{number} + '{self.suffix}'" if self.suffix else number


def _times(scale: float) -> str:
    return "" if scale == 1 else f"{scale:g} * "


_AXIS_BN = (
    "datum.value == 0 ? '$0' : abs(datum.value) >= 1000"
    " ? replace(format(datum.value / 1000, '$,.1f'), '.0', '') + 'T' : format(datum.value, '$,~r') + 'bn'"
)
_PERCENT = "fraction, shown as percent"
_AXIS_PERCENT = "format(100 * datum.value, ',~r') + '%'"

UNITS = {
    "usd_bn": Unit("billions of dollars", "$bn", 1, prefix="$", suffix="bn", axis=_AXIS_BN, excel="#,##0.0"),
    "usd_m": Unit("millions of dollars", "$m", 0, prefix="$", suffix="m",
                  axis="format(datum.value, '$,.0f') + 'm'"),
    "usd": Unit("dollars", "$", 2, prefix="$", axis="format(datum.value, '$,.0f')", excel="#,##0.00"),
    "fraction": Unit(_PERCENT, "%", 1, 100.0, suffix="%", axis=_AXIS_PERCENT, excel="0.0%"),
    "points": Unit("percentage points", "points", 1, 100.0, suffix=f"{NBSP}points", plus=True,
                   axis="format(100 * datum.value, '+,~r')", excel="0.0"),
    "x": Unit("multiple", "×", 2, suffix="×", axis="format(datum.value, ',~r') + '×'", excel='0.00"×"'),
    "count": Unit("count"),
    "number": Unit("number", "", 2, excel="0.00"),
    "years": Unit("years", "years", 1, suffix=f"{NBSP}years", excel="0.00"),
    "million": Unit("millions", "million", 0, suffix=f"{NBSP}million"),
    "year": Unit("calendar year", axis="format(datum.value, 'd')", excel="0"),
}  # fmt: skip

# Other ways to print a unit, by the name a sentence asks for: the unit and the decimals.
FORMS = {
    "usd_bn0": ("usd_bn", 0), "usd_bn2": ("usd_bn", 2), "usd0": ("usd", 0),
    "percent": ("fraction", 1), "percent0": ("fraction", 0), "percent2": ("fraction", 2),
    "change": ("fraction", 1), "change0": ("fraction", 0),
    "x1": ("x", 1), "x0": ("x", 0), "number1": ("number", 1), "number0": ("number", 0), "": ("number", 2),
}  # fmt: skip


def base_unit(unit: str) -> str:
    """The unit whose values a format prints; other words are returned as they are.

    >>> base_unit("percent0"), base_unit("usd_bn"), base_unit("figure")
    ('fraction', 'usd_bn', 'figure')
    """
    return FORMS[unit][0] if unit in FORMS else unit
