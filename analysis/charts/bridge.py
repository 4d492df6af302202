"""Bridges: from one amount to another, a bar a step."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
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
    named_table,
    unit_of,
)
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import INK, PAPER, SLATE


def bridge(
    steps: Mapping[str, Value],
    *,
    total: str,
    title: str,
    finding: str,
    unit: str | None = None,
    targets: Levels = (),
    levels: Levels = (),
    row: int = 34,
    source: Sources = (),
) -> ChartFigure:
    """A waterfall: each step carries on where the one before ended, the bar named ``total`` closes it.

    Rises are solid, falls hollow; the amounts end the rows, with their signs. ``targets`` are dashed lines,
    ``levels`` thin ones, such as what the market pays.
    """
    shown = {step: float(value) for step, value in steps.items() if value is not None and is_known(value)}
    if not shown:
        raise NothingToDraw(title)
    printed = unit_of(steps.values(), unit, title)
    span = sum(max(each, 0.0) for each in shown.values())
    lines = marks.vertical_lines(levels_of(targets), levels_of(levels), span)
    drawn = _drawn(shown, printed, total)
    rows = {step: (steps[step],) for step in shown}
    return chart_figure(
        alt.layer(*lines, drawn) if lines else drawn,
        "as a bridge",
        title,
        finding,
        named_table("Step", {**rows, total: (sum(shown.values()),)}, ["Amount"], printed),
        figures_of(steps, targets, levels),
        source or figures_of(steps),
        read_by={"y": 0},
        height=marks.rows_height(len(shown) + 1, row),
    )


def _drawn(amounts: Mapping[str, float], unit: str, total: str) -> alt.LayerChart:
    data = pd.DataFrame({"step": list(amounts), "size": list(amounts.values())})
    ends = data["size"].cumsum()
    data = data.assign(start=ends - data["size"], end=ends)
    last = float(ends.iloc[-1])
    closing = pd.DataFrame({"step": [total], "start": [0.0], "end": [last], "size": [last]})
    frame = marks.worded(pd.concat([data, closing], ignore_index=True), "size", unit)
    frame = frame.assign(kind=[*("rise" if v >= 0 else "fall" for v in data["size"]), "total"])
    kinds = alt.Scale(domain=["rise", "fall", "total"], range=[INK, PAPER, SLATE])
    base = alt.Chart(frame).encode(y=marks.rows("step", list(frame["step"])))
    edge = alt.when(alt.datum.kind == "fall").then(alt.value(INK)).otherwise(alt.value(None))
    bar = base.mark_bar(strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=marks.axis(unit), scale=marks.roomy(frame["text"])),
        x2="end:Q",
        fill=alt.Fill("kind:N", scale=kinds, legend=None),
        stroke=edge,
    )
    return alt.layer(bar, marks.at_row_ends(base, "text:N"))
