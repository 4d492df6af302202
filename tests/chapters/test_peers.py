"""The peers page compares on one day, with one definition, and only what was public."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.chapters import Page
from analysis.charts.peers import _boxes, _sides
from analysis.data import AbsentFigure, open_edition
from analysis.formats import multiple
from analysis.valuation.peers import by_month, other_days, same_day
from tests.chapters.reading import YEAR, alt_texts, missing, number, observed, opened, reported


def test_all_companies_are_priced_on_one_day() -> None:
    companies = same_day(open_edition("2025Q4"))
    assert {peer.priced for peer in companies} == {date(2026, 3, 31)}
    assert [peer.name for peer in companies] == ["Amazon", "Meta", "Alphabet", "Apple", "Microsoft", "Nvidia"]


def test_a_company_whose_share_count_was_filed_later_is_left_out() -> None:
    names = {peer.name for peer in same_day(open_edition("2025Q1"))}
    assert "Nvidia" not in names
    assert "Nvidia" in {peer.name for peer in same_day(open_edition("2025Q1-2025-06-13"))}


def test_sales_and_profit_of_a_company_are_of_the_same_twelve_months() -> None:
    apple = next(peer for peer in same_day(open_edition("2025Q4")) if peer.name == "Apple")
    assert (apple.sales_end, apple.months_behind) == ((2025, 9), 6)
    assert apple.margin.number == pytest.approx(133.05 / 416.161)


def test_before_any_peer_was_public_there_is_no_comparison() -> None:
    with pytest.raises(AbsentFigure, match="no day with results"):
        same_day(open_edition("2024Q4"))
    page = opened("peers", "2024Q4")
    assert missing(page) >= {"both", "margin", "growth", "companies"}
    assert "median_sales" not in page.numbers


def test_other_days_hold_companies_without_a_value_of_that_day() -> None:
    assert [peer.name for peer in other_days(open_edition("2025Q4"))] == ["Walmart", "Oracle"]
    assert other_days(open_edition("2025Q1")) == ()


def test_amazons_multiples_are_those_of_the_files(page: Page) -> None:
    worth = observed("peers/market_values", ticker="AMZN", date="2026-03-31")
    assert number(page, "amazon_sales") == pytest.approx(worth / reported("income.net_sales", *YEAR))
    assert number(page, "amazon_profit") == pytest.approx(worth / reported("income.operating_income", *YEAR))


def test_medians_are_the_middle_of_the_five_others(page: Page) -> None:
    others = [peer for peer in same_day(open_edition("2025Q4")) if peer.name != "Amazon"]
    assert number(page, "median_sales") == sorted(peer.price_to_sales.number for peer in others)[2]
    assert number(page, "median_profit") == sorted(peer.income_multiple.number for peer in others)[2]


def test_a_low_multiple_of_sales_goes_with_a_low_margin_not_with_a_low_multiple_of_profit(page: Page) -> None:
    assert page.numbers["sales_rank"].value == "the lowest of six"
    assert page.numbers["margin_rank"].value == "the lowest of six"
    assert page.numbers["profit_rank"].value == "the third highest of six"
    assert number(page, "at_median_sales") > 2 * number(page, "at_median_profit")


def test_months_use_only_results_that_were_public_at_their_end() -> None:
    months = {month.label: month for month in by_month(open_edition("2025Q4"))}
    before, after = months["2026-01"], months["2026-02"]  # the results came on 5 February 2026
    sales = {f.label for f in before.price_to_sales.inputs}
    assert "Net sales, twelve months to 2025Q3" in sales
    assert "Net sales, twelve months to 2025Q4" in {f.label for f in after.price_to_sales.inputs}
    for label, month in months.items():
        published = month.price_to_sales.published
        assert published is not None
        assert f"{published:%Y-%m}" <= label


def test_the_last_month_is_the_editions_own_price(page: Page) -> None:
    last = by_month(open_edition("2025Q4"))[-1]
    assert last.price_to_sales.number == number(page, "price_to_sales")


def test_profit_for_a_target_is_worth_it_at_todays_multiple(page: Page) -> None:
    assert number(page, "profit_4t") * number(page, "income_multiple") == pytest.approx(4000)
    assert number(page, "profit_growth_5t") > number(page, "profit_growth_4t") > 0


def test_the_scenario_moves_the_multiple_at_the_end_of_the_decade() -> None:
    found = [opened("peers", "2025Q4", s).numbers["exit_multiple"].number for s in ("bear", "base", "bull")]
    assert found == sorted(found)
    assert found[0] < found[2]


def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert multiple(number(page, "amazon_profit"), 1) in texts["both"]
    assert "2 lie above it" in texts["margin"]
    assert "Nvidia grows fastest" in texts["growth"]
    assert multiple(number(page, "sales_high"), 1) in texts["sales_over_time"]
    assert multiple(number(page, "profit_high"), 1) in texts["profit_over_time"]


def test_no_name_stands_on_a_point_or_on_another_name() -> None:
    places = [(0.1, 0.5), (0.17, 0.5), (0.2, 0.46), (0.95, 0.5), (0.5, 0.98)]
    names = ["Apple", "Amazon", "Alphabet", "Nvidia", "Meta"]
    sides = _sides(places, names)
    boxes = [
        _boxes(*place, 0.03 * len(name))[side] for place, name, side in zip(places, names, sides, strict=True)
    ]
    assert all(box.inside for box in boxes)
    assert not any(one.meets(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert sides[3] == "left"


def test_past_medians_are_told_in_the_other_measure_at_todays_margin(page: Page) -> None:
    margin = number(page, "margin")
    assert number(page, "sales_median_told") == pytest.approx(number(page, "sales_median") / margin)
    assert number(page, "profit_median_told") == pytest.approx(number(page, "profit_median") * margin)
    assert number(page, "first_margin") < margin
    assert page.numbers["profit_cheaper"].value == "in none of the months"


def test_sentences_on_peers_are_left_out_before_any_was_public() -> None:
    page = opened("peers", "2024Q4")
    told = page.note("answer").content.plain
    assert told.startswith("What investors paid for other large platforms on one day was not public by")
    assert "month by month since January 2019" in told
    assert not hasattr(page.note("medians"), "content")
