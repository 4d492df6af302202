"""The retail page: what is reported, what advertising leaves, and values that follow from it."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from analysis.chapters._delivery import known
from analysis.data import open_edition
from analysis.formats import percent, show
from analysis.valuation.group import open_group
from analysis.valuation.store_value import ranges
from tests.chapters.reading import YEAR, alt_texts, in_editions, missing, number, observed, opened, reported

TO_SEPTEMBER = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")
SEGMENTS = ("segments.north_america", "segments.international")


def test_the_reported_margin_is_that_of_both_segments(page: Page) -> None:
    income = sum(reported(f"{name}.operating_income", *YEAR) for name in SEGMENTS)
    sales = sum(reported(f"{name}.net_sales", *YEAR) for name in SEGMENTS)
    assert number(page, "margin") == pytest.approx(income / sales)


def test_what_is_left_is_reported_income_less_advertisings(page: Page) -> None:
    taken = number(page, "advertising") * number(page, "assumed_base")
    assert number(page, "left_base") == pytest.approx(number(page, "income") - taken)
    assert number(page, "left_margin_base") == pytest.approx(
        number(page, "left_base") / number(page, "stores_sales")
    )


def test_the_break_even_margin_takes_all_of_the_income(page: Page) -> None:
    assert number(page, "break_even") * number(page, "advertising") == pytest.approx(number(page, "income"))
    assert number(page, "break_even_without") > number(page, "break_even")


def test_charges_are_those_of_the_last_four_quarters(page: Page) -> None:
    assert number(page, "charges") == pytest.approx(2.5 + 1.8 + 0.61 + 0.73 + 1.1)
    assert opened("retail", "2024Q4").numbers["charges"].value == "none on record"


def test_at_the_needed_margin_the_stores_earn_nothing(page: Page) -> None:
    profit = number(page, "needed_margin") * number(page, "sales")
    assert profit == pytest.approx(number(page, "advertising") * number(page, "assumed_base"))


def test_shipping_is_the_sum_of_its_latest_four_quarters(page: Page) -> None:
    spent = sum(observed("amazon/key_figures", metric="ww_shipping_costs", period=q) for q in TO_SEPTEMBER)
    sales = sum(reported(f"{name}.net_sales", *TO_SEPTEMBER) for name in SEGMENTS)
    assert page.numbers["delivery_quarter"].value == "2025Q3"
    assert number(page, "shipping") == pytest.approx(spent / 1000 / sales)
    assert number(page, "delivery") == pytest.approx(number(page, "shipping") + number(page, "fulfilment"))


def test_a_year_without_shipping_costs_is_a_gap_not_a_zero(page: Page) -> None:
    assert "2022Q4" not in known(open_edition("2025Q4"))
    data = page.chart("costs").data
    assert data.loc[data["quarter"] == "2022Q4", "share"].isna().all()
    assert data.loc[data["quarter"] == "2021Q4", "share"].notna().all()


def test_the_stores_value_by_sales_is_their_sales_times_the_multiple(page: Page) -> None:
    driver = open_edition("2025Q4").drivers("base")["sotp.sales_multiple_stores"]
    assert number(page, "sales_base") == pytest.approx(number(page, "stores_sales") * driver.value)
    assert number(page, "sales_high") == pytest.approx(number(page, "stores_sales") * driver.high)


def test_the_low_end_by_profit_has_advertisings_margin_at_its_highest(page: Page) -> None:
    driver = open_edition("2025Q4").drivers("base")["exit.multiple_stores"]
    assert number(page, "profit_low") == pytest.approx(number(page, "left_high") * driver.low)
    assert number(page, "profit_high") == pytest.approx(number(page, "left_low") * driver.high)


def test_the_value_ahead_is_the_projections_profit_times_the_multiple(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    profit = group.projection.parts["stores"].operating_income[group.index_of(2030)]
    assert number(page, "ahead_base") == pytest.approx(profit * group.drivers["exit.multiple_stores"])


@in_editions("2025Q4 base", "2021Q4 bear", "2019Q4 base")
def test_ranges_are_in_order_and_never_negative(page: Page) -> None:
    assert page.edition is not None
    for way in ranges(open_group(page.edition, page.scenario)):
        assert 0 <= way.low.number <= way.base.number <= way.high.number


def test_stores_that_lose_money_are_worth_nothing_by_profit() -> None:
    page = opened("retail", "2021Q4")
    assert number(page, "left_base") < 0
    assert number(page, "profit_base") == 0


def test_before_advertising_was_apart_the_segments_stand_whole() -> None:
    page = opened("retail", "2019Q4")
    assert missing(page) == {"left", "units", "claims"}
    assert page.numbers["valued_how"].value == "with their advertising inside"
    assert page.numbers["left_base"].value == "an amount not known"
    driver = open_edition("2019Q4").drivers("base")["sotp.sales_multiple_retail"]
    assert number(page, "sales_base") == pytest.approx(number(page, "sales") * driver.value)


def test_a_value_of_the_end_of_the_decade_is_not_set_against_todays_market_value(page: Page) -> None:
    rows = page.table("ways").frame
    market = 208.27 * 10731 / 1000
    assert rows["share"].iloc[0].number == pytest.approx(number(page, "sales_base") / market)
    assert rows["share"].iloc[1].number == pytest.approx(number(page, "profit_base") / market)
    assert rows["share"].iloc[2] is None
    assert page.numbers["valued_how"].value == "without advertising"


def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert f"North America {percent(number(page, 'margin_north_america'))}" in texts["margins"]
    assert f"{percent(number(page, 'left_margin_base'))} (advertising at" in texts["left"]
    assert percent(number(page, "delivery")) in texts["costs"]
    assert percent(number(page, "units")) in texts["units"]
    assert show(number(page, "profit_base"), "usd_bn") in texts["value"]
