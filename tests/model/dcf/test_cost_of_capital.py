"""Cost of capital: levering there and back, market weights, and the theory each convention rests on."""

from collections.abc import Callable

import numpy as np
import pytest

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


def test_hamada() -> None:
    assert coc.relever(0.9, 0.5, 0.3) == pytest.approx(0.9 * (1 + 0.7 * 0.5))


def test_no_debt_leaves_beta_alone() -> None:
    assert coc.relever(1.1, 0.0, 0.25) == 1.1


def test_without_tax_leverage_does_not_change_the_cost_of_capital() -> None:
    def cost(debt_value: float) -> float:
        return float(coc.bottom_up(**{**INPUTS, "tax": 0.0, "spread": 0.0, "debt_value": debt_value}).wacc)

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
