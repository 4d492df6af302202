"""Small multiples: a panel a thing on the same axes, what it is held against drawn in each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Levels, NothingToDraw, Value, chart_figure, figures_of, levels_of, number
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BEYOND, GIANT, GRID, INK, INK_SOFT, PAPER, TARGET, WIDE

Path = Mapping[float, Value]
"""Values by time, such as years since a day."""

_STEP = 0.25  # of time between two rows of the table
_LOOKS = {WIDE: (4, 138, 184, 24), "narrow": (2, 136, 150, 20)}  # columns, width, height of a panel, gap
_ROOM = 1.06  # of the highest value, up to the top of a panel
_DASHES = ([5, 4], [2, 3])
_NAME, _HEADLINE, _NOTE = -62, -38, -20  # pixels above a panel


@dataclass(frozen=True)
class Panel:
    """One thing's way: its name, the answer in large, a note below it, and the point the answer is about."""

    path: Path
    headline: str
    note: str
    point: tuple[float, Value]


def panels(
    many: Mapping[str, Panel],
    *,
    against: tuple[str, Path],
    needed: Mapping[str, Path],
    time: str,
    title: str,
    finding: str,
    targets: Levels,
    unit: str = "usd_bn",
    source: Sources = (),
) -> ChartFigure:
    """A panel for each of ``many`` in the order given; ``against`` and what it would have ``needed`` in all.

    Paths are values by time, in the unit that ``time`` names. The table has a row for each quarter of it
    and a column for each path, with the value nearest to that time.
    """
    if not many:
        raise NothingToDraw(title)
    name, path = against
    paths = {**{each: panel.path for each, panel in many.items()}, name: path, **needed}
    table, heads = _table(paths, time, unit)
    dashed = dict(zip(needed, (TARGET, BEYOND), strict=False))
    return chart_figure(
        partial(_drawn, many, against, needed, levels_of(targets), unit),
        "as small multiples",
        title,
        finding,
        (table, heads),
        figures_of(*(each.values() for each in paths.values()), targets),
        source,
        read_by={"x": 0},
        colours={**dict.fromkeys(many, GIANT), name: INK, **dashed},
        height=_height(many, WIDE),
        narrow_height=_height(many, 0),
    )


def _look(width: int) -> tuple[int, int, int, int]:
    return _LOOKS[WIDE if width >= WIDE else "narrow"]


def _height(many: Mapping[str, Panel], width: int) -> int:
    columns, _, height, gap = _look(width)
    return math.ceil(len(many) / columns) * (height - _NAME + 24 + gap)


def _table(paths: Mapping[str, Path], time: str, unit: str) -> tuple[pd.DataFrame, list[Column]]:
    """A row a step from the start to the end of the longest path."""
    by_step = {
        name: {round(at / _STEP): number(value) for at, value in sorted(path.items())}
        for name, path in paths.items()
    }
    last = max(step for path in by_step.values() for step in path)
    rows = {time: [step * _STEP for step in range(last + 1)]}
    rows |= {name: [path.get(step, math.nan) for step in range(last + 1)] for name, path in by_step.items()}
    columns = [Column(time, time, "number", 2), *(Column(name, name, unit) for name in paths)]
    return pd.DataFrame(rows), columns


def _drawn(
    many: Mapping[str, Panel],
    against: tuple[str, Path],
    needed: Mapping[str, Path],
    targets: Mapping[str, float],
    unit: str,
    width: int,
) -> alt.ConcatChart:
    columns, wide, high, gap = _look(width)
    every = (against[1], *needed.values(), *(panel.path for panel in many.values()))
    ends = max(at for path in every for at in path), max(number(v) for path in every for v in path.values())
    last = math.ceil(ends[0])
    ticks = list(range(0, last + 1, max(last // 3, 1)))
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, last], nice=False), axis=alt.Axis(title=None, values=ticks))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, _ROOM * ends[1]], nice=False), axis=marks.axis(unit))
    drawn = [
        alt.layer(*_layers(name, panel, against, needed, targets, x, y), width=wide, height=high)
        for name, panel in many.items()
    ]
    shared = alt.Resolve(scale=alt.ScaleResolveMap(x="shared", y="shared"))
    spacing = {"row": gap, "column": 14}
    return alt.ConcatChart(concat=drawn, columns=columns, spacing=spacing, resolve=shared)


def _layers(
    name: str,
    panel: Panel,
    against: tuple[str, Path],
    needed: Mapping[str, Path],
    targets: Mapping[str, float],
    x: alt.X,
    y: alt.Y,
) -> list[alt.Chart]:
    levels = [
        alt.Chart(pd.DataFrame({"value": [level]})).mark_rule(color=colour, strokeWidth=1.25).encode(y=y)
        for level, colour in zip(targets.values(), (TARGET, BEYOND), strict=False)
    ]
    held, path = against
    wanted = [
        _line(each, x, y, color=colour, strokeDash=dash, strokeWidth=1.75)
        for each, colour, dash in zip(needed.values(), (TARGET, BEYOND), _DASHES, strict=False)
    ]
    now = max(path)
    ends = [_point(max(each), each[max(each)], x, y, color) for each, color in
            zip(needed.values(), (TARGET, BEYOND), strict=False)]  # fmt: skip
    named = marks.haloed(
        alt.Chart(_frame({now: path[now]}).assign(name=held)).encode(x=x, y=y, text=alt.Text("name:N")),
        INK, align="left", baseline="top", dx=4, dy=7, fontWeight="bold",
    )  # fmt: skip
    latest = max(panel.path)
    return [
        *levels,
        *wanted,
        _line(path, x, y, color=INK, strokeWidth=1.5),
        _line(panel.path, x, y, color=GIANT, strokeWidth=2.5),
        *ends,
        _point(now, path[now], x, y, INK, filled=True, size=24),
        _point(latest, panel.path[latest], x, y, GIANT),
        _point(*panel.point, x, y, GIANT, filled=True),
        *named,
        *_head(name, panel),
    ]


def _head(name: str, panel: Panel) -> list[alt.Chart]:
    """The panel's rule, name, answer and note, above it."""
    base = alt.Chart(pd.DataFrame({"name": [name], "headline": [panel.headline], "note": [panel.note]}))

    def words(what: str, y: int, **look: Any) -> alt.Chart:
        placed = base.mark_text(align="left", baseline="bottom", **look)
        return placed.encode(left, alt.YValue(y), alt.Text(f"{what}:N"))

    left = alt.XValue(0)  # channels by name: Altair looks through all its classes for what a bare value is
    rule = base.mark_rule(color=GRID).encode(left, alt.X2Value("width"), alt.YValue(_NAME - 20))
    return [
        rule,
        words("name", _NAME, fontSize=13, fontWeight="bold"),
        words("headline", _HEADLINE, fontSize=18, fontWeight="bold", color=GIANT),
        words("note", _NOTE, color=INK_SOFT),
    ]


def _frame(path: Path) -> pd.DataFrame:
    steps = sorted(path)
    return pd.DataFrame({"at": steps, "value": [number(path[step]) for step in steps]})


def _line(path: Path, x: alt.X, y: alt.Y, **look: object) -> alt.Chart:
    return alt.Chart(_frame(path)).mark_line(**look).encode(x=x, y=y)


def _point(
    at: float, value: Value, x: alt.X, y: alt.Y, colour: str, filled: bool = False, size: int = 44
) -> alt.Chart:
    look = {"fill": colour} if filled else {"fill": PAPER, "stroke": colour, "strokeWidth": 1.75}
    return alt.Chart(_frame({at: value})).mark_point(size=size, opacity=1, **look).encode(x=x, y=y)
