"""The advertising page splits reported profit without making any, and says what was not public."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from analysis.chapters.advertising import values_by_year
from analysis.data import open_edition
from analysis.formats import percent, show
from analysis.valuation.group import open_group
from analysis.valuation.retail import break_even, stores_income
from tests.chapters.reading import YEAR, alt_texts, in_editions, missing, number, observed, opened, reported

ADVERTISING = "service_lines.advertising_services"


@pytest.fixture(scope="module")
def retail_income() -> float:
    segments = ("segments.north_america.operating_income", "segments.international.operating_income")
    return sum(reported(name, *YEAR) for name in segments)


def test_sales_are_those_of_four_quarters(page: Page) -> None:
    assert number(page, "sales") == pytest.approx(reported(ADVERTISING, *YEAR), abs=1e-9)


def test_the_stores_are_the_retail_segments_less_advertising(page: Page) -> None:
    segments = ("segments.north_america.net_sales", "segments.international.net_sales")
    stores = sum(reported(name, *YEAR) for name in segments) - reported(ADVERTISING, *YEAR)
    assert number(page, "stores_share") == pytest.approx(reported(ADVERTISING, *YEAR) / stores)


def test_advertising_and_stores_earn_together_what_the_segments_reported(
    page: Page, retail_income: float
) -> None:
    for end in ("low", "base", "high"):
        both = number(page, f"income_{end}") + number(page, f"stores_income_{end}")
        assert both == pytest.approx(retail_income, abs=1e-9)


def test_a_higher_margin_raises_the_value_and_leaves_the_stores_less(page: Page) -> None:
    values = [number(page, f"value_{end}") for end in ("low", "base", "high")]
    left = [number(page, f"stores_margin_{end}") for end in ("low", "base", "high")]
    assert values == sorted(values)
    assert left == sorted(left, reverse=True)


def test_at_the_break_even_margin_the_stores_earn_nothing() -> None:
    edition = open_edition("2025Q4")
    assert stores_income(edition, break_even(edition)).number == pytest.approx(0, abs=1e-9)


def test_value_is_sales_times_margin_times_multiple(page: Page) -> None:
    product = number(page, "sales") * number(page, "margin_base") * number(page, "multiple_base")
    assert number(page, "value_base") == pytest.approx(product)
    assert number(page, "value_share") == pytest.approx(product / (208.27 * 10731 / 1000))


def test_the_margin_alone_moves_the_value_less_than_margin_and_multiple_together(page: Page) -> None:
    for end in ("low", "high"):
        product = number(page, "sales") * number(page, f"margin_{end}") * number(page, "multiple_base")
        assert number(page, f"value_margin_{end}") == pytest.approx(product)
    assert number(page, "value_low") < number(page, "value_margin_low") < number(page, "value_base")
    assert number(page, "value_base") < number(page, "value_margin_high") < number(page, "value_high")


def test_rivals_sales_are_the_sums_of_their_quarters(page: Page) -> None:
    for key, entity in (("google_sales", "Google advertising"), ("meta_sales", "Meta advertising")):
        parts = [observed("advertising", entity=entity, metric="revenue", period=quarter) for quarter in YEAR]
        assert number(page, key) == pytest.approx(sum(parts))


def test_the_path_ends_at_the_scenarios_profit_times_its_multiple(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    profit = group.projection.parts["advertising"].operating_income[group.index_of(2030)]
    assert values_by_year(group)[2030] == pytest.approx(profit * group.drivers["exit.multiple_advertising"])
    assert number(page, "value_ahead_base") == pytest.approx(values_by_year(group)[2030])


def test_scenarios_are_in_order_and_shares_of_the_targets_follow(page: Page) -> None:
    worth = [number(page, f"value_ahead_{name}") for name in ("bear", "base", "bull")]
    assert worth == sorted(worth)
    assert number(page, "of_4t") == pytest.approx(worth[1] / 4000)
    assert number(page, "of_5t") == pytest.approx(worth[1] / 5000)


@in_editions("2025Q4 base", "2025Q1 bull", "2021Q4 bear")
def test_the_calculator_starts_at_the_scenarios_value(page: Page) -> None:
    results = page.calculator("play").results()
    assert results["value"] == pytest.approx(number(page, f"value_ahead_{page.scenario}"))
    assert results["sales"] == pytest.approx(number(page, "sales_ahead"))
    assert results["of_5t"] == pytest.approx(results["value"] / 5000)


def test_each_preset_of_the_calculator_gives_that_scenarios_value(page: Page) -> None:
    calculator = page.calculator("play")
    for name, values in calculator.presets.items():
        assert calculator.results(values)["value"] == pytest.approx(number(page, f"value_ahead_{name}"))


def test_before_it_was_reported_apart_the_page_says_so() -> None:
    page = opened("advertising", "2021Q3")
    assert missing(page) == {"size", "growth", "share", "value", "ways", "play", "claims"}
    assert page.numbers["status"].value == "did not yet report"
    assert page.numbers["sales"].value == "an amount not public"


def test_the_first_edition_with_advertising_has_no_growth_by_quarter() -> None:
    page = opened("advertising", "2021Q4")
    assert missing(page) == {"growth", "claims"}
    assert page.numbers["growth_latest"].unit == "text"


def test_years_reported_without_their_quarters_stand_apart_in_the_chart(page: Page) -> None:
    data = page.chart("size").data.set_index("quarter")["sales"]
    assert data.loc["2019Q4"] == pytest.approx(12.625)
    assert data.loc["2020Q1":"2020Q3"].isna().all()


def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert show(number(page, "sales"), "usd_bn") in texts["size"]
    assert f"Google {percent(number(page, 'google_growth'), 0)}" in texts["growth"]
    assert percent(number(page, "stores_share")) in texts["share"]
    assert show(number(page, "value_ahead_bull"), "usd_bn") in texts["value"]


def test_the_evidence_holds_only_what_was_public() -> None:
    table = opened("advertising", "2024Q4").table("evidence")
    assert not any("Google Services" in about for about in table.frame["about"])
    assert list(table.frame["margin"].map(float)) == [0.35, 0.4, 0.5]
