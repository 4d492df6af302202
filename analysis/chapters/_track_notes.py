"""The sentences of the track record: each stands only once its numbers are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from analysis.chapters._notes import known, paragraph
from analysis.chapters._track_scores import NOTHING, UNKNOWN
from analysis.chapters.page import Unavailable
from analysis.charts.note import Note
from analysis.figures import Figure

TRUST = "{trust}"
ANSWER = (
    TRUST,
    "A year ahead the rule missed group sales by {group_report_4} on average, a simple drift missed them by "
    "{group_drift_4}: the rule {group_word} the drift.",
    "Editions rebuilt by today's rules gave {target} odds from {odds_low:percent0} ({odds_low_at}) to "
    "{odds_high:percent0} ({odds_high_at}).",
)
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "against": (
        "The report's rule extrapolates momentum, which fails when growth turns.",
        "In editions before {calm}, when the pandemic's swings were still in the trailing growth, it missed "
        "group sales a year ahead by {group_swings_report}, the drift by {group_swings_drift}.",
        "From {calm} on it missed by {group_calm_report} and the drift by {group_calm_drift}: since then the "
        "rule {calm_word} the drift.",
        "Over the whole record {group_best} erred least, by {group_best_error}. Nobody could have known "
        "beforehand which rule would.",
    ),
    "parts": (
        "For AWS a year ahead the rule {aws_sales_word} the drift: it missed by {aws_sales_error}, the drift "
        "by {aws_sales_naive}.",
        "For advertising it {advertising_sales_word} the drift, {advertising_sales_error} against "
        "{advertising_sales_naive}.",
        "For group operating income it {group_income_word} the drift, {group_income_error} of sales against "
        "{group_income_naive}.",
    ),
    "whole": (
        "In all, the rule errs less than the drift at {won} of {pairs} pairs of series and horizon.",
        "Two years ahead its AWS sales were {aws_bias_word}, by {aws_bias_size} on average.",
        "Misses of group sales come in runs, where growth turned.",
    ),
    "interval": (
        "Over all series and horizons {inside:percent0} of the outcomes lay inside, {inside_word}.",
        "For AWS, sales and profit together, it was {inside_aws:percent0}, {inside_aws_word}; for its sales "
        "two years ahead {aws_inside:percent0}.",
        "An interval made of past misses is blind to a turn that has not happened yet.",
    ),
    "spread": (
        "The same misses set the width of the draws on the page of scenarios.",
        "Two years ahead AWS sales have been missed by {missed} (root mean square, in logs); in the draws of "
        "this edition they spread by {drawn}, which {drawn_word} the misses.",
    ),
    "guided": (
        "Of the {guided} quarters for which this report has the ranges, {guided_income_above:percent0} ended "
        "above the range for operating income and {guided_sales_above:percent0} above that for sales.",
        "In those quarters the middle of the range missed sales by {guided_sales_error}, the report's rule "
        "by {own_sales_error}: {guided_word}.",
    ),
    "rebuilt": (
        "What would this report have said then?",
        "The base scenario's value for the end of {horizon} lay between {value_low} and {value_high}.",
        "Its correlation with the market value of the day is {value_follows}.",
        "From one edition to the next the odds of {target} moved by {odds_move} percentage points on "
        "average.",
        "Odds of something so far off should not move so much. They do because the rules start from the "
        "trailing growth, the latest margin and the market's own multiple. A rebuilt edition uses today's "
        "judgement of multiples and stable growth: it shows how the method behaves, not what was said.",
    ),
    "years": (
        "Over whole years, year-end editions missed later sales by {years_sales:percent0} on average, "
        "operating income by {years_operating_income:percent0} and capital expenditure by "
        "{years_capex:percent0}.",
        "The largest surprises came from {years_worst}.",
    ),
    "wrong": (
        "If the odds of {target} go on moving by more than {odds_move} points an edition without news of "
        "that size, they lean too much on the market value of the day.",
    ),
}


def sentences(numbers: Mapping[str, Figure]) -> dict[str, Callable[[], Note | Unavailable]]:
    """The page's notes by name."""

    def answer() -> Note | Unavailable:
        found = known(ANSWER, numbers, UNKNOWN, NOTHING)
        return paragraph(TRUST, numbers) if isinstance(found, Unavailable) else found

    rest = {name: partial(known, said, numbers, UNKNOWN, NOTHING) for name, said in SENTENCES.items()}
    return {"answer": answer, **rest}
