"""What outsiders have said about the margin of advertising, as a table."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.page import Unavailable
from analysis.charts.table import Column, Table
from analysis.data import Edition

SERIES = "advertising"


def evidence_table(edition: Edition) -> Table | Unavailable:
    """Estimates of Amazon's margin and what Google reports, in the order in which they came."""
    frame = edition.observations(SERIES)
    chosen = frame[frame["metric"].str.startswith("operating_margin")].sort_values("published")
    if chosen.empty:
        return Unavailable("outside estimates of advertising's margin")
    rows = chosen.to_dict("records")
    margins = [
        edition.observation(SERIES, entity=r["entity"], metric=r["metric"], period=r["period"]) for r in rows
    ]
    shown = pd.DataFrame(
        {
            "who": [r["source"] for r in rows],
            "about": [", ".join((r["entity"], r["period"], _kind(str(r["metric"])))) for r in rows],
            "margin": margins,
        }
    )
    columns = [
        Column("who", "Who"),
        Column("about", "About"),
        Column("margin", "Margin", "fraction", 0),
    ]
    return Table(shown, columns, "What outsiders have put advertising's margin at", margins)


def _kind(metric: str) -> str:
    if not metric.startswith("operating_margin_estimate"):
        return "reported"
    end = metric.removeprefix("operating_margin_estimate").strip("_")
    return f"estimate, {end} end" if end else "estimate"
