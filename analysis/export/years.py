"""Sheets of paths: one line a quantity, one column for today and one for each projected year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.export.sheet import Cell, Sheet, letter, quoted
from analysis.units import words_of

LABEL, UNIT, TODAY, AHEAD = range(4)


@dataclass
class Lines:
    """Lines of a sheet, each by a key; ``horizon`` is the place of the targets' year among the years.

    Formulas are templates. ``{c}`` is the column's letter, ``{p}`` that of the column before, ``{t}``,
    ``{n}`` and ``{h}`` those of today, of the first year and of the horizon; a key is its line's row. So
    ``{c}{sales}`` is this year's sales and ``{p}{sales}`` the year before's. Lines of the sheet ``below`` are
    reached by ``{below[sales]}``, the cell of the same column, ``{ahead[sales]}``, that of the horizon, and
    ``{today[sales]}``.
    """

    sheet: Sheet
    count: int
    horizon: int
    below: Lines | None = None
    rows: dict[str, str] = field(default_factory=dict)

    def heading(self, text: str) -> None:
        """Start a group of lines."""
        self.sheet.put(self.sheet.next_row + 1, LABEL, Cell(text, "heading"))

    def line(
        self,
        key: str,
        label: str,
        unit: str,
        today: tuple[str, float] | None = None,
        ahead: tuple[str, Sequence[float]] | None = None,
    ) -> None:
        """Add a line: formula and result today, formula of each year and results."""
        if today is not None:
            self.cells(key, label, unit, TODAY, today[0], [today[1]])
        if ahead is not None:
            if len(ahead[1]) != self.count:
                raise ValueError(f"{label!r}: {len(ahead[1])} results (expected {self.count})")
            self.cells(key, label, unit, AHEAD, *ahead)

    def cells(
        self, key: str, label: str, unit: str, first: int, template: str, values: Sequence[float]
    ) -> None:
        """Add cells side by side from column ``first`` on, in the line of that key or a new one."""
        if key not in self.rows:
            row = self.sheet.next_row
            self.rows[key] = str(row + 1)
            self.sheet.texts(row, [label, words_of(unit)])
        row = int(self.rows[key]) - 1
        for column, value in enumerate(values, start=first):
            self.sheet.put(row, column, Cell(float(value), unit, self.fill(template, column)))

    def fill(self, template: str, column: int) -> str:
        """A template as the formula of one column; raises ``KeyError`` for a line that is not there yet."""
        fixed = {"t": TODAY, "n": AHEAD, "h": AHEAD + self.horizon}
        letters = {"c": letter(column), "p": letter(column - 1)}
        letters |= {name: f"${letter(at)}" for name, at in fixed.items()}
        cells: dict[str, Mapping[str, str]] = {}
        if self.below is not None:
            places = {"below": letters["c"], "ahead": letters["h"], "today": letters["t"]}
            cells = {name: self.below.at(place) for name, place in places.items()}
        return template.format(**letters, **self.rows, **cells)

    def at(self, column: str) -> dict[str, str]:
        """Where each line has its cell of a column, for formulas of other sheets."""
        return {key: f"{quoted(self.sheet.name)}!{column}{row}" for key, row in self.rows.items()}
