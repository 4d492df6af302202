"""The projection page: its numbers follow from sales, growth and multiple alone."""

import math
from datetime import date

import pytest

from analysis.chapters import Page, Unavailable, open_page
from analysis.figures import Figure

EDITIONS = [
    ("2025Q4", "base"),
    ("2024Q4", "base"),
    ("2025Q1", "bull"),
    ("2021Q3", "bear"),
    ("2019Q4", "base"),
]


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("projection", "2025Q4", "base")


def number(page: Page, key: str) -> float:
    return page.numbers[key].number


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


@pytest.mark.parametrize(("label", "scenario"), EDITIONS)
def test_what_the_scenario_expects_against_today_follows_from_both(label: str, scenario: str) -> None:
    page = open_page("projection", label, scenario)
    growth = "less" if number(page, "scenario_growth") < number(page, "growth") else "more"
    is_lower = number(page, "scenario_multiple") < number(page, "multiple")
    both = f"{growth} of both" if is_lower == (growth == "less") else f"{growth} growth and a "
    assert str(page.numbers["scenario_expects"].value).startswith(both)


def test_first_sales_to_be_checked_lie_between_the_bear_s_and_the_bull_s(page: Page) -> None:
    assert number(page, "test_low") < number(page, "test_sales") < number(page, "test_high")


def test_claims_about_growth_and_multiple_are_shown_from_the_day_they_appeared(page: Page) -> None:
    assert len(page.table("claims").frame) == 6
    assert isinstance(open_page("projection", "2024Q4", "base").table("claims"), Unavailable)


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
    assert page.numbers["share_as_t5t"].value == f"fewer than {fifteen * 100:.1f}\u00a0%"


def test_the_calculator_starts_at_the_page_s_scenario(page: Page) -> None:
    results = page.calculator("play").results()
    assert results["value"] == pytest.approx(number(page, "scenario_value"))
    assert results["sales"] == pytest.approx(number(page, "scenario_sales"))


def test_the_calculator_s_presets_are_the_scenarios() -> None:
    presets = open_page("projection", "2025Q4", "base").calculator("play").presets
    for name in ("bear", "bull"):
        other = open_page("projection", "2025Q4", name)
        assert presets[name]["growth"] == number(other, "scenario_growth")
        assert presets[name]["multiple"] == number(other, "scenario_multiple")


def test_alt_texts_hold_the_finding(page: Page) -> None:
    assert "3.38× for $4T" in page.chart("multiples").description
    assert "$1.52T in the base scenario" in page.chart("sales").description


def test_the_verdict_follows_from_the_value() -> None:
    for label, scenario in EDITIONS:
        page = open_page("projection", label, scenario)
        reached = [
            name for name, value in (("$4T", 4000), ("$5T", 5000)) if number(page, "trend_value") >= value
        ]
        expected = f"reaches {reached[-1]}" if reached else "falls short of $4T"
        assert page.numbers["trend_verdict"].value == expected


@pytest.mark.parametrize(("label", "scenario"), EDITIONS)
def test_the_page_stands_in_other_editions(label: str, scenario: str) -> None:
    page = open_page("projection", label, scenario)
    for figure in page.numbers.values():
        assert isinstance(figure, Figure)
        assert isinstance(figure.value, str) or math.isfinite(figure.value)
    for name in page.charts:
        shown = page.chart(name)
        assert isinstance(shown, Unavailable) or shown.description
    assert page.calculator("play").results()["value"] > 0
    assert len(page.table("targets").frame) == 3
