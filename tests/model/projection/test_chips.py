"""Own chips: savings from price-performance, what is kept, and what it is worth inside AWS."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection import chips as kernels

fraction = st.floats(0, 1)
advantage = st.floats(0.01, 3)
money = st.floats(0, 1e4)


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    four_ways(kernels.saving_from_advantage, 2 / 7, advantage=0.4)
    four_ways(kernels.cost_avoided, 90 * 0.3 * 2 / 7, compute_cost=90.0, own_share=0.3, advantage=0.4)
    four_ways(kernels.cost_on_bought_chips, 90.0, compute_cost=82.8, own_share=0.28, advantage=0.4)
    four_ways(kernels.savings_kept, 6.0, savings=8.0, passed_on=0.25)
    four_ways(kernels.value_of_savings_kept, 120.0, savings=8.0, passed_on=0.25, multiple=20.0)
    four_ways(kernels.aws_income_without_chips, 39.6, aws_operating_income=45.6, kept=6.0)


@given(money, fraction, advantage)
def test_savings_are_the_cost_of_all_work_less_what_is_paid(cost: float, share: float, a: float) -> None:
    paid_on_own = cost * share / (1 + a)
    paid = cost * (1 - share) + paid_on_own
    assert kernels.cost_avoided(cost, share, a) == pytest.approx(cost - paid, abs=1e-6)


def test_an_advantage_of_40_percent_saves_less_than_40_percent() -> None:
    assert kernels.saving_from_advantage(0.4) == pytest.approx(1 - 1 / 1.4)
    assert kernels.saving_from_advantage(1.0) == 0.5


@given(money, fraction, advantage)
def test_a_mix_costs_what_bought_chips_would_less_what_own_ones_avoid(
    cost: float, share: float, a: float
) -> None:
    bought = kernels.cost_on_bought_chips(cost, share, a)
    assert bought - kernels.cost_avoided(bought, share, a) == pytest.approx(cost, abs=1e-6)


@given(money, fraction)
def test_what_is_kept_and_what_is_passed_on_add_up(savings: float, passed_on: float) -> None:
    kept = kernels.savings_kept(savings, passed_on)
    assert kept + kernels.savings_kept(savings, 1 - passed_on) == pytest.approx(savings, abs=1e-9)
    assert 0 <= kept <= savings


def test_savings_all_passed_on_are_worth_nothing() -> None:
    assert kernels.value_of_savings_kept(8.0, 1.0, 20.0) == 0.0


@given(st.floats(1, 200), st.floats(0, 50), st.floats(1, 40))
def test_aws_and_chips_apart_are_worth_what_they_are_together(
    income: float, kept: float, multiple: float
) -> None:
    """Valued at one multiple, the split moves value between the parts and creates none."""
    apart = kernels.aws_income_without_chips(income, kept) * multiple + kernels.value_of_savings_kept(
        kept, 0, multiple
    )
    assert apart == pytest.approx(income * multiple)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.saving_from_advantage(-1), "advantage"),
        (lambda: kernels.cost_avoided(-1, 0.3, 0.4), "compute_cost"),
        (lambda: kernels.cost_avoided(1, 1.3, 0.4), "own_share"),
        (lambda: kernels.cost_avoided(1, 0.3, -1), "advantage"),
        (lambda: kernels.cost_on_bought_chips(-1, 0.3, 0.4), "compute_cost"),
        (lambda: kernels.cost_on_bought_chips(1, 1.3, 0.4), "own_share"),
        (lambda: kernels.savings_kept(1, -0.1), "passed_on"),
        (lambda: kernels.savings_kept(float("nan"), 0.1), "savings"),
        (lambda: kernels.value_of_savings_kept(1, 0.1, -1), "multiple"),
        (lambda: kernels.aws_income_without_chips(1, float("nan")), "kept"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
