"""Upright bars over steps or names: single, or stacked by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Many, Steps, chart_figure, figures_of, levels_of
from analysis.charts.lines import spacing
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import INK, MUTED, PAPER, colour_in, colours_of
from analysis.formats import show


def columns(
    values: Steps | Many,
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    head: str | None = None,
    highlight: Sequence[str] = (),
    labelled: bool = False,
    totals: bool = False,
    targets: Levels = (),
    every: int | None = None,
    places: Sequence[int | str] = (),
    step: str | None = None,
    colour: str | None = None,
    colours: Mapping[str, str] | None = None,
    height: int = 340,
    also: Many | None = None,
    source: Sources = (),
) -> ChartFigure:
    """One bar a step from a series, or from values by name; stacked from several series by part.

    Of single bars those not in ``highlight`` are muted, and ``labelled`` writes the values on top;
    ``head`` heads them in the table. ``totals`` writes the sums on stacked ones; no grid
    strikes what is written. ``targets`` are dashed
    lines across. ``places`` are the steps to leave room for, those without a value too.
    """
    many = _parts(values)
    is_stacked = many is not None
    parts = many if many is not None else {head or getattr(values, "label", "Value"): values}
    frame = replace(Frame.of(parts, title, unit, step), places=places)
    apart = every or (1 if frame.kind == "Step" else spacing(frame))
    goals, is_written = levels_of(targets), totals or labelled
    upward = marks.upward("value", frame.unit, grid=not is_written)
    if is_stacked:
        drawn = [_stack(frame, apart, upward, colours)]
    else:
        drawn = [_bars(frame, apart, upward, colour or colour_in(title), highlight)]
    if targets:
        drawn.append(marks.target_lines(goals))
    if is_written:
        drawn += _written(frame, goals)
    return chart_figure(
        alt.layer(*drawn) if len(drawn) > 1 else drawn[0],
        "as stacked bars" if is_stacked else "as bars",
        title,
        finding,
        frame.table(also),
        [*frame.figures, *figures_of(targets)],
        source or frame.latest,
        read_by={"x": 0},
        colours=colours_of(frame.names, colours) if is_stacked else {},
        height=height,
    )


def _parts(values: Steps | Many) -> Many | None:
    """The series of stacked bars; ``None`` where there is only one."""
    if isinstance(values, pd.DataFrame):
        return values
    if isinstance(values, Mapping) and any(
        isinstance(each, Mapping) or hasattr(each, "figures") for each in values.values()
    ):
        return values
    return None


def _bars(frame: Frame, every: int, upward: alt.Y, colour: str, highlight: Sequence[str]) -> alt.LayerChart:
    x = frame.field
    data = frame.rows.drop(columns="series")
    chosen = alt.FieldOneOfPredicate(field=x, oneOf=[str(step) for step in highlight])
    fill = (
        alt.when(chosen).then(alt.value(colour)).otherwise(alt.value(MUTED))
        if highlight
        else alt.value(colour)
    )
    base = alt.Chart(data).encode(x=marks.across(x, frame.along, every), y=upward, color=fill)
    return alt.layer(base.mark_bar(), marks.zero_line())


def _stack(frame: Frame, every: int, upward: alt.Y, colours: Mapping[str, str] | None) -> alt.Chart:
    """The first part at the bottom; the line above the chart names the parts."""
    x = frame.field
    rank = {name: position for position, name in enumerate(frame.names)}
    data = marks.worded(frame.rows, "value", frame.unit)
    data = data.assign(position=[rank[name] for name in data["series"]])
    colour = marks.colours("series", frame.names, colours_of(frame.names, colours))
    return (
        alt.Chart(data)
        .mark_bar(stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=marks.across(x, frame.along, every),
            y=upward,
            color=colour,
            order=alt.Order("position:Q"),
        )
    )


def _written(frame: Frame, targets: Mapping[str, float]) -> tuple[alt.Chart, alt.Chart]:
    """The sum of each bar, written above what is positive in it, over the lines that pass there."""
    x, rows = frame.field, frame.rows
    sums = rows.groupby(x, sort=False)["value"].sum()
    tops = rows[rows["value"] > 0].groupby(x, sort=False)["value"].sum()
    words = [show(float(value), frame.unit) for value in sums]
    data = pd.DataFrame({x: list(sums.index), "words": words})
    data = data.assign(top=[float(tops.get(each, 0.0)) for each in sums.index])
    text = alt.Chart(data).encode(x=alt.X(f"{x}:O", sort=None), y="top:Q", text="words:N")
    return marks.haloed(text, INK, dy=marks.above_bars("top", targets.values()), fontWeight="bold")
