from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from analysis.export.sheet import Cell, Sheet, written
from tests.export.evaluated import read

DAY = date(2026, 3, 31)


def test_a_place_is_taken_once() -> None:
    sheet = Sheet("Inputs")
    assert sheet.put(2, 1, Cell(1.0, "x")) == "Inputs!$B$3"
    with pytest.raises(ValueError, match=r"Inputs!B3 is taken"):
        sheet.put(2, 1, Cell(2.0, "x"))


def test_cells_come_back_as_they_were_put() -> None:
    sheet = Sheet("Values 2030")
    sheet.put(0, 0, Cell("=text that looks like a formula"))
    sheet.put(0, 1, Cell(0.125, "x"))
    sheet.put(0, 2, Cell(3.0, "x", "B1*10"))
    sheet.put(0, 3, Cell(DAY, "date"))
    book = read(written([sheet], {"a.name": "'Values 2030'!$B$1"}, "title", DAY))
    own = "VALUES 2030"
    assert book.values[own, "A1"] == "=text that looks like a formula"
    assert book.values[own, "B1"] == 0.125
    assert book.formulas == {(own, "C1"): "B1*10"}
    assert book.values[own, "D1"] == (DAY - date(1899, 12, 30)).days
    assert book.names["A.NAME"] == (own, "B1")


def test_a_name_that_excel_would_refuse_is_refused() -> None:
    with pytest.warns(UserWarning, match="Invalid"), pytest.raises(ValueError, match="cannot be the name"):
        written([Sheet("Inputs")], {"a name": "Inputs!$A$1"}, "title", DAY)


def test_the_day_it_says_it_was_made_is_the_one_given() -> None:
    content = written([Sheet("Inputs")], {}, "title", DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"2026-03-31T00:00:00Z" in archive.read("docProps/core.xml")
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}
