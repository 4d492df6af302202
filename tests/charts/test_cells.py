"""Rich cells: sentences with figures, in a table whose rows carry attributes."""

from __future__ import annotations

from datetime import date

import pandas as pd
from bs4 import BeautifulSoup

from analysis.charts.cells import Rich, Shown
from analysis.charts.table import Column, Table
from analysis.figures import Figure, Source, text

SALES = Figure(25.0, "usd_bn", "sales", Source("release", date(2026, 2, 5)))


def table() -> Table:
    sentence = Rich(
        ("Sales were ", Shown(SALES, "$25bn"), ", ", Shown(text("up", "word"), "up"), " &amp; well.")
    )
    frame = pd.DataFrame({"claim": [sentence, "none"], "value": [SALES, None]})
    columns = [Column("claim", "Claim"), Column("value", "Value", "figure")]
    rows = [{"id": "claim-a", "data_grade": "holds"}, {"id": "claim-b", "data_grade": "does not hold"}]
    return Table(frame, columns, "Claims", rows=rows).placed("articles", "a", date(2026, 3, 31))


def test_a_number_in_a_sentence_leads_to_its_record() -> None:
    placed = table()
    page = BeautifulSoup(placed.html(), "html.parser")
    link = page.select_one("tbody tr th a.num")
    assert link is not None
    assert link.get_text() == "$25bn"
    assert placed.numbers[str(link["data-key"])] is SALES


def test_words_in_a_sentence_are_no_links() -> None:
    page = BeautifulSoup(table().html(), "html.parser")
    cell = page.select_one("tbody tr th")
    assert cell is not None
    assert cell.get_text() == "Sales were $25bn, up & well."
    assert len(cell.select("a")) == 1


def test_rows_carry_their_attributes() -> None:
    page = BeautifulSoup(table().html(), "html.parser")
    rows = page.select("tbody tr")
    assert [(row["id"], row["data-grade"]) for row in rows] == [
        ("claim-a", "holds"),
        ("claim-b", "does not hold"),
    ]


def test_the_csv_has_the_sentence_without_markup() -> None:
    assert table().csv().splitlines()[1] == '"Sales were $25bn, up & well.",25.0,usd_bn'


def test_figures_of_sentences_are_held_against_the_cut_off() -> None:
    assert SALES in table().evidence()
