"""What Amazon and its peers were worth and earned on one day, and Amazon alone by month.

Market value is closing price × share count. It is held against sales and operating income of the
latest twelve months of which both are public and that had ended by then, or within a month: years that end in
January stand beside calendar years. Enterprise value is not used for the peers: their cash
and debt are not in the data. Money in USD billions.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.data import AbsentFigure, Edition
from analysis.data.observations import is_a_year, period_key
from analysis.data.quarters import MONTHS, period_end
from analysis.figures import Figure, Source, not_public
from analysis.formats import NBSP
from analysis.valuation.inputs import ttm

if TYPE_CHECKING:
    from pandas import DataFrame

COMPANIES, RESULTS, MARKET_VALUES = "peers/companies", "peers/observations", "peers/market_values"
AMAZON = "AMZN"
NEAR = timedelta(days=31)  # after the day of a price, that twelve months may end which are held against it
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
    growth: Figure

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
    """Amazon at the end of a month, on what was public that day."""

    day: date
    market_value: Figure
    sales: Figure
    operating_income: Figure


def same_day(edition: Edition) -> tuple[Peer, ...]:
    """The companies on the latest day with market values of at least three, by value over sales.

    None of them while Amazon and two others were not public for one day.
    """
    names, values = _names(edition), edition.observations(MARKET_VALUES)
    for day in sorted(set(values["date"]), reverse=True):
        rows = values[values["date"] == day].to_dict("records")
        found = [peer for row in rows if (peer := _peer(edition, row)) is not None]
        if len(found) >= LEAST and any(peer.name == names[AMAZON] for peer in found):
            return tuple(sorted(found, key=lambda peer: peer.market_value.number / peer.sales.number))
    return ()


def other_days(edition: Edition) -> tuple[Peer, ...]:
    """Companies that are in no table of one day, with the latest market value public and their results."""
    in_table = set(edition.entries(MARKET_VALUES, "ticker"))
    found = []
    for ticker, name in _names(edition).items():
        period = None if ticker in in_table else _latest(edition, ticker, "market_cap")
        if period is None:
            continue
        day = date.fromisoformat(period)
        results = _results(edition, ticker, day)
        if results is not None:
            value = edition.observation(RESULTS, entity=ticker, metric="market_cap", period=period)
            found.append(Peer(name, day, results[0], value, *results[1:]))
    return tuple(found)


def by_month(edition: Edition) -> dict[str, Month]:
    """Amazon at each month's end and on the day of the edition's price, by month: ``"2025-12"``.

    The price is the close; sales and profit are those of the latest twelve months public on that day,
    the share count the latest public.
    """
    known = [entry for quarter in edition.quarters() if (entry := _known(edition, quarter)) is not None]
    months = {}
    for day in (*_month_ends(min(entry[0] for entry in known), edition.price_date), edition.price_date):
        _, sales, income, shares = [entry for entry in known if entry[0] <= day][-1]
        if day == edition.price_date:
            value = edition.market_value
        else:
            value = (edition.close(day) * shares / 1000).named(f"Amazon's market value, {day}", "usd_bn")
        months[f"{day:%Y-%m}"] = Month(day, value, sales, income)
    return months


def _names(edition: Edition) -> dict[str, str]:
    return edition.names(COMPANIES, "ticker", "company")


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
    name = _names(edition)[ticker]
    source = Source(
        str(row["source"]), row["published"].date(), str(row["url"]), f"data/{MARKET_VALUES}.csv",
        f"{ticker} / {day}", note=str(row["note"]),
    )  # fmt: skip
    value = Figure(float(row["market_value_usd_bn"]), "usd_bn", f"{name}: market value on {day}", source)
    if ticker == AMAZON:
        quarter = max(each for each in edition.quarters() if period_end(each) <= day + NEAR)
        end = period_end(quarter)
        sales, income = (
            ttm(edition, f"income.{line}", quarter) for line in ("net_sales", "operating_income")
        )
        growth = edition.growth("income.net_sales", quarter)
        return Peer(name, day, (end.year, end.month), value, sales, income, growth)
    results = _results(edition, ticker, day)
    return None if results is None else Peer(name, day, results[0], value, *results[1:])


def _results(
    edition: Edition, ticker: str, priced: date
) -> tuple[tuple[int, int], Figure, Figure, Figure] | None:
    """End, sales, operating income and growth of the twelve months that a price of a day is held against."""
    period = _latest(edition, ticker, "revenue", "operating_income", by=priced + NEAR, of=is_a_year)
    if period is None:
        return None
    sales, income = (
        edition.observation(RESULTS, entity=ticker, metric=metric, period=period)
        for metric in ("revenue", "operating_income")
    )
    try:
        growth = edition.observation(RESULTS, entity=ticker, metric="revenue_growth_yoy", period=period)
    except AbsentFigure:
        growth = not_public(f"{ticker}, growth of sales, {period}", "fraction")
    return period_key(period), sales, income, growth


def _latest(
    edition: Edition,
    ticker: str,
    *metrics: str,
    by: date = date.max,
    of: Callable[[str], bool] = lambda period: True,
) -> str | None:
    """The latest period of a kind that had ended by a day and for which all of ``metrics`` were public."""
    frame: DataFrame = edition.observations(RESULTS)
    own = frame[frame["entity"] == ticker]
    periods = set.intersection(*(set(own.loc[own["metric"] == metric, "period"]) for metric in metrics))
    periods = {period for period in periods if of(period) and _end(period) <= by}
    return max(periods, key=lambda period: (period_key(period), period), default=None)


def _end(period: str) -> date:
    """The last day of the month in which a period ends."""
    year, month = period_key(period)
    return date(year, month, monthrange(year, month)[1]) if year else date.min
