"""The shapes that the report's charts are made of, drawn with the one theme.

Each function takes a tidy data frame and names of its columns and returns an Altair chart to show
as it is or to layer with others. Bars start at zero; no chart has two vertical axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.theme import AXIS, BLUE, INK, INK_SOFT, SERIES, TARGET

# How axis labels are written, as in analysis.formats.
_MONEY_BN = (
    "datum.value == 0 ? '$0' : abs(datum.value) >= 1000"
    " ? replace(format(datum.value / 1000, '$,.1f'), '.0', '') + 'T' : format(datum.value, '$,.0f') + 'bn'"
)


def money_axis(title: str | None = None, **options: object) -> alt.Axis:
    """A vertical axis of $bn, written as $bn below a thousand and as $T from there on."""
    return alt.Axis(title=title, labelExpr=_MONEY_BN, **options)


def percent_axis(title: str | None = None, digits: int = 0, **options: object) -> alt.Axis:
    """An axis of fractions, written as percent."""
    return alt.Axis(title=title, labelExpr=f"format(100 * datum.value, ',.{digits}f') + '\u00a0%'", **options)


def multiple_axis(title: str | None = None, digits: int = 0, **options: object) -> alt.Axis:
    """An axis of multiples, written as ``3×``."""
    return alt.Axis(title=title, labelExpr=f"format(datum.value, ',.{digits}f') + '×'", **options)


def quarter_x(field: str, quarters: Sequence[str], every: int = 4) -> alt.X:
    """A horizontal axis of quarters, labelled at each ``every``-th counted back from the last."""
    shown = list(quarters)[::-1][::every][::-1]
    return alt.X(f"{field}:O", title=None, sort=list(quarters), scale=alt.Scale(domain=list(quarters)),
                 axis=alt.Axis(values=shown, ticks=True))  # fmt: skip


def lines(
    data: pd.DataFrame,
    x: str,
    y: str,
    series: str,
    y_axis: alt.Axis,
    quarters: Sequence[str] = (),
    order: Sequence[str] = (),
) -> alt.LayerChart:
    """One line for each value of ``series``, in its colour, with its name at the line's end."""
    names = list(order) or list(dict.fromkeys(data[series]))
    colour = alt.Color(
        f"{series}:N", legend=None, scale=alt.Scale(domain=names, range=list(SERIES[: len(names)]))
    )
    across = quarter_x(x, quarters) if quarters else alt.X(x)
    base = alt.Chart(data).encode(x=across, y=alt.Y(f"{y}:Q", axis=y_axis), color=colour)
    last = data[data[x] == data[x].max()]
    labels = (
        alt.Chart(last)
        .mark_text(align="left", dx=8, fontWeight="bold")
        .encode(x=across, y=alt.Y(f"{y}:Q", axis=y_axis), text=f"{series}:N", color=colour)
    )
    return alt.layer(base.mark_line(), labels)


def bars(
    data: pd.DataFrame, x: str, y: str, y_axis: alt.Axis, quarters: Sequence[str] = (), color: str = BLUE
) -> alt.Chart:
    """Bars from zero."""
    across = quarter_x(x, quarters) if quarters else alt.X(f"{x}:O", title=None)
    return (
        alt.Chart(data)
        .mark_bar(color=color)
        .encode(x=across, y=alt.Y(f"{y}:Q", axis=y_axis, scale=alt.Scale(zero=True)))
    )


def target_lines(targets: Mapping[str, float]) -> alt.LayerChart:
    """A dashed line across the chart at each target (in $bn), named at its left end."""
    data = pd.DataFrame({"target": list(targets), "level": list(targets.values())})
    rule = alt.Chart(data).mark_rule(color=TARGET, strokeDash=[5, 4], strokeWidth=1.25).encode(y="level:Q")
    label = (
        alt.Chart(data)
        .mark_text(color=TARGET, align="left", baseline="bottom", dx=4, dy=-3, fontWeight="bold")
        .encode(y="level:Q", x=alt.value(0), text="target:N")
    )
    return alt.layer(rule, label)
