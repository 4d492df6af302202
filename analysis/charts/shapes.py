"""Bars and what is built from them: stacks, ranks, ranges by method, bridges, tornados, heat maps.

Conventions as in :mod:`analysis.charts.marks`. Bars start at zero. Horizontal charts name their
rows on the left; long names wrap there. Heights grow with the number of rows: :func:`rows_height`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analysis.charts.marks import (
    across,
    axis,
    colours,
    roomy,
    rows,
    rows_height,
    tips,
    upward,
    vertical_lines,
    worded,
    zero_line,
)
from analysis.charts.theme import (
    BAND,
    BLUE,
    INK,
    INK_SOFT,
    LOWER,
    MUTED,
    PAPER,
    RAMP,
    RAMP_TEXT,
    SLATE,
    TARGET,
    UPPER,
)

__all__ = [
    "bars", "bridge", "heat", "ranges", "ranked", "roomy", "rows", "rows_height", "stack", "tornado",
    "vertical_lines",
]  # fmt: skip


def bars(
    data: pd.DataFrame,
    x: str,
    y: str,
    unit: str,
    every: int = 4,
    colour: str = BLUE,
    title: str | None = None,
    highlight: Sequence[str] = (),
    labelled: bool = False,
) -> alt.LayerChart:
    """Bars over ordered steps; ``highlight`` mutes the other steps, ``labelled`` puts values on top."""
    frame = worded(data.assign(**{x: data[x].astype(str)}), y, unit)
    chosen = alt.FieldOneOfPredicate(field=x, oneOf=[str(step) for step in highlight])
    fill = (
        alt.when(chosen).then(alt.value(colour)).otherwise(alt.value(MUTED))
        if highlight
        else alt.value(colour)
    )
    base = alt.Chart(frame).encode(
        x=across(x, list(dict.fromkeys(data[x])), every), y=upward(y, unit, title), tooltip=tips(x, "text")
    )
    layers = [base.mark_bar().encode(color=fill)]
    if labelled:
        layers.append(base.mark_text(dy=-8, color=INK).encode(text="text:N"))
    return alt.layer(*layers, zero_line())


def stack(
    data: pd.DataFrame,
    x: str,
    y: str,
    series: str,
    unit: str,
    order: Sequence[str],
    every: int = 4,
    palette: Mapping[str, str] | None = None,
    title: str | None = None,
) -> alt.Chart:
    """Stacked bars, the first of ``order`` at the bottom, with a legend above in the same order."""
    frame = worded(data.assign(**{x: data[x].astype(str)}), y, unit)
    rank = {name: position for position, name in enumerate(order)}
    frame = frame.assign(position=[rank[name] for name in frame[series]])
    colour = colours(series, order, palette)
    colour.legend = alt.Legend(title=None)
    return (
        alt.Chart(frame)
        .mark_bar(stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=across(x, list(dict.fromkeys(data[x])), every),
            y=upward(y, unit, title),
            color=colour,
            order=alt.Order("position:Q"),
            tooltip=tips(x, series, "text"),
        )
    )


def ranked(
    data: pd.DataFrame, name: str, value: str, unit: str, highlight: Sequence[str] = (), colour: str = BLUE
) -> alt.LayerChart:
    """Horizontal bars in the order of the rows, each with its value; all but ``highlight`` muted."""
    frame = worded(data, value, unit)
    chosen = alt.FieldOneOfPredicate(field=name, oneOf=list(highlight))
    fill = (
        alt.when(chosen).then(alt.value(colour)).otherwise(alt.value(SLATE))
        if highlight
        else alt.value(colour)
    )
    base = alt.Chart(frame).encode(
        x=alt.X(f"{value}:Q", axis=axis(unit), scale=roomy(bool((data[value] < 0).any()))),
        y=rows(name, list(data[name])),
        tooltip=tips(name, "text"),
    )
    above = f"datum[{value!r}] >= 0"
    right = base.transform_filter(above).mark_text(align="left", dx=5).encode(text="text:N")
    left = base.transform_filter(f"!({above})").mark_text(align="right", dx=-5).encode(text="text:N")
    return alt.layer(base.mark_bar().encode(color=fill), right, left)


def ranges(
    data: pd.DataFrame,
    name: str,
    low: str,
    base: str,
    high: str,
    unit: str,
    targets: Mapping[str, float] | None = None,
    today: float | None = None,
) -> alt.LayerChart:
    """A football field: one bar from ``low`` to ``high`` a row, a tick at ``base``, targets as lines.

    ``today`` draws today's value as a thin line named "today".
    """
    frame = worded(worded(worded(data, low, unit, "low_text"), base, unit), high, unit, "high_text")
    chart = alt.Chart(frame).encode(
        y=rows(name, list(data[name])), tooltip=tips(name, "low_text", "text", "high_text")
    )
    horizontal = alt.X(f"{low}:Q", axis=axis(unit), scale=alt.Scale(zero=True))
    span = chart.mark_bar(color=BAND, height=alt.RelativeBandSize(0.7)).encode(x=horizontal, x2=f"{high}:Q")
    middle = alt.X(f"{base}:Q")
    tick = chart.mark_tick(color=BLUE, thickness=3, size=24).encode(x=middle)
    words = chart.mark_text(color=INK, dy=-17, fontWeight="bold", fontSize=11).encode(x=middle, text="text:N")
    levels = dict(targets or {})
    marks = [vertical_lines(levels, TARGET, [5, 4])] if levels else []
    marks += [vertical_lines({"today": today}, INK_SOFT, [1, 0])] if today is not None else []
    return alt.layer(span, *marks, tick, words)


def bridge(data: pd.DataFrame, name: str, value: str, unit: str, total: str) -> alt.LayerChart:
    """A waterfall: each row's ``value`` carries on where the one before ended; ``total`` closes it.

    Rises and falls differ by colour and by the sign in their label.
    """
    ends = data[value].cumsum()
    frame = pd.DataFrame(
        {"step": list(data[name]), "start": ends - data[value], "end": ends, "size": data[value]}
    )
    closing = pd.DataFrame(
        {"step": [total], "start": [0.0], "end": [float(ends.iloc[-1])], "size": [float(ends.iloc[-1])]}
    )
    frame = worded(pd.concat([frame, closing], ignore_index=True), "size", unit)
    frame = frame.assign(kind=[*("rise" if v >= 0 else "fall" for v in data[value]), "total"])
    kinds = alt.Scale(domain=["rise", "fall", "total"], range=[UPPER, LOWER, SLATE])
    base = alt.Chart(frame).encode(y=rows("step", list(frame["step"])))
    bar = base.mark_bar().encode(
        x=alt.X("start:Q", axis=axis(unit), scale=roomy(bool((frame[["start", "end"]] < 0).any(axis=None)))),
        x2="end:Q",
        color=alt.Color("kind:N", scale=kinds, legend=None),
        tooltip=tips("step", "text"),
    )
    words = base.transform_calculate(edge="max(datum.start, datum.end)").encode(x="edge:Q", text="text:N")
    halo = words.mark_text(align="left", dx=5, color=PAPER, stroke=PAPER, strokeWidth=4)
    return alt.layer(bar, halo, words.mark_text(align="left", dx=5))


def tornado(
    data: pd.DataFrame, name: str, low: str, high: str, centre: float, unit: str, centre_name: str = "base"
) -> alt.LayerChart:
    """One row a driver: what the result is with the driver at its low and at its high, around ``centre``.

    ``low`` and ``high`` hold results. The side of the driver's low is muted, that of its high in
    the accent colour, and both ends carry their value.
    """
    frame = worded(worded(data.assign(centre=float(centre)), low, unit, "low_text"), high, unit, "high_text")
    base = alt.Chart(frame).encode(
        y=rows(name, list(data[name])), tooltip=tips(name, "low_text", "high_text")
    )
    layers: list[alt.Chart | alt.LayerChart] = []
    for end, words, colour in ((low, "low_text", SLATE), (high, "high_text", BLUE)):
        x = alt.X(f"{end}:Q", axis=axis(unit), scale=alt.Scale(zero=False, padding=46))
        layers.append(base.mark_bar(color=colour).encode(x=x, x2="centre:Q"))
        for side, align in (("<", "right"), (">=", "left")):
            part = base.transform_filter(f"datum[{end!r}] {side} {float(centre)!r}")
            layers.append(
                part.mark_text(align=align, dx=-5 if align == "right" else 5).encode(x=x, text=f"{words}:N")
            )
    return alt.layer(*layers, vertical_lines({centre_name: centre}, INK_SOFT, [1, 0]))


def heat(
    data: pd.DataFrame,
    x: str,
    y: str,
    value: str,
    unit: str,
    x_title: str,
    y_title: str,
    thresholds: Sequence[float],
) -> alt.LayerChart:
    """A grid of values as text on one of seven tints; six ``thresholds`` part the tints.

    ``x`` and ``y`` hold the steps as text, in the order of the rows.
    """
    if len(thresholds) != len(RAMP) - 1:
        raise ValueError(f"{len(thresholds)} thresholds (expected {len(RAMP) - 1})")
    frame = worded(data, value, unit)
    order_x, order_y = list(dict.fromkeys(data[x])), list(dict.fromkeys(data[y]))[::-1]
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:N", sort=order_x, axis=alt.Axis(title=x_title, ticks=False, domain=False)),
        y=alt.Y(f"{y}:N", sort=order_y, axis=alt.Axis(title=y_title)),
        tooltip=tips(x, y, "text"),
    )
    domain = [float(t) for t in thresholds]
    fill = alt.Color(
        f"{value}:Q", legend=None, scale=alt.Scale(type="threshold", domain=domain, range=list(RAMP))
    )
    ink = alt.Color(
        f"{value}:Q", legend=None, scale=alt.Scale(type="threshold", domain=domain, range=list(RAMP_TEXT))
    )
    cells = base.mark_rect(stroke=PAPER, strokeWidth=1).encode(color=fill)
    words = base.mark_text(fontSize=alt.expr("width < 420 ? 11 : 12")).encode(text="text:N", color=ink)
    return alt.layer(cells, words).resolve_scale(color="independent")
