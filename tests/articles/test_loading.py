"""Wrong claims are refused under their id, all at once, before anything is computed from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.articles.check import check_articles, check_reproductions
from analysis.articles.loading import load_articles, open_articles
from analysis.data import DataError, Problem
from tests.conftest import Edit

PATHS = "articles/can-amazon-reach-four-trillion.yml"
NEWSLETTER = "articles/first-five-trillion-company.yml"
A05 = """      - says: "25"
        unit: usd_bn
        measure: "AWS net sales, 2025Q1"
        computed: reported("segments.aws.net_sales")
"""


def loaded(data: Path) -> list[str]:
    """Every problem met while reading the articles."""
    problems: list[Problem] = []
    load_articles(data, problems)
    return [str(problem) for problem in problems]


def lines(data: Path) -> list[str]:
    """Every problem of the articles, those of computing their claims included."""
    return [str(problem) for problem in check_articles(data)]


def test_the_copy_is_sound(data: Path) -> None:
    assert lines(data) == []


WRONG_NUMBERS = [
    ('computed: reported("s', 'computed: sold("s', "function 'sold' is unknown (expected one of cagr,"),
    ("unit: usd_bn", "unit: dollars", "unit: 'dollars' is unknown (expected one of usd_tn,"),
    ("unit: usd_bn", "unit: [[]]", "unit: [[]] is unknown (expected one of usd_tn,"),
    ("computed: reported(", "computed: reported[", "cannot be read (expected calls of named functions"),
    ('says: "25"', "says: 25", "says: 25 is not text (expected the printed digits in quotes)"),
    ('says: "25"', 'says: "about 25"', "says: 'about 25' is no number as printed"),
    ("unit: usd_bn", "unit: usd_bn\n        grade: holds", "grade: is an unknown field"),
    ("unit: usd_bn", "unit: usd_bn\n        relation: near", "relation: 'near' is not known"),
    ("unit: usd_bn", "unit: usd_bn\n        relation: between", "says: has 1 numbers (expected two"),
    ("unit: usd_bn", "unit: usd_bn\n        relation: is", "relation: 'is' does not go with 'usd_bn'"),
    ('        measure: "AWS net sales, 2025Q1"\n', "", "measure: is missing"),
    ('        computed: reported("segments.aws.net_sales")\n', "", "needs exactly one of the three"),
    ("unit: usd_bn", 'unit: usd_bn\n        band: {why: "so"}', "band: has no width"),
    ("unit: usd_bn", 'unit: usd_bn\n        band: {within: 0.1, why: "4 of 5"}', "has a figure typed"),
]
NOT_COMPUTABLE = [
    ("segments.aws", "segments.ads", "no field 'segments.ads.net_sales'"),
    ('net_sales")', 'net_sales", "2025Q5")', "'2025Q5' is no period"),
    ('net_sales")', 'net_sales", "2025Q2")', "segments.aws.net_sales of 2025Q2 was not public"),
    ('net_sales")', 'net_sales", 1, 2)', "reported: too many positional arguments"),
    ("unit: usd_bn", "unit: percent", "is in 'usd_bn' and cannot be given in 'fraction'"),
    ('net_sales")', 'net_sales") ** 9999', "Numerical result out of range"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG_NUMBERS)
def test_a_wrong_number_is_refused_with_the_id_of_its_claim(
    data: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    assert A05.count(old) == 1
    edit(NEWSLETTER, A05, A05.replace(old, new))
    found = loaded(data)
    assert any(said in line for line in found), found
    assert all(line.startswith(f"data/{NEWSLETTER}: claims.A05") for line in found)


@pytest.mark.parametrize(("old", "new", "said"), NOT_COMPUTABLE)
def test_what_cannot_be_computed_fails_the_check_with_the_id(
    data: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit(NEWSLETTER, A05, A05.replace(old, new))
    found = [line for line in lines(data) if line.startswith(f"data/{NEWSLETTER}: claims.A05.numbers[0]:")]
    assert len(found) == 1, lines(data)
    assert "cannot be computed" in found[0]
    assert said in found[0]


EARLIER = "was the figure of the same quarter a year earlier."
STALE = 'computed: reported("segments.aws.net_sales", "2024Q1")'
WRONG_CLAIMS = [
    (
        f"period: 2025Q1\n    numbers:\n{A05}",
        f"period: 2025Q7\n    numbers:\n{A05}",
        "A05.period: '2025Q7' is",
    ),
    ("  - id: A05\n    topic: aws", "  - id: A05\n    topic: clouds", "A05.topic: 'clouds' is not known"),
    ("  - id: A05\n", "  - id: A06\n", "claims.A06: is given twice"),
    ("  - id: A05\n", "  - id: A05\n    nature: hope\n", "A05.nature: 'hope' is not known"),
    ("  - id: A05\n", "  - id: A05\n    nature: forecast\n", "A05.forecast: is missing"),
    ("  - id: A05\n", "  - id: X05\n", "claims.X05: is not of this article"),
    (f"kind: stale_period\n        {STALE}", f"kind: mistake\n        {STALE}", "behind[0].kind: 'mistake'"),
    (f'"{{found}} {EARLIER}"', f'"$25bn {EARLIER}"', "has a figure typed into it"),
    (f'"{{found}} {EARLIER}"', f'"{{lost}} {EARLIER}"', "shows {lost} (expected one of claimed,"),
    ('judged_as_of: "2025Q1-2025-06-13"', "judged_as_of: 2025Q9", "judged_as_of: '2025Q9' is not known"),
    ("published: 2025-06-13", "published: June", "published: 'June' is not a date"),
    ("argument: >\n", "argument: >\n  Sales of 650.\n", "argument: has a figure typed into it"),
    ("language: nl\n", "language: nl\nverdict: poor\n", "verdict: is an unknown field"),
    ('says: "650", unit: usd_bn}', 'says: "650", unit: bn}', "model.sales.unit: 'bn' is unknown"),
    ('      headline: "AWS sales of a quarter"\n', "", "A05.stake.headline: is missing"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG_CLAIMS)
def test_a_wrong_claim_or_article_is_named(data: Path, edit: Edit, old: str, new: str, said: str) -> None:
    edit(NEWSLETTER, old, new)
    assert any(said in line for line in loaded(data)), loaded(data)


def test_what_a_forecast_still_needs_is_not_asked_once_it_is_due(data: Path, edit: Edit) -> None:
    until, past = 'years_until("2030-12-31")', 'years_until("2025-01-01")'
    edit(PATHS, until, past)
    assert any("D10.forecast.needs: cannot be computed" in line for line in lines(data))
    needs = f'      needs:\n        computed: cagr(market_value(), input("target"), {past}'
    edit(PATHS, f"due: 2030-12-31\n{needs}", f"due: 2025-01-01\n{needs}")
    assert not any("D10.forecast.needs" in line for line in lines(data))


def test_all_problems_are_told_at_once(data: Path, edit: Edit) -> None:
    edit(NEWSLETTER, A05, A05.replace("unit: usd_bn", "unit: dollars"))
    edit("articles/consistency.yml", "id: doubled\n    articles: [E]", "id: doubled\n    articles: [F]")
    edit("articles/ai-and-cash-flow-boom.yml", "kind: part_for_whole", "kind: part_for_part")
    found = "\n".join(lines(data))
    assert "claims.A05.numbers[0].unit: 'dollars' is unknown" in found
    assert "claims.E35.behind[0].kind: 'part_for_part'" in found
    assert "checks.doubled: is of unknown articles F" in found


def test_opening_wrong_articles_raises_with_every_problem(data: Path, edit: Edit) -> None:
    edit(NEWSLETTER, A05, A05.replace("unit: usd_bn", "unit: dollars").replace('says: "25"', "says: 25"))
    with pytest.raises(DataError, match="claims.A05"):
        open_articles(data)


def test_a_claim_that_cannot_be_used_does_not_hide_the_others(data: Path, edit: Edit) -> None:
    edit(NEWSLETTER, A05, A05.replace("unit: usd_bn", "unit: dollars"))
    problems: list[Problem] = []
    articles = load_articles(data, problems)
    assert sum(len(article.claims) for article in articles) == 146
    assert {problem.field.split(".")[1] for problem in problems} == {"A05"}


def test_broken_data_are_left_to_the_checks_of_the_data(data: Path) -> None:
    (data / "amazon/quarters/2025Q1.yml").write_text("quarter: [", encoding="utf-8")
    assert lines(data) == []


def test_a_broken_series_silences_only_the_claims_that_read_it(data: Path, edit: Edit) -> None:
    (data / "cloud.csv").write_text("nothing\n", encoding="utf-8")
    edit(NEWSLETTER, A05, A05.replace("segments.aws", "segments.ads"))
    assert [line.partition(": ")[2][:10] for line in lines(data)] == ["claims.A05"]


def test_a_folder_without_articles_has_nothing_wrong(tmp_path: Path) -> None:
    assert check_articles(tmp_path) == []


def test_a_sentence_of_a_model_that_shows_what_nobody_worked_out_is_named_with_the_nearest(
    edit: Edit, data: Path
) -> None:
    assert check_reproductions(data) == []
    edit(NEWSLETTER, "near the {printed} it prints", "near the {prnted} it prints")
    assert [str(problem) for problem in check_reproductions(data)] == [
        f"data/{NEWSLETTER}: reproductions.projection.finding: shows {{prnted}}"
        " (expected nearest: printed, needed)"
    ]


def test_a_model_that_nobody_has_reproduced_is_named_with_the_nearest(edit: Edit, data: Path) -> None:
    edit(NEWSLETTER, "\n  projection:\n", "\n  projektion:\n")
    (found,) = lines(data)
    assert "reproductions.projektion: 'projektion' is no reproduction (expected nearest: projection)" in found
