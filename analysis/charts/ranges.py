"""Ranges by name: a football field of low, middle and high, beside targets and today's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    number,
    unit_of,
)
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import BAND, INK

_HEADS = {2: ("Low", "High"), 3: ("Low", "Base", "High")}  # of the table's columns, by their number


def ranges(
    values: Mapping[str, Sequence[Value]],
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    name: str = "Name",
    heads: Sequence[str] | None = None,
    targets: Levels = (),
    today: Value = None,
    row: int = 44,
    around: int = 60,
    source: Sources = (),
) -> ChartFigure:
    """One bar a name from low to high, a tick at the middle: ``{name: (low, middle, high)}``.

    The middle's value ends the row, where no line passes. Of ``(low, high)`` the low end has the tick.
    ``targets`` are dashed lines, ``today`` a thin one. ``name`` and ``heads`` head the columns of the table.
    """
    shown = {key: given for key, given in values.items() if all(map(is_known, given))}
    if not shown:
        raise NothingToDraw(title)
    printed = unit_of([value for given in shown.values() for value in given], unit, title)
    ends = [(given[0], given[-2], given[-1]) for given in shown.values()]
    rows = [(key, *map(number, given)) for key, given in zip(shown, ends, strict=True)]
    data = pd.DataFrame(rows, columns=["name", "low", "base", "high"])
    return chart_figure(
        alt.layer(*_layers(data, printed, levels_of(targets), today)),
        "as ranges",
        title,
        finding,
        named_table(name, shown, heads or _HEADS[len(next(iter(shown.values())))], printed),
        figures_of(*shown.values(), targets, [today]),
        source or figures_of(*shown.values()),
        read_by={"y": 0},
        height=marks.rows_height(len(data), row, around),
    )


def _layers(
    data: pd.DataFrame, unit: str, targets: Mapping[str, float], today: Value
) -> list[alt.Chart | alt.LayerChart]:
    frame = marks.worded(data, "base", unit)
    chart = alt.Chart(frame).encode(y=marks.rows("name", list(data["name"])))
    horizontal = alt.X("low:Q", axis=marks.axis(unit), scale=marks.roomy(frame["text"]))
    span = chart.mark_bar(color=BAND, height=alt.RelativeBandSize(0.7)).encode(x=horizontal, x2="high:Q")
    tick = chart.mark_tick(color=INK, thickness=3, size=24).encode(x="base:Q")
    words = marks.at_row_ends(chart, "text:N", fontWeight="bold")
    now = {"today": float(today)} if today is not None and is_known(today) else {}
    lines = marks.vertical_lines(targets, now, float(data["high"].max()))
    return [span, *lines, tick, words]
