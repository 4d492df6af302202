"""The parts that the report's charts are layered from: axes, lines with their names, targets, bands.

Functions take tidy data frames and names of columns; ``unit`` is a unit of :mod:`analysis.formats`
and decides how axis, labels and tooltips are written. On a phone the names of lines move from the
right margin into the plot; ``width`` in an expression is the plot's width in pixels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import AXIS, BAND, INK, INK_SOFT, PAPER, TARGET
from analysis.formats import show
from analysis.units import UNITS, base_unit

_NARROW = "width < 420"  # what holds for the plot of a phone
_NAME_START, _LETTER = 8, 7.2  # pixels from a line's end to its name, and for each letter of it
_PHONE = 320  # pixels that the labels of an axis may take together on a phone
_ROOM = 52  # pixels for a value written at the end of a bar
_BESIDE = 4  # pixels between a vertical line and its name
_GAP = 0.062  # least distance between names of lines, as a share of the axis


def axis(unit: str, title: str | None = None, **options: Any) -> alt.Axis:
    """An axis whose labels are written in ``unit``; units without a sign of their own need a ``title``."""
    known = UNITS.get(base_unit(unit))
    label = {"labelExpr": known.axis} if known and known.axis else {}
    return alt.Axis(title=title, **label, **options)


def across(field: str, values: Sequence[Any], every: int = 1, room: float = 0) -> alt.X:
    """A horizontal axis of ordered steps (quarters, years), every ``every``-th labelled, the last always.

    On a phone every other label is left out where all would not fit; the last stays there too.
    ``room`` is space in pixels kept free at the right, except on a phone.
    """
    steps = [str(value) for value in values]
    shown = steps[::-1][::every][::-1]
    wide = sum(len(words) * _LETTER + _NAME_START for words in shown) > _PHONE
    fewer = shown[::-1][::2][::-1] if wide else shown
    values_shown = alt.expr(f"{_NARROW} ? {json.dumps(fewer)} : {json.dumps(shown)}")
    end = alt.expr(f"{_NARROW} ? width : width - {room}")
    scale = alt.Scale(domain=steps, range=[0, end]) if room else alt.Scale(domain=steps)
    return alt.X(f"{field}:O", sort=None, scale=scale, axis=alt.Axis(values=values_shown, title=None))


def upward(field: str, unit: str, title: str | None = None, domain: Sequence[float] | None = None) -> alt.Y:
    """A vertical axis of values, from zero unless ``domain`` says otherwise."""
    scale = alt.Scale(domain=list(domain), nice=False) if domain else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", scale=scale, axis=axis(unit, title))


def colours(field: str, order: Sequence[str], palette: Mapping[str, str]) -> alt.Color:
    """Each name of ``order`` in its colour, without a legend."""
    chosen = [palette[name] for name in order]
    return alt.Color(f"{field}:N", legend=None, scale=alt.Scale(domain=list(order), range=chosen))


def lines(
    data: pd.DataFrame, x: str, unit: str, order: Sequence[str], palette: Mapping[str, str], every: int
) -> alt.LayerChart:
    """One line for each ``series`` of ``value`` in its colour, named at its end.

    ``x`` holds ordered steps (quarters, years) in the order of the rows; every ``every``-th is
    labelled. ``order`` orders the names.
    """
    steps = list(dict.fromkeys(data[x]))
    frame = worded(data.assign(**{x: data[x].astype(str)}), "value", unit)
    room = _NAME_START + _LETTER * max(len(name) for name in order)
    horizontal, vertical = across(x, steps, every, room=room), upward("value", unit)
    colour = colours("series", order, palette)
    base = alt.Chart(frame).encode(x=horizontal, y=vertical, color=colour)
    dots = base.mark_point(opacity=0, size=260).encode(tooltip=tips(x, "series", "text"))
    zero = [zero_line()] if float(frame["value"].min()) < 0 else []
    names = line_names(frame, x, colour, horizontal, vertical)
    return alt.layer(*zero, base.mark_line(), *names, dots)


def zero_line() -> alt.Chart:
    """The line of zero, for charts in which values lie on both sides of it."""
    return alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=AXIS).encode(y="zero:Q")


def line_names(
    data: pd.DataFrame, x: str, colour: alt.Color, horizontal: alt.X, vertical: alt.Y
) -> tuple[alt.Chart, alt.Chart]:
    """The name of each line at its last point, moved apart where two would overlap; halo and text."""
    last = data.groupby("series", sort=False).tail(1)
    top = max(float(data["value"].max()), 0.0) - min(float(data["value"].min()), 0.0)
    last = last.assign(name_at=spread(list(last["value"]), _GAP * top))
    base = alt.Chart(last).encode(x=horizontal, y=vertical.copy(), text="series:N")
    base.encoding.y.shorthand = "name_at:Q"
    place = {
        "align": alt.expr(f"{_NARROW} ? 'right' : 'left'"),
        "dx": alt.expr(f"{_NARROW} ? 2 : {_NAME_START}"),
        "dy": alt.expr(f"{_NARROW} ? -11 : 0"),
        "fontWeight": "bold",
    }
    halo = base.mark_text(**place, stroke=PAPER, strokeWidth=4, strokeJoin="round", color=PAPER)
    return halo, base.mark_text(**place).encode(color=colour)


def spread(values: Sequence[float], gap: float) -> list[float]:
    """``values`` moved upwards as little as needed so that no two are closer than ``gap``.

    >>> spread([1.0, 1.1, 3.0], 0.5)
    [1.0, 1.5, 3.0]
    """
    placed: dict[int, float] = {}
    floor = float("-inf")
    for index in sorted(range(len(values)), key=lambda i: values[i]):
        placed[index] = max(float(values[index]), floor)
        floor = placed[index] + gap
    return [placed[index] for index in range(len(values))]


def worded(data: pd.DataFrame, field: str, unit: str, column: str = "text") -> pd.DataFrame:
    """``data`` with ``column`` holding ``field`` as the report prints it; empty where absent."""
    words = ["" if pd.isna(value) else show(float(value), unit) for value in data[field]]
    return data.assign(**{column: words})


def tips(*fields: str) -> list[alt.Tooltip]:
    """Tooltip rows; the column ``text`` is shown as "value"."""
    return [
        alt.Tooltip(f"{field}:N", title="value" if field == "text" else field.replace("_", " "))
        for field in fields
    ]


def target_lines(targets: Mapping[str, float]) -> alt.LayerChart:
    """A dashed line across the chart at each target, named at its left end."""
    data = pd.DataFrame({"target": list(targets), "level": [float(value) for value in targets.values()]})
    base = alt.Chart(data).encode(y=alt.Y("level:Q"))
    rule = base.mark_rule(color=TARGET, strokeDash=[5, 4], strokeWidth=1.25)
    place = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -3, "fontWeight": "bold"}
    halo = base.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=4, strokeJoin="round")
    words = base.mark_text(**place, color=TARGET)
    return alt.layer(rule, *(part.encode(x=alt.value(0), text="target:N") for part in (halo, words)))


def band(data: pd.DataFrame, horizontal: alt.X, unit: str) -> alt.Chart:
    """The area between ``low`` and ``high``, for intervals and ranges around a line."""
    vertical = alt.Y("low:Q", axis=axis(unit))
    return alt.Chart(data).mark_area(color=BAND).encode(x=horizontal, y=vertical, y2="high:Q")


def reference_line(value: float, words: str) -> alt.LayerChart:
    """A thin line at ``value`` on the vertical axis with a few words at its left end."""
    data = pd.DataFrame({"level": [float(value)], "words": [words]})
    base = alt.Chart(data).encode(y=alt.Y("level:Q"))
    place = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -3}
    halo = base.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=4, strokeJoin="round")
    text = base.mark_text(**place, color=INK_SOFT)
    rule = base.mark_rule(color=INK_SOFT, strokeWidth=1)
    return alt.layer(rule, *(part.encode(x=alt.value(0), text="words:N") for part in (halo, text)))


def rows_height(count: int, each: int = 34, around: int = 60) -> int:
    """Height in pixels for a horizontal chart of ``count`` rows."""
    return around + each * count


def rows(field: str, names: Sequence[str]) -> alt.Y:
    """The vertical axis of a horizontal chart: one row for each name, in this order."""
    labels = alt.Axis(title=None, labelLimit=170, labelColor=INK, labelPadding=8)
    return alt.Y(
        f"{field}:N", sort=list(names), scale=alt.Scale(domain=list(names), padding=0.35), axis=labels
    )


def roomy(both_sides: bool = False) -> alt.Scale:
    """A scale from zero that keeps room for values written at the ends of bars."""
    return alt.Scale(zero=True, range=[_ROOM if both_sides else 0, alt.expr(f"width - {_ROOM}")])


def vertical_lines(
    levels: Mapping[str, float], colour: str, dash: Sequence[int], side: str = "center"
) -> alt.LayerChart:
    """Vertical lines at ``levels`` of the horizontal axis, named at the top.

    A name stands over its line, or beside it: aligned ``left`` it is to the right of the line.
    """
    frame = pd.DataFrame({"name": list(levels), "level": [float(v) for v in levels.values()]})
    base = alt.Chart(frame).encode(x=alt.X("level:Q"))
    rule = base.mark_rule(color=colour, strokeDash=list(dash), strokeWidth=1.25)
    place = {} if side == "center" else {"align": side, "dx": _BESIDE if side == "left" else -_BESIDE}
    words = base.mark_text(color=colour, baseline="bottom", dy=-3, fontWeight="bold", **place)
    return alt.layer(rule, words.encode(y=alt.value(0), text="name:N"))


def few(wide: int, narrow: int) -> Any:
    """How many names of a legend stand side by side, fewer on a phone."""
    return alt.expr(f"{_NARROW} ? {narrow} : {wide}")
