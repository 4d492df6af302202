"""Draws have their distributions and correlations; results do not depend on the workers."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from scipy import stats

from analysis.model.odds.correlation import CorrelationError
from analysis.model.odds.distributions import (
    Distribution,
    Fixed,
    Normal,
    Pert,
    Tabulated,
    Triangular,
    Truncated,
    Uniform,
    quantile,
)
from analysis.model.odds.monte_carlo import PIECE, Draws, draw, plan, simulate
from analysis.model.odds.odds import mean

DRIVERS: dict[str, Distribution] = {
    "growth": Pert(0.0, 0.1, 0.3),
    "margin": Triangular(0.05, 0.1, 0.2),
    "multiple": Normal(20.0, 3.0),
    "years": Fixed(5.0),
}
CORRELATIONS = {("growth", "multiple"): 0.5}


def value(draws: Draws) -> dict[str, object]:
    sales = tuple(100 * (1 + draws["growth"]) ** year for year in range(1, 4))
    return {"value": sales[-1] * draws["margin"] * draws["multiple"], "sales": (100.0, *sales)}


def test_draws_follow_their_distributions_far_closer_than_random_ones_would() -> None:
    drawn = draw(plan(DRIVERS, CORRELATIONS, seed=3), 2**14)
    for name in ("growth", "margin", "multiple"):
        p = np.linspace(0.02, 0.98, 25)
        assert DRIVERS[name].cdf(np.quantile(drawn[name], p)) == pytest.approx(p, abs=1e-3)


def test_draws_have_the_stated_rank_correlations_and_no_others() -> None:
    drawn = draw(plan(DRIVERS, CORRELATIONS, seed=3), 2**14)
    found = stats.spearmanr(np.array([drawn[name] for name in ("growth", "margin", "multiple")]).T).statistic
    assert found[0, 2] == pytest.approx(0.5, abs=3e-3)
    assert found[0, 1] == pytest.approx(0.0, abs=3e-3)
    assert found[1, 2] == pytest.approx(0.0, abs=3e-3)


def test_fixed_drivers_stay_plain_floats() -> None:
    drawn = draw(plan(DRIVERS, {}, seed=3), 4)
    assert drawn["years"] == 5.0
    assert type(drawn["years"]) is float


def test_results_are_identical_on_any_number_of_workers() -> None:
    the_plan = plan(DRIVERS, CORRELATIONS, seed=7)
    runs = [simulate(value, the_plan, points=2 * PIECE, replicates=5, workers=w) for w in (1, 2, 3)]
    for run in runs[1:]:
        for name in ("value", "sales"):
            assert run.results[name].tobytes() == runs[0].results[name].tobytes()


def test_workers_really_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.model.odds.monte_carlo.PIECE", 4)  # a replicate: each is a task
    both_are_here, met = threading.Barrier(2, timeout=10), []

    def meets(draws: Draws) -> dict[str, object]:
        if len(draws["growth"]) == 4:
            met.append(both_are_here.wait())
        return value(draws)

    assert simulate(meets, plan(DRIVERS, {}, seed=7), points=4, replicates=2, workers=2).paths == 8
    assert len(met) == 2


def test_results_do_not_depend_on_the_size_of_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    the_plan = plan(DRIVERS, CORRELATIONS, seed=7)
    whole = simulate(value, the_plan, points=256, replicates=2)
    monkeypatch.setattr("analysis.model.odds.monte_carlo.PIECE", 100)
    assert simulate(value, the_plan, points=256, replicates=2).results["value"].tolist() == (
        whole.results["value"].tolist()
    )


def test_seeds_and_replicates_differ_and_repeat() -> None:
    first, again, other = (draw(plan(DRIVERS, {}, seed=s), 16)["growth"] for s in (1, 1, 2))
    second = draw(plan(DRIVERS, {}, seed=1), 16, replicate=1)["growth"]
    assert first.tolist() == again.tolist()
    assert not set(first.tolist()) & set(other.tolist())
    assert not set(first.tolist()) & set(second.tolist())


def test_the_standard_error_is_the_error_seen() -> None:
    """The mean of a log-normal is known; 60 estimates scatter about it as their errors say."""
    exact = math.exp(0.5 * 0.4**2)
    scores = []
    for seed in range(60):
        run = simulate(
            lambda d: {"x": np.exp(d["a"] * 0.8 + d["b"] * 0.6)},
            plan({"a": Normal(0.0, 0.4), "b": Normal(0.0, 0.4)}, {}, seed=seed),
            points=128,
            replicates=8,
        )
        found = mean(run.results["x"], replicates=run.replicates)
        scores.append(float((found.value - exact) / found.standard_error))
    assert stats.kstest(scores, stats.t(7).cdf).pvalue > 0.01
    assert 0.8 < np.std(scores) < 1.7


def test_quasi_random_points_beat_random_ones_by_far() -> None:
    run = simulate(
        lambda d: {"x": d["a"] + d["b"]}, plan({"a": Uniform(0, 1), "b": Normal(0, 1)}, {}, seed=1)
    )
    found = mean(run.results["x"], replicates=run.replicates)
    random_error = math.sqrt((1 / 12 + 1) / run.paths)
    assert abs(found.value - 0.5) < 4 * found.standard_error + 1e-9
    assert found.standard_error < random_error / 50


def test_inverse_betas_are_tabulated_and_the_rest_is_left() -> None:
    cut = Truncated(Pert(0.0, 0.1, 0.3), 0.01, 0.29)
    made = plan({"a": Pert(0.0, 0.1, 0.3), "b": Normal(0, 1), "c": cut}, {}, seed=1).distributions
    assert [isinstance(d, Tabulated) for d in made] == [True, False, True]


def test_no_draw_is_at_the_end_of_a_distribution() -> None:
    """A Sobol coordinate can be 0 exactly, which would be minus infinity on a normal scale."""
    drawn = draw(plan({"a": Normal(0.0, 1.0), "b": Uniform(0.0, 1.0)}, {}, seed=1), 2**16)
    assert np.abs(drawn["a"]).max() <= quantile(Normal(0.0, 1.0), 1 - 2.0**-31)
    assert drawn["b"].min() >= 2.0**-31 * 0.99


def test_repair_is_passed_on() -> None:
    three = {name: Normal(0.0, 1.0) for name in "abc"}
    impossible = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
    with pytest.raises(CorrelationError, match="a ~ b"):
        plan(three, impossible, seed=1)
    assert plan(three, impossible, seed=1, repair=True).factor.shape == (3, 3)


def test_a_correlation_with_a_fixed_driver_is_refused() -> None:
    with pytest.raises(CorrelationError, match="growth ~ years: no driver years"):
        plan(DRIVERS, {("growth", "years"): 0.5}, seed=1)


def test_results_are_those_of_a_plain_loop_over_floats() -> None:
    the_plan = plan(DRIVERS, CORRELATIONS, seed=7)
    fast = simulate(value, the_plan, points=64, replicates=2)
    drawn = [draw(the_plan, 64, replicate=replicate) for replicate in range(2)]
    loop = [
        value({name: column[at] if np.ndim(column) else column for name, column in draws.items()})
        for draws in drawn
        for at in range(64)
    ]
    assert fast.results["sales"].shape == (4, 128)
    for name in ("value", "sales"):
        assert fast.results[name] == pytest.approx(np.array([found[name] for found in loop]).T, rel=1e-13)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"points": 1000}, "points must be a power of two up to 65,536, got 1,000"),
        ({"points": 0}, "points must be a power of two up to 65,536, got 0"),
        ({"replicates": 1}, "replicates must be at least 2"),
        ({"workers": 0}, "workers must be at least 1"),
    ],
)
def test_bad_sizes_are_named(arguments: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(value, plan(DRIVERS, {}, seed=1), **arguments)


def test_a_plan_without_uncertainty_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one that is not fixed"):
        plan({"a": Fixed(1.0)}, {}, seed=1)


@pytest.mark.parametrize("result", [3.0, np.zeros((2, 3, 5))])
def test_a_kernel_that_loses_the_draws_is_refused(result: object) -> None:
    with pytest.raises(ValueError, match="result 'x' must have its 2 draws on the last axis"):
        simulate(lambda draws: {"x": result}, plan(DRIVERS, {}, seed=1), points=8)


def test_a_result_that_changes_its_shape_is_refused() -> None:
    def shrinks(draws: Draws) -> dict[str, object]:
        few = len(draws["growth"]) == 2
        return {"x": (draws["growth"],) * (3 if few else 2)}

    with pytest.raises(ValueError, match=r"result 'x' must have the shape \(3, 16\)"):
        simulate(shrinks, plan(DRIVERS, {}, seed=1), points=8, replicates=2)


def test_an_error_in_the_kernel_comes_through() -> None:
    def fails(draws: Draws) -> dict[str, object]:
        if len(draws["growth"]) > 2:
            raise ZeroDivisionError("in the kernel")
        return value(draws)

    with pytest.raises(ZeroDivisionError, match="in the kernel"):
        simulate(fails, plan(DRIVERS, {}, seed=1), points=8, workers=2)
