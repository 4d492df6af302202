"""Charts of the first page: values by method, and the spread of market value by year."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analysis.charts.marks import fan, reference_line, target_lines
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import ranges, rows_height
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.formats import usd_bn


def methods(data: pd.DataFrame, targets: Mapping[str, float], today: float, source: Sources) -> ChartFigure:
    """A football field: ``method`` with ``low``, ``base`` and ``high``, in usd_bn."""
    lowest, highest = data.loc[data["low"].idxmin()], data.loc[data["high"].idxmax()]
    return ChartFigure(
        ranges(data, "method", "low", "base", "high", "usd_bn", targets, today),
        "What Amazon is worth, by method",
        f"Bars from low to high by method: the lowest end is {usd_bn(lowest['low'])} ({lowest['method']}), "
        f"the highest {usd_bn(highest['high'])} ({highest['method']}); today's value is {usd_bn(today)}.",
        data,
        source,
        [
            Column("method", "Method"),
            Column("low", "Low", "usd_bn"),
            Column("base", "Base", "usd_bn"),
            Column("high", "High", "usd_bn"),
        ],
        height=rows_height(len(data), 44),
    )


def spread(data: pd.DataFrame, targets: Mapping[str, float], today: float, source: Sources) -> ChartFigure:
    """Percentiles of market value by ``year`` (``p10`` … ``p90``), in usd_bn, with the targets as lines."""
    last = data.iloc[-1]
    return ChartFigure(
        alt.layer(fan(data, "year", "usd_bn"), target_lines(targets), reference_line(today, "today")),
        "Market value by year: the middle of the draws and their spread",
        f"A widening fan: at the end of {last['year']:.0f} half of the draws exceed {usd_bn(last['p50'])}, "
        f"eight in ten between {usd_bn(last['p10'])} and {usd_bn(last['p90'])}.",
        data,
        source,
        [
            Column("year", "Year", "year"),
            *(Column(name, f"{name[1:]}th percentile", "usd_bn") for name in data.columns if name != "year"),
        ],
        height=340,
    )
