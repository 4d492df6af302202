"""The method page: how the report works, with the numbers that its own rules take in this edition."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from analysis.chapters import _method_tables as tables
from analysis.chapters._words import listed, or_words
from analysis.chapters.page import Page
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, computed, text
from analysis.formats import day, show
from analysis.model.parts import market_value
from analysis.model.projection.segments import capex_start_share, first_growth
from analysis.valuation import odds
from analysis.valuation.backtest import FIRST_SCORED, HORIZONS
from analysis.valuation.dcf import FORECAST_YEARS, cost_of_capital_figures
from analysis.valuation.gates import LABELS
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import AWS_SALES, LAST_YEAR, ttm
from analysis.valuation.spreads import MINIMUM, Spread, growth_spreads, spread_figure

WAYS: Mapping[market_value.Method, str] = {"sales": "sales", "parts": "parts", "earnings": "earnings"}


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition under a scenario."""
    group = open_group(edition, scenario)
    spreads = growth_spreads(group)
    numbers = {
        **_edition(edition),
        **_example(edition),
        **_projection(group),
        **_values(group),
        **_cash_flow(group),
        **_odds(group, spreads),
        **_track(),
    }
    return Page(
        "method",
        {"scenario": text(scenario, "Scenario of this page"), **numbers},
        tables={
            "conventions": partial(tables.conventions, group),
            "drivers": partial(tables.drivers, edition),
        },
    )


def _count(value: int, label: str, formula: str, *inputs: Figure) -> Figure:
    return computed(float(value), "count", label, formula, *inputs)


# --- What an edition knows -----------------------------------------------------------------------


def _edition(edition: Edition) -> dict[str, Figure]:
    printed = [
        entry
        for file in edition.reported.files.values()
        for entry in file.printed.values()
        if entry.source.published <= edition.cutoff
    ]
    drivers = edition.drivers("base")
    drawn = [driver for driver in drivers.values() if driver.distribution is not None]
    return {
        "edition": text(edition.label, "The edition"),
        "quarter": text(edition.quarter, "Latest reported quarter"),
        "cutoff": text(day(edition.cutoff), "Cut-off: the last day whose publications are used"),
        "price": edition.price,
        "price_date": text(day(edition.price_date), "Day of the price", edition.price),
        "shares": edition.shares,
        "value": edition.market_value,
        "printed": _count(
            len(printed), "Reported figures public by the cut-off", "entries of the quarter files"
        ),
        "quarters": _count(len(edition.quarters()), "Reported quarters", "files of data/amazon/quarters"),
        "first_quarter": text(edition.quarters()[0], "The first quarter in the data"),
        "assumptions": _count(len(drivers), "Assumptions", "entries of data/scenarios/base.yml"),
        "drawn": _count(len(drawn), "Assumptions with a distribution", "those that state one"),
        "correlations": _count(len(drivers.correlations), "Pairs that are correlated", "entries of the file"),
        "set_on": text(day(drivers.set_on), "Day on which the assumptions were set"),
    }


def _example(edition: Edition) -> dict[str, Figure]:
    """One number from the page it was printed on to the growth rate that the model starts from."""
    quarter, year = edition.figure(AWS_SALES), edition.ttm(AWS_SALES)
    source = quarter.source
    if source is None:
        raise ValueError(f"{quarter.label} has no source")
    return {
        "example": quarter,
        "example_document": text(source.document, "The document it was printed in", quarter),
        "example_published": text(day(source.published), "The day it became public", quarter),
        "example_year": year.to("usd_bn"),
        "example_growth": edition.growth(AWS_SALES),
    }


# --- The model -----------------------------------------------------------------------------------


def _projection(group: Group) -> dict[str, Figure]:
    aws, driver = group.figures.aws, group.driver
    first = first_growth(aws, "aws", {name: driver(name) for name in group.drivers})
    share = capex_start_share(group.base, group.drivers, group.projection.sales[0])
    first_year = group.years[0]
    capex = group.result(
        share,
        "fraction",
        f"Capital expenditure over sales in {first_year}, {group.scenario} scenario",
        "guidance ÷ projected sales" if group.base.capex_guidance is not None else "trailing share",
        "group.capex_guidance_weight",
        "group.capex_change",
    )
    return {
        "horizon": text(str(group.horizon_year), "Year at whose end the targets are asked for"),
        "last_year": text(str(LAST_YEAR), "Last projected year"),
        "first_year": text(str(first_year), "First projected year"),
        "momentum": driver("group.growth_momentum"),
        "growth_year": aws.growth,
        "growth_quarter": aws.growth_latest,
        "growth_first": first.named("AWS: growth of the first projected year", "fraction"),
        "growth_stable": driver("aws.growth_stable"),
        "growth_fade": driver("aws.growth_fade_years"),
        "convergence": driver("group.convergence_years"),
        "capex_first": capex,
        "capex_source": text(
            "the company's own figure for that year"
            if group.base.capex_guidance is not None
            else "the share of the last twelve months, since the company had given no figure by the cut-off",
            "What the first year's capital expenditure rests on",
        ),
        "capex_stable": driver("group.capex_stable"),
        "capex_fade": driver("group.capex_fade_years"),
        "asset_life": driver("group.asset_life"),
    }


def _values(group: Group) -> dict[str, Figure]:
    year, market = group.horizon_year, group.edition.market_value
    today = market_value.fundamental_today(group.base, group.drivers, group.market, leases=group.leases)
    found: dict[str, Figure] = {"blended": group.value_figure(year)}
    for way, key in WAYS.items():
        found[f"by_{key}"] = group.value_figure(year, way)
        found[f"weight_{key}"] = group.driver(f"blend.{way}")
    worth = group.result(
        today["parts"],
        "usd_bn",
        f"Sum of the parts of the last twelve months at the multiples of {year}, {group.scenario} scenario",
        "Σ operating income × multiple + bridge",
        "exit.multiple_aws",
        "exit.multiple_advertising",
        "exit.multiple_stores",
    )
    return {
        **found,
        "paid_parts": (market / worth).named("Market value over that sum", "x"),
        "drift": group.driver("exit.multiple_drift"),
    }


def _cash_flow(group: Group) -> dict[str, Figure]:
    rates = cost_of_capital_figures(group)
    return {
        "forecast_years": _count(FORECAST_YEARS, "Years of forecast", "FORECAST_YEARS of the valuation"),
        "wacc": rates.wacc,
        "wacc_stable": group.driver("dcf.cost_of_capital_stable"),
        "wacc_constant": group.driver("dcf.constant_years"),
        "growth_terminal": group.driver("dcf.growth_stable"),
        "roic_terminal": group.driver("dcf.roic_stable"),
        "gates": _count(len(LABELS), "Plausibility checks", "checks of analysis.valuation.gates"),
    }


# --- Odds and record -----------------------------------------------------------------------------


def _odds(group: Group, spreads: Mapping[str, Spread]) -> dict[str, Figure]:
    edition = group.edition
    simulation = edition.drivers(group.scenario).simulation
    points, replicates = simulation["points"], simulation["replicates"]
    mean, sd = odds.prior_figures(edition)
    names = [name for name in group.drivers if name in spreads]
    return {
        "paths": _count(points * replicates, "Paths drawn in each set of worlds", f"{points} × {replicates}"),
        "replicates": _count(replicates, "Nets drawn apart, for the error", "entry of the scenario's file"),
        "base_weight": group.driver("base_rate.weight"),
        "prior_mean": mean,
        "prior_sd": sd,
        "persistence": group.driver("market.gap_persistence"),
        **_swings(edition),
        "floor": computed(
            odds.FLOOR, "fraction", "Floor of a draw's value, of today's market value", "FLOOR of the odds"
        ),
        "aws_width": or_words(
            lambda: _width(group, spreads, "aws.growth_change"),
            "not yet measurable",
            "Width of AWS's first-year growth in the draws",
        ),
        "measured": text(
            _measured(len(names)), "How many growth rates have a width of their own", *(
                spread_figure(spreads[name], group) for name in names
            ),
        ),
        "minimum": _count(MINIMUM, "Misses needed for a width", "MINIMUM of the spreads"),
    }  # fmt: skip


def _swings(edition: Edition) -> dict[str, Figure]:
    """How far the price has wandered: from year to year around sales, and from day to day."""
    return {
        "swings": computed(
            odds.multiple_swings(edition).number,
            "fraction",
            "Swings of the log multiple of sales over a year",
            "√ mean of squared changes over four quarters of ln(price-to-sales) at quarter ends",
            edition.price,
            ttm(edition, "income.net_sales"),
        ),
        "volatility": computed(
            odds.daily_volatility(edition).number,
            "fraction",
            "Volatility of the share a year",
            "standard deviation of daily log returns × √ sessions a year",
            edition.price,
        ),
        "volatility_years": _count(odds.HISTORY_YEARS, "Years of daily returns", "HISTORY_YEARS of the odds"),
    }


def _width(group: Group, spreads: Mapping[str, Spread], driver: str) -> Figure:
    if driver not in spreads:
        raise AbsentFigure(f"{driver}: too few misses were known")
    return spread_figure(spreads[driver], group)


def _measured(count: int) -> str:
    if count == 0:
        return "In this edition too few misses were known, and the range stated in the scenario is taken"
    return "Where too few misses are known, the range stated in the scenario is taken"


def _track() -> dict[str, Figure]:
    quarters = [show(float(horizon), "count") for horizon in HORIZONS]
    return {
        "scored_from": text(FIRST_SCORED, "First edition whose forecasts are scored"),
        "horizons": text(listed(quarters), "Quarters ahead that are scored"),
    }
