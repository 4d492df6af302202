"""The sum of the parts, today and at the horizon, traced and without double counts."""

from datetime import date

import pytest

from analysis.data import open_edition
from analysis.model.parts.sum_of_parts import CASES, OverlapError, sum_of_parts, uncovered
from analysis.valuation.dcf import cost_of_capital
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.parts import (
    discounted,
    discounted_target,
    implied_multiple,
    value_at_horizon,
    value_today,
)

SCENARIOS = ("bear", "base", "bull")
EDITIONS = ("2025Q4", "2025Q1", "2022Q4", "2021Q3", "2019Q4")


def test_today_s_parts_are_trailing_figures_times_the_scenario_s_multiples(base: Group) -> None:
    d, value = base.drivers, value_today(base)
    aws = 45.606 * d["sotp.multiple_aws"]
    advertising = 68.635 * d["advertising.operating_margin"] * d["sotp.multiple_advertising"]
    stores = base.base.stores.sales * d["sotp.sales_multiple_stores"]
    balance = 86.810 + 36.219 - 65.648 + base.market.balance.stakes["Anthropic"]
    assert value.equity.base.number == pytest.approx(aws + advertising + stores + balance)


@pytest.mark.parametrize("label", EDITIONS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_at_the_horizon_it_is_the_value_by_parts_of_the_projection(label: str, scenario: str) -> None:
    group = open_group(open_edition(label), scenario)
    found = value_at_horizon(group).equity.base.number
    at = group.index_of(group.horizon_year)
    assert found == pytest.approx(group.values_by_method["parts"][at], rel=1e-12)


@pytest.mark.parametrize("label", EDITIONS)
def test_low_base_and_high_rise_and_every_pool_is_counted_once(label: str) -> None:
    group = open_group(open_edition(label), "base")
    for value in (value_today(group), value_at_horizon(group)):
        low, base, high = (getattr(value.equity, case).number for case in CASES)
        assert low < base < high
        assert uncovered(value.parts) == frozenset()
        assert value.equity.base.published <= group.edition.cutoff


def test_counting_retail_whole_beside_advertising_is_refused(base: Group) -> None:
    whole = value_today(open_group(open_edition("2021Q3"), "base"))
    retail = next(part for part in whole.parts if part.name == "Retail with advertising")
    advertising = next(part for part in value_today(base).parts if part.name == "Advertising")
    with pytest.raises(OverlapError, match="both count international.advertising"):
        sum_of_parts([retail, advertising])


def test_the_implied_multiple_prices_the_sum_at_the_market(base: Group) -> None:
    value = value_today(base)
    multiple = implied_multiple(value, base.edition.market_value)
    excess = (multiple.number - base.drivers["sotp.multiple_aws"]) * 45.606
    assert value.equity.base.number + excess == pytest.approx(base.market.value)


def test_a_price_at_the_sum_implies_the_scenario_s_own_multiple(base: Group) -> None:
    value = value_today(base)
    own = implied_multiple(value, value.equity.base)
    assert own.number == pytest.approx(base.drivers["sotp.multiple_aws"], rel=1e-12)


@pytest.mark.parametrize(("name", "amount"), [("4T", 4000.0), ("5T", 5000.0)])
def test_a_discounted_target_grows_back_to_the_target(base: Group, name: str, amount: float) -> None:
    target = next(t for t in base.edition.targets if t.name == name)
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    growth = (1 + cost_of_capital(base).cost_of_equity) * (1 + base.drivers["shares.change"])
    assert discounted_target(base, target).number * growth**years == pytest.approx(amount)


def test_discounting_from_today_changes_nothing(base: Group) -> None:
    value = base.edition.market_value
    assert discounted(base, value, base.edition.price_date).number == pytest.approx(value.number)


def test_per_share_uses_the_count_of_its_day(base: Group) -> None:
    today, later = value_today(base), value_at_horizon(base)
    assert today.per_share().number == pytest.approx(today.equity.base.number * 1000 / 10731)
    shares = 10731 * (1 + base.drivers["shares.change"]) ** 5
    assert later.per_share().number == pytest.approx(later.equity.base.number * 1000 / shares)
    assert today.per_share("diluted").number < today.per_share("basic").number


def test_a_loss_is_charged_at_its_multiple_least_in_the_high_case() -> None:
    value = value_at_horizon(open_group(open_edition("2022Q4"), "base"))
    stores = value.sum.parts["Stores"]
    assert stores.low.number < stores.base.number < stores.high.number < 0


def test_a_value_names_the_release_and_the_assumptions_it_rests_on(base: Group) -> None:
    paths = {source.path for source in value_today(base).equity.base.sources()}
    assert {"data/amazon/quarters/2025Q4.yml", "data/scenarios/base.yml"} <= paths


@pytest.mark.parametrize("name", ["sotp.multiple_aws", "exit.multiple_aws"])
def test_a_changed_multiple_moves_all_three_cases_alike(base: Group, name: str) -> None:
    doubled = with_drivers(base, {name: 2 * base.drivers[name]})
    at = value_today if name.startswith("sotp") else value_at_horizon
    before, after = at(base).sum.parts["AWS"], at(doubled).sum.parts["AWS"]
    for case in CASES:
        assert getattr(after, case).number == pytest.approx(2 * getattr(before, case).number)
