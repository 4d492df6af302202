"""Tornados: what each driver does to a result, alone."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import (
    NothingToDraw,
    Value,
    chart_figure,
    figures_of,
    is_known,
    named_table,
    unit_of,
)
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import BLUE, INK_SOFT, SLATE


def tornado(
    drivers: Mapping[str, tuple[Value, Value]],
    *,
    centre: Value,
    title: str,
    finding: str,
    unit: str | None = None,
    centre_name: str = "base",
    row: int = 30,
    around: int = 60,
    source: Sources = (),
) -> ChartFigure:
    """One row a driver: the result with the driver at its low and at its high, ``{driver: (low, high)}``.

    The side of the driver's low is grey, that of its high blue, around the result ``centre``, and both
    ends carry their value.
    """
    shown = {name: ends for name, ends in drivers.items() if all(map(is_known, ends))}
    if not shown or centre is None or not is_known(centre):
        raise NothingToDraw(title)
    printed = unit_of([value for ends in shown.values() for value in ends], unit, title)
    rows = [(name, *(float(end) for end in ends if end is not None)) for name, ends in shown.items()]
    data = pd.DataFrame(rows, columns=["driver", "low", "high"])
    return chart_figure(
        _drawn(data, float(centre), printed, centre_name),
        "as bars around one value",
        title,
        finding,
        named_table("Driver", shown, ["At its low", "At its high"], printed),
        figures_of(*shown.values(), [centre]),
        source,
        height=marks.rows_height(len(data), row, around),
    )


def _drawn(data: pd.DataFrame, centre: float, unit: str, centre_name: str) -> alt.LayerChart:
    frame = marks.worded(data.assign(centre=centre), "low", unit, "low_text")
    frame = marks.worded(frame, "high", unit, "high_text")
    base = alt.Chart(frame).encode(
        y=marks.rows("driver", list(data["driver"])), tooltip=marks.tips("driver", "low_text", "high_text")
    )
    layers: list[alt.Chart | alt.LayerChart] = []
    for end, colour in (("low", SLATE), ("high", BLUE)):
        x = alt.X(f"{end}:Q", axis=marks.axis(unit), scale=alt.Scale(zero=False, padding=46))
        layers.append(base.mark_bar(color=colour).encode(x=x, x2="centre:Q"))
        for side, align in (("<", "right"), (">=", "left")):
            part = base.transform_filter(f"datum[{end!r}] {side} {centre!r}")
            words = part.mark_text(align=align, dx=-5 if align == "right" else 5)
            layers.append(words.encode(x=x, text=f"{end}_text:N"))
    return alt.layer(*layers, marks.vertical_lines({centre_name: centre}, INK_SOFT, [1, 0]))
