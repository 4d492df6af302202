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
from analysis.charts.theme import BAND, BLUE, INK, INK_SOFT, TARGET

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
    beside: bool = False,
    row: int = 44,
    around: int = 60,
    source: Sources = (),
) -> ChartFigure:
    """One bar a name from low to high, a tick and its value at the middle: ``{name: (low, middle, high)}``.

    Of ``(low, high)`` the low end has the tick. ``targets`` are dashed lines, ``today`` a thin one; with
    ``beside`` their names stand beside them, so that lines close together keep their names apart.
    ``name`` and ``heads`` head the columns of the table.
    """
    shown = {key: given for key, given in values.items() if all(map(is_known, given))}
    if not shown:
        raise NothingToDraw(title)
    printed = unit_of([value for given in shown.values() for value in given], unit, title)
    ends = [(given[0], given[-2], given[-1]) for given in shown.values()]
    rows = [(key, *map(number, given)) for key, given in zip(shown, ends, strict=True)]
    data = pd.DataFrame(rows, columns=["name", "low", "base", "high"])
    return chart_figure(
        alt.layer(*_layers(data, printed, levels_of(targets), today, beside)),
        "as ranges",
        title,
        finding,
        named_table(name, shown, heads or _HEADS[len(next(iter(shown.values())))], printed),
        figures_of(*shown.values(), targets, [today]),
        source or figures_of(*shown.values()),
        height=marks.rows_height(len(data), row, around),
    )


def _layers(
    data: pd.DataFrame, unit: str, targets: Mapping[str, float], today: Value, beside: bool
) -> list[alt.Chart | alt.LayerChart]:
    frame = marks.worded(data, "low", unit, "low_text")
    frame = marks.worded(marks.worded(frame, "base", unit), "high", unit, "high_text")
    chart = alt.Chart(frame).encode(
        y=marks.rows("name", list(data["name"])), tooltip=marks.tips("name", "low_text", "text", "high_text")
    )
    horizontal = alt.X("low:Q", axis=marks.axis(unit), scale=alt.Scale(zero=True))
    span = chart.mark_bar(color=BAND, height=alt.RelativeBandSize(0.7)).encode(x=horizontal, x2="high:Q")
    middle = alt.X("base:Q")
    tick = chart.mark_tick(color=BLUE, thickness=3, size=24).encode(x=middle)
    words = chart.mark_text(color=INK, dy=-17, fontWeight="bold", fontSize=11).encode(x=middle, text="text:N")
    now = {"today": float(today)} if today is not None and is_known(today) else {}
    sides = ("left", "right") if beside else ("center", "center")
    lines = [marks.vertical_lines(targets, TARGET, [5, 4], sides[0])] if targets else []
    lines += [marks.vertical_lines(now, INK_SOFT, [1, 0], sides[1])] if now else []
    return [span, tick, words, *lines] if beside else [span, *lines, tick, words]
