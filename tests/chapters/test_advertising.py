"""The advertising page splits reported profit without making any, and says what was not public."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters.advertising import values_by_year
from analysis.data import open_edition
from analysis.formats import percent, show
from analysis.valuation.group import open_group
from analysis.valuation.retail import break_even, stores_income

YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
EDITIONS = [
    ("2025Q4", "base"),
    ("2024Q4", "base"),
    ("2025Q1", "bull"),
    ("2021Q4", "bear"),
    ("2021Q3", "base"),
]
ADVERTISING = "service_lines.advertising_services"


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("advertising", "2025Q4", "base")


def value(page: Page, key: str) -> float:
    return page.numbers[key].number


@pytest.fixture(scope="module")
def retail_income(reported: Callable[..., float]) -> float:
    segments = ("segments.north_america.operating_income", "segments.international.operating_income")
    return sum(reported(name, *YEAR) for name in segments)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_page_holds_nothing_published_after_the_cut_off(edition: str, scenario: str) -> None:
    page = open_page("advertising", edition, scenario)
    assert page.edition is not None
    assert max(f.published for f in page.numbers.values() if f.published) <= page.edition.cutoff


def test_sales_are_those_of_four_quarters(page: Page, reported: Callable[..., float]) -> None:
    assert value(page, "sales") == pytest.approx(reported(ADVERTISING, *YEAR), abs=1e-9)


def test_the_stores_are_the_retail_segments_less_advertising(
    page: Page, reported: Callable[..., float]
) -> None:
    segments = ("segments.north_america.net_sales", "segments.international.net_sales")
    stores = sum(reported(name, *YEAR) for name in segments) - reported(ADVERTISING, *YEAR)
    assert value(page, "stores_share") == pytest.approx(reported(ADVERTISING, *YEAR) / stores)


def test_advertising_and_stores_earn_together_what_the_segments_reported(
    page: Page, retail_income: float
) -> None:
    for end in ("low", "base", "high"):
        both = value(page, f"income_{end}") + value(page, f"stores_income_{end}")
        assert both == pytest.approx(retail_income, abs=1e-9)


def test_a_higher_margin_raises_the_value_and_leaves_the_stores_less(page: Page) -> None:
    values = [value(page, f"value_{end}") for end in ("low", "base", "high")]
    left = [value(page, f"stores_margin_{end}") for end in ("low", "base", "high")]
    assert values == sorted(values)
    assert left == sorted(left, reverse=True)


def test_at_the_break_even_margin_the_stores_earn_nothing() -> None:
    edition = open_edition("2025Q4")
    assert stores_income(edition, break_even(edition)).number == pytest.approx(0, abs=1e-9)


def test_value_is_sales_times_margin_times_multiple(page: Page) -> None:
    product = value(page, "sales") * value(page, "margin_base") * value(page, "multiple_base")
    assert value(page, "value_base") == pytest.approx(product)
    assert value(page, "value_share") == pytest.approx(product / (208.27 * 10731 / 1000))


def test_the_margin_alone_moves_the_value_less_than_margin_and_multiple_together(page: Page) -> None:
    for end in ("low", "high"):
        product = value(page, "sales") * value(page, f"margin_{end}") * value(page, "multiple_base")
        assert value(page, f"value_margin_{end}") == pytest.approx(product)
    assert value(page, "value_low") < value(page, "value_margin_low") < value(page, "value_base")
    assert value(page, "value_base") < value(page, "value_margin_high") < value(page, "value_high")


def test_the_page_shows_the_articles_claims_on_advertising_failures_first(page: Page) -> None:
    shown = page.table("claims").frame
    assert any("E36" in claim.plain for claim in shown["claim"])
    failed = [grade == "does not hold" for grade in shown["grade"]]
    assert failed == sorted(failed, reverse=True)
    assert True in failed


def test_rivals_sales_are_the_sums_of_their_quarters(page: Page, observed: Callable[..., float]) -> None:
    for key, entity in (("google_sales", "Google advertising"), ("meta_sales", "Meta advertising")):
        parts = [observed("advertising", entity=entity, metric="revenue", period=quarter) for quarter in YEAR]
        assert value(page, key) == pytest.approx(sum(parts))


def test_the_path_ends_at_the_scenarios_profit_times_its_multiple(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    profit = group.projection.parts["advertising"].operating_income[group.index_of(2030)]
    assert values_by_year(group)[2030] == pytest.approx(profit * group.drivers["exit.multiple_advertising"])
    assert value(page, "value_ahead_base") == pytest.approx(values_by_year(group)[2030])


def test_scenarios_are_in_order_and_shares_of_the_targets_follow(page: Page) -> None:
    worth = [value(page, f"value_ahead_{name}") for name in ("bear", "base", "bull")]
    assert worth == sorted(worth)
    assert value(page, "of_4t") == pytest.approx(worth[1] / 4000)
    assert value(page, "of_5t") == pytest.approx(worth[1] / 5000)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS[:4])
def test_the_calculator_starts_at_the_scenarios_value(edition: str, scenario: str) -> None:
    page = open_page("advertising", edition, scenario)
    results = page.calculator("play").results()
    assert results["value"] == pytest.approx(value(page, f"value_ahead_{scenario}"))
    assert results["sales"] == pytest.approx(value(page, "sales_ahead"))
    assert results["of_5t"] == pytest.approx(results["value"] / 5000)


def test_each_preset_of_the_calculator_gives_that_scenarios_value(page: Page) -> None:
    calculator = page.calculator("play")
    for name, values in calculator.presets.items():
        assert calculator.results(values)["value"] == pytest.approx(value(page, f"value_ahead_{name}"))


def test_before_it_was_reported_apart_the_page_says_so(missing: Callable[[Page], set[str]]) -> None:
    page = open_page("advertising", "2021Q3", "base")
    assert missing(page) == {"size", "growth", "share", "value", "ways", "play", "claims"}
    assert page.numbers["status"].value == "did not yet report"
    assert page.numbers["sales"].value == "an amount not public"


def test_the_first_edition_with_advertising_has_no_growth_by_quarter(
    missing: Callable[[Page], set[str]],
) -> None:
    page = open_page("advertising", "2021Q4", "base")
    assert missing(page) == {"growth", "claims"}
    assert page.numbers["growth_latest"].unit == "text"


def test_years_reported_without_their_quarters_stand_apart_in_the_chart(page: Page) -> None:
    data = page.chart("size").data.set_index("quarter")["sales"]
    assert data.loc["2019Q4"] == pytest.approx(12.625)
    assert data.loc["2020Q1":"2020Q3"].isna().all()


def test_every_chart_tells_its_finding(page: Page, alt_texts: Callable[[Page], dict[str, str]]) -> None:
    texts = alt_texts(page)
    assert show(value(page, "sales"), "usd_bn") in texts["size"]
    assert f"Google {percent(value(page, 'google_growth'), 0)}" in texts["growth"]
    assert percent(value(page, "stores_share")) in texts["share"]
    assert show(value(page, "value_ahead_bull"), "usd_bn") in texts["value"]


def test_the_evidence_holds_only_what_was_public() -> None:
    table = open_page("advertising", "2024Q4", "base").table("evidence")
    assert not any("Google Services" in about for about in table.frame["about"])
    assert list(table.frame["margin"].map(float)) == [0.35, 0.4, 0.5]
