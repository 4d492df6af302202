"""Base rates: shrinkage, shares of a reference class, milestones."""

import math
from collections.abc import Callable
from datetime import date
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from analysis.model.projection import base_rates as kernels
from analysis.model.projection.growth import compound

rate = st.floats(-0.2, 0.4)
spread = st.floats(0.01, 0.3)
EDGES = [-0.05, 0.0, 0.05, 0.10, 0.20]
BINS = [0.10, 0.20, 0.35, 0.20, 0.10, 0.05]


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    four_ways(kernels.shrink, 0.08, forecast=0.17, base_rate=0.05, weight=0.25)
    four_ways(kernels.forecast_weight, 0.64, base_sd=0.08, forecast_sd=0.06)
    four_ways(kernels.nominal_growth, 0.1016, real=0.08, inflation=0.02)
    four_ways(kernels.real_growth, 0.08, nominal=0.1016, inflation=0.02)


def test_the_posterior_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    inputs = {"forecast": 0.15, "forecast_sd": 0.06, "base_rate": 0.05, "base_sd": 0.08}
    four_ways(
        lambda forecast, forecast_sd, base_rate, base_sd: (
            kernels.posterior(forecast, forecast_sd, base_rate, base_sd).mean
        ),
        0.114,
        **inputs,
    )


def test_the_posterior_spread_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def deviation(forecast_sd: float, base_sd: float) -> float:
        return kernels.posterior(0.15, forecast_sd, 0.05, base_sd).sd

    four_ways(deviation, 0.048, forecast_sd=0.06, base_sd=0.08)


@given(rate, spread, rate, spread)
def test_the_posterior_is_the_product_of_two_normals(f: float, f_sd: float, b: float, b_sd: float) -> None:
    """The precision-weighted closed form: precisions add, means are weighted by them."""
    result = kernels.posterior(f, f_sd, b, b_sd)
    precision = 1 / f_sd**2 + 1 / b_sd**2
    assert result.mean == pytest.approx((f / f_sd**2 + b / b_sd**2) / precision, rel=1e-9, abs=1e-12)
    assert result.sd == pytest.approx(precision**-0.5)
    assert result.sd < min(f_sd, b_sd)


def test_the_weight_goes_from_base_rate_to_forecast() -> None:
    assert kernels.shrink(0.2, 0.05, 0) == 0.05
    assert kernels.shrink(0.2, 0.05, 1) == 0.2


@given(st.floats(-0.5, 0.5), rate, spread)
def test_the_normal_share_is_the_area_of_the_upper_tail(growth: float, mean: float, sd: float) -> None:
    density = NormalDist(mean, sd).pdf
    area, _ = (
        quad(density, growth, mean + 12 * sd, points=[mean], limit=200)
        if growth < mean
        else quad(density, growth, growth + 12 * sd)
    )
    assert kernels.share_above_normal(growth, mean, sd) == pytest.approx(area, abs=1e-7)


def test_the_normal_share_on_arrays() -> None:
    shares = kernels.share_above_normal(np.array([[0.0], [0.1]]), 0.05, np.array([0.05, 0.1]))
    assert shares.shape == (2, 2)
    assert shares[1, 0] == kernels.share_above_normal(0.1, 0.05, 0.05)
    np.testing.assert_allclose(shares[0], 1 - shares[1])


def test_shares_above_edges_sum_the_bins_above() -> None:
    assert kernels.shares_above_edges(EDGES, BINS) == pytest.approx([0.90, 0.70, 0.35, 0.15, 0.05])


def test_printed_rounding_is_spread_over_the_bins() -> None:
    assert kernels.shares_above_edges([0.0], [0.501, 0.503]) == pytest.approx([0.503 / 1.004])


def test_the_table_gives_its_own_rows_and_lines_between_them() -> None:
    shares = kernels.shares_above_edges(EDGES, BINS)
    for edge, share in zip(EDGES, shares, strict=True):
        assert kernels.share_above(edge, EDGES, shares) == share
    assert kernels.share_above(0.075, EDGES, shares) == pytest.approx(0.25)
    np.testing.assert_allclose(kernels.share_above(np.array([0.0, 0.15]), EDGES, shares), [0.70, 0.10])


@given(st.floats(-0.05, 0.2), st.floats(-0.05, 0.2))
def test_fewer_grow_faster(a: float, b: float) -> None:
    shares = kernels.shares_above_edges(EDGES, BINS)
    low, high = sorted((a, b))
    assert kernels.share_above(low, EDGES, shares) >= kernels.share_above(high, EDGES, shares)


def test_a_table_may_be_flat_where_a_class_is_empty() -> None:
    assert kernels.share_above(0.12, [0.0, 0.1, 0.15], [0.5, 0.2, 0.2]) == 0.2


def test_above_a_table_that_ends_at_nobody_the_share_is_nothing() -> None:
    assert kernels.share_above(0.9, [0.0, 0.2], [0.5, 0.0]) == 0.0


@given(rate, st.floats(-0.02, 0.1))
def test_real_and_nominal_growth_are_inverses(real: float, inflation: float) -> None:
    nominal = kernels.nominal_growth(real, inflation)
    assert kernels.real_growth(nominal, inflation) == pytest.approx(real, abs=1e-12)


def test_twelve_months_are_a_year() -> None:
    assert kernels.months_between(date(2026, 12, 31), date(2030, 12, 31)) == 48.0


def test_milestones_are_spaced_and_paced() -> None:
    days = [date(2020, 1, 1), date(2024, 1, 1), date(2026, 1, 1)]
    assert kernels.milestone_months(days) == [48.0, pytest.approx(24.0, abs=0.02)]
    first, second = kernels.milestone_growth([1.0, 2.0, 3.0], days)
    assert compound(1.0, first, 4) == pytest.approx(2.0)
    assert second == pytest.approx(math.sqrt(1.5) - 1, abs=2e-4)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.shrink(0.1, 0.1, 1.1), "weight"),
        (lambda: kernels.shrink(math.nan, 0.1, 0.1), "forecast"),
        (lambda: kernels.forecast_weight(0, 0.1), "base_sd"),
        (lambda: kernels.posterior(0.1, 0, 0.1, 0.1), "forecast_sd"),
        (lambda: kernels.share_above_normal(0.1, 0.1, 0), "sd"),
        (lambda: kernels.shares_above_edges([0, 1], [0.5, 0.5]), "bin_shares"),
        (lambda: kernels.shares_above_edges([1, 0], [0.5, 0.3, 0.2]), "edges"),
        (lambda: kernels.shares_above_edges([0, 1], [0.5, 0.3, 0.19]), "bin_shares must add up"),
        (lambda: kernels.shares_above_edges([0, 1], [1.1, -0.1, 0.0]), "bin_shares"),
        (lambda: kernels.share_above(0.1, [0, 1], [0.5]), "shares"),
        (lambda: kernels.share_above(0.1, [0, 0], [0.5, 0.4]), "edges"),
        (lambda: kernels.share_above(0.1, [0, 1], [0.4, 0.5]), "shares must not rise"),
        (lambda: kernels.share_above(0.1, [0, 1], [1.4, 0.5]), "shares"),
        (lambda: kernels.share_above(-0.1, [0, 1], [0.5, 0.4]), "growth"),
        (lambda: kernels.share_above(1.1, [0, 1], [0.5, 0.4]), "growth"),
        (lambda: kernels.nominal_growth(-1, 0), "real"),
        (lambda: kernels.real_growth(0.1, -1), "inflation"),
        (lambda: kernels.milestone_growth([1, 2], [date(2020, 1, 1)]), "days"),
        (lambda: kernels.milestone_growth([0, 2], [date(2020, 1, 1), date(2021, 1, 1)]), "levels"),
        (lambda: kernels.milestone_growth([1, 2], [date(2020, 1, 1)] * 2), "years"),
        (lambda: kernels.milestone_months([date(2021, 1, 1), date(2020, 1, 1)]), "end"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
