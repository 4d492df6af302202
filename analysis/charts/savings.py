"""Charts that the pages on savings share: adoption over time, from a whole to a part, what decides."""

from __future__ import annotations

import pandas as pd

from analysis.charts.render import ChartFigure
from analysis.charts.series import YEAR, line_chart
from analysis.charts.shapes import ranked, rows_height, tornado
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, TEAL, VERMILION

RANGE_COLOURS = {"high": TEAL, "assumed": BLUE, "low": VERMILION}


def adoption(data: pd.DataFrame, title: str, description: str, source: Sources) -> ChartFigure:
    """A share by year in three cases; ``data`` has year, case and share."""
    case, value = Column("case", "Case"), Column("share", "Share", "fraction")
    return line_chart(data, case, value, RANGE_COLOURS, title, description, source, step=YEAR, every=3)


def ladder(data: pd.DataFrame, title: str, description: str, source: Sources) -> ChartFigure:
    """Horizontal bars from a whole to the part that counts, the last one in the accent colour."""
    return ChartFigure(
        ranked(data, "step", "value", "usd_bn", [str(data["step"].iloc[-1])]),
        title,
        description,
        data,
        source,
        [Column("step", "Step"), Column("value", "Amount", "usd_bn")],
        height=rows_height(len(data)),
    )


def decides(data: pd.DataFrame, centre: float, title: str, description: str, source: Sources) -> ChartFigure:
    """One row a driver: the result with the driver at its low and at its high."""
    return ChartFigure(
        tornado(data, "driver", "low", "high", centre, "usd_bn", "assumed"),
        title,
        description,
        data,
        source,
        [
            Column("driver", "Driver"),
            Column("low", "Result at its low", "usd_bn"),
            Column("high", "Result at its high", "usd_bn"),
        ],
        height=rows_height(len(data), each=38, around=70),
    )
