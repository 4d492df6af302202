"""The five articles as they stand in ``data/``: complete, graded, explained, as of their day."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from analysis.articles import Judge, JudgedClaim
from analysis.articles.check import check_articles
from analysis.articles.grade import CHECKED, UNCHECKED
from tests.articles.conftest import DATA

COUNTS = {"A": 48, "B": 25, "C": 16, "D": 14, "E": 44}
PAGES = {
    "index", "history", "aws", "chips", "robotics", "advertising", "retail", "capex", "projection", "sotp",
    "dcf", "scenarios", "sensitivity", "peers", "risks",
}  # fmt: skip


def test_nothing_is_wrong_with_them() -> None:
    assert check_articles(DATA) == []


def test_all_claims_are_there_and_each_once(claims: dict[str, JudgedClaim], judge: Judge) -> None:
    assert Counter(name[0] for name in claims) == COUNTS
    assert sum(len(article.claims) for article in judge.articles) == len(claims) == 147


def test_every_claim_has_a_grade_from_numbers_or_a_reason(claims: dict[str, JudgedClaim]) -> None:
    for name, claim in claims.items():
        parts = [number.computed is not None for number in claim.numbers]
        assert (claim.grade in UNCHECKED) <= (not all(parts) or not parts), name
        assert (all(parts) and parts) or claim.reason, name


def test_at_least_95_claims_are_computed(claims: dict[str, JudgedClaim]) -> None:
    assert sum(claim.grade in CHECKED for claim in claims.values()) >= 95


def test_no_grade_is_written_in_the_data() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (DATA / "articles").glob("*.yml"))
    assert not re.search(r"(?m)^\s*-?\s*(grade|verdict|holds|result):", text)
    assert "does not hold" not in text


def test_every_failure_is_explained(claims: dict[str, JudgedClaim]) -> None:
    unexplained = [
        n for n, claim in claims.items() if claim.grade == "does not hold" and claim.behind is None
    ]
    assert unexplained == []


def test_explanations_that_compute_a_number_find_the_printed_one(claims: dict[str, JudgedClaim]) -> None:
    found = {
        name: claim.behind.kind
        for name, claim in claims.items()
        if claim.behind is not None and "found" in claim.behind.figures
    }
    assert found == {
        "A05": "a stale period",
        "A07": "its own other numbers, not reported ones",
        "A08": "net for operating income",
        "A14": "performance per dollar for cost",
        "A23": "net for operating income",
        "A38": "a part for the whole",
        "A42": "a stale period",
        "B05": "a run-rate for revenue",
        "C05": "true of profit, not of sales",
        "E04": "a year's figure for the quarter's",
        "E11": "a trailing multiple called forward",
        "E26": "a quarter's figure for the year's",
        "E35": "a part for the whole",
    }


def test_claims_are_judged_with_what_was_public_when_their_article_appeared(
    claims: dict[str, JudgedClaim], judge: Judge
) -> None:
    for name, claim in claims.items():
        cutoff = judge.open_then(claim.article.judged_as_of).cutoff
        figures = [number.computed for number in claim.numbers if number.computed is not None]
        figures += [*claim.behind.figures.values()] if claim.behind is not None else []
        late = [f.label for f in figures if f.published is not None and f.published > cutoff]
        assert late == [], name
        assert claim.cutoff == cutoff
        assert abs((cutoff - claim.article.published).days) == 0


def test_what_came_since_is_told_apart_and_is_later(claims: dict[str, JudgedClaim]) -> None:
    told = {name: claim for name, claim in claims.items() if claim.since_then is not None}
    assert len(told) >= 15
    for name, claim in told.items():
        assert claim.since_then is not None
        assert claim.since_then.text.startswith("Since then:"), name
        assert claim.article.published <= claim.cutoff


@pytest.mark.parametrize(
    ("claim", "position"),
    [("A02", 1), ("A29", 0), ("A30", 0), ("E34", 0), ("E35", 0), ("E37", 0)],
)
def test_the_articles_own_arithmetic_comes_out_to_the_digit_they_printed(
    claims: dict[str, JudgedClaim], claim: str, position: int
) -> None:
    number = claims[claim].numbers[position]
    assert number.grade == "holds"
    assert number.computed is not None
    assert {s.quality for s in number.computed.sources()} == {"article_claim"}
    assert number.computed.number == pytest.approx(
        number.number.printed[0].value, abs=number.number.printed[0].half_digit
    )


def test_the_newsletters_sales_of_2030_only_hold_with_rounding(claims: dict[str, JudgedClaim]) -> None:
    found = claims["A28"]
    assert found.numbers[0].grade == "holds with rounding"
    assert found.grade == "not due yet"  # it is about 2030
    assert found.numbers[0].computed is not None
    assert found.numbers[0].computed.number == pytest.approx(650 * 1.1 ** (2101 / 365.25))


@pytest.mark.parametrize(
    ("claim", "computed", "grade"),
    [
        ("A05", 29.267, "does not hold"),
        ("A07", 11.547, "does not hold"),
        ("A08", 11.547 / 18.405, "does not hold"),
        ("A20", 650.313, "holds"),
        ("A22", 1 - 330.608 / 650.313, "holds"),
        ("A23", 18.405 / 155.667, "does not hold"),
        ("B03", 35.579, "holds"),
        ("B17", 139.514 / 115.877 - 1, "holds"),
        ("C05", 21.169 / 78.965, "does not hold"),
        ("E04", 10.632 / 21.203, "does not hold"),
        ("E25", 68.593 / 36.852 - 1, "does not hold"),
        ("E39", 628 / 1800, "does not hold"),
    ],
)
def test_grades_of_known_claims(
    claims: dict[str, JudgedClaim], claim: str, computed: float, grade: str
) -> None:
    found = claims[claim].numbers[0].computed
    assert found is not None
    assert found.number == pytest.approx(computed, rel=1e-4)
    assert claims[claim].grade == grade


def test_translation_slips_are_flagged_in_the_translated_articles_only(
    claims: dict[str, JudgedClaim],
) -> None:
    flagged = {name for name, claim in claims.items() if claim.claim.translation_slip}
    assert {"B05", "B12", "B15"} <= flagged
    assert {claims[name].article.language for name in flagged} == {"nl"}


def test_claims_name_the_chapters_they_touch(claims: dict[str, JudgedClaim]) -> None:
    named = {chapter for claim in claims.values() for chapter in claim.claim.chapters}
    assert named <= PAGES
    assert {"aws", "chips", "robotics", "advertising", "capex", "peers", "projection", "sotp", "dcf"} <= named
    assert all(claim.claim.chapters for claim in claims.values())


def test_forecasts_due_are_scored_and_open_ones_say_when(
    claims: dict[str, JudgedClaim], judge: Judge
) -> None:
    scores = {name: claim.score for name, claim in claims.items() if claim.score is not None}
    states = Counter(score.state for score in scores.values())
    assert states == {"scored": 5, "open": 11}
    for name, score in scores.items():
        forecast = claims[name].claim.forecast
        assert forecast is not None
        assert (score.state == "open") == (judge.now.cutoff < forecast.due)
        assert (score.outcome is not None) == (score.state == "scored")
    assert scores["A37"].grade == "holds"
    assert scores["A38"].grade == "does not hold"


def test_only_facts_and_outcomes_of_forecasts_are_graded(claims: dict[str, JudgedClaim]) -> None:
    for name, claim in claims.items():
        if claim.claim.nature in ("assumption", "opinion"):
            assert claim.grade == "opinion or assumption", name
            assert claim.stake is None, name
        elif claim.claim.nature == "forecast" and claim.grade not in UNCHECKED:
            assert claim.score is not None
            assert (claim.grade == "not due yet") == (claim.score.grade is None), name
            assert claim.claim.forecast is not None
            assert claim.claim.forecast.due > claim.article.published, name
        else:
            assert claim.grade in (*CHECKED, *UNCHECKED), name
    natures = Counter(claim.claim.nature for claim in claims.values())
    assert natures == {"fact": 136, "forecast": 5, "opinion": 5, "assumption": 1}
    assert claims["C09"].behind is not None  # what figures say of an opinion is shown, and no grade
    assert claims["A43"].behind is not None


def test_articles_are_named_by_title_not_by_number() -> None:
    stems = {path.stem for path in (DATA / "articles").glob("*.yml")} - {"consistency"}
    assert not any(stem[0].isdigit() for stem in stems)
    for stem in stems:
        raw = yaml.safe_load(Path(DATA / "articles" / f"{stem}.yml").read_text(encoding="utf-8"))
        assert raw["title"]
        assert raw["dated"]


def test_an_edition_before_an_article_does_not_show_it(judge: Judge) -> None:
    from analysis.articles import open_judge
    from analysis.data import open_edition

    shown = {
        label: [article.letter for article in open_judge(open_edition(label)).shown()]
        for label in ("2024Q4", "2025Q1", "2025Q2", "2025Q4-2026-02-06", "2025Q4")
    }
    assert shown == {
        "2024Q4": [],
        "2025Q1": ["E"],
        "2025Q2": ["A", "E"],
        "2025Q4-2026-02-06": ["A", "B", "E"],
        "2025Q4": ["A", "B", "C", "D", "E"],
    }


def test_the_grade_of_a_claim_is_the_same_in_every_edition_that_shows_it(
    claims: dict[str, JudgedClaim],
) -> None:
    from analysis.articles import open_judge
    from analysis.data import open_edition

    for early in open_judge(open_edition("2025Q2")).claims():
        assert early.grade == claims[early.claim.id].grade, early.claim.id


def test_a_forecast_has_the_grade_of_its_outcome_once_that_is_public(data: Path) -> None:
    from analysis.articles import open_judge
    from analysis.data import open_edition

    file = data / "articles" / "first-five-trillion-company.yml"
    text = file.read_text(encoding="utf-8")
    for claim in ("A37", "A38"):
        text = text.replace(f"  - id: {claim}\n    nature: fact\n", f"  - id: {claim}\n")
    file.write_text(text, encoding="utf-8")
    grades = {
        label: [
            each.grade
            for each in open_judge(open_edition(label, root=data), data).claims(
                lambda claim: claim.id in ("A37", "A38")
            )
        ]
        for label in ("2025Q2", "2025Q4")
    }
    assert grades == {"2025Q2": ["holds", "not due yet"], "2025Q4": ["holds", "does not hold"]}
