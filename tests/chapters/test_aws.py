"""The AWS page says what the quarter files and the cloud series say, in every edition."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters._aws_play import sales_by_year
from analysis.formats import show
from analysis.valuation.group import open_group

YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
BEFORE = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")
SALES, INCOME = "segments.aws.net_sales", "segments.aws.operating_income"
EDITIONS = [
    ("2025Q4", "base"),
    ("2024Q4", "base"),
    ("2025Q1", "bull"),
    ("2021Q3", "bear"),
    ("2019Q4", "base"),
]


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("aws", "2025Q4", "base")


def value(page: Page, key: str) -> float:
    return page.numbers[key].number


def shown(page: Page, key: str) -> str:
    return show(page.numbers[key].value, page.numbers[key].unit)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_nothing_on_the_page_was_published_after_the_cut_off(edition: str, scenario: str) -> None:
    page = open_page("aws", edition, scenario)
    assert page.edition is not None
    assert max(f.published for f in page.numbers.values() if f.published) <= page.edition.cutoff


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_every_chart_tells_its_finding(
    edition: str, scenario: str, alt_texts: Callable[[Page], dict[str, str]]
) -> None:
    page = open_page("aws", edition, scenario)
    texts = alt_texts(page)
    assert (
        shown(page, "growth_aws" if page.numbers["growth_azure"].unit != "text" else "growth_latest")
        in texts["growth"]
    )
    assert shown(page, "margin_ttm") in texts["margin"]
    assert shown(page, "backlog") in texts["backlog"]
    assert all(shown(page, f"income_{name}") in texts["ahead"] for name in ("bear", "base", "bull"))


def test_sales_margin_and_growth_are_those_of_the_quarter_files(
    page: Page, reported: Callable[..., float]
) -> None:
    sales, income = reported(SALES, *YEAR), reported(INCOME, *YEAR)
    assert value(page, "sales_ttm") == pytest.approx(sales, abs=1e-9)
    assert value(page, "margin_ttm") == pytest.approx(income / sales, abs=1e-12)
    assert value(page, "growth_ttm") == pytest.approx(sales / reported(SALES, *BEFORE) - 1, abs=1e-12)
    latest = reported(SALES, "2025Q4") / reported(SALES, "2024Q4") - 1
    assert value(page, "growth_latest") == pytest.approx(latest, abs=1e-12)


def test_contracted_work_covers_its_amount_over_a_years_sales(
    page: Page, reported: Callable[..., float], observed: Callable[..., float]
) -> None:
    backlog = observed("amazon/key_figures", metric="performance_obligations_usd_bn", period="2025Q4")
    assert value(page, "backlog") == backlog
    assert value(page, "cover") == pytest.approx(backlog / reported(SALES, *YEAR), abs=1e-12)
    assert page.numbers["backlog_word"].value == "faster than"


def test_rivals_grow_as_their_series_say(page: Page, observed: Callable[..., float]) -> None:
    google = [
        observed("cloud", entity="Google Cloud", metric="revenue", period=q) for q in ("2025Q4", "2024Q4")
    ]
    assert value(page, "growth_google") == pytest.approx(google[0] / google[1] - 1)
    assert value(page, "added_google") == pytest.approx(google[0] - google[1])
    azure = observed("cloud", entity="Azure", metric="revenue_growth_yoy_reported", period="2025Q4")
    assert value(page, "growth_azure") == azure


def test_the_slowest_of_three_can_still_add_the_most_dollars(page: Page) -> None:
    rates = [value(page, f"growth_{name}") for name in ("aws", "azure", "google")]
    assert (page.numbers["growth_rank"].value == "the slowest") == (rates[0] == min(rates))
    assert (page.numbers["added_word"].value == "more") == (
        value(page, "added_aws") > value(page, "added_google")
    )


def test_sales_over_the_market_are_those_of_the_same_four_quarters(
    page: Page, reported: Callable[..., float], observed: Callable[..., float]
) -> None:
    market = sum(
        observed("cloud", entity="Cloud infrastructure market", metric="synergy_spend", period=q)
        for q in YEAR
    )
    assert value(page, "of_market") == pytest.approx(reported(SALES, *YEAR) / market)


def test_the_two_houses_are_set_against_each_other_in_one_quarter(
    page: Page, observed: Callable[..., float]
) -> None:
    quarter = page.numbers["canalys_quarter"].value
    assert quarter == "2025Q3"  # Canalys's count of 2025Q4 was not public yet, Synergy's was
    for key, name in (("aws", "AWS"), ("microsoft", "Microsoft"), ("google", "Google Cloud")):
        for found, house in ((f"canalys_{key}", "canalys"), (f"synergy_{key}_then", "synergy")):
            share = observed("cloud", entity=name, metric=f"{house}_market_share", period=quarter)
            assert value(page, found) == share
    assert page.numbers["synergy_quarter"].value == "2025Q4"


def test_scenarios_lie_in_order_and_profit_is_sales_times_margin(page: Page) -> None:
    assert value(page, "income_bear") < value(page, "income_base") < value(page, "income_bull")
    product = value(page, "sales_horizon") * value(page, "margin_horizon")
    assert product == pytest.approx(value(page, "income_horizon"))
    assert value(page, "value_horizon") == pytest.approx(
        value(page, "income_horizon") * value(page, "multiple")
    )


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_calculators_buttons_give_each_scenarios_own_projection(edition: str, scenario: str) -> None:
    page = open_page("aws", edition, scenario)
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
    assert value(page, "sales_ttm") < value(page, "check_sales") < group.projection.parts["aws"].sales[0]
    assert value(page, "check_margin") < value(page, "margin_ttm")


def test_before_rivals_are_in_the_report_the_page_says_so(missing: Callable[[Page], set[str]]) -> None:
    page = open_page("aws", "2019Q4", "base")
    assert {"share", "rivals", "statements"} <= missing(page)
    assert page.numbers["growth_azure"].value == "a rate that was not public"
    assert value(page, "growth_aws") == pytest.approx(value(page, "growth_latest"))
    assert set(page.chart("growth").data["provider"]) == {"AWS"}


def test_the_tables_newest_quarter_agrees_with_the_text(page: Page) -> None:
    newest = page.table("rivals").frame.iloc[0]
    assert newest["quarter"] == "2025Q4"
    assert newest["aws_growth"].number == value(page, "growth_aws")
    assert newest["google"].number == value(page, "sales_google")
