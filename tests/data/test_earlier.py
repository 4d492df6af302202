"""An earlier edition made from a later one knows what it would know if it were opened."""

from datetime import date

import pytest

from analysis.data import DataError, Edition, open_edition

FIELDS = [
    "income.net_sales",
    "segments.aws.operating_income",
    "service_lines.advertising_services",
    "service_lines.other_incl_advertising",
    "cash_flow.depreciation_and_amortization",
    "balance.shares_outstanding",
]


@pytest.fixture(scope="module")
def latest() -> Edition:
    return open_edition("2025Q4")


@pytest.mark.parametrize("label", ["2019Q4", "2021Q3", "2021Q4", "2023Q2", "2024Q4-2025-04-02", "2025Q4"])
def test_it_is_the_edition_that_opening_gives(latest: Edition, label: str) -> None:
    made, opened = latest.earlier(label), open_edition(label)
    assert made.record.label == label
    assert (made.cutoff, made.quarter, made.quarters()) == (opened.cutoff, opened.quarter, opened.quarters())
    assert made.market_value.number == opened.market_value.number
    assert made.frame(FIELDS).equals(opened.frame(FIELDS))
    assert made.frame(FIELDS[:4], basis="ttm").equals(opened.frame(FIELDS[:4], basis="ttm"))
    assert made.prices().equals(opened.prices())
    metric = "guidance_net_sales_low_usd_bn"
    assert made.key_figures(metric).equals(opened.key_figures(metric))
    assert made.drivers("bear")["aws.growth_change"] == opened.drivers("bear")["aws.growth_change"]


def test_what_the_later_edition_was_asked_before_makes_no_difference(latest: Edition) -> None:
    latest.ttm("income.net_sales")
    latest.prices()
    early = latest.earlier("2020Q1")
    assert early.prices().index[-1].date() <= early.cutoff == date(2020, 5, 1)
    assert early.get("service_lines.advertising_services", "2020Q1") is None


def test_an_edition_that_saw_more_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="2025Q4 saw what was public on 2026-03-31"):
        open_edition("2025Q4-2026-02-06").earlier("2025Q4")


def test_an_edition_that_does_not_exist_is_named(latest: Edition) -> None:
    with pytest.raises(DataError, match=r"editions/2018Q1\.yml"):
        latest.earlier("2018Q1")


def test_a_scenario_is_read_once(latest: Edition) -> None:
    assert latest.drivers("bull") is latest.drivers("bull")
    assert latest.drivers("bull").scenario == "bull"
