"""The gap between price and value: where it starts, how it fades, how wide it gets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.model.odds.distributions import Normal
from analysis.model.odds.market_paths import (
    market_values,
    multiple_volatility,
    noise_drivers,
    noise_of,
    swing_spread,
)
from analysis.model.odds.monte_carlo import draw, plan

STEPS = [0.75] + [1.0] * 9
YEARS = list(range(2026, 2036))


def drawn_noise(points: int = 2**14) -> np.ndarray:
    return noise_of(draw(plan(noise_drivers(YEARS), {}, seed=2), points), YEARS)


def paths(noise: np.ndarray, **changes: object) -> np.ndarray:
    arguments = {
        "market_value_today": 2200.0,
        "fundamental_today": 2000.0,
        "steps": STEPS,
        "volatility": 0.2,
        "memory": 0.6,
        "fade_years": 4.75,
    }
    return market_values([2000.0 * 1.1**t for t in range(1, 11)], noise, **{**arguments, **changes})


def test_without_noise_today_s_premium_is_gone_by_the_horizon() -> None:
    values = paths(np.zeros((10, 1)))[:, 0]
    for i, elapsed in enumerate(np.cumsum(STEPS)):
        premium = math.log(1.1) * max(1 - elapsed / 4.75, 0)
        assert values[i] / (2000 * 1.1 ** (i + 1)) == pytest.approx(math.exp(premium), rel=1e-12)
    assert values[4] == pytest.approx(2000 * 1.1**5)


def test_another_currency_scales_every_path() -> None:
    noise, rate = drawn_noise(2**6), 150.0
    values = [2000.0 * 1.1**t * rate for t in range(1, 11)]
    other = market_values(
        values,
        noise,
        market_value_today=2200.0 * rate,
        fundamental_today=2000.0 * rate,
        steps=STEPS,
        volatility=0.2,
        memory=0.6,
        fade_years=4.75,
    )
    assert other == pytest.approx(paths(noise) * rate, rel=1e-12)


def test_how_long_swings_last_says_nothing_of_the_premium() -> None:
    still = np.zeros((10, 1))
    assert paths(still, memory=0.1) == pytest.approx(paths(still, memory=0.9))


def test_each_path_may_have_a_memory_of_its_own() -> None:
    noise = drawn_noise(2**6)
    both = np.where(np.arange(noise.shape[1]) % 2, 0.9, 0.3)
    mixed = paths(noise, memory=both)
    for start, memory in enumerate((0.3, 0.9)):
        assert mixed[:, start::2] == pytest.approx(paths(noise[:, start::2], memory=memory))


def test_yearly_changes_of_the_multiple_have_the_stated_volatility_in_the_long_run() -> None:
    values = paths(drawn_noise())
    multiple = np.log(values / (2000 * 1.1 ** np.arange(1, 11))[:, None])
    change = multiple[-1] - multiple[-2]
    assert change.std() == pytest.approx(0.2, rel=0.02)
    assert multiple[-1].std() == pytest.approx(swing_spread(0.2, 0.6), rel=0.02)


def test_noise_does_not_move_the_median() -> None:
    medians = np.median(paths(drawn_noise()), axis=1)
    assert medians == pytest.approx(paths(np.zeros((10, 1)))[:, 0], rel=3e-3)


def test_two_steps_of_half_a_year_spread_as_one_of_a_year() -> None:
    z = np.random.default_rng(1).normal(size=(2, 200_000))
    halves = market_values(
        [1.0, 1.0],
        z,
        market_value_today=1.0,
        fundamental_today=1.0,
        steps=[0.5, 0.5],
        volatility=0.2,
        memory=0.6,
        fade_years=1.0,
    )
    spread = swing_spread(0.2, 0.6) * math.sqrt(1 - 0.6**2)
    assert np.log(halves[1]).std() == pytest.approx(spread, rel=0.01)


def test_fundamental_values_may_differ_by_path() -> None:
    values = market_values(
        [np.array([1.0, 2.0])],
        np.zeros((1, 2)),
        market_value_today=1.0,
        fundamental_today=np.array([1.0, 4.0]),
        steps=[1.0],
        volatility=0.2,
        memory=0.5,
        fade_years=1.0,
    )
    assert values[0].tolist() == pytest.approx([1.0, 2.0])


def test_noise_drivers_are_one_standard_normal_a_year() -> None:
    drivers = noise_drivers([2026, 2027])
    assert drivers == {"noise.2026": Normal(0.0, 1.0), "noise.2027": Normal(0.0, 1.0)}
    with pytest.raises(KeyError, match=r"noise\.2028"):
        noise_of({"noise.2026": np.zeros(2)}, [2026, 2028])


def test_multiple_volatility_is_of_changes_over_a_year() -> None:
    steady = [2.0 * 1.05**q for q in range(12)]
    assert multiple_volatility(steady, 4) == pytest.approx(4 * math.log(1.05))
    assert multiple_volatility([1.0, 2.0, 1.0, 2.0, 1.0], 2) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: swing_spread(0.2, 1.0), "memory must be below 1, got 1.0"),
        (lambda: swing_spread(-0.2, 0.5), "volatility must be zero or above"),
        (lambda: paths(np.zeros((9, 1))), "must be as many, got 10, 9, 10"),
        (lambda: paths(np.zeros((10, 1)), market_value_today=0.0), "market_value_today must be above zero"),
        (lambda: paths(np.zeros((10, 1)), steps=[0.0] * 10), "steps must be above 0"),
        (
            lambda: market_values(
                [1.0, -1.0],
                np.zeros((2, 1)),
                market_value_today=1.0,
                fundamental_today=1.0,
                steps=[1.0, 1.0],
                volatility=0.2,
                memory=0.5,
                fade_years=1.0,
            ),
            r"fundamental\[2\] must be above zero, got -1.0",
        ),
        (lambda: multiple_volatility([1.0, 2.0], 4), "must span more than a year of 4, got 2"),
        (lambda: multiple_volatility([1.0, 0.0], 1), "multiples must be above zero"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
