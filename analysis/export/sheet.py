"""Sheets as plain records, and how they become the bytes of a workbook.

A sheet is a mapping from places to cells; nothing is written before all of it is known. Rows and columns
count from 0 as in XlsxWriter; :func:`place` gives the name that formulas use.
"""

from __future__ import annotations

import io
import math
import re
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
    "holds": '"yes";;"NO"',
}
TEXTS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "bottom": 1},
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
    "number_head": {"bold": True, "text_wrap": True, "valign": "top", "align": "right"},
    "text": {"valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "link": {"text_wrap": True, "valign": "top", "font_color": "#0563C1", "underline": 1},
    "choice": {"bold": True, "bg_color": "#FFF2CC", "border": 1, "locked": False},
}
COLOURS: Mapping[str, Mapping[str, object]] = {
    "typed": {"font_color": "#1F4E9E", "locked": False},
    "formula": {},
    "link": {"font_color": "#1E7B34"},
    "fixed": {"font_color": "#666666", "italic": True},
}
"""Numbers by what they are: typed in, a reader may type over them; worked out; taken from another sheet as
they are; and given by the report's program, which no formula here can do."""
LINE = 15.0
"""Points of height that a line of text takes."""
TALLEST = 400.0
_LINK = re.compile(r"-?(?:'[^']+'!|[A-Za-z]+!)\$?[A-Z]+\$?\d+|-?[a-z_]+\.[\w.]+")


@dataclass(frozen=True)
class Cell:
    """One cell: text, a number or a day, or a formula with ``content`` as its result.

    ``form`` is a unit for numbers and one of :data:`TEXTS` for text; ``link`` makes text an address. A number
    that is ``fixed`` was given by the report's program.
    """

    content: str | float | date
    form: str = "text"
    formula: str | None = None
    link: str | None = None
    fixed: bool = False

    @property
    def kind(self) -> str:
        """One of :data:`COLOURS`: what the number is."""
        if self.fixed:
            return "fixed"
        if self.formula is None:
            return "typed"
        is_link = _LINK.fullmatch(self.formula) or self.formula.startswith("INDEX(Scenarios!")
        return "link" if is_link else "formula"


@dataclass(frozen=True)
class Bars:
    """A chart of horizontal bars from a low to a high end: columns of names, low ends and widths."""

    title: str
    rows: tuple[int, int]
    names: int
    low: int
    width: int
    at: tuple[int, int]


@dataclass
class Sheet:
    """A sheet in the making. ``choices`` gives the range of texts that a cell may take, by place.

    Rows above ``frozen`` are printed on every page; there are as many ``pages`` as it takes if that is 0.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    widths: Sequence[float] = ()
    frozen: tuple[int, int] = (0, 0)
    choices: dict[tuple[int, int], str] = field(default_factory=dict)
    chart: Bars | None = None
    pages: int = 0

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
    formats: dict[tuple[str, str], object] = {}
    for sheet in sheets:
        _write(book, sheet, formats)
    for name, target in names.items():
        if book.define_name(name, f"={target}") not in (None, 0):
            raise ValueError(f"{name!r} cannot be the name of a cell")
    book.close()
    return stream.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet, formats: dict[tuple[str, str], object]) -> None:
    page = book.add_worksheet(sheet.name)
    page.hide_gridlines(2)
    page.freeze_panes(*sheet.frozen)
    _for_print(page, sheet)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    forms = _forms(sheet)
    for row, height in _heights(sheet, forms).items():
        page.set_row(row, height)
    for (row, column), cell in sorted(sheet.cells.items()):
        key = forms[row, column], cell.kind
        if key not in formats:
            formats[key] = book.add_format(_style(*key))
        style = formats[key]
        if cell.formula is not None:
            page.write_formula(row, column, f"={cell.formula}", style, cell.content)
        elif isinstance(cell.content, date):
            page.write_datetime(row, column, cell.content, style)
        elif cell.link is not None:
            page.write_url(row, column, cell.link, style, str(cell.content))
        elif isinstance(cell.content, str):
            page.write_string(row, column, cell.content, style)
        else:
            page.write_number(row, column, cell.content, style)
    for (row, column), allowed in sheet.choices.items():
        page.data_validation(row, column, row, column, {"validate": "list", "source": f"={allowed}"})
    if sheet.chart is not None:
        _draw(book, page, sheet.name, sheet.chart)
    page.protect("", {"format_columns": True, "format_rows": True})


def _forms(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The form of each cell by its place: a text without room beside it wraps, a head over numbers stands at
    the right as they do.
    """
    last = max((column for _, column in sheet.cells), default=0)
    found = {}
    for (row, column), cell in sheet.cells.items():
        is_text, beside = isinstance(cell.content, str), column == last or (row, column + 1) in sheet.cells
        below = sheet.cells.get((row + 1, column)) or sheet.cells.get((row + 2, column))
        form = "link" if cell.link is not None else cell.form
        if form == "text" and is_text and beside and len(str(cell.content)) > _width(sheet, column):
            form = "wrapped"
        elif form == "head" and below is not None and not isinstance(below.content, str):
            form = "number_head"
        found[row, column] = form
    return found


def _width(sheet: Sheet, column: int) -> float:
    """Letters that a column holds."""
    return sheet.widths[column] if column < len(sheet.widths) else 8.43


def _style(form: str, kind: str) -> dict[str, object]:
    if form in TEXTS:
        return dict(TEXTS[form])
    return {"num_format": NUMBERS[form], "valign": "top", **COLOURS[kind]}


def _for_print(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    """All of the sheet as wide as a page, its head on each."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, sheet.pages)
    page.set_footer("&L&A&RPage &P of &N")
    if sheet.cells:
        below, right = sheet.next_row, max(column for _, column in sheet.cells) + 1
        if sheet.chart is not None:
            below, right = max(below, sheet.chart.at[0] + 20), max(right, len(sheet.widths))
        page.print_area(0, 0, below - 1, right - 1)
    if sheet.frozen[0]:
        page.repeat_rows(0, sheet.frozen[0] - 1)


def _heights(sheet: Sheet, forms: Mapping[tuple[int, int], str]) -> dict[int, float]:
    """The height of each row whose texts run over several lines of their columns."""
    found: dict[int, float] = {}
    for (row, column), cell in sheet.cells.items():
        wraps = TEXTS.get(forms[row, column], {}).get("text_wrap")
        if isinstance(cell.content, str) and wraps:
            lines = math.ceil(len(cell.content) * 1.1 / _width(sheet, column))
            if lines > 1:
                found[row] = min(max(found.get(row, 0.0), LINE * lines), TALLEST)
    return found


def _draw(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, name: str, bars: Bars) -> None:
    first, last = bars.rows
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, fill in ((bars.low, {"none": True}), (bars.width, {"color": "#1F4E9E"})):
        chart.add_series({
            "categories": [name, first, bars.names, last, bars.names],
            "values": [name, first, column, last, column],
            "fill": fill,
            "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": bars.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
    )
    chart.set_size({"width": 900, "height": 360})
    page.insert_chart(*bars.at, chart, {"description": bars.title})
