"""Employee awards: each method against textbook numbers and its own defining equation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model.parts import employee_awards as awards
from analysis.model.parts.employee_awards import Options

LOW = Options(count=30.0, exercise_price=8.0, years=4.0, volatility=0.35, risk_free=0.04)
HIGH = Options(
    count=20.0, exercise_price=15.0, years=7.0, volatility=0.35, risk_free=0.04, dividend_yield=0.01
)


def test_call_values_of_the_textbook() -> None:
    """Hull, example 15.6 (stock) and example 17.1 (index with a dividend yield)."""
    assert awards.black_scholes_call(42, 40, 0.5, 0.10, 0.20) == pytest.approx(4.76, abs=0.005)
    assert awards.black_scholes_call(930, 900, 2 / 12, 0.08, 0.20, 0.03) == pytest.approx(51.83, abs=0.005)


def test_dilution_of_the_textbook() -> None:
    """Hull, example 15.7: one million shares at 40, 200,000 five-year options at 60."""
    grant = Options(count=200_000, exercise_price=60, years=5, volatility=0.30, risk_free=0.03)
    result = awards.by_option_value(40e6, 1e6, [grant])
    assert result.awards_value / 200_000 == pytest.approx(5.87, abs=0.005)
    assert result.value == pytest.approx(38.83, abs=0.005)


def test_call_lies_between_its_bounds_and_rises_with_volatility() -> None:
    volatility = np.array([0.01, 0.2, 0.5, 1.0])
    value = awards.black_scholes_call(10.0, 9.0, 2.0, 0.04, volatility)
    assert np.all(np.diff(value) > 0)
    assert np.all(value < 10.0)
    assert np.all(value >= 10.0 - 9.0 * np.exp(-0.08) - 1e-12)


def test_call_on_a_worthless_share_is_worthless() -> None:
    assert awards.black_scholes_call(0.0, 9.0, 2.0, 0.04, 0.3) == 0.0


def test_call_almost_free_to_exercise_is_the_share_without_its_dividends() -> None:
    value = awards.black_scholes_call(10.0, 1e-9, 3.0, 0.04, 0.3, 0.02)
    assert value == pytest.approx(10.0 * np.exp(-0.06))


def test_count_shares_the_equity_equally() -> None:
    result = awards.by_count(1000.0, 90.0, 10.0)
    assert (result.value, result.shares, result.awards_value) == (10.0, 100.0, 100.0)
    assert awards.by_count(-500.0, 90.0, 10.0).value == -5.0


@settings(max_examples=80)
@given(equity=st.floats(1, 5000), shares=st.floats(20, 300))
def test_treasury_method_solves_its_own_equation(equity: float, shares: float) -> None:
    result = awards.by_treasury_method(equity, shares, [HIGH, LOW])
    claims = sum(grant.count * max(0.0, result.value - grant.exercise_price) for grant in (LOW, HIGH))
    assert result.value * shares + claims == pytest.approx(equity, rel=1e-12)
    assert result.awards_value == pytest.approx(claims, abs=1e-9 * equity)
    assert result.value * result.shares == pytest.approx(equity, rel=1e-12)


def test_treasury_method_at_a_market_price_counts_as_reported() -> None:
    result = awards.by_treasury_method(1000.0, 100.0, [LOW, HIGH], price=10.0)
    assert result.shares == pytest.approx(100.0 + 30.0 * (1 - 8 / 10))
    assert result.value == pytest.approx(1000.0 / result.shares)


def test_treasury_method_at_its_own_value_as_price_gives_itself() -> None:
    own = awards.by_treasury_method(2000.0, 100.0, [LOW, HIGH])
    again = awards.by_treasury_method(2000.0, 100.0, [LOW, HIGH], price=own.value)
    assert again.value == pytest.approx(own.value, rel=1e-12)


def test_options_under_water_do_not_dilute_by_treasury_method() -> None:
    result = awards.by_treasury_method(500.0, 100.0, [LOW, HIGH])
    assert (result.value, result.shares) == (5.0, 100.0)


@settings(max_examples=60)
@given(
    equity=st.floats(50, 5000),
    shares=st.floats(20, 300),
    tax=st.floats(0, 0.4),
    dilution=st.sampled_from(awards.DILUTIONS),
)
def test_option_value_is_a_fixed_point(
    equity: float, shares: float, tax: float, dilution: awards.Dilution
) -> None:
    """Value per share and option values satisfy both equations at once, put in from outside."""
    result = awards.by_option_value(equity, shares, [LOW, HIGH], tax=tax, dilution=dilution)
    held, m = result.awards_value / (1 - tax), LOW.count + HIGH.count
    whole = shares * result.value + held
    spot, factor = (whole / shares, shares / (shares + m)) if dilution == "galai_schneller" else (
        whole / (shares + m), 1.0,
    )  # fmt: skip
    claims = sum(
        grant.count * factor * awards.black_scholes_call(
            spot, grant.exercise_price, grant.years, grant.risk_free, grant.volatility, grant.dividend_yield
        )
        for grant in (LOW, HIGH)
    )  # fmt: skip
    assert held == pytest.approx(claims, rel=1e-9, abs=1e-10 * equity)
    assert result.value * shares + (1 - tax) * claims == pytest.approx(equity, rel=1e-10)


def test_without_tax_the_fixed_point_is_known_in_closed_form() -> None:
    """Shares and options together are worth the equity, so the spot needs no iteration."""
    result = awards.by_option_value(1000.0, 100.0, [LOW])
    option = 100 / 130 * awards.black_scholes_call(10.0, 8.0, 4.0, 0.04, 0.35)
    assert result.awards_value == pytest.approx(30 * option, rel=1e-12)


def test_options_can_be_valued_at_the_market_price() -> None:
    own = awards.by_option_value(1000.0, 100.0, [LOW])
    at_own_value = awards.by_option_value(1000.0, 100.0, [LOW], spot=own.value)
    dearer = awards.by_option_value(1000.0, 100.0, [LOW], spot=2 * own.value)
    assert at_own_value.value == pytest.approx(own.value, rel=1e-10)
    assert dearer.awards_value > own.awards_value


def test_methods_rank_as_theory_says() -> None:
    """Options take more than their exercise value, and less than shares given away."""
    count = awards.by_count(1000.0, 100.0, LOW.count).value
    options = awards.by_option_value(1000.0, 100.0, [LOW]).value
    treasury = awards.by_treasury_method(1000.0, 100.0, [LOW]).value
    assert count < options < treasury < 10.0


def test_no_options_take_nothing() -> None:
    assert awards.by_option_value(1000.0, 100.0, []).value == 10.0
    assert awards.by_treasury_method(1000.0, 100.0, []).value == 10.0


def test_draws_give_what_each_draw_gives_alone() -> None:
    equity = np.array([500.0, 1000.0, 3000.0])
    for method in (awards.by_option_value, awards.by_treasury_method):
        together = method(equity, 100.0, [LOW, HIGH]).value
        alone = [method(value, 100.0, [LOW, HIGH]).value for value in equity]
        assert together == pytest.approx(alone, rel=1e-12)


def test_too_few_steps_are_an_error_and_not_an_answer() -> None:
    with pytest.raises(awards.NotConvergedError, match="within 2 steps"):
        awards.by_option_value(1000.0, 100.0, [LOW], tax=0.3, max_steps=2)


def grant(**change: Any) -> Options:
    inputs = {"count": 1.0, "exercise_price": 1.0, "years": 1.0, "volatility": 0.3, "risk_free": 0.04}
    return Options(**{**inputs, **change})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: awards.by_count(1.0, 0.0, 1.0), "shares must be above zero"),
        (lambda: awards.by_count(1.0, -5.0, 1.0), "shares must be above zero, got -5"),
        (lambda: awards.by_count(1.0, 1.0, -1.0), "awards must be zero or above"),
        (lambda: awards.by_count(np.nan, 1.0, 1.0), "equity_value must be finite"),
        (lambda: awards.by_treasury_method(1.0, 0.0, [LOW]), "shares must be above zero"),
        (lambda: awards.by_treasury_method(1.0, 1.0, [LOW], price=0.0), "price must be above zero"),
        (lambda: awards.by_option_value(1.0, -1.0, [LOW]), "shares must be above zero"),
        (lambda: awards.by_option_value(np.nan, 1.0, [LOW]), "equity_value must be zero or above"),
        (lambda: awards.by_option_value(1.0, 1.0, [LOW], tax=2.0), "tax must be a fraction"),
        (lambda: awards.by_option_value(1.0, 1.0, [LOW], spot=-1.0), "spot must be above zero"),
        (
            lambda: awards.by_option_value(1.0, 1.0, [LOW], dilution="none"),
            "dilution must be one of",
        ),
        (
            lambda: awards.by_option_value(10.0, 100.0, [LOW], spot=50.0),
            "options must be worth at most",
        ),
        (lambda: grant(count=-1.0), "count must be zero or above"),
        (lambda: grant(exercise_price=0.0), "exercise_price must be above zero"),
        (lambda: grant(volatility=0.0), "volatility must be above zero"),
        (lambda: grant(years=0.0), "years must be above zero"),
        (lambda: grant(risk_free=np.nan), "risk_free must be finite"),
        (lambda: awards.black_scholes_call(-1.0, 1.0, 1.0, 0.0, 0.2), "spot must be zero or above"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
