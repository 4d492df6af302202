"""Warehouse automation: savings by year, capital, payback and value."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection import robotics as kernels

fraction = st.floats(0, 1)
units = st.floats(0, 100)
cost = st.floats(0, 20)
WORK = {"units": 14.0, "cost_per_unit": 3.0, "saving": 0.25}


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    four_ways(kernels.annual_savings, 5.25, **WORK, adoption=0.5)
    four_ways(kernels.further_savings, 3.15, **WORK, adoption=0.5, adoption_now=0.2)
    raising = {"adoption": 0.75, "adoption_now": 0.25}
    four_ways(kernels.capital_cost, 90.0, sites=400.0, cost_per_site=0.45, **raising)
    four_ways(kernels.payback_years, 5.0, capital=450.0, savings=90.0)
    four_ways(kernels.value_of_savings_after_tax, 64.0, savings=4.0, tax_rate=0.2, multiple=20.0)
    four_ways(kernels.net_value, 46.0, savings=4.0, tax_rate=0.2, multiple=20.0, capital=18.0)
    four_ways(kernels.margin_from_automation, 0.01, savings=5.0, store_sales=500.0)


@given(units, cost, fraction, fraction, fraction)
def test_further_savings_are_the_difference_of_two_years(
    handled: float, by_hand: float, saving: float, then: float, now: float
) -> None:
    gap = kernels.annual_savings(handled, by_hand, saving, then) - kernels.annual_savings(
        handled, by_hand, saving, now
    )
    assert kernels.further_savings(handled, by_hand, saving, then, now) == pytest.approx(gap, abs=1e-9)


@given(units, cost, fraction, fraction)
def test_savings_never_exceed_the_cost_of_the_work(
    handled: float, by_hand: float, saving: float, share: float
) -> None:
    assert 0 <= kernels.annual_savings(handled, by_hand, saving, share) <= handled * by_hand * (1 + 1e-12)


@given(st.floats(0, 1e3), st.floats(1, 1e3))
def test_savings_over_the_payback_add_up_to_the_capital(capital: float, savings: float) -> None:
    assert kernels.payback_years(capital, savings) * savings == pytest.approx(capital)


def test_capital_no_larger_than_the_value_of_savings_leaves_nothing_over() -> None:
    worth = kernels.value_of_savings_after_tax(4.0, 0.21, 18.0)
    assert kernels.net_value(4.0, 0.21, 18.0, worth) == 0.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.annual_savings(-1, 1, 0.1, 0.1), "units"),
        (lambda: kernels.annual_savings(1, -1, 0.1, 0.1), "cost_per_unit"),
        (lambda: kernels.annual_savings(1, 1, 1.1, 0.1), "saving"),
        (lambda: kernels.annual_savings(1, 1, 0.1, -0.1), "adoption"),
        (lambda: kernels.further_savings(1, 1, 0.1, 0.1, 1.1), "adoption_now"),
        (lambda: kernels.further_savings(-1, 1, 0.1, 0.1, 0.1), "units"),
        (lambda: kernels.capital_cost(-1, 1, 0.1, 0), "sites"),
        (lambda: kernels.capital_cost(1, 1, 1.1, 0), "adoption"),
        (lambda: kernels.payback_years(1, 0), "savings"),
        (lambda: kernels.payback_years(-1, 1), "capital"),
        (lambda: kernels.value_of_savings_after_tax(1, 1.2, 1), "tax_rate"),
        (lambda: kernels.value_of_savings_after_tax(1, 0.2, -1), "multiple"),
        (lambda: kernels.value_of_savings_after_tax(math.nan, 0.2, 1), "savings"),
        (lambda: kernels.net_value(1, 0.2, 1, -1), "capital"),
        (lambda: kernels.margin_from_automation(1, 0), "store_sales"),
        (lambda: kernels.margin_from_automation(math.nan, 1), "savings"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
