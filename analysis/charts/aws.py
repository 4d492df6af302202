"""The charts of the AWS page: growth beside rivals, margin, contracted work, market share, the way ahead."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts.marks import lines
from analysis.charts.paths import paths
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, OCHRE, SLATE, TEAL, VERMILION

RIVALS: Mapping[str, str] = {"AWS": BLUE, "Azure": TEAL, "Microsoft": TEAL, "Google Cloud": VERMILION}


def growth(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Sales growth on the year before, by quarter; ``data`` has quarter, provider, growth."""
    names = list(dict.fromkeys(data["provider"]))
    return ChartFigure(
        lines(data, "quarter", "growth", "provider", "fraction", names, RIVALS),
        "Growth of sales on the same quarter a year earlier",
        description,
        data,
        source,
        [
            Column("quarter", "Quarter"),
            Column("provider", "Provider"),
            Column("growth", "Growth", "fraction"),
        ],
    )


def margin(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Operating margin; ``data`` has quarter, series (a quarter, twelve months) and margin."""
    names = list(dict.fromkeys(data["series"]))
    palette = dict(zip(names, (SLATE, BLUE), strict=True))
    return ChartFigure(
        lines(data, "quarter", "margin", "series", "fraction", names, palette),
        "Operating margin of AWS",
        description,
        data,
        source,
        [Column("quarter", "Quarter"), Column("series", "Over"), Column("margin", "Margin", "fraction")],
    )


def backlog(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Contracted work beside a year's sales; ``data`` has quarter, series, value in usd_bn."""
    names = list(dict.fromkeys(data["series"]))
    palette = dict(zip(names, (BLUE, OCHRE), strict=True))
    return ChartFigure(
        lines(data, "quarter", "value", "series", "usd_bn", names, palette),
        "Contracted work not yet earned, and sales of the last twelve months",
        description,
        data,
        source,
        [Column("quarter", "Quarter"), Column("series", "Series"), Column("value", "Amount", "usd_bn")],
    )


def share(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Market share by quarter; ``data`` has quarter, provider, share."""
    names = list(dict.fromkeys(data["provider"]))
    return ChartFigure(
        lines(data, "quarter", "share", "provider", "fraction", names, RIVALS, every=3),
        "Share of spending on cloud infrastructure, Synergy Research Group",
        description,
        data,
        source,
        [Column("quarter", "Quarter"), Column("provider", "Provider"), Column("share", "Share", "fraction")],
    )


def ahead(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Operating income by year and scenario; ``data`` as from :func:`paths.path_frame`."""
    return ChartFigure(
        paths(data, "usd_bn"),
        "Operating income of AWS by scenario",
        description,
        data,
        source,
        [
            Column("year", "Year"),
            Column("series", "Series"),
            Column("value", "Operating income", "usd_bn"),
        ],
    )
