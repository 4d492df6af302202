"""The check of scenarios and targets names the driver and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import Problems

BULL = "data/scenarios/bull.yml"
BASE = "data/scenarios/base.yml"


def test_a_driver_that_base_lacks_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/bull.yml", "  aws.growth:", "  aws.speed:")
    assert problems() == [
        f"{BULL}: drivers.aws.speed: overrides a driver that 'base' does not have"
        " (expected a driver of the extended scenario)"
    ]


def test_a_base_that_cannot_be_read_is_the_only_problem(edit: Edit, problems: Problems) -> None:
    edit("scenarios/base.yml", 'label: "Growth of AWS"', "label: AWS: its growth")
    found = problems()
    assert len(found) == 1
    assert found[0].startswith(f"{BASE}: line 5, column 15: is not YAML, here or in the line before: ")
    assert found[0].endswith("a space after each colon, two spaces a level, text with a colon in quotes)")


def test_a_number_in_percent_is_reported_where_it_stands_and_not_in_the_risks_that_change_it(
    data: Path, edit: Edit, problems: Problems
) -> None:
    risk = "slump:\n  name: A\n  short: A\n  story: B\n  why: C\n  sign: aws_growth\n  watch: D\n"
    (data / "risks.yml").write_text(f"{risk}  changes:\n    aws.growth: {{add: -0.1}}\n", encoding="utf-8")
    before = problems()
    edit("scenarios/base.yml", "value: 0.2\n    unit", "value: 20\n    unit")
    found = [each for each in problems() if each not in before]
    assert found
    assert all(each.startswith("data/scenarios/") for each in found)


def test_a_look_later_than_every_cut_off_is_named(edit: Edit, problems: Problems) -> None:
    look = '    reviews:\n      - {on: 2026-04-20, why: "looked at after the cut-off"}\n  shares.change:'
    edit("scenarios/base.yml", "  shares.change:", look)
    assert problems() == [
        f"{BASE}: drivers.aws.growth.reviews[0].on: 2026-04-20 is later than the last cut-off"
        " (expected a day by 2026-03-31: no edition takes it)"
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("value: 2.0, low: 1.9, high: 2.1", "value: 2 is 10 times what it was, 0.2"),
        ("value: 0.02, low: 0.015, high: 0.03", "value: 0.02 is 0.1 times what it was, 0.2"),
    ],
)
def test_a_look_that_moves_a_number_by_a_digit_is_named(
    edit: Edit, problems: Problems, numbers: str, said: str
) -> None:
    look = f'    reviews:\n      - {{on: 2026-03-20, {numbers}, why: "a slip"}}\n  shares.change:'
    edit("scenarios/base.yml", "  shares.change:", look)
    assert f"{BASE}: drivers.aws.growth.reviews[0].{said} (expected a number of the same size)" in problems()


def test_a_driver_that_is_wrong_in_base_is_not_called_unknown_in_bull(edit: Edit, problems: Problems) -> None:
    edit("scenarios/base.yml", "    value: 0.2\n", "    value: some\n")
    assert problems() == [f"{BASE}: drivers.aws.growth.value: 'some' is not a number (expected a number)"]


@pytest.mark.parametrize(
    ("value", "said"), [("0.4", "0.4 is outside its range"), ("0.05", "0.05 is outside its range")]
)
def test_a_value_outside_its_range_is_named(edit: Edit, problems: Problems, value: str, said: str) -> None:
    edit("scenarios/bull.yml", "value: 0.25", f"value: {value}")
    assert problems() == [f"{BULL}: drivers.aws.growth.value: {said} (expected 0.1 to 0.35)"]


def test_a_range_upside_down_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/base.yml", "    low: 0.1\n", "    low: 0.9\n")
    assert f"{BASE}: drivers.aws.growth.low: 0.9 is above high, 0.3 (expected low ≤ high)" in problems()


@pytest.mark.parametrize("key", ["label", "value", "unit", "low", "high", "why", "source"])
def test_a_driver_without_one_of_its_parts_is_named(data: Path, problems: Problems, key: str) -> None:
    path = data / "scenarios/base.yml"
    lines = path.read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith(f"    {key}:"))
    path.write_text("".join(lines[:at] + lines[at + 1 :]))
    found = problems()
    assert len(found) == 1
    assert found[0].startswith(f"{BASE}: drivers.aws.growth.{key}: is missing (expected ")


def test_a_unit_in_an_override_is_refused(edit: Edit, problems: Problems) -> None:
    edit("scenarios/bull.yml", "    value: 0.25\n", "    value: 0.25\n    unit: usd_bn\n")
    assert problems() == [
        f"{BULL}: drivers.aws.growth.unit: is an unknown field"
        " (expected one of value, low, high, why, reviews)"
    ]


def test_an_unknown_unit_of_a_driver_is_named(data: Path, problems: Problems) -> None:
    path = data / "scenarios/base.yml"
    path.write_text(path.read_text().replace("unit: fraction", "unit: percent", 1))
    assert problems()[0].startswith(f"{BASE}: drivers.aws.growth.unit: 'percent' is not known")


def test_an_override_without_reason_or_without_change_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/bull.yml", '    why: "capacity arrives sooner"\n', "")
    edit("scenarios/bull.yml", "    value: 0.25\n    high: 0.35\n", "    {}\n".replace("{}", "low: 0.1"))
    assert problems() == [f"{BULL}: drivers.aws.growth.why: is missing (expected text)"]


def test_an_override_that_changes_nothing_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/bull.yml", "    value: 0.25\n    high: 0.35\n", "")
    assert problems() == [
        f"{BULL}: drivers.aws.growth: changes nothing (expected a value, or another low or high)"
    ]


def test_scenarios_that_extend_each_other_are_named(data: Path, problems: Problems) -> None:
    for name, other in (("up", "down"), ("down", "up")):
        (data / f"scenarios/{name}.yml").write_text(f'extends: {other}\nstory: "x"\ndrivers: {{}}\n')
    assert problems() == [
        "data/scenarios/down.yml: extends: goes round in a circle, up → down → up"
        " (expected a scenario that leads to base)",
        "data/scenarios/up.yml: extends: goes round in a circle, down → up → down"
        " (expected a scenario that leads to base)",
    ]


def test_a_scenario_that_extends_none_that_exists_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/bull.yml", "extends: base", "extends: basis")
    assert problems() == [f"{BULL}: extends: 'basis' is no scenario (expected one of base, bull)"]


def test_data_without_base_is_named(data: Path, problems: Problems) -> None:
    (data / "scenarios/base.yml").unlink()
    assert any(line.startswith(f"{BASE}: (file): does not exist") for line in problems())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[aws.growth, shares.change]",
            "[aws.growth, shares.chance]",
            "pair[1]: 'shares.chance' is not known",
        ),
        ("[aws.growth, shares.change]", "[aws.growth, aws.growth]", "pair: does not name two drivers"),
        ("rho: -0.2", "rho: -1.2", "rho: -1.2 is no correlation"),
        ('    why: "growth pays for buying back"\n', "", "why: is missing"),
    ],
)
def test_a_mistake_in_a_correlation_is_named(
    edit: Edit, problems: Problems, old: str, new: str, said: str
) -> None:
    edit("scenarios/base.yml", old, new)
    found = problems()
    assert len(found) == 1
    assert found[0].startswith(f"{BASE}: correlations[0].{said}")


def test_an_unknown_family_is_named(data: Path, problems: Problems) -> None:
    path = data / "scenarios/base.yml"
    drawn = "    distribution: {family: gamma, low: p10, value: mean, high: p99}\n    high: 0.3\n"
    path.write_text(path.read_text().replace("    high: 0.3\n", drawn))
    assert [line.split(" (")[0] for line in problems()] == [
        f"{BASE}: drivers.aws.growth.distribution.family: 'gamma' is not known",
        f"{BASE}: drivers.aws.growth.distribution.high: 'p99' is not known",
    ]


def test_half_a_point_is_named(edit: Edit, problems: Problems) -> None:
    edit("scenarios/base.yml", "points: 64", "points: 64.5")
    assert problems() == [
        f"{BASE}: simulation.points: 64.5 cannot be (expected a whole number from 64 to 1,000,000)"
    ]


@pytest.mark.parametrize(
    ("waivers", "said"),
    [
        ("{roic: because}", "waivers.roic: is no plausibility check"),
        ("{terminal_share: ''}", "waivers.terminal_share: '' is not text that says something"),
        ("{terminal_share: {why: thin}}", "waivers.terminal_share.until: is missing"),
        ("{terminal_share: {until: 2023-02-03}}", "waivers.terminal_share.why: is missing"),
        (
            "{terminal_share: {why: thin, until: soon}}",
            "waivers.terminal_share.until: 'soon' is not a date",
        ),
        ("[terminal_share]", "waivers: ['terminal_share'] is not a mapping"),
    ],
)
@pytest.mark.parametrize("name", ["base", "bull"])
def test_a_mistake_in_a_waiver_is_named(
    data: Path, problems: Problems, name: str, waivers: str, said: str
) -> None:
    path = data / f"scenarios/{name}.yml"
    path.write_text(path.read_text() + f"waivers: {waivers}\n")
    found = problems()
    assert found[0].startswith(f"data/scenarios/{name}.yml: {said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value_usd_bn: 4000", "value_usd_bn: four", "4T.value_usd_bn: 'four' is not a number"),
        ("value_usd_bn: 4000", "value_usd_bn: -4000", "4T.value_usd_bn: is -4000"),
        ("horizon: 2030-12-31", "horizon: 2030", "4T.horizon: 2030 is not a date"),
        ("  horizon: 2030-12-31\n", "", "4T.horizon: is missing"),
        ("horizon:", "by:", "4T.by: is an unknown field"),
        (
            TARGET := "4T:\n  value_usd_bn: 4000\n  horizon: 2030-12-31\n",
            "4T: 4000\n",
            "4T: 4000 is not a mapping",
        ),
        (TARGET, "", "(file): does not hold keys with values"),
    ],
)
def test_a_mistake_in_the_targets_is_named(
    edit: Edit, problems: Problems, old: str, new: str, said: str
) -> None:
    edit("targets.yml", old, new)
    assert any(line.startswith(f"data/targets.yml: {said}") for line in problems())
