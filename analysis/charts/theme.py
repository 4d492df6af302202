"""One look for every chart: palette, type, axes.

Each colour below is used for one thing only, so that the site's style sheet can find it in an SVG
(``svg [fill="#1f5f8b"]``) and replace it by the dark scheme's. That colours the SVG in the page and
the one that Vega draws alike, at the moment the reader switches. Charts therefore use these names,
never a colour of their own, and no continuous colour scale: ramps are in seven steps.
"""

from __future__ import annotations

from collections.abc import Sequence
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

# One colour for a thing on every page; what has none takes the theme's in turn.
COLOURS = {
    "AWS": BLUE, "Azure": TEAL, "Microsoft": TEAL, "Google Cloud": VERMILION,
    "one quarter": SLATE, "twelve months": BLUE, "contracted work": BLUE, "sales, twelve months": OCHRE,
    "bear": VERMILION, "base": BLUE, "bull": TEAL, "reported": SLATE,
}  # fmt: skip

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
WIDE, NARROW = 720, 360  # widths in pixels that the SVGs of a page are drawn for


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """The colours of the things that a chart draws, by name."""
    return {name: COLOURS.get(name, SERIES[place % len(SERIES)]) for place, name in enumerate(names)}


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
