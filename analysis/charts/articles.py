"""Charts of the articles page: grades by article, what hangs on the failures, and three models compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import axis, tips, worded
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import bridge, ranges, ranked, rows, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, MUTED, OCHRE, PAPER, PURPLE, SLATE, TEAL, VERMILION
from analysis.formats import usd, usd_bn

GRADES = {"holds": BLUE, "holds with rounding": TEAL, "does not hold": VERMILION, "not checkable": MUTED}
FEW = alt.expr("width < 420 ? 1 : 4")
"""Names of a legend in one line: one on a phone, where the plot is narrow."""
PARTS = {"AWS": BLUE, "Advertising": PURPLE, "Retail": OCHRE, "Market": SLATE}


def grades(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """How many claims of each article got each grade; columns ``article``, ``grade``, ``claims``."""
    names = list(dict.fromkeys(data["article"]))
    failing = data[data["grade"] == "does not hold"].set_index("article")["claims"]
    worst, best = failing.idxmax(), failing.idxmin()
    return ChartFigure(
        _stacked(data, "article", "claims", "grade", names, GRADES, "count"),
        "Claims by article and grade",
        f"Stacked bars: of the {int(data['claims'].sum())} claims {int(failing.sum())} do not hold; most of "
        f"those, {int(failing[worst])}, are in “{worst}”, fewest, {int(failing[best])}, in “{best}”.",
        data,
        source,
        [Column("article", "Article"), Column("grade", "Grade"), Column("claims", "Claims", "count")],
        height=rows_height(len(names), 44, 90),
    )


def stakes(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """The market value that hangs on each failing claim; columns ``claim``, ``text``, ``stake``."""
    first, last = data.iloc[0], data.iloc[-1]
    return ChartFigure(
        ranked(data, "claim", "stake", "usd_bn0"),
        "Market value that hangs on each of the costliest errors",
        f"Bars: most hangs on {first['claim']}, {usd_bn(first['stake'], 0)}; on the last one shown, "
        f"{last['claim']}, {usd_bn(last['stake'], 0)}.",
        data,
        source,
        [Column("claim", "Claim"), Column("text", "What it says"), Column("stake", "Market value", "usd_bn")],
        height=rows_height(len(data), 30),
    )


def parts(data: pd.DataFrame, totals: Mapping[str, float], source: Sources) -> ChartFigure:
    """Sums of parts beside what the market paid; columns ``who``, ``part``, ``value`` in usd_bn."""
    names = list(dict.fromkeys(data["who"]))
    words = ", ".join(f"{name} {usd_bn(totals[name])}" for name in names)
    return ChartFigure(
        _stacked(data, "who", "value", "part", names, PARTS, "usd_bn"),
        "Sum of the parts on the article's day, and the market's enterprise value",
        f"Stacked bars: {words}.",
        data,
        source,
        [Column("who", "By whom"), Column("part", "Part"), Column("value", "Value", "usd_bn")],
        height=rows_height(len(names), 44, 90),
    )


def missing(data: pd.DataFrame, low: float, high: float, source: Sources) -> ChartFigure:
    """Value a share as one missing assumption moves; columns ``name``, ``low``, ``base``, ``high``."""
    inside = [row["name"] for _, row in data.iterrows() if row["low"] <= low and row["high"] >= high]
    reached = f"only {', '.join(name.lower() for name in inside)} can" if inside else "none of them can"
    return ChartFigure(
        ranges(data, "name", "low", "base", "high", "usd", {" ": low, "the article's range": high}),
        "Value a share as each missing assumption moves alone",
        f"Ranges: with the assumptions put in the value is {usd(float(data['base'].iloc[0]))} a share; moved "
        f"alone, {reached} bring it to {usd(low)} or {usd(high)}.",
        data,
        source,
        [
            Column("name", "Assumption"),
            Column("low", "Lowest value", "usd"),
            Column("base", "With all put in", "usd"),
            Column("high", "Highest value", "usd"),
        ],
        height=rows_height(len(data), 46, 70),
    )


def path(data: pd.DataFrame, total: str, source: Sources) -> ChartFigure:
    """From one value to another; columns ``step``, ``amount`` in usd_bn, the first row the start."""
    start, end = float(data["amount"].iloc[0]), float(data["amount"].sum())
    moves = data.iloc[1:]
    largest = moves.loc[moves["amount"].abs().idxmax()]
    return ChartFigure(
        bridge(data, "step", "amount", "usd_bn", total),
        "From the newsletter's value to this report's, by cause",
        f"Waterfall: {usd_bn(start)} becomes {usd_bn(end)}; the largest step is {largest['step']} with "
        f"{usd_bn(float(largest['amount']))}.",
        data,
        source,
        [Column("step", "Step"), Column("amount", "Amount", "usd_bn")],
        height=rows_height(len(data) + 1, 40),
    )


def _stacked(
    data: pd.DataFrame,
    name: str,
    value: str,
    series: str,
    names: Sequence[str],
    palette: Mapping[str, str],
    unit: str,
) -> alt.Chart:
    """Horizontal stacked bars, one for each name, the series in the order of the palette."""
    order = [key for key in palette if key in set(data[series])]
    frame = worded(data, value, unit, "text").assign(place=[order.index(key) for key in data[series]])
    scale = alt.Scale(domain=order, range=[palette[key] for key in order])
    return (
        alt.Chart(frame)
        .mark_bar(stroke=PAPER, strokeWidth=1)
        .encode(
            x=alt.X(f"sum({value}):Q", axis=axis(unit, "claims" if unit == "count" else None)),
            y=rows(name, names),
            color=alt.Color(
                f"{series}:N",
                scale=scale,
                legend=alt.Legend(title=None, columns=alt.expr("width < 420 ? 1 : 4")),
            ),
            order=alt.Order("place:Q"),
            tooltip=tips(name, series, "text"),
        )
    )
