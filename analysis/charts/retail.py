"""Charts of the retail page: margins, what advertising leaves, cost per dollar, units, value."""

from __future__ import annotations

import pandas as pd

from analysis.charts.render import ChartFigure
from analysis.charts.series import SERIES, line_chart
from analysis.charts.shapes import ranges, rows_height, stack
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, OCHRE, PURPLE, SLATE, TEAL, VERMILION
from analysis.formats import percent, usd_bn

SEGMENTS = {"North America": VERMILION, "International": TEAL}
MARGIN = Column("margin", "Margin", "fraction")
REPORTED = "as reported"
COSTS = {"Shipping": VERMILION, "Fulfilment": OCHRE}
GROWTH = {"Stores' sales": VERMILION, "Paid units": SLATE}


def margins(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Operating margins of the two retail segments; ``quarter``, ``segment``, ``margin``."""
    last = data.groupby("segment", sort=False)["margin"].last()
    lowest = data.loc[data["margin"].idxmin()]
    words = " and ".join(f"{name} {percent(last[name])}" for name in SEGMENTS)
    return line_chart(
        data,
        Column("segment", "Segment"),
        MARGIN,
        SEGMENTS,
        "Operating margin of the retail segments, twelve months to each quarter",
        f"Lines: margins ended at {words} in {data['quarter'].iloc[-1]}; the lowest was "
        f"{percent(lowest['margin'])} for {lowest['segment']} in {lowest['quarter']}.",
        source,
        height=300,
    )


def left(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """The stores' margin at assumed margins of advertising; ``quarter``, ``case``, ``margin``."""
    names = list(dict.fromkeys(data["case"]))
    last = data.groupby("case", sort=False)["margin"].last()
    return line_chart(
        data,
        Column("case", "Case"),
        MARGIN,
        (SLATE, TEAL, BLUE, PURPLE),
        "Retail's operating margin, and what is left at three margins of advertising",
        f"Lines: in the year to {data['quarter'].iloc[-1]} retail as reported earned "
        f"{percent(last[REPORTED])}; without advertising it earned "
        f"{', '.join(f'{percent(last[name])} ({name})' for name in names if name != REPORTED)}.",
        source,
    )


def costs(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Shipping and fulfilment per dollar of retail sales; ``quarter``, ``cost``, ``share``."""
    known = data.dropna(subset=["share"])
    total = known.groupby("quarter", sort=False)["share"].sum()
    return ChartFigure(
        stack(data, "quarter", "share", "cost", "fraction", list(COSTS), 1, COSTS),
        "Shipping and fulfilment for each dollar of retail sales, twelve months to each quarter",
        f"Stacked bars: both together took {percent(total.iloc[0])} of retail sales in the year to "
        f"{total.index[0]} and {percent(total.iloc[-1])} in the year to {total.index[-1]}.",
        data,
        source,
        [Column("quarter", "Quarter"), Column("cost", "Cost"), Column("share", "Share of sales", "fraction")],
        height=300,
    )


def units(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Growth of paid units beside that of the stores' sales; ``quarter``, ``series``, ``growth``."""
    names = [name for name in GROWTH if name in set(data["series"])]
    last = data.groupby("series", sort=False).tail(1).set_index("series")
    words = ", ".join(f"{n} {percent(last.at[n, 'growth'])} in {last.at[n, 'quarter']}" for n in names)
    return line_chart(
        data,
        SERIES,
        Column("growth", "Growth", "fraction"),
        GROWTH,
        "Growth of paid units and of the stores' sales on the year before, by quarter",
        f"Lines: latest growth: {words[0].lower()}{words[1:]}.",
        source,
        height=300,
    )


def value(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Ranges of the stores' value; ``way``, ``low``, ``base``, ``high``."""
    least, most = data.loc[data["low"].idxmin()], data.loc[data["high"].idxmax()]
    return ChartFigure(
        ranges(data, "way", "low", "base", "high", "usd_bn"),
        "What the stores are worth by themselves",
        f"Ranges: from {usd_bn(least['low'])} ({str(least['way']).lower()}) to {usd_bn(most['high'])} "
        f"({str(most['way']).lower()}); the middle values are "
        f"{', '.join(usd_bn(worth) for worth in data['base'])}.",
        data,
        source,
        [
            Column("way", "Way"),
            Column("low", "Low", "usd_bn"),
            Column("base", "Base", "usd_bn"),
            Column("high", "High", "usd_bn"),
        ],
        height=rows_height(len(data), 60),
    )
