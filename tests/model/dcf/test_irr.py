"""Internal rates of return: all of them, and none where there is none."""

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.model.dcf.irr import internal_rates


def net_present_value(flows: list[float], rate: float) -> float:
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))


def flows_with(*rates: float) -> list[float]:
    """Flows whose only rates of return are the given ones: the product of (1 + rate) − x."""
    polynomial = np.array([1.0])
    for rate in rates:
        polynomial = np.convolve(polynomial, [1.0, -(1 + rate)])
    return [float(flow) for flow in polynomial]


def test_the_textbook_flow_has_both_its_rates() -> None:
    assert internal_rates([-1.0, 2.3, -1.32]) == pytest.approx((0.10, 0.20), abs=1e-12)


@settings(max_examples=60)
@given(price=st.floats(10, 1e4), flows=st.lists(st.floats(0, 1e3), min_size=1, max_size=30))
def test_an_investment_that_only_pays_back_has_pyxirrs_rate(price: float, flows: list[float]) -> None:
    assume(sum(flows) > price / 10)
    (rate,) = internal_rates([-price, *flows])
    assert rate == pytest.approx(pyxirr.irr([-price, *flows]), rel=1e-8, abs=1e-8)


def test_a_repeated_rate_is_given_once() -> None:
    assert internal_rates(flows_with(0.10, 0.10)) == pytest.approx((0.10,), abs=1e-6)
    assert internal_rates(flows_with(0.10, 0.10, 0.10)) == pytest.approx((0.10,), abs=1e-4)
    assert internal_rates(flows_with(0.10, 0.10, 0.30)) == pytest.approx((0.10, 0.30), abs=1e-6)


def test_zeros_at_either_end_change_nothing() -> None:
    assert internal_rates([0.0, -1.0, 2.3, -1.32, 0.0]) == pytest.approx((0.10, 0.20))


def test_rates_near_the_total_loss_are_found() -> None:
    assert internal_rates([-100.0, 0.0, 1.0]) == pytest.approx((-0.9,))
    assert internal_rates([-100.0, 1.0]) == pytest.approx((-0.99,))


def test_size_of_the_flows_does_not_matter() -> None:
    assert internal_rates([-1e12, 2.3e12, -1.32e12]) == pytest.approx((0.10, 0.20))
    assert internal_rates([-1e-9, 2.3e-9, -1.32e-9]) == pytest.approx((0.10, 0.20))


def test_long_flows_have_their_rate() -> None:
    flows = [-1000.0, *[12.0 * 1.002**month for month in range(360)]]
    assert internal_rates(flows) == pytest.approx((pyxirr.irr(flows),), rel=1e-9)


@pytest.mark.parametrize("flows", [[], [1.0], [0.0, 0.0], [[1.0, 2.0], [1.0, 2.0]]])
def test_flows_without_a_meaning_are_refused(flows: list[float]) -> None:
    with pytest.raises(ValueError, match="flows must be at least two numbers"):
        internal_rates(flows)


def test_one_change_of_sign_has_one_rate_and_pyxirr_agrees() -> None:
    flows = [-1000.0, 120.0, 150.0, 0.0, 500.0, 900.0]
    assert internal_rates(flows) == pytest.approx((pyxirr.irr(flows),), rel=1e-10)


@settings(max_examples=60)
@given(st.lists(st.integers(-9, 40), min_size=1, max_size=4, unique=True))
def test_every_rate_put_in_is_found(tenths: list[int]) -> None:
    rates = sorted(rate / 10 for rate in tenths)
    flows = flows_with(*rates)
    assert internal_rates(flows) == pytest.approx(tuple(rates), rel=1e-6, abs=1e-6)
    for rate in internal_rates(flows):
        assert net_present_value(flows, rate) == pytest.approx(0.0, abs=1e-8 * sum(map(abs, flows)))


def test_flows_may_change_sign_and_have_no_rate() -> None:
    flows = [1.0, -3.0, 2.5]
    assert internal_rates(flows) == ()
    assert internal_rates([1.0, 2.0, 3.0]) == ()


def test_what_is_not_finite_is_refused_by_its_year() -> None:
    with pytest.raises(ValueError, match=r"flows\[1\] must be finite"):
        internal_rates([-1.0, float("nan")])
