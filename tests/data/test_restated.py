"""Year-ago columns: what a later document prints otherwise is shown, acknowledged, used from its day on."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.data import open_edition
from tests.conftest import Edit
from tests.data.conftest import Problems, quarter

RECAST = """\
year_ago:
  segments:
    north_america:
      operating_income: 4663
    international:
      operating_income: 1301
    aws:
      operating_income: 11447
  income:
    operating_income: 17411

sources:"""
ACKNOWLEDGED = """

acknowledged:
  year_ago.segments.north_america.operating_income: {value: 4663, why: "a cost moved to AWS"}
  year_ago.segments.aws.operating_income: {value: 11447, why: "a cost moved from North America"}
"""


@pytest.fixture
def recast(data: Path, edit: Edit) -> Path:
    """The results of 2025Q3 print $1bn of 2024Q3's income in AWS that was North America's."""
    edit(quarter("2025Q3"), "sources:", RECAST)
    return data / quarter("2025Q3")


def test_a_difference_is_shown_with_both_figures(recast: Path, problems: Problems) -> None:
    found = problems()
    assert len(found) == 2
    assert found[0].startswith(
        "data/amazon/quarters/2025Q3.yml: year_ago.segments.aws.operating_income: 11447 is out of line"
        " with its past: 10447 as printed in 2024Q3"
    )


def test_an_acknowledged_restatement_passes(recast: Path, problems: Problems) -> None:
    recast.write_text(recast.read_text(encoding="utf-8") + ACKNOWLEDGED, encoding="utf-8")
    assert problems() == []


def test_a_restatement_must_add_up_like_any_statement(recast: Path, problems: Problems) -> None:
    text = recast.read_text(encoding="utf-8") + ACKNOWLEDGED
    recast.write_text(text.replace("operating_income: 4663", "operating_income: 4600"), encoding="utf-8")
    assert any("check year_ago.segments_operating_income" in line for line in problems())


def test_an_edition_uses_what_was_known_at_its_cut_off(recast: Path, data: Path) -> None:
    field = "segments.aws.operating_income"
    before, after = open_edition("2024Q4", data), open_edition("2025Q3", data)
    assert before.figure(field, "2024Q3").value == 10447
    restated = after.figure(field, "2024Q3")
    assert restated.value == 11447
    assert restated.source is not None
    assert (restated.source.path, restated.source.field) == (
        "data/amazon/quarters/2025Q3.yml",
        f"year_ago.{field}",
    )


def test_a_figure_that_is_not_restated_stays(recast: Path, data: Path) -> None:
    edition = open_edition("2025Q3", data)
    assert edition.figure("segments.aws.net_sales", "2024Q3").value == 27452
    assert edition.figure("income.operating_income", "2024Q3").value == 17411
