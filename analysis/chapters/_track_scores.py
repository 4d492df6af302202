"""The scores on the track record: measures as figures, the tables and charts of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence

import pandas as pd

from analysis.chapters.page import Unavailable
from analysis.charts import track_record as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.figures import Figure, Source, computed, text
from analysis.model.projection.segments import project
from analysis.model.track_record.backtest import Outcome, Score, error_sds, score_table
from analysis.valuation.backtest import (
    AWS_SALES_SERIES,
    DRIFT,
    FIRST_SCORED,
    GUIDANCE,
    HORIZONS,
    LAST,
    NAIVE,
    REPORT,
    RULES,
    SERIES,
    TENTH,
    ForecastSeries,
    TrackRecord,
)
from analysis.valuation.group import open_group
from analysis.valuation.spreads import growth_spreads

BY_NAME = {series.name: series for series in SERIES}
CLAIMED = 0.8
"""What an interval claims to hold."""
UNKNOWN = "a figure not known yet"
NOTHING = f"outcomes of forecasts made since {FIRST_SCORED}"
SHORT = {REPORT: "Report", LAST: "Latest", DRIFT: "Drift", TENTH: "Tenth", GUIDANCE: "Guidance"}
AHEAD = {1: "1 quarter", 2: "2 quarters", 4: "4 quarters", 8: "8 quarters"}
MEASURES = {
    "error": ("Mean absolute error", "mean of |forecast − actual| ÷ scale"),
    "bias": ("Bias", "mean of (forecast − actual) ÷ scale, above nil if too high"),
    "coverage": ("Share inside the 80% interval", "outcomes inside ÷ outcomes with an interval"),
    "skill": ("Skill against the seasonal drift", "1 − error ÷ error of the drift, on the same forecasts"),
}


def measure(record: TrackRecord, series: str, rule: str, horizon: int, item: str) -> Figure:
    """One measure of a rule; words where nothing has come due by the cut-off."""
    name, formula = MEASURES[item]
    label = f"{name}, {BY_NAME[series].label}, {AHEAD[horizon]} ahead, {RULES[rule]}"
    score = record.score(series, rule, horizon)
    value = None if score is None else getattr(score, item)
    if value is None:
        return text(UNKNOWN, label)
    return computed(float(value), "fraction", label, formula, *inputs_of(record, BY_NAME[series]))


def inputs_of(record: TrackRecord, series: ForecastSeries) -> list[Figure]:
    """The latest figures of what was forecast, for the trace of a score."""
    fields = series.income or series.sales
    found = [record.edition.get(field) for field in fields]
    return [figure for figure in found if figure is not None]


def split_error(record: TrackRecord, series: str, rule: str, horizon: int, late: bool, since: str) -> Figure:
    """The mean absolute error over editions before ``since``, or from then on if ``late``."""
    chosen = [
        outcome
        for outcome in record.outcomes[series]
        if outcome.horizon == horizon and (outcome.origin >= since) == late
    ]
    when = f"editions from {since} on" if late else f"editions before {since}"
    label = f"Mean absolute error, {BY_NAME[series].label}, {AHEAD[horizon]} ahead, {RULES[rule]}, {when}"
    if not any(o.actual is not None and o.rule == NAIVE for o in chosen):
        return text(UNKNOWN, label)
    found = {score.rule: score for score in score_table(chosen, naive=NAIVE)}
    formula = MEASURES["error"][1]
    return computed(found[rule].error, "fraction", label, formula, *inputs_of(record, BY_NAME[series]))


def error_in(record: TrackRecord, series: str, rule: str, horizon: int, targets: Collection[str]) -> Figure:
    """The mean absolute error of a rule over the quarters ``targets``, to hold beside another's there."""
    label = (
        f"Mean absolute error, {BY_NAME[series].label}, {AHEAD[horizon]} ahead, {RULES[rule]}, same quarters"
    )
    errors = [
        abs(outcome.forecast - outcome.actual) / outcome.scale
        for outcome in record.outcomes[series]
        if (outcome.rule, outcome.horizon) == (rule, horizon)
        and outcome.target in targets
        and outcome.actual is not None
        and outcome.scale is not None
    ]
    if not errors:
        return text(UNKNOWN, label)
    mean, inputs = sum(errors) / len(errors), inputs_of(record, BY_NAME[series])
    return computed(mean, "fraction", label, MEASURES["error"][1], *inputs)


def all_scores(record: TrackRecord) -> list[tuple[ForecastSeries, Score]]:
    """Every score with its series."""
    return [(series, score) for series in SERIES for score in record.scores(series.name)]


def pooled_coverage(record: TrackRecord, chosen: Sequence[ForecastSeries], whose: str) -> Figure:
    """The share of outcomes of the report's rule that lay inside their intervals, over all horizons."""
    names = {series.name for series in chosen}
    own = [score for series, score in all_scores(record) if series.name in names and score.rule == REPORT]
    scores = [score for score in own if score.intervals]
    label = f"Share of outcomes inside the 80% interval of the report's rule, {whose}"
    count = sum(score.intervals for score in scores)
    if not count:
        return text(UNKNOWN, label)
    inside = sum((score.coverage or 0.0) * score.intervals for score in scores)
    inputs = [figure for series in chosen for figure in inputs_of(record, series)]
    return computed(inside / count, "fraction", label, MEASURES["coverage"][1], *inputs)


def two_year_spread(record: TrackRecord) -> tuple[Figure, Figure]:
    """AWS sales two years ahead, in logs: how far the rule has missed, and how far the draws spread."""
    missed = error_sds(record.outcomes[AWS_SALES_SERIES.name], REPORT).get(8)
    group = open_group(record.edition, "base")
    spread = growth_spreads(group).get("aws.growth_change")
    labels = ("Misses of AWS sales 8 quarters ahead", "Spread of the draws of AWS sales in the second year")
    if missed is None or spread is None:
        return text(UNKNOWN, labels[0]), text(UNKNOWN, labels[1])
    value = group.drivers["aws.growth_change"]
    ends = [{**group.drivers, "aws.growth_change": value + sign * spread.sd} for sign in (-1, 1)]
    low, high = (float(project(group.base, drivers, (1.0, 1.0)).parts["aws"].sales[1]) for drivers in ends)
    inputs = inputs_of(record, AWS_SALES_SERIES)
    formula = "half of ln(sales with growth one deviation up ÷ down)"
    return (
        computed(missed, "fraction", f"{labels[0]}, root mean square in logs", "√ mean of squares", *inputs),
        computed(math.log(high / low) / 2, "fraction", labels[1], formula, *inputs),
    )


def wins(record: TrackRecord) -> tuple[Figure, Figure]:
    """At how many pairs of series and horizon the report's rule errs less than the drift, and of how many."""
    skills = [
        score.skill for _, score in all_scores(record) if score.rule == REPORT and score.skill is not None
    ]
    labels = ("Pairs of series and horizon at which the rule errs less", "Pairs of series and horizon scored")
    if not skills:
        return text(UNKNOWN, labels[0]), text(UNKNOWN, labels[1])
    won = float(sum(skill > 0 for skill in skills))
    inputs = [figure for series in SERIES for figure in inputs_of(record, series)]
    return (
        computed(won, "count", labels[0], "skill > 0", *inputs),
        computed(float(len(skills)), "count", labels[1], "counted", *inputs),
    )


def rules_table(record: TrackRecord) -> Table | Unavailable:
    """The error of every rule, by series and horizon."""

    def row(series: ForecastSeries, horizon: int) -> dict[str, object]:
        found = {rule: record.score(series.name, rule, horizon) for rule in RULES}
        errors = {rule: score.error if score else None for rule, score in found.items()}
        return {**_named(series, horizon), **errors}

    columns = [Column(rule, words, "fraction") for rule, words in SHORT.items()]
    title = "Mean absolute error by rule; income is operating income, its error a share of sales"
    return _table(record, row, columns, title)


def scores_table(record: TrackRecord) -> Table | Unavailable:
    """Bias, coverage, CRPS and skill of the report's rule, by series and horizon."""

    def row(series: ForecastSeries, horizon: int) -> dict[str, object]:
        score = record.score(series.name, REPORT, horizon)
        items = ("bias", "coverage", "crps", "skill", "crps_skill")
        values = {item: getattr(score, item) if score else None for item in items}
        return {**_named(series, horizon), "n": score.forecasts if score else 0, **values}

    columns = [
        Column("n", "Forecasts", "count"),
        Column("bias", "Bias", "fraction"),
        Column("coverage", "Inside", "fraction", 0),
        Column("crps", "CRPS", "fraction"),
        Column("skill", "Skill", "number"),
        Column("crps_skill", "by CRPS", "number"),
    ]
    return _table(record, row, columns, "The report's rule scored; skill is against the seasonal drift")


def _table(
    record: TrackRecord,
    row: Callable[[ForecastSeries, int], dict[str, object]],
    columns: Sequence[Column],
    title: str,
) -> Table | Unavailable:
    rows = [
        row(series, horizon)
        for series in SERIES
        for horizon in HORIZONS
        if record.score(series.name, NAIVE, horizon)
    ]
    if not rows:
        return Unavailable(NOTHING)
    shown = [Column("series", "Series"), Column("ahead", "Ahead", "count"), *columns]
    return Table(pd.DataFrame(rows), shown, title, source_of(record), sortable=True)


def _named(series: ForecastSeries, horizon: int) -> dict[str, object]:
    return {"series": series.short, "ahead": float(horizon)}


def forecast_chart(record: TrackRecord, series: str, horizon: int, finding: str) -> ChartFigure | Unavailable:
    """The report's forecasts of one series at one horizon with intervals, and what came."""
    chosen = [o for o in record.outcomes[series] if (o.rule, o.horizon) == (REPORT, horizon)]
    rows = [(o.target, o.forecast, *_ends(o), o.actual) for o in chosen if o.spread is not None]
    if not any(row[-1] is not None for row in rows):
        return Unavailable(NOTHING)
    data = pd.DataFrame(rows, columns=["quarter", "forecast", "low", "high", "actual"])
    data = data.astype({"actual": "float64"})
    title = f"{BY_NAME[series].label} by quarter, forecast {AHEAD[horizon]} before, and what came"
    return charts.forecasts(data, title, finding, source_of(record))


def _ends(outcome: Outcome) -> tuple[float, float]:
    return outcome.interval(CLAIMED) or (float("nan"), float("nan"))


def errors_chart(record: TrackRecord, horizon: int, finding: str) -> ChartFigure | Unavailable:
    """The errors of all rules at one horizon."""
    rows = [
        (series.short, RULES[score.rule], score.error)
        for series, score in all_scores(record)
        if score.horizon == horizon
    ]
    if not rows:
        return Unavailable(NOTHING)
    order = list(RULES.values())
    data = pd.DataFrame(rows, columns=["series", "rule", "error"])
    data = data.sort_values("rule", key=lambda rules: rules.map(order.index), kind="stable")
    place = {series.short: at for at, series in enumerate(SERIES)}
    data = data.sort_values("series", key=lambda names: names.map(place), kind="stable")
    return charts.errors(data.reset_index(drop=True), f"{AHEAD[horizon]} ahead", finding, source_of(record))


def coverage_chart(record: TrackRecord, finding: str) -> ChartFigure | Unavailable:
    """How often the report's intervals held what came."""
    rows = [
        (series.short, AHEAD[score.horizon], score.coverage, float(score.intervals))
        for series, score in all_scores(record)
        if score.rule == REPORT and score.coverage is not None
    ]
    if not rows:
        return Unavailable(NOTHING)
    data = pd.DataFrame(rows, columns=["series", "horizon", "share", "count"])
    return charts.coverage(data, CLAIMED, finding, source_of(record))


def source_of(record: TrackRecord) -> list[Figure | Source | str]:
    """What the scores rest on: the quarterly reports of the forecast series."""
    figures: dict[int, Figure] = {}
    for series in SERIES:
        figures |= {id(figure): figure for figure in inputs_of(record, series)}
    return [*figures.values(), "the base scenario's rules"]
