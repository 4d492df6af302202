"""Intrinsic value of an edition under a scenario: free cash flow to the firm by part, discounted.

Sales, margins and tax are those of the projection, over twelve-month years from the latest reported quarter.
Net investment is the sales that each part adds over its ``sales_to_capital``. After the forecast the return
on new capital of each part fades from its own, its margin after tax times its ``sales_to_capital``, to the
stable one assumed for it. The cost of capital is built from the bottom up with market weights and moves to
that of a mature company. Every choice that a valuation makes silently is a field of :class:`Conventions`,
whose defaults are the report's. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from analysis.data import AbsentFigure, Edition, quarters, require_known
from analysis.figures import Figure, kernel_result, not_public
from analysis.model._conventions import total
from analysis.model._inputs import Number
from analysis.model.dcf import cost_of_capital as rates
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.economic_profit import EconomicProfitValuation, value_economic_profit
from analysis.model.dcf.free_cash_flow import (
    GroupValuation,
    OperatingLines,
    SegmentForecast,
    add_lines,
    own_reinvestment,
    value_group,
    value_lines,
)
from analysis.model.dcf.leases import leases_as_debt
from analysis.model.dcf.paths import cost_of_capital_path
from analysis.model.dcf.reinvestment import Lag, capital_path, reinvestment_path
from analysis.model.dcf.research_and_development import capitalise_research, research_path
from analysis.model.dcf.terminal_value import ExitMultiple, Flow, Loss, Terminal, ValueDriver
from analysis.model.parts.equity_bridge import Count, Leases, net_assets, per_share
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import DRIVERS_OF, Path, Projection, parts_today, project
from analysis.valuation.group import Group, share_counts, stake_figure
from analysis.valuation.inputs import latest_period_end, ttm

FORECAST_YEARS = 10
YEARS = (5, 50)  # the lengths of forecast among which a price's is looked for
WHOLE = "group"
CENT = 1e-11  # in usd_bn
RESEARCH = "income.technology_and_infrastructure"
LINES: Mapping[str, str] = {
    "sales": "Sales",
    "operating_income": "Operating income",
    "nopat": "Operating income after tax",
    "reinvestment": "Net investment",
    "free_cash_flow": "Free cash flow to the firm",
    "present_value": "Free cash flow, worth today",
}
"""The lines of a forecast, see :meth:`Intrinsic.by_year`."""

Research = Literal["expensed", "capitalised"]
StockCompensation = Literal["cost", "added_back"]
Investment = Literal["sales_to_capital", "capital_expenditure"]
AtTheEnd = Literal["value_driver", "multiple"]
Returns = Literal["fading", "stable", "one_for_all"]


@dataclass(frozen=True)
class Conventions:
    """The choices a discounted cash flow makes silently, each with the report's default.

    ``timing``, ``flow``, ``lag`` as in :mod:`analysis.model.dcf.free_cash_flow`. ``leases``: what the
    scenario says unless given. ``research`` capitalised raises profit and capital by the same, not cash, and
    so lowers the return on capital and not the value.
    ``stock_compensation`` is a cost of the business, so that the count of shares need not grow.
    ``investment``: from added sales, or the projection's capital expenditure less depreciation.
    ``at_the_end``: by value drivers, or by the scenario's exit multiples. ``returns``: new capital after the
    forecast earns what each part's own fades to, its stable return at once, or one return in all parts, the
    parts' stable ones weighted with their profits. ``loss``: a part that still loses
    money in the last year is charged with it for ever, as the other parts depend on it. ``years`` of
    forecast.
    """

    timing: Timing = "mid"
    flow: Flow = "n+1"
    lag: Lag = 0
    leases: Leases | None = None
    research: Research = "expensed"
    stock_compensation: StockCompensation = "cost"
    investment: Investment = "sales_to_capital"
    at_the_end: AtTheEnd = "value_driver"
    returns: Returns = "fading"
    loss: Loss = "charged"
    years: int = FORECAST_YEARS

    @property
    def reshapes(self) -> bool:
        """Whether a choice is made for the group as a whole, which then is one part."""
        plain = ("expensed", "cost", "sales_to_capital")
        return (self.research, self.stock_compensation, self.investment) != plain or self.leases == "debt"


@dataclass(frozen=True)
class Intrinsic:
    """A group's value by discounted cash flow, with what it is made of.

    Numbers are those of its group: plain, arrays over draws or, of a traced group, figures with names.
    """

    group: Group
    conventions: Conventions
    projection: Projection
    capital: rates.CostOfCapital
    rate_path: Path
    terminal: Mapping[str, Terminal]
    lines: OperatingLines
    valuation: GroupValuation
    bridge: Number
    leases: Figure | None  # the assumption that decided how leases are treated, if it was one

    @cached_property
    def plain(self) -> Intrinsic:
        """The same valuation in plain numbers, for solvers."""
        return intrinsic(self.group.plain, self.conventions)

    @cached_property
    def operations(self) -> Number:
        """Enterprise value: what the parts are worth together."""
        return self.named(self.valuation.value, "Value of the operations", "usd_bn", value_group)

    @cached_property
    def net_assets(self) -> Number:
        """What the bridge adds to the operations: cash, securities and stakes less debt."""
        label = "Cash, securities and stakes less debt"
        return self.named(self.bridge, label, "usd_bn", net_assets, "Σ steps of the bridge")

    @cached_property
    def equity(self) -> Number:
        """What the shares are worth together."""
        label = "Value of the shares by discounted cash flow"
        formula = "Σ FCFF_t × D_t + terminal value × D_n + bridge"
        return self.named(self.valuation.value + self.bridge, label, "usd_bn", value_group, formula)

    def per_share(self, count: Count = "basic") -> Number:
        """Equity in dollars a share by the named count; raises ``ValueError`` if it was not published."""
        found = per_share(self.equity, share_counts(self.group), count=count)
        return self.named(found, "Value of a share", "usd", per_share)

    @cached_property
    def present_forecast(self) -> Number:
        """Present value of the forecast's flows."""
        found, label = self.valuation.present_forecast, "Present value of the forecast"
        return self.named(found, label, "usd_bn", value_group, "Σ FCFF_t × D_t")

    @cached_property
    def present_terminal(self) -> Number:
        """Present value of what follows the forecast."""
        found, label = self.valuation.present_terminal, "Present value after the forecast"
        return self.named(found, label, "usd_bn", value_group, "terminal value × D_n")

    @cached_property
    def part_values(self) -> dict[str, Number]:
        """What each part is worth, the operations as one where a convention makes them so."""
        return {
            name: self.named(part.value, f"Value of {name}", "usd_bn", value_lines)
            for name, part in self.valuation.parts.items()
        }

    @property
    def year_ends(self) -> tuple[str, ...]:
        """The quarter that ends each forecast year."""
        return tuple(quarters.add(self.group.edition.quarter, 4 * n) for n in self._years)

    @property
    def _years(self) -> range:
        return range(1, self.conventions.years + 1)

    def by_year(self, line: str) -> dict[Any, Number]:
        """One of :data:`LINES` by the quarter that ends each twelve-month year; raises ``KeyError``."""
        require_known(line, LINES, "line of the discounted cash flow")
        parts = self.valuation.parts.values()
        if line == "present_value":
            path = tuple(total(year) for year in zip(*(part.present_values for part in parts), strict=True))
        else:
            path = getattr(self.lines, line)
        formula = f"{line.replace('_', ' ')} of the parts, added up"
        name = self.named if line != "sales" else self._apart_from_leases
        return {
            end: name(value, f"{LINES[line]}, twelve months to {end}", "usd_bn", value_group, formula)
            for end, value in zip(self.year_ends, path, strict=True)
        }

    def last(self, line: str) -> Number:
        """A line in the last forecast year."""
        return self.by_year(line)[self.year_ends[-1]]

    @cached_property
    def equity_by_years(self) -> tuple[float, ...]:
        """Equity for each length of forecast in :data:`YEARS`, all else the same."""
        lengths = (replace(self.conventions, years=years) for years in range(YEARS[0], YEARS[1] + 1))
        return tuple(float(intrinsic(self.group.plain, each).equity) for each in lengths)

    @cached_property
    def invested_capital(self) -> Path:
        """Capital in the operations at the end of each forecast year."""
        return capital_path(self.group.held(opening_capital(self.group)), self.lines.reinvestment)

    def economic_profit(self) -> dict[str, EconomicProfitValuation]:
        """The same operations, part by part, as capital put in plus the profit above its cost.

        The opening capital is divided by what each part's sales take at its own terms; the value does not
        depend on how. Raises ``ValueError`` if the second way does not lead to the same number.
        """
        opening = _divided(self.group, self.valuation.parts)
        found = {
            name: value_economic_profit(
                part.lines,
                opening[name],
                self.rate_path,
                self.terminal[name],
                timing=self.conventions.timing,
                first_period=first_period(self.group),
            )
            for name, part in self.valuation.parts.items()
        }
        together = sum(float(each.value) for each in found.values())
        difference = abs(together - float(self.operations))
        if difference >= CENT:
            raise ValueError(f"economic profit and free cash flow differ by {difference:g} billion dollars")
        return found

    def named(
        self, value: Number, label: str, unit: str, kernel: Callable[..., Any], formula: str | None = None
    ) -> Number:
        """A result of a traced valuation under its name, how leases are treated among its inputs."""
        chosen = isinstance(value, Figure) and self.leases is not None
        return self._apart_from_leases(
            value.also(self.leases) if chosen else value, label, unit, kernel, formula
        )

    def _apart_from_leases(
        self, value: Number, label: str, unit: str, kernel: Callable[..., Any], formula: str | None = None
    ) -> Number:
        """A result that no treatment of leases moves under its name; a plain one as it is."""
        if not isinstance(value, Figure):
            return value
        return kernel_result(value, f"{label}, {self.group.scenario} scenario", unit, kernel, formula)


def intrinsic(group: Group, conventions: Conventions = Conventions()) -> Intrinsic:
    """The group's value on the day of the edition's price, under the named conventions.

    The value at the latest quarter's end is carried to that day at the cost of capital. Raises
    ``ValueError`` naming drivers no valuation can have, such as growth at or above the cost of capital.
    """
    years = conventions.years
    leases = conventions.leases or group.leases
    chosen = None if conventions.leases else group.drivers["bridge.leases_as_debt"]
    asked, conventions = conventions, replace(conventions, leases=leases)
    projection = project(group.base, group.drivers, (1.0,) * years)
    capital = cost_of_capital(group, leases)
    path = rate_path(group, capital.wacc, years)
    lines = part_lines(group, projection, conventions.lag)
    terminal = _terminals(group, lines, conventions)
    if conventions.reshapes:
        whole = add_lines(list(lines.values()))
        shaped, extra = _reshaped(group, projection, whole, conventions, capital)
        lines, terminal = {WHOLE: shaped}, {WHOLE: _of_the_whole(terminal, lines, whole, shaped, extra)}
    parts = {name: SegmentForecast(line, path, terminal[name]) for name, line in lines.items()}
    valuation = value_group(parts, timing=conventions.timing, first_period=first_period(group))
    return Intrinsic(
        group=group,
        conventions=asked,
        projection=projection,
        capital=capital,
        rate_path=path,
        terminal=terminal,
        lines=add_lines(list(lines.values())),
        valuation=valuation,
        bridge=net_assets(group.market.balance, leases=leases),
        leases=chosen if isinstance(chosen, Figure) else None,
    )


def first_period(group: Group) -> float:
    """Years from the day of the price to the end of the first forecast year."""
    return 1.0 - years_between(latest_period_end(group.edition), group.edition.price_date)


def cost_of_capital(
    group: Group, leases: Leases = "not_debt", unlevered_beta: Number | None = None
) -> rates.CostOfCapital:
    """The cost of capital today: peers' unlevered beta, the company's own leverage at market values.

    The beta is that assumed for the company, unless another is given, such as a part's.
    """
    balance, drivers = group.market.balance, group.drivers
    found = rates.bottom_up(
        unlevered_beta=drivers["dcf.unlevered_beta"] if unlevered_beta is None else unlevered_beta,
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


def at_part_rates(value: Intrinsic, unlevered_betas: Mapping[str, Number]) -> dict[str, Number]:
    """What each part is worth at a cost of capital of its own, all else as in ``value``.

    A part's rate is the company's plus ``wacc(beta of the part) − wacc``, in every year and after them: what
    moves to that of a mature company is the whole, and a shop does not become a cloud. ``unlevered_betas``
    has one for each part. Raises ``ValueError`` where the parts are valued as one or by multiples.
    """
    apart = {}
    for name, part in value.valuation.parts.items():
        terminal = value.terminal[name]
        if name == WHOLE or not isinstance(terminal, ValueDriver):
            raise ValueError("rates by part need parts that are valued apart, by value drivers")
        own = cost_of_capital(value.group, unlevered_beta=unlevered_betas[name]).wacc
        distance = own - value.capital.wacc
        apart[name] = SegmentForecast(
            part.lines,
            tuple(rate + distance for rate in value.rate_path),
            replace(terminal, cost_of_capital=terminal.cost_of_capital + distance),
        )
    found = value_group(apart, timing=value.conventions.timing, first_period=first_period(value.group))
    return {
        name: value.named(part.value, f"Value of {name} at its own rate", "usd_bn", value_lines)
        for name, part in found.parts.items()
    }


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

    Shareholders' equity + debt − cash − securities − the stake as the filing carries it.
    """
    equity = group.edition.figure("balance.stockholders_equity").to("usd_bn")
    balance = group.traced.market.balance
    capital = equity + balance.debt - balance.cash - balance.securities
    stake = stake_figure(group.edition, 1.0)
    capital = capital if stake is None else capital - stake
    named: Figure = capital.named(f"Capital invested in the operations, {group.edition.quarter}", "usd_bn")
    return named


def _divided(group: Group, parts: Mapping[str, Any]) -> dict[str, Number]:
    """The opening capital, divided among the parts by sales over ``sales_to_capital``."""
    capital = group.held(opening_capital(group))
    if list(parts) == [WHOLE]:
        return {WHOLE: capital}
    today = parts_today(group.base, group.drivers)
    takes = {
        name: today[name].sales / group.drivers[f"{DRIVERS_OF[name]}.sales_to_capital"] for name in parts
    }
    whole = total(tuple(takes.values()))
    return {name: capital * each / whole for name, each in takes.items()}


def _after_tax(profit: Path, tax: Path) -> Path:
    return tuple(amount * (1 - rate) for amount, rate in zip(profit, tax, strict=True))


def own_return(group: Group, part: str, lines: OperatingLines) -> Number:
    """What a part's new capital earns a year at the end of the forecast, after tax.

    ``profit after tax ÷ sales × sales_to_capital``, the part's own terms in the last year.
    """
    ratio = group.drivers[f"{DRIVERS_OF[part]}.sales_to_capital"]
    return lines.nopat[-1] / lines.sales[-1] * ratio


def weighted_return(lines: Mapping[str, OperatingLines], stable: Mapping[str, Number]) -> Number:
    """One return at which the parts that earn a profit put back together what they do at their own.

    Of draws, which parts earn one is asked draw by draw. Raises ``ValueError`` where none does.
    """
    earned = {name: _or_nothing(line.nopat[-1]) for name, line in lines.items()}
    if not np.all(np.asarray(total(tuple(earned.values())), dtype=float)):
        raise ValueError("no part earns a profit at the end of the forecast")
    return total(tuple(earned.values())) / total(tuple(earned[name] / stable[name] for name in earned))


def _or_nothing(profit: Number) -> Number:
    if isinstance(profit, Figure):
        return profit.at_least(0.0)
    return np.maximum(profit, 0.0) if isinstance(profit, np.ndarray) else max(profit, 0.0)


def _terminals(
    group: Group, lines: Mapping[str, OperatingLines], conventions: Conventions
) -> dict[str, Terminal]:
    """What follows the forecast, part by part."""
    drivers, loss = group.drivers, conventions.loss
    if conventions.at_the_end == "multiple":
        drift = (1 + drivers["exit.multiple_drift"]) ** (conventions.years - group.exit_years)
        return {
            name: ExitMultiple(
                drivers[f"exit.multiple_{DRIVERS_OF[name]}"] * drift, "operating_income", loss=loss
            )
            for name in lines
        }
    fade = drivers["dcf.roic_fade_years"] if conventions.returns == "fading" else 0
    if not isinstance(fade, Figure):
        fade = int(fade)
    stable = {name: drivers[f"dcf.roic_stable_{DRIVERS_OF[name]}"] for name in lines}
    if conventions.returns == "one_for_all":
        stable = dict.fromkeys(lines, weighted_return(lines, stable))
    return {
        name: ValueDriver(
            growth=drivers["dcf.growth_stable"],
            roic=roic,
            cost_of_capital=drivers["dcf.cost_of_capital_stable"],
            flow=conventions.flow,
            loss=loss,
            fade_years=fade,
            sales_to_capital=drivers[f"{DRIVERS_OF[name]}.sales_to_capital"],
        )
        for name, roic in stable.items()
    }


def _of_the_whole(
    terminal: Mapping[str, Terminal],
    lines: Mapping[str, OperatingLines],
    whole: OperatingLines,
    shaped: OperatingLines,
    extra: Number,
) -> Terminal:
    """What follows the forecast where the parts are valued as one whose lines were reshaped.

    Multiples are weighted by profit. By value drivers what the parts put back is added up, with ``extra``,
    what the reshaped capital grows by in the first year after the forecast: so capital that was added to
    capital, and not to cash, lowers the return and leaves the value as it was.
    """
    if isinstance(first := next(iter(terminal.values())), ExitMultiple):
        profits = {name: line.operating_income[-1] for name, line in lines.items()}
        worth = total(tuple(profits[name] * _multiple(terminal[name]) for name in profits))
        return replace(first, multiple=worth / total(tuple(profits.values())))
    drivers = {name: each for name, each in terminal.items() if isinstance(each, ValueDriver)}
    first = next(iter(drivers.values()))
    g, roic = first.growth, weighted_return(lines, {name: each.roic for name, each in drivers.items()})
    later = 1 + g if first.flow == "n+1" else 1.0
    earned, shaped_profit = whole.nopat[-1] * later, shaped.nopat[-1] * later
    own = total(tuple(own_reinvestment(lines[name], each) for name, each in drivers.items()))
    sold = whole.sales[-1] * later / (1 + g)
    return replace(
        first,
        roic=g * shaped_profit / (g * earned / roic + extra),
        sales_to_capital=sold * g / (own + extra),
    )


def _multiple(terminal: Terminal) -> Number:
    assert isinstance(terminal, ExitMultiple)
    return terminal.multiple


def _reshaped(
    group: Group,
    projection: Projection,
    lines: OperatingLines,
    conventions: Conventions,
    capital: rates.CostOfCapital,
) -> tuple[OperatingLines, Number]:
    """The group's lines under the choices that concern it as a whole.

    Beside them what the capital that the choices add grows by in the first year after the forecast.
    """
    nothing, growth = (0.0,) * lines.years, group.drivers["dcf.growth_stable"]
    extra: Number = 0.0
    if conventions.investment == "capital_expenditure":
        spent = tuple(
            capex - worn for capex, worn in zip(projection.capex, projection.depreciation, strict=True)
        )
        lines = replace(lines, reinvestment=spent)
    if conventions.stock_compensation == "added_back":
        pay = projection.stock_compensation
        lines = lines.adjusted(operating_income=pay, nopat=pay, reinvestment=nothing)
    if conventions.research == "capitalised":
        expensed, lines = lines, _with_research(group, lines)
        later = 1 + growth if conventions.flow == "n+1" else 1.0
        extra = (lines.nopat[-1] - expensed.nopat[-1]) * later
    if conventions.leases == "debt":
        liability = group.market.balance.leases
        ends = tuple(liability * amount / _sales_today(group) for amount in lines.sales)
        lines = leases_as_debt(lines, liability, ends, capital.cost_of_debt, projection.tax)
        extra = extra + (ends[-1] * growth if conventions.flow == "n+1" else ends[-1] * growth / (1 + growth))
    return lines, extra


def _with_research(group: Group, lines: OperatingLines) -> OperatingLines:
    """Technology and infrastructure cost as an investment; its share of sales stays as it is."""
    life, edition = group.drivers["research.life_years"], group.edition
    years = int(float(life))
    past: list[Number] = [
        _research(edition, quarters.add(edition.quarter, -4 * back)) for back in range(years, -1, -1)
    ]
    if not isinstance(life, Figure):
        life, past = years, [float(spent) for spent in past]
    ahead = [past[-1] * amount / _sales_today(group) for amount in lines.sales]
    return capitalise_research(lines, research_path(past, ahead, life))


def _research(edition: Edition, quarter: str) -> Figure:
    try:
        return ttm(edition, RESEARCH, quarter)
    except AbsentFigure:  # long enough ago it was not public in the first editions
        return not_public(f"Technology and infrastructure cost, twelve months to {quarter}", "usd_bn")


def _sales_today(group: Group) -> Number:
    return sum(part.sales for part in parts_today(group.base, group.drivers).values())
