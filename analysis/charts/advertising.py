"""Charts of the advertising page: size, growth beside Google and Meta, share of the stores, value."""

from __future__ import annotations

import pandas as pd

from analysis.charts.marks import lines
from analysis.charts.paths import REPORTED, SCENARIO_COLOURS, paths
from analysis.charts.render import ChartFigure
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
    return ChartFigure(
        lines(data, "quarter", "growth", "seller", "fraction", names, SELLERS),
        "Growth of advertising sales on the year before, by quarter",
        f"Lines: at their latest quarters advertising grew by {found}.",
        data,
        source,
        [Column("quarter", "Quarter"), Column("seller", "Seller"), Column("growth", "Growth", "fraction")],
    )


def share(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Advertising's sales over those of the stores by year; ``year``, ``series``, ``value``."""
    past = data[data["series"] == REPORTED]
    first, last = past.iloc[0], past.iloc[-1]
    ends = _ends(data)
    return ChartFigure(
        paths(data, "fraction", every=2),
        "Advertising's sales for each dollar that the stores sell",
        f"Lines: advertising went from {percent(first['value'])} of the stores' sales in {first['year']} to "
        f"{percent(last['value'])} in {last['year']}; by {data['year'].iloc[-1]} it is at "
        f"{', '.join(f'{percent(value, 0)} ({name})' for name, value in ends.items())}.",
        data,
        source,
        [Column("year", "Year", "year"), Column("series", "Series"), Column("value", "Share", "fraction")],
    )


def value(data: pd.DataFrame, source: Sources) -> ChartFigure:
    """Advertising's value by year and scenario; ``year``, ``series``, ``value``."""
    names = list(dict.fromkeys(data["series"]))
    ends = ", ".join(f"{usd_bn(worth)} ({name})" for name, worth in _ends(data).items())
    return ChartFigure(
        lines(data, "year", "value", "series", "usd_bn", names, SCENARIO_COLOURS, every=1),
        "Value of advertising by year: sales × margin × multiple",
        f"Lines: from {usd_bn(data['value'].iloc[0])} today to {ends} in {data['year'].iloc[-1]}.",
        data,
        source,
        [Column("year", "End of"), Column("series", "Scenario"), Column("value", "Value", "usd_bn")],
    )


def _ends(data: pd.DataFrame) -> dict[str, float]:
    ahead = data[data["series"] != REPORTED]
    return dict(ahead.groupby("series", sort=False)["value"].last())
