"""One look for every chart: palette, type, axes.

Each colour below is used for one thing only, so that the site's style sheet can find it in an SVG
(``svg [fill="#0b4a7c"]``) and replace it by the dark scheme's. That colours the SVG in the page and
the one that Vega draws alike, at the moment the reader switches. Charts therefore use these names,
never a colour of their own, and no continuous colour scale: ramps are in seven steps.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

# Series, told apart in the three common kinds of colour blindness, each readable as text.
BLUE = "#0b4a7c"
VERMILION = "#a04e06"
TEAL = "#0a7d62"
PURPLE = "#9a2cc4"
OCHRE = "#594508"
SLATE = "#5f6b78"
SERIES = (BLUE, VERMILION, TEAL, PURPLE, OCHRE, SLATE)
HUES = (BLUE, VERMILION, TEAL, PURPLE)  # of the things that the report is about

INK = "#17202b"  # titles, values
INK_SOFT = "#525b66"  # axis labels, notes
AXIS = "#8d8a82"  # axis and zero lines
GRID = "#dcd8ce"
PAPER = "#fcfbf8"  # gaps between bars, halos behind labels
TARGET = "#b3123f"  # the lines of the targets
MISS = "#7d8894"  # what stays below the lowest target
BEYOND = "#5e0a26"  # those of the targets above the lowest, where the two must be told apart
MUTED = "#c6ccd3"  # context: ranges, other companies, the past
BAND = "#b9d0e0"  # intervals around a series
GIANT = "#7d6a3c"  # another company in a panel of its own, which names it

TONES = (INK, SLATE, MISS)  # of kinds and statuses, which have shapes too and are no things

RAMP = ("#eaf2f7", "#cbdfeb", "#a3c6dc", "#74a9c9", "#37759f", "#236491", "#0d4068")
RAMP_TEXT = ("#1d2734", "#1d2734", "#1d2734", "#1d2734", "#fffffd", "#fffffd", "#fffffd")
DIVERGING = ("#a63d07", "#d3804f", "#edc3a6", "#eef0f2", "#afcde0", "#5f9bc2", "#1b5680")

# One colour for a thing on every page; what has none takes those of the theme that are free, in turn. Hue is
# for things: AWS blue, advertising orange, stores green, cash purple, Amazon as a whole ink. Rivals and
# scenarios have none of their own: they are muted, and named where they end.
COLOURS = {
    # companies and their clouds
    "Amazon": INK, "Google": OCHRE, "Meta": SLATE, "Microsoft": SLATE,
    "AWS": BLUE, "Azure": SLATE, "Google Cloud": OCHRE,
    # segments, service lines and parts
    "North America": TEAL, "International": OCHRE,
    "Online stores": TEAL, "Seller services": OCHRE, "Advertising": VERMILION,
    "Advertising and other": VERMILION, "Subscriptions": PURPLE, "Physical stores": SLATE,
    "Stores": TEAL, "Retail with advertising": TEAL, "Retail": TEAL,
    "Net cash and stakes": PURPLE, "Market": SLATE,
    # sales, costs and cash
    "one quarter": SLATE, "twelve months": BLUE, "contracted work": BLUE, "sales, twelve months": OCHRE,
    "Stores' sales": TEAL, "Paid units": SLATE, "Shipping": TEAL, "Fulfilment": OCHRE,
    "Operating cash flow": INK, "Net purchases": OCHRE, "Free cash flow": PURPLE, "Depreciation": SLATE,
    "Profit after tax": INK, "Net investment": OCHRE,
    # scenarios, ranges and simulations
    "bear": SLATE, "base": INK, "bull": SLATE, "reported": SLATE,
    "low": SLATE, "assumed": INK, "high": SLATE,
    "assumptions alone": OCHRE, "weighted": INK, "base rate alone": SLATE,
    "market value then": SLATE,
    # grades of claims: what fails is hollow
    "holds": INK, "holds with rounding": SLATE, "does not hold": PAPER,
    "no source here": MISS, "nobody can say": MUTED, "not due yet": OCHRE, "opinion or assumption": GIANT,
}  # fmt: skip

# The edges of areas that paper or its neighbours would swallow; others are set apart by paper.
EDGES = {PAPER: INK, MUTED: SLATE}

# The signs of the scenarios, which are no things: by these they are told apart where hues are not.
SHAPES = {"bear": "triangle-down", "base": "circle", "bull": "triangle-up"}

# Words are measured with the first, which is in analysis/charts/fonts; readers see one of their own.
FONT = "Report Sans, Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
WIDE, NARROW = 720, 360  # widths in pixels that the SVGs of a page are drawn for


def meaning(name: str) -> str | None:
    """The colour that a thing has on every page, where it has one; upper and lower case are one name."""
    return next((colour for thing, colour in COLOURS.items() if thing.lower() == name.lower()), None)


def colours_of(names: Sequence[str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The colours of the things that a chart draws, by name; ``own`` are those of this chart alone.

    What has none takes ink, then those that are free, the hues of things last.

    >>> colours_of(["AWS", "a chip", "net purchases"]) == {
    ...     "AWS": BLUE, "a chip": INK, "net purchases": OCHRE}
    True
    """
    given = {name: (own or {}).get(name) or meaning(name) for name in names}
    every = (INK, *reversed(SERIES))
    free = [colour for colour in every if colour not in given.values()] or list(every)
    turn = itertools.cycle(free)
    return {name: colour or next(turn) for name, colour in given.items()}


def colour_in(title: str) -> str:
    """The colour of the thing that a title begins with, if it is one that has a hue; ink otherwise.

    >>> colour_in("Advertising's sales by quarter") == VERMILION, colour_in("Sales by quarter") == INK
    (True, True)
    """
    found = (colour for thing, colour in COLOURS.items() if re.match(rf"{thing}\b", title) and colour in HUES)
    return next(found, INK)


def toned(names: Sequence[str]) -> dict[str, str]:
    """A tone of ink for each kind or status, in turn."""
    return dict(zip(names, itertools.cycle(TONES), strict=False))


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
    """Marks in ink, Amazon's as a whole, unless a chart says otherwise."""
    return {
        "line": {"color": INK, "strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
        "area": {"color": INK},
        "bar": {"color": INK},
        "rect": {"color": INK},
        "point": {"color": INK, "filled": True, "size": 50},
        "rule": {"color": INK_SOFT},
        "tick": {"color": INK},
        "text": {"color": INK, "font": FONT, "fontSize": 12},
    }
