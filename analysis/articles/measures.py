"""Functions of claims that compute: the report's kernels, and comparisons of several figures.

Each takes the claim's :class:`Context` first, like the functions that look figures up. Results of
kernels carry no unit of their own; the claim says what they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import fmean, pstdev
from statistics import median as median_of

from analysis.articles.context import Context
from analysis.articles.lookups import market_value_at_end, reported
from analysis.articles.stated_dcf import stated
from analysis.data import quarters
from analysis.data.observations import period_key
from analysis.figures import Figure, computed
from analysis.figures import total as total_of
from analysis.model.parts import multiples
from analysis.model.projection import growth as growing

Input = Figure | float


def years_between(context: Context, start: str, end: str) -> Figure:
    """The years from one day to another."""
    years = growing.years_between(date.fromisoformat(start), date.fromisoformat(end))
    return computed(years, "years", f"years from {start} to {end}", f"{end} less {start}")


def years_until(context: Context, end: str) -> Figure:
    """The years from the edition's cut-off to a day."""
    return years_between(context, context.edition.cutoff.isoformat(), end)


def years_from_quarter(context: Context, end: str) -> Figure:
    """The years from the end of the edition's latest quarter to a day: for sales, which end with it."""
    return years_between(context, quarters.period_end(context.edition.quarter).isoformat(), end)


def compound(context: Context, value: Input, rate: Input, years: Input) -> Input:
    """A value after growing at a rate for some years."""
    return _input(growing.compound(value, rate, years))


def cagr(context: Context, start: Input, end: Input, years: Input) -> Input:
    """The growth a year that leads from one value to another."""
    return _input(growing.cagr(start, end, years))


def sales_from_run_rate(context: Context, run_rate: Input, rate: Input) -> Input:
    """The sales of the last twelve months behind a run-rate."""
    return _input(growing.sales_from_run_rate(run_rate, rate))


def value_at(context: Context, sales: Input, rate: Input, years: Input, multiple: Input) -> Input:
    """A market value from sales, their growth, a span of years and a price-to-sales multiple."""
    return _input(multiples.market_value(sales, rate, years, multiple))


def multiple_required(context: Context, target: Input, sales: Input) -> Input:
    """The multiple at which sales, or earnings, are worth a target."""
    return _input(multiples.multiple_required(target, sales))


def growth_required(context: Context, target: Input, sales: Input, multiple: Input, years: Input) -> Input:
    """The growth a year at which sales are worth a target at a multiple."""
    return _input(multiples.growth_required(target, sales, multiple, years))


def upside(context: Context, target: Input, value: Input) -> Input:
    """How far a target lies above a value."""
    return _input(multiples.upside_to(target, value))


def value_before(context: Context, target: Input, rise: Input) -> Input:
    """The value from which a target is a given rise away."""
    return _input(multiples.value_before(target, rise))


def stated_dcf_value(context: Context) -> Figure:
    """The value a share by the discounted cash flow that the claim's own article states.

    What the article leaves out is put in as its file assumes it (:mod:`analysis.articles.stated_dcf`).
    """
    given = {name: figure for name, figure in context.inputs.items() if name.startswith("dcf_")}
    sales = context.edition.ttm("income.net_sales")
    value, formula = (
        stated(given, context.edition).per_share,
        "(Σ sales × margin × D + terminal value × D + net cash) ÷ shares",
    )
    label = "value a share by its inputs and the assumptions put in"
    return computed(value, "usd", label, formula, *given.values(), sales, context.edition.shares)


def total(context: Context, *figures: Figure) -> Figure:
    """The sum of figures in one unit."""
    return total_of(list(figures), " + ".join(figure.label for figure in figures))


def median(context: Context, *figures: Figure) -> Figure:
    """The median of several figures."""
    return _of_several("median", median_of([figure.number for figure in figures]), figures)


def mean(context: Context, *figures: Figure) -> Figure:
    """The mean of several figures."""
    return _of_several("mean", fmean(figure.number for figure in figures), figures)


def rank(context: Context, figure: Figure, *others: Figure) -> Figure:
    """The place of one figure among others, 1 for the largest."""
    place = 1 + sum(other.number > figure.number for other in others)
    label = f"rank of {figure.label} among {len(others) + 1}"
    return computed(float(place), "count", label, "1 + how many others are larger", figure, *others)


def largest_share_of_growth(context: Context, section: str, first: str, last: str) -> Figure:
    """The share of the growth in net sales that came from the line, or segment, that added most."""
    ending = ".net_sales" if section == "segments" else ""
    names = [
        name for name in context.edition.fields
        if name.startswith(f"{section}.") and name.endswith(ending) and "incl_" not in name
    ]  # fmt: skip
    added = [reported(context, name, last) - reported(context, name, first) for name in names]
    whole = reported(context, "income.net_sales", last) - reported(context, "income.net_sales", first)
    largest = max(added, key=lambda figure: figure.number)
    return (largest / whole).named(f"largest share of growth in net sales, {first} to {last}", "fraction")


def spread_of_growth(context: Context, field: str, first: str, last: str) -> Figure:
    """The standard deviation of a reported figure's quarterly growth on the year before."""
    rates = [context.edition.growth(field, quarter, "quarter") for quarter in quarters.span(first, last)]
    label = f"{context.edition.fields[field].label}, standard deviation of growth, {first} to {last}"
    spread = pstdev(rate.number for rate in rates)
    return computed(spread, "fraction", label, f"standard deviation of {len(rates)} growth rates", *rates)


def observed_spread_of_growth(context: Context, series: str, entity: str, metric: str) -> Figure:
    """The standard deviation of growth on four periods before, over all public periods of a series."""
    rows = context.edition.observations(series)
    chosen = rows[(rows["entity"] == entity) & (rows["metric"] == metric)]
    periods = sorted(chosen["period"], key=period_key)
    figures = [
        context.edition.observation(series, entity=entity, metric=metric, period=period) for period in periods
    ]
    rates = [now.number / before.number - 1 for before, now in zip(figures[:-4], figures[4:], strict=True)]
    label = f"{entity}, standard deviation of growth in {metric.replace('_', ' ')}"
    formula = f"standard deviation of {len(rates)} growth rates on the year before"
    return computed(pstdev(rates), "fraction", label, formula, *figures)


def spread_of_market_value(context: Context, entity: str, first: str, last: str) -> Figure:
    """The standard deviation of a company's change in market value from quarter end to quarter end, in logs.

    Amazon's is its close times its shares; that of others is the series of giants.
    """
    values = [
        market_value_at_end(context, quarter)
        if entity == "Amazon"
        else context.edition.observation("giants", entity=entity, metric="market_value", period=quarter)
        for quarter in quarters.span(first, last)
    ]
    moves = [math.log(now.number / before.number) for before, now in pairwise(values)]
    label = f"{entity}, standard deviation of quarterly changes of market value, {first} to {last}"
    formula = f"standard deviation of {len(moves)} log changes"
    return computed(pstdev(moves), "fraction", label, formula, *values)


def _of_several(kind: str, value: float, figures: Sequence[Figure]) -> Figure:
    label = f"{kind} of {', '.join(figure.label for figure in figures)}"
    return computed(value, figures[0].unit, label, label, *figures)


def _input(result: object) -> Input:
    """A kernel's result for single numbers, which is a figure or a float."""
    if isinstance(result, Figure):
        return result
    assert isinstance(result, int | float)
    return float(result)
