"""Tables: right-aligned figures, units in the header, a scroll box of their own, a CSV beside them.

A table is a data frame with a :class:`Column` for each column to show. Cells hold plain values or
:class:`~analysis.figures.Figure`; the figures of a table answer for themselves like those in prose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias, TypeGuard

import pandas as pd

from analysis.charts.cells import Rich
from analysis.charts.html import NUMBERED, bundle, fragment, slug, tag, title_html
from analysis.charts.numbers import number_link, packed
from analysis.charts.sources import Sources, caption, links
from analysis.figures import Figure, Source
from analysis.formats import MINUS, day, escape, month, show, year_ends
from analysis.units import FORMS, UNITS, base_unit

# A grade is told by its word and by a shape before it, never by colour alone.
GRADES = {
    "holds": "●",
    "holds with rounding": "◐",
    "does not hold": "✕",
    "no source here": "○",
    "nobody can say": "○",
    "not due yet": "◇",
    "opinion or assumption": "◇",
}
ABSENT = "–"
_OTHERS = ("figure", "grade", "link", "text")  # what cells may hold beside amounts of one unit
_SHOWN = 7  # rows that a table shows in the flow; it folds the others
_LINES = 10  # lines of a computation that are shown: its result comes last
_SAME = 1e-9  # relative difference between a total and its parts
_SHORT = 10  # letters of a cell that is kept on one line: dates, quarters, names
_LONG = 40  # and of one that needs a width of its own, lest a phone stacks it letter by letter


@dataclass(frozen=True)
class Column:
    """One column: the frame's field, the header, and how its cells are printed.

    ``unit`` is a unit or a format of :mod:`analysis.units` (cells hold bare numbers and the header names
    the unit), ``"figure"`` (each cell printed in its own unit), ``"grade"`` (word and shape),
    ``"link"`` (cells are pairs of text and address) or ``"text"``.
    """

    field: str
    label: str
    unit: str = "text"
    digits: int | None = None

    def __post_init__(self) -> None:
        """A form such as ``number3`` is its unit with its digits; any other word is refused."""
        if self.unit in FORMS:
            unit, digits = FORMS[self.unit]
            object.__setattr__(self, "unit", unit)
            object.__setattr__(self, "digits", digits if self.digits is None else self.digits)
        elif self.unit not in (*UNITS, *_OTHERS):
            raise ValueError(
                f"column {self.label!r}: no unit {self.unit!r} (expected {', '.join((*UNITS, *_OTHERS))})"
            )

    @property
    def is_number(self) -> bool:
        """Whether cells are numbers, set to the right."""
        return self.unit in UNITS or self.unit == "figure"

    @property
    def unit_label(self) -> str:
        """What the header adds to the label, such as ``$bn``; empty when there is nothing to add."""
        return UNITS[self.unit].head if self.unit in UNITS else ""


Columns: TypeAlias = Mapping[str, str | Column] | Sequence[Column]
Rows: TypeAlias = pd.DataFrame | Iterable[Mapping[str, object]]


def columns_of(
    frame: pd.DataFrame, heads: Columns | None = None, digits: Mapping[str, int] | int | None = None
) -> list[Column]:
    """The columns to show: ``{"field": "Head"}``, all of the frame's by default; units from the figures.

    A head may be a :class:`Column` where the unit does not follow from the cells.
    """
    if heads is None:
        heads = {str(name): str(name) for name in frame.columns}
    if not isinstance(heads, Mapping):
        return list(heads)
    by_head = digits if isinstance(digits, Mapping) else {}
    every = digits if isinstance(digits, int) else None
    found = []
    for name, head in heads.items():
        if isinstance(head, Column):
            found.append(replace(head, field=name))
        else:
            found.append(Column(name, head, _unit_of(frame[name]), by_head.get(head, every)))
    return found


def _unit_of(cells: Iterable[object]) -> str:
    """The unit that the figures of a column share, or what its words, links or plain numbers are."""
    shown = [cell for cell in cells if cell is not None and not _is_absent(cell)]
    figures = [cell for cell in shown if isinstance(cell, Figure)]
    if figures and len(figures) == len(shown):
        units = {base_unit(figure.unit) for figure in figures if not isinstance(figure.value, str)}
        return units.pop() if len(units) == 1 and units <= UNITS.keys() else "figure"
    if figures:
        return "figure"
    if shown and all(isinstance(cell, str) and cell in GRADES for cell in shown):
        return "grade"
    if shown and all(isinstance(cell, tuple) for cell in shown):
        return "link"
    is_number = bool(shown) and all(isinstance(cell, float | int) for cell in shown)
    return ("count" if all(isinstance(cell, int) for cell in shown) else "number") if is_number else "text"


def _is_absent(value: object) -> bool:
    if isinstance(value, Figure):
        return value.is_absent
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True)
class Table:
    """A table to show in a notebook; ``columns`` choose and order what is shown of ``frame``.

    ``caption`` is the table's title. ``row_header`` names the column whose cells head their rows
    (the first by default). ``sortable`` lets the reader sort by any column. ``sources`` are named
    below the table with the edition's cut-off. ``rows`` gives HTML attributes of the rows, such as an
    id and the data that a filter needs; such a table is never folded, any other that is long is. What is
    never hidden: a last row that the others add up to, and the end of a computation, whose columns after the
    first hold figures each in its own unit.
    ``answer`` names the column of numbers that a phone keeps in sight beside the first, where those that
    come before it leave no room for it.
    A cell may be :class:`~analysis.charts.cells.Rich`.
    """

    frame: pd.DataFrame
    columns: Sequence[Column]
    caption: str
    source: Sources = ()
    sortable: bool = False
    row_header: str | None = None
    rows: Sequence[Mapping[str, str]] = ()
    answer: str | None = None
    cutoff: date | None = None
    page: str = ""
    name: str = ""
    numbers: Mapping[str, Figure] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        named = [*(c.field for c in self.columns), *([self.answer] if self.answer else [])]
        missing = [name for name in named if name not in self.frame.columns]
        if missing:
            raise KeyError(f"table {self.caption!r}: no column {missing} in {list(self.frame.columns)}")

    def placed(self, page: str, name: str, cutoff: date) -> Table:
        """The table under its name on a page, its figures under keys of that page."""
        numbers = {f"{page}.{name}.{key}": figure for key, figure in self._figures().items()}
        return replace(self, page=page, name=name, cutoff=self.cutoff or cutoff, numbers=numbers)

    def evidence(self) -> Sources:
        """What the table rests on, to be held against the cut-off."""
        named = [self.source] if isinstance(self.source, str | Source | Figure) else self.source
        return [*named, *self.numbers.values()]

    def _figures(self) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        for column in self.columns:
            for row, cell in enumerate(self.frame[column.field]):
                key = f"{slug(column.field)}.{row}"
                if isinstance(cell, Figure) and not isinstance(cell.value, str):
                    found[key] = cell
                elif isinstance(cell, Rich):
                    found |= {f"{key}.{place}": figure for place, figure in cell.figures().items()}
        return found

    def csv(self) -> str:
        """The shown columns as CSV at full precision, the unit's name in each header."""
        return csv_text(self.frame, self.columns)

    def html(self) -> str:
        """The table with caption, scroll box and source line."""
        is_computation = len(self.columns) > 1 and all(column.unit == "figure" for column in self.columns[1:])
        most = _LINES if is_computation else _SHOWN
        has_total = len(self.frame) > most and not self.rows and is_total(self.frame, self.columns)
        is_long = len(self.frame) - has_total > most and not self.rows
        table = table_html(
            self.frame,
            self.columns,
            self.caption,
            self.row_header,
            self.sortable,
            self._key,
            self.rows,
            self.answer,
            has_total,
        )
        note = tag("p", caption(self.source or list(self.numbers.values()), self.cutoff), class_="source")
        number = tag("p", NUMBERED.format("table"), class_="figure-number") if self.name else ""
        title = number + tag("p", title_html(self.caption), class_="table-title", aria_hidden="true")
        more = tag("summary", f"Show all {len(self.frame)} rows")
        below = (
            (tag("details", more, class_="rows") if is_long else "")
            + note
            + links(self.page, self.name, self._id or "")
        )
        return fragment([tag("div", title + table + below, class_="data-table", id=self._id)])

    @property
    def _id(self) -> str | None:
        return f"table-{slug(self.page)}-{slug(self.name)}" if self.name else None

    def _key(self, column: str, row: int | str) -> str | None:
        key = f"{self.page}.{self.name}.{slug(column)}.{row}"
        return key if key in self.numbers else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "table", "page": self.page, "name": self.name, "title": self.caption}
        return bundle(self.html(), {**payload, "csv": self.csv(), **packed(self.numbers)})


def table_html(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    title: str,
    row_header: str | None = None,
    sortable: bool = False,
    key: Callable[[str, int | str], str | None] = lambda column, row: None,
    attributes: Sequence[Mapping[str, str]] = (),
    answer: str | None = None,
    has_total: bool = False,
) -> str:
    """``frame`` as an accessible HTML table in a scroll box, captioned for those who hear it.

    ``key`` gives the number's key for the cell at (column, row), or ``None`` for a plain cell; parts of a
    rich cell are asked for as row ``"4.1"``. ``attributes`` are those of the rows. The last row is the foot
    of a table that ``has_total``.
    """
    first = row_header or columns[0].field
    head = "".join(_head_cell(c, sortable, c.field == answer) for c in columns)
    rows = []
    for index, values in enumerate(zip(*(frame[c.field] for c in columns), strict=True)):
        cells = [
            _cell(c, value, c.field == first, c.field == answer, partial(_key_of, key, c.field, index))
            for c, value in zip(columns, values, strict=True)
        ]
        rows.append(tag("tr", "".join(cells), **(attributes[index] if attributes else {})))
    body = tag("thead", tag("tr", head)) + tag("tbody", "\n".join(rows[:-1] if has_total else rows))
    body += tag("tfoot", rows[-1]) if has_total else ""
    table = tag(
        "table", tag("caption", escape(title), class_="visually-hidden") + body, data_sortable=sortable
    )
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=title)


def is_total(frame: pd.DataFrame, columns: Sequence[Column]) -> bool:
    """Whether the last row is what those before it add up to, in every column in which it has a number."""
    totals = []
    for column in columns:
        cells = [_raw(cell) for cell in frame[column.field]] if column.unit in UNITS else []
        numbers = [float(cell) for cell in cells if isinstance(cell, int | float) and not math.isnan(cell)]
        if len(numbers) > 2 and not _is_absent(frame[column.field].iloc[-1]):
            totals.append(math.isclose(numbers[-1], sum(numbers[:-1]), rel_tol=_SAME))
    return bool(totals) and all(totals)


def _key_of(
    key: Callable[[str, int | str], str | None], field: str, row: int, part: int | None = None
) -> str | None:
    return key(field, row if part is None else f"{row}.{part}")


def csv_text(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """``columns`` of ``frame`` as CSV: values unrounded, headers such as ``Growth [fraction]``."""
    headers: list[str] = []
    cells: list[list[object]] = []
    for c in columns:
        headers.append(f"{c.label} [{c.unit}]" if c.unit in UNITS else c.label)
        cells.append([_raw(cell) for cell in frame[c.field]])
        if c.unit == "figure":  # each in its own unit, which stands beside it
            headers.append(f"{c.label}: unit")
            cells.append([base_unit(cell.unit) if _is_amount(cell) else None for cell in frame[c.field]])
    plain = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    return str(plain.to_csv(index=False, header=headers, lineterminator="\n"))


def cell_text(value: object, column: Column) -> str:
    """One cell as text: a bare number in the column's unit, a figure in its own, a grade, or text."""
    if _is_absent(value):
        return ABSENT
    if isinstance(value, Figure):
        if column.unit == "figure" or isinstance(value.value, str):
            return show(value.value, value.unit)
        value = value.number
    if column.unit == "year":
        return show(float(str(value)), "year")
    if column.unit in UNITS:
        unit = UNITS[column.unit]
        return bare(float(str(value)) * unit.scale, unit.digits if column.digits is None else column.digits)
    if column.unit == "grade":
        return f"{GRADES[str(value)]} {value}"
    if isinstance(value, date):
        return day(value)
    return month(str(value))


def bare(value: float, digits: int) -> str:
    """A number without its unit, with thousands separators and a true minus sign.

    >>> bare(-1234.56, 1), bare(-0.01, 1)
    ('−1,234.6', '0.0')
    """
    body = f"{abs(value):,.{digits}f}"
    return f"{MINUS}{body}" if value < 0 and body.strip("0.,") else body


def _raw(value: object) -> object:
    if isinstance(value, Figure):
        return None if value.is_absent else value.value
    if isinstance(value, Rich):
        return value.plain
    return value[0] if isinstance(value, tuple) else value


def _is_amount(value: object) -> TypeGuard[Figure]:
    return isinstance(value, Figure) and not value.is_absent and not isinstance(value.value, str)


def _head_cell(column: Column, sortable: bool, is_answer: bool) -> str:
    unit = f" {tag('span', escape(column.unit_label), class_='unit')}" if column.unit_label else ""
    text = escape(column.label) + unit
    kind = ("number key" if is_answer else "number") if column.is_number else None
    head = tag("button", text, type="button") if sortable else text
    return tag("th", head, scope="col", class_=kind, data_unit=column.unit if column.is_number else None)


def _length(content: str) -> str | None:
    if len(content) <= _SHORT:
        return "short"
    return "long" if len(Rich((content,)).plain) > _LONG else None


def _cell(
    column: Column, value: object, is_header: bool, is_answer: bool, key: Callable[..., str | None]
) -> str:
    if column.unit == "link" and isinstance(value, tuple):
        content = tag("a", escape(str(value[0])), href=str(value[1]))
    elif isinstance(value, Rich):
        content = value.html(key)
    elif (name := key()) is not None:
        content = number_link(name, cell_text(value, column))
    else:
        content = escape(cell_text(value, column))
    kind = "number" if column.is_number else "grade" if column.unit == "grade" else None
    kind = "number key" if is_answer and column.is_number else kind or _length(content)
    sort = _raw(value) if column.is_number else None
    if isinstance(value, date | int):
        sort = year_ends(value)
    sort_key = repr(float(sort)) if isinstance(sort, int | float) and not math.isnan(sort) else None
    if is_header:
        return tag("th", content, scope="row", class_=kind, data_value=sort_key)
    return tag("td", content, class_=kind, data_value=sort_key)
