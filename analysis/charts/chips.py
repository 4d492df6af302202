"""The charts of the page on own chips: what an advantage saves, and the prize."""

from __future__ import annotations

import altair as alt
import pandas as pd

from analysis.charts.marks import axis
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import bars
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, MUTED, SLATE


def saving(curve: pd.DataFrame, marked: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Cost saving against price-performance advantage, with some points named.

    ``curve`` and ``marked`` have ``advantage`` and ``saving``; ``marked`` also ``name``.
    """
    across = alt.X("advantage:Q", axis=axis("fraction", "price-performance advantage"))
    upward = alt.Y("saving:Q", axis=axis("fraction", "cost saved on the same work"))
    base = alt.Chart(curve).encode(x=across, y=upward)
    equal = alt.Chart(curve.assign(saving=curve["advantage"])).encode(x=across, y=upward)
    points = alt.Chart(marked).encode(x=across, y=upward)
    words = points.mark_text(align="left", dx=9, dy=9, color=INK).encode(text="name:N")
    last = curve.tail(1).assign(words="if both were the same", saving=curve["advantage"].iloc[-1])
    label = alt.Chart(last).mark_text(align="right", dx=-8, dy=-2, color=SLATE)
    chart = alt.layer(
        equal.mark_line(color=MUTED, strokeDash=[4, 4]),
        base.mark_line(color=BLUE),
        points.mark_point(color=BLUE, size=70, opacity=1),
        words,
        label.encode(x=across, y=upward, text="words:N"),
    )
    return ChartFigure(
        chart,
        "What a price-performance advantage saves",
        description,
        curve,
        source,
        [Column("advantage", "Advantage", "fraction"), Column("saving", "Saving", "fraction")],
    )


def prize(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Nvidia's data-centre sales by fiscal quarter; ``data`` has quarter, sales and margin."""
    return ChartFigure(
        bars(data, "quarter", "sales", "usd_bn", every=4),
        "Nvidia's data-centre sales by fiscal quarter",
        description,
        data,
        source,
        [
            Column("quarter", "Fiscal quarter"),
            Column("sales", "Data-centre sales", "usd_bn"),
            Column("margin", "Gross margin, whole company", "fraction"),
        ],
    )
