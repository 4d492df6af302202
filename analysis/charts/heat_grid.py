"""Grids of a result over two inputs, on tints that part at levels that matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    lines: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    at: tuple[Value, Value] | None = None,
    head: str = "Value",
    in_trillions: bool = False,
    height: int = 340,
    source: Sources = (),
) -> ChartFigure:
    """Cells of ``values[row][column]`` in ``unit`` over even steps of two inputs.

    ``row=("multiple", "x")`` gives an input's words and its unit. Seven tints part at six levels: those of
    ``tints``, or the targets and shares of the lowest. ``lines`` are those on which a target is met, as
    (row, column) places; ``at`` puts an edge around the scenario's cell. ``in_trillions`` writes $bn short.
    """
    levels = list(tints) or _levels(targets or {})
    if len(levels) != len(RAMP) - 1:
        raise ValueError(f"chart {title!r}: {len(levels)} levels part the tints (expected {len(RAMP) - 1})")
    view = _View(rows, columns, row, column, unit)
    cells = view.cells(values, in_trillions)
    layers = [*view.tinted(cells, levels), *view.lines(lines or {}), *view.values(cells, levels)]
    layers += view.place(at) if at else []
    shown = [
        Column("row", _capital(row[0]), base_unit(row[1])),
        Column("column", _capital(column[0]), base_unit(column[1])),
        Column("value", head, base_unit(unit)),
    ]
    return chart_figure(
        alt.layer(*layers).resolve_scale(color="independent"),
        "as a grid",
        title,
        finding,
        (cells, shown),
        (),
        source,
        read_by={"x": 1, "y": 0},
        height=height,
        space_right=30 if lines else 8,
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
    ) -> None:
        self.rows, self.columns, self.row, self.column, self.unit = rows, columns, row, column, unit
        along = {"values": list(columns), "tickCount": len(columns), "ticks": False, "domain": False}
        self.across = alt.X("left:Q", scale=_even(columns), axis=marks.axis(column[1], column[0], **along))
        up = {"values": list(rows), "tickCount": len(rows), "grid": False}
        self.upward = alt.Y("bottom:Q", scale=_even(rows), axis=marks.axis(row[1], row[0], **up))

    def cells(self, values: Sequence[Sequence[float]], in_trillions: bool) -> pd.DataFrame:
        """One row a cell with its four sides and its words."""
        tall, wide = (levels[1] - levels[0] for levels in (self.rows, self.columns))
        found = []
        for row, line in zip(self.rows, values, strict=True):
            for column, each in zip(self.columns, line, strict=True):
                value = float(each)
                words = f"{value / 1000:.1f}" if in_trillions else show(value, self.unit)
                sides = (row - tall / 2, row + tall / 2, column - wide / 2, column + wide / 2)
                found.append((row, column, value, *sides, words))
        names = ["row", "column", "value", "bottom", "top", "left", "right", "words"]
        return pd.DataFrame(found, columns=names)

    def tinted(self, cells: pd.DataFrame, levels: Sequence[float]) -> list[alt.Chart]:
        """The cells."""
        fill = alt.Color("value:Q", legend=None, scale=_scales(levels)[0])
        boxes = (
            alt.Chart(cells)
            .mark_rect(stroke=PAPER, strokeWidth=1)
            .encode(x=self.across, x2="right:Q", y=self.upward, y2="top:Q", color=fill)
        )
        return [boxes]

    def values(self, cells: pd.DataFrame, levels: Sequence[float]) -> list[alt.Chart]:
        """The cells' values, on a halo of their tint where a line passes."""
        fill, ink = _scales(levels)
        base = alt.Chart(cells).encode(x="column:Q", y="row:Q", text="words:N")
        size = {"fontSize": marks.few(12, 11.5)}
        halo = base.mark_text(**size, strokeWidth=5, strokeJoin="round").encode(
            color=alt.Color("value:Q", legend=None, scale=fill),
            stroke=alt.Stroke("value:Q", legend=None, scale=fill),
        )
        return [halo, base.mark_text(**size).encode(color=alt.Color("value:Q", legend=None, scale=ink))]

    def lines(self, lines: Mapping[str, Sequence[tuple[float, float]]]) -> list[alt.Chart]:
        """Each target's line within the grid, on a halo, named where it leaves at the right."""
        low, high = _ends(self.columns)
        found = [
            (name, row, column)
            for name, line in lines.items()
            for row, column in line
            if low <= column <= high
        ]
        if not found:
            return []
        frame = pd.DataFrame(found, columns=["target", "row", "column"])
        base = alt.Chart(frame).encode(x="column:Q", y="row:Q", detail="target:N", order="row:Q")
        ends = frame.sort_values("column").groupby("target", sort=False).tail(1)
        drawn = [base.mark_line(color=PAPER, strokeWidth=5), base.mark_line(color=TARGET, strokeWidth=2)]
        is_at_right = ends["column"] > high - (self.columns[1] - self.columns[0]) / 2
        words = {"fontWeight": "bold", "fontSize": 13, "color": TARGET}
        right = alt.Chart(ends[is_at_right]).mark_text(**words, align="left", dx=5)
        at_top = ends[~is_at_right].sort_values("column")
        if is_at_right.any():
            drawn.append(right.encode(x=alt.value(alt.expr("width")), y="row:Q", text="target:N"))
        for part, side in ((at_top[:1], "right"), (at_top[1:], "left")):  # away from each other
            if len(part):
                above = alt.Chart(part).mark_text(**words, baseline="bottom", dy=-3, align=side)
                drawn.append(above.encode(x="column:Q", y=alt.value(0), text="target:N"))
        return drawn

    def place(self, at: tuple[Any, Any]) -> list[alt.Chart]:
        """An edge around the cell in which the scenario itself stands, or to which it is nearest."""
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
        return [
            base.mark_rect(**edge, stroke=PAPER, strokeWidth=6),
            base.mark_rect(**edge, stroke=INK, strokeWidth=2.5),
        ]


def _scales(levels: Sequence[float]) -> tuple[alt.Scale, alt.Scale]:
    """Tints and the colour of words on them, parted at the same levels."""
    tints, words = (
        alt.Scale(type="threshold", domain=list(levels), range=list(ramp)) for ramp in (RAMP, RAMP_TEXT)
    )
    return tints, words


def _levels(targets: Mapping[str, float]) -> list[float]:
    """The targets and shares of the lower one, the same in every edition."""
    lower, *others = sorted(float(target) for target in targets.values())
    return [*(lower * step for step in _STEPS), lower, *others]


def _ends(levels: Sequence[float]) -> tuple[float, float]:
    half = (levels[1] - levels[0]) / 2
    return levels[0] - half, levels[-1] + half


def _even(levels: Sequence[float]) -> alt.Scale:
    return alt.Scale(domain=list(_ends(levels)), nice=False, zero=False)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
