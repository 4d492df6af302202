"""Charts of several series over time whose columns are named once: what is drawn is what the table lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.charts.marks import lines
from analysis.charts.paths import paths
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column

QUARTER = Column("quarter", "Quarter")
YEAR = Column("year", "Year")
SERIES = Column("series", "Series")


def line_chart(
    data: pd.DataFrame,
    series: Column,
    value: Column,
    palette: Mapping[str, str] | Sequence[str],
    title: str,
    description: str,
    source: Sources,
    *,
    step: Column = QUARTER,
    every: int = 4,
    height: int = 340,
) -> ChartFigure:
    """One line for each series over ordered steps, named at its end; its table has the same three columns.

    ``palette`` orders and colours the lines: by name, of which the data may lack some, or one colour for
    each series in the order of the rows. ``value.unit`` is the unit of axis, labels and table.

    Raises ``ValueError`` if a series has no colour, or if there are not as many colours as series.
    """
    present = list(dict.fromkeys(data[series.field]))
    colours = palette if isinstance(palette, Mapping) else _in_turn(present, palette, title)
    if lacking := [name for name in present if name not in colours]:
        raise ValueError(f"{title}: no colour for {', '.join(lacking)}")
    names = [name for name in colours if name in present]
    return ChartFigure(
        lines(data, step.field, value.field, series.field, value.unit, names, colours, every),
        title,
        description,
        data,
        source,
        [step, series, value],
        height=height,
    )


def _in_turn(names: Sequence[str], colours: Sequence[str], title: str) -> Mapping[str, str]:
    if len(colours) != len(names):
        raise ValueError(f"{title}: {len(colours)} colours for {len(names)} series")
    return dict(zip(names, colours, strict=True))


def path_chart(
    data: pd.DataFrame,
    value: Column,
    title: str,
    description: str,
    source: Sources,
    *,
    year: Column = YEAR,
    series: Column = SERIES,
    every: int = 3,
) -> ChartFigure:
    """What was reported and where each scenario leads; ``data`` as from :func:`paths.path_frame`."""
    return ChartFigure(
        paths(data, value.unit, every), title, description, data, source, [year, series, value]
    )
