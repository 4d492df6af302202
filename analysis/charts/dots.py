"""Points by row and kind: how rules compare, how often intervals held."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Value, chart_figure, figures_of, levels_of
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import BAND, TARGET, colours_of

_SHAPES = ("circle", "triangle-up", "square", "diamond", "cross")
_TICK = 26  # pixels


def dots(
    kinds: Mapping[str, Mapping[str, Value]],
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    name: str = "Series",
    ticks: bool = False,
    claimed: Levels = (),
    colours: Mapping[str, str] | None = None,
    row: int = 36,
    also: Mapping[str, Mapping[str, Value]] | None = None,
    source: Sources = (),
) -> ChartFigure:
    """A row a name with a mark a kind: ``{kind: {name: value}}``, told apart by colour and shape.

    ``ticks`` are upright strokes between 0 and 100 %, beside what is ``claimed`` as dashed lines.
    """
    frame = Frame.of(kinds, title, unit, name)
    base = alt.Chart(marks.worded(frame.rows, "value", frame.unit)).encode(
        x=alt.X("value:Q", axis=marks.axis(frame.unit),
                scale=alt.Scale(domain=[0, 1]) if ticks else alt.Scale(zero=True)),
        y=marks.rows(frame.field, frame.steps),
    )  # fmt: skip
    palette = colours_of(frame.names, colours)
    scale = alt.Scale(domain=frame.names, range=list(palette.values()))
    drawn = _ticks(base, scale, levels_of(claimed)) if ticks else _points(base, scale, frame)
    return chart_figure(
        drawn,
        "as points",
        title,
        finding,
        frame.table(also),
        [*frame.figures, *figures_of(claimed)],
        source,
        read_by={"y": 0},
        colours=palette,
        is_keyed=True,
        height=marks.rows_height(len(frame.steps), row, 100 if ticks else 110),
    )


def _points(base: alt.Chart, scale: alt.Scale, frame: Frame) -> alt.LayerChart:
    """Points joined by a thin line a row."""
    legend = alt.Legend(title=None, columns=marks.few(4, 2), symbolType="circle")
    shapes = alt.Scale(domain=frame.names, range=list(_SHAPES[: len(frame.names)]))
    points = base.mark_point(size=110, opacity=1).encode(
        color=alt.Color("series:N", scale=scale, legend=legend),
        shape=alt.Shape("series:N", scale=shapes, legend=legend),
    )
    return alt.layer(base.mark_line(color=BAND, strokeWidth=1.5).encode(detail=f"{frame.field}:N"), points)


def _ticks(base: alt.Chart, scale: alt.Scale, claimed: Mapping[str, float]) -> alt.LayerChart:
    legend = alt.Legend(title=None, columns=marks.few(4, 2))
    strokes = base.mark_tick(thickness=4, size=_TICK, opacity=1)
    line = alt.Chart(pd.DataFrame({"claimed": list(claimed.values())})).encode(x="claimed:Q")
    rule = line.mark_rule(color=TARGET, strokeDash=[5, 4])
    return alt.layer(rule, strokes.encode(color=alt.Color("series:N", scale=scale, legend=legend)))
