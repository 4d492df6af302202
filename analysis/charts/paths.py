"""What was reported, and where each scenario leads from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import across, colours, line_names, tips, upward, worded
from analysis.charts.theme import BLUE, SLATE, TEAL, VERMILION

REPORTED = "reported"
_ROOM = 44  # pixels for the longest name of a scenario
SCENARIO_COLOURS: Mapping[str, str] = {"bear": VERMILION, "base": BLUE, "bull": TEAL, REPORTED: SLATE}


def path_frame(
    reported: Mapping[int, float], years: Sequence[int], paths: Mapping[str, Sequence[float]]
) -> pd.DataFrame:
    """Tidy rows ``year``, ``series``, ``value``; each path begins at the last reported year before it.

    ``reported`` holds values by calendar year, ``years`` the years of every path.
    """
    rows: list[tuple[int, str, float]] = [(year, REPORTED, value) for year, value in reported.items()]
    start = [(year, value) for year, value in reported.items() if year == years[0] - 1]
    for name, path in paths.items():
        rows += [(year, name, value) for year, value in start]
        rows += [(year, name, float(value)) for year, value in zip(years, path, strict=True)]
    return pd.DataFrame(rows, columns=["year", "series", "value"])


def paths(data: pd.DataFrame, unit: str, every: int = 3) -> alt.LayerChart:
    """The lines of :func:`path_frame`: each scenario named at its end, what was reported at its start."""
    frame = worded(data.assign(year=data["year"].astype(str)), "value", unit)
    names = [name for name in dict.fromkeys(frame["series"]) if name != REPORTED]
    horizontal = across("year", list(dict.fromkeys(frame["year"])), every, room=_ROOM)
    vertical, colour = upward("value", unit), colours("series", [*names, REPORTED], SCENARIO_COLOURS)
    base = alt.Chart(frame).encode(x=horizontal, y=vertical, color=colour)
    ahead, past = (frame[(frame["series"] == REPORTED) == is_past] for is_past in (False, True))
    word = past.head(1)
    place = {"dy": -12, "align": "left", "fontWeight": "bold", "color": SCENARIO_COLOURS[REPORTED]}
    label = alt.Chart(word).mark_text(**place).encode(x=horizontal, y=vertical, text="series:N")
    dots = base.mark_point(opacity=0, size=260).encode(tooltip=tips("year", "series", "text"))
    ends = line_names(ahead, "year", "value", "series", colour, horizontal, vertical)
    return alt.layer(base.mark_line(), label, *ends, dots)
