"""Lines over steps of time: one a series, named at its end."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Many, chart_figure, figures_of, levels_of, number
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import AXIS, INK_SOFT, colours_of
from analysis.formats import show

_FEW, _ALL = 16, 8  # steps of which every third is labelled, of more every fourth; years that all are


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
    then carry their value. Every ``every``-th step is labelled; ``step`` heads the
    steps in the table, ``also`` gives columns for the table alone.
    """
    frame = Frame.of(series, title, unit, step)
    wanted, across = levels_of(targets), levels_of(levels)
    if not named:
        across = {f"{name} {show(level, frame.unit)}": level for name, level in across.items()}
    starts = _starts(frame, {**wanted, **across}, named)
    drawn = [marks.target_lines(wanted, starts)] if wanted else []
    drawn += [marks.reference_line(value, words, starts=starts) for words, value in across.items()]
    rules, words = _since(frame, since or {})
    drawn += [*rules, _named(frame, every, colours) if named else _bare(frame, every), *words]
    return chart_figure(
        alt.layer(*drawn) if len(drawn) > 1 else drawn[0],
        "as lines",
        title,
        finding,
        frame.table(also),
        [*frame.figures, *figures_of(targets, levels)],
        source or frame.latest,
        read_by={"x": 0},
        colours=colours_of(frame.names, colours),
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


def _bare(frame: Frame, every: int | None) -> alt.Chart:
    """A line without its name."""
    data = marks.worded(frame.rows, "value", frame.unit)
    horizontal = marks.across(frame.field, frame.steps, every or spacing(frame))
    base = alt.Chart(data.assign(**{frame.field: data[frame.field].astype(str)}))
    return base.mark_line().encode(x=horizontal, y=marks.upward("value", frame.unit))


def _starts(frame: Frame, levels: Mapping[str, float], named: bool) -> dict[str, marks.Start]:
    """Where on its level each one's words stand clear of the lines."""
    return marks.starts(_curves(frame), levels, marks.room_for(frame.names) if named else 0.0)


def _places(frame: Frame) -> dict[str, float]:
    """Where each step stands, as a part of the width."""
    steps = [str(step) for step in frame.axis]
    return {step: at / max(len(steps) - 1, 1) for at, step in enumerate(steps)}


def _curves(frame: Frame) -> list[list[tuple[float, float]]]:
    """The lines as pairs of a part of their width and a value."""
    places = _places(frame)
    return [
        [(places[str(step)], number(value)) for step, value in cells.items() if str(step) in places]
        for cells in frame.cells.values()
    ]


def _since(frame: Frame, since: Mapping[int | str, str]) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """Dashed upright lines at steps, and the words at their tops, on the side where no line comes near."""
    rules, written = [], []
    places, curves = _places(frame), _curves(frame)
    for step, words in since.items():
        start = alt.Chart(pd.DataFrame({frame.field: [str(step)], "words": [words]})).encode(
            x=f"{frame.field}:O"
        )
        side, away = marks.free_side(curves, places[str(step)], words)
        text = start.mark_text(align=side, baseline="top", dx=away, color=INK_SOFT)
        rules.append(start.mark_rule(color=AXIS, strokeDash=[3, 3]))
        written.append(text.encode(y=alt.value(0), text="words:N"))
    return rules, written
