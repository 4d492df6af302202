"""First passage: bridges against the closed form of Brownian motion, and against naive counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import integrate, stats

from analysis.model.odds.distributions import Normal
from analysis.model.odds.first_passage import (
    bridge_touch_probability,
    touched_by,
)
from analysis.model.odds.monte_carlo import Draws, plan, simulate
from analysis.model.odds.odds import mean

START, BARRIER, DRIFT, VOLATILITY, YEARS = 2.2, 4.0, 0.09, 0.30, 5
GBM = {"drift": DRIFT, "volatility": VOLATILITY, "years": YEARS}


def touch_probability(
    start: float, barrier: float, *, drift: float, volatility: float, years: ArrayLike
) -> np.ndarray:
    """The chance that geometric Brownian motion touches a barrier above it: J. M. Harrison (1985), 1.8."""
    distance, trend = math.log(barrier / start), (drift - volatility**2 / 2) * np.asarray(years)
    spread = volatility * np.sqrt(years)
    reflected = np.exp(2 * trend * distance / spread**2) * stats.norm.cdf((-trend - distance) / spread)
    return stats.norm.cdf((trend - distance) / spread) + reflected


def gbm_paths(points: int = 2**13) -> tuple[np.ndarray, int]:
    """Year-end values of geometric Brownian motion, years × paths."""

    def kernel(draws: Draws) -> dict[str, object]:
        steps = np.array([draws[f"z{i}"] for i in range(YEARS)]) * VOLATILITY + DRIFT - VOLATILITY**2 / 2
        return {"values": START * np.exp(np.cumsum(steps, axis=0))}

    drivers = {f"z{i}": Normal(0.0, 1.0) for i in range(YEARS)}
    run = simulate(kernel, plan(drivers, {}, seed=11), points=points, replicates=16)
    return run.results["values"], run.replicates


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


@pytest.mark.parametrize("rate", [0.008, 0.92, 150.0])
def test_another_currency_leaves_the_chance_to_touch(rate: float) -> None:
    values, _ = gbm_paths(64)
    given = {"volatility": VOLATILITY, "steps": [1.0] * YEARS}
    own = touched_by(values, START, BARRIER, **given)
    assert touched_by(values * rate, START * rate, BARRIER * rate, **given) == pytest.approx(own, abs=1e-12)


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
