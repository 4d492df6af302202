"""What several chapters read from the tidy series: a metric by quarter, and sums of four quarters."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, total

FISCAL = "FY"


def by_quarter(edition: Edition, series: str, entity: str, metric: str) -> pd.DataFrame:
    """The metric's public quarters in order: columns ``period``, ``value``; empty if none was public.

    Periods that are no single quarter are left out; fiscal quarters (``FY2026Q4``) keep their name.
    """
    frame = edition.observations(series)
    chosen = frame[(frame["entity"] == entity) & (frame["metric"] == metric)]
    return _quarters(chosen)


def key_figure_by_quarter(edition: Edition, metric: str) -> pd.DataFrame:
    """One of Amazon's key figures by quarter: columns ``period``, ``value``."""
    return _quarters(edition.key_figures(metric))


def latest_quarter(frame: pd.DataFrame, what: str) -> str:
    """The last quarter of :func:`by_quarter`; raises ``AbsentFigure`` naming ``what`` if there is none."""
    if frame.empty:
        raise AbsentFigure(f"{what}: nothing public")
    return str(frame["period"].iloc[-1])


def four_quarters(frame: pd.DataFrame, figure: Callable[[str], Figure], what: str) -> tuple[Figure, str]:
    """The sum of the latest four consecutive quarters that are public, and the last of them.

    ``figure`` gives the figure of a period. Raises ``AbsentFigure`` if no four follow each other.
    """
    periods = [str(period) for period in frame["period"]]
    for end in range(len(periods), 3, -1):
        four = periods[end - 4 : end]
        first, last = (period.removeprefix(FISCAL) for period in (four[0], four[-1]))
        if quarters.distance(first, last) == 3:
            label = f"{what}, four quarters to {four[-1]}"
            return total([figure(period) for period in four], label), four[-1]
    raise AbsentFigure(f"{what}: no four consecutive quarters are public")


def _quarters(frame: pd.DataFrame) -> pd.DataFrame:
    is_one = [quarters.is_quarter(str(period).removeprefix(FISCAL)) for period in frame["period"]]
    named = frame[pd.Series(is_one, index=frame.index, dtype=bool)]
    ordered = named.sort_values(["period", "published"]).drop_duplicates("period", keep="last")
    values = ordered["value"].astype("float64")
    return pd.DataFrame({"period": ordered["period"].to_numpy(), "value": values.to_numpy()})
