"""One look for every chart: palette, type, axes.

Each colour below is used for one thing only, so that the site's style sheet can find it in an SVG
(``svg [fill="#1f5f8b"]``) and replace it by the dark scheme's. That colours the SVG in the page and
the one that Vega draws alike, at the moment the reader switches. Charts therefore use these names,
never a colour of their own, and no continuous colour scale: ramps are in seven steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

# Series, told apart in the three common kinds of colour blindness, each readable as text.
BLUE = "#1f5f8b"
VERMILION = "#b4490d"
TEAL = "#0c7f63"
PURPLE = "#7d1466"
OCHRE = "#594508"
SLATE = "#5f6b78"
SERIES = (BLUE, VERMILION, TEAL, PURPLE, OCHRE, SLATE)

INK = "#1d2733"  # titles, values
INK_SOFT = "#4b5868"  # axis labels, notes
AXIS = "#9aa5b1"  # axis and zero lines
GRID = "#e4e8ec"
PAPER = "#fffffe"  # gaps between bars, halos behind labels
TARGET = "#a3233f"  # the lines of the targets
MUTED = "#c3ccd5"  # context: ranges, other companies, the past
BAND = "#b9d0e0"  # intervals around a series

LOWER = "#b4490e"  # falls, costs, what subtracts
UPPER = "#1f5f8c"  # rises, gains, what adds

RAMP = ("#eaf2f7", "#cbdfeb", "#a3c6dc", "#74a9c9", "#37759f", "#236491", "#0d4068")
RAMP_TEXT = ("#1d2734", "#1d2734", "#1d2734", "#1d2734", "#fffffd", "#fffffd", "#fffffd")
DIVERGING = ("#a63d07", "#d3804f", "#edc3a6", "#eef0f2", "#afcde0", "#5f9bc2", "#1b5680")

# One colour for a thing on every page; what has none takes those of the theme that are free, in turn.
COLOURS = {
    # companies and their clouds
    "Amazon": BLUE, "Google": VERMILION, "Meta": PURPLE, "Microsoft": TEAL,
    "AWS": BLUE, "Azure": TEAL, "Google Cloud": VERMILION,
    # segments, service lines and parts
    "North America": VERMILION, "International": TEAL,
    "Online stores": VERMILION, "Seller services": TEAL, "Advertising": PURPLE,
    "Advertising and other": PURPLE, "Subscriptions": OCHRE, "Physical stores": SLATE,
    "Stores": VERMILION, "Retail with advertising": VERMILION, "Retail": OCHRE,
    "Net cash and stakes": SLATE, "Market": SLATE,
    # sales, costs and cash
    "one quarter": SLATE, "twelve months": BLUE, "contracted work": BLUE, "sales, twelve months": OCHRE,
    "Stores' sales": VERMILION, "Paid units": SLATE, "Shipping": VERMILION, "Fulfilment": OCHRE,
    "Operating cash flow": BLUE, "Net purchases": VERMILION, "Free cash flow": TEAL, "Depreciation": OCHRE,
    "Profit after tax": BLUE, "Net investment": VERMILION,
    # scenarios, ranges and draws
    "bear": VERMILION, "base": BLUE, "bull": TEAL, "reported": SLATE, "as reported": SLATE,
    "low": VERMILION, "assumed": BLUE, "high": TEAL,
    "drivers alone": TEAL, "weighted": BLUE, "base rate alone": SLATE,
    "market value then": SLATE,
    # grades of claims
    "holds": BLUE, "holds with rounding": TEAL, "does not hold": VERMILION, "not checkable": MUTED,
}  # fmt: skip

# Words are measured with the first, which is in analysis/charts/fonts; readers see one of their own.
FONT = "Report Sans, Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
WIDE, NARROW = 720, 360  # widths in pixels that the SVGs of a page are drawn for


def meaning(name: str) -> str | None:
    """The colour that a thing has on every page, where it has one; upper and lower case are one name."""
    return next((colour for thing, colour in COLOURS.items() if thing.lower() == name.lower()), None)


def colours_of(names: Sequence[str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The colours of the things that a chart draws, by name; ``own`` are those of this chart alone.

    >>> colours_of(["AWS", "a chip", "net purchases"]) == {
    ...     "AWS": BLUE, "a chip": TEAL, "net purchases": VERMILION}
    True
    """
    given = {name: (own or {}).get(name) or meaning(name) for name in names}
    free = [colour for colour in SERIES if colour not in given.values()] or list(SERIES)
    turn = itertools.cycle(free)
    return {name: colour or next(turn) for name, colour in given.items()}


def config() -> dict[str, Any]:
    """The Vega-Lite configuration that every chart is drawn with."""
    words = {"labelColor": INK_SOFT, "labelFont": FONT, "labelFontSize": 12}
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        **_axes(words),
        "header": {
            **words,
            "labelColor": INK,
            "labelFontWeight": "bold",
            "title": None,
            "labelAnchor": "start",
        },
        "legend": {
            **words,
            "title": None,
            "orient": "top",
            "direction": "horizontal",
            "symbolType": "square",
            "columns": 3,
            "labelLimit": 240,
        },
        "title": {"color": INK, "font": FONT},
        "range": {
            "category": list(SERIES),
            "ramp": list(RAMP),
            "heatmap": list(RAMP),
            "diverging": list(DIVERGING),
        },
        **_marks(),
    }


def _axes(words: dict[str, Any]) -> dict[str, Any]:
    """Axes: light grid, no vertical axis line, the title of a vertical axis above it."""
    every = {
        **words,
        "titleColor": INK_SOFT,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "gridColor": GRID,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "labelPadding": 6,
        "labelOverlap": "greedy",
        "labelSeparation": 4,  # pixels between the labels that stay
    }
    vertical = {"domain": False, "ticks": False, "tickCount": 5, "titleAngle": 0, "titleAlign": "left"}
    above = {"titleAnchor": "start", "titleBaseline": "bottom", "titleX": 0, "titleY": -12}
    return {
        "axis": every,
        "axisX": {"grid": False, "labelAngle": 0},
        "axisY": vertical | above,
        "axisQuantitative": {"tickCount": 5, "labelOverlap": "parity"},
    }


def _marks() -> dict[str, Any]:
    """Marks in the first series' colour unless a chart says otherwise."""
    return {
        "line": {"color": BLUE, "strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
        "area": {"color": BLUE},
        "bar": {"color": BLUE},
        "rect": {"color": BLUE},
        "point": {"color": BLUE, "filled": True, "size": 50},
        "rule": {"color": INK_SOFT},
        "tick": {"color": INK},
        "text": {"color": INK, "font": FONT, "fontSize": 12},
    }
