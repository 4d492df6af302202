"""Charts that sliders steer: bars whose lengths are expressions of a calculator's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.calculator import expression
from analysis.charts.marks import axis, target_lines
from analysis.charts.shapes import roomy, rows
from analysis.charts.theme import BLUE

# How Vega writes an amount in billions of dollars, as analysis.formats.usd_bn does.
_USD_BN = (
    "(abs(datum.value) >= 1000 ? format(datum.value / 1000, '$,.2f') + 'T'"
    " : format(datum.value, '$,.1f') + 'bn')"
)


def columns(values: Mapping[str, Any], targets: Mapping[str, float] | None = None) -> alt.LayerChart:
    """Upright bars in $bn, one for each name, beside the targets; ``values`` are numbers or expressions."""
    base = _base(values)
    across = alt.X("name:O", sort=None, axis=alt.Axis(title=None))
    upward = alt.Y("value:Q", axis=axis("usd_bn"), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=BLUE).encode(x=across, y=upward)
    words = base.mark_text(dy=-8, fontSize=alt.expr("width < 420 ? 10 : 12"))
    layers = [bars, words.encode(x=across, y=upward, text="words:N")]
    return alt.layer(*layers, target_lines(targets)) if targets else alt.layer(*layers)


def bars(values: Mapping[str, Any]) -> alt.LayerChart:
    """Horizontal bars in $bn, one for each name, each with its value."""
    base = _base(values).encode(
        x=alt.X("value:Q", axis=axis("usd_bn"), scale=roomy()), y=rows("name", list(values))
    )
    words = base.mark_text(align="left", dx=5).encode(text="words:N")
    return alt.layer(base.mark_bar(color=BLUE), words)


def _base(values: Mapping[str, Any]) -> alt.Chart:
    data = pd.DataFrame({"name": list(values)})
    return alt.Chart(data).transform_calculate(value=_by_name(values)).transform_calculate(words=_USD_BN)


def _by_name(values: Mapping[str, Any]) -> str:
    """One expression that gives each row the value of its name."""
    *others, (_, text) = values.items()
    text = expression(text)
    for name, value in reversed(others):
        text = f"datum.name === '{name}' ? ({expression(value)}) : ({text})"
    return text
