"""Whether a difference is luck: the test by hand, and ranges from clusters drawn anew."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.model.track_record.comparison import diebold_mariano, effective_number, range_of_mean

OURS = np.array([1.0, 2.0, 1.5, 3.0, 2.5, 1.0, 2.0, 0.5])
THEIRS = np.array([1.5, 2.5, 1.0, 3.5, 4.0, 2.0, 2.5, 1.5])


def test_one_step_ahead_it_is_the_t_test_on_pairs() -> None:
    found = diebold_mariano(OURS, THEIRS, horizon=1)
    paired = stats.ttest_rel(OURS, THEIRS)
    assert found.statistic == pytest.approx(paired.statistic)
    assert found.p_value == pytest.approx(paired.pvalue)
    assert (found.n, found.difference) == (8, pytest.approx((OURS - THEIRS).mean()))


def test_two_steps_ahead_neighbours_count() -> None:
    d = OURS - THEIRS
    c = d - d.mean()
    n = len(d)
    variance = (c @ c + 2 * c[1:] @ c[:-1]) / n / n
    expected = d.mean() / math.sqrt(variance) * math.sqrt((n + 1 - 4 + 2 / n) / n)
    found = diebold_mariano(OURS, THEIRS, horizon=2)
    assert found.statistic == pytest.approx(expected)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(expected), n - 1))


def test_a_variance_that_comes_out_negative_counts_neighbours_less() -> None:
    swinging = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.2, -1.0])
    found = diebold_mariano(swinging, np.zeros(8), horizon=2)
    assert 0 < found.p_value <= 1


def test_records_that_are_alike_do_not_differ() -> None:
    assert diebold_mariano(OURS, OURS, horizon=1).p_value == 1.0


def test_luck_alone_is_called_a_difference_as_often_as_claimed() -> None:
    random = np.random.default_rng(7)
    values = [
        diebold_mariano(random.normal(size=30), random.normal(size=30), horizon=1).p_value for _ in range(400)
    ]
    assert np.mean(np.array(values) < 0.10) == pytest.approx(0.10, abs=0.04)


@pytest.mark.parametrize(
    ("ours", "theirs", "horizon", "named"),
    [
        ([1.0], [1.0], 1, "losses"),
        ([1.0, 2.0], [1.0], 1, "losses"),
        ([1.0, float("nan")], [1.0, 2.0], 1, "ours"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], 3, "horizon"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], 0, "horizon"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    ours: list, theirs: list, horizon: int, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        diebold_mariano(ours, theirs, horizon=horizon)


def test_overlapping_forecasts_count_as_fewer() -> None:
    assert [effective_number(16, horizon) for horizon in (1, 4, 8)] == [16, 4, 2]
    assert effective_number(3, 8) == 1.0
    with pytest.raises(ValueError, match="horizon"):
        effective_number(3, 0)


def test_a_cluster_is_drawn_whole() -> None:
    """Two clusters alike within: the mean is one's, the other's or between, never that of a mixed draw."""
    values, clusters = [0.0] * 50 + [1.0] * 50, ["a"] * 50 + ["b"] * 50
    wide, narrow = (range_of_mean(values, each, seed=3) for each in (clusters, list(range(100))))
    assert (wide.low, wide.high) == (0.0, 1.0)
    assert narrow.high - narrow.low < 0.2
    assert range_of_mean(values, clusters, seed=3) == wide


def test_one_cluster_has_no_range() -> None:
    found = range_of_mean([1.0, 2.0], ["a", "a"], seed=1)
    assert (found.low, found.high) == (1.5, 1.5)
