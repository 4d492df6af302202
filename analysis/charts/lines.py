"""Lines over steps of time: one a series, named at its end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import altair as alt

from analysis.charts import marks
from analysis.charts.frames import Frame, Levels, Many, chart_figure, figures_of, levels_of
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import colours_of
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
    projected: Iterable[int | str] = (),
    dashed: Collection[str] = (),
    named: bool = True,
    every: int | None = None,
    step: str | None = None,
    colours: Mapping[str, str] | None = None,
    height: int = 340,
    also: Many | None = None,
    source: Sources = (),
) -> ChartFigure:
    """One line a series, named as the mapping (or the frame's column) names it; colours go by name.

    ``targets`` are dashed lines across, ``levels`` thin ones with their words. ``projected`` are the steps
    and the series that have not been reported: their lines are dashed, as are those of ``dashed``, series
    that the title says are something else. A single line may go without its name
    (``named=False``); levels then carry their value. Every ``every``-th step is labelled; ``step`` heads the
    steps in the table, ``also`` gives columns for the table alone.
    """
    frame = Frame.of(series, title, unit, step)
    are_ahead = _ahead(frame, list(projected))
    ahead = _ahead(frame, [*projected, *dashed])
    wanted, across = levels_of(targets), levels_of(levels)
    if not named:
        across = {f"{name} {show(level, frame.unit)}": level for name, level in across.items()}
    room = marks.room_for(frame.names) if named else 0.0
    starts = marks.starts(frame.curves, {**wanted, **across}, room)
    drawn = [_named(frame, every, colours, ahead) if named else _bare(frame, every)]
    drawn += [marks.target_lines(wanted, starts, room)] if wanted else []
    drawn += [marks.reference_line(value, words, starts, room) for words, value in across.items()]
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
        dashed=[name for name in frame.names if name in dashed],
        is_dashed=any(are_ahead),
    )


def spacing(frame: Frame) -> int:
    """How many steps apart the labels of an axis stand: all years and other steps where they are few."""
    count = len(frame.axis)
    if frame.kind == "Month":
        return 12
    if frame.kind == "Quarter":
        return 3 if count <= _FEW else 4
    return 1 if count <= _ALL else 3


def _ahead(frame: Frame, projected: Sequence[int | str]) -> list[bool]:
    """For each row of a frame whether it is projected."""
    places = {frame.place(step) for step in frame.steps if step in projected}
    return [at in places or name in projected for at, name, _ in frame.rows.itertuples(index=False)]


def _named(
    frame: Frame, every: int | None, colours: Mapping[str, str] | None, ahead: Sequence[bool]
) -> alt.LayerChart:
    palette, apart = colours_of(frame.names, colours), every or spacing(frame)
    return marks.lines(frame.rows, frame.field, frame.unit, frame.names, palette, apart, ahead)


def _bare(frame: Frame, every: int | None) -> alt.Chart:
    """A line without its name."""
    data = marks.worded(frame.rows, "value", frame.unit)
    horizontal = marks.across(frame.field, frame.along, every or spacing(frame))
    return alt.Chart(data).mark_line().encode(x=horizontal, y=marks.upward("value", frame.unit))
