"""The charts of the scenarios page: paths, the fan of draws, odds by year, the draws at the horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.calculator import expression
from analysis.charts.marks import axis, fan, lines, reference_line, target_lines, upward, worded
from analysis.charts.paths import paths
from analysis.charts.render import ChartFigure
from analysis.charts.shapes import vertical_lines
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, INK, INK_SOFT, PURPLE, SLATE, TARGET, TEAL, VERMILION
from analysis.formats import usd_bn

WORLDS: Mapping[str, str] = {"drivers alone": TEAL, "weighted": BLUE, "base rate alone": SLATE}
ODDS_COLOURS = (BLUE, TEAL, PURPLE, VERMILION)
WAYS: Mapping[str, str] = {"touched by then": TEAL, "above at the end": BLUE}
LEAST: Mapping[str, float] = {"touched by then": 0.0, "above at the end": 0.08}
"""Below these odds a point has no label: it would stand on that of the other line."""
NAMES_AT: Mapping[str, int] = {"touched by then": -27, "above at the end": 34}


def market_value_paths(
    data: pd.DataFrame, targets: Mapping[str, float], description: str, source: Sources
) -> ChartFigure:
    """Market value at year ends, reported and by scenario; ``data`` as from ``path_frame``."""
    return ChartFigure(
        alt.layer(paths(data, "usd_bn"), target_lines(targets)),
        "Market value at the end of each year, by scenario",
        description,
        data,
        source,
        [
            Column("year", "Year", "year"),
            Column("series", "Series"),
            Column("value", "Market value", "usd_bn"),
        ],
        height=380,
    )


def draws(
    data: pd.DataFrame, targets: Mapping[str, float], today: float, description: str, source: Sources
) -> ChartFigure:
    """Quantiles of the draws by ``year``: columns p10, p25, p50, p75, p90 in usd_bn, the first row today."""
    shape = fan(data, "year", "usd_bn")
    last = worded(data.tail(1).assign(year=str(data["year"].iloc[-1])), "p50", "usd_bn")
    middle = alt.Chart(last).mark_text(align="right", dy=-10, dx=-4, fontWeight="bold", color=BLUE)
    middle = middle.encode(x=alt.X("year:O", sort=None), y=alt.Y("p50:Q"), text="text:N")
    layers = [shape, target_lines(targets), reference_line(today, f"today {usd_bn(today)}"), middle]
    columns = [Column("year", "End of year")]
    columns += [Column(f"p{n}", f"{n} of 100 below", "usd_bn", 0) for n in (10, 25, 50, 75, 90)]
    return ChartFigure(
        alt.layer(*layers),
        "Market value in the draws: the middle, half of them, eight in ten",
        description,
        data,
        source,
        columns,
        height=380,
    )


def odds_by_year(data: pd.DataFrame, description: str, source: Sources) -> ChartFigure:
    """Odds by ``year`` and ``series`` (touched or above, each target), with their standard ``error``."""
    names = list(dict.fromkeys(data["series"]))
    palette = dict(zip(names, ODDS_COLOURS, strict=False))
    drawn = lines(data, "year", "odds", "series", "fraction", names, palette, every=1)
    return ChartFigure(
        drawn,
        "Odds by the end of each year",
        description,
        data,
        source,
        [
            Column("year", "End of year", "year"),
            Column("series", "Odds to be"),
            Column("odds", "Odds", "fraction"),
            Column("error", "Standard error", "points", 2),
        ],
    )


def chance_to_exceed(
    data: pd.DataFrame,
    targets: Mapping[str, float],
    asked: float,
    description: str,
    source: Sources,
) -> ChartFigure:
    """The share of draws above each ``value`` (usd_bn) at the horizon, by ``world``; ``asked`` is a level."""
    scale = alt.Scale(domain=list(WORLDS), range=list(WORLDS.values()))
    colour = alt.Color("world:N", legend=alt.Legend(title=None), scale=scale)
    horizontal = alt.X("value:Q", axis=axis("usd_bn", "market value"), scale=alt.Scale(nice=False))
    base = alt.Chart(data).encode(x=horizontal, y=upward("odds", "fraction"), color=colour)
    line = alt.Chart(pd.DataFrame({"value": [asked], "words": ["today's price asks"]})).encode(x="value:Q")
    words = line.mark_text(align="right", dx=-5, color=INK_SOFT).encode(y=alt.datum(0.06), text="words:N")
    marks = [vertical_lines(targets, TARGET, [5, 4]), line.mark_rule(color=INK_SOFT), words]
    return ChartFigure(
        alt.layer(*marks, base.mark_line()),
        "Share of draws above a market value at the horizon",
        description,
        data,
        source,
        [
            Column("value", "Market value", "usd_bn"),
            Column("world", "Draws of"),
            Column("odds", "Share above", "fraction"),
        ],
    )


def steered_odds(
    years: Sequence[int], target: Any, weight: Any, touched: Callable[..., Any], above: Callable[..., Any]
) -> alt.LayerChart:
    """Odds by year for a steered ``target`` and ``weight``: one line for each kernel, named at its end."""
    layers: list[alt.Chart] = []
    for (name, colour), kernel in zip(WAYS.items(), (touched, above), strict=True):
        data = pd.DataFrame({"year": list(years), "way": name, "last": [y == years[-1] for y in years]})
        odds = expression(kernel(target=target, year=alt.datum.year, weight=weight))
        words = f"datum.odds < {LEAST[name]} ? '' : format(100 * datum.odds, '.0f') + '%'"
        drawn = (
            alt.Chart(data)
            .transform_calculate(odds=odds)
            .transform_calculate(words=words)
            .encode(
                x=alt.X("year:O", axis=alt.Axis(title=None)),
                y=alt.Y("odds:Q", axis=axis("fraction"), scale=alt.Scale(domain=[0, 1])),
            )
        )
        layers += [drawn.mark_line(color=colour), drawn.mark_point(color=colour, opacity=1)]
        layers.append(drawn.mark_text(dy=-12, color=INK).encode(text="words:N"))
        named = drawn.transform_filter("datum.last").encode(text="way:N")
        layers.append(
            named.mark_text(align="right", dx=14, dy=NAMES_AT[name], color=colour, fontWeight="bold")
        )
    return alt.layer(*layers)
