"""Sheets as plain records, and how they become the bytes of a workbook.

A sheet is a mapping from places to cells; nothing is written before all of it is known. Rows and columns
count from 0 as in XlsxWriter; :func:`place` gives the name that formulas use.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from analysis.units import UNITS

# Number formats by the units of figures; a fraction that is stated shows all of its digits.
NUMBERS: Mapping[str, str] = {
    **{name: unit.excel for name, unit in UNITS.items()},
    "stated": "0.0##%",
    "date": "d mmmm yyyy",
}
TEXTS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "bottom": 1},
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
    "text": {"valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "choice": {"bold": True, "bg_color": "#FFF2CC", "border": 1},
}
TYPED = "#1F4E9E"
"""The colour of what is typed in: reported figures and assumptions. Results of formulas are black."""


@dataclass(frozen=True)
class Cell:
    """One cell: text, a number or a day, or a formula with ``content`` as its result.

    ``form`` is a unit for numbers and one of :data:`TEXTS` for text; ``link`` makes text an address.
    """

    content: str | float | date
    form: str = "text"
    formula: str | None = None
    link: str | None = None


@dataclass
class Sheet:
    """A sheet in the making. ``choices`` gives the texts that a cell may take, by place."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    widths: Sequence[float] = ()
    frozen: tuple[int, int] = (0, 0)
    choices: dict[tuple[int, int], Sequence[str]] = field(default_factory=dict)

    def put(self, row: int, column: int, cell: Cell) -> str:
        """Put a cell where none is, and return its full name for formulas.

        Raises ``ValueError`` if the place is taken.
        """
        if (row, column) in self.cells:
            raise ValueError(f"{self.name}!{place(row, column)} is taken")
        self.cells[row, column] = cell
        return f"{quoted(self.name)}!{place(row, column, absolute=True)}"

    def texts(self, row: int, texts: Sequence[str], form: str = "text", first: int = 0) -> None:
        """Put texts side by side; empty ones leave their place free."""
        for column, text in enumerate(texts, start=first):
            if text:
                self.put(row, column, Cell(text, form))

    @property
    def next_row(self) -> int:
        """The first row below everything put so far."""
        return max((row for row, _ in self.cells), default=-1) + 1


def place(row: int, column: int, *, absolute: bool = False) -> str:
    """The name of a cell.

    >>> place(4, 2), place(4, 2, absolute=True)
    ('C5', '$C$5')
    """
    return str(xl_rowcol_to_cell(row, column, absolute, absolute))


def letter(column: int) -> str:
    """The letter of a column.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    return str(xl_col_to_name(column))


def quoted(name: str) -> str:
    """A sheet's name as formulas write it.

    >>> quoted("Inputs"), quoted("Values 2030")
    ('Inputs', "'Values 2030'")
    """
    return name if name.isalpha() else f"'{name}'"


def written(sheets: Sequence[Sheet], names: Mapping[str, str], title: str, made_on: date) -> bytes:
    """The workbook's bytes: the same for the same sheets and names, whenever and wherever it is written."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    made = datetime(made_on.year, made_on.month, made_on.day)
    book.set_properties({"title": title, "created": made, "comments": "Not investment advice."})
    book.set_calc_mode("auto")
    formats: dict[tuple[str, bool], object] = {}
    for sheet in sheets:
        _write(book, sheet, formats)
    for name, target in names.items():
        if book.define_name(name, f"={target}") not in (None, 0):
            raise ValueError(f"{name!r} cannot be the name of a cell")
    book.close()
    return stream.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet, formats: dict[tuple[str, bool], object]) -> None:
    page = book.add_worksheet(sheet.name)
    page.hide_gridlines(2)
    page.freeze_panes(*sheet.frozen)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for (row, column), cell in sorted(sheet.cells.items()):
        key = cell.form, cell.formula is None
        if key not in formats:
            formats[key] = book.add_format(_style(*key))
        style = formats[key]
        if cell.formula is not None:
            page.write_formula(row, column, f"={cell.formula}", style, cell.content)
        elif isinstance(cell.content, date):
            page.write_datetime(row, column, cell.content, style)
        elif cell.link is not None:
            page.write_url(row, column, cell.link, None, str(cell.content))
        elif isinstance(cell.content, str):
            page.write_string(row, column, cell.content, style)
        else:
            page.write_number(row, column, cell.content, style)
    for (row, column), allowed in sheet.choices.items():
        page.data_validation(row, column, row, column, {"validate": "list", "source": list(allowed)})


def _style(form: str, typed: bool) -> dict[str, object]:
    if form in TEXTS:
        return dict(TEXTS[form])
    colour = {"font_color": TYPED} if typed else {}
    return {"num_format": NUMBERS[form], "valign": "top", **colour}
