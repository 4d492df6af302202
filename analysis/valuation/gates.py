"""The plausibility checks of a discounted cash flow, with the limits and waivers of its scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, total
from analysis.model._inputs import Number
from analysis.model.dcf import plausibility
from analysis.model.dcf.plausibility import GateResult
from analysis.valuation.dcf import Intrinsic, opening_capital
from analysis.valuation.inputs import latest_period_end

CLOUD_MARKET = "Cloud infrastructure market"
SPENDING = "synergy_spend"
LABELS: Mapping[str, str] = {
    "rate_over_growth": "Cost of capital less growth, after the forecast",
    "terminal_share": "Share of the value after the forecast",
    "implied_roic": "Return on capital in the last year",
    "growth_below_economy": "Growth after the forecast, against the risk-free rate",
    "share_of_cloud": "AWS as a share of spending on cloud infrastructure",
    "share_of_gdp": "Sales over gross domestic product in the last year",
    "grid_growth_and_margin": "Grid of growth and margin: least change along an axis",
    "grid_growth_and_multiple": "Grid of growth and multiple: least change along an axis",
}


def enforced(value: Intrinsic) -> tuple[GateResult, ...]:
    """Every check with its result; raises ``ImplausibleValuation`` if one fails that nobody waived."""
    results = check(value)
    waivers = value.group.edition.drivers(value.group.scenario).waivers
    names = {result.name for result in results}
    return plausibility.enforce(results, {name: why for name, why in waivers.items() if name in names})


def check(value: Intrinsic) -> tuple[GateResult, ...]:
    """Every check that the edition's figures allow; AWS's share only where the market's size was public."""
    drivers, group = value.group.drivers, value.group
    invested = list(value.by_year("reinvestment").values())
    capital = group.held(opening_capital(group)) + sum(invested[:-1])
    found = [
        plausibility.rate_over_growth(
            drivers["dcf.cost_of_capital_stable"],
            drivers["dcf.growth_stable"],
            minimum=drivers["gate.rate_over_growth"],
        ),
        plausibility.terminal_share(
            value.present_terminal, value.operations, maximum=drivers["gate.terminal_share"]
        ),
        plausibility.implied_roic(
            value.last("nopat"),
            capital,
            minimum=drivers["gate.roic_least"],
            maximum=drivers["gate.roic_most"],
        ),
        plausibility.growth_below_economy(drivers["dcf.growth_stable"], drivers["dcf.risk_free_rate"]),
        plausibility.share_of_gdp(
            value.last("sales"), product_in_last_year(value), maximum=drivers["gate.gdp_share"]
        ),
    ]
    market = cloud_market_at_horizon(value)
    if market is not None:
        sales = group.projection.parts["aws"].sales[group.index_of(group.horizon_year)]
        found.append(
            plausibility.share_of_market(sales, market, maximum=drivers["gate.cloud_share"], name="cloud")
        )
    return tuple(found)


def product_in_last_year(value: Intrinsic) -> Number:
    """Gross domestic product in the last forecast year, grown from the day the assumptions were set."""
    group = value.group
    end = latest_period_end(group.edition)
    last = end.replace(year=end.year + value.conventions.years)
    years = (last - group.edition.drivers(group.scenario).set_on).days / 365.25
    return group.drivers["economy.gdp"] * (1 + group.drivers["economy.growth"]) ** years


def cloud_market_at_horizon(value: Intrinsic) -> Number | None:
    """Spending on cloud infrastructure in the targets' year as assumed; ``None`` if never public."""
    try:
        spending, quarter = cloud_market(value.group.edition)
    except AbsentFigure:
        return None
    horizon = date(value.group.horizon_year, 12, 31)
    years = (horizon - quarters.period_end(quarter)).days / 365.25
    growth = value.group.drivers["economy.cloud_market_growth"]
    return value.group.held(spending) * (1 + growth) ** years


def cloud_market(edition: Edition) -> tuple[Figure, str]:
    """Spending over the latest four consecutive quarters that are public, and the last of them."""
    frame = edition.observations("cloud")
    rows = frame[(frame["entity"] == CLOUD_MARKET) & (frame["metric"] == SPENDING)]
    known = {str(period) for period in rows["period"] if quarters.is_quarter(period)}
    for last in sorted(known, reverse=True):
        four = [quarters.add(last, -back) for back in (3, 2, 1, 0)]
        if known.issuperset(four):
            spent = [
                edition.observation("cloud", entity=CLOUD_MARKET, metric=SPENDING, period=period)
                for period in four
            ]
            return total(spent, f"Spending on cloud infrastructure, four quarters to {last}"), last
    raise AbsentFigure("spending on cloud infrastructure: no four consecutive quarters are public")
