"""Charts of the history page: sales, profit, mix and cash by quarter, and what moved the market value.

Frames are tidy: a column ``quarter`` in order, a column naming the series, a column of values over
the twelve months to that quarter, in usd_bn or as a fraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.render import ChartFigure
from analysis.charts.series import line_chart
from analysis.charts.shapes import bridge, rows_height, stack, vertical_lines
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, OCHRE, PURPLE, SLATE, TARGET, TEAL, VERMILION
from analysis.formats import percent, usd_bn

SEGMENTS = {"North America": VERMILION, "International": TEAL, "AWS": BLUE}
LINES = {
    "Online stores": VERMILION,
    "Seller services": TEAL,
    "AWS": BLUE,
    "Advertising": PURPLE,
    "Advertising and other": PURPLE,
    "Subscriptions": OCHRE,
    "Physical stores": SLATE,
}
CASH = {"Operating cash flow": BLUE, "Net purchases": VERMILION, "Free cash flow": TEAL}


def sales(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Net sales by segment, stacked; columns ``quarter``, ``segment``, ``sales``."""
    first, last = _ends(data.groupby("quarter", sort=False)["sales"].sum())
    aws = _last(data, "segment", "sales")["AWS"]
    return ChartFigure(
        stack(data, "quarter", "sales", "segment", "usd_bn", list(SEGMENTS), palette=SEGMENTS),
        "Net sales by segment, twelve months to each quarter",
        f"Stacked bars: net sales over twelve months went from {usd_bn(first)} to {usd_bn(last)} between "
        f"{_span(data)}, of which AWS {usd_bn(aws)} at the end.",
        data,
        source,
        [Column("quarter", "Quarter"), Column("segment", "Segment"), Column("sales", "Net sales", "usd_bn")],
    )


def income(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Operating income by segment as lines; columns ``quarter``, ``segment``, ``income``."""
    last = _last(data, "segment", "income")
    lowest = data.loc[data["income"].idxmin()]
    words = ", ".join(f"{name} {usd_bn(last[name])}" for name in SEGMENTS)
    return line_chart(
        data,
        Column("segment", "Segment"),
        Column("income", "Operating income", "usd_bn"),
        SEGMENTS,
        "Operating income by segment, twelve months to each quarter",
        f"Lines: operating income over twelve months ended at {words}; the lowest point of any segment was "
        f"{lowest['segment']} with {usd_bn(lowest['income'])} in {lowest['quarter']}.",
        source,
    )


def mix(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Service lines' shares of net sales as lines; columns ``quarter``, ``line``, ``share``."""
    first, last = _first(data, "line", "share"), _last(data, "line", "share")
    return line_chart(
        data,
        Column("line", "Service line"),
        Column("share", "Share", "fraction"),
        LINES,
        "Service lines as a share of net sales, twelve months to each quarter",
        f"Lines: own online stores went from {percent(first['Online stores'], 0)} to "
        f"{percent(last['Online stores'], 0)} of net sales between {_span(data)}, AWS from "
        f"{percent(first['AWS'], 0)} to {percent(last['AWS'], 0)}.",
        source,
        height=380,
    )


def cash(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Operating cash flow, net purchases and what is left, as lines; ``quarter``, ``flow``, ``amount``."""
    last = _last(data, "flow", "amount")
    free = data[data["flow"] == "Free cash flow"]
    best = free.loc[free["amount"].idxmax()]
    return line_chart(
        data,
        Column("flow", "Flow"),
        Column("amount", "Amount", "usd_bn"),
        CASH,
        "Operating cash flow, net purchases and free cash flow, twelve months to each quarter",
        f"Lines: operating cash flow ended at {usd_bn(last['Operating cash flow'])}, net purchases at "
        f"{usd_bn(last['Net purchases'])}, which leaves free cash flow of {usd_bn(last['Free cash flow'])}; "
        f"its best twelve months were those to {best['quarter']} with {usd_bn(best['amount'])}.",
        source,
    )


def change(
    start: str, amounts: Mapping[str, float], end: str, targets: Mapping[str, float], source: Sources
) -> ChartFigure:
    """A bridge from one market value to another; ``amounts`` holds the first value, then the changes."""
    data = pd.DataFrame({"step": list(amounts), "amount": list(amounts.values())})
    moves = data.iloc[1:]
    largest = moves.loc[moves["amount"].abs().idxmax()]
    total = data["amount"].sum()
    drawn = alt.layer(vertical_lines(targets, TARGET, [5, 4]), bridge(data, "step", "amount", "usd_bn", end))
    return ChartFigure(
        drawn,
        "What moved the market value",
        f"Bridge: market value went from {usd_bn(data['amount'].iloc[0])} on {start} to {usd_bn(total)}; the "
        f"largest step is {str(largest['step']).lower()} with {usd_bn(largest['amount'])}.",
        data,
        source,
        [Column("step", "Step"), Column("amount", "Amount", "usd_bn")],
        height=rows_height(len(data) + 1),
    )


def _ends(values: pd.Series) -> tuple[float, float]:
    return float(values.iloc[0]), float(values.iloc[-1])


def _first(data: pd.DataFrame, series: str, value: str) -> Mapping[str, float]:
    return dict(data.dropna(subset=[value]).groupby(series, sort=False)[value].first())


def _last(data: pd.DataFrame, series: str, value: str) -> Mapping[str, float]:
    return dict(data.dropna(subset=[value]).groupby(series, sort=False)[value].last())


def _span(data: pd.DataFrame) -> str:
    quarters: Sequence[str] = list(data["quarter"])
    return f"{quarters[0]} and {quarters[-1]}"
