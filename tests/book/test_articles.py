"""The articles page: complete, honest about its edition, every claim with all that was found."""

from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup, Tag

from analysis.articles import JudgedClaim, open_judge
from analysis.articles.grade import CHECKED, GRADES
from analysis.articles.reproductions import REPRODUCTIONS
from analysis.data import open_edition
from analysis.report.claim_tables import costliest
from analysis.report.shown import Unavailable
from tests.notebooks import Run, run

LETTERS = "abcde"


@pytest.fixture
def page() -> Run:
    return run("articles")


@cache
def claims() -> dict[str, JudgedClaim]:
    return {claim.claim.id: claim for claim in open_judge(open_edition("2025Q4")).claims()}


@cache
def rows() -> dict[str, Tag]:
    """The row of each claim, by its id."""
    found = {}
    for letter in LETTERS:
        soup = BeautifulSoup(run("articles").parts[f"claims_{letter}"].html(), "html.parser")
        found |= {str(row["id"]).removeprefix("claim-"): row for row in soup.select("tbody tr")}
    return found


def test_counts_agree_with_each_other_and_with_the_claims(page: Run) -> None:
    kinds = ("holding", "rounded", "failing", "sourceless", "unchecked", "undue", "opinions")
    graded = [page[key].number for key in kinds]
    assert page["claims"].number == sum(graded) == len(claims()) == 147
    assert page["failing"].number == sum(claim.grade == "does not hold" for claim in claims().values())


def test_the_matrix_adds_up_by_row_and_column(page: Run) -> None:
    frame = page.parts["matrix"].frame
    grades = [*GRADES]
    assert (frame[grades].sum(axis=1) == frame["all"]).all()
    counts = frame[[*grades, "all"]]
    assert (counts.iloc[:-1].sum() == counts.iloc[-1]).all()


def test_every_claim_has_its_row_with_what_the_filter_reads() -> None:
    assert set(rows()) == set(claims())
    for name, claim in claims().items():
        row = rows()[name]
        assert (row["data-grade"], row["data-article"]) == (claim.grade, claim.article.short)
        assert row["data-topic"]
        cells = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        assert cells[0].startswith(name)
        assert cells[1].endswith(claim.grade)
        assert ("How" in cells[5]) == (any(number.computed for number in claim.numbers)), name


@pytest.mark.parametrize(
    ("claim", "pattern"),
    [
        ("A08", r"more than 70%.*62\.7%.*−7\.3.points"),
        ("A08", r"AWS’s share of operating income, 2025Q1 = .*Operating income, 2025Q1: \$18\.4bn"),
        ("A08", r"(Form 10-Q|press release).*Judged as of 13 June 2025"),
        ("A28", r"Held within:? .*to .*, as printed to the nearest hundred billions"),
        ("B15", r"Translation slip: The company’s name, Meta, became the word half\."),
        ("A27", r"Since then: sales grew by 12\.4% in 2025\."),
        ("A38", r"As a forecast: it came to 65\.5% , which does not hold"),
        ("A13", r"Not checkable:"),
    ],
)
def test_a_row_tells_all_that_was_found(claim: str, pattern: str) -> None:
    assert re.search(pattern, rows()[claim].get_text(" ", strip=True), re.DOTALL)


def test_the_ten_costliest_errors_are_those_on_which_most_hangs(page: Run) -> None:
    worst = costliest(list(claims().values()))
    stakes = [error.stake.number for error in worst]
    assert len(stakes) == 10
    assert stakes == sorted(stakes, reverse=True)
    others = [c for c in claims().values() if c.stake and c.grade == "does not hold"]
    assert sorted((c.stake.number for c in others if c.stake), reverse=True)[:10] == stakes
    assert worst[0].judged.claim.id in page.parts["stakes"].description


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        ("grades", "f the 147 claims 35 do not hold"),
        ("path", "$3.82T becomes"),
        ("parts", "The parts make $628.2bn"),
        ("missing", "3 of the 5, moved alone, can bring it to $210.00 or $225.00"),
    ],
)
def test_a_chart_tells_its_finding(page: Run, chart: str, words: str) -> None:
    assert words in page.parts[chart].description


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_every_model_has_its_table_and_sentence(page: Run, name: str) -> None:
    assert len(page.parts[name].frame) > 4
    assert not isinstance(page.parts[f"{name}_finding"], Unavailable)


def test_causes_add_up_to_the_difference(page: Run) -> None:
    differences = page.parts["projection"].frame["difference"].dropna()
    assert differences.iloc[0].number == pytest.approx(sum(f.number for f in differences.iloc[1:]))


def test_the_calculator_starts_with_the_newsletters_numbers(page: Run) -> None:
    calculator = page.parts["newsletter"]
    assert calculator.start() == {"sales": 650.0, "growth": 0.10, "multiple": 3.4}
    assert calculator.results()["value"] == pytest.approx(650 * 1.1 ** (2101 / 365.25) * 3.4)


def test_before_an_article_its_section_says_so() -> None:
    page = run("articles", "2025Q1")
    assert {"about_a", "about_b", "about_c", "about_d", "claims_a", "projection", "path"} <= page.missing
    assert "about_e" not in page.missing
    assert page["articles"].value == "One article"


def test_before_any_article_nothing_is_counted() -> None:
    page = run("articles", "2019Q4", "bear")
    assert page["articles"].value == "No article"
    assert page["claims"].is_absent
    assert {"grades", "matrix", "stakes", "failures", "checks"} <= page.missing


def test_the_answer_says_where_and_how_claims_fail(page: Run) -> None:
    checked = [claim for claim in claims().values() if claim.grade in CHECKED]
    failing = [claim for claim in checked if claim.grade == "does not hold"]
    assert page["worst_topic"].value == "valuation"
    assert page["worst_topic_failing"].number == sum(c.claim.topic == "valuation" for c in failing)
    worded = [c for c in checked if any(number.words for number in c.claim.numbers)]
    share = sum(c.grade == "does not hold" for c in worded) / len(worded)
    assert page["word_failing"].number == pytest.approx(share)
    assert page["number_failing"].number < share


def test_a_slip_of_translation_stands_beside_the_claim_it_changed(page: Run) -> None:
    told = [cell.plain for cell in page.parts["open"].frame["claim"]]
    assert "Translation slip:" in next(text for text in told if text.startswith("B15"))
