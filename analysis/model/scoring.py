"""The table of a back-test: every rule at every horizon, scored by one measure and on common ground."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model.backtest import Outcome
from analysis.model.scores import bias, coverage, crps_lognormal, crps_normal, mean_absolute_error, skill


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


def score_table(outcomes: Iterable[Outcome], *, naive: str, interval: float = 0.8) -> tuple[Score, ...]:
    """Scores of the outcomes of one series by rule and horizon, in the order met; open forecasts left out.

    ``interval`` is the coverage that intervals claim. Raises ``ValueError`` if ``naive`` is no rule here.
    """
    groups: dict[tuple[str, int], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.actual is not None:
            groups.setdefault((outcome.rule, outcome.horizon), []).append(outcome)
    if naive not in {rule for rule, _ in groups}:
        raise ValueError(f"naive must be one of the rules scored, got {naive!r}")
    return tuple(
        _score(rule, horizon, group, [] if rule == naive else groups.get((naive, horizon), []), interval)
        for (rule, horizon), group in groups.items()
    )


def share_within_guidance(ranges: Sequence[tuple[float, float]], actuals: Sequence[float]) -> float:
    """The share of quarters that came in within the company's own range, which claims no probability."""
    lows, highs = zip(*ranges, strict=True)
    return coverage(actuals, lows, highs)


def _score(
    rule: str, horizon: int, group: Sequence[Outcome], naive: Sequence[Outcome], interval: float
) -> Score:
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
        coverage=_coverage(with_interval, interval) if with_interval else None,
        crps=_crps(with_interval) if with_interval else None,
        skill=skill(_error(ours), _error(theirs)) if ours else None,
        crps_skill=skill(_crps(ours_wide), _crps(theirs_wide)) if ours_wide else None,
    )


def _coverage(group: Sequence[Outcome], interval: float) -> float:
    ends = [outcome.interval(interval) or (math.nan, math.nan) for outcome in group]
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
