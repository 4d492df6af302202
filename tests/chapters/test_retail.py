"""The retail page: what is reported, what advertising leaves, and values that follow from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters._delivery import known
from analysis.data import open_edition
from analysis.formats import percent, show
from analysis.valuation.group import open_group
from analysis.valuation.store_value import ranges

YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
TO_SEPTEMBER = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")
EDITIONS = [
    ("2025Q4", "base"),
    ("2024Q4", "base"),
    ("2025Q1", "bull"),
    ("2021Q4", "bear"),
    ("2019Q4", "base"),
]
SEGMENTS = ("segments.north_america", "segments.international")


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("retail", "2025Q4", "base")


def value(page: Page, key: str) -> float:
    return page.numbers[key].number


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_page_holds_nothing_published_after_the_cut_off(edition: str, scenario: str) -> None:
    page = open_page("retail", edition, scenario)
    assert page.edition is not None
    assert max(f.published for f in page.numbers.values() if f.published) <= page.edition.cutoff


def test_the_reported_margin_is_that_of_both_segments(page: Page, reported: Callable[..., float]) -> None:
    income = sum(reported(f"{name}.operating_income", *YEAR) for name in SEGMENTS)
    sales = sum(reported(f"{name}.net_sales", *YEAR) for name in SEGMENTS)
    assert value(page, "margin") == pytest.approx(income / sales)


def test_what_is_left_is_reported_income_less_advertisings(page: Page) -> None:
    taken = value(page, "advertising") * value(page, "assumed_base")
    assert value(page, "left_base") == pytest.approx(value(page, "income") - taken)
    assert value(page, "left_margin_base") == pytest.approx(
        value(page, "left_base") / value(page, "stores_sales")
    )


def test_the_break_even_margin_takes_all_of_the_income(page: Page) -> None:
    assert value(page, "break_even") * value(page, "advertising") == pytest.approx(value(page, "income"))
    assert value(page, "break_even_without") > value(page, "break_even")


def test_charges_are_those_of_the_last_four_quarters(page: Page) -> None:
    assert value(page, "charges") == pytest.approx(2.5 + 1.8 + 0.61 + 0.73 + 1.1)
    assert open_page("retail", "2024Q4", "base").numbers["charges"].value == "none on record"


def test_at_the_needed_margin_the_stores_earn_nothing(page: Page) -> None:
    profit = value(page, "needed_margin") * value(page, "sales")
    assert profit == pytest.approx(value(page, "advertising") * value(page, "assumed_base"))


def test_shipping_is_the_sum_of_its_latest_four_quarters(
    page: Page, reported: Callable[..., float], observed: Callable[..., float]
) -> None:
    spent = sum(observed("amazon/key_figures", metric="ww_shipping_costs", period=q) for q in TO_SEPTEMBER)
    sales = sum(reported(f"{name}.net_sales", *TO_SEPTEMBER) for name in SEGMENTS)
    assert page.numbers["delivery_quarter"].value == "2025Q3"
    assert value(page, "shipping") == pytest.approx(spent / 1000 / sales)
    assert value(page, "delivery") == pytest.approx(value(page, "shipping") + value(page, "fulfilment"))


def test_a_year_without_shipping_costs_is_a_gap_not_a_zero(page: Page) -> None:
    assert "2022Q4" not in known(open_edition("2025Q4"))
    data = page.chart("costs").data
    assert data.loc[data["quarter"] == "2022Q4", "share"].isna().all()
    assert data.loc[data["quarter"] == "2021Q4", "share"].notna().all()


def test_the_stores_value_by_sales_is_their_sales_times_the_multiple(page: Page) -> None:
    driver = open_edition("2025Q4").drivers("base")["sotp.sales_multiple_stores"]
    assert value(page, "sales_base") == pytest.approx(value(page, "stores_sales") * driver.value)
    assert value(page, "sales_high") == pytest.approx(value(page, "stores_sales") * driver.high)


def test_the_low_end_by_profit_has_advertisings_margin_at_its_highest(page: Page) -> None:
    driver = open_edition("2025Q4").drivers("base")["exit.multiple_stores"]
    assert value(page, "profit_low") == pytest.approx(value(page, "left_high") * driver.low)
    assert value(page, "profit_high") == pytest.approx(value(page, "left_low") * driver.high)


def test_the_value_ahead_is_the_projections_profit_times_the_multiple(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    profit = group.projection.parts["stores"].operating_income[group.index_of(2030)]
    assert value(page, "ahead_base") == pytest.approx(profit * group.drivers["exit.multiple_stores"])


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_ranges_are_in_order_and_never_negative(edition: str, scenario: str) -> None:
    for way in ranges(open_group(open_edition(edition), scenario)):
        assert 0 <= way.low.number <= way.base.number <= way.high.number


def test_stores_that_lose_money_are_worth_nothing_by_profit() -> None:
    page = open_page("retail", "2021Q4", "base")
    assert value(page, "left_base") < 0
    assert value(page, "profit_base") == 0


def test_before_advertising_was_apart_the_segments_stand_whole(missing: Callable[[Page], set[str]]) -> None:
    page = open_page("retail", "2019Q4", "base")
    assert missing(page) == {"left", "units", "claims"}
    assert page.numbers["valued_how"].value == "with their advertising inside"
    assert page.numbers["left_base"].value == "an amount not known"
    driver = open_edition("2019Q4").drivers("base")["sotp.sales_multiple_retail"]
    assert value(page, "sales_base") == pytest.approx(value(page, "sales") * driver.value)


def test_a_value_of_the_end_of_the_decade_is_not_set_against_todays_market_value(page: Page) -> None:
    rows = page.table("ways").frame
    market = 208.27 * 10731 / 1000
    assert rows["share"].iloc[0].number == pytest.approx(value(page, "sales_base") / market)
    assert rows["share"].iloc[1].number == pytest.approx(value(page, "profit_base") / market)
    assert rows["share"].iloc[2] is None
    assert page.numbers["valued_how"].value == "without advertising"


def test_the_page_shows_the_articles_claims_on_the_stores_failures_first(page: Page) -> None:
    shown = page.table("claims").frame
    assert any("E35" in claim.plain for claim in shown["claim"])
    failed = [grade == "does not hold" for grade in shown["grade"]]
    assert failed == sorted(failed, reverse=True)
    assert True in failed


def test_every_chart_tells_its_finding(page: Page, alt_texts: Callable[[Page], dict[str, str]]) -> None:
    texts = alt_texts(page)
    assert f"North America {percent(value(page, 'margin_north_america'))}" in texts["margins"]
    assert f"{percent(value(page, 'left_margin_base'))} (advertising at" in texts["left"]
    assert percent(value(page, "delivery")) in texts["costs"]
    assert percent(value(page, "units")) in texts["units"]
    assert show(value(page, "profit_base"), "usd_bn") in texts["value"]
