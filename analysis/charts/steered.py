"""Charts that sliders steer: bars whose lengths are expressions of a calculator's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.calculator import expression
from analysis.charts.marks import axis, roomy, rows, target_lines
from analysis.charts.theme import BLUE
from analysis.units import UNITS

_ROOMY = 6  # columns that have room for all their values on a phone


def columns(values: Mapping[str, Any], targets: Mapping[str, float] | None = None) -> alt.LayerChart:
    """Upright bars in $bn, one for each name, beside the targets; ``values`` are numbers or expressions."""
    base = _base(values)
    across = alt.X("name:O", sort=None, axis=alt.Axis(title=None))
    upward = alt.Y("value:Q", axis=axis("usd_bn"), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=BLUE).encode(x=across, y=upward)
    crowded = f"width < 420 && datum.row != {len(values) - 1}" if len(values) > _ROOMY else "false"
    words = base.mark_text(
        dy=-8, fontSize=alt.expr("width < 420 ? 10 : 12"), opacity=alt.expr(f"{crowded} ? 0 : 1")
    )
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
    data = pd.DataFrame({"row": range(len(values)), "name": list(values)})
    chosen = _by_row([expression(value) for value in values.values()])
    return alt.Chart(data).transform_calculate(value=chosen).transform_calculate(words=UNITS["usd_bn"].vega())


def _by_row(values: Sequence[str]) -> str:
    """One expression that gives each row its own; by number, since Vega may read the name 2030 as one."""
    *others, text = values
    for row in reversed(range(len(others))):
        text = f"datum.row == {row} ? ({others[row]}) : ({text})"
    return text
