"""Points by row and kind: how rules compare, how often intervals held."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Value, chart_figure, figures_of, levels_of
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import BAND, INK_SOFT, PAPER, toned

_SHAPES = ("circle", "triangle-up", "square", "diamond", "cross")
_ROOM = 8  # pixels beside nil and 100 %, where a mark would lie on a name


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
    """A row a name with a mark a kind: ``{kind: {name: value}}``, told apart by tone and shape.

    The marks of a row are joined by a thin line. Those that are ``ticks`` stand between 0 and 100 %, beside
    what is ``claimed`` as dashed lines.
    """
    frame = Frame.of(kinds, title, unit, name)
    base = alt.Chart(marks.worded(frame.rows, "value", frame.unit)).encode(
        x=alt.X("value:Q", axis=marks.axis(frame.unit),
                scale=alt.Scale(domain=[0, 1], padding=_ROOM, nice=False) if ticks else alt.Scale(zero=True)),
        y=marks.rows(frame.field, frame.steps),
    )  # fmt: skip
    palette = toned(frame.names) | dict(colours or {})
    scale = alt.Scale(domain=frame.names, range=list(palette.values()))
    lines = base.mark_line(color=BAND, strokeWidth=1.5).encode(detail=f"{frame.field}:N")
    behind = _claimed(levels_of(claimed)) if ticks else lines
    return chart_figure(
        alt.layer(behind, _points(base, scale, frame)),
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


def _points(base: alt.Chart, scale: alt.Scale, frame: Frame) -> alt.Chart:
    """A mark for each value; each kind has its own level in a row, so that none lies behind its equal."""
    legend = alt.Legend(title=None, columns=marks.few(4, 1), symbolType="circle")
    shapes = alt.Scale(domain=frame.names, range=list(_SHAPES[: len(frame.names)]))
    return base.mark_point(size=90, opacity=1, stroke=PAPER, strokeWidth=0.75).encode(
        fill=alt.Fill("series:N", scale=scale, legend=legend),
        shape=alt.Shape("series:N", scale=shapes, legend=legend),
        yOffset=alt.YOffset("series:N", sort=frame.names, scale=alt.Scale(paddingOuter=0.6)),
    )


def _claimed(claimed: Mapping[str, float]) -> alt.Chart:
    """A dashed line at each level that was claimed."""
    line = alt.Chart(pd.DataFrame({"claimed": list(claimed.values())})).encode(x="claimed:Q")
    return line.mark_rule(color=INK_SOFT, strokeDash=[5, 4])
