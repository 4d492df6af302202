"""The check of editions finds what is younger than the cut-off or disagrees with the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import Problems

E = "data/editions/2025Q3.yml"


def test_an_edition_of_a_quarter_without_file_is_named(data: Path, problems: Problems) -> None:
    path = data / "editions/2025Q3.yml"
    text = path.read_text().replace("2025Q3", "2026Q1")
    path.unlink()
    (data / "editions/2026Q1.yml").write_text(text)
    assert problems() == [
        "data/editions/2026Q1.yml: quarter: 2026Q1 has no file"
        " (expected a quarter below data/amazon/quarters)"
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (
            "  date: 2025-10-31",
            "  date: 2025-11-03",
            "price.date: 2025-11-03 is after the cut-off (expected a session at or before 2025-10-31)",
        ),
        (
            "  date: 2025-10-31",
            "  date: 2025-10-30",
            "price.date: 2025-10-30 is not the last session"
            " (expected 2025-10-31, the last at or before 2025-10-31)",
        ),
        (
            "cut_off: 2025-10-31",
            "cut_off: 2025-11-01",
            "why: is missing"
            " (expected a reason for another cut-off than 2025-10-31, the day after the release)",
        ),
    ],
    ids=["price after the cut-off", "price of an earlier session", "later cut-off without reason"],
)
def test_a_day_that_does_not_fit_the_others_is_named(
    edit: Edit, problems: Problems, right: str, wrong: str, problem: str
) -> None:
    edit("editions/2025Q3.yml", right, wrong)
    assert problems() == [f"{E}: {problem}"]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("close_usd", "price.close_usd: 1 is not the close of 2025-10-31"),
        ("value", "shares.value: 1 is not that of balance.shares_outstanding of 2025Q3"),
    ],
)
def test_a_figure_that_the_data_do_not_have_is_named(
    data: Path, problems: Problems, key: str, problem: str
) -> None:
    path = data / "editions/2025Q3.yml"
    text, replaced = re.subn(rf"^  {key}:.*$", f"  {key}: 1", path.read_text(), flags=re.MULTILINE)
    assert replaced == 1
    path.write_text(text)
    (found,) = problems()
    assert found.startswith(f"{E}: {problem} (expected ")


def test_a_share_count_after_the_cutoff_is_named(data: Path, problems: Problems) -> None:
    path = data / "editions/2025Q3.yml"
    path.write_text(path.read_text().replace("  published: 2025-10-30", "  published: 2025-11-01"))
    assert problems() == [
        f"{E}: shares.published: 2025-11-01 is not that of balance.shares_outstanding of 2025Q3"
        " (expected 2025-10-30, the latest count public)"
    ]


def test_a_field_that_is_no_share_count_is_named(edit: Edit, problems: Problems) -> None:
    edit("editions/2025Q3.yml", "field: balance.shares_outstanding", "field: balance.shares")
    assert problems()[0].startswith(f"{E}: shares.field: 'balance.shares' is no count of a day")


def test_a_cutoff_before_the_release_is_named(edit: Edit, problems: Problems) -> None:
    edit("editions/2025Q3.yml", "cut_off: 2025-10-31", "cut_off: 2025-10-29")
    found = problems()
    assert (
        f"{E}: quarter: 2025Q3 became public on 2025-10-30 (expected a quarter public by 2025-10-29)" in found
    )
    assert any(line.startswith(f"{E}: shares.published: 2025-10-30 is not that of ") for line in found)


def test_a_cutoff_after_the_next_release_is_named(edit: Edit, problems: Problems) -> None:
    edit("editions/2025Q3.yml", "cut_off: 2025-10-31", "cut_off: 2026-02-06\nwhy: a test")
    assert (
        f"{E}: quarter: 2025Q4 was public already on 2026-02-05"
        " (expected the latest quarter public by 2026-02-06)"
    ) in problems()


def test_a_label_that_is_not_the_files_name_is_named(data: Path, problems: Problems) -> None:
    (data / "editions/2025Q3.yml").rename(data / "editions/late.yml")
    assert problems()[0] == (
        "data/editions/late.yml: label: 'late' is not of 2025Q3 (expected a label that begins 2025Q3)"
    )


@pytest.mark.parametrize("key", ["quarter", "price", "shares"])
def test_an_edition_without_one_of_its_parts_is_named(data: Path, problems: Problems, key: str) -> None:
    path = data / "editions/2025Q3.yml"
    path.write_text(path.read_text().replace(f"\n{key}:", "\nx:" if key == "quarter" else f"\nx{key}:"))
    assert any(line.startswith(f"{E}: {key}: is missing (expected ") for line in problems())
