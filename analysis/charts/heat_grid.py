"""Grids of a result over two inputs, on tints that part at levels that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count, pairwise
from math import isclose
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import Value, chart_figure
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column
from analysis.charts.theme import INK, PAPER, RAMP, RAMP_TEXT, TARGET
from analysis.formats import show
from analysis.units import base_unit

_STEPS = (0.5, 0.625, 0.75, 0.875)  # of the lowest target: where the tints below it part
_ABOVE = 28  # pixels from the grid up to its title, where targets are named between the two
_APART = 0.05  # least distance between two names at a side, as a share of the grid's height
_INSET = 4  # pixels from the sides of a cell to the frame in it
_NAMES: Mapping[str, Mapping[str, Any]] = {
    "right": {"align": "left", "dx": 5},
    "left": {"align": "right", "dx": -5},
    "above": {"align": "center", "baseline": "bottom", "dy": -4},
}

Border: TypeAlias = tuple[float, float, float, float]
"""A side of a cell: left, right, bottom, top."""


def heat_grid(
    values: Sequence[Sequence[float]],
    *,
    rows: Sequence[float],
    columns: Sequence[float],
    row: tuple[str, str],
    column: tuple[str, str],
    unit: str,
    title: str,
    finding: str,
    tints: Sequence[float] = (),
    targets: Mapping[str, float] | None = None,
    at: tuple[Value, Value] | None = None,
    head: str = "Value",
    in_trillions: bool = False,
    height: int = 340,
    source: Sources = (),
) -> ChartFigure:
    """Cells of ``values[row][column]`` in ``unit`` over even steps of two inputs.

    ``row=("multiple", "x")`` gives an input's words and its unit. Seven tints part at six levels: those of
    ``tints``, or the targets and shares of the lowest. Of ``targets`` each has a line between the cells that
    stay below it and those that reach it; ``at`` puts a frame into the scenario's cell. ``in_trillions``
    writes $bn short.
    """
    wanted = dict(targets or {})
    levels = list(tints) or _levels(wanted)
    if len(levels) != len(RAMP) - 1:
        raise ValueError(f"chart {title!r}: {len(levels)} levels part the tints (expected {len(RAMP) - 1})")
    borders = {name: _borders(values, rows, columns, level) for name, level in wanted.items()}
    ends = _ends(borders, rows, columns)
    view = _View(rows, columns, row, column, unit, is_named_above=bool(ends["above"]))
    cells = view.cells(values, wanted.values(), in_trillions)
    layers = [*view.tinted(cells, levels), *view.borders(borders), *view.names(ends)]
    layers += view.place(at) if at else []
    shown = [  # the value first: where the grid is read, each of the others is said with its name
        Column("value", head, base_unit(unit)),
        Column("column", _capital(column[0]), base_unit(column[1])),
        Column("row", _capital(row[0]), base_unit(row[1])),
    ]
    return chart_figure(
        alt.layer(*layers).resolve_scale(color="independent"),
        "as a grid",
        title,
        finding,
        (cells, shown),
        (),
        source,
        read_by={"x": 1, "y": 2},
        height=height,
        space_right=30 if ends["right"] else 8,
    )


class _View:
    """The two inputs of a grid and how their axes are drawn."""

    def __init__(
        self,
        rows: Sequence[float],
        columns: Sequence[float],
        row: tuple[str, str],
        column: tuple[str, str],
        unit: str,
        is_named_above: bool = False,
    ) -> None:
        self.rows, self.columns, self.row, self.column, self.unit = rows, columns, row, column, unit
        along = {"values": list(columns), "tickCount": len(columns), "ticks": False, "domain": False}
        self.across = alt.X("left:Q", scale=_even(columns), axis=marks.axis(column[1], column[0], **along))
        up = {"values": list(rows), "tickCount": len(rows), "grid": False}
        up |= {"titleY": -_ABOVE} if is_named_above else {}
        self.upward = alt.Y("bottom:Q", scale=_even(rows), axis=marks.axis(row[1], row[0], **up))

    def cells(
        self, values: Sequence[Sequence[float]], targets: Iterable[float], in_trillions: bool
    ) -> pd.DataFrame:
        """One row a cell with its four sides and its words."""
        tall, wide = (levels[1] - levels[0] for levels in (self.rows, self.columns))
        found = []
        for row, line in zip(self.rows, values, strict=True):
            for column, each in zip(self.columns, line, strict=True):
                value = float(each)
                words = _trillions(value, targets) if in_trillions else show(value, self.unit)
                sides = (row - tall / 2, row + tall / 2, column - wide / 2, column + wide / 2)
                found.append((row, column, value, *sides, words))
        names = ["row", "column", "value", "bottom", "top", "left", "right", "words"]
        return pd.DataFrame(found, columns=names)

    def tinted(self, cells: pd.DataFrame, levels: Sequence[float]) -> list[alt.Chart]:
        """The cells and their values."""
        fill, ink = (
            alt.Color(
                "value:Q", legend=None, scale=alt.Scale(type="threshold", domain=list(levels), range=ramp)
            )
            for ramp in (list(RAMP), list(RAMP_TEXT))
        )
        base = alt.Chart(cells)
        boxes = base.mark_rect(stroke=PAPER, strokeWidth=1)
        words = base.mark_text(fontSize=marks.few(12, 11.5))
        return [
            boxes.encode(x=self.across, x2="right:Q", y=self.upward, y2="top:Q", color=fill),
            words.encode(x="column:Q", y="row:Q", text="words:N", color=ink),
        ]

    def borders(self, borders: Mapping[str, Sequence[Border]]) -> list[alt.Chart]:
        """Each target's line along the sides of cells, on a halo."""
        sides = ["left", "right", "bottom", "top"]
        found = [(name, *border) for name, each in borders.items() for border in each]
        if not found:
            return []
        base = alt.Chart(pd.DataFrame(found, columns=["target", *sides]))
        base = base.encode(x="left:Q", x2="right:Q", y="bottom:Q", y2="top:Q")
        return [
            base.mark_rule(color=ink, strokeWidth=wide, strokeCap="square")
            for ink, wide in ((PAPER, 5), (TARGET, 2.5))
        ]

    def names(self, ends: Mapping[str, Mapping[str, float]]) -> list[alt.Chart]:
        """The targets' names where their lines leave the grid."""
        low, high = _rim(self.rows)
        drawn = []
        for side, places in ends.items():
            at = list(places.values())
            if not at:
                continue
            if side != "above":
                at = marks.spread(at, _APART * (high - low))
            words = {"fontWeight": "bold", "fontSize": 13, "color": TARGET, **_NAMES[side]}
            base = alt.Chart(pd.DataFrame({"target": list(places), "place": at})).mark_text(**words)
            along = {"x": "place:Q", "y": alt.value(0)} if side == "above" else {"y": "place:Q"}
            if side == "right":
                along["x"] = alt.value(alt.expr("width"))
            drawn.append(base.encode(**({"x": alt.value(0)} | along), text="target:N"))
        return drawn

    def place(self, at: tuple[Any, Any]) -> list[alt.Chart]:
        """A frame within the cell in which the scenario itself stands, or to which it is nearest."""
        row, column = float(at[0]), float(at[1])
        near = [min(levels, key=lambda level: abs(level - own)) for levels, own in
                ((self.rows, row), (self.columns, column))]  # fmt: skip
        tall, wide = ((levels[1] - levels[0]) / 2 for levels in (self.rows, self.columns))
        sides = {
            "bottom": near[0] - tall,
            "top": near[0] + tall,
            "left": near[1] - wide,
            "right": near[1] + wide,
        }
        frame = pd.DataFrame(
            {"row": [row], "column": [column], **{side: [end] for side, end in sides.items()}}
        )
        base = alt.Chart(frame).encode(x="left:Q", x2="right:Q", y="bottom:Q", y2="top:Q")
        edge = {"filled": False, "fill": None, "opacity": 1}
        edge |= {"xOffset": _INSET, "x2Offset": -_INSET, "yOffset": -_INSET, "y2Offset": _INSET}
        return [
            base.mark_rect(**edge, stroke=PAPER, strokeWidth=6),
            base.mark_rect(**edge, stroke=INK, strokeWidth=2.5),
        ]


def _levels(targets: Mapping[str, float]) -> list[float]:
    """The targets and shares of the lower one, the same in every edition."""
    lower, *others = sorted(float(target) for target in targets.values())
    return [*(lower * step for step in _STEPS), lower, *others]


def _trillions(value: float, targets: Iterable[float]) -> str:
    """An amount in $bn as trillions, with the digits that keep it on its side of every target.

    >>> _trillions(3960.0, [4000.0]), _trillions(4010.0, [4000.0])
    ('3.96', '4.0')
    """
    written = (f"{value / 1000:.{digits}f}" for digits in count(1))
    keeps = (
        words for words in written if all((value >= at) == (1000 * float(words) >= at) for at in targets)
    )
    return next(keeps)


def _borders(
    values: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float], level: float
) -> list[Border]:
    """The sides that a cell below a level shares with one at or above it.

    >>> _borders([[1, 4], [1, 1]], [10, 20], [0.0, 1.0], 3)
    [(0.5, 0.5, 5.0, 15.0), (0.5, 1.5, 15.0, 15.0)]
    """
    reached = [[float(value) >= level for value in line] for line in values]
    tall, wide = ((steps[1] - steps[0]) / 2 for steps in (rows, columns))
    upright = [
        (column + wide, column + wide, row - tall, row + tall)
        for row, line in zip(rows, reached, strict=True)
        for column, (here, beside) in zip(columns, pairwise(line), strict=False)
        if here != beside
    ]
    level_ones = [
        (column - wide, column + wide, row + tall, row + tall)
        for row, (line, over) in zip(rows, pairwise(reached), strict=False)
        for column, here, above in zip(columns, line, over, strict=True)
        if here != above
    ]
    return [*upright, *level_ones]


def _ends(
    borders: Mapping[str, Sequence[Border]], rows: Sequence[float], columns: Sequence[float]
) -> dict[str, dict[str, float]]:
    """By side of the grid, where each target's line leaves there: once, at the right where it does."""
    (left, right), (_, top) = _rim(columns), _rim(rows)
    found: dict[str, dict[str, float]] = {"right": {}, "left": {}, "above": {}}
    for name, each in borders.items():
        leaves = {
            "right": [low for _, end, low, high in each if low == high and isclose(end, right)],
            "left": [low for begin, _, low, high in each if low == high and isclose(begin, left)],
            "above": [begin for begin, end, _, high in each if begin == end and isclose(high, top)],
        }
        side = next((side for side, places in leaves.items() if places), None)
        if side:
            found[side][name] = max(leaves[side])
    return found


def _rim(levels: Sequence[float]) -> tuple[float, float]:
    half = (levels[1] - levels[0]) / 2
    return levels[0] - half, levels[-1] + half


def _even(levels: Sequence[float]) -> alt.Scale:
    return alt.Scale(domain=list(_rim(levels)), nice=False, zero=False)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
