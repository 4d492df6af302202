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
    four_ways(
        kernels.earnings_value, 650 * 1.1**5 * 0.11 * 31, **inputs, net_margin=0.11, price_to_earnings=31.0
    )
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
    four_ways(kernels.price_to_sales_from_earnings, 3.3, net_margin=0.11, price_to_earnings=30.0)
    four_ways(kernels.price_to_earnings_from_sales, 30.0, price_to_sales=3.3, net_margin=0.11)
    four_ways(kernels.net_margin_required, 0.11, price_to_sales=3.3, price_to_earnings=30.0)
    four_ways(kernels.upside_to, 0.6, target=4000.0, value=2500.0)
    four_ways(kernels.value_before, 2500.0, target=4000.0, upside=0.6)
    four_ways(kernels.return_required, 0.1, target=2500 * 1.1**5, value=2500.0, years=5.0)
    four_ways(kernels.enterprise_from_equity, 2300.0, equity_value=2350.0, net_debt=-50.0)
    four_ways(kernels.equity_from_enterprise, 2350.0, enterprise_value=2300.0, net_debt=-50.0)
    four_ways(kernels.ev_multiple_from_price, 3.25, price_multiple=3.4, net_debt=-105.0, base=700.0)
    four_ways(kernels.price_multiple_from_ev, 3.4, ev_multiple=3.25, net_debt=-105.0, base=700.0)


def test_every_point_of_the_frontier_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def multiple_at(target: float, sales: float, years: float, rate: float) -> float:
        ((_, multiple),) = kernels.frontier(target, sales, years, [rate])
        return multiple

    four_ways(multiple_at, 5000 / (717 * 1.12**4.75), target=5000.0, sales=717.0, years=4.75, rate=0.12)


def test_value_path_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def last(earnings: float, multiple: float) -> float:
        return kernels.value_path([earnings], [multiple])[0]

    four_ways(last, 2430.0, earnings=81.0, multiple=30.0)


@given(money, growth, years, multiple)
def test_each_unknown_is_recovered_from_the_others(
    sales: float, rate: float, horizon: float, ratio: float
) -> None:
    target = kernels.market_value(sales, rate, horizon, ratio)
    at_horizon = compound(sales, rate, horizon)
    assert kernels.multiple_required(target, at_horizon) == pytest.approx(ratio, rel=1e-9)
    assert kernels.sales_required(target, ratio) == pytest.approx(at_horizon, rel=1e-9)
    assert kernels.growth_required(target, sales, ratio, horizon) == pytest.approx(rate, rel=1e-6, abs=1e-9)
    assert kernels.years_required(target, sales, rate, ratio) == pytest.approx(horizon, rel=1e-6)


@given(money, money, years)
def test_every_pair_of_the_frontier_reaches_the_target(target: float, sales: float, horizon: float) -> None:
    pairs = kernels.frontier(target, sales, horizon, np.linspace(-0.1, 0.4, 6))
    assert len(pairs) == 6
    for rate, ratio in pairs:
        assert kernels.market_value(sales, rate, horizon, ratio) == pytest.approx(target, rel=1e-9)


@given(money, st.floats(0.01, 0.5), multiple)
def test_sales_and_earnings_multiples_give_one_value(sales: float, margin: float, ratio: float) -> None:
    price_to_sales = kernels.price_to_sales_from_earnings(margin, ratio)
    assert kernels.market_value(sales, 0, 0, price_to_sales) == pytest.approx(sales * margin * ratio)
    assert kernels.price_to_earnings_from_sales(price_to_sales, margin) == pytest.approx(ratio)
    assert kernels.net_margin_required(price_to_sales, ratio) == pytest.approx(margin)


@given(money, st.floats(-0.9, 5))
def test_upside_and_the_value_before_it_are_inverses(target: float, rise: float) -> None:
    assert kernels.upside_to(target, kernels.value_before(target, rise)) == pytest.approx(rise, abs=1e-9)


@given(money, st.floats(-500, 500), money)
def test_price_and_ev_multiples_are_inverses_and_fit_their_values(
    equity: float, net_debt: float, sales: float
) -> None:
    on_price = equity / sales
    on_ev = kernels.ev_multiple_from_price(on_price, net_debt, sales)
    assert on_ev * sales == pytest.approx(kernels.enterprise_from_equity(equity, net_debt), abs=1e-6)
    assert kernels.price_multiple_from_ev(on_ev, net_debt, sales) == pytest.approx(on_price, abs=1e-6)
    assert kernels.equity_from_enterprise(on_ev * sales, net_debt) == pytest.approx(equity, abs=1e-6)


@given(money, st.floats(1.01, 4), st.floats(0.02, 0.3), st.floats(-0.01, 0.1))
def test_years_to_target_is_the_year_in_which_a_loop_passes_it(
    value: float, times: float, rate: float, drift: float
) -> None:
    needed = kernels.years_to_target(value, value * times, rate, drift)
    whole, now = 0, value
    while now < value * times * (1 - 1e-12):
        now *= (1 + rate) * (1 + drift)
        whole += 1
    assert whole - 1 <= needed + 1e-9
    assert needed <= whole + 1e-9


def test_a_steady_multiple_needs_only_growth() -> None:
    assert kernels.years_to_target(100, 200, 0.07) == pytest.approx(math.log(2) / math.log(1.07))


@pytest.mark.parametrize(
    ("target", "first"),
    [(90, 2025.0), (100, 2025.0), (200, 2026.5), (400, 2027.0), (401, None)],
)
def test_first_time_at_a_target(target: float, first: float | None) -> None:
    assert kernels.first_time_at(target, [2025, 2026, 2027, 2028], [100, 100, 400, 300]) == first


def test_the_first_of_several_crossings_counts() -> None:
    assert kernels.first_time_at(2, [0, 1, 2, 3], [1, 2, 1, 4]) == 1.0


@given(growth.filter(lambda rate: rate > 0.01), st.floats(1.05, 3))
def test_first_time_on_a_compound_path_is_exact(rate: float, times: float) -> None:
    grid = np.arange(0, 120, 0.75)
    path = compound(100.0, rate, grid)
    assert kernels.first_time_at(100 * times, grid, path) == pytest.approx(math.log(times) / math.log1p(rate))


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
        (lambda: kernels.price_to_sales_from_earnings(-0.1, 30), "net_margin"),
        (lambda: kernels.price_to_earnings_from_sales(3, 0), "net_margin"),
        (lambda: kernels.net_margin_required(3, 0), "price_to_earnings"),
        (lambda: kernels.value_path([1, 2], [1]), "multiples"),
        (lambda: kernels.value_path([1, 2], [1, -1]), "multiples"),
        (lambda: kernels.first_time_at(1, [0, 1], [1]), "values"),
        (lambda: kernels.first_time_at(0, [0, 1], [1, 2]), "target"),
        (lambda: kernels.first_time_at(1, [0, 1], [1, 0]), "values"),
        (lambda: kernels.first_time_at(1, [1, 1], [1, 2]), "times"),
        (lambda: kernels.years_to_target(100, 200, -0.05), "rate"),
        (lambda: kernels.years_to_target(100, 200, 0.1, -1), "multiple_change"),
        (lambda: kernels.upside_to(4000, 0), "value"),
        (lambda: kernels.value_before(4000, -1), "upside"),
        (lambda: kernels.value_before(0, 0.1), "target"),
        (lambda: kernels.return_required(4000, 2000, 0), "years"),
        (lambda: kernels.ev_multiple_from_price(3, 1, 0), "base"),
        (lambda: kernels.ev_multiple_from_price(math.nan, 1, 1), "price_multiple"),
        (lambda: kernels.price_multiple_from_ev(3, 1, -1), "base"),
        (lambda: kernels.price_multiple_from_ev(3, math.inf, 1), "net_debt"),
        (lambda: kernels.enterprise_from_equity(math.nan, 1), "equity_value"),
        (lambda: kernels.equity_from_enterprise(math.nan, 1), "enterprise_value"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
