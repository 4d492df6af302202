"""The projection page: its numbers follow from sales, growth and multiple alone."""

from datetime import date

import pytest

from analysis.chapters import Page
from tests.chapters.reading import in_editions, number, opened

in_three_editions = in_editions("2025Q4 base", "2025Q1 bull", "2021Q3 bear")


def test_today_s_multiple_is_market_value_over_reported_sales(page: Page) -> None:
    assert number(page, "multiple") == pytest.approx(208.27 * 10731 / 1000 / 716.924, rel=1e-12)


def test_the_trend_keeps_growth_and_multiple(page: Page) -> None:
    expected = number(page, "value") * (1 + 716924 / 637959 - 1) ** 5
    assert number(page, "trend_value") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("key", "target"), [("t4t", 4000.0), ("t5t", 5000.0)])
def test_what_a_target_needs_reaches_it_exactly(page: Page, key: str, target: float) -> None:
    grown = number(page, "sales") * (1 + number(page, f"{key}_growth")) ** 5
    assert grown * number(page, "multiple") == pytest.approx(target)
    assert number(page, "scenario_sales") * number(page, f"{key}_multiple") == pytest.approx(target)


@pytest.mark.parametrize(("key", "target"), [("t4t", 4000.0), ("t5t", 5000.0)])
def test_the_rise_a_year_counts_from_the_day_of_the_price(page: Page, key: str, target: float) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    assert number(page, "value") * (1 + number(page, f"{key}_return")) ** years == pytest.approx(target)
    results = page.calculator("play").results()
    assert number(page, "value") * (1 + results["a_year"]) ** years == pytest.approx(results["value"])


@in_three_editions
def test_what_the_scenario_expects_against_today_follows_from_both(page: Page) -> None:
    growth = "less" if number(page, "scenario_growth") < number(page, "growth") else "more"
    is_lower = number(page, "scenario_multiple") < number(page, "multiple")
    both = f"{growth} of both" if is_lower == (growth == "less") else f"{growth} growth and a "
    assert str(page.numbers["scenario_expects"].value).startswith(both)


def test_first_sales_to_be_checked_lie_between_the_bear_s_and_the_bull_s(page: Page) -> None:
    assert number(page, "test_low") < number(page, "test_sales") < number(page, "test_high")


def test_every_point_of_a_curve_reaches_its_target(page: Page) -> None:
    data = page.chart("frontier").data
    for name, target in (("$4T", 4000.0), ("$5T", 5000.0)):
        curve = data[data["target"] == name]
        assert len(curve) > 20
        reached = 716.924 * (1 + curve["growth"]) ** 5 * curve["multiple"]
        assert reached.to_numpy() == pytest.approx(target)


def test_the_share_of_firms_lies_between_the_steps_of_the_table(page: Page) -> None:
    ten, fifteen = page.chart("base_rates").data["share"].iloc[1:]
    assert fifteen < number(page, "share_as_t4t") < ten
    assert page.numbers["share_as_t5t"].value == f"fewer than {fifteen * 100:.1f}%"


@in_three_editions
def test_the_calculator_starts_at_the_page_s_scenario(page: Page) -> None:
    results = page.calculator("play").results()
    assert results["value"] > 0
    assert results["value"] == pytest.approx(number(page, "scenario_value"))
    assert results["sales"] == pytest.approx(number(page, "scenario_sales"))


def test_the_calculator_s_presets_are_the_scenarios() -> None:
    presets = opened("projection").calculator("play").presets
    for name in ("bear", "bull"):
        other = opened("projection", "2025Q4", name)
        assert presets[name]["growth"] == number(other, "scenario_growth")
        assert presets[name]["multiple"] == number(other, "scenario_multiple")


def test_alt_texts_hold_the_finding(page: Page) -> None:
    assert "3.38× for $4T" in page.chart("multiples").description
    assert "$1.52T in the base scenario" in page.chart("sales").description


@in_three_editions
def test_the_verdict_follows_from_the_value(page: Page) -> None:
    reached = [name for name, value in (("$4T", 4000), ("$5T", 5000)) if number(page, "trend_value") >= value]
    expected = f"reaches {reached[-1]}" if reached else "falls short of $4T"
    assert page.numbers["trend_verdict"].value == expected


@in_editions("2025Q4 base", "2019Q4 base")
def test_the_targets_stand_beside_the_scenario(page: Page) -> None:
    assert len(page.table("targets").frame) == 3
