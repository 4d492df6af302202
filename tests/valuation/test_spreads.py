"""The width of the draws of growth: from past misses where there are enough, else from the file."""

import math

import numpy as np
import pytest

from analysis.data import Edition
from analysis.model.odds.distributions import Normal
from analysis.valuation import odds
from analysis.valuation.backtest import AWS_SALES_SERIES, growth_misses
from analysis.valuation.group import open_group
from analysis.valuation.spreads import MINIMUM, growth_spreads, spread_figure


def test_the_width_is_that_of_past_misses_scaled_to_growth(edition: Edition) -> None:
    misses = list(growth_misses(edition, [AWS_SALES_SERIES])["aws_sales"].values())
    spread = growth_spreads(open_group(edition, "base"))["aws.growth_change"]
    exact = math.sqrt(np.mean(np.square(misses)))
    assert spread.sd == pytest.approx(exact * (1 + spread.growth))
    assert spread.growth == pytest.approx((128725 / 107556 - 1 + 35579 / 28786 - 1) / 2)


def test_a_miss_of_sales_is_a_miss_of_growth_times_one_plus_growth(edition: Edition) -> None:
    """Sales a tenth below the forecast are what the driver gives when it is a tenth of 1 + growth lower."""
    group = open_group(edition, "base")
    growth = growth_spreads(group)["aws.growth_change"].growth
    lower = {**group.drivers, "aws.growth_change": group.drivers["aws.growth_change"] - 0.1 * (1 + growth)}
    usual, less = (
        odds.project(group.base, drivers, (1.0,)).parts["aws"].sales[0] for drivers in (group.drivers, lower)
    )
    assert less == pytest.approx(0.9 * usual)


def test_draws_are_normal_about_the_scenario_s_value(edition: Edition) -> None:
    group = open_group(edition, "bull")
    made = odds.distributions(group)["aws.growth_change"]
    assert made == Normal(
        edition.drivers("bull")["aws.growth_change"].value, growth_spreads(group)["aws.growth_change"].sd
    )


def test_stores_take_their_own_record_when_it_is_long_enough(edition: Edition) -> None:
    def record(label: str) -> str:
        spreads = growth_spreads(open_group(edition.earlier(label), "base"))
        return spreads["stores.growth_change"].series.name

    assert (record("2025Q2"), record("2025Q3")) == ("retail_sales", "stores_sales")


def test_without_enough_misses_the_file_s_range_stays(edition: Edition) -> None:
    early = open_group(edition.earlier("2022Q2"), "base")
    assert len(growth_misses(early.edition, [AWS_SALES_SERIES])["aws_sales"]) == MINIMUM - 1
    assert growth_spreads(early) == {}
    driver = early.edition.drivers("base")["aws.growth_change"]
    assert odds.distributions(early)["aws.growth_change"] == odds.stated_by_file(driver)
    next_one = open_group(edition.earlier("2022Q3"), "base")
    assert set(growth_spreads(next_one)) == {"aws.growth_change", "stores.growth_change"}


def test_no_width_rests_on_what_came_after_the_cut_off(edition: Edition) -> None:
    group = open_group(edition.earlier("2024Q1"), "base")
    for spread in growth_spreads(group).values():
        assert max(spread.misses) == "2023Q1"
        published = spread_figure(spread, group).published
        assert published is not None
        assert published <= group.edition.cutoff
