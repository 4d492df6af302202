"""Lines over steps of time: one a series, named at its end."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Many, chart_figure, figures_of, levels_of
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import AXIS, INK_SOFT, PAPER, colours_of
from analysis.formats import show

_FEW, _ALL = 16, 8  # steps of which every third is labelled, of more every fourth; years that all are
_LETTER = 6.5  # pixels for a letter of a level's name


def lines(
    series: Many,
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    targets: Levels = (),
    levels: Levels = (),
    since: Mapping[int | str, str] | None = None,
    named: bool = True,
    every: int | None = None,
    step: str | None = None,
    colours: Mapping[str, str] | None = None,
    height: int = 340,
    also: Many | None = None,
    source: Sources = (),
) -> ChartFigure:
    """One line a series, named as the mapping (or the frame's column) names it; colours go by name.

    ``targets`` are dashed lines across, ``levels`` thin ones with their words. ``since`` marks a step with
    words: ``{2026: "projected →"}``. A single line may go without its name (``named=False``); levels
    then stand at the right with their value. Every ``every``-th step is labelled; ``step`` heads the
    steps in the table, ``also`` gives columns for the table alone.
    """
    frame = Frame.of(series, title, unit, step)
    across = levels_of(levels)
    drawn = [_named(frame, every, colours) if named else _bare(frame, every, across)]
    if since:
        rule, words = _since(frame.field, since)
        drawn = [rule, *drawn, words]
    if targets:
        drawn.append(marks.target_lines(levels_of(targets)))
    if named:
        drawn += [marks.reference_line(value, words) for words, value in across.items()]
    return chart_figure(
        alt.layer(*drawn) if len(drawn) > 1 else drawn[0],
        "as lines",
        title,
        finding,
        frame.table(also),
        [*frame.figures, *figures_of(targets, levels)],
        source or frame.latest,
        height=height,
    )


def spacing(frame: Frame) -> int:
    """How many steps apart the labels of an axis stand: all years and other steps where they are few."""
    count = len(frame.axis)
    if frame.kind == "Month":
        return 12
    if frame.kind == "Quarter":
        return 3 if count <= _FEW else 4
    return 1 if count <= _ALL else 3


def _named(frame: Frame, every: int | None, colours: Mapping[str, str] | None) -> alt.LayerChart:
    palette = colours_of(frame.names, colours)
    return marks.lines(frame.rows, frame.field, frame.unit, frame.names, palette, every or spacing(frame))


def _bare(frame: Frame, every: int | None, levels: Mapping[str, float]) -> alt.LayerChart:
    """A line without its name, and levels named at the right end."""
    names = [f"{name} {show(level, frame.unit)}" for name, level in levels.items()]
    room = _LETTER * max((len(name) for name in names), default=0) + 10
    data = marks.worded(frame.rows, "value", frame.unit)
    horizontal = marks.across(frame.field, frame.steps, every or spacing(frame), room=room)
    base = alt.Chart(data.assign(**{frame.field: data[frame.field].astype(str)}))
    base = base.encode(x=horizontal, y=marks.upward("value", frame.unit))
    dots = base.mark_point(opacity=0, size=200).encode(tooltip=marks.tips(frame.field, "text"))
    across = alt.Chart(pd.DataFrame({"level": list(levels.values()), "name": names})).encode(y="level:Q")
    words = across.encode(x=alt.value("width"), text="name:N")
    place = {"align": "right", "baseline": "bottom", "dy": -3}
    return alt.layer(
        across.mark_rule(color=INK_SOFT, strokeWidth=1),
        base.mark_line(),
        words.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=4),
        words.mark_text(**place, color=INK_SOFT),
        dots,
    )


def _since(field: str, since: Mapping[int | str, str]) -> tuple[alt.Chart, alt.Chart]:
    """A dashed upright line at a step, with words at its top."""
    data = pd.DataFrame({field: [str(step) for step in since], "words": list(since.values())})
    start = alt.Chart(data).encode(x=f"{field}:O")
    words = start.mark_text(align="left", baseline="top", dx=5, color=INK_SOFT)
    rule = start.mark_rule(color=AXIS, strokeDash=[3, 3])
    return rule, words.encode(y=alt.value(0), text="words:N")
