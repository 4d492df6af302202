"""The width of the draws of growth: from past misses where there are enough, else from the file."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.data import Edition
from analysis.model.odds.distributions import Normal
from analysis.model.projection.segments import PartToday, Trailing, rates_of_growth
from analysis.valuation import odds
from analysis.valuation.backtest import AWS_SALES_SERIES, growth_misses
from analysis.valuation.first_years import forecast_parts
from analysis.valuation.group import Group, open_group
from analysis.valuation.spreads import MINIMUM, growth_spreads, later_width, precision, spread_figure, width


def test_the_width_lies_between_what_misses_one_and_two_years_ahead_ask(edition: Edition) -> None:
    """Each as found by moving the driver in the projection itself."""
    group = open_group(edition, "base")
    spread = growth_spreads(group)["aws.growth_change"]
    asked = []
    for year in (1, 2):
        misses = list(growth_misses(edition, [AWS_SALES_SERIES], year)["aws_sales"].values())
        per_point = math.log(aws_sales(group, 1e-6)[year - 1] / aws_sales(group, 0.0)[year - 1]) / 1e-6
        asked.append(math.sqrt(np.mean(np.square(misses))) / per_point)
    assert spread.sd == pytest.approx(math.sqrt(asked[0] * asked[1]), rel=1e-5)
    assert spread.against_misses == pytest.approx((spread.sd / asked[0], spread.sd / asked[1]), rel=1e-5)
    assert asked[0] < spread.sd < asked[1]
    assert spread_figure(spread, group).number == pytest.approx(spread.sd)
    ahead = sum(made.number for made in forecast_parts(edition)["aws"][:4])
    assert spread.growth[0] == pytest.approx(ahead / 128.725 - 1)


def test_with_the_second_shock_sales_spread_as_misses_carried_on_to_five_years(edition: Edition) -> None:
    """Both shocks moved in the projection itself, to the end of the fifth year."""
    group = open_group(edition, "base")
    spread = growth_spreads(group)["aws.growth_change"]
    assert spread.missed_later is not None
    assert spread.sd_later is not None
    far = spread.missed * (spread.missed_later / spread.missed) ** (math.log(5) / math.log(2))

    def sales(change: float, shock: float) -> tuple[float, ...]:
        base = replace(group.base, aws=replace(group.base.aws, shock=math.exp(shock)))
        drivers = {**group.drivers, "aws.growth_change": group.drivers["aws.growth_change"] + change}
        return odds.project(base, drivers, (1.0,) * 6).parts["aws"].sales

    own, changed, shocked = sales(0.0, 0.0), sales(1e-6, 0.0), sales(0.0, 1e-6)
    per_point, per_shock = (
        [math.log(each / mine) / 1e-6 for each, mine in zip(moved, own, strict=True)]
        for moved in (changed, shocked)
    )
    assert per_shock == pytest.approx([0.0, 0.0, 1.0, 2.0, 3.0, 3.0], abs=1e-6)
    both = math.hypot(spread.sd * per_point[4], spread.sd_later * per_shock[4])
    assert both == pytest.approx(far, rel=1e-5)
    assert spread.sd * per_point[4] < far


def test_a_shock_is_not_drawn_where_misses_two_years_ahead_are_too_few_or_growth_is_wide_as_it_is(
    edition: Edition,
) -> None:
    early = growth_spreads(open_group(edition.earlier("2022Q3"), "base"))
    assert {spread.sd_later for spread in early.values()} == {None}
    assert odds.shock_widths(early) == {}
    assert later_width(0.05, 0.05, 0.06, (0.2, 0.1, 0.1, 0.1, 0.1), 8.0) == 0.0


def test_a_shock_counts_for_as_much_of_a_step_as_lies_in_its_years() -> None:
    line = Trailing(100.0, 0.1, 0.1, shock=1.5)
    part = PartToday(line.sales, 0.1, 10.0, 0.1, 0.0, shock=line.shock)
    drivers = {"aws.growth_fade_years": 0.0, "aws.growth_stable": 0.0}
    rates = rates_of_growth(part, "aws", drivers, (0.75, 1.0, 1.0, 1.0, 1.0, 1.0))
    assert rates == pytest.approx([0.0, 0.0, 1.5**0.75 - 1, 0.5, 0.5, 1.5**0.25 - 1])


def test_with_few_misses_two_years_ahead_those_of_one_year_decide() -> None:
    assert width(0.05, None, (0.2, 0.1), 8.0) == pytest.approx(0.06)
    assert width(0.05, 0.05 * (1 + 0.875 * 1.2 / 1.1), (0.2, 0.1), 8.0) == pytest.approx(0.06)


def test_the_weight_of_the_base_rate_by_precision_follows_from_the_misses_of_the_group(
    edition: Edition,
) -> None:
    base_sd = odds.prior_figures(edition)[1]
    found = precision(edition, base_sd)
    one, two = (missed.number for missed in found.missed)
    ahead = one * (two / one) ** (math.log(5) / math.log(2)) / 5
    assert found.ahead.number == pytest.approx(ahead)
    assert found.weight.number == pytest.approx(ahead**2 / (ahead**2 + base_sd.number**2))
    assert precision(edition.earlier("2021Q4"), base_sd).weight.is_absent


def aws_sales(group: Group, change: float) -> tuple[float, ...]:
    drivers = {**group.drivers, "aws.growth_change": group.drivers["aws.growth_change"] + change}
    return odds.project(group.base, drivers, (1.0, 1.0)).parts["aws"].sales


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

    assert (record("2024Q3"), record("2024Q4")) == ("retail_sales", "stores_sales")


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
        assert (max(spread.misses), max(spread.later, default="2022Q1")) == ("2023Q1", "2022Q1")
        published = spread_figure(spread, group).published
        assert published is not None
        assert published <= group.edition.cutoff
