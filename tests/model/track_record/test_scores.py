"""Scores against closed forms, against integration, and what makes a score proper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from analysis.model.track_record.scores import (
    bias,
    coverage,
    crps_lognormal,
    crps_normal,
    mean_absolute_error,
    root_mean_square,
    skill,
)

finite = st.floats(-50, 50)
positive = st.floats(0.05, 20)


def crps_by_definition(actual: float, forecast: object) -> float:
    """∫ (F(x) − 1{x ≥ actual})² dx, the definition in Gneiting and Raftery (2007), equation 20."""
    low, high = forecast.ppf([1e-9, 1 - 1e-9])
    below = np.linspace(min(low, actual), actual, 4001)
    above = np.linspace(actual, max(high, actual), 4001)
    miss = integrate.simpson(forecast.cdf(below) ** 2, x=below)
    return float(miss + integrate.simpson(forecast.sf(above) ** 2, x=above))


@given(actual=st.floats(-3, 3), mean=st.floats(-2, 2), sd=st.floats(0.2, 3))
def test_crps_of_a_normal_is_its_definition(actual: float, mean: float, sd: float) -> None:
    exact = crps_by_definition(actual, stats.norm(mean, sd))
    assert crps_normal(actual, mean, sd) == pytest.approx(exact, abs=1e-6)


@given(actual=st.floats(0.1, 5), median=st.floats(0.3, 3), sd=st.floats(0.05, 0.8))
def test_crps_of_a_log_normal_is_its_definition(actual: float, median: float, sd: float) -> None:
    exact = crps_by_definition(actual, stats.lognorm(sd, scale=median))
    assert crps_lognormal(actual, median, sd) == pytest.approx(exact, abs=1e-6)


def test_crps_of_a_standard_normal_at_its_mean() -> None:
    assert crps_normal(0.0, 0.0, 1.0) == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi))


@given(shift=st.floats(-2, 2), stretch=st.floats(0.3, 3))
def test_crps_is_proper_the_truth_scores_best_on_average(shift: float, stretch: float) -> None:
    actuals = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    truth = crps_normal(actuals, 0.0, 1.0).mean()
    assert truth <= crps_normal(actuals, shift, stretch).mean() + 1e-6


@given(actual=finite, mean=finite, sd=positive, factor=positive)
def test_crps_scales_with_the_unit(actual: float, mean: float, sd: float, factor: float) -> None:
    one = float(crps_normal(actual, mean, sd))
    assert crps_normal(actual * factor, mean * factor, sd * factor) == pytest.approx(one * factor, rel=1e-6)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_crps_keeps_shapes_and_broadcasts(shape: tuple[int, ...]) -> None:
    assert crps_normal(np.ones(shape), 0.0, 1.0).shape == shape
    assert crps_lognormal(1.0, np.ones(shape), 0.3).shape == shape


def test_errors_and_bias_are_fractions_of_the_actual_or_of_a_scale() -> None:
    forecasts, actuals = [110.0, 80.0], [100.0, 100.0]
    assert mean_absolute_error(forecasts, actuals) == pytest.approx(0.15)
    assert bias(forecasts, actuals) == pytest.approx(-0.05)
    assert mean_absolute_error([5.0, -1.0], [-5.0, 1.0], [100.0, 50.0]) == pytest.approx(0.07)
    assert bias([5.0, -1.0], [-5.0, 1.0], [100.0, 50.0]) == pytest.approx(0.03)


@given(st.lists(st.tuples(positive, positive), min_size=1))
def test_bias_is_never_larger_than_the_error(pairs: list[tuple[float, float]]) -> None:
    forecasts, actuals = zip(*pairs, strict=True)
    assert abs(bias(forecasts, actuals)) <= mean_absolute_error(forecasts, actuals) + 1e-12


def test_a_constant_miss_counts_as_error_not_as_noise() -> None:
    assert root_mean_square([0.1, 0.1, 0.1]) == pytest.approx(0.1)


def test_coverage_counts_ends() -> None:
    assert coverage([1.0, 2.0, 3.0, 4.0], [1.0] * 4, [3.0] * 4) == 0.75
    assert coverage([1.0, 2.0], 0.0, [0.5, 2.0]) == 0.5


def test_skill_is_the_share_of_error_avoided() -> None:
    assert skill(0.0, 0.2) == 1.0
    assert skill(0.2, 0.2) == 0.0
    assert skill(0.3, 0.2) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_absolute_error([], []), "forecasts must hold at least one"),
        (lambda: mean_absolute_error([1.0], [-1.0]), "scale must be above zero"),
        (lambda: bias([math.nan], [1.0]), r"forecasts\[0\] must be finite"),
        (lambda: root_mean_square([]), "errors must hold at least one"),
        (lambda: root_mean_square([math.inf]), r"errors\[0\] must be finite"),
        (lambda: coverage([], [], []), "actuals must hold at least one"),
        (lambda: coverage([1.0], [2.0], [1.0]), "lows must not be above highs"),
        (lambda: coverage([math.nan], [0.0], [1.0]), r"actuals\[0\] must be finite"),
        (lambda: crps_normal(0.0, 0.0, 0.0), "sd must be above zero"),
        (lambda: crps_lognormal(0.0, 1.0, 0.1), "actual must be above zero"),
        (lambda: skill(0.1, 0.0), "reference must be above zero"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@given(actual=finite, point=finite)
def test_crps_of_a_certain_forecast_is_the_absolute_error(actual: float, point: float) -> None:
    assert crps_normal(actual, point, 1e-9) == pytest.approx(abs(actual - point), abs=1e-8)
