"""The page on what led from the edition before to this one."""

from __future__ import annotations

import pytest

from analysis.figures import Figure
from tests.notebooks import EARLY, Run, run


@pytest.fixture(scope="module")
def page() -> Run:
    return run("what-changed")


def test_the_steps_on_the_page_add_up_to_the_change(page: Run) -> None:
    steps = sum(page[cause].number for cause in ("figures", "time", "price", "assumptions", "code"))
    assert page["then"].number + steps == pytest.approx(page["now"].number, abs=1e-9)


def test_the_table_begins_and_ends_with_the_editions(page: Run) -> None:
    frame = page.parts["steps"].frame
    assert frame["cause"].iloc[0] == f"Edition {page['before']}"
    assert frame["cause"].iloc[-1] == "Edition 2025Q4"
    for column in ("value", "4T", "5T"):
        numbers = [cell.number for cell in frame[column] if isinstance(cell, Figure)]
        assert numbers[0] + sum(numbers[1:-1]) == pytest.approx(numbers[-1], abs=1e-9)


def test_words_follow_the_numbers(page: Run) -> None:
    rose = page["now"] > page["then"]
    assert str(page["direction"]) == ("rose" if rose else "fell")
    assert "rebuilt, not published" in str(page["was_printed"])


def test_forecasts_are_shown_beside_what_came(page: Run) -> None:
    frame = page.parts["near"].frame
    assert list(frame["part"]) == ["AWS", "Advertising", "Stores"]
    inside = [
        low <= came <= high
        for low, came, high in zip(frame["low"], frame["came"], frame["high"], strict=True)
    ]
    assert [word == "within" for word in frame["inside"]] == inside
    assert page["held"].number == sum(inside)


def test_the_first_edition_has_nothing_before_it() -> None:
    first = run("what-changed", *EARLY)
    assert first["then"].is_absent
    assert first["before"].is_absent


def test_mistakes_are_listed_from_the_day_they_were_mended() -> None:
    page = run("what-changed", "2026Q1")
    frame = page.parts["errata"].frame
    assert str(page["errata"]) == f"{len(frame)} are on record"
    assert frame["where"].iloc[0] == ("The answer, 2025Q4", "index.html")
    assert "errata" not in run("what-changed", *EARLY).parts
    assert str(run("what-changed", *EARLY)["errata"]) == "None is on record"
