from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from analysis.charts.html import MIME
from analysis.charts.table import ABSENT, Column, Table, cell_text, columns_of
from analysis.figures import Figure, Source, not_public

SOURCE = Source("Filing", date(2026, 2, 6), "https://example.org/filing", "data/a.yml", "income.net_sales")
SALES = Figure(716924.0, "usd_m", "net sales", SOURCE)


def table(**change: object) -> Table:
    frame = pd.DataFrame(
        {
            "part": ["AWS & co", "Stores"],
            "sales": [SALES, 5.0],
            "growth": [0.2364, None],
            "grade": ["holds", "holds with rounding"],
        }
    )
    columns = [
        Column("part", "Part"),
        Column("sales", "Net sales", "usd_m"),
        Column("growth", "Growth", "fraction"),
        Column("grade", "Grade", "grade"),
    ]
    return Table(frame, columns, "Parts", [SOURCE], **change).placed("aws", "parts", date(2026, 3, 31))


def soup(shown: Table) -> BeautifulSoup:
    return BeautifulSoup(shown.html(), "html.parser")


def one(found: object) -> Tag:
    assert isinstance(found, Tag)
    return found


def test_head_names_units_and_cells_hold_bare_numbers() -> None:
    page = soup(table())
    heads = [th.get_text() for th in page.select("thead th")]
    assert heads == ["Part", "Net sales $m", "Growth %", "Grade"]
    assert [td.get_text() for td in page.select("tbody tr")[0].select("td")] == ["716,924", "23.6", "● holds"]
    assert [td.get_text() for td in page.select("tbody tr")[1].select("td")] == [
        "5",
        ABSENT,
        "◐ holds with rounding",
    ]


def test_numbers_are_marked_for_the_right_and_carry_their_value() -> None:
    cells = soup(table()).select("tbody td.number")
    assert [cell.get("data-value") for cell in cells] == ["716924.0", "0.2364", "5.0", None]


def test_rows_and_columns_have_headers_and_the_box_can_be_scrolled_by_keyboard() -> None:
    page = soup(table())
    assert {th["scope"] for th in page.select("thead th")} == {"col"}
    assert [th.get_text() for th in page.select("tbody th[scope=row]")] == ["AWS & co", "Stores"]
    box = one(page.select_one(".scroll"))
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Parts")
    assert one(page.select_one("caption")).get_text() == "Parts"


def test_figures_lead_to_their_record() -> None:
    shown = table()
    link = one(soup(shown).select_one("a.num"))
    assert link["data-key"] == "aws.parts.sales.0"
    assert link["href"] == "#n-aws-parts-sales-0"
    payload = shown._repr_mimebundle_()[MIME]
    assert payload["numbers"]["aws.parts.sales.0"]["label"] == "net sales"
    assert payload["numbers"]["aws.parts.sales.0"]["published"] == "2026-02-06"


def test_csv_keeps_full_precision_and_names_units() -> None:
    lines = table().csv().splitlines()
    assert lines[0] == "Part,Net sales [usd_m],Growth [fraction],Grade"
    assert lines[1] == "AWS & co,716924.0,0.2364,holds"


def test_source_cutoff_and_data_stand_below() -> None:
    note = one(soup(table()).select_one(".source"))
    assert note.get_text() == "Source: Filing. Known by 31 March 2026."
    assert [a["href"] for a in note.select("a")] == ["https://example.org/filing"]
    links = one(soup(table()).select_one(".figure-links"))
    assert [a["href"] for a in links.select("a")] == ["_static/data/aws/parts.csv", "#table-aws-parts"]


@pytest.mark.parametrize(("rows", "told"), [(7, []), (8, ["Show all 8 rows"])])
def test_a_long_table_folds_all_but_its_first_rows(rows: int, told: list[str]) -> None:
    long = Table(pd.DataFrame({"a": range(rows)}), [Column("a", "A", "count")], "Parts", [SOURCE])
    page = soup(long)
    assert [each.get_text() for each in page.select(".data-table > details.rows > summary")] == told
    assert len(page.select("tbody tr")) == rows


def test_a_total_is_the_foot_of_a_long_table_and_is_not_folded() -> None:
    def shown(*values: float | None) -> BeautifulSoup:
        frame = pd.DataFrame({"part": list("abcdefgh")[: len(values)], "value": values, "none": None})
        columns = [Column("part", "Part"), Column("value", "Value", "usd_bn"), Column("none", "None", "x")]
        return soup(Table(frame, columns, "Parts", [SOURCE]))

    total = shown(1.0, 2.0, 3.0, None, 4.0, 5.0, -1.0, 14.0)
    assert [one(row.th).get_text() for row in total.select("tfoot tr")] == ["h"]
    assert len(total.select("tbody tr")) == 7
    assert total.select("details.rows") == []
    for other in (shown(1.0, 2.0, 3.0, None, 4.0, 5.0, -1.0, 15.0), shown(1.0, 2.0, 3.0)):
        assert other.select("tfoot") == []


@pytest.mark.parametrize(("rows", "folds"), [(10, 0), (11, 1)])
def test_the_end_of_a_computation_is_not_folded(rows: int, folds: int) -> None:
    frame = pd.DataFrame({"line": range(rows), "value": [SALES] * rows})
    columns = [Column("line", "Line"), Column("value", "Value", "figure")]
    assert len(soup(Table(frame, columns, "Lines", [SOURCE])).select("details.rows")) == folds


def test_sortable_heads_are_buttons() -> None:
    assert soup(table()).select("th button") == []
    assert len(soup(table(sortable=True)).select("table[data-sortable] th button[type=button]")) == 4


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-0.051, "fraction", "−5.1"),
        (2239.7, "usd_bn", "2,239.7"),
        (3.456, "x", "3.46"),
        (0.14145, "number3", "0.141"),
        (4.75, "years", "4.8"),
        (10731.4, "million", "10,731"),
        (2025, "year", "2025"),
        (float("nan"), "x", ABSENT),
        (None, "text", ABSENT),
        ("no source here", "grade", "○ no source here"),
        (date(2026, 3, 31), "text", "31 March 2026"),
        ("2026-03", "text", "March 2026"),
        (SALES, "figure", "$716,924m"),
        (Figure("rises", "text", "direction"), "usd_m", "rises"),
    ],
)
def test_cell_text(value: object, unit: str, text: str) -> None:
    assert cell_text(value, Column("a", "A", unit)) == text


def test_digits_may_be_chosen() -> None:
    assert cell_text(3.456, Column("a", "A", "x", digits=1)) == "3.5"


def test_unknown_grade_unit_and_column_are_refused() -> None:
    with pytest.raises(ValueError, match="column 'A': no unit 'dollars'"):
        Column("a", "A", "dollars")
    with pytest.raises(KeyError):
        cell_text("perhaps", Column("a", "A", "grade"))
    with pytest.raises(KeyError, match="no column"):
        Table(pd.DataFrame({"a": [1]}), [Column("b", "B")], "Parts")


def test_without_a_source_the_documents_of_the_figures_are_named() -> None:
    frame = pd.DataFrame({"part": ["AWS"], "sales": [SALES]})
    shown = Table(frame, [Column("part", "Part"), Column("sales", "Sales", "usd_m")], "Parts")
    note = one(soup(shown.placed("aws", "parts", date(2026, 3, 31))).select_one(".source"))
    assert note.get_text().startswith("Source: Filing. Known by")


def test_links_lead_where_they_say() -> None:
    frame = pd.DataFrame({"document": [("Release", "https://example.org/r")], "note": ["short"]})
    shown = Table(frame, [Column("note", "Note"), Column("document", "Document", "link")], "Documents")
    link = one(soup(shown).select_one("td a"))
    assert (link.get_text(), link["href"]) == ("Release", "https://example.org/r")
    assert shown.csv() == "Note,Document\nshort,Release\n"


def test_short_cells_are_kept_on_one_line() -> None:
    frame = pd.DataFrame({"day": ["2026-02-05"], "note": ["a sentence that may break"]})
    shown = Table(frame, [Column("day", "Day"), Column("note", "Note")], "Days")
    assert one(soup(shown).select_one("tbody th"))["class"] == ["short"]
    assert not one(soup(shown).select_one("tbody td")).has_attr("class")


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ([SALES, not_public("cost", "usd_m"), None], "usd_m"),
        ([SALES, Figure(0.1, "fraction", "growth")], "figure"),
        ([SALES, "as said"], "figure"),
        ([Figure(0.1, "percent0", "growth")], "fraction"),
        (["holds", "does not hold"], "grade"),
        ([("Filing", "https://example.org")], "link"),
        ([3, 4], "count"),
        ([0.25], "number"),
        (["AWS", "Stores"], "text"),
    ],
)
def test_the_unit_of_a_column_follows_from_its_cells(cells: list[object], unit: str) -> None:
    (column,) = columns_of(pd.DataFrame({"a": pd.Series(cells, dtype=object)}), {"a": "Head"})
    assert (column.label, column.unit) == ("Head", unit)


def test_heads_choose_and_order_the_columns_and_may_say_how_cells_are_printed() -> None:
    frame = pd.DataFrame({"a": [1.0], "b": ["x"], "c": [SALES]})
    found = columns_of(frame, {"c": "Sales", "a": Column("", "Share", "fraction")}, digits={"Sales": 1})
    assert found == [Column("c", "Sales", "usd_m", 1), Column("a", "Share", "fraction")]


def test_a_figure_that_was_not_public_is_an_absent_cell() -> None:
    assert cell_text(not_public("cost", "usd_bn"), Column("a", "A", "usd_bn")) == ABSENT


def test_the_answer_of_a_table_is_a_column_that_it_has() -> None:
    with pytest.raises(KeyError, match="no column \\['worth'\\]"):
        Table(pd.DataFrame({"part": ["AWS"]}), [Column("part", "Part")], "Parts", answer="worth")
