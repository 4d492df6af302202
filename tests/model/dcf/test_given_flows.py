"""A DCF of given flows: the same as its closed forms, by year and by day."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf.given_flows import present_value, rates_of_return, xirr, xnpv
from analysis.model.dcf.implied import NoSolutionError, SeveralSolutionsError

DAYS = [date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]


@given(flow=st.floats(-1e3, 1e3), rate=st.floats(0.01, 0.3), years=st.integers(1, 30))
def test_level_flows_are_an_annuity(flow: float, rate: float, years: int) -> None:
    want = flow * (1 - (1 + rate) ** -years) / rate
    assert present_value([flow] * years, [rate] * years) == pytest.approx(want, rel=1e-9, abs=1e-9)


def test_what_all_is_worth_at_the_end_comes_at_the_end_of_the_last_year() -> None:
    rates = [0.10, 0.05]
    assert present_value([0.0, 0.0], rates, horizon_value=115.5, timing="mid") == pytest.approx(100.0)


def test_days_of_whole_years_are_years() -> None:
    flows = [-100.0, 60.0, 70.0]
    assert xnpv(0.08, flows, DAYS) == pytest.approx(-100.0 + present_value(flows[1:], [0.08] * 2))
    assert xirr(flows, DAYS).value == pytest.approx(rates_of_return(flows, [0.0, 1.0, 2.0]).value)


def test_rates_broadcast() -> None:
    rates = np.array([0.0, 0.5])
    assert xnpv(rates, [-100.0, 150.0], DAYS[:2]) == pytest.approx([50.0, 0.0])


def test_several_rates_are_all_found_and_none_is_said() -> None:
    twice = rates_of_return([-100.0, 230.0, -132.0], [0.0, 1.0, 2.0])
    assert twice.roots == pytest.approx((0.10, 0.20))
    with pytest.raises(SeveralSolutionsError, match="2 solutions"):
        _ = twice.value
    with pytest.raises(NoSolutionError, match="no solution in range: no rate from -0.9 to 10 gives 0"):
        _ = rates_of_return([100.0, 10.0], [0.0, 1.0]).value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: present_value([1.0, 2.0], [0.1]), "cost_of_capital must have 2 years, got 1"),
        (lambda: xnpv(-1.0, [1.0], DAYS[:1]), "rate must be above -1"),
        (lambda: xnpv(0.1, [1.0, 2.0], DAYS), "days must have 2 entries as flows has, got 3"),
        (
            lambda: xnpv(0.1, [1.0, 2.0], DAYS[1::-1]),
            "days must not lie before the first of them, 2026-01-01",
        ),
        (lambda: rates_of_return([1.0], [0.0, 1.0]), "years must have 1 years as flows has, got 2"),
        (lambda: rates_of_return([1.0], [0.0], low=-1.0), "low must be above -1"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
