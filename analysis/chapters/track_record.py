"""The track record: the report's rules scored on past editions, editions rebuilt, vintages kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from analysis.chapters import _track_past as before
from analysis.chapters import _track_scores as scored
from analysis.chapters._track_notes import sentences
from analysis.chapters._words import convention, said
from analysis.chapters.page import Page, Unavailable
from analysis.charts import track_record as charts
from analysis.charts.render import ChartFigure
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, computed, text
from analysis.formats import percent, usd_bn
from analysis.model.track_record.backtest import share_within_guidance
from analysis.valuation.backtest import (
    CONSTANT,
    DRIFT,
    FIRST_SCORED,
    GUIDANCE,
    LAST,
    REPORT,
    RULES,
    SERIES,
    TENTH,
    TrackRecord,
    track_record,
)
from analysis.valuation.rebuilt import rebuilt_editions, year_forecasts
from analysis.valuation.vintages import vintages

CALM = "2022Q1"
"""Editions before it were out when the pandemic's swings were in the trailing growth."""
YEAR, TWO_YEARS = 4, 8
GOOD, FAIR = 0.15, 0.05
"""Skill above the first is called clearly better, below the second's negative clearly worse."""


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition; the rules scored are the base scenario's whatever ``scenario`` is."""
    record, past = track_record(edition), rebuilt_editions(edition)
    kept = vintages(edition)
    revised = before.all_revisions(edition, kept)
    numbers = {
        **_frame(record),
        **_group(record),
        **_parts(record),
        **_whole(record),
        **_guidance(record),
        **before.edition_numbers(edition, past),
        **before.year_numbers(edition, year_forecasts(edition, past)),
        **before.vintage_numbers(edition, kept, revised),
    }
    return Page(
        "track-record",
        numbers,
        {
            "forecasts": partial(_forecast_chart, record, numbers),
            "errors": partial(_errors_chart, record, numbers),
            "coverage": partial(_coverage_chart, record, numbers),
            "guidance": partial(_guidance_chart, record, numbers),
            "editions": partial(before.editions_chart, edition, past, numbers),
        },
        {
            "rules": partial(scored.rules_table, record),
            "scores": partial(scored.scores_table, record),
            "years": partial(before.years_table, year_forecasts(edition, past)),
            "rebuilt": partial(before.editions_table, past),
            "vintages": partial(before.vintages_table, kept, revised),
        },
        notes=sentences(numbers),
    )


# --- Scores --------------------------------------------------------------------------------------


def _frame(record: TrackRecord) -> dict[str, Figure]:
    made = [o for outcomes in record.outcomes.values() for o in outcomes if o.rule == REPORT]
    due = [o for o in made if o.actual is not None]
    inputs = [figure for series in SERIES for figure in scored.inputs_of(record, series)]
    first = min((o.origin for o in made), default=FIRST_SCORED)
    return {
        "first": text(first, "First edition scored", *inputs),
        "due": computed(
            float(len(due)), "count", "Forecasts of the rule that have come due", "counted", *inputs
        ),
        "claimed": convention(scored.CLAIMED, "fraction", "Share that an interval claims to hold"),
        "calm": text(CALM, "First edition after the pandemic's swings"),
        "tenth": computed(
            CONSTANT, "fraction", "Growth a year that one of the articles assumes", "a rule to compare with"
        ),
    }


def _group(record: TrackRecord) -> dict[str, Figure]:
    """Group sales: the rule against the naive ones, one and two years ahead, and by period."""
    series = "group_sales"
    found = {
        f"group_{rule}_{horizon}": scored.measure(record, series, rule, horizon, "error")
        for rule in (REPORT, LAST, DRIFT, TENTH)
        for horizon in (1, YEAR, TWO_YEARS)
    }
    found |= {
        f"group_{name}_{rule}": scored.split_error(record, series, rule, YEAR, late, CALM)
        for name, late in (("swings", False), ("calm", True))
        for rule in (REPORT, DRIFT)
    }
    skill = scored.measure(record, series, REPORT, YEAR, "skill")
    return {
        **found,
        "group_bias": scored.measure(record, series, REPORT, YEAR, "bias"),
        **_best(record, series, YEAR),
        "group_word": _compared(skill, "Group sales a year ahead: the rule against the drift"),
        "calm_word": _compared(
            _split_skill(found["group_calm_report"], found["group_calm_drift"]),
            "Group sales a year ahead since the swings: the rule against the drift",
        ),
    }


def _best(record: TrackRecord, series: str, horizon: int) -> dict[str, Figure]:
    """The rule that erred least at a horizon; the company's guidance does not reach so far."""
    found = {rule: record.score(series, rule, horizon) for rule in (REPORT, LAST, DRIFT, TENTH)}
    errors = {rule: score.error for rule, score in found.items() if score}
    inputs = scored.inputs_of(record, scored.BY_NAME[series])
    label = "Rule that erred least for group sales a year ahead"
    best = min(errors, key=lambda rule: errors[rule], default=None)
    if best is None:
        return {key: text(scored.UNKNOWN, label, *inputs) for key in ("group_best", "group_best_error")}
    return {
        "group_best": text(f"“{RULES[best]}”", label, *inputs),
        "group_best_error": scored.measure(record, series, best, horizon, "error"),
    }


def _split_skill(own: Figure, naive: Figure) -> Figure:
    label = "Skill over part of the editions"
    if isinstance(own.value, str) or isinstance(naive.value, str):
        return text(scored.UNKNOWN, label, own, naive)
    return (1 - own / naive).named(label, "fraction")


def _compared(skill: Figure, label: str) -> Figure:
    """Better, worse or much the same as the naive rule, in words."""
    if isinstance(skill.value, str):
        return text("cannot be compared yet with", label, skill)
    number = skill.number
    if abs(number) < FAIR:
        return text("does about as well as", label, skill)
    degree = "clearly " if abs(number) >= GOOD else ""
    return text(f"does {degree}{'better' if number > 0 else 'worse'} than", label, skill)


def _parts(record: TrackRecord) -> dict[str, Figure]:
    """AWS, advertising and profit: errors, skill in words, bias far ahead."""
    found = {}
    for series in ("aws_sales", "advertising_sales", "group_income", "aws_income"):
        skill = scored.measure(record, series, REPORT, YEAR, "skill")
        found[f"{series}_error"] = scored.measure(record, series, REPORT, YEAR, "error")
        found[f"{series}_naive"] = scored.measure(record, series, DRIFT, YEAR, "error")
        found[f"{series}_word"] = _compared(skill, f"{series}: the rule against the drift, a year ahead")
    bias = scored.measure(record, "aws_sales", REPORT, TWO_YEARS, "bias")
    label = "AWS two years ahead: too high or too low"
    if isinstance(bias.value, str):
        return {
            **found,
            "aws_bias": bias,
            "aws_bias_size": bias,
            "aws_bias_word": text(scored.UNKNOWN, label),
        }
    return {
        **found,
        "aws_bias": bias,
        "aws_bias_size": computed(abs(bias.number), "fraction", bias.label, "|bias|", bias),
        "aws_bias_word": text("too high" if bias.number > 0 else "too low", label, bias),
    }


def _whole(record: TrackRecord) -> dict[str, Figure]:
    """All series together: how often better than naive, how often inside the interval, how wide the draws."""
    won, pairs = scored.wins(record)
    inside = scored.pooled_coverage(record, SERIES, "all series")
    aws = [series for series in SERIES if series.part == "aws"]
    inside_aws = scored.pooled_coverage(record, aws, "AWS")
    missed, drawn = scored.two_year_spread(record)
    return {
        "won": won,
        "pairs": pairs,
        "inside": inside,
        "inside_word": _calibrated(inside),
        "inside_aws": inside_aws,
        "inside_aws_word": _calibrated(inside_aws),
        "aws_inside": scored.measure(record, "aws_sales", REPORT, TWO_YEARS, "coverage"),
        "missed": missed,
        "drawn": drawn,
        "drawn_word": _drawn(missed, drawn),
        "trust": _trust(won, pairs, inside_aws),
    }


def _calibrated(inside: Figure) -> Figure:
    label = "Intervals against what they claim"
    if isinstance(inside.value, str):
        return text("of which nothing can be said yet", label, inside)
    gap = inside.number - scored.CLAIMED
    off = "less often than claimed" if gap < 0 else "more often than claimed"
    return text("about as often as claimed" if abs(gap) < FAIR else off, label, inside)


def _drawn(missed: Figure, drawn: Figure) -> Figure:
    label = "The draws of AWS two years ahead against past misses"
    if isinstance(missed.value, str) or isinstance(drawn.value, str):
        return text("cannot be compared yet with", label, missed, drawn)
    ratio = drawn.number / missed.number
    words = "is about" if abs(ratio - 1) < GOOD else "is less than" if ratio < 1 else "is more than"
    return text(words, label, missed, drawn)


def _trust(won: Figure, pairs: Figure, inside: Figure) -> Figure:
    """What the scores say about the odds, in a sentence or two."""
    label = "What the record says about the odds"
    if isinstance(pairs.value, str) or isinstance(inside.value, str):
        return text("There is no record yet, and the odds rest on judgement alone.", label, won, pairs)
    beats = "more often than not" if won.number / pairs.number > 0.5 else "less often than not"
    narrow = inside.number < scored.CLAIMED - FAIR
    width = (
        "are too narrow, so the odds are softer than they are printed" if narrow else "hold what they claim"
    )
    aws = f"its intervals for AWS, which decides much of the value, {width}"
    sentence = f"This report’s rule of forecasting beats a naive one {beats}, and {aws}."
    return text(sentence, label, won, pairs, inside)


# --- Guidance ------------------------------------------------------------------------------------


def _guided(record: TrackRecord, series: str) -> pd.DataFrame:
    """The company's range for each quarter it has guided to, and what came; in usd_bn."""
    item = {"group_sales": "net_sales", "group_income": "operating_income"}[series]
    rows = []
    for outcome in record.outcomes[series]:
        if outcome.rule == GUIDANCE:
            low, high = (
                record.edition.key_figure(f"guidance_{item}_{end}_usd_bn", outcome.target).number
                for end in ("low", "high")
            )
            rows.append((outcome.target, low, high, outcome.actual))
    data = pd.DataFrame(rows, columns=["quarter", "low", "high", "actual"])
    return data.astype({"low": "float64", "high": "float64", "actual": "float64"})


def _guidance(record: TrackRecord) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for series, name in (("group_sales", "sales"), ("group_income", "income")):
        data = _guided(record, series).dropna()
        found[f"guided_{name}_error"] = scored.measure(record, series, GUIDANCE, 1, "error")
        found[f"guided_{name}_bias"] = scored.measure(record, series, GUIDANCE, 1, "bias")
        found[f"own_{name}_error"] = scored.error_in(record, series, REPORT, 1, set(data["quarter"]))
        found[f"guided_{name}_within"] = _within(data, name)
        above = f"Quarters above the guided range, {name}"
        if data.empty:
            found[f"guided_{name}_above"] = text(scored.UNKNOWN, above)
        else:
            share = float(np.mean(data["actual"] > data["high"]))
            found[f"guided_{name}_above"] = computed(share, "fraction", above, "quarters above ÷ quarters")
    found["guided_word"] = _guided_word(found["guided_sales_error"], found["own_sales_error"])
    count, label = float(len(_guided(record, "group_income").dropna())), "Quarters guided to and reported"
    found["guided"] = computed(count, "count", label, "counted") if count else text(scored.UNKNOWN, label)
    return found


def _guided_word(guided: Figure, own: Figure) -> Figure:
    """What it says that the company's range or the rule was nearer, in words."""
    label = "The company's range against the rule, over the same quarters"
    if isinstance(guided.value, str) or isinstance(own.value, str):
        return text(scored.UNKNOWN, label, guided, own)
    low = "the company, which knows how the quarter has begun, sets a range that it expects to beat"
    near = "the company knows how the quarter has begun, and the rule does not"
    return text(low if guided.number > own.number else near, label, guided, own)


def _within(data: pd.DataFrame, name: str) -> Figure:
    label = f"Quarters within the guided range, {name}"
    if data.empty:
        return text(scored.UNKNOWN, label)
    ranges = list(zip(data["low"], data["high"], strict=True))
    share = share_within_guidance(ranges, list(data["actual"]))
    return computed(share, "fraction", label, "quarters within the range ÷ quarters")


def _guidance_chart(record: TrackRecord, numbers: Mapping[str, Figure]) -> ChartFigure | Unavailable:
    data = _guided(record, "group_income")
    if data["actual"].notna().sum() == 0:
        return Unavailable("the company's guidance, which this report has from 2023 on")
    description = (
        f"Bars of the guided range with a point for what came. "
        f"{said(numbers['guided_income_above'], 'percent0')} of the quarters ended above the range, "
        f"{said(numbers['guided_income_within'], 'percent0')} within it."
    )
    try:
        source = record.edition.key_figure(
            "guidance_operating_income_high_usd_bn", str(data["quarter"].iloc[-1])
        )
    except AbsentFigure:
        return Unavailable("the company's guidance")
    return charts.guidance(data, description, [source, *scored.source_of(record)])


# --- Charts of scores ----------------------------------------------------------------------------


def _forecast_chart(record: TrackRecord, numbers: Mapping[str, Figure]) -> ChartFigure | Unavailable:
    found = [o for o in record.outcomes["group_sales"] if (o.rule, o.horizon) == (REPORT, YEAR)]
    due = [(o, o.interval(scored.CLAIMED)) for o in found if o.actual is not None]
    inside = sum(1 for o, ends in due if ends and o.actual is not None and ends[0] <= o.actual <= ends[1])
    worst = max(due, key=lambda pair: abs(pair[0].error or 0.0), default=None)
    finding = "Group sales forecast a year before."
    if worst is not None and worst[0].actual is not None:
        miss = worst[0].forecast / worst[0].actual - 1
        finding = (
            f"A line of forecasts in its band, points for what came: {inside} of {len(due)} lie inside. "
            f"The largest miss is {worst[0].target}, forecast {percent(abs(miss))} too "
            f"{'high' if miss > 0 else 'low'} at {usd_bn(worst[0].forecast)}."
        )
    return scored.forecast_chart(record, "group_sales", YEAR, finding)


def _errors_chart(record: TrackRecord, numbers: Mapping[str, Figure]) -> ChartFigure | Unavailable:
    finding = (
        f"One row a series, one mark a rule. For group sales a year ahead the report's rule errs by "
        f"{said(numbers['group_report_4'])}, the seasonal drift by {said(numbers['group_drift_4'])} and a "
        f"constant growth by {said(numbers['group_tenth_4'])}."
    )
    return scored.errors_chart(record, YEAR, finding)


def _coverage_chart(record: TrackRecord, numbers: Mapping[str, Figure]) -> ChartFigure | Unavailable:
    finding = (
        f"Ticks by series and horizon beside a line at {percent(scored.CLAIMED, 0)}. Over all of them "
        f"{said(numbers['inside'], 'percent0')} of the outcomes lay inside; of AWS sales two years ahead "
        f"{said(numbers['aws_inside'], 'percent0')}."
    )
    return scored.coverage_chart(record, finding)
