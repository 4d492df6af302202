"""The history page says what the quarter files say, in every edition."""

from __future__ import annotations

import re

import pytest

from analysis.chapters import Page, Unavailable
from analysis.chapters._history_value import numbers, past_edition
from analysis.data import open_edition
from analysis.figures import Figure
from analysis.formats import show
from tests.chapters.reading import (
    YEAR,
    alt_texts,
    in_editions,
    missing,
    number,
    observed,
    opened,
    reported,
    shown,
)


@in_editions("2025Q4 base", "2021Q3 bear", "2019Q4 base")
def test_every_chart_tells_its_finding_with_the_latest_quarter(page: Page) -> None:
    texts = alt_texts(page)
    assert shown(page, "sales") in texts["sales"]
    assert shown(page, "aws_income") in texts["income"]
    assert shown(page, "free") in texts["cash"]
    assert f"to {shown(page, 'free_best_quarter')} with {shown(page, 'free_best')}" in texts["cash"]
    assert show(number(page, "online_share"), "percent0") in texts["mix"]


def test_sales_and_free_cash_flow_are_those_of_four_quarters(page: Page) -> None:
    assert number(page, "sales") == pytest.approx(reported("income.net_sales", *YEAR), abs=1e-9)
    assert number(page, "free") == pytest.approx(reported("cash_flow.free_cash_flow", *YEAR), abs=1e-9)


def test_the_shares_of_aws_are_its_amounts_over_those_of_the_group(page: Page) -> None:
    share = reported("segments.aws.operating_income", *YEAR) / reported("income.operating_income", *YEAR)
    assert number(page, "aws_income_share") == pytest.approx(share, abs=1e-12)


def test_growth_a_year_leads_from_the_first_year_to_the_last(page: Page) -> None:
    grown = number(page, "sales_then") * (1 + number(page, "sales_rate")) ** 5
    assert grown == pytest.approx(number(page, "sales"), rel=1e-12)


@pytest.fixture(scope="module")
def moved() -> dict[str, Figure]:
    """The figures of the sentences on the market value."""
    now = open_edition("2025Q4")
    then = past_edition(now)
    assert then is not None
    return numbers(then, now)


def test_growth_margin_and_multiple_add_up_to_the_change_in_market_value(moved: dict[str, Figure]) -> None:
    parts = sum(moved[f"from_{name}"].number for name in ("growth", "margin", "multiple"))
    assert parts == pytest.approx(moved["value"].number - moved["value_then"].number, rel=1e-12)


def test_a_lower_multiple_takes_value_away(moved: dict[str, Figure]) -> None:
    assert moved["multiple"].number == pytest.approx(208.27 * 10731 / 1000 / 79.975)
    assert moved["multiple"].number < moved["multiple_then"].number
    assert moved["from_multiple"].number < 0


def test_the_market_value_compared_with_is_that_of_five_years_before(moved: dict[str, Figure]) -> None:
    assert moved["then_day"].value == "3 February 2021"


def test_value_is_shares_times_the_price_of_one(moved: dict[str, Figure]) -> None:
    grown = (1 + moved["share_change"].number) * (1 + moved["share_value_change"].number)
    assert moved["value"].number == pytest.approx(moved["value_then"].number * grown)
    assert (moved["shares_moved"].value, moved["share_moved"].value) == ("grew", "rose")


def test_the_page_tells_the_change_in_sentences(page: Page) -> None:
    said = page.note("change").content.plain
    assert "against $1.67T on 3 February 2021" in said
    assert "pay 27.9× now" in said


def test_lowest_and_highest_margins_enclose_todays(page: Page) -> None:
    assert number(page, "margin_lowest") <= number(page, "margin") <= number(page, "margin_highest")


def test_cash_needed_pays_for_the_companys_plan(page: Page) -> None:
    plan = observed("amazon/key_figures", metric="capex_guidance_usd_bn", period="FY2026")
    assert number(page, "cash_flow") * (1 + number(page, "cash_needed")) == pytest.approx(plan)


def test_the_table_has_the_latest_year_first_and_agrees_with_the_text(page: Page) -> None:
    table = page.table("years")
    sales = table.frame.loc[table.frame["item"] == "Net sales"].iloc[0]
    assert list(table.frame.columns)[1:] == ["2025Q4", "2024Q4", "2023Q4", "2022Q4", "2021Q4"]
    assert sales["2025Q4"].number == number(page, "sales")


def test_market_value_at_the_end_of_a_year_is_price_times_shares(page: Page) -> None:
    table = page.table("years")
    row = table.frame.loc[table.frame["item"] == "Market value"].iloc[0]
    assert row["2025Q4"].number == pytest.approx(230.82 * 10731 / 1000)


def test_the_first_edition_has_nothing_to_compare_with() -> None:
    page = opened("history", "2019Q4")
    assert missing(page) == {"change", "claims"}
    assert isinstance(page.note("change"), Unavailable)


def test_before_it_was_reported_apart_advertising_stands_with_other() -> None:
    page = opened("history", "2021Q3", "bear")
    chart = page.chart("mix")
    assert set(chart.data["line"]) >= {"Advertising and other"}
    assert "Advertising" not in set(chart.data["line"])
    assert page.numbers["advertising_share"].unit == "text"


def test_a_quarter_without_guidance_says_so() -> None:
    page = opened("history", "2021Q3")
    assert page.numbers["guidance"].value == "not in the data of this report"
    assert re.fullmatch(r"\$16\.5bn to \$21\.5bn", str(opened("history").numbers["guidance"].value))
