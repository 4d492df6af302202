"""The page on warehouse automation: savings, capital and what the stores' margin already holds."""

from __future__ import annotations

import math

import pytest

from analysis.chapters import Page
from analysis.formats import show
from tests.chapters.reading import (
    YEAR,
    alt_texts,
    drivers,
    in_editions,
    missing,
    number,
    observed,
    opened,
    reported,
    shown,
)


def driver(name: str) -> float:
    return drivers()[f"robotics.{name}"]["value"]


def share(time: float) -> float:
    return driver("adoption_ceiling") / (1 + math.exp(-driver("steepness") * (time - driver("midpoint"))))


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert shown(page, "robots") in texts["fleet"]
    assert shown(page, "adoption", "percent0") in texts["adoption"]
    assert shown(page, "savings") in texts["savings"]
    assert shown(page, "fulfilment") in texts["scale"]
    assert shown(page, "further") in texts["decides"]


def test_savings_follow_from_the_drivers_by_plain_arithmetic(page: Page) -> None:
    orders = driver("units") / 1e9 * (1 + driver("units_growth")) ** 5
    each = driver("cost_per_unit") * driver("saving")
    assert number(page, "adoption") == pytest.approx(share(5))
    assert number(page, "savings") == pytest.approx(orders * each * share(5))
    assert number(page, "further") == pytest.approx(orders * each * (share(5) - share(0)))
    capital = driver("sites") * driver("cost_per_site") * (share(5) - share(0))
    assert number(page, "capital") == pytest.approx(capital)
    assert number(page, "payback") == pytest.approx(capital / number(page, "further"))


def test_costs_are_those_of_the_quarter_files_and_key_figures(page: Page) -> None:
    assert number(page, "fulfilment") == pytest.approx(reported("income.fulfillment", *YEAR), abs=1e-9)
    retail = sum(reported(f"segments.{name}.net_sales", *YEAR) for name in ("north_america", "international"))
    assert number(page, "fulfilment_share") == pytest.approx(reported("income.fulfillment", *YEAR) / retail)
    four = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")
    shipping = sum(observed("amazon/key_figures", metric="ww_shipping_costs", period=q) for q in four) / 1000
    assert number(page, "shipping") == pytest.approx(shipping)
    assert page.numbers["shipping_quarter"].value == "2025Q3"


@pytest.mark.parametrize(("edition", "word"), [("2025Q4", "in line with"), ("2019Q4", "out of line with")])
def test_the_page_says_whether_its_drivers_fit_what_is_reported(edition: str, word: str) -> None:
    page = opened("robotics", edition, "base")
    assert page.numbers["implied_word"].value == word
    assert (abs(number(page, "implied_ratio") - 1) <= 0.25) == (word == "in line with")


def test_the_value_is_after_tax_and_after_the_capital(page: Page) -> None:
    worth = number(page, "further") * (1 - number(page, "tax")) * number(page, "multiple")
    assert number(page, "value") == pytest.approx(worth - number(page, "capital"))


def test_the_range_encloses_what_is_assumed(page: Page) -> None:
    assert number(page, "further_low") < number(page, "further") < number(page, "further_high")
    data = page.chart("savings").data
    assert (data["low"] < data["assumed"]).all()
    assert (data["assumed"] < data["high"]).all()
    assert data["assumed"].is_monotonic_increasing


def test_estimates_stand_beside_the_scenario_on_the_same_terms(page: Page) -> None:
    bank = observed("robotics", entity="Amazon", metric="annual_savings_low", period="2027")
    assert number(page, "bank_low") == bank
    orders = driver("units") / 1e9 * (1 + driver("units_growth")) ** 2
    tenth = observed("robotics", entity="Amazon", metric="annual_savings_share_of_orders", period="2027")
    assert number(page, "bank_ours") == pytest.approx(
        orders * driver("cost_per_unit") * driver("saving") * tenth
    )
    path = [driver("units") / 1e9 * (1 + driver("units_growth")) ** t * share(t) for t in (0, 1, 2)]
    assert number(page, "leak_ours") == pytest.approx(sum(path) * driver("cost_per_unit") * driver("saving"))
    assert len(page.table("estimates").frame) == 4


def test_a_dearer_site_takes_longer_to_pay(page: Page) -> None:
    frame = page.table("sites").frame.set_index("site")
    years = [frame.loc[site, "years"].number for site in ("Rebuilt, a bank's figure", "New, a bank's figure")]
    assert years[1] / years[0] == pytest.approx(4.5)
    assert frame.loc["As assumed", "years"].number == pytest.approx(number(page, "payback"))


def test_a_site_at_the_dear_end_of_its_range_pays_later_in_proportion(page: Page) -> None:
    assert page.edition is not None
    cost = page.edition.drivers("base")["robotics.cost_per_site"]
    assert number(page, "site_cost") == pytest.approx(cost.value * 1000)
    assert number(page, "dear_cost") == pytest.approx(cost.high * 1000)
    assert number(page, "dear_years") / number(page, "site_years") == pytest.approx(cost.high / cost.value)


def test_estimates_carry_the_years_and_the_share_that_they_are_for(page: Page) -> None:
    assert page.numbers["bank_year"].value == "2027"
    assert page.numbers["leak_years"].value == "2025 to 2027"
    share = observed("robotics", entity="Amazon", metric="annual_savings_share_of_orders", period="2027")
    assert number(page, "bank_share") == share
    first = page.table("estimates").frame.iloc[0]
    assert show(share, "percent0") in first["what"]


def test_the_margin_assumed_is_set_against_the_savings(page: Page) -> None:
    ratio = number(page, "margin_dollars") / number(page, "further")
    assert number(page, "kept_share") == pytest.approx(ratio)


@in_editions("2025Q4 base", "2019Q4 base")
def test_the_calculator_starts_at_the_pages_numbers(page: Page) -> None:
    found = page.calculator("play").results()
    for output in ("adoption", "further", "capital", "payback", "value"):
        assert found[output] == pytest.approx(number(page, output), rel=1e-12)


@pytest.mark.parametrize(("slider", "rises"), [("orders", True), ("saving", True), ("site", False)])
def test_sliders_move_the_value_the_right_way(page: Page, slider: str, rises: bool) -> None:
    play = page.calculator("play")
    moved = play.results({slider: play.start()[slider] * 1.2})["value"]
    assert (moved > play.results()["value"]) == rises


def test_before_it_was_public_the_page_says_so() -> None:
    page = opened("robotics", "2019Q4")
    assert missing(page) == {"estimates", "claims"}
    assert page.numbers["bank_low"].value == "an amount not public"
    assert len(page.table("sites").frame) == 1
