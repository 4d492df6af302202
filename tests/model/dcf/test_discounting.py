"""Discount factors: when money arrives, and what it is worth then."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.model.dcf.discounting import Timing, discount, present_target


def test_first_flow_is_year_one() -> None:
    assert discount([0.10, 0.10, 0.10]).flows == pytest.approx([1 / 1.1, 1 / 1.21, 1 / 1.331])


def test_mid_year_is_worth_half_a_year_more() -> None:
    end, mid = discount([0.09] * 6), discount([0.09] * 6, timing="mid")
    assert np.array(mid.flows) / np.array(end.flows) == pytest.approx([1.09**0.5] * 6, rel=1e-14)
    assert mid.horizon == end.horizon


def test_each_year_is_discounted_at_the_rates_of_all_years_before_it() -> None:
    factors = discount([0.10, 0.05], timing="mid")
    assert factors.flows == pytest.approx([1.10**-0.5, 1.05**-0.5 / 1.10])
    assert factors.horizon == pytest.approx(1 / (1.10 * 1.05))


@pytest.mark.parametrize("timing", ["end", "mid"])
def test_later_valuation_date_rolls_the_value_forward(timing: Timing) -> None:
    whole, later = discount([0.08] * 4, timing=timing), discount([0.08] * 4, timing=timing, first_period=0.75)
    assert np.array(later.flows) == pytest.approx(np.array(whole.flows) * 1.08**0.25)
    assert later.horizon == pytest.approx(whole.horizon * 1.08**0.25)


def test_a_stub_is_what_is_left_of_the_first_year_and_comes_in_its_middle() -> None:
    rates = [0.08] * 3
    stub = discount(rates, timing="mid", first_period=0.25, first_flow="stub")
    assert stub.flows == pytest.approx([1.08**-0.125, 1.08**-0.75, 1.08**-1.75])
    assert stub.horizon == discount(rates, first_period=0.25).horizon == pytest.approx(1.08**-2.25)
    at_the_end = discount(rates, first_period=0.25, first_flow="stub")
    assert at_the_end == discount(rates, first_period=0.25)
    whole = discount(rates, timing="mid")
    assert discount(rates, timing="mid", first_flow="stub") == whole


def test_rates_broadcast_over_draws() -> None:
    factors = discount([np.array([0.10, 0.20]), 0.10])
    assert factors.flows[1] == pytest.approx([1 / 1.21, 1 / 1.32])


def test_target_is_discounted_and_shared_with_new_shares() -> None:
    assert present_target(4000.0, 0.09, 4.75) == pytest.approx(4000.0 / 1.09**4.75)
    diluted = present_target(4000.0, 0.09, 4.0, issuance=0.01)
    assert diluted == pytest.approx(present_target(4000.0, 0.09, 4.0) / 1.01**4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: discount([]), "cost_of_capital must have at least one year"),
        (lambda: discount([0.1, -1.0]), r"cost_of_capital\[2\] must be above -1"),
        (lambda: discount([np.nan]), r"rates\[0\] must be finite"),
        (lambda: discount([0.1], timing="middle"), "timing must be one of 'end', 'mid', got 'middle'"),
        (lambda: discount([0.1], first_flow="half"), "first_flow must be one of 'whole', 'stub', got 'half'"),
        (lambda: discount([0.1], first_period=0.0), "first_period must be above zero"),
        (lambda: discount([0.1], timing="mid", first_period=0.4), "first_period must be at least 0.5"),
        (lambda: present_target(1.0, 0.1, 1.0, issuance=-1.0), "issuance must be above -1"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
