"""Sobol indices against functions whose indices are known, and against SALib."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from SALib.analyze import sobol as salib_sobol
from SALib.sample import sobol as salib_sample

from analysis.model.odds.distributions import Fixed, Normal, Uniform
from analysis.model.odds.sobol_indices import Index, sobol_indices

ISHIGAMI = {name: Uniform(-math.pi, math.pi) for name in ("x1", "x2", "x3")}
G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0)
UNIT = {f"x{i}": Uniform(0.0, 1.0) for i in range(len(G_WEIGHTS))}


def ishigami(x: Mapping[str, np.ndarray], a: float = 7.0, b: float = 0.1) -> np.ndarray:
    """T. Ishigami, T. Homma (1990)."""
    return np.sin(x["x1"]) + a * np.sin(x["x2"]) ** 2 + b * x["x3"] ** 4 * np.sin(x["x1"])


def g_function(x: Mapping[str, np.ndarray]) -> np.ndarray:
    """I. M. Sobol' (1993): the product of (|4x − 2| + a) ÷ (1 + a)."""
    return np.prod([(np.abs(4 * x[f"x{i}"] - 2) + a) / (1 + a) for i, a in enumerate(G_WEIGHTS)], axis=0)


def exact_ishigami(a: float = 7.0, b: float = 0.1) -> dict[str, tuple[float, float]]:
    v1 = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    v2, v13 = a**2 / 8, b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    return {
        "x1": (v1 / whole, (v1 + v13) / whole),
        "x2": (v2 / whole, v2 / whole),
        "x3": (0.0, v13 / whole),
    }


def exact_g() -> dict[str, tuple[float, float]]:
    shares = [1 / (3 * (1 + a) ** 2) for a in G_WEIGHTS]
    whole = math.prod(1 + v for v in shares) - 1
    return {
        f"x{i}": (v / whole, v * math.prod(1 + w for w in shares) / (1 + v) / whole)
        for i, v in enumerate(shares)
    }


def by_driver(indices: tuple[Index, ...]) -> dict[str, Index]:
    return {index.driver: index for index in indices}


@pytest.mark.parametrize(
    ("kernel", "drivers", "exact"),
    [(ishigami, ISHIGAMI, exact_ishigami()), (g_function, UNIT, exact_g())],
    ids=["ishigami", "g"],
)
def test_indices_are_the_analytic_ones(kernel: object, drivers: object, exact: dict) -> None:
    found = by_driver(sobol_indices(kernel, drivers, points=2**13, seed=4, resamples=100))
    for name, (first, total) in exact.items():
        assert found[name].first == pytest.approx(first, abs=0.01)
        assert found[name].total == pytest.approx(total, abs=0.01)


def test_intervals_hold_the_analytic_values_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(20):
        for index in sobol_indices(ishigami, ISHIGAMI, points=2**9, seed=seed, resamples=100):
            first, total = exact_ishigami()[index.driver]
            held += [index.first_interval[0] <= first <= index.first_interval[1]]
            held += [index.total_interval[0] <= total <= index.total_interval[1]]
            assert index.first_interval[0] <= index.first <= index.first_interval[1]
    assert np.mean(held) > 0.9


def test_intervals_narrow_with_confidence_and_points() -> None:
    def width(points: int, confidence: float) -> float:
        found = sobol_indices(ishigami, ISHIGAMI, points=points, seed=1, resamples=200, confidence=confidence)
        low, high = by_driver(found)["x1"].total_interval
        return high - low

    assert width(2**9, 0.5) < 0.5 * width(2**9, 0.95)
    assert width(2**13, 0.95) < 0.4 * width(2**9, 0.95)


def test_salib_agrees() -> None:
    problem = {"num_vars": 3, "names": list(ISHIGAMI), "bounds": [[-math.pi, math.pi]] * 3}
    sample = salib_sample.sample(problem, 2**12, calc_second_order=False, seed=3)
    results = ishigami(dict(zip(ISHIGAMI, sample.T, strict=True)))
    theirs = salib_sobol.analyze(problem, results, calc_second_order=False, num_resamples=300, seed=3)
    ours = by_driver(sobol_indices(ishigami, ISHIGAMI, points=2**12, seed=3, resamples=300))
    for i, name in enumerate(ISHIGAMI):
        assert ours[name].first == pytest.approx(theirs["S1"][i], abs=0.02)
        assert ours[name].total == pytest.approx(theirs["ST"][i], abs=0.02)
        low, high = ours[name].total_interval
        assert (high - low) / 2 == pytest.approx(theirs["ST_conf"][i], rel=0.3)


def test_largest_total_comes_first_and_fixed_drivers_have_none() -> None:
    drivers = {"small": Normal(0.0, 1.0), "certain": Fixed(3.0), "large": Normal(0.0, 3.0)}
    found = sobol_indices(
        lambda d: d["certain"] * (d["small"] + d["large"]) + 1e6, drivers, points=2**12, seed=1, resamples=20
    )
    assert [index.driver for index in found] == ["large", "small"]
    assert [index.first for index in found] == pytest.approx([0.9, 0.1], abs=5e-3)


def test_the_same_seed_gives_the_same_indices() -> None:
    runs = [sobol_indices(ishigami, ISHIGAMI, points=64, seed=9, resamples=20) for _ in range(2)]
    assert runs[0] == runs[1]
    assert sobol_indices(ishigami, ISHIGAMI, points=64, seed=10, resamples=20) != runs[0]


@pytest.mark.parametrize(
    ("kernel", "arguments", "message"),
    [
        (lambda d: 0 * d["x1"], {}, "does not vary"),
        (lambda d: d["x1"] / 0, {}, "must be finite for every draw"),
        (lambda d: d["x1"].sum(), {}, r"one number for each of 64 draws, got \(\)"),
        (ishigami, {"points": 60}, "points must be a power of two"),
        (ishigami, {"confidence": 1.0}, "confidence must be below 1"),
        (ishigami, {"resamples": 0}, "resamples must be above 0"),
    ],
)
def test_bad_arguments_are_named(kernel: object, arguments: dict, message: str) -> None:
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match=message):
        sobol_indices(kernel, ISHIGAMI, **{"points": 64, "seed": 1, **arguments})
