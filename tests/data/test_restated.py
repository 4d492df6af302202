"""Year-ago columns: what a later document prints otherwise is shown, acknowledged, used from its day on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.report import open_report
from tests.conftest import Edit
from tests.data.conftest import Problems, quarter

ROOT = Path(__file__).parents[2]

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


def test_what_it_gives_adds_up_with_the_rest_of_the_old_statement(
    data: Path, edit: Edit, problems: Problems
) -> None:
    """One side of a move alone: North America's income of 2024Q3 a billion lower, and nobody's higher."""
    one = "year_ago:\n  segments:\n    north_america:\n      operating_income: 4663\n\nsources:"
    edit(quarter("2025Q3"), "sources:", one)
    found = [line for line in problems() if "check year_ago.segments_operating_income" in line]
    assert len(found) == 1
    assert "16411" in found[0]


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


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """The report's own data with that recast, which reach further back."""
    folder = Path(shutil.copytree(ROOT / "data", tmp_path / "whole"))
    path = folder / quarter("2025Q3")
    path.write_text(path.read_text(encoding="utf-8").replace("sources:", RECAST, 1), encoding="utf-8")
    return folder


def test_growth_of_a_restated_quarter_is_that_of_its_own_document(whole: Path) -> None:
    """2024Q3 grew on the definition of then; 2025Q3 grows from what its own document prints beside it."""
    field = "segments.aws.operating_income"
    now, then = (open_report(label, data=whole).quarterly(field) for label in ("2025Q3", "2024Q3"))
    growth, grew = (series / series.year_before - 1 for series in (now, then))
    assert growth["2024Q3"].number == pytest.approx(grew["2024Q3"].number, rel=1e-12)
    assert growth["2025Q3"].number == pytest.approx(now["2025Q3"].number / 11.447 - 1, rel=1e-12)
    edition = open_edition("2025Q3", whole)
    assert edition.growth(field, "2024Q3", "quarter").number == pytest.approx(growth["2024Q3"].number)


def test_so_is_that_of_twelve_months_with_such_a_quarter(whole: Path) -> None:
    field = "segments.aws.operating_income"
    now, then = (open_report(label, data=whole).quarterly(field) for label in ("2025Q3", "2024Q3"))
    years, years_then = now.twelve_months(), then.twelve_months()
    more = then["2023Q3"].number * (11447 / 10447 - 1)
    assert years.year_before["2024Q3"].number == pytest.approx(years_then.year_before["2024Q3"].number + more)
    assert years.year_before["2025Q3"].number == years["2024Q3"].number
    named = years.named("Income of AWS", "usd_bn").year_before["2024Q3"]
    assert (named.label, named.number) == (
        "Income of AWS, twelve months to 2023Q3",
        years.year_before["2024Q3"].number,
    )


def test_a_loss_is_put_in_no_proportion(whole: Path) -> None:
    path, field = whole / quarter("2024Q3"), "segments.international.operating_income"
    recast = "year_ago:\n  segments:\n    international:\n      operating_income: -195\n\nsources:"
    path.write_text(path.read_text(encoding="utf-8").replace("sources:", recast, 1), encoding="utf-8")
    edition = open_edition("2024Q3", whole)
    assert edition.figure(field, "2023Q3").number == -195
    then = edition.year_before(field, "2023Q3", "quarter")
    assert then.number == edition.figure(field, "2022Q3").number < 0
