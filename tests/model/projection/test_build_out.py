"""A dollar of capital expenditure: cash, return, payback and what breaks even."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model.projection import build_out as kernels

DOLLAR = {"sales_per_dollar": 0.8, "margin": 0.25, "life": 5.0}
PAYING = {
    "sales_per_dollar": st.floats(0.2, 2.0),
    "margin": st.floats(0.05, 0.5),
    "life": st.floats(2.0, 10.0),
    "tax": st.floats(0.0, 0.4),
}


def flows_of(cash: float, life: float, years: int) -> list[float]:
    """A dollar spent, then its cash, which shrinks by one over the life every year."""
    return [-1.0, *(cash * (1 - 1 / life) ** year for year in range(years))]


def worth(flows: list[float], rate: float) -> float:
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))


@settings(max_examples=40)
@given(cash=st.floats(0.05, 1.0), life=st.floats(1.5, 15.0), rate=st.floats(0.01, 0.3))
def test_the_value_of_a_dollar_is_that_of_its_flows(cash: float, life: float, rate: float) -> None:
    value = kernels.value_per_dollar(cash, life, rate)
    assert worth(flows_of(cash, life, 600), rate) + 1 == pytest.approx(value)


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    four_ways(kernels.operating_income_per_dollar, 0.1, **DOLLAR, utilisation=0.75)
    four_ways(kernels.cash_per_dollar, 0.28, **DOLLAR, tax=0.2, utilisation=0.75)
    four_ways(kernels.rate_of_return, 0.08, **DOLLAR, tax=0.2, utilisation=0.75)
    four_ways(kernels.value_per_dollar, 1.0, cash=0.28, life=5.0, rate=0.08)
    four_ways(kernels.break_even_utilisation, 0.75, **DOLLAR, tax=0.2, rate=0.08)
    four_ways(
        kernels.break_even_margin, 0.25, sales_per_dollar=0.8, life=5.0, tax=0.2, rate=0.08, utilisation=0.75
    )


@settings(max_examples=40)
@given(**PAYING)
def test_the_return_is_the_internal_rate_of_the_flows(
    sales_per_dollar: float, margin: float, life: float, tax: float
) -> None:
    cash = kernels.cash_per_dollar(sales_per_dollar, margin, life, tax)
    rate = kernels.rate_of_return(sales_per_dollar, margin, life, tax)
    assert worth(flows_of(cash, life, 1000), rate) == pytest.approx(0.0, abs=1e-9)


@given(**PAYING, rate=st.floats(0.01, 0.2))
def test_break_evens_return_the_rate_asked_for(
    sales_per_dollar: float, margin: float, life: float, tax: float, rate: float
) -> None:
    full = kernels.break_even_utilisation(sales_per_dollar, margin, life, tax, rate)
    assert kernels.rate_of_return(sales_per_dollar, margin, life, tax, full) == pytest.approx(rate)
    least = kernels.break_even_margin(sales_per_dollar, life, tax, rate, 0.8)
    assert kernels.rate_of_return(sales_per_dollar, least, life, tax, 0.8) == pytest.approx(rate)


@pytest.mark.parametrize(("cash", "life"), [(0.4, 5.0), (0.35, 6.0), (0.9, 3.0)])
def test_cash_adds_up_to_the_dollar_when_it_is_paid_back(cash: float, life: float) -> None:
    years, worn = kernels.years_until_cash_repays(cash, life), 1 / life
    added = cash * (1 - (1 - worn) ** years) / worn  # the geometric sum, at a broken number of years too
    assert added == pytest.approx(1.0)
    whole = sum(flows_of(cash, life, math.floor(years))[1:])
    assert whole <= 1 < whole + flows_of(cash, life, math.ceil(years))[-1] + 1e-12


def test_a_dollar_that_earns_nothing_is_never_paid_back() -> None:
    assert kernels.years_until_cash_repays(0.2, 5.0) == math.inf
    found = kernels.years_until_cash_repays(np.array([0.1, 0.2, 0.5]), 5.0)
    assert np.isinf(found).tolist() == [True, True, False]


def test_empty_capital_loses_its_depreciation() -> None:
    assert kernels.operating_income_per_dollar(**DOLLAR, utilisation=0.0) == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.operating_income_per_dollar(-0.1, 0.2, 5.0), "sales_per_dollar"),
        (lambda: kernels.operating_income_per_dollar(0.8, 0.2, 0.0), "life"),
        (lambda: kernels.operating_income_per_dollar(0.8, 0.2, 5.0, -0.1), "utilisation"),
        (lambda: kernels.operating_income_per_dollar(0.8, math.nan, 5.0), "margin"),
        (lambda: kernels.cash_per_dollar(0.8, 0.2, 5.0, math.inf), "tax"),
        (lambda: kernels.value_per_dollar(0.3, 5.0, 0.0), "rate"),
        (lambda: kernels.break_even_utilisation(0.8, -0.3, 5.0, 0.2, 0.08), "sales_per_dollar × margin"),
        (lambda: kernels.break_even_margin(0.0, 5.0, 0.2, 0.08), "sales_per_dollar"),
        (lambda: kernels.years_until_cash_repays(0.3, 1.0), "life"),
    ],
)
def test_impossible_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
