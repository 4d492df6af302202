"""Horizontal bars, one a name: ranked, with intervals, stacked or side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import (
    Frame,
    NothingToDraw,
    Value,
    chart_figure,
    figures_of,
    is_known,
    number,
    unit_of,
)
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BAND, EDGES, INK, PAPER, SLATE, colour_in, colours_of
from analysis.formats import show
from analysis.units import base_unit

_SHORT = 0.25  # of the longest bar: one that is shorter has no room for its value on a phone
_HALF = 0.006  # of the longest bar, on either side of a plan: one without a range can be seen


def bars(
    values: Mapping[str, Value],
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    name: str = "Name",
    head: str = "Value",
    highlight: Sequence[str] = (),
    intervals: Mapping[str, tuple[Value, Value]] | None = None,
    plans: Mapping[str, tuple[Value, Value]] | None = None,
    colour: str | None = None,
    row: int | None = None,
    also: Mapping[str, Mapping[str, Any]] | None = None,
    source: Sources = (),
) -> ChartFigure:
    """Horizontal bars in the order given, each with its value; those not in ``highlight`` are muted.

    ``intervals`` give each bar a low and a high end, ``plans`` some a range of their own below. ``name``
    and ``head`` head the columns of the table, ``also`` gives it further ones by name; ``row`` is a bar's
    share of the height in pixels.
    """
    shown = {key: value for key, value in values.items() if is_known(value)}
    if not shown:
        raise NothingToDraw(title)
    printed = unit_of(shown.values(), unit, title)
    data = pd.DataFrame({"name": list(shown), "value": [number(value) for value in shown.values()]})
    ends = {key: (intervals or plans or {}).get(key, (None, None)) for key in shown}
    beside = "Interval" if intervals else "Plan" if plans else ""
    if beside:
        for at, end in enumerate(("low", "high")):
            data[end] = [number(pair[at]) for pair in ends.values()]
    if intervals:
        drawn = _with_intervals(data, printed)
    elif plans:
        drawn = _with_plans(data, printed)
    else:
        drawn = _ranked(data, printed, highlight, colour or colour_in(title))
    table, heads = _table(data, name, head, base_unit(printed), beside, also or {})
    return chart_figure(
        drawn,
        "as bars",
        title,
        finding,
        (table, heads),
        figures_of(shown, *ends.values()),
        source,
        read_by={"y": 0},
        height=marks.rows_height(len(data), row or (60 if plans else 34)),
        space_right=16 if plans else 8,
    )


def stacked_bars(
    parts: Mapping[str, Mapping[str, Value]],
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    name: str = "Name",
    axis: str | None = None,
    colours: Mapping[str, str] | None = None,
    row: int = 44,
    source: Sources = (),
) -> ChartFigure:
    """Horizontal bars made of parts: ``{part: {name: value}}``, the parts in this order from the left."""
    frame = Frame.of(parts, title, unit, name)
    rank = {part: position for position, part in enumerate(frame.names)}
    data = marks.worded(frame.rows, "value", frame.unit)
    data = data.assign(place=[rank[part] for part in data["series"]])
    palette = colours_of(frame.names, colours)
    scale = alt.Scale(domain=frame.names, range=list(palette.values()))
    edges = alt.Scale(domain=frame.names, range=[EDGES.get(each, PAPER) for each in palette.values()])
    key = alt.Legend(title=None, columns=marks.few(4, 1), symbolStrokeWidth=1)
    chart = alt.Chart(data).mark_bar(strokeWidth=1)
    chart = chart.encode(
        x=alt.X("sum(value):Q", axis=marks.axis(frame.unit, axis)),
        y=marks.rows(frame.field, frame.steps),
        fill=alt.Fill("series:N", scale=scale, legend=key),
        stroke=alt.Stroke("series:N", scale=edges, legend=key),
        order=alt.Order("place:Q"),
    )
    height = marks.rows_height(len(frame.steps), row, 90)
    figures = frame.figures
    return chart_figure(
        chart,
        "as stacked bars",
        title,
        finding,
        frame.table(),
        figures,
        source,
        height=height,
        read_by={"y": 0},
        colours=palette,
        is_keyed=True,
    )


def paired_bars(
    measures: Mapping[str, Mapping[str, Value]],
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    name: str = "Name",
    colours: Mapping[str, str] | None = None,
    row: int = 58,
    source: Sources = (),
) -> ChartFigure:
    """Bars side by side for each name, one a measure: ``{measure: {name: value}}``, each with its value."""
    frame = Frame.of(measures, title, unit, name)
    data = marks.worded(frame.rows, "value", frame.unit)
    palette = colours_of(frame.names, colours)
    scale = alt.Scale(domain=frame.names, range=list(palette.values()))
    base = alt.Chart(data).encode(
        x=alt.X("value:Q", axis=marks.axis(frame.unit), scale=marks.roomy(data["text"])),
        y=marks.rows(frame.field, frame.steps),
        yOffset=alt.YOffset("series:N", sort=frame.names),
    )
    bar = base.mark_bar().encode(
        color=alt.Color("series:N", scale=scale, legend=alt.Legend(title=None, columns=1))
    )
    chart = alt.layer(bar, base.mark_text(align="left", dx=5).encode(text="text:N"))
    height = marks.rows_height(len(frame.steps), row, 70)
    figures = frame.figures
    return chart_figure(
        chart,
        "as pairs of bars",
        title,
        finding,
        frame.table(),
        figures,
        source,
        height=height,
        read_by={"y": 0},
        colours=palette,
        is_keyed=True,
    )


def _ranked(data: pd.DataFrame, unit: str, highlight: Sequence[str], colour: str) -> alt.LayerChart:
    chosen = alt.FieldOneOfPredicate(field="name", oneOf=list(highlight))
    fill = (
        alt.when(chosen).then(alt.value(colour)).otherwise(alt.value(SLATE))
        if highlight
        else alt.value(colour)
    )
    is_below = bool((data["value"] < 0).any())
    frame = marks.worded(data, "value", unit)
    scale = marks.roomy(frame["text"], is_below)
    base = alt.Chart(frame).encode(
        x=alt.X("value:Q", axis=marks.axis(unit, tickCount=marks.few(5, 2)), scale=scale),
        y=marks.rows("name", list(data["name"])),
    )
    above = "datum['value'] >= 0"
    right = base.transform_filter(above).mark_text(align="left", dx=5).encode(text="text:N")
    left = base.transform_filter(f"!({above})").mark_text(align="right", dx=-5).encode(text="text:N")
    return alt.layer(base.mark_bar().encode(color=fill), right, left)


def _with_intervals(data: pd.DataFrame, unit: str) -> alt.LayerChart:
    frame = marks.worded(data, "value", unit)
    base = alt.Chart(frame).encode(y=marks.rows("name", list(data["name"])))
    along = alt.X("value:Q", axis=marks.axis(unit, tickCount=4), scale=marks.roomy(frame["text"]))
    interval = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=6).encode(x="high:Q", text="text:N")
    return alt.layer(base.mark_bar(color=BAND).encode(x=along), interval, words)


def _with_plans(data: pd.DataFrame, unit: str) -> alt.LayerChart:
    """Each bar with its value in it, or beside a short one; below it the range planned, hollow."""
    names, short = list(data["name"]), f"{base_unit(unit)}0"
    lanes = alt.YOffset("lane:N", scale=alt.Scale(domain=["now", "plan"], paddingInner=0.15))
    base = alt.Chart(marks.worded(data, "value", unit).assign(lane="now"))
    base = base.encode(y=marks.rows("name", names), yOffset=lanes)
    along = alt.X("value:Q", axis=marks.axis(unit), scale=alt.Scale(zero=True))
    words = base.encode(x="value:Q", text="text:N")
    is_long = f"datum.value > {_SHORT * float(data[['value', 'high']].max().max())!r}"
    inside = words.transform_filter(is_long).mark_text(align="right", dx=-6, color=PAPER)
    outside = words.transform_filter(f"!({is_long})").mark_text(align="left", dx=5)
    half = _HALF * float(data[["value", "high"]].max().max())
    known = data.dropna(subset=["low", "high"])
    told = [
        f"plan {show(low, short)}" + ("" if low == high else f" to {show(high, short)}")
        for low, high in zip(known["low"], known["high"], strict=True)
    ]
    ends = {"from": known["low"] - half, "to": known["high"] + half}
    planned = alt.Chart(known.assign(lane="plan", plan=told, **ends))
    planned = planned.encode(y=marks.rows("name", names), yOffset=lanes)
    label = planned.mark_text(align="right", dx=-6, fontWeight="bold")
    return alt.layer(
        base.mark_bar(color=INK).encode(x=along),
        inside,
        outside,
        planned.mark_bar(color=PAPER, stroke=INK, strokeWidth=1.5).encode(x="from:Q", x2="to:Q"),
        label.encode(x="from:Q", text="plan:N"),
    )


def _table(
    data: pd.DataFrame, name: str, head: str, unit: str, beside: str, also: Mapping[str, Mapping[str, Any]]
) -> tuple[pd.DataFrame, list[Column]]:
    columns = [Column("name", name), Column("value", head, unit)]
    if beside:
        columns += [Column(end, f"{beside}, {end}", unit) for end in ("low", "high")]
    for extra, cells in also.items():
        data = data.assign(**{extra: [cells.get(key) for key in data["name"]]})
        figures = figures_of(cells)
        columns.append(Column(extra, extra, base_unit(unit_of(figures, None, extra)) if figures else "text"))
    return data, columns
