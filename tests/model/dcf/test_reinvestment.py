"""Reinvestment: what growth costs, in which year, and the capital it builds."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import paths
from analysis.model.dcf import reinvestment as rv

SALES = (110.0, 132.0, 132.0)


def test_capital_is_added_in_the_year_it_sells() -> None:
    assert rv.reinvestment_path(100.0, SALES, 2.0) == pytest.approx([5.0, 11.0, 0.0])


def test_lagged_capital_is_added_a_year_before_it_sells() -> None:
    amounts = rv.reinvestment_path(100.0, SALES, 2.0, lag=1, growth_after=0.10)
    assert amounts == pytest.approx([11.0, 0.0, 6.6])


def test_lag_shifts_the_same_amounts_by_one_year() -> None:
    growth = (0.2, 0.15, 0.1, 0.05)
    at_once = rv.reinvestment_path(50.0, paths.sales_path(50.0, growth), 1.5)
    before = rv.reinvestment_path(50.0, paths.sales_path(50.0, growth), 1.5, lag=1, growth_after=0.03)
    assert before[:-1] == pytest.approx(at_once[1:])


def test_falling_sales_release_capital() -> None:
    assert rv.reinvestment_path(100.0, (90.0,), 2.0) == (-5.0,)


def test_an_array_is_one_ratio_per_draw_and_a_list_one_per_year() -> None:
    draws = rv.reinvestment_path(100.0, (110.0, 120.0), np.array([1.0, 2.0, 4.0]))
    assert [list(year) for year in draws] == [[10.0, 5.0, 2.5]] * 2
    assert rv.reinvestment_path(100.0, (110.0, 120.0), [1.0, 2.0]) == (10.0, 5.0)


def test_sales_to_capital_may_differ_by_year() -> None:
    path = rv.reinvestment_path(100.0, (110.0, 120.0, 130.0), (1.0, 1.0, 2.0))
    assert path == pytest.approx([10.0, 10.0, 5.0])


@given(base=st.floats(1, 1e3), amounts=st.lists(st.floats(-50, 50), min_size=1, max_size=12))
def test_capital_grows_by_what_is_reinvested(base: float, amounts: list[float]) -> None:
    capital = (base, *rv.capital_path(base, amounts))
    assert np.diff(capital) == pytest.approx(amounts, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rv.reinvestment_path(100.0, SALES, 2.0, lag=-1), "lag must be one of 0, 1, got -1"),
        (lambda: rv.reinvestment_path(100.0, SALES, 2.0, lag=2), "lag must be one of 0, 1, got 2"),
        (lambda: rv.reinvestment_path(100.0, SALES, 2.0, lag=1), "growth_after must be given"),
        (lambda: rv.reinvestment_path(100.0, SALES, 0.0), r"sales_to_capital\[1\] must be above zero"),
        (lambda: rv.reinvestment_path(100.0, SALES, [2.0, 2.0]), "sales_to_capital must have 3 years, got 2"),
        (lambda: rv.reinvestment_path(100.0, SALES, [2.0, 2.0, -1.0]), r"sales_to_capital\[3\]"),
        (lambda: rv.reinvestment_path(np.nan, SALES, 2.0), "base_sales must be finite"),
        (lambda: rv.capital_path(np.nan, (1.0,)), "base_capital must be finite"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@given(growth=st.floats(-0.05, 0.3), roic=st.floats(0.05, 0.5), inflation=st.floats(-0.02, 0.04))
def test_growth_and_the_share_put_back_are_inverse(growth: float, roic: float, inflation: float) -> None:
    share = rv.reinvestment_for_growth(growth, roic, inflation)
    assert rv.growth_from_reinvestment(share, roic, inflation) == pytest.approx(growth, abs=1e-9)


def test_what_keeps_up_with_prices_costs_no_capital() -> None:
    assert rv.growth_from_reinvestment(0.0, 0.12, 0.02) == 0.02
    assert rv.reinvestment_for_growth(0.02, 0.12, 0.02) == 0.0
    with pytest.raises(ValueError, match=r"inflation \(0.12\) must be below roic \(0.12\)"):
        rv.reinvestment_for_growth(0.02, 0.12, 0.12)


def test_an_array_that_may_be_years_or_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="sales_to_capital is an array with an entry for each year"):
        rv.reinvestment_path(100.0, [110.0, 132.0], np.array([2.0, 4.0]))
    drawn = [np.array([110.0, 120.0]), np.array([120.0, 140.0])]
    by_draw = rv.reinvestment_path(100.0, drawn, np.array([2.0, 4.0]))
    assert [amount.tolist() for amount in by_draw] == [[5.0, 5.0], [5.0, 5.0]]
