"""Growth: compounding, its inverses, fades, S-curves, sums of quarters and spans of years."""

import itertools
import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import Figure
from analysis.model.projection import growth as kernels

values = st.floats(0.01, 1e5)
rates = st.floats(-0.5, 1.0).filter(lambda rate: abs(rate) > 1e-3)
spans = st.floats(0.1, 30)


def test_steerable_kernels_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    four_ways(kernels.compound, 650 * 1.1**5, value=650.0, rate=0.1, years=5.0)
    four_ways(kernels.cagr, 1.6**0.2 - 1, start=650.0, end=1040.0, years=5.0)
    four_ways(kernels.run_rate, 142.4, quarter=35.6)
    four_ways(
        kernels.sales_from_run_rate, 2.5 * sum(2 ** (-k / 4) for k in range(4)), run_rate=10.0, growth=1.0
    )
    four_ways(
        kernels.s_curve, 0.8 / (1 + math.exp(-0.6)), time=2033.0, midpoint=2031.0, steepness=0.3, ceiling=0.8
    )


@given(values, rates, spans)
def test_compound_and_cagr_are_inverses(value: float, rate: float, years: float) -> None:
    end = kernels.compound(value, rate, years)
    assert kernels.cagr(value, end, years) == pytest.approx(rate, rel=1e-6, abs=1e-9)


def test_no_time_changes_nothing() -> None:
    assert kernels.compound(650, 0.1, 0) == 650
    assert kernels.compound_path(650, []) == []


@given(values, st.lists(rates, min_size=1, max_size=8))
def test_a_path_grows_by_its_rates(value: float, path_rates: list[float]) -> None:
    path = [value, *kernels.compound_path(value, path_rates)]
    grown = [now / before - 1 for before, now in itertools.pairwise(path)]
    np.testing.assert_allclose(grown, path_rates, rtol=1e-6, atol=1e-9)


@given(st.floats(0.1, 3), st.floats(-0.5, 3))
def test_run_rate_sales_are_four_growing_quarters(quarter: float, growth: float) -> None:
    quarters = [quarter / (1 + growth) ** (age / 4) for age in range(4)]
    sales = kernels.sales_from_run_rate(kernels.run_rate(quarter), growth)
    assert sales == pytest.approx(sum(quarters), rel=1e-9)


@pytest.mark.parametrize(("time", "weight"), [(0, 0), (1, 0.25), (2.5, 0.625), (4, 1), (9, 1)])
def test_fade_agrees_in_all_evaluators(four_ways: Callable[..., float], time: float, weight: float) -> None:
    def rate(start: float, stable: float) -> float:
        return kernels.fade_rates(start, stable, 4, [time])[0]

    four_ways(rate, 0.24 + (0.03 - 0.24) * weight, start=0.24, stable=0.03)


def test_path_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def end(value: float, first: float, second: float) -> float:
        return kernels.compound_path(value, [first, second], [0.75, 1])[-1]

    four_ways(end, 100 * 1.2**0.75 * 1.1, value=100.0, first=0.2, second=0.1)


@given(values, rates, st.integers(0, 40))
def test_compounding_is_a_loop_over_years(value: float, rate: float, years: float) -> None:
    looped = value
    for _ in range(years):
        looped += looped * rate
    assert kernels.compound(value, rate, years) == pytest.approx(looped, rel=1e-9)
    assert ([value, *kernels.compound_path(value, [rate] * years)])[-1] == pytest.approx(looped, rel=1e-9)


def test_a_path_of_draws_keeps_its_shape() -> None:
    path = kernels.compound_path(np.array([100.0, 200.0]), [np.array([0.1, 0.2]), 0.5])
    np.testing.assert_allclose(np.stack(path), [[110, 240], [165, 360]])


def test_a_fade_is_a_straight_line_then_flat() -> None:
    path = kernels.fade_rates(0.24, 0.04, 5, range(9))
    np.testing.assert_allclose(np.diff(path), [-0.04] * 5 + [0] * 3, atol=1e-15)
    assert path[0] == 0.24
    assert path[-1] == 0.04


def test_a_fade_over_no_years_is_stable_at_once() -> None:
    assert kernels.fade_rates(0.24, 0.04, 0, [0, 1]) == [0.04, 0.04]


def test_a_fade_of_figures_records_both_rates() -> None:
    start, stable = Figure(0.24, "fraction", "growth now"), Figure(0.04, "fraction", "stable growth")
    rate = kernels.fade_rates(start, stable, 4, [1])[0]
    assert [figure.label for figure in rate.inputs] == ["growth now", "stable growth"]


def test_a_steady_run_rate_is_the_years_sales() -> None:
    assert kernels.sales_from_run_rate(10.0, 0.0) == 10.0


def test_the_s_curve_is_symmetric_about_its_midpoint_and_steepest_there() -> None:
    times = np.linspace(2020, 2040, 2001)
    curve = kernels.s_curve(times, 2030.0, 0.6, 0.8)
    np.testing.assert_allclose(curve + curve[::-1], 0.8)
    slopes = np.gradient(curve, times)
    assert times[slopes.argmax()] == pytest.approx(2030)
    assert slopes.max() == pytest.approx(0.8 * 0.6 / 4, rel=1e-4)
    assert (np.diff(curve) > 0).all()
    assert curve[0] > 0
    assert curve[-1] < 0.8


def test_an_s_curve_far_from_its_midpoint() -> None:
    assert kernels.s_curve(5000.0, 2030.0, 1.0) == 1.0
    with pytest.raises(ValueError, match=r"steepness × .* must be below 700"):
        kernels.s_curve(0.0, 2030.0, 1.0)


def test_years_between_counts_days() -> None:
    assert kernels.years_between(date(2026, 3, 31), date(2026, 3, 31)) == 0
    assert kernels.years_between(date(2026, 12, 31), date(2030, 12, 31)) == 4.0
    assert kernels.years_between(date(2025, 1, 1), date(2026, 1, 1), 365) == 1.0


@given(st.dates(), st.integers(0, 9999))
def test_spans_add_up(start: date, days: int) -> None:
    if (date.max - start).days < 2 * days:
        start = date(2026, 3, 31)
    middle, end = start + timedelta(days), start + timedelta(2 * days)
    whole = kernels.years_between(start, middle) + kernels.years_between(middle, end)
    assert kernels.years_between(start, end) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kernels.compound(-1, 0.1, 5), "value"),
        (lambda: kernels.compound(650, -1, 5), "rate"),
        (lambda: kernels.compound(650, 0.1, -5), "years"),
        (lambda: kernels.compound(math.nan, 0.1, 5), "value"),
        (lambda: kernels.cagr(0, 10, 5), "start"),
        (lambda: kernels.cagr(10, 0, 5), "end"),
        (lambda: kernels.cagr(10, 20, 0), "years"),
        (lambda: kernels.cagr(10, np.array([20, -1]), 5), "end"),
        (lambda: kernels.run_rate(math.inf), "quarter"),
        (lambda: kernels.fade_rates(0.2, 0.1, -1, [0]), "fade_years"),
        (lambda: kernels.fade_rates(0.2, 0.1, 5, [-1]), "times"),
        (lambda: kernels.fade_rates(-1, 0.1, 5, [1]), "start"),
        (lambda: kernels.compound_path(1, [0.1], [1, 1]), "steps"),
        (lambda: kernels.sales_from_run_rate(-1, 0.1), "run_rate"),
        (lambda: kernels.sales_from_run_rate(1, -1), "growth"),
        (lambda: kernels.s_curve(math.nan, 2030, 1), "time must"),
        (lambda: kernels.s_curve(2030, 2030, 0), "steepness"),
        (lambda: kernels.s_curve(2030, 2030, 1, 1.2), "ceiling"),
        (lambda: kernels.years_between(date(2030, 1, 1), date(2026, 1, 1)), "end"),
        (lambda: kernels.years_between(date(2026, 1, 1), date(2030, 1, 1), 0), "days_per_year"),
    ],
)
def test_wrong_inputs_are_named(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        call()
