"""What was reported, and where each scenario leads from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import (
    Frame,
    Levels,
    Many,
    Steps,
    Value,
    chart_figure,
    figures_of,
    known,
    levels_of,
)
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import colours_of

REPORTED = "reported"
_ROOM = 44  # pixels for the longest name of a scenario
_UNDER_NAME = 5  # years, reported and projected, that the name of what was reported stands over


def scenario_paths(
    paths: Many,
    *,
    reported: Steps,
    title: str,
    finding: str,
    unit: str | None = None,
    targets: Levels = (),
    every: int = 3,
    height: int = 340,
    source: Sources = (),
) -> ChartFigure:
    """One dashed line a scenario by year, from the last of what was ``reported``: by year, or by quarter.

    Of quarters the fourth counts, as the year's. Each scenario is named at its end.
    """
    past = _by_year(known(reported))
    frame = Frame.of({REPORTED: past, **{str(name): path for name, path in paths.items()}}, title, unit)
    drawn = _drawn(frame, every)
    latest = [list(past.values())[-1:], *(list(known(path).values())[-1:] for path in paths.values())]
    return chart_figure(
        alt.layer(drawn, marks.target_lines(levels_of(targets), room=_ROOM)) if targets else drawn,
        "as lines by year",
        title,
        finding,
        frame.table(),
        [*frame.figures, *figures_of(targets)],
        source or figures_of(*latest),
        read_by={"x": 0},
        colours=colours_of(frame.names),
        height=height,
        is_dashed=True,
    )


def _by_year(reported: Mapping[Any, Value]) -> dict[Any, Value]:
    is_quarterly = any(isinstance(step, str) for step in reported)
    if not is_quarterly:
        return dict(reported)
    return {int(step[:4]): value for step, value in reported.items() if step.endswith("Q4")}


def _drawn(frame: Frame, every: int) -> alt.LayerChart:
    """The lines: each path begins at the last reported year before it."""
    rows = frame.rows
    past = rows[rows["series"] == REPORTED]
    names = [name for name in frame.names if name != REPORTED]
    first = min(step for name in names for step in frame.cells[name])
    start = past[past["year"] == frame.place(first - 1)]
    joined = [part for name in names for part in (start.assign(series=name), rows[rows["series"] == name])]
    data = marks.worded(pd.concat([past, *joined], ignore_index=True), "value", frame.unit)
    is_past = data["series"] == REPORTED
    data = data.assign(status=is_past.map({True: "reported", False: "projected"}))
    palette = colours_of([*names, REPORTED])
    horizontal = marks.across("year", frame.along, every, room=_ROOM)
    vertical = marks.upward("value", frame.unit)
    colour = marks.colours("series", [*names, REPORTED], palette)
    base = alt.Chart(data).encode(x=horizontal, y=vertical, color=colour)
    place = {"dy": -12, "align": "left", "fontWeight": "bold"}
    start = data[data["year"].isin(frame.along[:_UNDER_NAME])]  # the name stands above all that is below it
    above = marks.above_grid(float(start["value"].max()), list(data["value"]))
    label = alt.Chart(data[is_past].head(1)[["year", "series"]].assign(name_at=above))
    label = label.encode(x=horizontal, y="name_at:Q", text="series:N")
    named = marks.haloed(label, palette[REPORTED], **place)
    ends = marks.line_names(data[~is_past], "year", colour, horizontal, vertical, _ROOM)
    return alt.layer(base.mark_line().encode(strokeDash=marks.dashed()), *named, *ends)
