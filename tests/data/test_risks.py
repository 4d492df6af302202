"""Risks are read with their changes, and what is wrong with one is named."""

from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.data.problems import Problem
from analysis.data.risks import Change, load_risks

GOOD = """\
demand:
  name: "Demand falls"
  short: "Demand"
  story: "It falls."
  changes:
    aws.growth_change: {add: -0.08}
  why: "Because."
  sign: aws_growth
  watch: "Sales."
"""


def problems_of(tmp_path: Path, text: str) -> list[Problem]:
    (tmp_path / "risks.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    load_risks(tmp_path, {"aws.growth_change"}, problems)
    return problems


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "risks.yml").write_text(GOOD, encoding="utf-8")
    problems: list[Problem] = []
    (risk,) = load_risks(tmp_path, {"aws.growth_change"}, problems)
    assert problems == []
    assert (risk.key, risk.changes) == ("demand", {"aws.growth_change": Change("add", -0.08)})


@pytest.mark.parametrize(
    ("wrong", "right", "field", "said"),
    [
        ("aws.growth_change", "aws.groth_change", "demand.changes.aws.groth_change", "unknown"),
        ("{add: -0.08}", "{add: -0.08, set: 0.0}", "demand.changes.aws.growth_change", "2 changes"),
        ("{add: -0.08}", '{add: "a lot"}', "demand.changes.aws.growth_change.add", "not a number"),
        ("{add: -0.08}", "{minus: 0.08}", "demand.changes.aws.growth_change.minus", "unknown"),
        ("sign: aws_growth", "sign: aws_mood", "demand.sign", "aws_mood"),
        ('  why: "Because."\n', "", "demand.why", "missing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, wrong: str, right: str, field: str, said: str) -> None:
    found = problems_of(tmp_path, GOOD.replace(wrong, right))
    assert any(problem.field == field and said in problem.wrong for problem in found), found


def test_the_report_s_risks_change_drivers_that_exist_and_keep_their_order() -> None:
    edition = open_edition("2025Q4")
    risks = edition.risks()
    assert len({risk.key for risk in risks}) == len(risks) >= 8
    assert all(set(risk.changes) <= set(edition.drivers("base")) for risk in risks)
