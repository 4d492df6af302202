from __future__ import annotations

import io
import re
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


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(f"xl/{name}").decode()


def test_a_reader_may_type_over_what_is_typed_and_nothing_else() -> None:
    sheet = Sheet("Inputs")
    sheet.put(0, 0, Cell(1.0, "x"))
    sheet.put(0, 1, Cell(2.0, "x", "A1*2"))
    sheet.put(0, 2, Cell(3.0, "x", fixed=True))
    content = written([sheet], {}, "title", DAY)
    page = part(content, "worksheets/sheet1.xml")
    assert "<sheetProtection" in page
    assert "password" not in page
    assert part(content, "styles.xml").count('locked="0"') == 1


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        (None, "typed"),
        ("A1*2", "formula"),
        ("start.aws_sales", "link"),
        ("-start.debt", "link"),
        ("'Values 2030'!$H$18", "link"),
        ("INDEX(Scenarios!$D$4:$F$4,scenario_number)", "link"),
        ("Inputs!C2*2", "formula"),
        ("aws.growth_change+1", "formula"),
    ],
)
def test_a_number_says_by_its_colour_what_it_is(formula: str | None, kind: str) -> None:
    assert Cell(1.0, "x", formula).kind == kind
    assert Cell(1.0, "x", fixed=True).kind == "fixed"


def test_a_list_of_many_scenarios_is_a_range() -> None:
    """A list written into the cell itself may have 255 characters."""
    names = [f"a scenario with a long name, number {n}" for n in range(27)]
    sheet = Sheet("Inputs")
    sheet.texts(1, names, first=3)
    sheet.put(0, 0, Cell(names[0], "choice"))
    sheet.choices[0, 0] = "Inputs!$D$2:$AD$2"
    page = part(written([sheet], {}, "title", DAY), "worksheets/sheet1.xml")
    assert "<formula1>Inputs!$D$2:$AD$2</formula1>" in page


def test_a_row_is_as_high_as_its_longest_text() -> None:
    sheet = Sheet("README", widths=(10, 20))
    sheet.put(0, 0, Cell("short"))
    sheet.put(1, 1, Cell("word " * 40, "wrapped"))
    page = part(written([sheet], {}, "title", DAY), "worksheets/sheet1.xml")
    assert re.search(r'<row r="2"[^>]* ht="180"', page)
    assert ' ht="' not in page.partition('<row r="2"')[0]


def test_a_text_wraps_where_its_column_has_no_room_for_it() -> None:
    long = "a label of thirty letters or so"
    sheet = Sheet("Inputs", widths=(10, 10, 10))
    sheet.put(0, 0, Cell(long))  # runs over the empty cell beside it
    sheet.put(1, 0, Cell(long))
    sheet.put(1, 1, Cell(1.0, "x"))
    sheet.put(2, 2, Cell(long))  # nothing is printed beyond it
    page = part(written([sheet], {}, "title", DAY), "worksheets/sheet1.xml")
    assert re.findall(r'<row r="(\d)"[^>]* ht="60"', page) == ["2", "3"]


def test_a_page_is_as_wide_as_its_sheet_and_repeats_its_head() -> None:
    sheet = Sheet("Inputs", frozen=(2, 1))
    sheet.put(5, 3, Cell(1.0, "x"))
    content = written([sheet], {}, "title", DAY)
    assert 'fitToHeight="0"' in part(content, "worksheets/sheet1.xml")
    book = part(content, "workbook.xml")
    assert "Inputs!$A$1:$D$6" in book
    assert "Inputs!$1:$2" in book
