"""The charts of the page on capital expenditure: cash, depreciation, the way ahead, the return, the peers."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import axis, lines, tips, worded
from analysis.charts.render import ChartFigure
from analysis.charts.series import SERIES, line_chart, path_chart
from analysis.charts.shapes import heat, rows, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import AXIS, BLUE, INK_SOFT, OCHRE, PAPER, TEAL, VERMILION


def cash(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Three flows over twelve months; ``data`` has quarter, series and value in usd_bn."""
    value, palette = Column("value", "Amount", "usd_bn"), (TEAL, VERMILION, BLUE)
    return line_chart(data, SERIES, value, palette, "Cash over twelve months", description, source)


def depreciation(data: pd.DataFrame, first: int, description: str, source: Sources) -> ChartFigure:
    """Net purchases and depreciation by year, reported and then projected from ``first`` on."""
    names = list(dict.fromkeys(data["series"]))
    palette = dict(zip(names, (VERMILION, OCHRE), strict=True))
    drawn = lines(data, "year", "value", "series", "usd_bn", names, palette, every=3)
    start = alt.Chart(pd.DataFrame({"year": [str(first)], "words": ["projected →"]})).encode(x="year:O")
    rule = start.mark_rule(color=AXIS, strokeDash=[3, 3])
    words = start.mark_text(align="left", baseline="top", dx=5, color=INK_SOFT).encode(
        y=alt.value(0), text="words:N"
    )
    return ChartFigure(
        alt.layer(rule, drawn, words),
        "Net purchases of property and equipment, and depreciation",
        description,
        data,
        source,
        [Column("year", "Year"), Column("series", "Series"), Column("value", "Amount", "usd_bn")],
    )


def ahead(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Free cash flow by year and scenario; ``data`` as from :func:`analysis.charts.paths.path_frame`."""
    value = Column("value", "Free cash flow", "usd_bn")
    title = "Free cash flow by scenario, as the company defines it"
    return path_chart(data, value, title, description, source)


def returns(
    data: pd.DataFrame, thresholds: Sequence[float], description: str, source: Sources
) -> ChartFigure:
    """Return on a dollar of data centre; ``data`` has margin and utilisation as text, and rate."""
    return ChartFigure(
        heat(
            data,
            "utilisation",
            "margin",
            "rate",
            "fraction",
            "how full the capacity is",
            "operating margin when full",
            thresholds,
        ),
        "Return a year on a dollar of data centre",
        description,
        data,
        source,
        [
            Column("margin", "Margin when full"),
            Column("utilisation", "How full"),
            Column("rate", "Return", "fraction"),
        ],
    )


def peers(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """What each company spent, and its plan; ``data`` has company, spent, low, high in usd_bn."""
    frame = worded(data, "spent", "usd_bn", "text")
    names, across = list(data["company"]), axis("usd_bn")
    lanes = alt.YOffset("lane:N", scale=alt.Scale(domain=["spent", "plan"], paddingInner=0.15))
    base = alt.Chart(frame.assign(lane="spent")).encode(
        y=rows("company", names), yOffset=lanes, tooltip=tips("company", "text")
    )
    spent = base.mark_bar(color=BLUE).encode(x=alt.X("spent:Q", axis=across, scale=alt.Scale(zero=True)))
    words = base.mark_text(align="right", dx=-6, color=PAPER).encode(x="spent:Q", text="text:N")
    planned = alt.Chart(frame.dropna(subset=["low"]).assign(lane="plan")).encode(
        y=rows("company", names), yOffset=lanes
    )
    plan = planned.mark_bar(color=VERMILION).encode(x="from:Q", x2="to:Q")
    label = planned.mark_text(align="right", dx=-6, color=VERMILION, fontWeight="bold")
    return ChartFigure(
        alt.layer(spent, words, plan, label.encode(x="from:Q", text="plan:N")),
        "Capital expenditure of the last year, and plans for the next",
        description,
        data,
        source,
        [
            Column("company", "Company"),
            Column("spent", "Spent", "usd_bn"),
            Column("low", "Plan, low", "usd_bn"),
            Column("high", "Plan, high", "usd_bn"),
        ],
        height=rows_height(len(data), each=60),
        space_right=16,
    )
