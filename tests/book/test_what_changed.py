"""The page on what led from the edition before to this one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.data import open_edition
from analysis.figures import Figure
from analysis.valuation.vintages import record
from tests.bump import DATA
from tests.notebooks import EARLY, Run, run


@pytest.fixture(scope="module")
def page() -> Run:
    return run("what-changed")


def test_the_steps_on_the_page_add_up_to_the_change(page: Run) -> None:
    steps = sum(page[cause].number for cause in ("figures", "time", "price"))
    steps += sum(page.names["by_cause"][cause].number for cause in ("assumptions", "code"))  # may be nothing
    assert page["then"].number + steps == pytest.approx(page["now"].number, abs=1e-9)


def test_the_table_begins_and_ends_with_the_editions(page: Run) -> None:
    frame = page.parts["steps"].frame
    assert frame["cause"].iloc[0] == f"Edition {page['before']}"
    assert frame["cause"].iloc[-1] == "Edition 2025Q4"
    for column in ("value", "4T", "5T"):
        numbers = [cell.number for cell in frame[column] if isinstance(cell, Figure)]
        assert numbers[0] + sum(numbers[1:-1]) == pytest.approx(numbers[-1], abs=1e-9)


def test_words_follow_the_numbers(page: Run) -> None:
    assert page.parts["value"].finding.endswith(f"went from {page['then']} to {page['now']}")
    assert str(page["forecast_quarter"]) == "2025Q4"
    assert "rebuilt, not published" in str(page["was_printed"])


def test_forecasts_are_shown_beside_what_came(page: Run) -> None:
    frame = page.parts["near"].frame
    assert list(frame["part"]) == ["AWS", "Advertising", "Stores"]
    inside = [
        low <= came <= high
        for low, came, high in zip(frame["low"], frame["came"], frame["high"], strict=True)
    ]
    assert [word == "within" for word in frame["inside"]] == inside
    told = {0: "none came", 3: "all 3 came"}.get(sum(inside), f"{sum(inside)} of 3 came")
    assert str(page["held"]) == told


def test_assumptions_typed_over_are_named(tmp_path: Path) -> None:
    data = shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("vintages"))
    record(open_edition("2024Q3", data))
    base = data / "scenarios" / "base.yml"
    old = "    value: 0.0\n    unit: fraction\n    low: -0.06\n"  # AWS's, the first
    base.write_text(base.read_text(encoding="utf-8").replace(old, old.replace("0.0\n", "0.01\n"), 1), "utf-8")
    page = run("what-changed", "2024Q4", data=data)
    over = "AWS: first-year growth, change from its record (from 0.0\xa0points to +1.0\xa0points)"
    assert str(page["looked"]).endswith(f"Typed over since 2024Q3 was published: {over}")
    assert str(page["rules"]).startswith("the rules of this report have stayed the same")
    assert "Old assumptions typed over" in set(page.parts["steps"].frame["cause"])


def test_the_first_edition_has_nothing_before_it() -> None:
    first = run("what-changed", *EARLY)
    assert first["then"].is_absent
    assert first["before"].is_absent


def test_mistakes_are_listed_on_their_edition_and_those_after_it() -> None:
    page = run("what-changed", "2026Q1")
    frame = page.parts["errata"].frame
    assert str(page["errata"]) == f"{len(frame)} are on record"
    assert frame["where"].iloc[0] == ("The answer, 2025Q4", "index.html")
    assert str(run("what-changed", "2025Q4")["errata"]) == str(page["errata"])  # whenever they were mended
    assert "errata" not in run("what-changed", *EARLY).parts
    assert str(run("what-changed", *EARLY)["errata"]) == "None is on record"


def test_an_assumption_is_printed_as_on_other_pages() -> None:
    frame = run("what-changed", "2026Q1").parts["looked"].frame
    bull = frame[(frame["scenario"] == "bull") & (frame["driver"].str.startswith("AWS: first-year growth"))]
    assert list(bull["was"]) == ["+5.0\xa0points"]
    assert list(bull["is"]) == ["+3.0\xa0points"]


@pytest.mark.parametrize(
    ("output", "by", "said"),
    [
        (("values_usd_bn", "base", "blended"), 0.0, "the rules of this report have stayed the same"),
        pytest.param(
            ("values_usd_bn", "base", "blended"),
            -1.0,
            "the rules of this report have been changed, by less than",
            marks=pytest.mark.pages,
        ),
        pytest.param(
            ("values_usd_bn", "base", "blended"),
            -90.0,
            "the rules of this report have been changed, and",
            marks=pytest.mark.pages,
        ),
        (("odds", "4T", "above"), -0.01, "the rules of the odds have been changed"),
        pytest.param(
            ("odds", "5T", "above"), 0.01, "the rules of the odds have been changed", marks=pytest.mark.pages
        ),
    ],
)
def test_rules_that_moved_the_odds_alone_are_told_too(
    tmp_path: Path, output: tuple[str, str, str], by: float, said: str
) -> None:
    def moved(kept: dict[str, Any]) -> None:
        kept[output[0]][output[1]][output[2]] += by

    page = run("what-changed", "2024Q4", data=printed_otherwise(tmp_path, moved))
    assert str(page["rules"]).startswith(said)


def test_a_year_that_comes_into_the_reach_of_the_forecast_is_told() -> None:
    """With a fourth quarter the year after next does, and no year with any other."""
    more = "sales of 2027 are forecast from the record now"
    assert more in str(run("what-changed", "2025Q4")["nearer"])
    assert "forecast" not in str(run("what-changed", "2026Q1")["nearer"])


def test_editions_that_lie_further_apart_are_not_said_to_be_a_quarter_apart(tmp_path: Path) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    shutil.rmtree(data / "vintages")
    record(open_edition("2023Q4", data))
    page = run("what-changed", "2024Q4", data=data)
    assert str(page["before"]) == "2023Q4"
    assert "quarter" not in str(page["nearer"])


def test_intervals_that_hold_nothing_are_told_in_words_and_digits_that_show_it(tmp_path: Path) -> None:
    def missed(kept: dict[str, Any]) -> None:
        for part, came in (("aws", 28.786), ("advertising", 17.288), ("stores", 141.718)):
            kept["forecasts_usd_bn"]["2024Q4"][part] |= {
                "low": came - 5,
                "value": came - 4,
                "high": came - 0.03,
            }

    page = run("what-changed", "2024Q4", data=printed_otherwise(tmp_path, missed))
    frame = page.parts["near"].frame
    assert [each.number for each in frame["came"]] == pytest.approx([28.786, 17.288, 141.718])
    assert list(frame["inside"]) == ["outside"] * 3
    assert str(page["held"]) == "none came"
    assert {column.digits for column in page.parts["near"].columns if column.unit == "usd_bn"} == {2}


def printed_otherwise(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Data in which the edition before 2024Q4 was published, and printed something else."""
    data = shutil.copytree(DATA, folder / "data")
    shutil.rmtree(data / "vintages")
    path = record(open_edition("2024Q3", data))
    kept = yaml.safe_load(path.read_text("utf-8"))
    change(kept)
    path.write_text(yaml.safe_dump(kept), encoding="utf-8")
    return data
