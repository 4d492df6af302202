"""Assumptions are dated: an edition takes the looks up to its cut-off, and its waivers are its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.data.problems import Problem
from analysis.data.scenarios import load_scenario
from tests.conftest import Edit
from tests.data.conftest import Problems

LOOKS = """\
    source: "the test"
    reviews:
      - {on: 2026-05-15, value: 0.25, high: 0.4, why: "orders doubled"}
      - {on: 2026-08-01, why: "nothing new"}
  shares.change:"""


@pytest.fixture
def looked(data: Path, edit: Edit) -> Path:
    edit("scenarios/base.yml", '    source: "the test"\n  shares.change:', LOOKS)
    return data


def values(root: Path, name: str, cutoff: date) -> tuple[float, float, float]:
    drivers = load_scenario(root, name, cutoff, [])
    assert drivers is not None
    driver = drivers["aws.growth"]
    return driver.value, driver.low, driver.high


@pytest.mark.parametrize(
    ("cutoff", "expected"),
    [
        (date(2020, 1, 31), (0.2, 0.1, 0.3)),
        (date(2026, 5, 14), (0.2, 0.1, 0.3)),
        (date(2026, 5, 15), (0.25, 0.1, 0.4)),
        (date(2026, 9, 1), (0.25, 0.1, 0.4)),
    ],
)
def test_an_edition_takes_what_was_set_by_its_cut_off(
    looked: Path, cutoff: date, expected: tuple[float, float, float]
) -> None:
    assert values(looked, "base", cutoff) == expected


def test_a_driver_knows_when_it_was_set_and_which_looks_changed_it(looked: Path) -> None:
    drivers = load_scenario(looked, "base", date(2026, 9, 1), [])
    assert drivers is not None
    driver = drivers["aws.growth"]
    assert driver.set_on == driver.held_on == date(2026, 5, 15)
    assert [(review.on, review.changes, review.why) for review in driver.reviews] == [
        (date(2026, 5, 15), True, "orders doubled"),
        (date(2026, 8, 1), False, "nothing new"),
    ]
    assert driver.why == "orders doubled"


def test_a_scenario_s_own_value_stands_until_it_is_looked_at_itself(looked: Path, edit: Edit) -> None:
    assert values(looked, "bull", date(2026, 9, 1)) == (0.25, 0.1, 0.35)
    own = '    why: "capacity arrives sooner"\n    reviews: [{on: 2026-05-15, value: 0.3, why: "it did"}]\n'
    edit("scenarios/bull.yml", '    why: "capacity arrives sooner"\n', own)
    assert values(looked, "bull", date(2026, 5, 14)) == (0.25, 0.1, 0.35)
    assert values(looked, "bull", date(2026, 9, 1)) == (0.3, 0.1, 0.35)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on: 2026-08-01", "on: 2026-05-01", "reviews[1].on: 2026-05-01 is not after 2026-05-15"),
        ("on: 2026-05-15", "on: 2026-03-01", "reviews[0].on: 2026-03-01 is not after 2026-03-31"),
        (', why: "nothing new"', "", "reviews[1].why: is missing"),
        ("value: 0.25", "value: 0.5", "reviews[0].value: 0.5 is outside its range"),
        ("value: 0.25", "valeu: 0.25", "reviews[0].valeu: is an unknown field"),
    ],
)
def test_a_mistake_in_a_look_is_named(
    looked: Path, edit: Edit, problems: Problems, old: str, new: str, said: str
) -> None:
    edit("scenarios/base.yml", old, new)
    assert any(line.startswith(f"data/scenarios/base.yml: drivers.aws.growth.{said}") for line in problems())


def test_years_that_run_from_a_day_do_not_start_again(data: Path, edit: Edit) -> None:
    edit(
        "scenarios/base.yml",
        "drivers:\n",
        "drivers:\n  a.midpoint: {label: A, value: 4.5, unit: years, low: 3, high: 6, why: w, source: s,"
        " counted_from: 2025-12-31}\n",
    )
    ends = {date(2024, 12, 31): 4.5, date(2025, 12, 31): 4.5, date(2026, 12, 31): 3.5}
    for end, left in ends.items():
        problems: list[Problem] = []
        drivers = load_scenario(data, "base", date(2027, 1, 1), problems, end)
        assert problems == []
        assert drivers is not None
        assert drivers["a.midpoint"].value == pytest.approx(left, abs=2e-3)


@pytest.mark.parametrize(
    ("waivers", "said"),
    [
        ("{bull: {share_of_cloud: ''}}", "waivers.bull.share_of_cloud: '' is not text"),
        ("{bull: {share_of_clod: x}}", "waivers.bull.share_of_clod: is no plausibility check"),
        ("{boom: {share_of_cloud: x}}", "waivers.boom: is no scenario"),
    ],
)
def test_a_mistake_in_an_edition_s_waiver_is_named(
    data: Path, problems: Problems, waivers: str, said: str
) -> None:
    path = data / "editions/2025Q4.yml"
    path.write_text(path.read_text(encoding="utf-8") + f"waivers: {waivers}\n", encoding="utf-8")
    assert any(line.startswith(f"data/editions/2025Q4.yml: {said}") for line in problems())


def test_the_published_edition_s_diffusions_are_those_of_its_file() -> None:
    drivers = open_edition("2025Q4").drivers("base")
    assert (drivers["chips.midpoint"].value, drivers["robotics.midpoint"].value) == (2.0, 4.5)


def test_a_look_may_bring_the_reason_up_to_date_and_leave_the_numbers(data: Path, edit: Edit) -> None:
    looks = (
        '    reviews:\n      - {on: 2026-05-15, why: "looked at", reason: "contracts run for longer now"}\n'
    )
    edit(
        "scenarios/base.yml",
        '    source: "the test"\n  shares.change:',
        f'    source: "the test"\n{looks}  shares.change:',
    )
    reasons = []
    for cutoff in (date(2026, 5, 14), date(2026, 5, 15)):
        drivers = load_scenario(data, "base", cutoff, [])
        assert drivers is not None
        reasons.append(drivers["aws.growth"].why)
        assert drivers["aws.growth"].set_on == date(2026, 3, 31)
    assert reasons == ["as in the last year", "contracts run for longer now"]
