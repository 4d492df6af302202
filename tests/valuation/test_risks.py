"""Risks are priced by the same kernels as the scenario they shock."""

from dataclasses import replace

import pytest

from analysis.data import open_edition
from analysis.data.risks import Change
from analysis.figures import Figure
from analysis.valuation.group import STAKE, Group, open_group, with_drivers
from analysis.valuation.risks import MEASURES, priced, shocked


@pytest.fixture
def group(base: Group) -> Group:
    return base.traced


def test_every_risk_costs_something_and_the_costliest_comes_first(group: Group) -> None:
    costs = [each.cost.number for each in priced(group)]
    assert len(costs) == len(group.edition.risks())
    assert all(cost < 0 for cost in costs)
    assert costs == sorted(costs)


def test_a_change_of_nothing_costs_nothing(group: Group) -> None:
    risk = replace(group.edition.risks()[0], changes={"aws.growth_change": Change("add", 0.0)})
    assert shocked(group, [risk]).plain.values == group.plain.values


@pytest.mark.parametrize(
    ("change", "expected"),
    [(Change("add", -0.5), -0.58), (Change("times", 0.5), -0.04), (Change("set", 0.2), 0.2)],
)
def test_a_change_does_what_it_says(group: Group, change: Change, expected: float) -> None:
    slower = with_drivers(group, {"aws.growth_change": Figure(-0.08, "points", "slower")})
    risk = replace(group.edition.risks()[0], changes={"aws.growth_change": change})
    assert shocked(slower, [risk]).drivers["aws.growth_change"].number == pytest.approx(expected)


def test_half_the_multiples_halve_what_the_multiples_decide(group: Group) -> None:
    changes = {f"exit.multiple_{part}": Change("times", 0.5) for part in ("aws", "advertising", "stores")}
    half = shocked(group, [replace(group.edition.risks()[0], changes=changes)]).plain
    group = group.plain
    at = group.index_of(2030)
    profit = {name: part.operating_income[at] for name, part in group.projection.parts.items()}
    lost = sum(profit[name] * group.drivers[f"exit.multiple_{name}"] for name in profit) / 2
    before, after = group.values_by_method["parts"][at], half.values_by_method["parts"][at]
    assert before - after == pytest.approx(lost)
    assert half.values_by_method["sales"] == group.values_by_method["sales"]


def test_a_worthless_stake_leaves_the_balance(group: Group) -> None:
    changes = {"bridge.anthropic_to_carried": Change("set", 0.0)}
    without = shocked(group, [replace(group.edition.risks()[0], changes=changes)]).plain
    group = group.plain
    assert without.market.balance.stakes[STAKE] == 0.0
    at = group.index_of(2030)
    lost = group.values_by_method["parts"][at] - without.values_by_method["parts"][at]
    assert lost == pytest.approx(group.market.balance.stakes[STAKE])


def test_all_at_once_costs_more_than_any_alone(group: Group) -> None:
    found = priced(group)
    together = shocked(group, [each.risk for each in found]).value_figure(2030)
    assert 0 < together.number < min(each.value.number for each in found)


def test_each_sign_moves_the_way_the_risk_goes(group: Group) -> None:
    for each in priced(group):
        expected, warned = each.sign
        assert warned < expected, each.risk.key
        assert {warned.unit, expected.unit} == {MEASURES[each.risk.sign].unit}


def test_signs_are_those_of_a_year_of_which_nothing_was_reported() -> None:
    group = open_group(open_edition("2025Q3"), "base").traced
    assert group.year_ahead == 2026
    sales = group.projection.parts["aws"].sales
    assert MEASURES["aws_growth"].of(group).number == pytest.approx((sales[1] / sales[0]).number - 1)
    assert "in 2026" in priced(group)[0].sign[0].label


def test_growth_measures_are_first_year_rates(group: Group) -> None:
    grown = group.projection.parts["aws"].sales[0] / group.base.aws.sales - 1
    assert MEASURES["aws_growth"].of(group).number == pytest.approx(grown.number)


def test_the_cost_is_traced_to_the_drivers_it_changes(group: Group) -> None:
    worst = priced(group)[0]
    fields = {source.field for source in worst.cost.sources()}
    assert {f"drivers.{name}.value" for name in worst.risk.changes} <= fields


def test_risks_to_businesses_not_reported_apart_are_left_out() -> None:
    early = open_group(open_edition("2019Q4"), "base")
    assert "shopping_agents" not in {each.risk.key for each in priced(early)}
