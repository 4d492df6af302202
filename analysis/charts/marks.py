"""The parts that the report's charts are layered from: axes, lines with their names, targets, bands.

Functions take tidy data frames and names of columns; ``unit`` is a unit of :mod:`analysis.formats`
and decides how axis and labels are written. On a phone the names of lines move from the
right margin into the plot; ``width`` in an expression is the plot's width in pixels.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from analysis.charts.placement import LINE, start
from analysis.charts.theme import AXIS, BAND, INK, INK_SOFT, NARROW, PAPER, SHAPES, TARGET, WIDE
from analysis.formats import show
from analysis.units import UNITS, base_unit

UNRULED: Mapping[str, Any] = {"grid": False, "ticks": True, "domain": True}
"""A vertical axis without a grid: a line with ticks instead."""
NARROW_PLOT = "width < 420"  # what holds for the plot of a phone
_NAME_START, _LETTER = 8, 7.2  # pixels from a line's end to its name, and for each letter of it
_PHONE = 320  # pixels that the labels of an axis may take together on a phone
_BESIDE = 5  # pixels from the end of a bar to its value
_ABOVE = -8  # pixels from the top of a bar to the middle of its value
_WORDS_TALL = 10  # pixels from the middle of words to a line that is clear of them
_NAME_TALL = 22  # and to a line below them that has its name in between
_STATUS = {"reported": [1, 0], "projected": [6, 3]}  # dashes
_ROW = 16  # pixels from one row of names above a plot to the next
_LITTLE = 90  # pixels of room for names that a phone has too
_LABELS = 30  # pixels of the labels at a vertical axis
_NAMES = 170  # pixels at most that the names of rows take on a phone
_OVER, _CLEAR = 0.04, 0.035  # of the height: up to the middle of words above a value, from there to a line
_LATE = 5  # steps from the end within which lines end together
_RULES = 5  # steps of a grid, about
_ROUND = ((math.sqrt(50), 10.0), (math.sqrt(10), 5.0), (math.sqrt(2), 2.0), (0.0, 1.0))  # as axes step
_GAP = 0.062  # least distance between names of lines, as a share of the axis

Start: TypeAlias = tuple[tuple[float, bool], tuple[float, bool]]
"""Where words begin on a phone and at a desk, as parts of the width, and whether below what they name."""


def axis(unit: str, title: str | None = None, **options: Any) -> alt.Axis:
    """An axis whose labels are written in ``unit``; units without a sign of their own need a ``title``."""
    known = UNITS.get(base_unit(unit))
    label = {"labelExpr": known.axis} if known and known.axis else {}
    return alt.Axis(title=title, **label, **options)


def across(field: str, values: Sequence[Any], every: int = 1, room: float = 0) -> alt.X:
    """A horizontal axis of ordered steps (quarters, years), every ``every``-th labelled, the last always.

    Of numbers, which are the ends of years and days between them, whole years are labelled. On a phone every
    other label is left out where all would not fit; the last stays there too. ``room`` is space in pixels
    kept free at the right, on a phone only if it is little.
    """
    is_time = not isinstance(values[0], str)
    steps = [int(value) for value in values if value == int(value)] if is_time else list(values)
    shown = steps[::-1][::every][::-1]
    kept_free = room if room <= _LITTLE else 0
    wide = sum(len(str(words)) * _LETTER + _NAME_START for words in shown) > _PHONE - kept_free
    fewer = shown[::-1][::2][::-1] if wide else shown
    values_shown = alt.expr(f"{NARROW_PLOT} ? {json.dumps(fewer)} : {json.dumps(shown)}")
    end = alt.expr(_plot_end(room))
    domain = (
        {"domain": [values[0], values[-1]], "nice": False, "zero": False} if is_time else {"domain": steps}
    )
    # Names that stand beside the last point stand beside the grid too.
    kept = {"range": [0, end]} | ({} if is_time else {"padding": 0}) if room else {}
    scale = alt.Scale(**domain, **kept)
    axis = alt.Axis(values=values_shown, title=None, **({"format": "d"} if is_time else {}))
    return alt.X(f"{field}:{'Q' if is_time else 'O'}", sort=None, scale=scale, axis=axis)


def parted(data: pd.DataFrame, ahead: Sequence[bool]) -> pd.DataFrame:
    """``data`` with the ``status`` of each row, by which :func:`dashed` draws its line.

    ``ahead`` says which rows are projected; their line begins at the last reported point of its series.
    """
    rows = data.assign(status=["projected" if each else "reported" for each in ahead])
    is_ahead = rows["status"] == "projected"
    joints = (
        rows[~is_ahead & rows["series"].isin(rows["series"][is_ahead])].groupby("series", sort=False).tail(1)
    )
    return pd.concat([joints.assign(status="projected"), rows], ignore_index=True)


def dashed() -> alt.StrokeDash:
    """The rule of all lines: solid where reported, dashed where projected."""
    scale = alt.Scale(domain=list(_STATUS), range=list(_STATUS.values()))
    return alt.StrokeDash("status:N", legend=None, scale=scale)


def upward(field: str, unit: str, domain: Sequence[float] | None = None, grid: bool = True) -> alt.Y:
    """A vertical axis of values, from zero unless ``domain`` says otherwise.

    Where values stand in the plot it has no ``grid`` to strike them.
    """
    scale = alt.Scale(domain=list(domain), nice=False) if domain else alt.Scale(zero=True)
    return alt.Y(f"{field}:Q", scale=scale, axis=axis(unit, **({} if grid else UNRULED)))


def colours(field: str, order: Sequence[str], palette: Mapping[str, str]) -> alt.Color:
    """Each name of ``order`` in its colour, without a legend."""
    chosen = [palette[name] for name in order]
    return alt.Color(f"{field}:N", legend=None, scale=alt.Scale(domain=list(order), range=chosen))


def lines(
    data: pd.DataFrame,
    x: str,
    unit: str,
    order: Sequence[str],
    palette: Mapping[str, str],
    every: int,
    ahead: Sequence[bool] = (),
) -> alt.LayerChart:
    """One line for each ``series`` of ``value`` in its colour, named at its end.

    ``x`` holds ordered steps (quarters, years) in the order of the rows; every ``every``-th is
    labelled. ``order`` orders the names, ``ahead`` says which rows are projected.
    """
    steps = list(dict.fromkeys(data[x]))
    frame = worded(data, "value", unit)
    room = room_for(order)
    horizontal, vertical = across(x, steps, every, room=room), upward("value", unit)
    colour = colours("series", order, palette)
    base = alt.Chart(frame).encode(x=horizontal, y=vertical, color=colour)
    zero = [zero_line(room)] if float(frame["value"].min()) < 0 else []
    names = line_names(frame, x, colour, horizontal, vertical, room)
    drawn = base.mark_line()
    if any(ahead):
        drawn = drawn.properties(data=parted(frame, ahead)).encode(strokeDash=dashed())
    return alt.layer(*zero, drawn, *names)


def room_for(names: Sequence[str]) -> float:
    """Pixels that names take beside the ends of their lines."""
    return _NAME_START + _LETTER * max(len(name) for name in names)


def _plot_end(room: float) -> str:
    """The expression of where lines end that keep ``room`` for names, on a phone only if it is little."""
    return f"{NARROW_PLOT} ? width - {room if room <= _LITTLE else 0} : width - {room}"


def starts(
    curves: Sequence[Sequence[tuple[float, float]]], levels: Mapping[str, float], room: float
) -> dict[str, Start]:
    """Where the words of each level stand clear of grid, curves and other words.

    ``curves`` are pairs of a part of their width and a value, which leave ``room`` pixels at the right. On a
    phone they leave little room or none.
    """
    every = [value for curve in curves for _, value in curve] + list(levels.values())
    tall = max(every) - min(0.0, *every)
    ruled = [[(0.0, each), (1.0, each)] for each in gridlines(every)]
    found: dict[str, list[tuple[float, bool]]] = {words: [] for words in levels}
    for width, kept in ((NARROW, room if room <= _LITTLE else 0.0), (WIDE, room)):
        plot = width - _LABELS
        drawn = [[(at * (1 - kept / plot), value) for at, value in curve] for curve in curves]
        wide = _LETTER * max(map(len, levels), default=0) / plot
        taken: list[tuple[float, float]] = []
        for words, level in levels.items():
            others = [[(0.0, each), (1.0, each)] for each in levels.values() if each != level]
            found[words].append(start(drawn + ruled + others, level, wide, tall, taken))
            begin, is_below = found[words][-1]
            taken.append((begin, level - LINE * tall if is_below else level))
    return {words: (phone, desk) for words, (phone, desk) in found.items()}


def gridlines(values: Sequence[float]) -> list[float]:
    """Where the lines of a grid lie that an axis of these values from zero has: at round steps.

    >>> gridlines([3.0, 9.5]), gridlines([1.0, 3600.0])
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 1000.0, 2000.0, 3000.0, 4000.0])
    """
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return [low]
    rough = (high - low) / _RULES
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(each for least, each in _ROUND if rough / power >= least)
    return [step * at for at in range(math.floor(low / step), math.ceil(high / step) + 1)]


def above_grid(value: float, values: Sequence[float]) -> float:
    """``value``, or a little more: where words above it are clear of the grid of an axis of ``values``."""
    tall = max(*values, 0.0) - min(*values, 0.0)
    middle = value + _OVER * tall
    struck = [each for each in gridlines(values) if abs(each - middle) < _CLEAR * tall]
    return struck[0] + (_CLEAR - _OVER) * tall if struck else value


def haloed(base: alt.Chart, color: str | None = None, **place: Any) -> tuple[alt.Chart, alt.Chart]:
    """Words that a halo of paper sets off from what lies below them: the halo, then the words."""
    halo = base.mark_text(**place, color=PAPER, stroke=PAPER, strokeWidth=4, strokeJoin="round")
    return halo, base.mark_text(**place, **({"color": color} if color else {}))


def zero_line(room: float = 0) -> alt.Chart:
    """The line of zero, for charts in which values lie on both sides of it; it ends where the grid does."""
    rule = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=AXIS).encode(y="zero:Q")
    return rule.encode(**_across_to(room))


def _across_to(room: float) -> dict[str, Any]:
    """The ends of a line across a plot that keeps ``room`` at its right."""
    return {"x": alt.value(0), "x2": alt.value(alt.expr(_plot_end(room)))}


def line_names(
    data: pd.DataFrame, x: str, colour: alt.Color, horizontal: alt.X, vertical: alt.Y, room: float
) -> tuple[alt.Chart, ...]:
    """The name of each line beside its last point, moved apart where two would overlap; signs of scenarios.

    On a phone names that need much ``room`` are left out: the line above the chart has them all.
    """
    last = data.groupby("series", sort=False).tail(1)
    longest = max((each for _, each in data.groupby("series", sort=False)), key=len)
    steps = list(longest[x])
    top = max(float(data["value"].max()), 0.0) - min(float(data["value"].min()), 0.0)
    last = last.assign(name_at=spread(list(last["value"]), _GAP * top))
    # The name of a line that ends a little earlier stands beside the grid too, with the others.
    ends = [steps[-1] if at in steps[-_LATE:] else at for at in last[x]]
    base = alt.Chart(last.assign(**{x: ends})).encode(x=horizontal, y=vertical.copy(), text="series:N")
    base.encoding.y.shorthand = "name_at:Q"
    seen = 1 if room <= _LITTLE else alt.expr(f"{NARROW_PLOT} ? 0 : 1")
    size = 12 if room <= _LITTLE else alt.expr(f"{NARROW_PLOT} ? 1 : 12")  # or the plot gives way
    place = {"align": "left", "dx": _NAME_START, "fontWeight": "bold"}
    halo, names = haloed(base, None, **place, opacity=seen, fontSize=size)
    return halo, names.encode(color=colour), *_signs(last, base, colour, vertical)


def _signs(last: pd.DataFrame, base: alt.Chart, colour: alt.Color, vertical: alt.Y) -> list[alt.Chart]:
    """The signs of scenarios at the ends of their lines."""
    if not any(name in SHAPES for name in last["series"]):
        return []
    scale = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    ends = alt.Chart(last[last["series"].isin(SHAPES)]).encode(x=base.encoding.x, y=vertical, color=colour)
    shape = alt.Shape("series:N", legend=None, scale=scale)
    return [ends.mark_point(size=50, opacity=1).encode(shape=shape)]


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


def target_lines(
    targets: Mapping[str, float], starts: Mapping[str, Start] | None = None, room: float = 0
) -> alt.LayerChart:
    """A dashed line across the chart at each target, named at its left end, or at that part of its width.

    At the right it leaves the ``room`` that names take there.
    """
    return alt.layer(*(_level(value, name, TARGET, starts, room) for name, value in targets.items()))


def band(data: pd.DataFrame, horizontal: alt.X, unit: str) -> alt.Chart:
    """The area between ``low`` and ``high``, for intervals and ranges around a line."""
    vertical = alt.Y("low:Q", axis=axis(unit))
    return alt.Chart(data).mark_area(color=BAND).encode(x=horizontal, y=vertical, y2="high:Q")


def reference_line(
    value: float, words: str, starts: Mapping[str, Start] | None = None, room: float = 0
) -> alt.LayerChart:
    """A thin line at ``value`` on the vertical axis, a few words as those of targets."""
    return _level(value, words, INK_SOFT, starts, room)


def _level(
    value: float, words: str, ink: str, starts: Mapping[str, Start] | None, room: float
) -> alt.LayerChart:
    """A line across at a value with its words above it or below, set off from what lies under them."""
    base = alt.Chart(pd.DataFrame({"level": [float(value)], "words": [words]})).encode(y=alt.Y("level:Q"))
    is_target = ink == TARGET
    dash = {"strokeDash": [5, 4], "strokeWidth": 1.25} if is_target else {"strokeWidth": 1}
    place = {"align": "left", "dx": 4, "baseline": "bottom", "dy": -3} | (
        {"fontWeight": "bold"} if is_target else {}
    )
    at = (starts or {}).get(words)
    begin = alt.expr(f"width * ({NARROW_PLOT} ? {at[0][0]} : {at[1][0]})") if at else 0
    if at and (at[0][1] or at[1][1]):
        sides = [("'top'", 3) if is_below else ("'bottom'", -3) for _, is_below in at]
        baseline, away = (
            alt.expr(f"{NARROW_PLOT} ? {phone} : {desk}") for phone, desk in zip(*sides, strict=True)
        )
        place |= {"baseline": baseline, "dy": away}
    named = haloed(base.encode(x=alt.value(begin), text="words:N"), color=ink, **place)
    return alt.layer(base.mark_rule(color=ink, **dash).encode(**_across_to(room)), *named)


def above_bars(field: str, levels: Iterable[float]) -> Any:
    """How far from the tops of bars, at ``field``, their values stand: over lines that would strike them, and
    over their names.
    """
    away = str(_ABOVE)
    for level in sorted(levels):
        over = f"(scale('y', {float(level)!r}) - scale('y', datum.{field}))"
        is_clear = f"{over} - {away} <= -{_WORDS_TALL} || {over} - {away} >= {_NAME_TALL}"
        away = f"({is_clear} ? {away} : {over} - {_NAME_TALL})"
    return alt.expr(away)


def rows_height(count: int, each: int = 34, around: int = 60) -> int:
    """Height in pixels for a horizontal chart of ``count`` rows."""
    return around + each * count


def rows(field: str, names: Sequence[str]) -> alt.Y:
    """The vertical axis of a horizontal chart: one row for each name, in this order."""
    limit = alt.expr(f"{NARROW_PLOT} ? {_NAMES} : 250")
    labels = alt.Axis(title=None, labelLimit=limit, labelColor=INK, labelPadding=8)
    return alt.Y(
        f"{field}:N", sort=list(names), scale=alt.Scale(domain=list(names), padding=0.35), axis=labels
    )


def roomy(words: Iterable[str], both_sides: bool = False) -> alt.Scale:
    """A scale from zero that keeps room for ``words`` at the right of bars, or at either side."""
    room = _BESIDE + _LETTER * max(map(len, words))
    return alt.Scale(zero=True, range=[room if both_sides else 0, alt.expr(f"width - {room}")])


def at_row_ends(base: alt.Chart, text: str, **look: Any) -> alt.Chart:
    """The values of rows, under one another at the right, where no line passes."""
    return base.mark_text(align="right", **look).encode(x=alt.value(alt.expr("width")), text=text)


def vertical_lines(
    targets: Mapping[str, float], others: Mapping[str, float], span: float
) -> list[alt.LayerChart]:
    """Vertical lines, dashed at ``targets`` and thin at ``others``, named above the plot in rows apart.

    Those that an amount names are the report's targets and have their colour. ``span`` is what the bars span,
    in the unit of the levels.
    """
    rows = _rows_apart({**targets, **others}, span)
    wanted = {name: level for name, level in targets.items() if name.startswith("$")}
    aims = {name: level for name, level in targets.items() if name not in wanted}
    drawn = ((wanted, TARGET, [5, 4]), (aims, INK_SOFT, [5, 4]), (others, INK_SOFT, [1, 0]))
    return [_uprights(levels, ink, dash, rows) for levels, ink, dash in drawn if levels]


def room_for_names(levels: Mapping[str, float], span: float) -> int:
    """Pixels above the plot that the names of vertical lines take."""
    return _ROW * (1 + max(_rows_apart(levels, span).values(), default=-1))


def _uprights(
    levels: Mapping[str, float], ink: str, dash: Sequence[int], rows: Mapping[str, int]
) -> alt.LayerChart:
    frame = pd.DataFrame({"name": list(levels), "level": [float(v) for v in levels.values()]})
    at = frame["name"].map(rows)
    rule = alt.Chart(frame).mark_rule(color=ink, strokeDash=list(dash), strokeWidth=1.25).encode(x="level:Q")
    words = [
        alt.Chart(frame[at == row])
        .mark_text(color=ink, baseline="bottom", dy=-3, fontWeight="bold")
        .encode(x="level:Q", y=alt.value(-_ROW * int(row)), text="name:N")
        for row in sorted(set(at))
    ]
    return alt.layer(rule, *words)


def _rows_apart(levels: Mapping[str, float], span: float) -> dict[str, int]:
    """The row above the plot in which the name of each upright line stands, so that no two meet on a phone.

    >>> _rows_apart({"$4T": 2.5, "today": 2.8, "$5T": 3.2}, 4.0)
    {'$4T': 0, 'today': 1, '$5T': 0}
    """
    letter = _LETTER * max(span, *levels.values(), 0.0) / (NARROW - _NAMES)
    ends: list[float] = []
    found = {}
    for name in sorted(levels, key=lambda name: levels[name]):
        half = letter * (len(name) + 1) / 2
        free = [row for row, end in enumerate(ends) if end <= levels[name] - half]
        found[name] = free[0] if free else len(ends)
        ends[found[name] : found[name] + 1] = [levels[name] + half]
    return found


def few(wide: float, narrow: float) -> Any:
    """How many names of a legend stand side by side, fewer on a phone."""
    return alt.expr(f"{NARROW_PLOT} ? {narrow} : {wide}")
