"""Charts of the sensitivity page: bars by driver, shares of the variance, grids with the targets' lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.charts.marks import axis, tips, worded
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import roomy, rows, rows_height, tornado
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BAND, INK, PAPER, RAMP, RAMP_TEXT, TARGET
from analysis.formats import percent, show, usd_bn

STEPS = (0.5, 0.625, 0.75, 0.875)  # of the lower target: where the tints below it part


@dataclass(frozen=True)
class GridView:
    """A two-way grid as it is drawn: levels, values, targets' lines by name, the scenario's own place."""

    rows: Sequence[float]
    columns: Sequence[float]
    values: NDArray[np.float64]
    fine: Sequence[float]
    lines: Mapping[str, Sequence[float]]
    at: tuple[float, float]
    row_unit: str
    row_title: str
    column_title: str


def bars(data: pd.DataFrame, centre: float, title: str, source: Sources) -> ChartFigure:
    """A tornado: ``driver``, and the result at its ``at_low`` and ``at_high``, widest first, in usd_bn."""
    first = data.iloc[0]
    ends = sorted((float(first["at_low"]), float(first["at_high"])))
    return ChartFigure(
        tornado(data, "driver", "at_low", "at_high", centre, "usd_bn"),
        title,
        f"Bars around {usd_bn(centre)}, one a driver: the widest, {first['driver']}, moves it from "
        f"{usd_bn(ends[0])} to {usd_bn(ends[1])}; blue is the driver's high end, grey its low.",
        data,
        source,
        [
            Column("driver", "Driver"),
            Column("at_low", "At its low", "usd_bn"),
            Column("at_high", "At its high", "usd_bn"),
        ],
        height=rows_height(len(data), 30),
    )


def shares(data: pd.DataFrame, title: str, source: Sources) -> ChartFigure:
    """Shares of the variance: ``driver``, ``first``, ``total`` with ``low`` and ``high`` of its interval."""
    frame = worded(data, "total", "percent")
    base = alt.Chart(frame).encode(y=rows("driver", list(data["driver"])), tooltip=tips("driver", "text"))
    along = alt.X("total:Q", axis=axis("fraction", tickCount=4), scale=roomy())
    interval = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=6).encode(x="high:Q", text="text:N")
    first = data.iloc[0]
    return ChartFigure(
        alt.layer(base.mark_bar(color=BAND).encode(x=along), interval, words),
        title,
        f"Bars with intervals: {first['driver']} has the largest share of the variance, "
        f"{percent(first['total'])} (between {percent(first['low'])} and {percent(first['high'])}), "
        f"{data.iloc[1]['driver']} follows with {percent(data.iloc[1]['total'])}.",
        data,
        source,
        [
            Column("driver", "Driver"),
            Column("first", "Alone", "fraction"),
            Column("total", "With interactions", "fraction"),
            Column("low", "Interval, low", "fraction"),
            Column("high", "Interval, high", "fraction"),
        ],
        height=rows_height(len(data), 30),
    )


def grid(view: GridView, targets: Mapping[str, float], title: str, source: Sources) -> ChartFigure:
    """Cells of market value in trillions, the lines on which each target is met, and the scenario's place."""
    cells = _cells(view)
    horizontal = _across(view)
    base = alt.Chart(cells)
    fill = alt.Color("value:Q", legend=None, scale=_tints(list(RAMP), targets))
    ink = alt.Color("value:Q", legend=None, scale=_tints(list(RAMP_TEXT), targets))
    boxes = base.mark_rect(stroke=PAPER, strokeWidth=1).encode(
        x=horizontal, x2="right:Q", y=_upward(view), y2="top:Q", color=fill, tooltip=tips("told")
    )
    words = base.mark_text(fontSize=alt.expr("width < 420 ? 10 : 12")).encode(
        x="column:Q", y="row:Q", text="trillions:N", color=ink
    )
    chart = alt.layer(boxes, words, *_lines(view), *_place(view)).resolve_scale(color="independent")
    own = float(view.values[_nearest(view.rows, view.at[0]), _nearest(view.columns, view.at[1])])
    return ChartFigure(
        chart,
        title,
        f"A grid of market values from {usd_bn(float(view.values.min()))} to "
        f"{usd_bn(float(view.values.max()))}; the cell nearest to the scenario has {usd_bn(own)}, and lines "
        f"part the cells that reach {' and '.join(targets)} from those that do not.",
        cells,
        source,
        [
            Column("row", view.row_title, view.row_unit),
            Column("column", view.column_title, "fraction"),
            Column("value", "Market value", "usd_bn"),
        ],
        height=400,
        space_right=30,
    )


def _cells(view: GridView) -> pd.DataFrame:
    tall, wide = view.rows[1] - view.rows[0], view.columns[1] - view.columns[0]
    found = []
    for r, row in enumerate(view.rows):
        for c, column in enumerate(view.columns):
            value = float(view.values[r, c])
            told = f"{show(row, view.row_unit)}, {percent(column, 0)}: {usd_bn(value)}"
            found.append((row, column, value, row - tall / 2, row + tall / 2, column - wide / 2,
                          column + wide / 2, f"{value / 1000:.1f}", told))  # fmt: skip
    names = ["row", "column", "value", "bottom", "top", "left", "right", "trillions", "told"]
    return pd.DataFrame(found, columns=names)


def _domain(levels: Sequence[float]) -> list[float]:
    half = (levels[1] - levels[0]) / 2
    return [levels[0] - half, levels[-1] + half]


def _across(view: GridView) -> alt.X:
    scale = alt.Scale(domain=_domain(view.columns), nice=False, zero=False)
    ticks = axis("fraction", view.column_title, values=list(view.columns), ticks=False, domain=False)
    return alt.X("left:Q", scale=scale, axis=ticks)


def _upward(view: GridView) -> alt.Y:
    scale = alt.Scale(domain=_domain(view.rows), nice=False, zero=False)
    ticks = axis(view.row_unit, view.row_title, values=list(view.rows), grid=False)
    return alt.Y("bottom:Q", scale=scale, axis=ticks)


def _tints(colours: list[str], targets: Mapping[str, float]) -> alt.Scale:
    """Seven tints that part at the targets and at shares of the lower one, the same in every edition."""
    lower, *others = sorted(targets.values())
    parts = [lower * step for step in STEPS] + [lower, *others]
    return alt.Scale(type="threshold", domain=parts, range=colours)


def _lines(view: GridView) -> list[alt.Chart]:
    """Each target's line within the grid, on a halo, named where it leaves at the right."""
    low, high = _domain(view.columns)
    found = [
        (name, row, column)
        for name, line in view.lines.items()
        for row, column in zip(view.fine, line, strict=True)
        if low <= column <= high
    ]
    frame = pd.DataFrame(found, columns=["target", "row", "column"])
    base = alt.Chart(frame).encode(x="column:Q", y="row:Q", detail="target:N", order="row:Q")
    ends = frame.sort_values("column").groupby("target", sort=False).tail(1)
    named = alt.Chart(ends).encode(x="column:Q", y="row:Q", text="target:N")
    place = {"align": "left", "dx": 5, "fontWeight": "bold", "fontSize": 13}
    return [
        base.mark_line(color=PAPER, strokeWidth=5),
        base.mark_line(color=TARGET, strokeWidth=2),
        named.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=5, strokeJoin="round"),
        named.mark_text(**place, color=TARGET),
    ]


def _place(view: GridView) -> list[alt.Chart]:
    """A ring where the scenario itself stands."""
    frame = pd.DataFrame({"row": [view.at[0]], "column": [view.at[1]], "told": ["the scenario"]})
    base = alt.Chart(frame).encode(x="column:Q", y="row:Q", tooltip=tips("told"))
    ring = {"size": 420, "filled": False, "opacity": 1}
    return [
        base.mark_point(**ring, stroke=PAPER, strokeWidth=5),
        base.mark_point(**ring, stroke=INK, strokeWidth=2),
    ]


def _nearest(levels: Sequence[float], wanted: float) -> int:
    return min(range(len(levels)), key=lambda at: abs(levels[at] - wanted))
