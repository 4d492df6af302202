"""The sum of the parts: every part once, today and at the horizon, and what it leaves for AWS."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.articles.reproduce_parts import stated_parts
from analysis.chapters import Page
from analysis.chapters import _sotp_double as double
from analysis.chapters._sotp_play import kernels, preset
from analysis.data import open_edition
from analysis.formats import show
from analysis.model.parts.sum_of_parts import OverlapError, sum_of_parts
from analysis.valuation.group import open_group
from tests.chapters.reading import YEAR, alt_texts, in_editions, missing, number, observed, opened, reported


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert set(texts) == {"field", "bridge", "horizon"}
    assert show(number(page, "market_value"), "usd_bn") in texts["field"]
    assert show(number(page, "t4t_now"), "usd_bn") in texts["field"]
    assert show(number(page, "today"), "usd_bn") in texts["bridge"]
    assert f"{show(number(page, 'then'), 'usd_bn')} in the {page.scenario} scenario" in texts["horizon"]


def test_the_sum_is_parts_times_multiples_plus_the_balance(page: Page) -> None:
    drivers = open_edition("2025Q4").drivers("base")
    aws = reported("segments.aws.operating_income", *YEAR) * drivers["sotp.multiple_aws"].value
    sold = reported("service_lines.advertising_services", *YEAR)
    advertising = sold * drivers["advertising.operating_margin"].value
    retail = sum(reported(f"segments.{s}.net_sales", *YEAR) for s in ("north_america", "international"))
    parts = aws + advertising * drivers["sotp.multiple_advertising"].value
    parts += (retail - sold) * drivers["sotp.sales_multiple_stores"].value
    cash = reported("balance.cash_and_equivalents", "2025Q4")
    cash += reported("balance.marketable_securities", "2025Q4")
    debt = reported("balance.long_term_debt", "2025Q4")
    assert number(page, "enterprise") == pytest.approx(parts)
    stake = number(page, "today") - parts - cash + debt
    invested = observed("chips", entity="Anthropic", metric="amazon_investment_cumulative")
    assert stake > invested


def test_the_multiple_left_for_aws_pays_for_the_gap(page: Page) -> None:
    income = reported("segments.aws.operating_income", *YEAR)
    excess = (number(page, "paid") - number(page, "multiple_aws")) * income
    assert number(page, "today") + excess == pytest.approx(208.27 * 10731 / 1000)


def test_low_middle_and_high_are_in_order_today_and_then(page: Page) -> None:
    assert number(page, "today_low") < number(page, "today") < number(page, "today_high")
    assert number(page, "then_low") < number(page, "then") < number(page, "then_high")
    assert number(page, "then_discounted") < number(page, "then")


def test_a_higher_target_leaves_a_higher_multiple(page: Page) -> None:
    assert number(page, "t4t_paid") < number(page, "t5t_paid")
    assert number(page, "t4t_then") < number(page, "t5t_then")


def test_the_article_s_sum_is_refused_reproduced_and_put_right(page: Page) -> None:
    found = double.numbers(open_edition("2025Q4"))
    assert found["total"].number == pytest.approx(9 * 39.8 + 6 * 25 + 120)
    assert found["once"].number == pytest.approx(9 * 39.8 + 6 * 25)
    assert found["implied"].number == pytest.approx((1800 - 6 * 25 - 120) / 39.8)
    assert found["refusal"].value == (
        "Retail and Advertising both count advertising in International and advertising in North America"
    )
    assert "$508.2bn" in page.note("refused").html()
    assert "38.4×" in page.note("leaves").html()


def test_the_kernel_itself_refuses_the_article_s_parts() -> None:
    source = double.article(open_edition("2025Q4"))
    assert source is not None
    with pytest.raises(OverlapError, match="Retail and Advertising both count"):
        sum_of_parts(stated_parts(source.input_figures()))


def test_parts_that_count_once_are_not_called_refused() -> None:
    source = double.article(open_edition("2025Q4"))
    assert source is not None
    with pytest.raises(ValueError, match="the parts count no profit twice"):
        double.refusal(stated_parts(source.input_figures())[:2])


def test_before_the_article_appeared_its_sum_is_not_shown() -> None:
    page = opened("sotp", "2024Q4")
    assert {"double", "claims"} <= missing(page)
    assert page.note("refused").html().startswith('<p class="unavailable">')
    assert page.note("leaves").html() == ""
    assert "double" not in missing(opened("sotp", "2024Q4-2025-04-02"))


@in_editions("2025Q4 base", "2024Q4 base")
def test_the_multiple_paid_is_placed_against_its_range(page: Page) -> None:
    low, paid, high = (number(page, key) for key in ("check_multiple", "paid", "multiple_aws_high"))
    expected = "within" if low <= paid <= high else "above" if paid > high else "below"
    assert page.numbers["paid_place"].value == expected


def test_discounting_takes_the_cost_of_equity_and_new_shares(page: Page) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    yearly = (1 + number(page, "asked")) * (1 + number(page, "issued"))
    assert number(page, "t4t_now") == pytest.approx(4000 / yearly**years)


def test_published_values_are_told_as_a_range(page: Page) -> None:
    assert page.numbers["others"].value == "$2.09T to $3.86T"
    assert opened("sotp", "2021Q3").numbers["others"].value == "$1.83T"
    assert str(opened("sotp", "2019Q4").numbers["others"].value).startswith("this report has none")


def test_without_published_values_there_is_no_row_for_them() -> None:
    page = opened("sotp", "2019Q4")
    assert "published" in missing(page)
    assert "Analysts" not in set(page.chart("field").data["method"])
    assert "Analysts" in set(opened("sotp", "2024Q4").chart("field").data["method"])


def test_the_table_of_published_values_rests_on_their_documents(page: Page) -> None:
    table = page.table("published")
    named = {document.document for figure in table.source for document in figure.sources()}
    shares = {document.document for document in open_edition("2025Q4").shares.sources()}
    assert len(named - shares) > 3


def test_articles_are_not_among_the_published_values(page: Page) -> None:
    who = set(page.table("published").frame["entity"])
    assert "Morgan Stanley (Nowak)" in who
    assert not {"TradingKey", "Motley Fool", "Dutch investment newsletter"} & who


def test_of_two_targets_by_one_house_the_later_counts(page: Page) -> None:
    frame = page.table("published").frame
    assert [float(x) for x in frame.loc[frame["entity"] == "BofA Securities", "share"]] == [286.0]


def test_bars_of_the_field_rise_from_low_to_high(page: Page) -> None:
    data = page.chart("field").data
    assert (data["low"] < data["base"]).all()
    assert (data["base"] < data["high"]).all()


@in_editions("2025Q4 base", "2021Q3 bear")
def test_the_calculator_s_scenarios_are_the_scenarios(page: Page) -> None:
    assert page.edition is not None
    calculator = page.calculator("play")
    for name in ("bear", "base", "bull"):
        group = open_group(page.edition, name)
        expected = group.values_by_method["parts"][group.index_of(group.horizon_year)]
        assert calculator.results(calculator.presets[name])["value"] == pytest.approx(expected, rel=1e-12)


def test_the_calculator_discounts_as_the_page_does(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    _, today = kernels(group)
    assert today(**preset(group)) == pytest.approx(number(page, "then_discounted"))


def test_a_share_by_more_shares_is_worth_less(page: Page) -> None:
    frame = page.table("shares").frame
    values = [float(each) for each in frame["value"]]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
