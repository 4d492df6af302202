"""What a chart draws, read from its specification, and figures to draw."""

from __future__ import annotations

from datetime import date
from typing import Any

from analysis.charts.render import ChartFigure
from analysis.figures import Figure, Source, not_public
from analysis.report import TimeSeries

FILING = Source("Filing", date(2026, 2, 6), "https://example.org/filing", "data/a.yml", "sales")
ABSENT = not_public("cost", "usd_bn")
WORDS: dict[str, Any] = {"title": "What is drawn", "finding": "Sales rose"}


def money(value: float, label: str = "sales") -> Figure:
    """An amount with a document behind it."""
    return Figure(value, "usd_bn", label, FILING)


def share(value: float, label: str = "share") -> Figure:
    """A fraction with a document behind it."""
    return Figure(value, "fraction", label, FILING)


def by_quarter(**values: float) -> TimeSeries:
    """A series of amounts, ``q2024Q4=1.0``."""
    figures = {quarter.removeprefix("q"): money(value) for quarter, value in values.items()}
    return TimeSeries("Sales", "usd_bn", figures)


def rows(figure: ChartFigure) -> list[dict[str, Any]]:
    """Every row of every data set in the chart's specification."""
    spec = figure.chart.to_dict()
    return [row for data in spec["datasets"].values() for row in data]


def values(figure: ChartFigure, *fields: str) -> set[tuple[Any, ...]]:
    """The values that rows have in ``fields``, of the rows that have them all."""
    return {tuple(row[each] for each in fields) for row in rows(figure) if all(f in row for f in fields)}


def documents(figure: ChartFigure) -> set[str]:
    """The documents below the figures that the caption names."""
    return {
        source.document for each in figure.source if isinstance(each, Figure) for source in each.sources()
    }
