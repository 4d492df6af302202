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
from analysis.charts.theme import BAND, BLUE, INK, PAPER, SLATE, colours_of
from analysis.units import base_unit


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
    colour: str = BLUE,
    row: int = 34,
    also: Mapping[str, Mapping[str, Any]] | None = None,
    source: Sources = (),
) -> ChartFigure:
    """Horizontal bars in the order given, each with its value; those not in ``highlight`` are muted.

    ``intervals`` give each bar a low and a high end. ``name`` and ``head`` head the columns of the table,
    ``also`` gives it further ones by name; ``row`` is a bar's share of the height in pixels.
    """
    shown = {key: value for key, value in values.items() if is_known(value)}
    if not shown:
        raise NothingToDraw(title)
    printed = unit_of(shown.values(), unit, title)
    data = pd.DataFrame({"name": list(shown), "value": [number(value) for value in shown.values()]})
    ends = {key: intervals[key] for key in shown} if intervals else {}
    if ends:
        for at, end in enumerate(("low", "high")):
            data[end] = [number(pair[at]) for pair in ends.values()]
    table, heads = _table(data, name, head, base_unit(printed), bool(ends), also or {})
    return chart_figure(
        _with_intervals(data, printed) if ends else _ranked(data, printed, highlight, colour),
        "as bars",
        title,
        finding,
        (table, heads),
        figures_of(shown, *ends.values()),
        source,
        height=marks.rows_height(len(data), row),
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
    chart = alt.Chart(data).mark_bar(stroke=PAPER, strokeWidth=1)
    chart = chart.encode(
        x=alt.X("sum(value):Q", axis=marks.axis(frame.unit, axis)),
        y=marks.rows(frame.field, frame.steps),
        color=alt.Color("series:N", scale=scale, legend=alt.Legend(title=None, columns=marks.few(4, 1))),
        order=alt.Order("place:Q"),
        tooltip=marks.tips(frame.field, "series", "text"),
    )
    height = marks.rows_height(len(frame.steps), row, 90)
    figures = frame.figures
    return chart_figure(
        chart, "as stacked bars", title, finding, frame.table(), figures, source, height=height
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
        x=alt.X("value:Q", axis=marks.axis(frame.unit), scale=marks.roomy()),
        y=marks.rows(frame.field, frame.steps),
        yOffset=alt.YOffset("series:N", sort=frame.names),
        tooltip=marks.tips(frame.field, "series", "text"),
    )
    bar = base.mark_bar().encode(
        color=alt.Color("series:N", scale=scale, legend=alt.Legend(title=None, columns=1))
    )
    chart = alt.layer(bar, base.mark_text(align="left", dx=5).encode(text="text:N"))
    height = marks.rows_height(len(frame.steps), row, 70)
    figures = frame.figures
    return chart_figure(
        chart, "as pairs of bars", title, finding, frame.table(), figures, source, height=height
    )


def _ranked(data: pd.DataFrame, unit: str, highlight: Sequence[str], colour: str) -> alt.LayerChart:
    chosen = alt.FieldOneOfPredicate(field="name", oneOf=list(highlight))
    fill = (
        alt.when(chosen).then(alt.value(colour)).otherwise(alt.value(SLATE))
        if highlight
        else alt.value(colour)
    )
    base = alt.Chart(marks.worded(data, "value", unit)).encode(
        x=alt.X("value:Q", axis=marks.axis(unit), scale=marks.roomy(bool((data["value"] < 0).any()))),
        y=marks.rows("name", list(data["name"])),
        tooltip=marks.tips("name", "text"),
    )
    above = "datum['value'] >= 0"
    right = base.transform_filter(above).mark_text(align="left", dx=5).encode(text="text:N")
    left = base.transform_filter(f"!({above})").mark_text(align="right", dx=-5).encode(text="text:N")
    return alt.layer(base.mark_bar().encode(color=fill), right, left)


def _with_intervals(data: pd.DataFrame, unit: str) -> alt.LayerChart:
    base = alt.Chart(marks.worded(data, "value", unit))
    base = base.encode(y=marks.rows("name", list(data["name"])), tooltip=marks.tips("name", "text"))
    along = alt.X("value:Q", axis=marks.axis(unit, tickCount=4), scale=marks.roomy())
    interval = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=6).encode(x="high:Q", text="text:N")
    return alt.layer(base.mark_bar(color=BAND).encode(x=along), interval, words)


def _table(
    data: pd.DataFrame, name: str, head: str, unit: str, has_ends: bool, also: Mapping[str, Mapping[str, Any]]
) -> tuple[pd.DataFrame, list[Column]]:
    columns = [Column("name", name), Column("value", head, unit)]
    if has_ends:
        columns += [Column("low", "Interval, low", unit), Column("high", "Interval, high", unit)]
    for extra, cells in also.items():
        data = data.assign(**{extra: [cells.get(key) for key in data["name"]]})
        figures = figures_of(cells)
        columns.append(Column(extra, extra, base_unit(unit_of(figures, None, extra)) if figures else "text"))
    return data, columns
