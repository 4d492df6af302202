"""Cost of capital: levering there and back, market weights, and the theory each convention rests on."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import cost_of_capital as coc

INPUTS = {
    "unlevered_beta": 1.1,
    "risk_free": 0.042,
    "equity_risk_premium": 0.045,
    "spread": 0.008,
    "tax": 0.24,
    "equity_value": 2000.0,
    "debt_value": 150.0,
}


@given(
    beta=st.floats(0.2, 3.0),
    leverage=st.floats(0.0, 3.0),
    tax=st.floats(0.0, 0.5),
    debt_beta=st.floats(0.0, 0.4),
    shield=st.sampled_from(coc.TAX_SHIELDS),
)
def test_levering_and_unlevering_are_inverses(
    beta: float, leverage: float, tax: float, debt_beta: float, shield: coc.TaxShield
) -> None:
    rate = 0.05 if shield == "rebalanced_yearly" else None
    more = {"debt_beta": debt_beta, "tax_shield": shield, "cost_of_debt": rate}
    levered = coc.relever(beta, leverage, tax, **more)
    assert coc.unlever(levered, leverage, tax, **more) == pytest.approx(beta, rel=1e-12)


def test_hamada() -> None:
    assert coc.relever(0.9, 0.5, 0.3) == pytest.approx(0.9 * (1 + 0.7 * 0.5))


def test_no_debt_leaves_beta_alone() -> None:
    assert coc.relever(1.1, 0.0, 0.25) == 1.1


def test_tax_shields_rank_by_the_risk_they_leave() -> None:
    fixed, yearly, ratio = (
        coc.relever(1.0, 0.5, 0.25, tax_shield=shield, cost_of_debt=rate)
        for shield, rate in (("fixed_debt", None), ("rebalanced_yearly", 0.05), ("fixed_ratio", None))
    )
    assert fixed < yearly < ratio
    assert yearly == pytest.approx(1.0 + 0.5 * (1 - 0.25 * 0.05 / 1.05))


def test_miles_ezzell_betas_give_the_miles_ezzell_cost_of_capital() -> None:
    """WACC = k_U − (D/V) × tax × k_D × (1 + k_U) / (1 + k_D), from their paper, with risky debt."""
    risk_free, premium, beta, debt_beta, tax, debt = 0.04, 0.05, 1.2, 0.2, 0.25, 0.3
    k_u, k_d = risk_free + beta * premium, risk_free + debt_beta * premium
    levered = coc.relever(
        beta, debt / (1 - debt), tax, debt_beta=debt_beta, tax_shield="rebalanced_yearly", cost_of_debt=k_d
    )
    k_e = coc.cost_of_equity(risk_free, levered, premium)
    got = coc.wacc(k_e, k_d, tax, equity_value=1 - debt, debt_value=debt)
    assert got == pytest.approx(k_u - debt * tax * k_d * (1 + k_u) / (1 + k_d), rel=1e-12)


def test_without_tax_leverage_does_not_change_the_cost_of_capital() -> None:
    def cost(debt_value: float) -> float:
        return float(
            coc.bottom_up(**{**INPUTS, "tax": 0.0, "debt_value": debt_value}, debt_beta=0.008 / 0.045).wacc
        )

    assert cost(0.0) == pytest.approx(cost(1500.0), rel=1e-12)


def test_bottom_up_is_its_steps_one_after_the_other() -> None:
    result = coc.bottom_up(**INPUTS)
    beta = coc.relever(1.1, 150 / 2000, 0.24)
    equity_rate = 0.042 + beta * 0.045
    assert result.levered_beta == beta
    assert result.cost_of_equity == pytest.approx(equity_rate)
    assert result.cost_of_debt == pytest.approx(0.05)
    assert result.equity_weight + result.debt_weight == 1
    assert result.wacc == pytest.approx((equity_rate * 2000 + 0.05 * 0.76 * 150) / 2150)


def test_bottom_up_takes_each_convention() -> None:
    results = [coc.bottom_up(**INPUTS, tax_shield=shield).wacc for shield in coc.TAX_SHIELDS]
    assert len(set(results)) == 3
    dearer = coc.bottom_up(**INPUTS, premium=0.01)
    assert dearer.cost_of_equity == pytest.approx(coc.bottom_up(**INPUTS).cost_of_equity + 0.01)


def test_cash_dilutes_beta_and_is_taken_out() -> None:
    operations = 1.25
    whole = operations * 0.9 + 0.0 * 0.1
    assert coc.without_cash(whole, 0.1) == pytest.approx(operations)


def test_beta_of_several_businesses_is_weighted_by_value() -> None:
    assert coc.weighted_beta([1.0, 1.3], [100.0, 200.0]) == pytest.approx(1.2)


def test_arrays_broadcast() -> None:
    betas = np.array([0.9, 1.1, 1.3])
    together = coc.bottom_up(**{**INPUTS, "unlevered_beta": betas}).wacc
    alone = [coc.bottom_up(**{**INPUTS, "unlevered_beta": beta}).wacc for beta in betas]
    assert together == pytest.approx(alone, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: coc.relever(1.0, -0.1, 0.2), "debt_to_equity must be zero or above"),
        (lambda: coc.relever(1.0, 0.1, 1.2), "tax must be a fraction"),
        (lambda: coc.relever(np.nan, 0.1, 0.2), "unlevered_beta must be finite"),
        (lambda: coc.unlever(np.nan, 0.1, 0.2), "levered_beta must be finite"),
        (lambda: coc.relever(1.0, 0.1, 0.2, tax_shield="none"), "tax_shield must be one of 'fixed_debt'"),
        (
            lambda: coc.relever(1.0, 0.1, 0.2, tax_shield="rebalanced_yearly"),
            "cost_of_debt must be given with tax_shield 'rebalanced_yearly'",
        ),
        (lambda: coc.relever(1.0, 0.1, 0.2, cost_of_debt=0.05), "and only there"),
        (lambda: coc.without_cash(1.0, 1.0), "1 − cash_to_value must be above zero"),
        (
            lambda: coc.weighted_beta([1.0, 1.2], [1.0]),
            "values must have one entry for each of 2 betas, got 1",
        ),
        (lambda: coc.weighted_beta([], []), "values must have one entry"),
        (lambda: coc.weighted_beta([1.0], [0.0]), r"values\[0\] must be above zero"),
        (lambda: coc.cost_of_equity(0.04, 1.0, 0.0), "equity_risk_premium must be above zero"),
        (lambda: coc.cost_of_debt(0.04, -0.01), "spread must be zero or above"),
        (
            lambda: coc.wacc(0.1, 0.05, 0.2, equity_value=0.0, debt_value=1.0),
            "equity_value must be above zero",
        ),
        (lambda: coc.wacc(0.1, 0.05, 0.2, equity_value=1.0, debt_value=-1.0), "debt_value must be zero"),
        (lambda: coc.bottom_up(**{**INPUTS, "equity_value": 0.0}), "equity_value must be above zero"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
