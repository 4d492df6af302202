"""The forms of chart that pages draw, a module each: each takes figures and gives a chart in its frame."""

from __future__ import annotations

from analysis.charts.bars import bars, paired_bars, stacked_bars
from analysis.charts.bridge import bridge
from analysis.charts.columns import columns
from analysis.charts.dots import dots
from analysis.charts.fan import fan
from analysis.charts.heat_grid import heat_grid
from analysis.charts.lines import lines
from analysis.charts.panels import panels
from analysis.charts.ranges import ranges
from analysis.charts.scatter import scatter
from analysis.charts.scenario_paths import scenario_paths
from analysis.charts.tornado import tornado

__all__ = [
    "bars", "bridge", "columns", "dots", "fan", "heat_grid", "lines", "paired_bars", "panels", "ranges",
    "scatter", "scenario_paths", "stacked_bars", "tornado",
]  # fmt: skip
