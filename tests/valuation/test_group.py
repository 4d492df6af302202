"""An edition under a scenario: projection, balance and market value by year."""

from itertools import pairwise

import pytest

from analysis.data import open_edition
from analysis.valuation import inputs
from analysis.valuation.group import STAKE, Group, balance_figures, open_group, share_counts, stake_figure


def test_the_projection_starts_from_the_reported_parts(group: Group) -> None:
    first = group.projection.parts["aws"].sales[0] / group.base.aws.sales - 1
    ahead = group.base.aws.ahead[round(4 * group.steps[0]) - 1] / group.base.aws.sales - 1
    assert first == pytest.approx(ahead + group.drivers["aws.growth_change"], abs=1e-12)


@pytest.mark.parametrize(
    ("label", "first"), [("2025Q4", ((2025, 0.0), (2026, 1.0))), ("2025Q1", ((2025, 0.75), (2026, 1.75)))]
)
def test_the_clock_starts_with_the_year_that_is_over(
    label: str, first: tuple[tuple[int, float], ...]
) -> None:
    clock = open_group(open_edition(label), "base").clock
    assert clock[:2] == first
    assert [year for year, _ in clock] == list(range(2025, inputs.LAST_YEAR + 1))


@pytest.mark.parametrize(("label", "year"), [("2025Q4", 2026), ("2025Q3", 2026), ("2026Q1", 2027)])
def test_the_year_ahead_is_one_of_which_nothing_was_reported(label: str, year: int) -> None:
    assert open_group(open_edition(label), "base").year_ahead == year


def test_at_the_horizon_each_way_stands_on_the_scenario_s_own_multiple(group: Group) -> None:
    at = group.index_of(group.horizon_year)
    today = group.market.value / inputs.ttm(group.edition, "income.net_sales").number
    multiple = today * (1 + group.drivers["exit.price_to_sales_change"])
    assert group.values_by_method["sales"][at] == pytest.approx(group.projection.sales[at] * multiple)


def test_the_parts_at_the_horizon_are_multiples_of_profit_plus_what_was_earned_on_the_way(
    group: Group,
) -> None:
    at = group.index_of(group.horizon_year)
    profit = {name: part.operating_income[at] for name, part in group.projection.parts.items()}
    enterprise = sum(profit[name] * group.drivers[f"exit.multiple_{name}"] for name in profit)
    balance = group.market.balance
    cash = balance.cash + balance.securities - balance.debt + balance.stakes[STAKE]
    earned = sum(group.projection.free_cash_flow[: at + 1])
    assert group.values_by_method["parts"][at] == pytest.approx(enterprise + cash + earned)


def test_the_blend_lies_between_the_three_ways_in_every_year(group: Group) -> None:
    for at, value in enumerate(group.values):
        ways = [path[at] for path in group.values_by_method.values()]
        assert min(ways) <= value <= max(ways)


def test_bear_is_below_base_and_base_below_bull_in_every_year() -> None:
    edition = open_edition("2025Q4")
    paths = [open_group(edition, name).values for name in ("bear", "base", "bull")]
    for low, high in pairwise(paths):
        assert all(a < b for a, b in zip(low, high, strict=True))


def test_a_year_outside_the_projection_is_refused(group: Group) -> None:
    with pytest.raises(ValueError, match="year must be one of 2026 to 2035, got 2025"):
        group.index_of(2025)


def test_a_value_is_traced_to_reported_quarters_and_to_the_scenario_file(group: Group) -> None:
    figure = group.value_figure(2030, "parts")
    paths = {source.path for source in figure.sources()}
    assert "data/amazon/quarters/2025Q4.yml" in paths
    assert any(path is not None and path.startswith("data/scenarios/") for path in paths)
    assert figure.number == group.values_by_method["parts"][group.index_of(2030)]


def test_the_blended_value_names_the_drivers_of_all_three_ways(group: Group) -> None:
    labels = {figure.label for figure in group.value_figure(2030).inputs}
    exits = [name for name in group.drivers if name.startswith("exit.multiple_aws")]
    assert {group.driver(name).label for name in exits} <= labels
    assert group.driver("exit.price_to_earnings").label in labels


def test_shares_grow_from_the_edition_s_count(group: Group) -> None:
    change = group.drivers["shares.change"]
    assert group.shares[0] == pytest.approx(group.edition.shares.number * (1 + change))


def test_the_balance_is_that_of_the_latest_quarter() -> None:
    edition = open_edition("2025Q4")
    balance = balance_figures(edition, {"bridge.anthropic_to_carried": 1.0})
    assert balance.cash.number == pytest.approx(edition.figure("balance.cash_and_equivalents").number / 1000)
    assert balance.debt.number == pytest.approx(edition.figure("balance.long_term_debt").number / 1000)


def test_the_stake_is_what_the_latest_filing_carries_times_the_driver() -> None:
    edition = open_edition("2025Q4")
    once, twice = stake_figure(edition, 1.0), stake_figure(edition, 2.0)
    assert once is not None
    assert twice is not None
    assert once.number == edition.key_figure("anthropic_carrying_value_usd_bn", "2025Q4").number == 60.6
    assert twice.number == pytest.approx(2 * once.number)


def test_before_the_investment_was_public_there_is_no_stake() -> None:
    assert stake_figure(open_edition("2022Q4"), 1.0) is None
    assert open_group(open_edition("2022Q4"), "base").market.balance.stakes == {}


@pytest.mark.parametrize("label", ["2019Q4", "2021Q3", "2022Q4", "2025Q1"])
def test_past_editions_can_be_valued_and_see_nothing_later(label: str) -> None:
    group = open_group(open_edition(label), "base")
    assert all(value > 0 for value in group.values)
    published = group.value_figure(2030).published
    assert published is not None
    assert published <= group.edition.cutoff


def test_share_counts_are_those_public_then(base: Group) -> None:
    counts = share_counts(base)
    assert counts.basic < counts.diluted < counts.common_and_awards
    assert share_counts(open_group(open_edition("2022Q1"), "base")).common_and_awards is None
