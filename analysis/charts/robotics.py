"""The charts of the page on warehouse automation: the fleet, and savings by year beside estimates."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import across, axis, band, tips, upward, worded
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, VERMILION


def fleet(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Robots in use; ``data`` has the moment in years, the period as stated, and the count."""
    frame = data.assign(millions=data["robots"] / 1e6)
    frame = worded(frame, "robots", "count")
    time = alt.X("time:Q", axis=axis("year"), scale=alt.Scale(zero=False, nice=True))
    count = alt.Y("millions:Q", axis=alt.Axis(title="million robots"), scale=alt.Scale(zero=True))
    base = alt.Chart(frame).encode(x=time, y=count)
    count_at = {"align": "right", "dx": -8, "dy": -9}
    first, later = (alt.Chart(part).encode(x=time, y=count, text="text:N") for part in (frame[:1], frame[1:]))
    words = alt.layer(first.mark_text(color=INK, **count_at | {"align": "left", "dx": 4}),
                      later.mark_text(color=INK, **count_at))  # fmt: skip
    points = base.mark_point(size=60, opacity=1).encode(tooltip=tips("period", "text"))
    return ChartFigure(
        alt.layer(base.mark_line(), points, words),
        "Robots in use, as stated",
        description,
        data,
        source,
        [Column("period", "When"), Column("robots", "Robots", "count")],
        height=280,
    )


def savings(path: pd.DataFrame, estimates: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Savings by year with their range, beside others' estimates.

    ``path`` has year, low, assumed, high; ``estimates`` (perhaps empty) year, name, low, high.
    """
    steps = list(path["year"].astype(str))
    frame = worded(path.assign(year=steps), "assumed", "usd_bn")
    horizontal = across("year", steps)
    line = alt.Chart(frame).encode(x=horizontal, y=upward("assumed", "usd_bn"))
    layers = [band(path, "year", "low", "high", "usd_bn").encode(opacity=alt.value(0.6)), line.mark_line()]
    if not estimates.empty:
        others = alt.Chart(estimates.assign(year=estimates["year"].astype(str)))
        spans = others.mark_bar(size=7, color=VERMILION).encode(x=horizontal, y="low:Q", y2="high:Q")
        words = others.mark_text(align="right", dx=-7, color=VERMILION, fontWeight="bold", baseline="bottom")
        layers += [spans, words.encode(x=horizontal, y="high:Q", text="name:N")]
    last = frame.tail(1).assign(words="assumed")
    name = alt.Chart(last).mark_text(align="right", dx=-2, dy=-10, color=BLUE, fontWeight="bold")
    layers += [
        name.encode(x=horizontal, y="assumed:Q", text="words:N"),
        line.mark_point(opacity=0, size=260).encode(tooltip=tips("year", "text")),
    ]
    return ChartFigure(
        alt.layer(*layers),
        "Savings of automation a year",
        description,
        path,
        source,
        [
            Column("year", "Year"),
            Column("low", "All drivers low", "usd_bn"),
            Column("assumed", "Assumed", "usd_bn"),
            Column("high", "All drivers high", "usd_bn"),
        ],
    )
