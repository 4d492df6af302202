"""Shares, fans, ranks and pools against what they must be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.model.odds.odds import (
    estimate,
    fan,
    mean,
    pool,
    pool_estimates,
    pooled_fan,
    share_above,
)

VALUES = np.arange(24, dtype=float).reshape(2, 12)


def test_estimates_are_of_all_paths_and_errors_from_the_replicates() -> None:
    found = mean(VALUES, replicates=4)
    assert found.value.tolist() == [5.5, 17.5]
    runs = [1.0, 4.0, 7.0, 10.0]
    assert found.standard_error == pytest.approx([np.std(runs, ddof=1) / 2] * 2)


def test_shares_count_paths_at_the_target() -> None:
    assert share_above(VALUES, 9.0, replicates=2).value.tolist() == [3 / 12, 1.0]
    assert share_above(VALUES, 9.0, replicates=2).standard_error.tolist() == [0.25, 0.0]


def test_fans_have_quantiles_first() -> None:
    found = fan(VALUES, [0.0, 0.5, 1.0], replicates=3)
    assert found.value.tolist() == [[0.0, 12.0], [5.5, 17.5], [11.0, 23.0]]
    assert found.standard_error.shape == (3, 2)


@pytest.mark.parametrize("replicates", [0, 1, 5])
def test_replicates_must_divide_the_paths(replicates: int) -> None:
    with pytest.raises(ValueError, match="12 paths must divide into 2 or more equal replicates"):
        estimate(np.mean, VALUES, replicates=replicates)


def test_a_pool_is_the_share_of_mixed_draws() -> None:
    rng = np.random.default_rng(0)
    model, prior = rng.normal(1, 1, 3000), rng.normal(-1, 2, 1000)
    drawn = np.concatenate([model, prior])
    assert pool((model > 0).mean(), (prior > 0).mean(), 0.25) == pytest.approx((drawn > 0).mean())
    q = [0.1, 0.5, 0.9]
    pooled = pooled_fan(model[None], prior[None], 0.25, q)
    assert pooled[:, 0] == pytest.approx(np.quantile(drawn, q), abs=0.01)


def test_a_pooled_fan_weighs_worlds_not_paths() -> None:
    model, prior = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[10.0]])
    assert pooled_fan(model, prior, 0.5, [0.49, 0.51])[:, 0].tolist() == [4.0, 10.0]
    assert pooled_fan(model, prior, 0.0, [0.01, 1.0])[:, 0].tolist() == [1.0, 4.0]


def test_a_pooled_fan_keeps_years_apart() -> None:
    fans = pooled_fan(VALUES, VALUES + 0.5, 0.5, [0.25, 0.75])
    assert fans.shape == (2, 2)
    assert (fans[:, 1] - fans[:, 0]).tolist() == [12.0, 12.0]


def test_pooled_errors_are_right_for_worlds_that_share_draws_and_for_those_that_do_not() -> None:
    rng = np.random.default_rng(4)
    draws, others = rng.normal(size=(2, 400_000))
    one, same, apart = (share_above(x, 0.5, replicates=400) for x in (draws, draws + 0.01, others))
    assert pool_estimates(one, one, 0.5).standard_error == pytest.approx(float(one.standard_error))
    shared = pool_estimates(one, same, 0.5)
    assert shared.standard_error == pytest.approx(float(one.standard_error), rel=0.05)
    assert shared.value == pytest.approx((float(one.value) + float(same.value)) / 2)
    independent = pool_estimates(one, apart, 0.5).standard_error
    exact = np.hypot(one.standard_error, apart.standard_error) / 2
    assert independent == pytest.approx(float(exact), rel=0.1)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_pool_lies_between_its_worlds(model: float, prior: float, weight: float) -> None:
    low, high = sorted([model, prior])
    assert low - 1e-12 <= pool(model, prior, weight) <= high + 1e-12


def test_pool_runs_in_every_evaluator(four_ways: object) -> None:
    four_ways(pool, 0.25, model=0.30, prior=0.10, weight=0.25)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pool(0.1, 0.2, 1.2), "weight must be a fraction"),
        (lambda: fan(VALUES, [0.5, 1.5], replicates=2), "probabilities must be a fraction"),
        (lambda: pooled_fan(VALUES, VALUES[:1], 0.5, [0.5]), r"prior must have the years of model, \(2,\)"),
        (lambda: share_above(VALUES, float("nan"), replicates=2), "target must be finite"),
        (
            lambda: pool_estimates(mean(VALUES, replicates=2), mean(VALUES, replicates=3), 0.5),
            r"prior must have the replicates of model, \(2, 2\), got \(3, 2\)",
        ),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@given(st.floats(0.001, 1000.0), st.floats(0.0, 24.0))
def test_another_currency_leaves_the_odds_and_scales_the_fan(rate: float, target: float) -> None:
    other = VALUES * rate
    own, scaled = (share_above(v, t, replicates=2) for v, t in ((VALUES, target), (other, target * rate)))
    assume(np.abs(VALUES - target).min() > 1e-9)  # a path at the target itself hangs on the last digit
    assert scaled.value.tolist() == own.value.tolist()
    assert scaled.standard_error.tolist() == own.standard_error.tolist()
    ours, theirs = (fan(values, [0.1, 0.5, 0.9], replicates=2).value for values in (VALUES, other))
    assert theirs == pytest.approx(ours * rate)


@given(st.floats(-5.0, 30.0), st.floats(0.0, 10.0))
def test_a_higher_target_is_never_likelier(target: float, more: float) -> None:
    low, high = (share_above(VALUES, each, replicates=2).value for each in (target, target + more))
    assert np.all(low >= high)


@given(st.permutations(range(12)))
def test_the_order_of_the_paths_moves_no_odds_but_their_error(order: list[int]) -> None:
    shuffled = VALUES[:, order]
    assert share_above(shuffled, 9.0, replicates=2).value.tolist() == [3 / 12, 1.0]
    ours, theirs = (fan(values, [0.3], replicates=2).value for values in (VALUES, shuffled))
    assert theirs.tolist() == ours.tolist()


@pytest.mark.parametrize("shape", [(12,), (2, 6), (2, 3, 4)])
def test_statistics_take_any_leading_axes(shape: tuple[int, ...]) -> None:
    values = np.arange(np.prod(shape), dtype=float).reshape(shape)
    assert mean(values, replicates=2).value.shape == shape[:-1]
    assert fan(values, [0.1, 0.9], replicates=2).value.shape == (2, *shape[:-1])
