"""Families against closed forms, each other and the quantiles they were stated by."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.model.odds.distributions import (
    Distribution,
    Fixed,
    Moved,
    Normal,
    Pert,
    Skewed,
    Triangular,
    Truncated,
    Uniform,
    quantile,
    tabulate,
)

FAMILIES = {
    "uniform": Uniform(-1.0, 3.0),
    "normal": Normal(0.1, 0.03),
    "skewed up": Skewed(10.0, 2.0, 0.5),
    "skewed down": Skewed(0.2, 0.05, -0.4),
    "triangular": Triangular(0.0, 0.2, 1.0),
    "triangular, mode at the low end": Triangular(1.0, 1.0, 2.0),
    "triangular, mode at the high end": Triangular(1.0, 2.0, 2.0),
    "pert": Pert(0.0, 0.2, 1.0),
    "pert, sharper": Pert(-2.0, 1.0, 2.0, weight=8.0),
    "truncated": Truncated(Normal(0.0, 1.0), -0.5, 2.0),
    "moved": Moved(Triangular(0.0, 1.0, 4.0), 1.5, -2.0),
}
SCORES = np.linspace(-5, 5, 201)
each_family = pytest.mark.parametrize("distribution", FAMILIES.values(), ids=FAMILIES)


@each_family
def test_cdf_undoes_the_quantile(distribution: Distribution) -> None:
    values = distribution.at_score(SCORES)
    assert distribution.cdf(values) == pytest.approx(stats.norm.cdf(SCORES), abs=1e-12)
    assert np.all(np.diff(values) >= 0)


@each_family
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_shapes_are_kept(distribution: Distribution, shape: tuple[int, ...]) -> None:
    assert np.shape(distribution.at_score(np.zeros(shape))) == shape
    assert np.shape(distribution.cdf(np.zeros(shape))) == shape
    assert np.shape(tabulate(distribution).at_score(np.zeros(shape))) == shape


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Uniform(-1.0, 3.0), stats.uniform(-1.0, 4.0)),
        (Normal(0.1, 0.03), stats.norm(0.1, 0.03)),
        (Skewed(10.0, 5.0, 0.5), stats.lognorm(0.5, scale=10.0)),
        (Triangular(0.0, 0.2, 1.0), stats.triang(0.2)),
        (Pert(0.0, 0.2, 1.0), stats.beta(1.8, 4.2)),
        (Truncated(Normal(0.0, 1.0), -0.5, 2.0), stats.truncnorm(-0.5, 2.0)),
    ],
)
def test_families_are_those_of_scipy(ours: Distribution, theirs: stats.rv_continuous) -> None:
    u = np.linspace(0.001, 0.999, 57)
    assert quantile(ours, u) == pytest.approx(theirs.ppf(u), rel=1e-9, abs=1e-12)
    x = np.linspace(theirs.ppf(0.001) - 0.5, theirs.ppf(0.999) + 0.5, 57)
    assert ours.cdf(x) == pytest.approx(theirs.cdf(x), abs=1e-12)


def test_pert_has_its_textbook_mean() -> None:
    u = (np.arange(200_000) + 0.5) / 200_000
    assert quantile(Pert(2.0, 3.0, 10.0), u).mean() == pytest.approx((2 + 4 * 3 + 10) / 6, abs=1e-5)


def test_fixed_is_certain() -> None:
    assert quantile(Fixed(7.0), [0.01, 0.99]).tolist() == [7.0, 7.0]
    assert Fixed(7.0).cdf(np.array([6.9, 7.0])).tolist() == [0.0, 1.0]


def test_skewed_is_bounded_where_its_formula_ends() -> None:
    up, down = Skewed(10.0, 2.0, 0.5), Skewed(10.0, 2.0, -0.5)
    assert up.cdf(np.array([5.9, 6.0])).tolist() == [0.0, 0.0]
    assert down.cdf(np.array([14.0, 14.1])).tolist() == [1.0, 1.0]
    assert down.at_score(SCORES) == pytest.approx(20.0 - up.at_score(-SCORES), rel=1e-12)


def test_truncation_keeps_within_its_ends() -> None:
    cut = Truncated(Normal(0.0, 1.0), -0.5, 2.0)
    assert cut.at_score(np.array([-9.0, 9.0])) == pytest.approx([-0.5, 2.0], abs=1e-9)
    assert Truncated(Normal(0.0, 1.0), -0.5, 30.0).at_score(np.array(9.0)) == 30.0
    assert cut.cdf(np.array([-1.0, -0.5, 2.0, 3.0])) == pytest.approx([0.0, 0.0, 1.0, 1.0])


def test_a_table_ends_at_its_reach() -> None:
    table = tabulate(Normal(0.0, 1.0), steps=10, reach=2.0)
    assert table.at_score(np.array([-9.0, -2.0, 0.1, 2.0, 9.0])) == pytest.approx([-2, -2, 0.1, 2, 2])
    assert table.cdf(np.array([0.0])) == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(1.0, 1.0), "low, high must be finite and rise"),
        (lambda: Uniform(0.0, math.nan), "high must be finite, got nan"),
        (lambda: Normal(0.0, 0.0), "sd must be finite and above zero, got 0.0"),
        (lambda: Skewed(1.0, -1.0, 0.5), "scale must be finite and above zero"),
        (lambda: Skewed(1.0, 1.0, 0.0), "size of skew must be finite and above zero"),
        (lambda: Triangular(0.0, 2.0, 1.0), "low, mode, high must be finite and in this order, got 0.0, 2.0"),
        (lambda: Pert(1.0, 1.0, 1.0), "low, mode, high must be"),
        (lambda: Pert(0.0, 0.5, 1.0, weight=0.0), "weight must be finite and above zero"),
        (lambda: Truncated(Normal(0.0, 1.0), 30.0, 31.0), r"low \(30\) and high \(31\) leave nothing"),
        (lambda: quantile(Normal(0.0, 1.0), [0.5, 1.0]), "probability must be above 0 and below 1"),
    ],
)
def test_impossible_figures_are_named(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@given(low=st.floats(-10, 10), up=st.floats(0.01, 10), down=st.floats(0.01, 10), u=st.floats(1e-6, 1 - 1e-6))
def test_bounded_families_stay_between_their_ends(low: float, up: float, down: float, u: float) -> None:
    mode, high = low + up, low + up + down
    for family in (Triangular, Pert):
        assert low <= quantile(family(low, mode, high), u) <= high


@each_family
def test_a_table_is_within_a_millionth_of_the_span(distribution: Distribution) -> None:
    scores = np.random.default_rng(1).normal(size=20_000)
    low, high = quantile(distribution, [0.001, 0.999])
    error = np.abs(tabulate(distribution).at_score(scores) - distribution.at_score(scores))
    within = (np.abs(scores) < 3.1) if isinstance(distribution, Skewed) else np.full(scores.shape, True)
    kinks = isinstance(distribution, Truncated | Triangular)
    assert error[within].max() < (2e-4 if kinks else 1e-6) * (high - low)
    assert error[within].mean() < 1e-6 * (high - low)
