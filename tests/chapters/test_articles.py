"""The articles page: complete, honest about its edition, every claim with all that was found."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from analysis.articles import JudgedClaim, open_judge
from analysis.articles.reproductions import REPRODUCTIONS
from analysis.chapters import Page, Unavailable
from analysis.chapters._article_tables import costliest
from analysis.charts.render import ChartFigure
from analysis.charts.table import Table
from analysis.data import open_edition
from tests.chapters.reading import alt_texts, in_editions, missing, opened

LETTERS = "abcde"


@pytest.fixture(scope="module")
def claims() -> dict[str, JudgedClaim]:
    return {claim.claim.id: claim for claim in open_judge(open_edition("2025Q4")).claims()}


def table(page: Page, name: str) -> Table:
    found = page.table(name)
    assert isinstance(found, Table)
    return found


@in_editions("2025Q4 base", "2025Q1 bull")
def test_every_part_can_be_shown(page: Page) -> None:
    parts = (
        (page.charts, page.chart), (page.tables, page.table), (page.notes, page.note),
        (page.calculators, page.calculator),
    )  # fmt: skip
    for named, show in parts:
        for name in named:
            show(name)._repr_mimebundle_()


def test_counts_agree_with_each_other_and_with_the_claims(page: Page, claims: dict[str, JudgedClaim]) -> None:
    number = {key: figure.value for key, figure in page.numbers.items()}
    assert number["claims"] == len(claims) == 147
    assert number["holding"] + number["rounded"] + number["failing"] + number["unchecked"] == 147  # type: ignore[operator]
    assert number["computed"] == 147 - number["unchecked"]  # type: ignore[operator]
    assert number["failing"] == sum(claim.grade == "does not hold" for claim in claims.values())


def test_the_matrix_adds_up_by_row_and_column(page: Page) -> None:
    frame = table(page, "matrix").frame
    grades = ["holds", "holds with rounding", "does not hold", "not checkable"]
    assert (frame[grades].sum(axis=1) == frame["all"]).all()
    assert (
        frame.iloc[:-1][[*grades, "all", "slips"]].sum() == frame.iloc[-1][[*grades, "all", "slips"]]
    ).all()


def test_every_claim_has_its_row_with_what_the_filter_reads(
    page: Page, claims: dict[str, JudgedClaim]
) -> None:
    rows = {}
    for letter in LETTERS:
        soup = BeautifulSoup(table(page, f"claims_{letter}").html(), "html.parser")
        rows |= {str(row["id"]): row for row in soup.select("tbody tr")}
    assert set(rows) == {f"claim-{name}" for name in claims}
    for name, claim in claims.items():
        row = rows[f"claim-{name}"]
        assert row["data-grade"] == claim.grade
        assert row["data-article"] == claim.article.short
        assert row["data-topic"]
        cells = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        assert cells[0].startswith(name)
        assert cells[1].endswith(claim.grade)
        assert ("How" in cells[5]) == (claim.grade != "not checkable"), name


def test_a_row_tells_claimed_computed_difference_formula_and_sources(page: Page) -> None:
    soup = BeautifulSoup(table(page, "claims_a").html(), "html.parser")
    row = soup.select_one("#claim-A08")
    assert row is not None
    text = row.get_text(" ", strip=True)
    assert "more than 70%" in text
    assert "62.7%" in text
    assert "−7.3\u00a0points" in text
    how = row.select_one("details")
    assert how is not None
    assert "AWS's share of operating income, 2025Q1 = " in how.get_text()
    assert "Operating income, 2025Q1: $18.4bn" in how.get_text()
    assert "Form 10-Q" in how.get_text() or "press release" in how.get_text()
    assert "Judged as of 13 June 2025" in how.get_text()


def test_bands_slips_and_what_came_since_stand_beside_the_claim(page: Page) -> None:
    shown = {letter: BeautifulSoup(table(page, f"claims_{letter}").html(), "html.parser") for letter in "ab"}

    def text(claim: str) -> str:
        row = shown[claim[0].lower()].select_one(f"#claim-{claim}")
        assert row is not None
        return row.get_text(" ", strip=True)

    assert re.search(r"Held within:? .*to .*, as printed to the nearest hundred billions", text("A28"))
    assert "Translation slip: The company's name, Meta, became the word half." in text("B15")
    assert "Since then: sales grew by 12.4% in 2025." in text("A27")
    assert "As a forecast: it came to 65.5% , which does not hold" in text("A38")
    assert "Not checkable:" in text("A13")


def test_the_ten_costliest_errors_are_those_on_which_most_hangs(
    page: Page, claims: dict[str, JudgedClaim]
) -> None:
    worst = costliest(list(claims.values()))
    stakes = [claim.stake.number for claim in worst if claim.stake is not None]
    assert len(stakes) == 10
    assert stakes == sorted(stakes, reverse=True)
    others = [
        c.stake.number for c in claims.values() if c.stake and c.grade == "does not hold" and c not in worst
    ]
    assert max(others) <= stakes[-1]
    chart = page.chart("stakes")
    assert isinstance(chart, ChartFigure)
    assert worst[0].claim.id in chart.description


def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert set(texts) == {"grades", "stakes", "path", "parts", "missing"}
    assert "of the 147 claims 33 do not hold" in texts["grades"]
    assert "$3.82T becomes" in texts["path"]
    assert "The article $628.2bn" in texts["parts"]
    assert "only growth after the forecast, part of sales with that margin, shares can" in texts["missing"]


def test_every_model_has_its_table_and_sentence(page: Page) -> None:
    for name in REPRODUCTIONS:
        frame = table(page, name).frame
        assert len(frame) > 4
        assert not isinstance(page.note(name), Unavailable)
    differences = table(page, "projection").frame["difference"].dropna()
    assert differences.iloc[0].number == pytest.approx(sum(f.number for f in differences.iloc[1:]))


def test_the_calculator_starts_with_the_newsletters_numbers(page: Page) -> None:
    calculator = page.calculator("newsletter")
    assert not isinstance(calculator, Unavailable)
    start = {slider.name: slider.value for slider in calculator.sliders}
    assert start == {"sales": 650.0, "growth": 0.10, "multiple": 3.4}
    assert calculator.outputs[0].value(start) == pytest.approx(650 * 1.1 ** (2101 / 365.25) * 3.4)


def test_before_an_article_its_section_says_so_once() -> None:
    page = opened("articles", "2025Q1")
    notes = {name: page.note(name) for name in page.notes}
    told = [name for name, note in notes.items() if isinstance(note, Unavailable) and not note.quiet]
    assert told == ["about_a", "about_b", "about_c", "about_d"]
    assert {"claims_a", "projection", "path"} <= missing(page)
    assert page.numbers["articles"].value == "One article"


def test_before_any_article_the_page_says_that_there_was_none() -> None:
    page = opened("articles", "2019Q4")
    assert page.numbers["articles"].value == "No article"
    assert page.numbers["claims"].value == "none"
    assert {"grades", "matrix", "stakes", "failures", "checks"} <= missing(page)


def test_the_answer_says_where_and_how_claims_fail(page: Page) -> None:
    judged = open_judge(open_edition("2025Q4")).claims()
    checked = [claim for claim in judged if claim.grade != "not checkable"]
    failing = [claim for claim in checked if claim.grade == "does not hold"]
    assert page.numbers["worst_topic"].value == "valuation"
    assert page.numbers["worst_topic_failing"].number == sum(c.claim.topic == "valuation" for c in failing)
    worded = [c for c in checked if any(number.words for number in c.claim.numbers)]
    share = sum(c.grade == "does not hold" for c in worded) / len(worded)
    assert page.numbers["word_failing"].number == pytest.approx(share)
    assert page.numbers["number_failing"].number < share


def test_a_slip_of_translation_stands_beside_the_claim_it_changed(page: Page) -> None:
    open_claims = [cell.plain for cell in table(page, "open").frame["claim"]]
    slip = next(text for text in open_claims if text.startswith("B15"))
    assert "Translation slip:" in slip
