"""Tables of series: periods as rows and series as columns, or the other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.charts.table import Column
from analysis.figures import Figure
from analysis.report.series import Period, TimeSeries


def series_table(
    series: Any, periods: Sequence[Period], across: str = "", digits: Mapping[str, int] | int | None = None
) -> tuple[pd.DataFrame, list[Column]]:
    """A row a period, its head what periods stand for; with ``across``, the first head, a row a series.

    Raises ``TypeError`` for what is not series by name.
    """
    if not isinstance(series, Mapping) or not all(isinstance(each, TimeSeries) for each in series.values()):
        raise TypeError("a table by period takes series by name (rows take no periods)")
    if not periods:
        return pd.DataFrame(), []
    cells = {label: [_cell(each[period]) for period in periods] for label, each in series.items()}
    by_head = digits if isinstance(digits, Mapping) else {}
    every = digits if isinstance(digits, int) else None
    if across:
        units = {each.unit for each in series.values()}
        unit = units.pop() if len(units) == 1 else "figure"
        frame = pd.DataFrame(list(cells.values()), columns=[str(period) for period in periods], dtype=object)
        frame.insert(0, "series", list(cells))
        columns = [Column(str(period), str(period), unit, every) for period in periods]
        return frame, [Column("series", across), *columns]
    stretches = {each.over.format("").strip() for each in series.values()}
    stretch = stretches.pop() if len(stretches) == 1 else ""
    head = Column("period", stretch.capitalize() or ("Quarter" if isinstance(periods[0], str) else "Year"))
    columns = [Column(name, name, each.unit, by_head.get(name, every)) for name, each in series.items()]
    return pd.DataFrame({"period": list(periods), **cells}), [head, *columns]


def _cell(figure: Figure) -> Figure | None:
    return None if figure.is_absent else figure
