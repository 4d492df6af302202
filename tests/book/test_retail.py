"""The retail page: what is reported, what advertising leaves, and values that follow from it."""

from __future__ import annotations

import pytest

from analysis.figures import Figure
from tests.notebooks import run


def test_what_is_left_is_reported_income_less_advertisings() -> None:
    page = run("retail")
    taken = page["advertising"].number * page["assumed_base"].number
    assert page["left_base"].number == pytest.approx(page["income"].number - taken)
    assert page["break_even"].number * page["advertising"].number == pytest.approx(page["income"].number)
    needed = page["needed_margin"].number * page["sales"].number
    assert needed == pytest.approx(taken)


def test_charges_are_those_of_the_last_four_quarters() -> None:
    page = run("retail")
    assert page["charges"].number == pytest.approx(2.5 + 1.8 + 0.61 + 0.73 + 1.1)
    assert page["break_even_without"] > page["break_even"]
    before = run("retail", "2024Q4", "bull")
    assert before["charges"].value == "none on record"
    assert before["break_even_without"].number == before["break_even"].number


def test_shipping_is_a_year_as_stated_or_the_sum_of_four_quarters() -> None:
    page = run("retail")
    spent = page.names["report"].key_figure("ww_shipping_costs").twelve_months()
    assert spent["2025Q3"].number == pytest.approx((28549 + 22495 + 23370 + 25384) / 1000)
    assert spent["2021Q4"].number == pytest.approx(76.7)
    assert str(page["delivery_quarter"]) == "2025Q3"
    assert page["delivery"].number == pytest.approx(page["shipping"].number + page["fulfilment"].number)


def test_a_year_without_shipping_costs_is_a_gap_not_a_zero() -> None:
    shown = run("retail").parts["costs"].data.set_index("Quarter")
    assert shown.loc[["2021Q4", "2023Q4"]].notna().all(axis=None)
    assert "2022Q4" not in shown.dropna().index


def test_the_low_end_by_profit_has_advertisings_margin_at_its_highest() -> None:
    page, report = run("retail"), run("retail").report
    multiple = "exit.multiple_stores"
    least = page["left_high"].number * report.low(multiple).number
    most = page["left_low"].number * report.high(multiple).number
    ends = [page.names["by_profit"][end].number for end in ("low", "high")]
    assert ends == pytest.approx([least, most])
    assert str(page["profit_span"]) == f"anywhere from ${least:.0f}bn to ${most:.0f}bn"


def test_what_profit_is_worth_next_to_nothing_is_said_so() -> None:
    span = run("retail").names["span"]
    none, little, much = (Figure(value, "usd_bn", "Stores") for value in (0.0, 0.3, 40.0))
    assert [str(span(*ends)) for ends in ((none, much), (little, much), (none, little), (none, none))] == [
        "anywhere from nothing to $40bn",
        "anywhere from next to nothing to $40bn",
        "at next to nothing, even at the high end",
        "at nothing, even at the high end",
    ]


def test_the_value_ahead_is_the_projections_profit_times_the_multiple() -> None:
    report = run("retail").report
    profit = report.projected("stores.operating_income")[2030]
    value = profit.number * report.driver("exit.multiple_stores").number
    assert run("retail")["ahead_base"].number == pytest.approx(value)


@pytest.mark.parametrize(("as_of", "scenario"), [("2025Q4", "base"), ("2021Q4", "bear"), ("2019Q4", "base")])
def test_ranges_are_in_order_and_never_negative(as_of: str, scenario: str) -> None:
    for value in run("retail", as_of, scenario).names["worth"].values():
        assert 0 <= value["low"].number <= value["base"].number <= value["high"].number


def test_stores_that_lose_money_are_worth_nothing_by_profit() -> None:
    page = run("retail", "2021Q4", "bear")
    assert page["left_base"].number < 0
    assert page["profit_base"].number == 0


def test_before_advertising_was_apart_the_segments_stand_whole() -> None:
    page = run("retail", "2019Q4", "base")
    assert page["valued_how"].value == "with their advertising inside"
    assert page["left_base"].is_absent
    assert page.missing == {"left", "units", "claims"}
    multiple = page.report.driver("sotp.sales_multiple_retail")
    assert page["sales_base"].number == pytest.approx(page["sales"].number * multiple.number)


def test_a_value_of_the_end_of_the_decade_is_not_set_against_todays_market_value() -> None:
    page = run("retail")
    shares = list(page.parts["ways"].frame["share"])
    market = 208.27 * 10731 / 1000
    assert shares[0].number == pytest.approx(page["sales_base"].number / market)
    assert shares[1].number == pytest.approx(page["profit_base"].number / market)
    assert shares[2] is None


@pytest.mark.parametrize(
    ("part", "key"),
    [("margins", "margin_north_america"), ("left", "left_margin_base"), ("costs", "delivery"),
     ("units", "units"), ("value", "profit_base")],
)  # fmt: skip
def test_every_chart_tells_its_finding(part: str, key: str) -> None:
    page = run("retail")
    assert str(page[key]) in page.parts[part].description


def test_units_that_were_not_public_are_left_out_of_what_a_chart_tells() -> None:
    told = run("retail", "2022Q4", "base").parts["units"].description
    assert "Stores' sales grew by 5.8% in 2022Q4." in told


def test_a_scenario_set_by_its_button_has_the_stores_worth_what_it_says() -> None:
    page = run("retail")
    play = page.parts["play"]
    assert play.results()["value_then"] == pytest.approx(page["ahead_base"].number, rel=1e-12)
    bull = run("retail", "2025Q4", "bull")
    assert play.results(play.presets["bull"])["value_then"] == pytest.approx(
        bull["ahead_base"].number, rel=1e-12
    )
