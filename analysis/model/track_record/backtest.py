"""Past forecasts, remade from what was known then, against what came.

:func:`backtest` walks through vintages in order. At each it forecasts by every rule and sets the width of the
interval from that rule's *own errors so far*: those of forecasts whose quarter had been
reported by then. What came is the figure as first reported, not as later restated.

An interval is normal, or as wide as past misses themselves say (conformal), whichever has until then held
nearer to what it claims of what came so far ahead in the same series: chosen at each origin, without
hindsight.

Sales are taken as log-normal about the forecast (``shape="lognormal"``, errors ``ln(actual ÷ forecast)``).
Operating income may be negative, so it is normal (``"normal"``): its errors are shares of the mean quarterly
sales known at the vintage, and scores are in points of margin.

Source: Tashman 2000 (rolling origin, fixed rule); real-time vintages as in Croushore and Stark 2001; split
conformal intervals as in Lei and others 2018.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from analysis.model._inputs import Number, checked, require_fraction, require_positive
from analysis.model._normal import normal_score
from analysis.model.projection.growth import QUARTERS
from analysis.model.track_record.forecast import KnownSeries, Rule, quarter_after
from analysis.model.track_record.scores import (
    bias,
    coverage,
    crps_lognormal,
    crps_normal,
    mean_absolute_error,
    root_mean_square,
    skill,
)

Shape = Literal["lognormal", "normal"]
CLAIMED = 0.8
"""What an interval claims to hold."""


@dataclass(frozen=True)
class Outcome:
    """One forecast and, where its quarter has been reported, what came.

    ``spread`` is the standard deviation of the forecast's error as past errors gave it, in logs or in the
    unit of the values (``shape``), ``reach`` the half-width of the interval on the same scale; ``None`` if
    there were too few. ``error`` is on the scale of past errors, actual less forecast. ``scale`` is what
    scores divide by: the actual, or the quarter's sales.
    """

    rule: str
    origin: str
    target: str
    horizon: int
    shape: Shape
    forecast: float
    spread: float | None
    reach: float | None
    actual: float | None
    scale: float | None
    error: float | None

    def interval(self) -> tuple[float, float] | None:
        """The central interval that should hold the actual with the probability claimed."""
        if self.reach is None:
            return None
        if self.shape == "normal":
            return self.forecast - self.reach, self.forecast + self.reach
        return self.forecast * math.exp(-self.reach), self.forecast * math.exp(self.reach)


@checked
def conformal_reach(misses: Sequence[float], coverage: float = CLAIMED) -> float:
    """How far either side an interval reaches so that it would have held its share of past misses.

    The ``⌈coverage × (n + 1)⌉``-th smallest of the n misses taken without sign; the largest where n is too
    small for that. Raises ``ValueError`` without misses, or if ``coverage`` is not within 0 and 1.

    >>> conformal_reach([0.01, -0.02, 0.03, -0.04, 0.05])
    0.05
    """
    require_fraction(coverage=coverage)
    if not len(misses):
        raise ValueError("misses must hold at least one")
    place = math.ceil(coverage * (len(misses) + 1))
    return sorted(abs(miss) for miss in misses)[min(place, len(misses)) - 1]


@checked
def backtest(
    history: Callable[[str], KnownSeries],
    origins: Sequence[str],
    rules: Mapping[str, Rule],
    *,
    shape: Shape,
    first_scored: str,
    horizons: Sequence[int] = (1, 2, 4, 8),
    minimum_errors: int = 5,
) -> tuple[Outcome, ...]:
    """Every forecast from ``first_scored`` on, in order of origin, rule and horizon.

    ``origins`` are consecutive quarters; those before ``first_scored`` only collect errors. ``history`` gives
    the vintage whose latest quarter is the origin. An interval needs ``minimum_errors`` past errors at its
    horizon; with fewer, the width is that of the longest shorter horizon that has them, times the square
    root of the ratio of the horizons; without any there is no interval.

    Forecasts still open have no actual. Raises ``ValueError`` if origins are not consecutive,
    ``first_scored`` is none of them, a vintage ends elsewhere, or income comes without sales.
    """
    _check(origins, first_scored, minimum_errors)
    vintages = {origin: _vintage(history, origin, shape) for origin in origins}
    outcomes: list[Outcome] = []
    held: dict[tuple[str, int], list[_Held]] = {}
    for origin in origins:
        for name, rule in rules.items():
            past = _errors_known(outcomes, name, origin)
            for horizon in horizons:
                forecast = rule(vintages[origin], horizon)
                if forecast is None:
                    continue
                width = _width(past, horizon, minimum_errors)
                so_far = held.setdefault((name, horizon), [])
                is_conformal = _holds_better([each for each in so_far if each.target <= origin])
                one = _outcome(name, vintages, origin, horizon, shape, forecast, width, is_conformal)
                outcomes.append(one)
                if width is not None and one.error is not None:
                    miss = abs(one.error)
                    so_far.append(_Held(one.target, miss <= width.normal, miss <= width.conformal))
    return tuple(outcome for outcome in outcomes if outcome.origin >= first_scored)


@checked
def error_sds(outcomes: Iterable[Outcome], rule: str) -> dict[int, float]:
    """The standard deviation of a rule's errors about nil, ``√(Σ error² ÷ n)``, by horizon in quarters.

    This is what sets the width of the Monte Carlo: in logs for sales, in shares of sales for income.
    """
    by_horizon: dict[int, list[float]] = {}
    for outcome in outcomes:
        if outcome.rule == rule and outcome.error is not None:
            by_horizon.setdefault(outcome.horizon, []).append(outcome.error)
    return {horizon: root_mean_square(by_horizon[horizon]) for horizon in sorted(by_horizon)}


@checked
def sd_at(near: Number, far: Number, horizons: tuple[float, float], horizon: float) -> Number:
    """The deviation of errors at another horizon: the power law through those at two.

    ``near × (horizon ÷ h₁)^b`` with ``b = ln(far ÷ near) ÷ ln(h₂ ÷ h₁)``; b is one half for errors that add
    up like a random walk. Beyond the longer of the two it is an extrapolation, and a page must say so. Raises
    ``ValueError`` unless deviations and horizons are above 0 and the horizons differ.

    >>> round(sd_at(0.02, 0.04, (1.0, 4.0), 16.0), 9)
    0.08
    """
    require_positive(near=near, far=far, horizons=np.asarray(horizons), horizon=horizon)
    if horizons[0] == horizons[1]:
        raise ValueError(f"horizons must differ, got {horizons[0]:g} twice")
    power = math.log(horizon / horizons[0]) / math.log(horizons[1] / horizons[0])
    return near * (far / near) ** power


@dataclass(frozen=True)
class Score:
    """How one rule did at one horizon, over ``forecasts`` whose quarter has been reported.

    ``error`` (mean absolute), ``bias`` (above 0: too high) and ``crps`` are fractions of the actual for
    sales, of the quarter's sales for operating income. ``coverage`` and ``crps`` are over the
    ``intervals`` of them that had one; ``None`` without any. ``skill`` (by error) and ``crps_skill`` are
    against the naive rule, on the origins that both have; ``None`` for the naive rule itself, or without
    common ground.
    """

    rule: str
    horizon: int
    forecasts: int
    error: float
    bias: float
    intervals: int
    coverage: float | None
    crps: float | None
    skill: float | None
    crps_skill: float | None


@checked
def score_table(outcomes: Iterable[Outcome], *, naive: str) -> tuple[Score, ...]:
    """Scores of the outcomes of one series by rule and horizon, in the order met; open forecasts left out.

    Raises ``ValueError`` if ``naive`` is no rule here.
    """
    groups: dict[tuple[str, int], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.actual is not None:
            groups.setdefault((outcome.rule, outcome.horizon), []).append(outcome)
    if naive not in {rule for rule, _ in groups}:
        raise ValueError(f"naive must be one of the rules scored, got {naive!r}")
    return tuple(
        _score(rule, horizon, group, [] if rule == naive else groups.get((naive, horizon), []))
        for (rule, horizon), group in groups.items()
    )


@checked
def share_within_guidance(ranges: Sequence[tuple[float, float]], actuals: Sequence[float]) -> float:
    """The share of quarters that came in within the company's own range, which claims no probability.

    ``Σ 1{low ≤ actual ≤ high} ÷ n``.
    """
    lows, highs = zip(*ranges, strict=True)
    return coverage(actuals, lows, highs)


@checked
def year_errors(outcomes: Iterable[Outcome], rule: str, year: int = 1) -> dict[str, float]:
    """How far the four quarters of a year ahead together missed, by origin; needs all four horizons.

    For sales ``ln(Σ actual ÷ Σ forecast)``: of the first year that is the error of its growth. For income
    ``(Σ actual − Σ forecast) ÷ Σ sales``: the error of that year's margin. Origins without all four quarters
    are left out.
    """
    years: dict[str, list[Outcome]] = {}
    wanted = range(QUARTERS * (year - 1) + 1, QUARTERS * year + 1)
    for outcome in outcomes:
        if outcome.rule == rule and outcome.horizon in wanted and outcome.actual is not None:
            years.setdefault(outcome.origin, []).append(outcome)
    return {origin: _year_error(year) for origin, year in years.items() if len(year) == QUARTERS}


def _year_error(year: Sequence[Outcome]) -> float:
    actual = sum(outcome.actual for outcome in year if outcome.actual is not None)
    forecast = sum(outcome.forecast for outcome in year)
    if year[0].shape == "lognormal":
        return math.log(actual / forecast)
    return (actual - forecast) / sum(outcome.scale for outcome in year if outcome.scale is not None)


def _outcome(
    rule: str,
    vintages: Mapping[str, KnownSeries],
    origin: str,
    horizon: int,
    shape: Shape,
    forecast: float,
    width: _Width | None,
    is_conformal: bool,
) -> Outcome:
    target = quarter_after(origin, horizon)
    known, came = vintages[origin], vintages.get(target)
    if shape == "lognormal":
        require_positive(**{f"{rule}'s forecast of {target} at {origin}": forecast})
    unit = 1.0 if shape == "lognormal" else _mean_sales(known)
    spread = None if width is None else width.spread * unit
    reach = None if width is None else (width.conformal if is_conformal else width.normal) * unit
    if came is None:
        return Outcome(rule, origin, target, horizon, shape, forecast, spread, reach, None, None, None)
    actual = came.values[-1]
    scale = actual if came.sales is None else came.sales[-1]
    error = math.log(actual / forecast) if shape == "lognormal" else (actual - forecast) / unit
    return Outcome(rule, origin, target, horizon, shape, forecast, spread, reach, actual, scale, error)


def _errors_known(outcomes: Iterable[Outcome], rule: str, origin: str) -> dict[int, list[float]]:
    """A rule's errors by horizon, of quarters that had been reported at ``origin``."""
    known: dict[int, list[float]] = {}
    for outcome in outcomes:
        if outcome.rule == rule and outcome.target <= origin and outcome.error is not None:
            known.setdefault(outcome.horizon, []).append(outcome.error)
    return known


@dataclass(frozen=True)
class _Width:
    """On the scale of errors: their deviation, and how far a normal and a conformal interval reach."""

    spread: float
    conformal: float

    @property
    def normal(self) -> float:
        return float(normal_score(0.5 + CLAIMED / 2)) * self.spread


@dataclass(frozen=True)
class _Held:
    """Whether either interval held what came in a quarter."""

    target: str
    normal: bool
    conformal: bool


def _width(past: Mapping[int, Sequence[float]], horizon: int, minimum: int) -> _Width | None:
    enough = [h for h, errors in past.items() if h <= horizon and len(errors) >= minimum]
    if not enough:
        return None
    nearest = max(enough)
    longer = math.sqrt(horizon / nearest)
    return _Width(root_mean_square(past[nearest]) * longer, conformal_reach(past[nearest]) * longer)


def _holds_better(held: Sequence[_Held]) -> bool:
    """Whether conformal intervals have held nearer to what is claimed than normal ones."""
    if not held:
        return False
    shares = (sum(kind) / len(held) for kind in ([h.conformal for h in held], [h.normal for h in held]))
    conformal, normal = (abs(share - CLAIMED) for share in shares)
    return conformal < normal


def _vintage(history: Callable[[str], KnownSeries], origin: str, shape: Shape) -> KnownSeries:
    vintage = history(origin)
    if vintage.quarter != origin:
        raise ValueError(f"the vintage of {origin} must end there, got {vintage.quarter}")
    if (shape == "normal") != (vintage.sales is not None):
        raise ValueError("sales must be given for the normal shape, and only for it")
    return vintage


def _mean_sales(vintage: KnownSeries) -> float:
    return sum((vintage.sales or ())[-QUARTERS:]) / QUARTERS


def _check(origins: Sequence[str], first_scored: str, minimum_errors: int) -> None:
    gaps = [f"{a}, {b}" for a, b in pairwise(origins) if quarter_after(a, 1) != b]
    if gaps:
        raise ValueError(f"origins must be consecutive quarters, got {'; '.join(gaps)}")
    if first_scored not in origins:
        raise ValueError(f"first_scored ({first_scored}) must be one of the origins")
    require_positive(minimum_errors=minimum_errors)


def _score(rule: str, horizon: int, group: Sequence[Outcome], naive: Sequence[Outcome]) -> Score:
    forecasts, actuals, scales = _columns(group)
    with_interval = [outcome for outcome in group if outcome.spread is not None]
    ours, theirs = _common(group, naive)
    ours_wide, theirs_wide = _common(with_interval, [o for o in naive if o.spread is not None])
    return Score(
        rule=rule,
        horizon=horizon,
        forecasts=len(group),
        error=mean_absolute_error(forecasts, actuals, scales),
        bias=bias(forecasts, actuals, scales),
        intervals=len(with_interval),
        coverage=_coverage(with_interval) if with_interval else None,
        crps=_crps(with_interval) if with_interval else None,
        skill=skill(_error(ours), _error(theirs)) if ours else None,
        crps_skill=skill(_crps(ours_wide), _crps(theirs_wide)) if ours_wide else None,
    )


def _coverage(group: Sequence[Outcome]) -> float:
    ends = [outcome.interval() or (math.nan, math.nan) for outcome in group]
    lows, highs = zip(*ends, strict=True)
    return coverage(_columns(group)[1], lows, highs)


def _columns(group: Sequence[Outcome]) -> tuple[list[float], list[float], list[float]]:
    rows = [(o.forecast, o.actual, o.scale) for o in group]
    forecasts, actuals, scales = (list(column) for column in zip(*rows, strict=True))
    return forecasts, [a for a in actuals if a is not None], [s for s in scales if s is not None]


def _common(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of two rules at one horizon that have the same origin."""
    shared = {o.origin for o in ours} & {o.origin for o in theirs}
    return [o for o in ours if o.origin in shared], [o for o in theirs if o.origin in shared]


def _error(group: Sequence[Outcome]) -> float:
    return mean_absolute_error(*_columns(group))


def _crps(group: Sequence[Outcome]) -> float:
    forecasts, actuals, scales = _columns(group)
    spreads = [o.spread for o in group]
    score = crps_normal if group[0].shape == "normal" else crps_lognormal
    each = score(actuals, forecasts, np.asarray(spreads, dtype=float))
    return float(np.mean(each / np.asarray(scales)))
