"""What was reported, and where each scenario leads from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import lines
from analysis.charts.theme import BLUE, SLATE, TEAL, VERMILION

REPORTED = "reported"
SCENARIO_COLOURS: Mapping[str, str] = {"bear": VERMILION, "base": BLUE, "bull": TEAL, REPORTED: SLATE}


def path_frame(
    reported: Mapping[int, float], years: Sequence[int], paths: Mapping[str, Sequence[float]]
) -> pd.DataFrame:
    """Tidy rows ``year``, ``series``, ``value``; each path begins at the last reported year before it.

    ``reported`` holds values by calendar year, ``years`` the years of every path.
    """
    rows = [(year, REPORTED, value) for year, value in reported.items()]
    start = [(year, value) for year, value in reported.items() if year == years[0] - 1]
    for name, path in paths.items():
        rows += [(year, name, value) for year, value in start]
        rows += [(year, name, float(value)) for year, value in zip(years, path, strict=True)]
    return pd.DataFrame(rows, columns=["year", "series", "value"])


def paths(data: pd.DataFrame, unit: str, every: int = 3) -> alt.LayerChart:
    """The lines of :func:`path_frame`, each scenario in its own colour."""
    names = [name for name in dict.fromkeys(data["series"]) if name != REPORTED]
    return lines(data, "year", "value", "series", unit, [*names, REPORTED], SCENARIO_COLOURS, every)
