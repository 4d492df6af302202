"""Multiples of Amazon and its peers: on one day, with one definition, and Amazon's own by month.

Market value is closing price × share count. It is held against sales and operating income of the
latest twelve months of which both were public. Enterprise value is not used for the peers: their cash
and debt are not in the data. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.data import AbsentFigure, Edition
from analysis.data.observations import period_key
from analysis.data.quarters import MONTHS, period_end
from analysis.figures import Figure, Source
from analysis.formats import NBSP
from analysis.valuation.inputs import ttm

if TYPE_CHECKING:
    from pandas import DataFrame

RESULTS, MARKET_VALUES = "peers/observations", "peers/market_values"
AMAZON = "AMZN"
NAMES: Mapping[str, str] = {
    "AMZN": "Amazon",
    "MSFT": "Microsoft",
    "GOOGL": "Alphabet",
    "META": "Meta",
    "NVDA": "Nvidia",
    "AAPL": "Apple",
    "WMT": "Walmart",
    "ORCL": "Oracle",
}
ELSEWHERE = ("WMT", "ORCL")
LEAST = 3  # companies on one day, Amazon among them, that make a comparison


@dataclass(frozen=True)
class Peer:
    """One company: its market value on a day and the twelve months that are held against it.

    ``sales_end`` is year and month in which those twelve months end; ``growth`` is that of their sales.
    """

    name: str
    priced: date
    sales_end: tuple[int, int]
    market_value: Figure
    sales: Figure
    operating_income: Figure
    growth: Figure | None

    @property
    def price_to_sales(self) -> Figure:
        """Market value ÷ sales."""
        return (self.market_value / self.sales).named(f"{self.name}: market value over sales", "x")

    @property
    def income_multiple(self) -> Figure:
        """Market value ÷ operating income."""
        label = f"{self.name}: market value over operating income"
        return (self.market_value / self.operating_income).named(label, "x")

    @property
    def margin(self) -> Figure:
        """Operating income ÷ sales."""
        return (self.operating_income / self.sales).named(f"{self.name}: operating margin", "fraction")

    @property
    def months_behind(self) -> int:
        """Whole months from the end of the twelve months to the day of the price."""
        year, month = self.sales_end
        return (self.priced.year - year) * 12 + self.priced.month - month

    @property
    def sales_month(self) -> str:
        """The month in which the twelve months end, such as ``Dec 2025``; no line breaks inside."""
        year, month = self.sales_end
        return f"{MONTHS[month - 1]}{NBSP}{year}"


@dataclass(frozen=True)
class Month:
    """Amazon at the end of a month: both multiples on what was public that day."""

    day: date
    price_to_sales: Figure
    income_multiple: Figure

    @property
    def label(self) -> str:
        """The month as an axis shows it, ``2025-12``."""
        return f"{self.day:%Y-%m}"

    @property
    def name(self) -> str:
        """The month as a sentence does, ``December 2025``."""
        return f"{self.day:%B %Y}"


def same_day(edition: Edition) -> tuple[Peer, ...]:
    """The companies on the latest day with market values of at least three, by price-to-sales.

    Raises ``AbsentFigure`` if there was no such day.
    """
    values = edition.observations(MARKET_VALUES)
    for day in sorted(set(values["date"]), reverse=True):
        rows = values[values["date"] == day].to_dict("records")
        found = [peer for row in rows if (peer := _peer(edition, row)) is not None]
        if len(found) >= LEAST and any(peer.name == NAMES[AMAZON] for peer in found):
            return tuple(sorted(found, key=lambda peer: peer.price_to_sales.number))
    raise AbsentFigure(f"{MARKET_VALUES}: no day with results of {LEAST} companies by {edition.cutoff}")


def other_days(edition: Edition) -> tuple[Peer, ...]:
    """Companies with a market value of another day: the latest public with results."""
    found = []
    for ticker in ELSEWHERE:
        results = _results(edition, ticker)
        period = _latest(edition, ticker, "market_cap")
        if results is not None and period is not None:
            value = edition.observation(RESULTS, entity=ticker, metric="market_cap", period=period)
            found.append(Peer(NAMES[ticker], date.fromisoformat(period), *_with(value, results)))
    return tuple(found)


def by_month(edition: Edition) -> tuple[Month, ...]:
    """Amazon's multiples at each month's end, and on the day of the edition's price.

    The price is the close; sales and profit are those of the latest twelve months public on that day,
    the share count the latest public.
    """
    known = [entry for quarter in edition.quarters() if (entry := _known(edition, quarter)) is not None]
    months = []
    for day in (*_month_ends(min(entry[0] for entry in known), edition.price_date), edition.price_date):
        _, sales, income, shares = [entry for entry in known if entry[0] <= day][-1]
        last = day == edition.price_date
        value = edition.market_value if last else _worth(edition.close(day), shares, day)
        label = f"{day:%Y-%m}"
        months.append(
            Month(
                day,
                (value / sales).named(f"Amazon: market value over sales, {label}", "x"),
                (value / income).named(f"Amazon: market value over operating income, {label}", "x"),
            )
        )
    return tuple(months)


def _worth(price: Figure, shares: Figure, day: date) -> Figure:
    return (price * shares / 1000).named(f"Amazon's market value, {day}", "usd_bn")


def _known(edition: Edition, quarter: str) -> tuple[date, Figure, Figure, Figure] | None:
    """A quarter's twelve months and share count, with the first day on which all of it was public."""
    try:
        sales, income = (
            ttm(edition, "income.net_sales", quarter),
            ttm(edition, "income.operating_income", quarter),
        )
        shares = edition.figure("balance.shares_outstanding", quarter)
    except AbsentFigure:
        return None
    days = [figure.published for figure in (sales, income, shares) if figure.published]
    return max(days), sales, income, shares


def _month_ends(first: date, last: date) -> list[date]:
    """The last day of each month from the one of ``first`` to before the one of ``last``."""
    ends = []
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last.replace(day=1):
        ends.append(day - timedelta(days=1))
        day = (day + timedelta(days=32)).replace(day=1)
    return [end for end in ends if end >= first]


def _peer(edition: Edition, row: Mapping[str, Any]) -> Peer | None:
    ticker, day = str(row["ticker"]), row["date"].date()
    source = Source(
        str(row["source"]), row["published"].date(), str(row["url"]), f"data/{MARKET_VALUES}.csv",
        f"{ticker} / {day}", note=str(row["note"]),
    )  # fmt: skip
    value = Figure(
        float(row["market_value_usd_bn"]), "usd_bn", f"{NAMES[ticker]}: market value on {day}", source
    )
    if ticker == AMAZON:
        end = period_end(edition.quarter)
        sales, income = ttm(edition, "income.net_sales"), ttm(edition, "income.operating_income")
        growth = edition.growth("income.net_sales")
        return Peer(NAMES[ticker], day, (end.year, end.month), value, sales, income, growth)
    results = _results(edition, ticker)
    return None if results is None else Peer(NAMES[ticker], day, *_with(value, results))


def _with(
    value: Figure, results: tuple[tuple[int, int], Figure, Figure, Figure | None]
) -> tuple[tuple[int, int], Figure, Figure, Figure, Figure | None]:
    end, sales, income, growth = results
    return end, value, sales, income, growth


def _results(edition: Edition, ticker: str) -> tuple[tuple[int, int], Figure, Figure, Figure | None] | None:
    """Sales, operating income and growth of the latest twelve months that have both of the first."""
    period = _latest(edition, ticker, "revenue", "operating_income")
    if period is None:
        return None
    sales, income = (
        edition.observation(RESULTS, entity=ticker, metric=metric, period=period)
        for metric in ("revenue", "operating_income")
    )
    try:
        growth = edition.observation(RESULTS, entity=ticker, metric="revenue_growth_yoy", period=period)
    except AbsentFigure:
        return period_key(period), sales, income, None
    return period_key(period), sales, income, growth


def _latest(edition: Edition, ticker: str, *metrics: str) -> str | None:
    """The latest period for which all of ``metrics`` were public."""
    frame: DataFrame = edition.observations(RESULTS)
    own = frame[frame["entity"] == ticker]
    periods = set.intersection(*(set(own.loc[own["metric"] == metric, "period"]) for metric in metrics))
    return max(periods, key=lambda period: (period_key(period), period), default=None)
