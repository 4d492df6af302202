"""Scores of stated chances: by hand, in closed form, and what makes them proper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.model.track_record.probabilities import (
    brier_score,
    crps_of_draws,
    lognormal_above,
    lognormal_log_median,
    reliability,
)
from analysis.model.track_record.scores import crps_normal

chances = st.floats(0, 1)


@given(truth=chances, stated=chances)
def test_no_chance_scores_better_in_the_mean_than_the_true_one(truth: float, stated: float) -> None:
    def expected(chance: float) -> float:
        return truth * brier_score([chance], [1]) + (1 - truth) * brier_score([chance], [0])

    assert expected(stated) >= expected(truth) - 1e-12
    assert expected(truth) == pytest.approx(truth * (1 - truth))


@pytest.mark.parametrize(
    ("probabilities", "came", "named"),
    [
        ([1.2], [1], "probabilities"),
        ([float("nan")], [1], "probabilities"),
        ([0.5], [0.5], "came"),
        ([0.5, 0.5], [1], "calls"),
        ([], [], "calls"),
    ],
)
def test_what_is_no_call_is_refused_by_name(probabilities: list, came: list, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        brier_score(probabilities, came)


def test_brier_is_reliability_less_resolution_plus_uncertainty() -> None:
    """Murphy's partition, for calls that say the same within a band."""
    said = np.repeat([0.1, 0.5, 0.9], [20, 10, 30])
    came = np.concatenate([np.arange(20) < 4, np.arange(10) < 4, np.arange(30) < 27]).astype(float)
    bands = reliability(said, came, np.arange(60).tolist(), (0, 0.3, 0.7, 1), seed=1)
    base = came.mean()
    unreliable = sum(b.calls * (b.said - b.share) ** 2 for b in bands) / 60
    resolved = sum(b.calls * (b.share - base) ** 2 for b in bands) / 60
    assert [b.calls for b in bands] == [20, 10, 30]
    assert brier_score(said, came) == pytest.approx(unreliable - resolved + base * (1 - base))


def test_a_certain_call_belongs_to_the_last_band() -> None:
    (band,) = reliability([1.0, 1.0], [1, 0], [1, 2], (0, 0.5, 1), seed=1)
    assert (band.low, band.calls, band.share) == (0.5, 2, 0.5)
    assert (band.range.low, band.range.high) == (0.0, 1.0)


def test_edges_that_do_not_span_all_chances_are_refused() -> None:
    with pytest.raises(ValueError, match="edges"):
        reliability([0.5], [1], [1], (0.0, 0.5), seed=1)


@given(actual=st.floats(-3, 3), mean=st.floats(-2, 2), sd=st.floats(0.2, 3))
def test_crps_of_many_draws_is_the_closed_form(actual: float, mean: float, sd: float) -> None:
    draws = stats.norm(mean, sd).ppf((np.arange(4000) + 0.5) / 4000)
    assert crps_of_draws(actual, draws) == pytest.approx(float(crps_normal(actual, mean, sd)), abs=3e-3 * sd)


def test_weights_count_a_draw_as_often_as_they_say() -> None:
    twice = crps_of_draws(0.3, [0.0, 1.0, 1.0, 4.0])
    assert crps_of_draws(0.3, [4.0, 1.0, 0.0], [0.25, 0.5, 0.25]) == pytest.approx(twice)
    by_definition = np.abs(np.array([0, 1, 1, 4]) - 0.3).mean() - 0.5 * np.mean(
        np.abs(np.subtract.outer([0, 1, 1, 4], [0, 1, 1, 4]))
    )
    assert twice == pytest.approx(by_definition)


def test_one_draw_scores_its_distance() -> None:
    assert crps_of_draws(2.0, [5.0]) == 3.0


@pytest.mark.parametrize(
    ("draws", "weights", "named"),
    [([], None, "draws"), ([np.nan], None, "draws"), ([1.0, 2.0], [0.5, 0.6], "weights")],
)
def test_draws_that_are_none_are_refused(draws: list, weights: list | None, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        crps_of_draws(1.0, draws, weights)


def test_the_line_is_a_lognormal_whose_mean_grows() -> None:
    years, growth, volatility = 2.5, 0.08, 0.3
    middle = lognormal_log_median(100.0, years=years, growth=growth, volatility=volatility)
    law = stats.lognorm(s=volatility * years**0.5, scale=np.exp(middle))
    assert law.mean() == pytest.approx(100 * 1.08**2.5)
    above = lognormal_above(100.0, np.array([60.0, 150.0]), years=years, growth=growth, volatility=volatility)
    assert above == pytest.approx(law.sf([60.0, 150.0]))
