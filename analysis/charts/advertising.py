"""Charts of the advertising page: size, growth beside Google and Meta, share of the stores, value."""

from __future__ import annotations

import pandas as pd

from analysis.charts.paths import REPORTED, SCENARIO_COLOURS
from analysis.charts.render import ChartFigure
from analysis.charts.series import line_chart, path_chart
from analysis.charts.shapes import bars
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, PURPLE, VERMILION
from analysis.formats import percent, usd_bn

SELLERS = {"Amazon": BLUE, "Google": VERMILION, "Meta": PURPLE}


def size(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Advertising's sales over twelve months; columns ``quarter``, ``sales``."""
    first, last = data.iloc[0], data.iloc[-1]
    return ChartFigure(
        bars(data, "quarter", "sales", "usd_bn"),
        "Advertising's sales, twelve months to each quarter",
        f"Bars: advertising's sales went from {usd_bn(first['sales'])} in the year to {first['quarter']} to "
        f"{usd_bn(last['sales'])} in the year to {last['quarter']}.",
        data,
        source,
        [Column("quarter", "Quarter"), Column("sales", "Sales", "usd_bn")],
        height=280,
    )


def growth(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Growth of advertising on the year before by seller; ``quarter``, ``seller``, ``growth``."""
    names = [name for name in SELLERS if name in set(data["seller"])]
    last = data.groupby("seller", sort=False).tail(1).set_index("seller")
    found = ", ".join(
        f"{name} {percent(last.at[name, 'growth'], 0)} ({last.at[name, 'quarter']})" for name in names
    )
    return line_chart(
        data,
        Column("seller", "Seller"),
        Column("growth", "Growth", "fraction"),
        SELLERS,
        "Growth of advertising sales on the year before, by quarter",
        f"Lines: at their latest quarters advertising grew by {found}.",
        source,
    )


def share(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Advertising's sales over those of the stores by year; ``year``, ``series``, ``value``."""
    past = data[data["series"] == REPORTED]
    first, last = past.iloc[0], past.iloc[-1]
    ends = _ends(data)
    return path_chart(
        data,
        Column("value", "Share", "fraction"),
        "Advertising's sales for each dollar that the stores sell",
        f"Lines: advertising went from {percent(first['value'])} of the stores' sales in {first['year']} to "
        f"{percent(last['value'])} in {last['year']}; by {data['year'].iloc[-1]} it is at "
        f"{', '.join(f'{percent(value, 0)} ({name})' for name, value in ends.items())}.",
        source,
        year=Column("year", "Year", "year"),
        every=2,
    )


def value(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Advertising's value by year and scenario; ``year``, ``series``, ``value``."""
    ends = ", ".join(f"{usd_bn(worth)} ({name})" for name, worth in _ends(data).items())
    return line_chart(
        data,
        Column("series", "Scenario"),
        Column("value", "Value", "usd_bn"),
        SCENARIO_COLOURS,
        "Value of advertising by year: sales × margin × multiple",
        f"Lines: from {usd_bn(data['value'].iloc[0])} today to {ends} in {data['year'].iloc[-1]}.",
        source,
        step=Column("year", "End of"),
        every=1,
    )


def _ends(data: pd.DataFrame) -> dict[str, float]:
    ahead = data[data["series"] != REPORTED]
    return dict(ahead.groupby("series", sort=False)["value"].last())
