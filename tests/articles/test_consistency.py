"""The articles against themselves and each other: what agrees, what does not, and when it is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.articles import Judge, open_judge
from analysis.articles.consistency import Finding, find, findings
from analysis.data import open_edition
from tests.conftest import Edit


@pytest.fixture(scope="module")
def found(judge: Judge) -> dict[str, Finding]:
    return {finding.check.id: finding for finding in findings(judge)}


@pytest.mark.parametrize(
    ("check", "one", "other", "agree"),
    [
        ("enterprise-value", 1800, 3.2 * 638, False),
        ("parts-and-conclusion", 628, 1800, False),
        ("parts-add-up", 628, 358 + 150 + 120, True),
        ("profit-in-parts", 39.8 + 25, 68.6, False),
        ("quarter-share", 0.58, 10.6 / (10.6 + 9.3 + 1.3), False),
        ("doubled", 1.0, 0.86, False),
        ("projection-five-years", 1100, 650 * 1.1**5, False),
        ("multiple-needed", 4.5, 5000 / 1100, True),
        ("multiple-now", 3.4, 2190 / 650, True),
        ("upside-and-value", 2300, 4000 / 1.74, True),
        ("cash-flow-growth", 139.5 / 1.2, 115.9, True),
        ("free-cash-flow", 38.2, 38.2, True),
        ("pace", (5000 / 2190) ** (1 / (2027 / 365.25)) - 1, (4000 / 2300) ** (1 / 1.5) - 1, False),
        ("parts-and-dcf", 628 / 10.593, 210, False),
    ],
)
def test_both_numbers_and_whether_they_agree(
    found: dict[str, Finding], check: str, one: float, other: float, agree: bool
) -> None:
    finding = found[check]
    assert (finding.one.number, finding.other.number) == pytest.approx((one, other), rel=1e-6)
    assert finding.agree is agree
    assert finding.gap == pytest.approx(abs(one - other) / max(abs(one), abs(other)), rel=1e-6, abs=1e-12)


def test_price_and_enterprise_multiples_of_two_articles_are_one_multiple(found: dict[str, Finding]) -> None:
    finding = found["price-and-enterprise-multiple"]
    assert finding.check.articles == ("A", "E")
    assert finding.other.number < 3.4
    assert finding.agree


def test_each_article_and_some_pairs_are_checked(found: dict[str, Finding]) -> None:
    groups = {finding.check.articles for finding in found.values()}
    assert {("A",), ("C",), ("E",), ("A", "C"), ("A", "E"), ("B", "E")} <= groups


def test_a_check_waits_for_the_last_of_its_articles() -> None:
    for label in ("2025Q1", "2025Q2"):
        judge = open_judge(open_edition(label))
        shown = {article.letter for article in judge.shown()}
        assert all(set(finding.check.articles) <= shown for finding in findings(judge))


def test_the_answer_follows_from_the_numbers(found: dict[str, Finding], data: Path, edit: Edit) -> None:
    assert found["doubled"].answer.text == "It says 100.0% in one place and 86.0% in another."
    edit("articles/consistency.yml", "    within: 0.05\n    agrees: \"Both are the same.\"",
         "    within: 0.15\n    agrees: \"Both are the same.\"")  # fmt: skip
    judge = open_judge(open_edition("2025Q4", data), data)
    again = next(finding for finding in findings(judge) if finding.check.id == "doubled")
    assert again.agree
    assert again.answer.text == "Both are the same."


def test_numbers_agree_exactly_when_they_lie_within_the_room_left(found: dict[str, Finding]) -> None:
    assert all(finding.agree == (finding.gap <= finding.check.within) for finding in found.values())


def test_the_room_left_is_not_stretched(judge: Judge, found: dict[str, Finding]) -> None:
    finding = found["projection-five-years"]
    for within, agree in ((finding.gap * 0.999, False), (finding.gap, True)):
        assert find(replace(finding.check, within=within), judge).agree is agree
