"""Multiples: values from sales, earnings and multiples, and what targets ask of each."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.parts import multiples as kernels
from analysis.model.projection.growth import compound

money = st.floats(1, 1e5)
multiple = st.floats(0.1, 60)
growth = st.floats(-0.3, 0.6).filter(lambda rate: abs(rate) > 1e-3)
years = st.floats(0.25, 15)


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    inputs = {"sales": 650.0, "growth": 0.1, "years": 5.0}
    four_ways(kernels.market_value, 650 * 1.1**5 * 3.4, **inputs, price_to_sales=3.4)
    four_ways(kernels.multiple_required, 5000 / 1100, target=5000.0, sales=1100.0)
    four_ways(kernels.sales_required, 5000 / 3.4, target=5000.0, price_to_sales=3.4)
    four_ways(
        kernels.growth_required,
        (5000 / 3.4 / 650) ** 0.2 - 1,
        target=5000.0,
        sales=650.0,
        price_to_sales=3.4,
        years=5.0,
    )
    four_ways(kernels.upside_to, 0.6, target=4000.0, value=2500.0)
    four_ways(kernels.value_before, 2500.0, target=4000.0, upside=0.6)
    four_ways(kernels.return_required, 0.1, target=2500 * 1.1**5, value=2500.0, years=5.0)
    four_ways(kernels.enterprise_from_equity, 2300.0, equity_value=2350.0, net_debt=-50.0)


@given(money, growth, years, multiple)
def test_each_unknown_is_recovered_from_the_others(
    sales: float, rate: float, horizon: float, ratio: float
) -> None:
    target = kernels.market_value(sales, rate, horizon, ratio)
    at_horizon = compound(sales, rate, horizon)
    assert kernels.multiple_required(target, at_horizon) == pytest.approx(ratio, rel=1e-9)
    assert kernels.sales_required(target, ratio) == pytest.approx(at_horizon, rel=1e-9)
    assert kernels.growth_required(target, sales, ratio, horizon) == pytest.approx(rate, rel=1e-6, abs=1e-9)


def test_every_point_of_the_frontier_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def multiple_at(target: float, sales: float, years: float, rate: float) -> float:
        ((_, multiple),) = kernels.frontier(target, sales, years, [rate])
        return multiple

    four_ways(multiple_at, 5000 / (717 * 1.12**4.75), target=5000.0, sales=717.0, years=4.75, rate=0.12)


@given(money, money, years)
def test_every_pair_of_the_frontier_reaches_the_target(target: float, sales: float, horizon: float) -> None:
    pairs = kernels.frontier(target, sales, horizon, np.linspace(-0.1, 0.4, 6))
    assert len(pairs) == 6
    for rate, ratio in pairs:
        assert kernels.market_value(sales, rate, horizon, ratio) == pytest.approx(target, rel=1e-9)


@given(money, st.floats(-0.9, 5))
def test_upside_and_the_value_before_it_are_inverses(target: float, rise: float) -> None:
    assert kernels.upside_to(target, kernels.value_before(target, rise)) == pytest.approx(rise, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.market_value(650, 0.1, 5, -1), "price_to_sales"),
        (lambda: kernels.market_value(650, -1.5, 5, 3), "rate"),
        (lambda: kernels.multiple_required(5000, 0), "sales"),
        (lambda: kernels.multiple_required(-1, 100), "target"),
        (lambda: kernels.sales_required(5000, 0), "price_to_sales"),
        (lambda: kernels.growth_required(5000, 650, 3.4, 0), "years"),
        (lambda: kernels.growth_required(5000, 0, 3.4, 5), "sales"),
        (lambda: kernels.frontier(0, 650, 5, []), "target"),
        (lambda: kernels.upside_to(4000, 0), "value"),
        (lambda: kernels.value_before(4000, -1), "upside"),
        (lambda: kernels.value_before(0, 0.1), "target"),
        (lambda: kernels.return_required(4000, 2000, 0), "years"),
        (lambda: kernels.enterprise_from_equity(math.nan, 1), "equity_value"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
