"""The charts of the AWS page: growth beside rivals, margin, contracted work, market share, the way ahead."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts.render import ChartFigure
from analysis.charts.series import SERIES, line_chart, path_chart
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, OCHRE, SLATE, TEAL, VERMILION

PROVIDER = Column("provider", "Provider")
RIVALS: Mapping[str, str] = {"AWS": BLUE, "Azure": TEAL, "Microsoft": TEAL, "Google Cloud": VERMILION}


def growth(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Sales growth on the year before, by quarter; ``data`` has quarter, provider, growth."""
    title = "Growth of sales on the same quarter a year earlier"
    value = Column("growth", "Growth", "fraction")
    return line_chart(data, PROVIDER, value, RIVALS, title, description, source)


def margin(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Operating margin; ``data`` has quarter, series (a quarter, twelve months) and margin."""
    over, value = Column("series", "Over"), Column("margin", "Margin", "fraction")
    return line_chart(data, over, value, (SLATE, BLUE), "Operating margin of AWS", description, source)


def backlog(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Contracted work beside a year's sales; ``data`` has quarter, series, value in usd_bn."""
    title = "Contracted work not yet earned, and sales of the last twelve months"
    value = Column("value", "Amount", "usd_bn")
    return line_chart(data, SERIES, value, (BLUE, OCHRE), title, description, source)


def share(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Market share by quarter; ``data`` has quarter, provider, share."""
    title = "Share of spending on cloud infrastructure, Synergy Research Group"
    value = Column("share", "Share", "fraction")
    return line_chart(data, PROVIDER, value, RIVALS, title, description, source, every=3)


def ahead(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Operating income by year and scenario; ``data`` as from :func:`paths.path_frame`."""
    value = Column("value", "Operating income", "usd_bn")
    return path_chart(data, value, "Operating income of AWS by scenario", description, source)
