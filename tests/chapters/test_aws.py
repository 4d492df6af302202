"""The AWS page says what the quarter files and the cloud series say, in every edition."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from analysis.chapters._aws_play import sales_by_year
from analysis.valuation.group import open_group
from tests.chapters.reading import (
    BEFORE,
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

SALES, INCOME = "segments.aws.net_sales", "segments.aws.operating_income"


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert (
        shown(page, "growth_aws" if page.numbers["growth_azure"].unit != "text" else "growth_latest")
        in texts["growth"]
    )
    assert shown(page, "margin_ttm") in texts["margin"]
    assert shown(page, "backlog") in texts["backlog"]
    assert all(shown(page, f"income_{name}") in texts["ahead"] for name in ("bear", "base", "bull"))


def test_sales_margin_and_growth_are_those_of_the_quarter_files(page: Page) -> None:
    sales, income = reported(SALES, *YEAR), reported(INCOME, *YEAR)
    assert number(page, "sales_ttm") == pytest.approx(sales, abs=1e-9)
    assert number(page, "margin_ttm") == pytest.approx(income / sales, abs=1e-12)
    assert number(page, "growth_ttm") == pytest.approx(sales / reported(SALES, *BEFORE) - 1, abs=1e-12)
    latest = reported(SALES, "2025Q4") / reported(SALES, "2024Q4") - 1
    assert number(page, "growth_latest") == pytest.approx(latest, abs=1e-12)


def test_contracted_work_covers_its_amount_over_a_years_sales(page: Page) -> None:
    backlog = observed("amazon/key_figures", metric="performance_obligations_usd_bn", period="2025Q4")
    assert number(page, "backlog") == backlog
    assert number(page, "cover") == pytest.approx(backlog / reported(SALES, *YEAR), abs=1e-12)
    assert page.numbers["backlog_word"].value == "faster than"


def test_rivals_grow_as_their_series_say(page: Page) -> None:
    google = [
        observed("cloud", entity="Google Cloud", metric="revenue", period=q) for q in ("2025Q4", "2024Q4")
    ]
    assert number(page, "growth_google") == pytest.approx(google[0] / google[1] - 1)
    assert number(page, "added_google") == pytest.approx(google[0] - google[1])
    azure = observed("cloud", entity="Azure", metric="revenue_growth_yoy_reported", period="2025Q4")
    assert number(page, "growth_azure") == azure


def test_the_slowest_of_three_can_still_add_the_most_dollars(page: Page) -> None:
    rates = [number(page, f"growth_{name}") for name in ("aws", "azure", "google")]
    assert (page.numbers["growth_rank"].value == "the slowest") == (rates[0] == min(rates))
    assert (page.numbers["added_word"].value == "more") == (
        number(page, "added_aws") > number(page, "added_google")
    )


def test_sales_over_the_market_are_those_of_the_same_four_quarters(page: Page) -> None:
    market = sum(
        observed("cloud", entity="Cloud infrastructure market", metric="synergy_spend", period=q)
        for q in YEAR
    )
    assert number(page, "of_market") == pytest.approx(reported(SALES, *YEAR) / market)


def test_the_two_houses_are_set_against_each_other_in_one_quarter(page: Page) -> None:
    quarter = page.numbers["canalys_quarter"].value
    assert quarter == "2025Q3"  # Canalys's count of 2025Q4 was not public yet, Synergy's was
    for key, name in (("aws", "AWS"), ("microsoft", "Microsoft"), ("google", "Google Cloud")):
        for found, house in ((f"canalys_{key}", "canalys"), (f"synergy_{key}_then", "synergy")):
            share = observed("cloud", entity=name, metric=f"{house}_market_share", period=quarter)
            assert number(page, found) == share
    assert page.numbers["synergy_quarter"].value == "2025Q4"


def test_scenarios_lie_in_order_and_profit_is_sales_times_margin(page: Page) -> None:
    assert number(page, "income_bear") < number(page, "income_base") < number(page, "income_bull")
    product = number(page, "sales_horizon") * number(page, "margin_horizon")
    assert product == pytest.approx(number(page, "income_horizon"))
    assert number(page, "value_horizon") == pytest.approx(
        number(page, "income_horizon") * number(page, "multiple")
    )


@in_editions("2025Q4 base", "2019Q4 base")
def test_the_calculators_buttons_give_each_scenarios_own_projection(page: Page) -> None:
    play = page.calculator("play")
    assert page.edition is not None
    for name, preset in play.presets.items():
        group = open_group(page.edition, name)
        index, part = group.index_of(2030), group.projection.parts["aws"]
        found = play.results(preset)
        assert found["sales"] == pytest.approx(part.sales[index], rel=1e-9)
        assert found["income"] == pytest.approx(part.operating_income[index], rel=1e-9)
        assert found["value"] == pytest.approx(
            part.operating_income[index] * group.drivers["exit.multiple_aws"], rel=1e-9
        )


def test_the_buttons_set_the_rates_of_the_projections_own_first_and_last_year(page: Page) -> None:
    assert page.edition is not None
    for name, preset in page.calculator("play").presets.items():
        group = open_group(page.edition, name)
        path = (group.base.aws.sales, *group.projection.parts["aws"].sales[:5])
        assert preset["growth_first"] == pytest.approx(path[1] / path[0] - 1, rel=1e-9)
        assert preset["growth_last"] == pytest.approx(path[5] / path[4] - 1, rel=1e-9)
        rates = preset["growth_first"], preset["growth_last"]
        assert sales_by_year(path[0], *rates, (1.0,) * 5) == pytest.approx(path[1:], rel=1e-9)


@pytest.mark.parametrize("slider", ["growth_first", "growth_last", "margin", "multiple"])
def test_each_slider_raises_the_value(page: Page, slider: str) -> None:
    play = page.calculator("play")
    start = play.start()
    assert play.results({slider: start[slider] * 1.1})["value"] > play.results()["value"]


def test_the_threshold_lies_below_what_is_projected(page: Page) -> None:
    assert page.edition is not None
    group = open_group(page.edition, "base")
    assert number(page, "sales_ttm") < number(page, "check_sales") < group.projection.parts["aws"].sales[0]
    assert number(page, "check_margin") < number(page, "margin_ttm")


def test_before_rivals_are_in_the_report_the_page_says_so() -> None:
    page = opened("aws", "2019Q4")
    assert {"share", "rivals", "statements"} <= missing(page)
    assert page.numbers["growth_azure"].value == "a rate that was not public"
    assert number(page, "growth_aws") == pytest.approx(number(page, "growth_latest"))
    assert set(page.chart("growth").data["provider"]) == {"AWS"}


def test_the_tables_newest_quarter_agrees_with_the_text(page: Page) -> None:
    newest = page.table("rivals").frame.iloc[0]
    assert newest["quarter"] == "2025Q4"
    assert newest["aws_growth"].number == number(page, "growth_aws")
    assert newest["google"].number == number(page, "sales_google")
