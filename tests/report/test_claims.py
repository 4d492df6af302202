"""Claims on the chapters they touch: which, in what order, from which articles."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from analysis.articles import open_judge
from analysis.charts.table import Table
from analysis.data import open_edition
from analysis.report.claims import claims_for
from analysis.report.shown import Unavailable
from tests.notebooks import some

CHAPTERS = [
    "index", "history", "aws", "chips", "robotics", "advertising", "retail", "capex", "projection", "peers",
    "sotp", "dcf", "scenarios", "risks",
]  # fmt: skip
GRADES = [
    "does not hold", "holds with rounding", "holds", "no source here", "nobody can say",
    "not due yet", "opinion or assumption",
]  # fmt: skip


def table(chapter: str, edition: str = "2025Q4", **options: Any) -> Table:
    found = claims_for(open_edition(edition), chapter, **options)
    assert isinstance(found, Table)
    return found.placed(chapter, "claims", date(2026, 3, 31))


@pytest.mark.parametrize("chapter", some(CHAPTERS[:3], CHAPTERS, "pages"))
def test_a_chapter_shows_the_claims_that_name_it(chapter: str) -> None:
    wanted = open_judge(open_edition("2025Q4")).claims(lambda claim: chapter in claim.chapters)
    page = BeautifulSoup(table(chapter).html(), "html.parser")
    links = [str(link["href"]) for link in page.select("tbody th > a:first-child")]
    assert sorted(links) == sorted(f"articles.html#claim-{claim.claim.id}" for claim in wanted)


@pytest.mark.parametrize("chapter", some(CHAPTERS[:3], CHAPTERS, "pages"))
def test_failures_come_first_from_the_day_the_articles_appeared(chapter: str) -> None:
    grades = list(table(chapter).frame["grade"])
    assert grades == sorted(grades, key=GRADES.index)
    assert isinstance(claims_for(open_edition("2024Q4"), chapter), Unavailable)


def test_failures_come_first_the_costliest_on_top() -> None:
    grades = list(table("sotp").frame["grade"])
    assert grades == sorted(grades, key=GRADES.index)
    assert "E39" in table("sotp").html().split("</tr>")[1]


def test_grades_and_number_can_be_limited() -> None:
    found = table("aws", grades=["does not hold"], most=3)
    assert list(found.frame["grade"]) == ["does not hold"] * 3


@pytest.mark.parametrize(("most", "shown"), [(3, "the worst 3 of {all}"), (None, "all {all}")])
def test_the_caption_counts_all_claims_by_grade(most: int | None, shown: str) -> None:
    grades = Counter(table("aws").frame["grade"])
    caption = table("aws", most=most).caption
    counted = (
        f"({grades['holds']} hold, {grades['does not hold']} do not, "
        f"{grades['nobody can say']} nobody can check)"
    )
    assert caption.endswith(f"{shown.format(all=grades.total())} {counted}")


def test_grades_are_told_by_word_and_shape() -> None:
    html = table("aws").html()
    for shown in ("✕ does not hold", "● holds", "○ nobody can say"):
        assert shown in html


def test_computed_numbers_and_those_of_explanations_lead_to_their_sources() -> None:
    found = table("aws")
    page = BeautifulSoup(found.html(), "html.parser")
    row = next(row for row in page.select("tbody tr") if "A05" in row.get_text())
    links = [link.get_text() for link in row.select("a.num")]
    assert links == ["$25.0bn", "$29.3bn"]
    assert {str(link["data-key"]) for link in page.select("a.num")} == set(found.numbers)


def test_without_any_article_the_chapter_says_so() -> None:
    found = claims_for(open_edition("2024Q4"), "aws")
    assert isinstance(found, Unavailable)
    assert "articles" in found.what


def test_only_articles_that_had_appeared_are_shown() -> None:
    html = table("aws", "2025Q1").html()
    assert "claim-E04" in html
    assert "claim-A05" not in html
