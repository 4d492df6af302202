"""Named points and curves over two measures: peers, frontiers, chances to exceed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import (
    Levels,
    NothingToDraw,
    Value,
    chart_figure,
    figures_of,
    is_known,
    levels_of,
    number,
)
from analysis.charts.placement import NAMES_AT, sides
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import (
    BEYOND,
    INK,
    INK_SOFT,
    OCHRE,
    SHAPES,
    SLATE,
    TARGET,
    TEAL,
    colours_of,
    meaning,
)
from analysis.units import base_unit

_TALL, _TALL_WITH_RAY = 1.15, 1.08  # height of the plot, in that of the highest point
_AROUND = 0.06  # of the height, left above and below curves that do not begin at zero
_AMONG_POINTS = (TARGET, BEYOND, TEAL, OCHRE)  # several curves among points are those of targets
_CLEAR = 8  # pixels between a legend and what stands below it
_LETTER, _LIFT = 7.2, 11  # pixels for each letter of a value, and from a point to a value above it
_STEEP = 20  # pixels that a line may rise below words that stand above it
_DENSE = 300  # places of a curve that names are held against
Curve: TypeAlias = Sequence[tuple[Value, Value]]


def scatter(
    points: Mapping[str, tuple[Value, Value]] | None = None,
    *,
    x: tuple[str, str],
    y: tuple[str, str],
    title: str,
    finding: str,
    curves: Mapping[str, Curve] | None = None,
    curve_names: Literal["start", "end", "legend"] = "end",
    dashed: Mapping[str, Curve] | None = None,
    highlight: Sequence[str] = (),
    targets: Levels = (),
    levels: Levels = (),
    zero: bool = True,
    joined: bool = False,
    heads: tuple[str, str, str] | None = None,
    colours: Mapping[str, str] | None = None,
    height: int = 340,
    source: Sources = (),
) -> ChartFigure:
    """Points ``{name: (x, y)}`` among ``curves`` of (x, y) pairs; no name stands on a point or on another.

    ``x=("operating margin", "fraction")`` gives a measure's words and its unit. ``highlight`` sets points
    off in ink; ``dashed`` are lines to hold them against, named at the lower right. ``targets`` and
    ``levels`` are upright lines at values of x, dashed and thin. Beside curves y need not begin at ``zero``.
    Points that are ``joined`` are one thing over time: a line through them, their values for names. ``heads``
    head name, x and y in the table.
    """
    shown = {name: pair for name, pair in (points or {}).items() if all(map(is_known, pair))}
    if not shown and not curves:
        raise NothingToDraw(title)
    lines = dict(curves or {})
    plot = _Plot(_together(shown), lines, dashed or {}, x, y, zero, joined)
    goals, others = levels_of(targets), levels_of(levels)
    layers: list[alt.Chart | alt.LayerChart] = [*marks.vertical_lines(goals, others, plot.right)]
    layers += plot.dashed()
    above = marks.room_for_names({**goals, **others}, plot.right)
    layers += plot.curves(curve_names, colours, above) if curves else []
    layers += plot.joined() if joined else plot.points(highlight, colours) if shown else []
    return chart_figure(
        alt.layer(*layers).resolve_scale(color="independent"),
        "as points" if shown else "as curves",
        title,
        finding,
        plot.table(heads),
        figures_of(*shown.values(), *(pair for curve in lines.values() for pair in curve), targets, levels),
        source,
        read_by={"x": 1, "y": 2} if shown else {"x": 0},
        height=height,
    )


class _Plot:
    """Points and curves in one pair of axes."""

    def __init__(
        self,
        points: Mapping[str, tuple[Value, Value]],
        curves: Mapping[str, Curve],
        dashed: Mapping[str, Curve],
        x: tuple[str, str],
        y: tuple[str, str],
        zero: bool,
        joined: bool,
    ) -> None:
        self.named = pd.DataFrame(
            [(name, *(float(v) for v in pair if v is not None)) for name, pair in points.items()],
            columns=["name", "x", "y"],
        )
        self.lines, self.rays = _rows(curves), _rows(dashed)
        self.words, self.units = (x[0], y[0]), (x[1], y[1])
        every = pd.concat([self.named, self.lines, self.rays])
        wide, tall = (1.0, 1.0) if curves else (1.1, _TALL_WITH_RAY if dashed else _TALL)
        self.right = float(max(wide * self.named["x"].max(), every["x"].max()))
        self.highest = float(every["y"].max())
        self.top = tall * self.highest
        self.left = float(every["x"].min()) if curves else 0.0
        self.bottom = 0.0 if zero else float(every["y"].min())
        if not zero:
            room = _AROUND * (self.top - self.bottom)
            self.top, self.bottom = self.top + room, self.bottom - room
            self.left -= _AROUND * (self.right - self.left)  # a point on the axis would be taken for none
        ends = (None, None) if curves else ([self.left, self.right], [0.0, self.top])
        across = alt.Scale(domain=ends[0], nice=False) if ends[0] else alt.Scale(nice=False)
        upward = alt.Scale(domain=ends[1], nice=False) if ends[1] else alt.Scale(zero=zero)
        if curves and not zero:
            upward = alt.Scale(domain=[self.bottom, self.top], nice=False)
            across = alt.Scale(domain=[self.left, self.right], nice=False)
        if joined:
            across, upward = alt.Scale(zero=False, nice=True), alt.Scale(zero=zero)
        self.x = alt.X("x:Q", axis=marks.axis(x[1], x[0] or None), scale=across)
        # Names and values stand among the points, where a grid would strike them.
        self.y = alt.Y("y:Q", axis=marks.axis(y[1], y[0] or None, **marks.UNRULED), scale=upward)

    def table(self, heads: tuple[str, str, str] | None) -> tuple[pd.DataFrame, list[Column]]:
        """A row a point; of curves alone a row a value of x and a column a curve."""
        words = heads or ("Name", *(_capital(each) for each in self.words))
        units = ("text", *map(base_unit, self.units))
        if self.named.empty:
            names = list(dict.fromkeys(self.lines["name"]))
            wide = self.lines.pivot(index="x", columns="name", values="y")[names].reset_index()
            return wide, [Column("x", words[1], units[1]), *(Column(name, name, units[2]) for name in names)]
        columns = [Column(*each) for each in zip(("name", "x", "y"), words, units, strict=True)]
        return pd.concat([self.lines, self.named], ignore_index=True), columns

    def curves(
        self, names: Literal["start", "end", "legend"], own: Mapping[str, str] | None, above: int
    ) -> list[alt.Chart]:
        """A line for each curve, named at one end or in a legend, ``above`` pixels or more above the plot."""
        order = list(dict.fromkeys(self.lines["name"]))
        is_among_points = len(order) > 1 and not self.named.empty
        turn = dict(zip(order, _AMONG_POINTS, strict=False)) if is_among_points else {}
        palette = colours_of(order, turn | dict(own or {}))
        scale = alt.Scale(domain=order, range=list(palette.values()))
        key = alt.Legend(title=None, offset=above + _CLEAR, symbolType="stroke")
        colour = alt.Color("name:N", legend=key if names == "legend" else None, scale=scale)
        base = alt.Chart(self.lines).encode(x=self.x, y=self.y, color=colour)
        if names == "legend":
            return [base.mark_line()]
        ordered = self.lines.sort_values("x", kind="stable").groupby("name", sort=False)
        at = ordered.head(1) if names == "start" else ordered.tail(1)
        place: dict[str, Any] = {"align": "right", "dy": 14}
        if names == "start":
            place = {"align": "left", "dx": 6, "dy": -8}
        named = alt.Chart(at).encode(x="x:Q", y="y:Q", text="name:N")
        halo, words = marks.haloed(named, fontWeight="bold", **place)
        return [base.mark_line(), halo, words.encode(color=colour)]

    def dashed(self) -> list[alt.Chart]:
        """Lines to hold the points against, their names at the lower right."""
        if self.rays.empty:
            return []
        base = alt.Chart(self.rays).encode(x=self.x, y=self.y, detail="name:N")
        note = pd.DataFrame({"words": ["; ".join(dict.fromkeys(self.rays["name"]))]})
        words = alt.Chart(note).mark_text(color=INK_SOFT, align="right", baseline="bottom", dx=-4, dy=-6)
        return [
            base.mark_line(color=INK_SOFT, strokeDash=[4, 3], strokeWidth=1.25),
            words.encode(x=alt.value("width"), y=alt.value("height"), text="words:N"),
        ]

    def joined(self) -> list[alt.Chart]:
        """A line through the points in their order, the first value to the right of it."""
        frame = marks.worded(self.named, "y", self.units[1])
        base = alt.Chart(frame).encode(x=self.x, y=self.y)
        first = {"align": "left", **self._beside_first(str(frame["text"].iloc[0]))}
        places = (first, {"align": "right", "dx": -8, "dy": -9})
        words = [
            each
            for part, place in zip((frame[:1], frame[1:]), places, strict=True)
            for each in marks.haloed(alt.Chart(part).encode(x=self.x, y=self.y, text="text:N"), INK, **place)
        ]
        dots = base.mark_point(size=60, opacity=1)
        return [base.mark_line(), dots, *words]

    def _beside_first(self, words: str) -> dict[str, Any]:
        """Where the value of the first of joined points is clear of the line: above it, or right if steep."""
        x, y = (self.named[each].to_numpy() for each in ("x", "y"))
        if len(x) < 2 or x[1] <= x[0] or y[1] <= y[0]:
            return {"dx": 4, "dy": -_LIFT}
        steep = f"({(y[1] - y[0]) / self.top * (x.max() - x.min()) / (x[1] - x[0]):.3f} * height / width)"
        rise = f"({_LETTER * len(words):.0f} * {steep})"  # pixels that the line rises beside the words
        return {
            "dx": alt.expr(f"{rise} < {_STEEP} ? 4 : 6 + {_LIFT + 3} / {steep}"),
            "dy": alt.expr(f"{rise} < {_STEEP} ? -{_LIFT} - {rise} : -{_LIFT - 3}"),
        }

    def passed(self) -> list[tuple[float, float]]:
        """Places that curves and dashed lines pass, in parts of the plot, close enough to meet a name."""
        found = []
        for _, line in (*self.lines.groupby("name", sort=False), *self.rays.groupby("name", sort=False)):
            x = (line["x"].to_numpy() - self.left) / (self.right - self.left)
            y = (line["y"].to_numpy() - self.bottom) / (self.top - self.bottom)
            along = np.arange(len(line))
            dense = np.linspace(0, len(line) - 1, _DENSE)
            found += list(zip(np.interp(dense, along, x), np.interp(dense, along, y), strict=True))
        return found

    def points(self, highlight: Sequence[str], own: Mapping[str, str] | None) -> list[alt.Chart]:
        """Named points in their colours, or those of ``highlight`` set off from the rest."""
        names = list(self.named["name"])
        across = (self.named["x"] - self.left) / (self.right - self.left)
        up = (self.named["y"] - self.bottom) / (self.top - self.bottom)
        places = list(zip(across, up, strict=True))
        frame = marks.worded(marks.worded(self.named, "y", self.units[1]), "x", self.units[0], "across")
        frame = frame.assign(side=sides(places, names, self.passed()))
        if highlight:
            palette = {name: INK if name in highlight else SLATE for name in names}
        else:
            palette = {name: meaning(name) or INK for name in names} | dict(own or {})
        tint = alt.Scale(domain=names, range=[palette[name] for name in names])
        base = alt.Chart(frame).encode(x=self.x, y=self.y)
        signs = alt.Scale(domain=names, range=[SHAPES.get(name, "circle") for name in names])
        dots = base.mark_point(size=80, opacity=1).encode(
            color=alt.Color("name:N", legend=None, scale=tint),
            shape=alt.Shape("name:N", legend=None, scale=signs),
        )
        layers = [dots]
        for side in dict.fromkeys(frame["side"]):
            at = alt.FieldEqualPredicate(field="side", equal=side)
            part = base.transform_filter(at).encode(text="name:N")
            layers += marks.haloed(part, color=INK, **NAMES_AT[side])
        return layers


def _together(points: Mapping[str, tuple[Value, Value]]) -> dict[str, tuple[Value, Value]]:
    """Points that lie at one place as one, under all their names."""
    names: dict[tuple[float, ...], list[str]] = {}
    for name, pair in points.items():
        names.setdefault(tuple(float(value) for value in pair if value is not None), []).append(name)
    return {"; ".join(together): points[together[0]] for together in names.values()}


def _rows(curves: Mapping[str, Curve]) -> pd.DataFrame:
    found = [(name, number(x), number(y)) for name, curve in curves.items() for x, y in curve]
    return pd.DataFrame(found, columns=["name", "x", "y"])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
