"""What is asked of forecasts and odds: measured from the record itself, kept or missed by its numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.data import open_edition
from analysis.valuation.backtest import DRIFT, LAST, REPORT, TrackRecord, track_record
from analysis.valuation.promises import error_ratio, forecast_promises


@pytest.fixture(scope="module")
def record() -> TrackRecord:
    return track_record(open_edition("2023Q4"))


def test_a_ratio_is_the_geometric_mean_over_series_and_horizons(record: TrackRecord) -> None:
    names = ("group_sales", "aws_sales")
    ratios = [
        record.forecasts(name, LAST, horizon).error / record.forecasts(name, DRIFT, horizon).error
        for name in names
        for horizon in (1, 2, 4, 8)
    ]
    found, worst = error_ratio(record, names, LAST, DRIFT)
    assert found.number == pytest.approx(math.exp(np.mean([math.log(each.number) for each in ratios])))
    assert worst > found.number


def test_a_rule_held_against_itself_is_as_good(record: TrackRecord) -> None:
    found, worst = error_ratio(record, ("group_sales",), REPORT, REPORT)
    assert (found.number, worst) == (1.0, 1.0)


def test_a_promise_on_forecasts_is_kept_or_missed_by_what_is_measured(record: TrackRecord) -> None:
    found = {each.what: each for each in forecast_promises(record)}
    income = found["Errors of income, to those of seasonal drift"]
    assert income.kept == (income.measured.number <= 0.85)
    aws = found["The same for AWS"]
    assert aws.kept == (aws.measured.number >= 0.75)
    assert {each.word for each in found.values()} <= {"kept", "missed"}


def test_before_anything_is_due_no_promise_is_kept_or_missed() -> None:
    none = track_record(open_edition("2019Q4"))
    assert {each.kept for each in forecast_promises(none)} == {None}
    assert error_ratio(none, ("group_sales",), REPORT, DRIFT)[0].is_absent
