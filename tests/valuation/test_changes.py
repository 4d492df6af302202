"""What led from one edition to the next: steps that add up, each for its own reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.data import Edition, open_edition
from analysis.data.reads import data_root
from analysis.valuation import changes
from analysis.valuation.first_years import forecast_parts
from analysis.valuation.group import open_group
from analysis.valuation.near import near_forecasts
from analysis.valuation.vintages import record

VALUE, ODDS = "values_usd_bn.base.blended", ("odds.4T.above", "odds.5T.above")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report's data with 2025Q3 published, by code that has moved since, and a look before 2025Q4."""
    copy = shutil.copytree(data_root(), tmp_path_factory.mktemp("changes") / "data")
    shutil.rmtree(copy / "vintages")
    path = record(open_edition("2025Q3", copy))
    kept = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept["values_usd_bn"]["base"]["blended"] -= 100.0
    kept["odds"]["4T"]["above"] -= 0.01
    kept["forecasts_usd_bn"]["2025Q4"]["aws"] = {"low": 10.0, "value": 11.0, "high": 12.0}
    path.write_text(yaml.safe_dump(kept), encoding="utf-8")
    for scenario in (copy / "scenarios").iterdir():
        scenario.write_text(without_looks(scenario.read_text(encoding="utf-8")), encoding="utf-8")
    base = copy / "scenarios/base.yml"
    text = base.read_text(encoding="utf-8").replace("set_on: 2026-03-31", "set_on: 2025-06-30", 1)
    looks = (
        '    reviews:\n      - {on: 2026-02-10, value: 0.01, why: "orders grew"}\n'
        '      - {on: 2026-03-10, why: "nothing new"}\n  aws.growth_stable:'
    )
    base.write_text(text.replace("  aws.growth_stable:", looks, 1), encoding="utf-8")
    return copy


def without_looks(text: str) -> str:
    """A scenario's file without the looks that it holds: blocks deeper than their key."""
    return re.sub(r"^    reviews:\n(?:      .*\n)+", "", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def led(root: Path) -> changes.Succession:
    found = changes.change(open_edition("2025Q4", root))
    assert found is not None
    return found


def test_the_edition_before_is_the_latest_published(led: changes.Succession) -> None:
    assert led.before.label == "2025Q3"
    assert led.vintage is not None


@pytest.mark.parametrize("name", [VALUE, *ODDS])
def test_the_steps_add_up_exactly_from_what_was_printed(led: changes.Succession, name: str) -> None:
    bridge = led.bridges[name]
    assert led.vintage is not None
    assert bridge.then.number == led.vintage.outputs[name]
    total = bridge.then.number + sum(step.amount.number for step in bridge.steps)
    assert total == pytest.approx(bridge.now.number, abs=1e-9)
    assert [step.cause for step in bridge.steps] == [
        each for each in changes.CAUSES if each != changes.RETYPED
    ]


def test_the_code_step_is_what_code_makes_of_the_same_inputs(led: changes.Succession, root: Path) -> None:
    code = {name: led.bridges[name].steps[0].amount.number for name in (VALUE, *ODDS)}
    assert code[VALUE] == pytest.approx(100.0, abs=1e-3)
    assert code["odds.4T.above"] == pytest.approx(0.01, abs=1e-5)
    assert code["odds.5T.above"] == pytest.approx(0.0, abs=1e-5)


def test_the_end_is_what_the_edition_publishes(led: changes.Succession) -> None:
    group = open_group(led.now, "base")
    assert led.bridges[VALUE].now.number == group.value_figure(group.horizon_year).number


def test_each_cause_has_the_sign_of_its_news(led: changes.Succession) -> None:
    steps = {step.cause: step.amount.number for step in led.bridges[VALUE].steps}
    assert steps["time"] < 0  # the same business has less time to grow
    assert steps["price"] < 0  # the price fell
    assert steps["assumptions"] > 0  # growth was raised
    assert steps["figures"] > 0


def test_an_edition_of_one_s_own_parts_is_that_edition(led: changes.Succession) -> None:
    now = led.now
    same = open_group(changes.mixed(now, now, now, now), "base")
    assert same.values == open_group(now, "base").values


def test_a_mixed_edition_takes_each_part_from_its_own(led: changes.Succession) -> None:
    before, now = led.before, led.now
    made = changes.mixed(before, now, before, now)
    assert (made.quarter, made.price.number) == (before.quarter, before.price.number)
    assert open_group(made, "base").steps == open_group(now, "base").steps
    assert made.drivers("base")["aws.growth_change"].value == 0.01


def test_what_was_printed_is_held_against_what_came(led: changes.Succession) -> None:
    by_part = {each.part: each for each in led.near_forecasts}
    aws, stores = by_part["aws"], by_part["stores"]
    assert (aws.low.number, aws.high.number, aws.inside) == (10.0, 12.0, False)
    assert aws.came is not None
    assert aws.came.number == pytest.approx(35.579)
    assert stores.inside is True


def test_looks_are_told_with_what_each_alone_does(led: changes.Succession) -> None:
    raised, left = [each for each in led.looked if each.scenario == "base"]
    assert (raised.review.before, raised.review.value, raised.review.why) == (0.0, 0.01, "orders grew")
    assert raised.value.number > 0
    assert (left.review.changes, left.value.number) == (False, 0.0)


def test_an_edition_without_one_before_it_has_nothing_to_be_led_from() -> None:
    assert changes.change(open_edition("2019Q4")) is None


def test_a_forecast_is_that_of_the_record_and_the_driver_of_growth_its_ends() -> None:
    edition: Edition = open_edition("2025Q4")
    aws = next(each for each in near_forecasts(edition) if each.part == "aws")
    assert aws.quarter == "2026Q1"
    assert aws.value.number == pytest.approx(forecast_parts(edition)["aws"][0].number)
    assert aws.high.number - aws.value.number == pytest.approx(29.267 * 0.06)
    assert aws.value.number - aws.low.number == pytest.approx(29.267 * 0.06)
    assert aws.came is None


def test_an_assumption_typed_over_is_told_apart_from_the_code(tmp_path: Path) -> None:
    """Its look is missing, so that only the vintage knows what the edition before had."""
    root = shutil.copytree(data_root(), tmp_path / "data", ignore=shutil.ignore_patterns("vintages"))
    record(open_edition("2024Q3", root))
    assert changes.change(open_edition("2024Q4", root)).retyped == {}
    base = root / "scenarios" / "base.yml"
    old = "    value: 0.0\n    unit: fraction\n    low: -0.06\n    high: 0.06\n"
    text = base.read_text(encoding="utf-8")
    assert text.index(old) > text.index("aws.growth_change:")
    base.write_text(text.replace(old, old.replace("value: 0.0", "value: 0.02"), 1), encoding="utf-8")
    led = changes.change(open_edition("2024Q4", root))
    (driver,) = led.retyped.values()
    assert (driver.name, driver.value) == ("aws.growth_change", 0.0)
    for bridge in led.bridges.values():
        code, retyped, *others = bridge.steps
        assert (code.cause, retyped.cause) == ("code", "retyped")
        assert code.amount.number == pytest.approx(0.0, abs=1e-3)
        assert retyped.amount.number > 0
        total = sum(step.amount.number for step in (code, retyped, *others))
        assert bridge.then.number + total == pytest.approx(bridge.now.number, abs=1e-9)


def test_years_that_have_passed_are_no_new_assumption(tmp_path: Path) -> None:
    root = shutil.copytree(data_root(), tmp_path / "data")
    for scenario in (root / "scenarios").iterdir():
        scenario.write_text(without_looks(scenario.read_text(encoding="utf-8")), encoding="utf-8")
    now = open_edition("2026Q1", root)
    before = now.earlier("2025Q4")
    assert now.drivers("base")["chips.midpoint"].value < before.drivers("base")["chips.midpoint"].value
    bridge = changes.compared(before, now).bridges[VALUE]
    assert "assumptions" not in [step.cause for step in bridge.steps]


def test_a_look_at_years_that_run_from_a_day_tells_both_from_that_day(tmp_path: Path) -> None:
    root = shutil.copytree(data_root(), tmp_path / "data")
    base = root / "scenarios/base.yml"
    text = without_looks(base.read_text(encoding="utf-8"))
    own = '    label: "Own chips: years until half of that ceiling is reached"\n'
    looks = (
        '    reviews:\n      - {on: 2026-05-13, why: "nothing new"}\n'
        '      - {on: 2026-05-14, value: 2.5, why: "later"}\n'
        '      - {on: 2026-05-15, value: 3.0, why: "later still"}\n'
    )
    base.write_text(text.replace(own, own + looks, 1), encoding="utf-8")
    now = open_edition("2026Q1", root)
    found = [each for each in changes.compared(now.earlier("2025Q4"), now).looked if each.scenario == "base"]
    assert [(each.review.before, each.review.value) for each in found] == [(2.0, 2.0), (2.0, 2.5), (2.5, 3.0)]
