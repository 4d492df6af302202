"""Odds: deterministic, coherent, and traced to what they rest on."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from analysis.data import Edition, open_edition
from analysis.figures import Figure
from analysis.model.odds.distributions import Distribution, Fixed
from analysis.model.parts.equity_bridge import Balance
from analysis.model.projection.segments import Base, Trailing
from analysis.valuation import odds
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.inputs import ttm


@pytest.fixture(scope="module")
def found(base: Group) -> odds.Odds:
    return odds.simulate_odds(base)


def test_the_number_of_workers_changes_nothing(base: Group, found: odds.Odds) -> None:
    again = odds.simulate_odds(base, workers=2)
    assert np.array_equal(again.model, found.model)
    assert np.array_equal(again.prior, found.prior)


def test_a_higher_target_is_never_likelier(found: odds.Odds) -> None:
    chances = [found.above(target).value for target in (2500.0, 4000.0, 5000.0, 8000.0)]
    for lower, higher in itertools.pairwise(chances):
        assert np.all(lower >= higher)


def in_currency(group: Group, rate: float) -> Group:
    """The same company with all money in a currency of which a dollar buys ``rate``; shares of sales stay."""

    def exchanged(name: str, held: object) -> object:
        if held is None or name.endswith("margin"):
            return held
        if isinstance(held, Trailing):
            ahead = tuple(sales * rate for sales in held.ahead)
            return replace(held, sales=held.sales * rate, ahead=ahead)
        return {at: worth * rate for at, worth in held.items()} if isinstance(held, dict) else held * rate

    def all_of(record: Base | Balance) -> dict[str, object]:
        return {name: exchanged(name, held) for name, held in vars(record).items()}

    market = replace(
        group.market, value=group.market.value * rate, balance=Balance(**all_of(group.market.balance))
    )
    return replace(group, base=Base(**all_of(group.base)), market=market)


@pytest.mark.parametrize("rate", [0.92, 150.0])
def test_another_currency_scales_all_values_and_leaves_the_odds(base: Group, rate: float) -> None:
    other, few = in_currency(base, rate), {"points": 256, "replicates": 2}
    assert other.values == pytest.approx([value * rate for value in base.values], rel=1e-12)
    assert other.projection.margin == pytest.approx(base.projection.margin, rel=1e-12)
    own, exchanged = odds.simulate_odds(base, **few), odds.simulate_odds(other, **few)
    np.testing.assert_allclose(exchanged.model, own.model * rate, rtol=1e-10)
    np.testing.assert_allclose(exchanged.prior, own.prior * rate, rtol=1e-10)
    for target in (4000.0, 5000.0):
        assert exchanged.above(target * rate).value == pytest.approx(own.above(target).value, abs=1e-12)
        assert exchanged.touched(target * rate).value == pytest.approx(own.touched(target).value, abs=1e-9)


def test_touching_is_at_least_as_likely_as_standing_above_and_never_less_likely_later(
    found: odds.Odds,
) -> None:
    touched = found.touched(4000.0).value
    assert np.all(touched >= found.above(4000.0).value - 1e-3)
    assert np.all(np.diff(touched) >= 0)


def test_the_weight_of_the_base_rate_mixes_the_two_sets_of_worlds(found: odds.Odds) -> None:
    alone = [replace(found, weight=weight).above(4000.0).value[-1] for weight in (0.0, 1.0)]
    expected = (1 - found.weight) * alone[0] + found.weight * alone[1]
    assert found.above(4000.0).value[-1] == pytest.approx(expected, abs=1e-12)
    assert alone[1] < alone[0]


def test_worlds_of_the_base_rate_differ_in_sales_only(found: odds.Odds) -> None:
    implied = found.prior[-1] / found.model[-1] * found.drawn["sales"][-1]
    growth = (implied / ttm(found.group.edition, "income.net_sales").number) ** (
        1 / found.group.exit_years
    ) - 1
    mean, sd = odds.prior_figures(found.group.edition)
    assert growth.mean() == pytest.approx(mean.number, abs=2e-3)
    assert growth.std() == pytest.approx(sd.number, abs=2e-3)


def test_quantiles_rise_with_their_level_and_hold_their_share(found: odds.Odds) -> None:
    levels = (0.1, 0.5, 0.9)
    fan = replace(found, weight=0.0).quantiles(levels)
    assert np.all(np.diff(fan, axis=0) > 0)
    for level, value in zip(levels, fan[:, -1], strict=True):
        assert (found.model[-1] <= value).mean() == pytest.approx(level, abs=1e-4)


def test_the_middle_path_of_the_model_is_near_the_scenario_s_own(found: odds.Odds) -> None:
    middle = np.median(found.model[-1])
    assert middle == pytest.approx(found.group.values[found.group.index_of(2030)], rel=0.1)


def test_standard_errors_are_below_a_fifth_of_a_point(found: odds.Odds) -> None:
    assert found.above(4000.0).standard_error.max() < 0.002
    assert found.touched(4000.0).standard_error.max() < 0.002


def test_drivers_without_a_distribution_are_not_drawn(found: odds.Odds) -> None:
    stated = odds.distributions(found.group)
    assert isinstance(stated["aws.growth_fade_years"], Fixed)
    assert not isinstance(stated["aws.growth_change"], Fixed)


def test_the_first_step_is_the_time_from_the_price_to_the_year_s_end(found: odds.Odds) -> None:
    assert found.steps[0] == pytest.approx(275 / 365.25)
    assert found.steps[1:] == (1.0,) * (len(found.years) - 1)


def test_daily_volatility_is_that_of_the_closes(edition: Edition) -> None:
    closes = edition.prices()["close_usd"]
    recent = closes[closes.index > "2021-03-30"]
    plain = [math.log(b / a) for a, b in itertools.pairwise(recent)]
    mean = sum(plain) / len(plain)
    spread = math.sqrt(sum((x - mean) ** 2 for x in plain) / (len(plain) - 1) * 252)
    assert odds.daily_volatility(edition).number == pytest.approx(spread, rel=1e-9)


def test_price_to_sales_of_a_quarter_is_close_times_shares_over_sales(edition: Edition) -> None:
    history = dict(odds.price_to_sales_history(edition))
    assert history["2025Q4"] == pytest.approx(230.82 * 10731 / 1000 / 716.924, rel=1e-12)
    assert min(history) == odds.PRICES_FROM


def test_the_chance_of_a_target_is_a_traced_figure(found: odds.Odds) -> None:
    figure = found.odds_figure("4T", 2030)
    assert figure.number == pytest.approx(float(found.above(4000.0).value[-1]))
    paths = {source.path for source in figure.sources()}
    assert {"data/scenarios/base.yml", "data/base_rates.csv"} <= paths
    assert found.odds_figure("4T", 2030, touch=True).number > figure.number


def test_every_chance_has_its_standard_error_and_its_complement(found: odds.Odds) -> None:
    level = Figure(4000.0, "usd_bn", "A level")
    above, below, once = found.odds_figure(level), found.below_figure(level), found.once_figure(level)
    assert above.number + below.number == pytest.approx(1)
    assert above.number <= once.number <= found.odds_figure(level, touch=True).number
    assert above.standard_error == below.standard_error == found.error_figure(level).number
    for chance in (above, once, found.odds_figure(level, touch=True)):
        assert 0 < (chance.standard_error or 0) < 0.002


def test_odds_of_an_edition_use_nothing_later() -> None:
    edition = open_edition("2022Q4")
    early = odds.simulate_odds(open_group(edition, "base"))
    published = early.odds_figure("5T", 2030).published
    assert published is not None
    assert published <= edition.cutoff
    assert 0 <= early.odds_figure("5T", 2030).number < 0.5


def test_drivers_that_do_not_enter_value_are_held(found: odds.Odds) -> None:
    plan = odds.odds_plan(found.group, found.years)
    assert plan.names[: len(found.years)] == tuple(f"noise.{year}" for year in reversed(found.years))
    assert "chips.advantage" in plan.fixed
    assert "aws.sales_to_capital" in plan.fixed
    group, held = found.group, {name: plan.fixed[name] for name in plan.fixed if name in found.group.drivers}
    for name in (name for name, driver in group.edition.drivers("base").items() if driver.distribution):
        if name in held:
            moved = replace(group, drivers={**group.drivers, name: group.drivers[name] * 1.1})
            assert moved.values == group.values, name


def test_distributions_made_before_give_the_same_odds(found: odds.Odds) -> None:
    again = odds.simulate_odds(found.group, stated=odds.stated_distributions(found.group))
    assert np.array_equal(again.model, found.model)
    fewer = odds.simulate_odds(found.group, points=256)
    assert fewer.model.shape[-1] == 256 * found.replicates
    assert fewer.above(4000.0).value[-1] == pytest.approx(found.above(4000.0).value[-1], abs=0.02)


def test_wider_growth_widens_the_fan(found: odds.Odds) -> None:
    none = {"2024Q4": 1e-9}
    narrow = {name: replace(each, misses=none, later=none) for name, each in found.spreads.items()}
    certain = odds.simulate_odds(found.group, spreads=narrow)
    assert certain.drawn["sales"][-1].std() < 0.8 * found.drawn["sales"][-1].std()


def test_swings_are_the_company_s_own_once_three_years_of_them_are_known(found: odds.Odds) -> None:
    known = found.group.edition
    assert found.swings.number == odds.multiple_swings(known).number
    early = open_group(open_edition("2020Q2"), "base")
    least = early.drivers["market.swings_least"]
    assert odds.multiple_swings(early.edition).number < least
    assert odds.swings_of(early).number == least
    assert "drivers.market.swings_least.value" in {source.field for source in odds.swings_of(early).sources()}


def test_how_long_swings_last_is_drawn(found: odds.Odds) -> None:
    drawn = odds.distributions(found.group)["market.swing_memory"]
    low, high = (float(drawn.at_score(np.array(score))) for score in (-9.0, 9.0))
    assert (low, high) == pytest.approx((0.5, 0.95))


def test_a_changed_assumption_takes_its_range_along(found: odds.Odds) -> None:
    group = found.group
    filed = group.edition.drivers("base")
    own = odds.distributions(group)
    changes = {
        "aws.margin_change": filed["aws.margin_change"].value + 0.02,
        "exit.multiple_aws": filed["exit.multiple_aws"].value * 1.5,
        "exit.price_to_sales_change": 0.2,
        "tax.marginal": 0.3,
    }
    moved = odds.distributions(with_drivers(group, changes))
    scores = np.array([-2.0, 0.0, 1.5])

    def at(name: str, made: Mapping[str, Distribution]) -> np.ndarray:
        return np.asarray(made[name].at_score(scores))

    np.testing.assert_allclose(at("aws.margin_change", moved), at("aws.margin_change", own) + 0.02)
    np.testing.assert_allclose(at("exit.multiple_aws", moved), 1.5 * at("exit.multiple_aws", own))
    to_sales = (
        (1 + at("exit.price_to_sales_change", own)) * 1.2 / (1 + filed["exit.price_to_sales_change"].value)
    )
    np.testing.assert_allclose(1 + at("exit.price_to_sales_change", moved), to_sales)
    np.testing.assert_allclose(at("tax.marginal", moved), 0.3)
    assert {name for name in own if own[name] != moved[name]} == {*changes}


def test_every_assumption_that_moves_the_value_moves_the_odds(found: odds.Odds) -> None:
    """A few draws are enough: common ones, so that any difference is the assumption's."""
    group = found.group
    few = {"points": 256, "replicates": 2}
    own = odds.simulate_odds(group, **few)
    for name in (
        "aws.margin_change",
        "exit.multiple_stores",
        "group.growth_momentum",
        "aws.growth_fade_years",
    ):
        driver = group.edition.drivers("base")[name]
        higher = with_drivers(group, {name: driver.high})
        is_up = higher.values[4] > group.values[4]
        moved = odds.simulate_odds(higher, **few)
        assert (moved.model[-1].mean() > own.model[-1].mean()) == is_up, name
        assert moved.group.drivers[name] == driver.high
