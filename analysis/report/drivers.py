"""Drivers as a page prints them: in a few words, and in a unit that says what their number means."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.data import Driver, Drivers
from analysis.figures import Figure
from analysis.formats import show
from analysis.valuation.inputs import driver_format

SHORT: Mapping[str, str] = {
    "aws.growth_change": "AWS: first-year growth",
    "aws.growth_stable": "AWS: growth later",
    "aws.growth_fade_years": "AWS: years of fading",
    "aws.margin_change": "AWS: change of margin",
    "aws.sales_to_capital": "AWS: sales per capital",
    "advertising.growth_change": "Ads: first-year growth",
    "advertising.growth_stable": "Ads: growth later",
    "advertising.growth_fade_years": "Ads: years of fading",
    "advertising.operating_margin": "Ads: margin today",
    "advertising.margin_change": "Ads: change of margin",
    "advertising.sales_to_capital": "Ads: sales per capital",
    "stores.growth_change": "Stores: first-year growth",
    "stores.growth_stable": "Stores: growth later",
    "stores.growth_fade_years": "Stores: years of fading",
    "stores.margin_change": "Stores: change of margin",
    "stores.sales_to_capital": "Stores: sales per capital",
    "group.growth_momentum": "Weight of latest growth",
    "group.convergence_years": "Years for margins",
    "group.capex_guidance_weight": "Weight of capex plan",
    "group.capex_change": "Capex in first year",
    "group.capex_stable": "Capex after build-out",
    "group.capex_fade_years": "Years of build-out",
    "group.asset_life": "Life of assets",
    "group.stock_compensation_stable": "Stock pay",
    "group.other_cash_stable": "Other operating cash",
    "group.non_operating_share": "Interest and other",
    "tax.effective": "Tax today",
    "tax.marginal": "Tax in the long run",
    "tax.fade_years": "Years of lower tax",
    "exit.price_to_sales_change": "Future price-to-sales",
    "exit.price_to_earnings": "Future price-to-earnings",
    "exit.multiple_aws": "AWS: future multiple",
    "exit.multiple_advertising": "Ads: future multiple",
    "exit.multiple_stores": "Stores: future multiple",
    "blend.sales": "Weight of sales method",
    "blend.parts": "Weight of parts method",
    "blend.earnings": "Weight of earnings",
    "bridge.anthropic_to_carried": "Anthropic stake",
    "bridge.leases_as_debt": "Leases as debt",
    "dcf.risk_free_rate": "Risk-free rate",
    "dcf.equity_risk_premium": "Equity risk premium",
    "dcf.unlevered_beta": "Beta of operations",
    "dcf.debt_spread": "Spread of debt",
    "dcf.cost_of_capital_stable": "Long-run discount rate",
    "dcf.growth_stable": "Growth after forecast",
    "dcf.roic_stable_aws": "AWS: return on capital",
    "dcf.roic_stable_advertising": "Ads: return on capital",
    "dcf.roic_stable_stores": "Stores: return on capital",
    "dcf.roic_fade_years": "Years returns fade",
    "dcf.constant_years": "Years of today's rate",
}


def short_name(drivers: Drivers, name: str) -> str:
    """A driver in a few words; its full label if nobody has shortened it yet."""
    return SHORT.get(name, drivers[name].label)


def printed(driver: Driver) -> Figure:
    """The driver's value with the unit in which a reader should take it.

    A change that is added to a growth or a margin is in percentage points, one that multiplies a level in
    percent with its sign; a multiple of some size has one decimal.
    """
    unit = driver_format(driver.name, driver.unit, driver.value)
    figure: Figure = driver.figure.named(driver.label, unit)
    return figure


def worded(driver: Driver, value: float) -> str:
    """``value`` of a driver, such as the end of its range, as text in the unit of :func:`printed`."""
    return show(value, driver_format(driver.name, driver.unit, value))
