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
from analysis.charts.theme import INK, SLATE

_ENDS = {"At its low": SLATE, "At its high": INK}  # of the driver, by the heads of the table
_ROOM = 46  # pixels at each side, for the values at the ends


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

    The side of the driver's low is grey, that of its high ink, around the result ``centre``, and both
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
        named_table("Assumption", shown, list(_ENDS), printed),
        figures_of(*shown.values(), [centre]),
        source,
        read_by={"y": 0},
        colours=_ENDS,
        height=marks.rows_height(len(data), row, around),
    )


def _drawn(data: pd.DataFrame, centre: float, unit: str, centre_name: str) -> alt.LayerChart:
    # Where both ends lie on one side of the centre, the nearer one's value stands on the other side.
    sides = data.assign(left=data[["low", "high"]].min(axis=1), right=data[["low", "high"]].max(axis=1))
    frame = sides.assign(
        centre=centre, at_left=sides["left"].clip(upper=centre), at_right=sides["right"].clip(lower=centre)
    )
    frame = marks.worded(marks.worded(frame, "left", unit, "left_text"), "right", unit, "right_text")
    base = alt.Chart(frame).encode(y=marks.rows("driver", list(data["driver"])))
    layers: list[alt.Chart | alt.LayerChart] = []
    # Room for words is left beside the scale: were it to reach further, odds would start below nil.
    ends = [_ROOM, alt.expr(f"width - {_ROOM}")]
    for end, colour in zip(("low", "high"), _ENDS.values(), strict=True):
        x = alt.X(f"{end}:Q", axis=marks.axis(unit), scale=alt.Scale(zero=False, range=ends))
        layers.append(base.mark_bar(color=colour).encode(x=x, x2="centre:Q"))
    for side, align, away in (("left", "right", -5), ("right", "left", 5)):
        words = base.mark_text(align=align, dx=away)
        layers.append(words.encode(x=alt.X(f"at_{side}:Q"), text=f"{side}_text:N"))
    return alt.layer(*layers, *marks.vertical_lines({}, {centre_name: centre}, centre))
