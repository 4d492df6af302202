"""A workbook read back from its bytes, and every formula in it computed by the package ``formulas``."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
from formulas import Parser

Place = tuple[str, str]  # the sheet's name in capitals and the cell's, such as ("INPUTS", "C5")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Book:
    """Cells as written: typed values and the results kept with formulas, formulas, and names of cells."""

    sheets: tuple[str, ...]
    values: Mapping[Place, Any]
    formulas: Mapping[Place, str]
    names: Mapping[str, Place]


def read(content: bytes) -> Book:
    """The workbook in ``content``."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        shared = _tree(archive, "xl/sharedStrings.xml")
        texts = ["".join(part.itertext()) for part in shared.iter(f"{_MAIN}si")]
        book, links = _tree(archive, "xl/workbook.xml"), _tree(archive, "xl/_rels/workbook.xml.rels")
        targets = {link.get("Id"): link.get("Target") for link in links}
        sheets = {s.get("name", ""): targets[s.get(_RELATION)] for s in book.iter(f"{_MAIN}sheet")}
        values: dict[Place, Any] = {}
        formulas: dict[Place, str] = {}
        for sheet, path in sheets.items():
            for cell in _tree(archive, f"xl/{path}").iter(f"{_MAIN}c"):
                place = sheet.upper(), cell.get("r", "")
                value, formula = cell.findtext(f"{_MAIN}v"), cell.findtext(f"{_MAIN}f")
                if value is not None:
                    kind = cell.get("t")
                    values[place] = (
                        texts[int(value)] if kind == "s" else value if kind == "str" else float(value)
                    )
                if formula is not None:
                    formulas[place] = formula
    names = {n.get("name", "").upper(): _place(n.text or "") for n in book.iter(f"{_MAIN}definedName")}
    return Book(tuple(sheets), values, formulas, names)


def without_results(content: bytes) -> bytes:
    """The workbook with no result beside any formula."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as into:
        for name in archive.namelist():
            text = archive.read(name)
            into.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text))
    return made.getvalue()


def evaluated(book: Book, changes: Mapping[Place, Any] | None = None) -> dict[Place, Any]:
    """Every formula's result, computed afresh from what is typed, with some typed cells changed."""
    typed = {place: value for place, value in book.values.items() if place not in book.formulas}
    known: dict[Place, Any] = {**typed, **(changes or {})}

    def value(place: Place) -> Any:
        if place not in known and place in book.formulas:
            function = compiled(book.formulas[place])
            given = [argument(name, place[0]) for name in function.inputs]
            found = np.asarray(function(*given)).item()
            known[place] = found if isinstance(found, str) else float(found)
        return known.get(place, 0.0)

    def argument(name: str, sheet: str) -> Any:
        if name in book.names:
            return value(book.names[name])
        own, _, cells = name.rpartition("!")
        sheet = own.strip("'") or sheet
        if ":" not in cells:
            return value((sheet, cells))
        (left, top), (right, bottom) = (_CELL.fullmatch(end).groups() for end in cells.split(":"))
        columns = range(_number(left), _number(right) + 1)
        rows = range(int(top), int(bottom) + 1)
        return np.array([[value((sheet, f"{_letters(c)}{r}")) for c in columns] for r in rows], dtype=object)

    return {place: value(place) for place in book.formulas}


@cache
def compiled(formula: str) -> Any:
    """A formula as a function of the cells and names it mentions."""
    return Parser().ast(f"={formula}")[1].compile()


def _tree(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(path))


def _place(target: str) -> Place:
    sheet, _, cell = target.replace("$", "").rpartition("!")
    return sheet.strip("'").upper(), cell


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
