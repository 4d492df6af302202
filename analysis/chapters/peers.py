"""The peers page: multiples on one day and one definition, and Amazon's own over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median

import pandas as pd

from analysis.chapters._peers_notes import sentences
from analysis.chapters._words import listed
from analysis.chapters.page import Page, Unavailable
from analysis.charts import peers as charts
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, computed, text
from analysis.formats import day, percent
from analysis.model.parts import multiples
from analysis.model.projection.growth import cagr, years_between
from analysis.report.claims import claims_for
from analysis.valuation.inputs import ttm
from analysis.valuation.peers import NAMES, Month, Peer, by_month, other_days, same_day

AMAZON = NAMES["AMZN"]
WALMART = NAMES["WMT"]
NOT_PUBLIC = "results and market values of peers for one day"
STALE = 4  # months from the end of the twelve months to the price, beyond which a multiple is called dated
CLAIMS = 6  # of the articles' claims shown; their own page has all
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
ORDER = ("", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ")


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition; only the multiple at the end of the decade depends on the scenario."""
    months = by_month(edition)
    companies = _companies(edition)
    numbers = {
        "cutoff": text(day(edition.cutoff), "Cut-off of this edition"),
        **_today(edition),
        **_range(months),
        **_carried(edition, months),
        **_compared(edition, companies),
        **_walmart(edition),
        **_ahead(edition, scenario),
    }
    drawn: Mapping[str, Callable[[], ChartFigure | Unavailable]] = {
        "both": partial(_of_companies, charts.both, companies),
        "margin": partial(_of_companies, charts.against_margin, companies),
        "growth": partial(_of_companies, charts.against_growth, companies),
        "sales_over_time": partial(_sales_over_time, months, numbers),
        "profit_over_time": partial(_profit_over_time, months, numbers),
    }
    tables: Mapping[str, Callable[[], Table | Unavailable]] = {
        "companies": partial(_table, edition, companies),
        "claims": partial(claims_for, edition, "peers", most=CLAIMS),
    }
    return Page("peers", numbers, drawn, tables, notes=sentences(numbers, NOT_PUBLIC))


def _companies(edition: Edition) -> tuple[Peer, ...]:
    """The companies of one day, by price-to-sales; none if that was not public."""
    try:
        return same_day(edition)
    except AbsentFigure:
        return ()


# --- Amazon --------------------------------------------------------------------------------------


def _today(edition: Edition) -> dict[str, Figure]:
    value, sales, income = (
        edition.market_value,
        ttm(edition, "income.net_sales"),
        ttm(edition, "income.operating_income"),
    )
    balance = {
        name: edition.figure(f"balance.{name}").to("usd_bn")
        for name in ("long_term_debt", "cash_and_equivalents", "marketable_securities")
    }
    debt = balance["long_term_debt"] - balance["cash_and_equivalents"] - balance["marketable_securities"]
    debt = debt.named("Long-term debt less cash and securities", "usd_bn")
    enterprise = multiples.enterprise_from_equity(value, debt).named(
        "Enterprise value, leases not counted", "usd_bn"
    )
    return {
        "price_day": text(day(edition.price_date), "Day of Amazon's price", edition.price),
        "value": value,
        "price_to_sales": (value / sales).named("Amazon: market value over sales", "x"),
        "income_multiple": (value / income).named("Amazon: market value over operating income", "x"),
        "ev_multiple": (enterprise / income).named("Amazon: enterprise value over operating income", "x"),
        "margin": (income / sales).named("Amazon: operating margin", "fraction"),
    }


def _range(months: Sequence[Month]) -> dict[str, Figure]:
    """Lowest, highest and middle of Amazon's multiples by month, and where today's stand."""
    found: dict[str, Figure] = {"first_month": text(months[0].name, "First month", months[0].price_to_sales)}
    for short, name in (("sales", "price_to_sales"), ("profit", "income_multiple")):
        series = {month.name: getattr(month, name) for month in months}
        values = [figure.number for figure in series.values()]
        low, high = (pick(series, key=lambda m: series[m].number) for pick in (min, max))
        today = values[-1]
        middle = _median(list(series.values()), f"Median by month, {name}", of="all months")
        below = sum(value < today for value in values) / len(values)
        often = f"in {percent(below, 0)} of the months" if below else "in none of the months"
        found |= {
            f"{short}_low": series[low],
            f"{short}_low_month": text(low, f"Month of the lowest {name}", series[low]),
            f"{short}_high": series[high],
            f"{short}_high_month": text(high, f"Month of the highest {name}", series[high]),
            f"{short}_median": middle,
            f"{short}_cheaper": text(often, f"How often {name} was lower", *series.values()),
            f"{short}_below": computed(
                below,
                "fraction",
                f"Share of months with a lower {name}",
                "months below today's ÷ months",
                *series.values(),
            ),
        }
    return found


def _carried(edition: Edition, months: Sequence[Month]) -> dict[str, Figure]:
    """What each median would be in the other measure at today's margin, and the margin at the start."""
    margin = ttm(edition, "income.operating_income") / ttm(edition, "income.net_sales")
    middle = {
        name: _median([getattr(month, name) for month in months], f"Median by month, {name}", of="all months")
        for name in ("price_to_sales", "income_multiple")
    }
    first = months[0].price_to_sales / months[0].income_multiple
    return {
        "first_margin": first.named(f"Operating margin known in {months[0].name}", "fraction"),
        "sales_median_told": (middle["price_to_sales"] / margin).named(
            "Median multiple of sales, as a multiple of operating income at today's margin", "x"
        ),
        "profit_median_told": (middle["income_multiple"] * margin).named(
            "Median multiple of operating income, as a multiple of sales at today's margin", "x"
        ),
    }


def _ahead(edition: Edition, scenario: str) -> dict[str, Figure]:
    """What the targets ask of the multiple or of profit, and what the scenario takes."""
    driver = edition.drivers(scenario)["exit.price_to_sales_change"]
    change = driver.figure
    sales, income = ttm(edition, "income.net_sales"), ttm(edition, "income.operating_income")
    now = (edition.market_value / sales).named("Amazon: market value over sales", "x")
    times = (edition.market_value / income).named("Amazon: market value over operating income", "x")
    found = {
        "exit_multiple": (now * (1 + change)).named(
            "Price-to-sales at the end of the decade, as assumed", "x"
        ),
        "exit_change": change.named(change.label, "change"),
        **{
            f"exit_{end}": (now * (1 + part)).named(f"Price-to-sales at the end of the decade, {end}", "x")
            for end, part in (("low", driver.low), ("high", driver.high))
        },
    }
    for target in edition.targets:
        name = target.name.lower()
        worth = target.figure
        profit = (worth / times).named(
            f"Operating income that is worth ${target.name} at today's multiple", "usd_bn"
        )
        years = years_between(edition.price_date, target.horizon)
        found |= {
            f"target_{name}": worth,
            f"horizon_{name}": text(day(target.horizon), f"Date of the target ${target.name}"),
            f"profit_{name}": profit,
            f"profit_growth_{name}": cagr(income, profit, years).named(
                f"Growth of operating income a year to ${target.name} at today's multiple", "fraction"
            ),
        }
    return found


# --- Peers ---------------------------------------------------------------------------------------


def _compared(edition: Edition, companies: Sequence[Peer]) -> dict[str, Figure]:
    """What the sentences on peers need; nothing while nothing of them is public on one day."""
    if not companies:
        return {}
    own = next(peer for peer in companies if peer.name == AMAZON)
    others = [peer for peer in companies if peer.name != AMAZON]
    middle_sales = _median([peer.price_to_sales for peer in others], "Peers: median market value over sales")
    middle_income = _median(
        [peer.income_multiple for peer in others], "Peers: median market value over operating income"
    )
    dated = [peer for peer in others if peer.months_behind > STALE]
    rank = partial(_rank, companies)
    return {
        "day": text(day(own.priced), "Day of the market values", *(peer.market_value for peer in companies)),
        "amazon_sales": own.price_to_sales,
        "amazon_profit": own.income_multiple,
        "sales_rank": rank(lambda peer: peer.price_to_sales, "Rank of Amazon's price-to-sales"),
        "profit_rank": rank(lambda peer: peer.income_multiple, "Rank of Amazon's multiple of profit"),
        "margin_rank": rank(lambda peer: peer.margin, "Rank of Amazon's operating margin"),
        "growth": edition.growth("income.net_sales"),
        **_fastest(others),
        "median_sales": middle_sales,
        "median_profit": middle_income,
        "median_margin": _median(
            [peer.margin for peer in others], "Peers: median operating margin", "fraction"
        ),
        "at_median_sales": (own.sales * middle_sales).named(
            "Amazon's sales at the peers' median multiple", "usd_bn"
        ),
        "at_median_profit": (own.operating_income * middle_income).named(
            "Amazon's operating income at the peers' median multiple", "usd_bn"
        ),
        "dated": text(
            listed([peer.name for peer in dated], "none of them"),
            "Companies whose latest twelve months in the data end long before the price",
            *(peer.sales for peer in dated),
        ),
    }


def _fastest(peers: Sequence[Peer]) -> dict[str, Figure]:
    """The peer whose sales grew fastest."""
    grown = [(peer, peer.growth) for peer in peers if peer.growth is not None]
    peer, growth = max(grown, key=lambda pair: pair[1].number)
    return {
        "fastest": text(peer.name, "Peer whose sales grew fastest", growth),
        "fastest_growth": growth,
        "fastest_profit": peer.income_multiple,
    }


def _median(figures: Sequence[Figure], label: str, unit: str = "x", of: str = "the peers") -> Figure:
    return computed(median(f.number for f in figures), unit, label, f"median of {of}", *figures)


def _rank(companies: Sequence[Peer], of: Callable[[Peer], Figure], label: str) -> Figure:
    """Amazon's place among the companies in words, from whichever end is nearer."""
    ordered = sorted(companies, key=lambda peer: of(peer).number)
    place = [peer.name for peer in ordered].index(AMAZON)
    above = len(ordered) - 1 - place
    words = f"{ORDER[place]}lowest" if place <= above else f"{ORDER[above]}highest"
    return text(f"the {words} of {COUNTS[len(ordered)]}", label, *(of(peer) for peer in ordered))


def _walmart(edition: Edition) -> dict[str, Figure]:
    """Walmart's multiples on the day of its own price, if one was public."""
    found = next((peer for peer in other_days(edition) if peer.name == WALMART), None)
    if found is None:
        return {}
    return {
        "walmart_day": text(day(found.priced), "Day of Walmart's market value", found.market_value),
        "walmart_sales": found.price_to_sales,
        "walmart_profit": found.income_multiple,
        "walmart_margin": found.margin,
    }


# --- Charts and the table ------------------------------------------------------------------------


def _of_companies(
    draw: Callable[[pd.DataFrame, Sequence[Figure]], ChartFigure], companies: Sequence[Peer]
) -> ChartFigure | Unavailable:
    if not companies:
        return Unavailable(NOT_PUBLIC)
    data = pd.DataFrame(
        {
            "company": [peer.name for peer in companies],
            "price_to_sales": [peer.price_to_sales.number for peer in companies],
            "income_multiple": [peer.income_multiple.number for peer in companies],
            "margin": [peer.margin.number for peer in companies],
            "growth": [peer.growth.number if peer.growth else float("nan") for peer in companies],
        }
    )
    return draw(data, [peer.market_value for peer in companies])


def _monthly(months: Sequence[Month]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": [month.label for month in months],
            "price_to_sales": [month.price_to_sales.number for month in months],
            "income_multiple": [month.income_multiple.number for month in months],
        }
    )


def _sales_over_time(months: Sequence[Month], numbers: Mapping[str, Figure]) -> ChartFigure:
    levels = {
        "median": numbers["sales_median"].number,
        "assumed": numbers["exit_multiple"].number,
    }
    title = "Amazon's market value over sales"
    return charts.over_time(_monthly(months), "price_to_sales", title, levels, [months[-1].price_to_sales])


def _profit_over_time(months: Sequence[Month], numbers: Mapping[str, Figure]) -> ChartFigure:
    levels = {"median": numbers["profit_median"].number}
    title = "Amazon's market value over operating income"
    return charts.over_time(_monthly(months), "income_multiple", title, levels, [months[-1].income_multiple])


def _table(edition: Edition, companies: Sequence[Peer]) -> Table | Unavailable:
    if not companies:
        return Unavailable(NOT_PUBLIC)
    others = other_days(edition)
    listed_peers = [*companies, *others]
    frame = pd.DataFrame(
        {
            "company": [*(p.name for p in companies), *(f"{p.name}, {day(p.priced)}" for p in others)],
            "sales": [peer.price_to_sales for peer in listed_peers],
            "profit": [peer.income_multiple for peer in listed_peers],
            "margin": [peer.margin for peer in listed_peers],
            "growth": [peer.growth for peer in listed_peers],
            "to": [peer.sales_month for peer in listed_peers],
        }
    )
    columns = [
        Column("company", "Company"),
        Column("sales", "Over sales", "x"),
        Column("profit", "Over profit", "x", 1),
        Column("margin", "Margin", "fraction"),
        Column("growth", "Growth", "fraction"),
        Column("to", "Year to"),
    ]
    values = [peer.market_value for peer in listed_peers]
    title = f"Market value on {day(companies[0].priced)} as a multiple of sales and of operating income"
    return Table(frame, columns, title, values)
