"""Intrinsic value of an edition under a scenario: free cash flow to the firm by part, discounted.

Sales, margins and tax are those of the projection, over twelve-month years from the latest reported quarter.
Net investment is the sales that each part adds over its ``sales_to_capital``. The cost of capital is built
from the bottom up with market weights and moves to that of a mature company. Every choice that a valuation
makes silently is a field of :class:`Conventions`, whose defaults are the report's. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from analysis.data import quarters
from analysis.figures import Figure, kernel_result
from analysis.model._inputs import Number
from analysis.model.dcf import cost_of_capital as rates
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.economic_profit import EconomicProfitValuation, value_economic_profit
from analysis.model.dcf.free_cash_flow import (
    GroupValuation,
    OperatingLines,
    SegmentForecast,
    add_lines,
    value_group,
)
from analysis.model.dcf.leases import leases_as_debt
from analysis.model.dcf.paths import cost_of_capital_path
from analysis.model.dcf.reinvestment import Lag, reinvestment_path
from analysis.model.dcf.research_and_development import capitalise_research, research_path
from analysis.model.dcf.terminal_value import ExitMultiple, Flow, Terminal, ValueDriver
from analysis.model.parts.equity_bridge import Count, Leases, net_assets, per_share
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import DRIVERS_OF, Path, Projection, parts_today, project
from analysis.valuation.group import Group, balance_figures, share_counts, stake_figure
from analysis.valuation.inputs import latest_period_end, ttm

FORECAST_YEARS = 10
YEARS = (5, 50)  # the lengths of forecast among which a price's is looked for
WHOLE = "group"
RESEARCH = "income.technology_and_infrastructure"
RATE_DRIVERS = (
    "dcf.risk_free_rate",
    "dcf.equity_risk_premium",
    "dcf.unlevered_beta",
    "dcf.cost_of_capital_stable",
)
DRIVERS = (
    "aws.growth_change",
    "aws.margin_change",
    "aws.sales_to_capital",
    "advertising.operating_margin",
    "stores.margin_change",
    *RATE_DRIVERS,
    "dcf.growth_stable",
    "dcf.roic_stable",
)
"""The drivers that a figure of this value names as its inputs; all others are in the scenario's file."""

Research = Literal["expensed", "capitalised"]
StockCompensation = Literal["cost", "added_back"]
Investment = Literal["sales_to_capital", "capital_expenditure"]
AtTheEnd = Literal["value_driver", "multiple"]


@dataclass(frozen=True)
class Conventions:
    """The choices a discounted cash flow makes silently, each with the report's default.

    ``timing``, ``flow``, ``lag`` as in :mod:`analysis.model.dcf.free_cash_flow`. ``leases``: what the
    scenario says unless given. ``research`` capitalised raises profit and capital, not cash.
    ``stock_compensation`` is a cost of the business, so that the count of shares need not grow.
    ``investment``: from added sales, or the projection's capital expenditure less depreciation.
    ``at_the_end``: by value drivers, or by the scenario's exit multiples. ``years`` of forecast.
    """

    timing: Timing = "mid"
    flow: Flow = "n+1"
    lag: Lag = 0
    leases: Leases | None = None
    research: Research = "expensed"
    stock_compensation: StockCompensation = "cost"
    investment: Investment = "sales_to_capital"
    at_the_end: AtTheEnd = "value_driver"
    years: int = FORECAST_YEARS

    @property
    def reshapes(self) -> bool:
        """Whether a choice is made for the group as a whole, which then is one part."""
        plain = ("expensed", "cost", "sales_to_capital")
        return (self.research, self.stock_compensation, self.investment) != plain or self.leases == "debt"


@dataclass(frozen=True)
class Intrinsic:
    """A group's value by discounted cash flow, with what it is made of; numbers may be arrays."""

    group: Group
    conventions: Conventions
    projection: Projection
    capital: rates.CostOfCapital
    rate_path: Path
    terminal: Mapping[str, Terminal]
    lines: OperatingLines
    valuation: GroupValuation
    net_assets: Number

    @property
    def operations(self) -> Number:
        """Enterprise value: what the parts are worth together."""
        return self.valuation.value

    @property
    def equity(self) -> Number:
        """What the shares are worth together."""
        return self.valuation.value + self.net_assets

    def per_share(self, count: Count = "basic") -> float:
        """Equity in dollars a share by the named count; raises ``ValueError`` if it was not published."""
        return float(per_share(self.equity, share_counts(self.group), count=count))

    @property
    def year_ends(self) -> tuple[str, ...]:
        """The quarter that ends each forecast year."""
        return tuple(quarters.add(self.group.edition.quarter, 4 * n) for n in self._years)

    @property
    def _years(self) -> range:
        return range(1, self.conventions.years + 1)

    @cached_property
    def equity_by_years(self) -> tuple[float, ...]:
        """Equity for each length of forecast in :data:`YEARS`, all else the same."""
        lengths = (replace(self.conventions, years=years) for years in range(YEARS[0], YEARS[1] + 1))
        return tuple(float(intrinsic(self.group, each).equity) for each in lengths)

    def economic_profit(self) -> EconomicProfitValuation:
        """The same operations as capital put in plus the profit above its cost."""
        return value_economic_profit(
            self.lines,
            opening_capital(self.group).number,
            self.rate_path,
            next(iter(self.terminal.values())),
            timing=self.conventions.timing,
            first_period=first_period(self.group),
        )

    def figure(self, value: float, unit: str, label: str, formula: str, *drivers: str) -> Figure:
        """A result of this valuation as a figure, traced to what was reported and to ``drivers``."""
        return self.group.result(value, unit, label, formula, *(drivers or DRIVERS))

    def equity_figure(self) -> Figure:
        """Equity value in usd_bn."""
        label = f"Value of the shares by discounted cash flow, {self.group.scenario} scenario"
        return self.figure(self.equity, "usd_bn", label, "Σ free cash flow × D + terminal value × D + bridge")


def intrinsic(group: Group, conventions: Conventions = Conventions()) -> Intrinsic:
    """The group's value on the day of the edition's price, under the named conventions.

    The value at the latest quarter's end is carried to that day at the cost of capital. Raises
    ``ValueError`` naming drivers no valuation can have, such as growth at or above the cost of capital.
    """
    years = conventions.years
    leases = conventions.leases or group.leases
    conventions = replace(conventions, leases=leases)
    projection = project(group.base, group.drivers, (1.0,) * years)
    capital = cost_of_capital(group, leases)
    path = rate_path(group, capital.wacc, years)
    lines = part_lines(group, projection, conventions.lag)
    if conventions.reshapes:
        lines = {WHOLE: _reshaped(group, projection, add_lines(list(lines.values())), conventions, capital)}
    terminal = {name: _terminal(group, name, conventions) for name in lines}
    parts = {name: SegmentForecast(line, path, terminal[name]) for name, line in lines.items()}
    valuation = value_group(parts, timing=conventions.timing, first_period=first_period(group))
    return Intrinsic(
        group=group,
        conventions=conventions,
        projection=projection,
        capital=capital,
        rate_path=path,
        terminal=terminal,
        lines=add_lines(list(lines.values())),
        valuation=valuation,
        net_assets=net_assets(group.market.balance, leases=leases),
    )


def first_period(group: Group) -> float:
    """Years from the day of the price to the end of the first forecast year."""
    return 1.0 - years_between(latest_period_end(group.edition), group.edition.price_date)


def cost_of_capital(group: Group, leases: Leases = "not_debt") -> rates.CostOfCapital:
    """The cost of capital today: peers' unlevered beta, the company's own leverage at market values."""
    balance, drivers = group.market.balance, group.drivers
    found = rates.bottom_up(
        unlevered_beta=drivers["dcf.unlevered_beta"],
        risk_free=drivers["dcf.risk_free_rate"],
        equity_risk_premium=drivers["dcf.equity_risk_premium"],
        spread=drivers["dcf.debt_spread"],
        tax=drivers["tax.marginal"],
        equity_value=group.market.value,
        debt_value=balance.debt + balance.leases if leases == "debt" else balance.debt,
    )
    if not isinstance(found.wacc, Figure):
        return found
    return replace(
        found,
        levered_beta=kernel_result(found.levered_beta, "Beta of the shares", "x", rates.relever),
        cost_of_equity=kernel_result(
            found.cost_of_equity, "Cost of equity", "fraction", rates.cost_of_equity
        ),
        cost_of_debt=kernel_result(
            found.cost_of_debt, "Cost of debt before tax", "fraction", rates.cost_of_debt
        ),
        equity_weight=found.equity_weight.named("Weight of equity at market value", "fraction"),
        wacc=kernel_result(found.wacc, "Cost of capital today", "fraction", rates.wacc),
    )


def cost_of_capital_figures(group: Group) -> rates.CostOfCapital:
    """The same, each entry a figure traced to market value, debt and drivers."""
    return cost_of_capital(group.traced)


def rate_path(group: Group, wacc: Number, years: int) -> Path:
    """The cost of capital of each year: constant, then linear, stable from the tenth year on."""
    constant, stable = group.drivers["dcf.constant_years"], group.drivers["dcf.cost_of_capital_stable"]
    if not isinstance(constant, Figure):
        constant = int(constant)
    path = cost_of_capital_path(wacc, stable, years=FORECAST_YEARS, constant_years=constant)
    return (*path[:years], *(stable,) * (years - FORECAST_YEARS))


def part_lines(group: Group, projection: Projection, lag: Lag = 0) -> dict[str, OperatingLines]:
    """What each part sells, earns after tax and puts back, by year."""
    today = parts_today(group.base, group.drivers)
    return {
        name: OperatingLines(
            sales=part.sales,
            operating_income=part.operating_income,
            nopat=_after_tax(part.operating_income, projection.tax),
            reinvestment=reinvestment_path(
                today[name].sales,
                part.sales,
                group.drivers[f"{DRIVERS_OF[name]}.sales_to_capital"],
                lag=lag,
                growth_after=group.drivers["dcf.growth_stable"] if lag else None,
            ),
        )
        for name, part in projection.parts.items()
    }


def opening_capital(group: Group) -> Figure:
    """Capital invested in the operations at the latest quarter's end, in usd_bn.

    Shareholders' equity + debt − cash − securities − the stake as recorded in profit.
    """
    equity = group.edition.figure("balance.stockholders_equity").to("usd_bn")
    balance = balance_figures(group.edition, group.drivers)
    capital = equity + balance.debt - balance.cash - balance.securities
    stake = stake_figure(group.edition, 1.0)
    capital = capital if stake is None else capital - stake
    named: Figure = capital.named(f"Capital invested in the operations, {group.edition.quarter}", "usd_bn")
    return named


def _after_tax(profit: Path, tax: Path) -> Path:
    return tuple(amount * (1 - rate) for amount, rate in zip(profit, tax, strict=True))


def _terminal(group: Group, part: str, conventions: Conventions) -> Terminal:
    drivers = group.drivers
    if conventions.at_the_end == "value_driver":
        return ValueDriver(
            growth=drivers["dcf.growth_stable"],
            roic=drivers["dcf.roic_stable"],
            cost_of_capital=drivers["dcf.cost_of_capital_stable"],
            flow=conventions.flow,
        )
    drift = (1 + drivers["exit.multiple_drift"]) ** (conventions.years - group.exit_years)
    return ExitMultiple(drivers[f"exit.multiple_{DRIVERS_OF[part]}"] * drift, "operating_income")


def _reshaped(
    group: Group,
    projection: Projection,
    lines: OperatingLines,
    conventions: Conventions,
    capital: rates.CostOfCapital,
) -> OperatingLines:
    """The group's lines under the choices that concern it as a whole."""
    nothing = (0.0,) * lines.years
    if conventions.investment == "capital_expenditure":
        spent = tuple(
            capex - worn for capex, worn in zip(projection.capex, projection.depreciation, strict=True)
        )
        lines = replace(lines, reinvestment=spent)
    if conventions.stock_compensation == "added_back":
        pay = projection.stock_compensation
        lines = lines.adjusted(operating_income=pay, nopat=pay, reinvestment=nothing)
    if conventions.research == "capitalised":
        lines = _with_research(group, lines)
    if conventions.leases == "debt":
        liability = group.market.balance.leases
        ends = tuple(liability * amount / _sales_today(group) for amount in lines.sales)
        lines = leases_as_debt(lines, liability, ends, capital.cost_of_debt, projection.tax)
    return lines


def _with_research(group: Group, lines: OperatingLines) -> OperatingLines:
    """Technology and infrastructure cost as an investment; its share of sales stays as it is."""
    life, edition = group.drivers["research.life_years"], group.edition
    years = int(float(life))
    past: list[Number] = [
        ttm(edition, RESEARCH, quarters.add(edition.quarter, -4 * back)) for back in range(years, -1, -1)
    ]
    if not isinstance(life, Figure):
        life, past = years, [float(spent) for spent in past]
    ahead = [past[-1] * amount / _sales_today(group) for amount in lines.sales]
    return capitalise_research(lines, research_path(past, ahead, life))


def _sales_today(group: Group) -> Number:
    return sum(part.sales for part in parts_today(group.base, group.drivers).values())
