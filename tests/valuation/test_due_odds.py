"""Odds that have come due: held against closes times shares, scored as by hand, nothing before its time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.data import open_edition
from analysis.valuation.due_odds import LADDER, DueOdds, due_odds
from analysis.valuation.inputs import market_value_at
from analysis.valuation.promises import due_promises


@pytest.fixture(scope="module")
def due() -> DueOdds:
    return due_odds(open_edition("2023Q1"))


def test_every_edition_s_year_ends_that_are_over_are_there(due: DueOdds) -> None:
    """At least half a year ahead: to the end of 2022, from those editions that were out by its June."""
    counted = {
        label: [d.year for d in due.due if d.edition == label] for label in ("2019Q4", "2020Q2", "2021Q4")
    }
    assert counted == {"2019Q4": [2020, 2021, 2022], "2020Q2": [2021, 2022], "2021Q4": [2022]}
    assert max(due.years) == 2022
    assert due.calls == len(LADDER) * len(due.due)


def test_what_came_is_the_close_times_the_shares(due: DueOdds) -> None:
    one = next(each for each in due.due if each.year == 2022)
    edition = due.edition
    assert one.came.number == pytest.approx(
        84.0 * edition.figure("balance.shares_outstanding", "2022Q4").number / 1000
    )
    assert market_value_at(edition, 2023) is None


def test_the_line_is_scored_in_closed_form(due: DueOdds) -> None:
    one = due.due[0]
    law = stats.norm((math.log(1.08) - 0.045) * one.years, 0.3 * one.years**0.5)
    assert one.chances("line") == pytest.approx([law.sf(math.log(step)) for step in LADDER])
    assert one.held("line") == float(law.cdf(one.moved) > 0.1 and law.cdf(one.moved) < 0.9)


def test_scores_are_means_over_all_calls(due: DueOdds) -> None:
    losses = [
        (
            float(each.odds.above(step * each.start).value[each.place])
            - (each.came.number >= step * each.start)
        )
        ** 2
        for each in due.due
        for step in LADDER
    ]
    assert due.brier("report").number == pytest.approx(np.mean(losses))
    assert due.crps("stays").number == pytest.approx(np.mean([abs(each.moved) for each in due.due]))
    assert due.held("stays").number == 0.0


def test_bands_hold_all_calls_and_their_shares(due: DueOdds) -> None:
    assert sum(band.calls for band in due.bands) == due.calls
    came = sum(each for d in due.due for each in d.happened)
    assert sum(band.calls * band.share for band in due.bands) == pytest.approx(came)
    for band in due.bands:
        assert band.range.low <= band.share <= band.range.high


def test_odds_that_are_due_rest_on_what_came_and_on_nothing_later(due: DueOdds) -> None:
    published = due.brier("report").published
    assert published is not None
    assert published <= due.edition.cutoff
    fields = {source.field for source in due.brier("report").sources()}
    assert "balance.shares_outstanding" in {(field or "").split(", ")[0] for field in fields}


@pytest.mark.parametrize("measure", ["brier", "crps", "held"])
def test_a_range_holds_the_score_that_it_is_of(due: DueOdds, measure: str) -> None:
    found, score = due.range_of(measure, "report"), getattr(due, measure)("report").number
    assert found is not None
    assert found.low < score < found.high


def test_before_any_year_end_nothing_is_scored() -> None:
    none = due_odds(open_edition("2020Q2"))
    assert none.due == ()
    assert none.bands == ()
    assert none.brier("report").is_absent
    assert none.range_of("crps", "line") is None
    assert [bar.kept for bar in due_promises(none)] == [None] * 3


def test_a_promise_is_kept_or_missed_by_its_numbers(due: DueOdds) -> None:
    brier, crps, held = due_promises(due)
    assert brier.kept == (due.brier("report").number <= due.brier("line").number)
    assert crps.kept == (due.crps("report").number <= due.crps("line").number)
    assert held.kept == (0.7 <= due.held("report").number <= 0.9)
    assert {bar.word for bar in (brier, crps, held)} <= {"kept", "missed"}


def test_odds_by_the_judgements_of_now_are_scored_on_their_own_draws(due: DueOdds) -> None:
    losses = [
        (float(each.now.above(step * each.start).value[each.place]) - came) ** 2
        for each in due.due
        for step, came in zip(LADDER, each.happened, strict=True)
    ]
    assert due.brier("now").number == pytest.approx(np.mean(losses))
    assert due.brier("now").number != due.brier("report").number


def test_due_odds_rest_on_the_yields_and_prices_of_their_day(due: DueOdds) -> None:
    fields = {source.field for source in due.brier("report").sources()}
    assert "treasury_10y_yield" in " ".join(field or "" for field in fields)
