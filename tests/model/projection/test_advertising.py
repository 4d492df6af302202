"""Advertising: its profit at an assumed margin, its value, and what is left of retail."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection import advertising as kernels

income = st.floats(-20, 60)
sales = st.floats(1, 150)
margin = st.floats(0, 0.9)
SEGMENTS = {"north_america": 30.0, "international": 5.0}


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    advertising = {"sales": 70.0, "operating_margin": 0.4}
    four_ways(kernels.operating_income, 28.0, **advertising)
    four_ways(kernels.value, 560.0, **advertising, multiple=20.0)
    four_ways(kernels.retail_income, 7.0, **SEGMENTS, **advertising)
    four_ways(kernels.retail_margin, 7 / 500, **SEGMENTS, retail_sales=570.0, **advertising)
    four_ways(kernels.margin_at_which_stores_break_even, 0.5, **SEGMENTS, sales=70.0)


@given(income, income, sales)
def test_retail_earns_nothing_at_the_break_even_margin(america: float, abroad: float, ads: float) -> None:
    at_zero = kernels.margin_at_which_stores_break_even(america, abroad, ads)
    assert kernels.retail_income(america, abroad, ads, at_zero) == pytest.approx(0, abs=1e-9)
    assert kernels.retail_income(america, abroad, ads, at_zero + 0.01) < 0


@given(income, income, sales, margin)
def test_advertising_and_the_rest_of_retail_add_up(
    america: float, abroad: float, ads: float, m: float
) -> None:
    rest = kernels.retail_income(america, abroad, ads, m)
    assert rest + kernels.operating_income(ads, m) == pytest.approx(america + abroad, abs=1e-9)


def test_without_advertising_profit_retail_keeps_all_of_it() -> None:
    assert kernels.retail_income(30.0, 5.0, 70.0, 0.0) == 35.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.operating_income(-1, 0.4), "sales"),
        (lambda: kernels.operating_income(1, float("nan")), "operating_margin"),
        (lambda: kernels.value(1, 0.4, -1), "multiple"),
        (lambda: kernels.retail_income(float("nan"), 1, 1, 0.4), "north_america"),
        (lambda: kernels.retail_margin(1, 1, 70, 70, 0.4), "retail_sales − sales"),
        (lambda: kernels.margin_at_which_stores_break_even(1, 1, 0), "sales"),
        (lambda: kernels.margin_at_which_stores_break_even(1, float("inf"), 1), "international"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
