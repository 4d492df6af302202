"""Functions of claims that look figures up: reported, priced, observed, or said by the article.

Each takes the claim's :class:`Context` first; money is in USD billions, per-share figures in USD. A
figure that was not public at the edition's cut-off raises ``AbsentFigure``.
"""

from __future__ import annotations

from datetime import date

from analysis.articles.context import Context
from analysis.data import AbsentFigure, quarters
from analysis.data.edition import SHARES
from analysis.data.observations import period_key
from analysis.data.problems import expected_of
from analysis.figures import Figure, Source, computed, text
from analysis.formats import day as said_day
from analysis.model.parts.equity_bridge import Balance
from analysis.model.parts.equity_bridge import enterprise_value as enterprise_value_of

PEERS = "peers/market_values"


def reported(context: Context, field: str, period: str | None = None) -> Figure:
    """A reported figure of a quarter, a calendar year or twelve months (``TTM 2025Q1``)."""
    when = context.when(period)
    match when.kind:
        case "quarter":
            figure = context.edition.figure(field, when.quarter)
        case "year":
            figure = context.edition.year(field, when.year)
        case "ttm":
            figure = context.edition.ttm(field, when.quarter)
        case _:
            raise ValueError(f"{when.label!r} is no quarter, year or twelve months to look {field} up in")
    return figure.to("usd_bn") if figure.unit == "usd_m" else figure


def growth(context: Context, field: str, period: str | None = None) -> Figure:
    """A reported figure's growth on the year before, over a quarter, a year or twelve months."""
    when = context.when(period)
    if when.kind not in ("quarter", "year", "ttm"):
        raise ValueError(f"{when.label!r} is no quarter, year or twelve months to take growth over")
    return context.edition.growth(field, when.quarter, "quarter" if when.kind == "quarter" else "ttm")


def trailing(context: Context, field: str) -> Figure:
    """A reported figure over the twelve months to the edition's latest quarter."""
    return reported(context, field, f"TTM {context.edition.quarter}")


def lowest_growth(context: Context, field: str, first: str, last: str) -> Figure:
    """The lowest growth on the year before among the quarters from ``first`` to ``last``."""
    rates = [context.edition.growth(field, quarter, "quarter") for quarter in quarters.span(first, last)]
    least = min(rates, key=lambda rate: rate.number)
    label = f"{context.edition.fields[field].label}, lowest quarterly growth {first} to {last}"
    return computed(
        least.number, "fraction", label, f"lowest of {len(rates)} quarters: {least.label}", *rates
    )


def years_since_faster(context: Context, field: str) -> Figure:
    """How long ago a quarter last grew at least as fast as the period's, in years.

    Raises ``AbsentFigure`` if no earlier quarter in the data did.
    """
    latest = context.period.quarter
    now, earlier = context.edition.growth(field, latest, "quarter"), quarters.add(latest, -1)
    while True:
        then = context.edition.growth(field, earlier, "quarter")
        if then.number >= now.number:
            years = quarters.distance(earlier, latest) / 4
            label = f"{context.edition.fields[field].label}, years since it grew as fast"
            return computed(years, "years", label, f"{latest} less {earlier}", now, then)
        earlier = quarters.add(earlier, -1)


def close(context: Context, day: str | None = None) -> Figure:
    """Amazon's closing price on the last session at or before ``day``, by default the cut-off."""
    return context.edition.close(date.fromisoformat(day) if day else context.edition.cutoff)


def market_value(context: Context, day: str | None = None) -> Figure:
    """Amazon's market value: the close of ``day`` times the share count public on it."""
    on = date.fromisoformat(day) if day else context.edition.cutoff
    value = context.edition.close(on) * share_count(context, on) / 1000
    return value.named(f"Amazon's market value, {on}", "usd_bn")


def share_count(context: Context, on: date) -> Figure:
    """The latest count of shares that was public on a day, in millions."""
    return context.edition.shares_on(on)


def lowest_market_value(context: Context, first: str, last: str) -> Figure:
    """The lowest market value at a close between two days."""
    return _extreme(context, first, last, lowest=True)


def highest_market_value(context: Context, first: str, last: str) -> Figure:
    """The highest market value at a close between two days."""
    return _extreme(context, first, last, lowest=False)


def _extreme(context: Context, first: str, last: str, *, lowest: bool) -> Figure:
    prices = context.edition.prices()
    sessions = prices.index[(prices.index >= first) & (prices.index <= last)]
    if sessions.empty:
        raise AbsentFigure(f"no close of Amazon from {first} to {last}")
    shares = [share_count(context, day.date()).number for day in sessions]
    values = prices.loc[sessions, "close_usd"] * shares
    on = values.idxmin() if lowest else values.idxmax()
    found = market_value(context, on.date().isoformat())
    kind = "lowest" if lowest else "highest"
    label = f"Amazon's {kind} market value at a close, {first} to {last}"
    return computed(found.number, "usd_bn", label, f"{kind} of {len(values)} sessions: {found.label}", found)


def enterprise_value(context: Context, day: str | None = None) -> Figure:
    """Market value less cash and securities, plus long-term debt; leases are not debt here."""
    equity = market_value(context, day)
    public = [q for q in context.edition.quarters() if _known_by(context, q, day)]
    return _enterprise(context, equity, public[-1], day or context.edition.cutoff.isoformat())


def _known_by(context: Context, quarter: str, day: str | None) -> bool:
    published = context.edition.figure(SHARES, quarter).published
    return day is None or (published is not None and published <= date.fromisoformat(day))


def _enterprise(context: Context, equity: Figure, quarter: str, when: str) -> Figure:
    balance = Balance(
        cash=reported(context, "balance.cash_and_equivalents", quarter),
        securities=reported(context, "balance.marketable_securities", quarter),
        debt=reported(context, "balance.long_term_debt", quarter),
    )
    value: Figure = enterprise_value_of(equity, balance)
    return value.named(f"Amazon's enterprise value, {when}", "usd_bn")


def ebitda(context: Context, period: str | None = None) -> Figure:
    """Operating income plus depreciation and amortisation."""
    label = context.when(period).label
    income = reported(context, "income.operating_income", label)
    value = income + reported(context, "cash_flow.depreciation_and_amortization", label)
    return value.named(f"Amazon's EBITDA, {label}", "usd_bn")


def mean_ev_to_ebitda(context: Context, first: str, last: str) -> Figure:
    """The mean multiple of twelve months' EBITDA at the ends of the quarters ``first`` to ``last``."""
    multiples = []
    for quarter in quarters.span(first, last):
        equity, end = market_value_at_end(context, quarter), quarters.period_end(quarter)
        value = _enterprise(context, equity, quarter, end.isoformat())
        multiples.append((value / ebitda(context, f"TTM {quarter}")).named(f"EV ÷ EBITDA, {quarter}", "x"))
    mean = sum(multiple.number for multiple in multiples) / len(multiples)
    label = f"Amazon's EV ÷ EBITDA, mean of quarter ends {first} to {last}"
    return computed(mean, "x", label, f"mean of {len(multiples)} quarter ends", *multiples)


def market_value_at_end(context: Context, quarter: str) -> Figure:
    """Amazon's market value at a quarter's end, by the share count of its own filing."""
    end = quarters.period_end(quarter)
    equity = context.edition.close(end) * context.edition.figure(SHARES, quarter) / 1000
    return equity.named(f"market value, {end}", "usd_bn")


def observation(context: Context, series: str, entity: str, metric: str, period: str) -> Figure:
    """One row of a series."""
    return context.edition.observation(series, entity=entity, metric=metric, period=period)


def key_figure(context: Context, metric: str, period: str | None = None) -> Figure:
    """One of Amazon's key figures."""
    return context.edition.key_figure(metric, context.when(period).label)


def peer_value(context: Context, ticker: str, quarter: str) -> Figure:
    """A company's market value at the end of a quarter, from price and share count."""
    rows = context.edition.observations(PEERS)
    row = rows[(rows["ticker"] == ticker) & (rows["period"] == quarter)]
    if row.empty:
        raise AbsentFigure(f"no market value of {ticker} at the end of {quarter} was public")
    found = row.iloc[0]
    source = Source(
        str(found["source"]),
        found["published"].date(),
        str(found["url"]) or None,
        f"{context.edition.root.name}/{PEERS}.csv",
        f"{ticker} / {quarter}",
    )
    label = f"{ticker}, market value, {found['date'].date()}"
    return Figure(float(found["market_value_usd_bn"]), "usd_bn", label, source)


def earlier_rows(context: Context, series: str, metric: str, period: str) -> Figure:
    """How many rows of a metric were public for periods before ``period``."""
    rows = context.edition.observations(series)
    earlier = [p for p in rows.loc[rows["metric"] == metric, "period"] if period_key(p) < period_key(period)]
    newest = context.edition.latest(series, entity=_entity(rows, metric), metric=metric)
    return computed(
        float(len(earlier)), "count", f"{metric}: periods before {period}", "rows in the data", newest
    )


def _entity(rows: object, metric: str) -> str:
    import pandas as pd

    assert isinstance(rows, pd.DataFrame)
    found = rows.loc[rows["metric"] == metric, "entity"]
    if found.empty:
        raise AbsentFigure(f"no row of {metric} was public")
    return str(found.iloc[0])


def weekday_published(context: Context, series: str, entity: str, metric: str, period: str) -> Figure:
    """The name of the weekday on which a figure became public."""
    figure = observation(context, series, entity, metric, period)
    assert figure.published is not None
    return text(f"{figure.published:%A}", f"Weekday of {said_day(figure.published)}", figure)


def reported_apart(context: Context, words: str) -> Figure:
    """``yes`` if Amazon reports a segment or service line of that name in the latest quarter, else ``no``."""
    lines = [
        name
        for name in context.edition.fields
        if name.startswith(("segments.", "service_lines.")) and context.edition.get(name) is not None
    ]
    found = [name for name in lines if words in name.split(".")[1].split("_")]
    about = context.edition.figure(found[0] if found else "income.net_sales")
    return text(
        "yes" if found else "no", f"A line of sales named {words!r}, {context.edition.quarter}", about
    )


def input_(context: Context, name: str) -> Figure:
    """A number of an article's own model."""
    if name not in context.inputs:
        raise ValueError(f"no model input {name!r} (expected {expected_of(name, sorted(context.inputs))})")
    return context.inputs[name]


def claimed(context: Context, claim: str, position: float = 1.0) -> Figure:
    """A number that a claim prints, counted from 1."""
    if claim not in context.printed:
        raise ValueError(f"no claim {claim!r} prints a number")
    numbers = context.printed[claim]
    if not 1 <= position <= len(numbers) or not float(position).is_integer():
        raise ValueError(f"{claim} prints {len(numbers)} numbers, there is no number {position:g}")
    return numbers[int(position) - 1]
