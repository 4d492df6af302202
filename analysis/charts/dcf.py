"""Charts of the discounted cash flow: the flows, what a price implies, what silent choices do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import axis, tips, worded
from analysis.charts.paths import SCENARIO_COLOURS
from analysis.charts.render import ChartFigure
from analysis.charts.series import line_chart
from analysis.charts.shapes import ranked, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK_SOFT, PURPLE, SLATE, TARGET, TEAL, VERMILION
from analysis.formats import percent, show, usd_bn

FLOWS = {"profit after tax": BLUE, "net investment": VERMILION, "free cash flow": TEAL}
CURVES = (INK_SOFT, TARGET, PURPLE)


def flows(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Profit after tax, net investment and what is left; columns ``year``, ``flow``, ``amount``."""
    left = data[data["flow"] == "free cash flow"]["amount"]
    return line_chart(
        data,
        Column("flow", "Flow"),
        Column("amount", "Amount", "usd_bn"),
        FLOWS,
        "Profit after tax, net investment and free cash flow, twelve months to each quarter",
        f"Lines: free cash flow to the firm goes from {usd_bn(left.iloc[0])} to {usd_bn(left.iloc[-1])} over "
        f"{len(left)} years, because investment falls behind profit.",
        source,
        step=Column("year", "Twelve months to"),
        every=3,
    )


def frontier(
    curves: pd.DataFrame, points: pd.DataFrame, prices: Mapping[str, float], source: Sources
) -> ChartFigure:
    """Pairs of ``margin`` and ``growth`` that are worth each ``price``; ``points`` are named scenarios."""
    told = ", ".join(
        f"{row['name']} at {percent(row['growth'])} and {percent(row['margin'])}"
        for _, row in points.iterrows()
    )
    chart = alt.layer(alt.layer(*_curves(curves, list(prices))), alt.layer(*_points(points)))
    return ChartFigure(
        chart.resolve_scale(color="independent"),
        "Growth and margin that the price takes for granted",
        "Falling curves, one for each price: every pair of growth and margin on a curve is worth that price. "
        f"The scenarios stand at {told}.",
        pd.concat([curves, points.rename(columns={"name": "price"})], ignore_index=True),
        source,
        [
            Column("price", "Price or scenario"),
            Column("growth", "Growth of sales a year", "fraction"),
            Column("margin", "Operating margin", "fraction"),
        ],
        height=380,
    )


def _curves(curves: pd.DataFrame, names: Sequence[str]) -> list[alt.Chart]:
    """A line for each price, named below its end."""
    scale = alt.Scale(domain=list(names), range=list(CURVES[: len(names)]))
    colour = alt.Color("price:N", legend=None, scale=scale)
    title = "growth of sales a year over the forecast"
    horizontal = alt.X("growth:Q", axis=axis("fraction", title), scale=alt.Scale(nice=False))
    upward = axis("fraction", "operating margin at its end")
    vertical = alt.Y("margin:Q", axis=upward, scale=alt.Scale(zero=False))
    last = curves.sort_values("growth").groupby("price", sort=False).tail(1)
    named = alt.Chart(last).encode(x="growth:Q", y="margin:Q", color=colour, text="price:N")
    base = alt.Chart(curves).encode(x=horizontal, y=vertical, color=colour)
    return [base.mark_line(), named.mark_text(align="right", dy=14, fontWeight="bold")]


def _points(points: pd.DataFrame) -> list[alt.Chart]:
    """A named dot for each scenario in its colour."""
    marks = alt.Chart(worded(worded(points, "growth", "fraction"), "margin", "fraction", "across"))
    marks = marks.encode(x="growth:Q", y="margin:Q")
    palette = alt.Scale(domain=list(SCENARIO_COLOURS), range=list(SCENARIO_COLOURS.values()))
    tint = alt.Color("name:N", legend=None, scale=palette)
    dots = marks.mark_point(size=90, opacity=1).encode(color=tint, tooltip=tips("name", "text", "across"))
    return [dots, marks.mark_text(align="left", dx=9, fontWeight="bold").encode(text="name:N", color=tint)]


def choices(data: pd.DataFrame, value: float, source: Sources) -> ChartFigure:
    """What each silent choice adds or takes; columns ``choice``, ``change`` in usd_bn."""
    largest = data.loc[data["change"].abs().idxmax()]
    span = [f"{show(data['change'].min(), 'usd_bn')}", f"{show(data['change'].max(), 'usd_bn')}"]
    return ChartFigure(
        ranked(data, "choice", "change", "usd_bn", colour=SLATE),
        "Change of the value of the shares, one choice at a time",
        f"Bars: single choices of convention move a value of {usd_bn(value)} by {span[0]} to {span[1]}; most "
        f"by {largest['choice'].lower()}.",
        data,
        source,
        [Column("choice", "Choice"), Column("change", "Change", "usd_bn")],
        height=rows_height(len(data)),
    )


def order_by_change(names: Sequence[str], changes: Sequence[float]) -> pd.DataFrame:
    """Rows ``choice``, ``change`` from the largest rise to the largest fall."""
    frame = pd.DataFrame({"choice": list(names), "change": [float(change) for change in changes]})
    return frame.sort_values("change", ascending=False, ignore_index=True)
