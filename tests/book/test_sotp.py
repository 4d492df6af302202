"""The sum of the parts: every part once, today and at the horizon, and what it leaves for AWS."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.articles.reproduce_parts import stated_parts
from analysis.model.parts.sum_of_parts import OverlapError, sum_of_parts
from analysis.report.shown import Unavailable
from tests.notebooks import EARLY, run

EDITIONS = [("2025Q4", "base"), ("2021Q3", "bear"), EARLY]


def test_the_sum_is_parts_times_multiples_plus_the_balance() -> None:
    page, report = run("sotp"), run("sotp").report
    retail = (report.edition.ttm(f"segments.{s}.net_sales") for s in ("north_america", "international"))
    advertising = float(report.edition.ttm("service_lines.advertising_services"))
    parts = float(report.edition.ttm("segments.aws.operating_income")) * float(
        report.driver("sotp.multiple_aws")
    )
    parts += (
        advertising
        * float(report.driver("advertising.operating_margin"))
        * float(report.driver("sotp.multiple_advertising"))
    )
    parts += (sum(map(float, retail)) - advertising) * float(report.driver("sotp.sales_multiple_stores"))
    cash, held, owed = (
        float(report.edition.figure(f"balance.{name}"))
        for name in ("cash_and_equivalents", "marketable_securities", "long_term_debt")
    )
    stake = float(report.group.market.balance.stakes["Anthropic"])
    assert float(page["enterprise"]) == pytest.approx(parts / 1000)
    assert float(page["today"]) == pytest.approx((parts + cash + held - owed) / 1000 + stake)


def test_the_multiple_left_for_aws_pays_for_the_gap() -> None:
    page = run("sotp")
    income = float(run("sotp").report.edition.ttm("segments.aws.operating_income")) / 1000
    excess = float(page["paid"] - page["multiple_aws"]) * income
    assert float(page["today"]) + excess == pytest.approx(208.27 * 10731 / 1000)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_low_middle_and_high_are_in_order(edition: str, scenario: str) -> None:
    page = run("sotp", edition, scenario)
    assert page["today_low"] < page["today"] < page["today_high"]
    assert page["then_low"] < page["then"] < page["then_high"]
    assert page["t4t_paid"] < page["t5t_paid"]
    assert page["t4t_then"] < page["t5t_then"]
    field = page.parts["field"].data
    assert (field["Low"] <= field["Middle"]).all()
    assert (field["Middle"] <= field["High"]).all()


@pytest.mark.parametrize("edition", ["2025Q4", "2024Q4"])
def test_the_multiple_paid_is_placed_against_its_range(edition: str) -> None:
    page = run("sotp", edition)
    low, paid, high = page["check_multiple"], page["paid"], page["multiple_aws_high"]
    expected = "below" if paid < low else "above" if paid > high else "within"
    assert str(page["paid_place"]) == expected


def test_discounting_takes_the_cost_of_equity_and_new_shares() -> None:
    page = run("sotp")
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    yearly = (1 + float(page["asked"])) * (1 + float(page["issued"]))
    assert float(page["t4t_now"]) == pytest.approx(4000 / yearly**years)


def test_an_article_s_sum_is_refused_reproduced_and_put_right() -> None:
    page = run("sotp")
    assert float(page["article_total"]) == pytest.approx(9 * 39.8 + 6 * 25 + 120)
    assert float(page["article_once"]) == pytest.approx(9 * 39.8 + 6 * 25)
    assert float(page["article_implied"]) == pytest.approx((1800 - 6 * 25 - 120) / 39.8)
    assert str(page["refusal"]) == (
        "Retail and Advertising both count advertising in International and advertising in North America"
    )
    with pytest.raises(OverlapError, match="Retail and Advertising both count"):
        sum_of_parts(stated_parts(run("sotp").report.article_inputs("sotp_total")))


def test_before_the_article_appeared_its_sum_is_absent() -> None:
    page = run("sotp", "2024Q4")
    assert page["article_total"].is_absent
    assert isinstance(page.parts["double"], Unavailable)
    assert not run("sotp", "2024Q4-2025-04-02")["article_total"].is_absent


@pytest.mark.parametrize(
    ("edition", "said", "has_row"),
    [("2025Q4", "$2.07T to $3.85T", True), ("2021Q3", "$1.81T", True), ("2019Q4", None, False)],
)
def test_values_that_others_published_are_told_as_a_range(
    edition: str, said: str | None, has_row: bool
) -> None:
    page = run("sotp", edition)
    assert page["others"].is_absent if said is None else str(page["others"]) == said
    assert ("Analysts" in set(page.parts["field"].data["Method"])) is has_row
    assert isinstance(page.parts["published"], Unavailable) is not has_row


def test_articles_are_not_among_the_published_values_and_each_house_is_there_once() -> None:
    frame = run("sotp").parts["published"].frame
    assert "Morgan Stanley (Nowak)" in set(frame["Who"])
    assert not {"TradingKey", "Motley Fool", "Dutch investment newsletter"} & set(frame["Who"])
    assert [float(share) for share in frame.loc[frame["Who"] == "BofA Securities", "A share"]] == [286.0]


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_calculator_s_scenarios_are_the_scenarios(edition: str, scenario: str) -> None:
    page, report = run("sotp", edition, scenario), run("sotp", edition, scenario).report
    play = page.parts["play"]
    for name, case in report.scenarios.items():
        expected = float(case.value(method="parts"))
        assert play.results(play.presets[name])["value"] == pytest.approx(expected, rel=1e-12)


def test_a_share_by_more_shares_is_worth_less() -> None:
    worth = [float(each) for each in run("sotp").parts["shares"].frame["Sum of the parts a share"]]
    assert worth == sorted(worth, reverse=True)
    assert len(worth) == 3
