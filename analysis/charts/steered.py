"""Charts that sliders steer: bars whose lengths are expressions of a calculator's parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.calculator import expression
from analysis.charts.marks import (
    NARROW_PLOT,
    UNRULED,
    above_bars,
    at_row_ends,
    axis,
    haloed,
    roomy,
    rows,
    target_lines,
)
from analysis.charts.theme import INK
from analysis.units import UNITS

_WIDEST = ("−$999.9bn",)  # of what the bars' values may come to
_ROOMY = 6  # columns that have room for all their values on a phone

_WAYS: Mapping[str, Sequence[int]] = {"touched by then": [6, 3], "above at the end": [1, 0]}  # dashes
_LEAST: Mapping[str, float] = {"touched by then": 0.0, "above at the end": 0.08}  # odds that get a label
_NAMES_AT: Mapping[str, str] = {  # pixels from the last point; low ones above one another, clear of the years
    "touched by then": "datum.odds < 0.3 ? -50 : -27",
    "above at the end": "datum.odds < 0.18 ? -26 : 34",
}


def columns(values: Mapping[str, Any], targets: Mapping[str, float] | None = None) -> alt.LayerChart:
    """Upright bars in $bn, one for each name, beside the targets; ``values`` are numbers or expressions."""
    base = _base(values)
    across = alt.X("name:O", sort=None, axis=alt.Axis(title=None))
    upward = alt.Y("value:Q", axis=axis("usd_bn", **UNRULED), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=INK).encode(x=across, y=upward)
    crowded = f"{NARROW_PLOT} && datum.row != {len(values) - 1}" if len(values) > _ROOMY else "false"
    place = {
        "dy": above_bars("value", (targets or {}).values()),
        "fontSize": alt.expr(f"{NARROW_PLOT} ? 11.5 : 12"),
        "opacity": alt.expr(f"{crowded} ? 0 : 1"),
    }
    words = haloed(base.encode(x=across, y=upward, text="words:N"), **place)
    return alt.layer(bars, *([target_lines(targets)] if targets else []), *words)


def bars(values: Mapping[str, Any]) -> alt.LayerChart:
    """Horizontal bars in $bn, one for each name, each with its value."""
    base = _base(values).encode(y=rows("name", list(values)))
    bar = base.mark_bar(color=INK).encode(x=alt.X("value:Q", axis=axis("usd_bn"), scale=roomy(_WIDEST)))
    return alt.layer(bar, at_row_ends(base, "words:N"))


def odds_by_year(
    years: Sequence[int], target: Any, weight: Any, touched: Callable[..., Any], above: Callable[..., Any]
) -> alt.LayerChart:
    """Odds by year for a steered ``target`` and ``weight``: one line for each kernel, named at its end."""
    layers: list[alt.Chart] = []
    texts: list[alt.Chart] = []
    for (name, dashes), kernel in zip(_WAYS.items(), (touched, above), strict=True):
        data = pd.DataFrame({"year": list(years), "way": name, "last": [y == years[-1] for y in years]})
        odds = expression(kernel(target=target, year=alt.datum.year, weight=weight))
        words = f"datum.odds < {_LEAST[name]} ? '' : format(100 * datum.odds, '.0f') + '%'"
        drawn = (
            alt.Chart(data)
            .transform_calculate(odds=odds)
            .transform_calculate(words=words)
            .encode(
                x=alt.X("year:O", axis=alt.Axis(title=None)),
                y=alt.Y("odds:Q", axis=axis("fraction", **UNRULED), scale=alt.Scale(domain=[0, 1])),
            )
        )
        layers += [drawn.mark_line(color=INK, strokeDash=dashes), drawn.mark_point(color=INK, opacity=1)]
        texts += haloed(drawn.encode(text="words:N"), INK, align="right", dx=5, dy=-11)
        named = drawn.transform_filter("datum.last").encode(text="way:N")
        texts += haloed(named, INK, align="right", dx=14, dy=alt.expr(_NAMES_AT[name]), fontWeight="bold")
    return alt.layer(*layers, *texts)


def _base(values: Mapping[str, Any]) -> alt.Chart:
    data = pd.DataFrame({"row": range(len(values)), "name": list(values)})
    chosen = _by_row([expression(value) for value in values.values()])
    return alt.Chart(data).transform_calculate(value=chosen).transform_calculate(words=UNITS["usd_bn"].vega())


def _by_row(values: Sequence[str]) -> str:
    """One expression that gives each row its own; by number, since Vega may read the name 2030 as one."""
    *others, text = values
    for row in reversed(range(len(others))):
        text = f"datum.row == {row} ? ({others[row]}) : ({text})"
    return text
