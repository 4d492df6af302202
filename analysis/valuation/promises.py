"""What the forecasts and odds are asked to be, and what they are: one line a promise.

``make score`` prints the lines and the track record shows them. A promise that is not kept stays in the list.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.data import Edition
from analysis.figures import Figure, computed, not_public
from analysis.model.track_record.comparison import range_of_mean
from analysis.valuation.backtest import (
    DRIFT,
    GUIDANCE,
    HORIZONS,
    LAST,
    REPORT,
    RULES,
    SEED,
    SERIES,
    TENTH,
    TrackRecord,
    track_record,
)
from analysis.valuation.due_odds import DueOdds, due_odds
from analysis.valuation.group import open_group
from analysis.valuation.odds import Odds, simulate_odds
from analysis.valuation.spreads import spread_figure
from analysis.valuation.variance import Width, width_of

SALES = ("group_sales", "aws_sales", "advertising_sales", "stores_sales")
INCOME = ("group_income", "aws_income")


@dataclass(frozen=True)
class Promise:
    """One promise: what is measured, as a figure, what was asked, and whether it is kept.

    ``kept`` is ``None`` where nothing has come due.
    """

    what: str
    measured: Figure
    asked: str
    kept: bool | None

    @property
    def word(self) -> str:
        """Kept or missed; nothing where nothing has come due."""
        return {True: "kept", False: "missed", None: ""}[self.kept]


def promises(edition: Edition) -> tuple[Promise, ...]:
    """Every promise, measured in an edition's base scenario."""
    odds = simulate_odds(open_group(edition, "base"))
    return (
        *due_promises(due_odds(edition)),
        *width_promises(width_of(odds)),
        *spread_promises(odds),
        *forecast_promises(track_record(edition)),
    )


def due_promises(due: DueOdds) -> tuple[Promise, ...]:
    """The promises on odds that have come due."""
    report, line = due.brier("report"), due.brier("line")
    return (
        _at_most("Brier score of due odds", report, line, f"at most the line's, {_of(line, 'number3')}"),
        _at_most("CRPS of due odds, log value", due.crps("report"), due.crps("line"),
                 f"at most the line's, {_of(due.crps('line'), 'number3')}"),
        _between("Due outcomes within eight in ten simulations", due.held("report"), 0.70, 0.90),
    )  # fmt: skip


def width_promises(width: Width) -> tuple[Promise, ...]:
    """The promises on the width of the draws."""
    total = sum(share.number for share in width.shares.values())
    label = "Shares of the width of the fan, all causes"
    shares = computed(total, "fraction", label, "Σ shares", *width.shares.values())
    return (
        _between("Width of log value to the horizon, a year", width.a_year, 0.27, 0.33),
        Promise(label, shares, "100%, the price included", abs(total - 1) < 1e-6),
    )


def spread_promises(odds: Odds) -> tuple[Promise, ...]:
    """The promise on the width of growth, held against the misses it is made of, one and two years ahead."""
    ratios = sorted(ratio for spread in odds.spreads.values() for ratio in spread.against_misses)
    widths = [spread_figure(spread, odds.group) for spread in odds.spreads.values()]
    ends = (("narrowest", ratios[:1]), ("widest", ratios[-1:]))
    return tuple(
        _between(
            f"Spread of sales in the simulations over past misses, {end}",
            computed(
                found[0],
                "fraction",
                f"Simulations over misses, {end}",
                "spread of simulations ÷ past misses",
                *widths,
            )
            if found
            else not_public(f"Simulations over misses, {end}", "fraction"),
            0.8,
            1.2,
        )
        for end, found in ends
    )


def forecast_promises(record: TrackRecord) -> tuple[Promise, ...]:
    """The promises on forecasts of sales and income, for the report's rule."""
    found = []
    for against in (DRIFT, TENTH, LAST):
        ratio, worst = error_ratio(record, SALES, REPORT, against)
        kept = None if ratio.is_absent else bool(ratio <= 0.85 and worst < 1)
        asked = "at most 0.85, 95% of samples below 1"
        found.append(Promise(f"Errors of sales, to those of {RULES[against]}", ratio, asked, kept))
    ratio, _ = error_ratio(record, INCOME, REPORT, DRIFT)
    found.append(_at_most(f"Errors of income, to those of {RULES[DRIFT]}", ratio, 0.85))
    first = record.forecasts("group_income", REPORT, 1).error
    found.append(_at_most("Group income a quarter ahead: error", first, 0.017))
    guided = {each.target for each in record.forecasts("group_sales", GUIDANCE, 1).due}
    beaten = record.forecasts("group_sales", REPORT, 1).over(guided).error
    found.append(_at_most("Group sales a quarter ahead, where guided: error", beaten, 0.011))
    whole = record.forecasts([series.name for series in SERIES], REPORT, of="all series").inside
    aws = record.forecasts(["aws_sales", "aws_income"], REPORT, of="AWS").inside
    found.append(_between("Outcomes inside the 80% interval", whole, 0.76, 0.86))
    kept = None if aws.is_absent else aws >= 0.75
    found.append(Promise("The same for AWS", aws, "at least 75%", kept))
    return tuple(found)


def error_ratio(record: TrackRecord, names: Sequence[str], rule: str, against: str) -> tuple[Figure, float]:
    """Mean errors of a rule over those of another: the geometric mean over series and horizons.

    Also the 95th percentile of the ratio when the quarters of the origins are drawn anew: of the mean log
    ratio of single errors it is only near, so it is taken about the ratio itself.
    """
    label = f"Ratio of mean errors, {RULES[rule]} to {RULES[against]}, {', '.join(names)}"
    logs, apart, origins = [], [], []
    for name in names:
        for horizon in HORIZONS:
            own, other = (
                {each.origin: abs(each.forecast - each.actual) / each.scale
                 for each in record.forecasts(name, which, horizon).due
                 if each.actual is not None and each.scale is not None}
                for which in (rule, against)
            )  # fmt: skip
            both = sorted(own.keys() & other.keys())
            if both:
                means = [float(np.mean([errors[origin] for origin in both])) for errors in (own, other)]
                logs.append(math.log(means[0] / means[1]))
                # How far each origin pulls the log ratio, to first order.
                apart += [own[o] / means[0] - other[o] / means[1] for o in both]
                origins += both
    if not logs:
        return not_public(label, "number"), math.nan
    middle = float(np.mean(logs))
    reach = range_of_mean(apart, origins, seed=SEED).high
    rests = [figure for name in names for figure in record.forecasts(name, rule).rests]
    ratio = computed(math.exp(middle), "number", label, "geometric mean of ratios of mean errors", *rests)
    return ratio, math.exp(middle + reach)


def _at_most(what: str, measured: Figure, most: Figure | float, asked: str = "") -> Promise:
    if measured.is_absent:
        return Promise(what, measured, asked, None)
    limit = Figure(float(most), measured.unit, "Limit")
    return Promise(what, measured, asked or f"at most {limit}", bool(measured <= most))


def _between(what: str, measured: Figure, low: float, high: float) -> Promise:
    kept = None if measured.is_absent else low <= measured.number <= high
    return Promise(what, measured, f"{low:.0%} to {high:.0%}", kept)


def _of(figure: Figure, form: str) -> str:
    return str(figure) if figure.is_absent else f"{figure:{form}}"
