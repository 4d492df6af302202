"""What others have published as Amazon's value, as far as it may be used beside the report's own."""

import shutil
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.data.reads import data_root
from analysis.valuation.published import published_values


def test_values_a_share_are_multiplied_by_the_shares_of_their_day() -> None:
    found = {each.entity: each for each in published_values(open_edition("2025Q4"))}
    assert found["Citi"].whole.number == pytest.approx(270 * 10660 / 1000)  # public on 31 August 2025
    assert found["Citi"].method == "P/E"
    assert found["Oppenheimer"].method == "not stated"


def test_they_come_highest_first_and_not_older_than_a_year() -> None:
    edition = open_edition("2025Q4")
    found = published_values(edition)
    worth = [each.whole.number for each in found]
    assert worth == sorted(worth, reverse=True)
    assert min((edition.cutoff - each.share.published).days for each in found) >= 0
    assert max((edition.cutoff - each.share.published).days for each in found) < 365


def test_an_edition_sees_what_was_public_then() -> None:
    assert [each.entity for each in published_values(open_edition("2020Q4"))] == ["Morningstar"]
    assert published_values(open_edition("2019Q4")) == []


def test_what_is_kept_to_be_judged_is_not_used(tmp_path: Path) -> None:
    root = tmp_path / "data"
    shutil.copytree(data_root(), root)
    path = root / "analysts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [
        line.replace(",secondary,", ",article_claim,") if line.startswith("Citi,") else line for line in lines
    ]
    path.write_text("".join(lines), encoding="utf-8")
    found = {each.entity for each in published_values(open_edition("2025Q4", root=root))}
    assert "Citi" not in found
    assert "Oppenheimer" in found
