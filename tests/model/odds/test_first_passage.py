"""First passage: closed forms against each other, against simulation, and against naive counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from analysis.model.odds.distributions import Normal
from analysis.model.odds.first_passage import (
    bridge_touch_probability,
    lognormal_quantile,
    probability_above,
    touch_probability,
    touched_by,
)
from analysis.model.odds.monte_carlo import Draws, plan, simulate
from analysis.model.odds.odds import fan, mean, share_above

START, BARRIER, DRIFT, VOLATILITY, YEARS = 2.2, 4.0, 0.09, 0.30, 5
GBM = {"drift": DRIFT, "volatility": VOLATILITY, "years": YEARS}


def gbm_paths(points: int = 2**13) -> tuple[np.ndarray, int]:
    """Year-end values of geometric Brownian motion, years × paths."""

    def kernel(draws: Draws) -> dict[str, object]:
        steps = np.array([draws[f"z{i}"] for i in range(YEARS)]) * VOLATILITY + DRIFT - VOLATILITY**2 / 2
        return {"values": START * np.exp(np.cumsum(steps, axis=0))}

    drivers = {f"z{i}": Normal(0.0, 1.0) for i in range(YEARS)}
    run = simulate(kernel, plan(drivers, {}, seed=11), points=points, replicates=16)
    return run.results["values"], run.replicates


def test_simulated_shares_and_quantiles_are_the_closed_forms() -> None:
    values, replicates = gbm_paths()
    above = share_above(values[-1], BARRIER, replicates=replicates)
    assert above.value == pytest.approx(
        probability_above(START, BARRIER, **GBM), abs=4 * above.standard_error
    )
    assert above.standard_error < 8e-4
    p = [0.1, 0.5, 0.9]
    found = fan(values[-1], p, replicates=replicates)
    exact = lognormal_quantile(START, np.array(p), **GBM)
    assert np.all(np.abs(found.value - exact) < 4 * found.standard_error + 1e-9)
    assert np.all(found.standard_error < 2e-3 * exact)


def test_bridges_between_year_ends_give_the_chance_to_touch_by_every_year() -> None:
    values, replicates = gbm_paths()
    touched = mean(
        touched_by(values, START, BARRIER, volatility=VOLATILITY, steps=[1.0] * YEARS), replicates=replicates
    )
    exact = touch_probability(
        START, BARRIER, drift=DRIFT, volatility=VOLATILITY, years=np.arange(1.0, YEARS + 1)
    )
    assert np.all(np.abs(touched.value - exact) < 4 * touched.standard_error)
    assert np.all(touched.standard_error < 5e-4)


def test_looking_at_year_ends_alone_understates_touching() -> None:
    values, replicates = gbm_paths()
    seen = mean((values.max(axis=0) >= BARRIER).astype(float), replicates=replicates)
    exact = touch_probability(START, BARRIER, **GBM)
    assert exact - seen.value > 100 * seen.standard_error
    assert exact - seen.value > 0.05


def test_daily_steps_alone_understate_touching_and_the_bridge_repairs_it() -> None:
    days, paths = 252, 20_000
    rng = np.random.default_rng(5)
    steps = rng.normal(-(VOLATILITY**2) / 2 / days, VOLATILITY / math.sqrt(days), (days, paths))
    values = np.exp(np.cumsum(steps, axis=0))
    barrier = 1.25
    exact = touch_probability(1.0, barrier, drift=0.0, volatility=VOLATILITY, years=1.0)
    error = math.sqrt(exact * (1 - exact) / paths)
    seen = (values.max(axis=0) >= barrier).mean()
    bridged = touched_by(values, 1.0, barrier, volatility=VOLATILITY, steps=[1 / days] * days)[-1].mean()
    assert exact - seen > 4 * error
    assert abs(bridged - exact) < 3 * error


def test_the_bridge_averages_to_the_closed_form() -> None:
    """Over the end value's density the bridge's probability must integrate to first passage."""
    log_drift = DRIFT - VOLATILITY**2 / 2
    end = stats.norm(math.log(START) + log_drift * YEARS, VOLATILITY * math.sqrt(YEARS))

    def integrand(x: float) -> float:
        touch = bridge_touch_probability(START, math.exp(x), BARRIER, volatility=VOLATILITY, years=YEARS)
        return float(end.pdf(x) * touch)

    total = sum(
        integrate.quad(integrand, a, b, epsabs=1e-12)[0]
        for a, b in ((-6.0, math.log(BARRIER)), (math.log(BARRIER), 9.0))
    )
    assert total == pytest.approx(touch_probability(START, BARRIER, **GBM), abs=1e-9)


def test_without_drift_touching_is_twice_as_likely_as_staying() -> None:
    driftless = {"drift": VOLATILITY**2 / 2, "volatility": VOLATILITY, "years": 3.0}
    above = probability_above(1.0, 1.7, **driftless)
    assert touch_probability(1.0, 1.7, **driftless) == pytest.approx(2 * above, rel=1e-12)


def test_a_barrier_below_mirrors_one_above() -> None:
    towards = {"volatility": 0.25, "years": 4.0}
    up = touch_probability(1.0, 1.5, drift=0.05 + 0.25**2 / 2, **towards)
    down = touch_probability(1.0, 1 / 1.5, drift=-0.05 + 0.25**2 / 2, **towards)
    assert down == pytest.approx(up, rel=1e-12)


def test_a_rising_price_touches_in_the_end_and_a_falling_one_by_the_power_law() -> None:
    assert touch_probability(1.0, 2.0, drift=0.1, volatility=0.2, years=1e4) == pytest.approx(1.0)
    falling = touch_probability(1.0, 2.0, drift=-0.02, volatility=0.2, years=1e4)
    assert falling == pytest.approx(2.0 ** (2 * (-0.02 - 0.02) / 0.2**2), rel=1e-9)


def test_extreme_inputs_stay_probabilities() -> None:
    tame = touch_probability(1.0, 3.0, drift=0.5, volatility=0.01, years=1.0)
    assert tame == pytest.approx(0.0, abs=1e-12)
    assert touch_probability(1.0, 3.0, drift=2.0, volatility=0.01, years=1.0) == pytest.approx(1.0)
    at_once = touch_probability(5.0, 5.0, drift=np.linspace(-0.5, 0.5, 20_001), volatility=0.4, years=1.0)
    assert at_once.max() == 1.0
    assert at_once.min() == pytest.approx(1.0, abs=1e-15)


rates = st.floats(-0.2, 0.3)
volatilities = st.floats(0.05, 0.9)
spans = st.floats(0.1, 20)


@given(level=st.floats(1.01, 20), drift=rates, volatility=volatilities, years=spans)
def test_touching_is_at_least_as_likely_as_being_above(
    level: float, drift: float, volatility: float, years: float
) -> None:
    gbm = {"drift": drift, "volatility": volatility, "years": years}
    above, touch = probability_above(1.0, level, **gbm), touch_probability(1.0, level, **gbm)
    assert -1e-12 <= above <= touch + 1e-12
    assert touch <= 1
    assert (
        touch <= touch_probability(1.0, level, drift=drift, volatility=volatility, years=years * 1.1) + 1e-12
    )
    assert touch_probability(1.0, level * 1.1, **gbm) <= touch + 1e-12


@given(p=st.floats(0.001, 0.999), drift=rates, volatility=volatilities, years=spans)
def test_quantile_and_probability_are_inverse(
    p: float, drift: float, volatility: float, years: float
) -> None:
    gbm = {"drift": drift, "volatility": volatility, "years": years}
    assert probability_above(3.0, lognormal_quantile(3.0, p, **gbm), **gbm) == pytest.approx(1 - p, abs=1e-9)


def test_a_bridge_from_or_to_beyond_the_barrier_has_touched() -> None:
    ends = {"volatility": 0.3, "years": 1.0}
    assert bridge_touch_probability(1.0, 2.5, 2.0, **ends) == 1.0
    assert bridge_touch_probability(2.0, 1.0, 2.0, **ends) == 1.0
    assert bridge_touch_probability(2.5, 2.2, 2.0, **ends) == 1.0


def test_touching_is_kept_and_never_forgotten() -> None:
    values = np.array([[1.0, 2.5], [1.0, 1.0], [1.1, 1.0]])
    touched = touched_by(values, 1.0, 2.0, volatility=0.3, steps=[0.75, 1.0, 1.0])
    assert touched[:, 1].tolist() == [1.0, 1.0, 1.0]
    assert np.all(np.diff(touched[:, 0]) > 0)
    first = bridge_touch_probability(1.0, 1.0, 2.0, volatility=0.3, years=0.75)
    assert touched[0, 0] == pytest.approx(first)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: touch_probability(0.0, 1.0, **GBM), "start must be above zero, got 0"),
        (lambda: touch_probability(1.0, -1.0, **GBM), "level must be above zero"),
        (
            lambda: probability_above(1.0, 1.0, drift=0.1, volatility=0.0, years=1.0),
            "volatility must be above",
        ),
        (
            lambda: probability_above(1.0, 1.0, drift=math.nan, volatility=0.1, years=1.0),
            "drift must be finite",
        ),
        (
            lambda: probability_above(1.0, 1.0, drift=0.1, volatility=0.1, years=0.0),
            "years must be above zero",
        ),
        (lambda: lognormal_quantile(1.0, 1.0, **GBM), "probability must be above 0 and below 1"),
        (lambda: lognormal_quantile(1.0, 1.5, **GBM), "probability must be a fraction"),
        (
            lambda: bridge_touch_probability(1.0, 0.0, 2.0, volatility=0.1, years=1.0),
            "end must be above zero",
        ),
        (
            lambda: touched_by(np.ones((2, 3)), 1.0, 2.0, volatility=0.1, steps=[1.0]),
            "steps must be 2, one for each date, got 1",
        ),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
