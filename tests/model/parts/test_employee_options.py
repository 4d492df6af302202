"""Employee options: the textbook's numbers, the bounds of a call, and who bears the dilution."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.model.parts.employee_options import Grant, after_options, black_scholes_call

GRANT = Grant(count=200_000, exercise_price=60, years=5, volatility=0.30, risk_free=0.03)


def test_call_values_of_the_textbook() -> None:
    """Hull, example 15.6 (stock) and example 17.1 (index with a dividend yield)."""
    assert black_scholes_call(42, 40, 0.5, 0.10, 0.20) == pytest.approx(4.76, abs=0.005)
    assert black_scholes_call(930, 900, 2 / 12, 0.08, 0.20, 0.03) == pytest.approx(51.83, abs=0.005)


def test_dilution_of_the_textbook() -> None:
    """Hull, example 15.7: one million shares at 40, 200,000 five-year options at 60."""
    result = after_options(40e6, 1e6, GRANT)
    assert result.option == pytest.approx(5.87, abs=0.005)
    assert result.share == pytest.approx(38.83, abs=0.005)


def test_call_lies_between_its_bounds_and_rises_with_volatility() -> None:
    value = black_scholes_call(10.0, 9.0, 2.0, 0.04, np.array([0.01, 0.2, 0.5, 1.0]))
    assert np.all(np.diff(value) > 0)
    assert np.all(value < 10.0)
    assert np.all(value >= 10.0 - 9.0 * np.exp(-0.08) - 1e-12)


def test_call_on_a_worthless_share_is_worthless() -> None:
    assert black_scholes_call(0.0, 9.0, 2.0, 0.04, 0.3) == 0.0


def test_call_almost_free_to_exercise_is_the_share_without_its_dividends() -> None:
    value = black_scholes_call(10.0, 1e-9, 3.0, 0.04, 0.3, 0.02)
    assert value == pytest.approx(10.0 * np.exp(-0.06))


def test_shares_and_options_together_are_worth_the_equity() -> None:
    equity = np.array([10e6, 40e6, 90e6])
    result = after_options(equity, 1e6, GRANT)
    assert 1e6 * result.share + 200_000 * result.option == pytest.approx(equity, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: after_options(-1.0, 1.0, GRANT), "equity_value must be zero or above"),
        (lambda: after_options(1.0, 0.0, GRANT), "shares must be above zero"),
        (lambda: after_options(1.0, 1.0, Grant(-1.0, 1, 1, 0.2, 0.0)), "count must be zero or above"),
        (lambda: black_scholes_call(-1.0, 1.0, 1.0, 0.0, 0.2), "spot must be zero or above"),
        (lambda: black_scholes_call(1.0, 0.0, 1.0, 0.0, 0.2), "exercise_price must be above zero"),
        (lambda: black_scholes_call(1.0, 1.0, 1.0, 0.0, 0.0), "volatility must be above zero"),
        (lambda: black_scholes_call(1.0, 1.0, 1.0, np.nan, 0.2), "risk_free must be finite"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
