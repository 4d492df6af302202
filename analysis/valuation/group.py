"""One edition under one scenario: the group projected, and what that is worth by year.

:func:`open_group` gathers everything a chapter needs to value the company: the starting point, the drivers,
the projection through :data:`analysis.valuation.inputs.LAST_YEAR`, the market's value today and the balance
that leads from enterprise value to equity. Money in USD billions, shares in millions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure, computed
from analysis.model.parts.equity_bridge import Balance, Leases, Shares
from analysis.model.parts.market_value import Market, Method, blend, share_path, values_by_method
from analysis.model.projection.segments import Base, Path, Projection, project
from analysis.valuation import inputs

STAKE = "Anthropic"
_STAKE_DRIVER = "bridge.anthropic_to_recorded"
METHOD_LABELS: Mapping[Method, str] = {
    "sales": "sales × price-to-sales",
    "parts": "sum of the parts",
    "earnings": "net income × price-to-earnings",
}


@dataclass(frozen=True)
class Group:
    """The company in one edition under one scenario.

    ``base`` and ``drivers`` are plain numbers, ``figures`` the same starting point traced to its
    sources; ``years`` are the calendar years at whose ends the steps of ``projection`` end.
    """

    edition: Edition
    scenario: str
    figures: Base
    base: Base
    drivers: Mapping[str, float]
    steps: tuple[float, ...]
    years: tuple[int, ...]
    market: Market

    @cached_property
    def projection(self) -> Projection:
        """Sales, profit and cash by year, free cash flow as the company defines it."""
        return project(self.base, self.drivers, self.steps)

    @property
    def times(self) -> tuple[float, ...]:
        """Years from the latest reported quarter's end to each calendar year end."""
        return tuple(accumulate(self.steps))

    @property
    def clock(self) -> tuple[tuple[int, float], ...]:
        """Calendar years with their time from the latest quarter's end; one that ends there comes first."""
        ends = tuple(zip(self.years, self.times, strict=True))
        return ((self.years[0] - 1, 0.0), *ends) if self.steps[0] == 1 else ends

    @property
    def leases(self) -> Leases:
        """Whether the scenario calls lease liabilities debt."""
        return "debt" if self.drivers["bridge.leases_as_debt"] else "not_debt"

    def index_of(self, year: int) -> int:
        """The place of a calendar year end in every path; raises ``ValueError`` if not projected."""
        if year not in self.years:
            raise ValueError(f"year must be one of {self.years[0]} to {self.years[-1]}, got {year}")
        return self.years.index(year)

    @property
    def horizon_year(self) -> int:
        """The calendar year at whose end the targets are asked for."""
        return max(target.horizon.year for target in self.edition.targets)

    @property
    def exit_years(self) -> float:
        """Years from the latest quarter's end to the targets' horizon."""
        return self.times[self.index_of(self.horizon_year)]

    @cached_property
    def values_by_method(self) -> dict[Method, Path]:
        """Market value at each year end in each of the three ways."""
        return values_by_method(
            self.projection,
            self.base,
            self.drivers,
            self.market,
            exit_years=self.exit_years,
            leases=self.leases,
        )

    @cached_property
    def values(self) -> Path:
        """Market value at each year end, the three ways blended with the scenario's weights."""
        return blend(self.values_by_method, self.drivers)

    @cached_property
    def shares(self) -> Path:
        """Shares outstanding at each year end, in millions."""
        return share_path(self.edition.shares.number, self.drivers["shares.change"], self.steps)

    def driver(self, name: str) -> Figure:
        """One driver of the scenario as a figure."""
        return self.edition.drivers(self.scenario)[name].figure

    def reported(self) -> tuple[Figure, ...]:
        """The traced figures that the projection starts from, without the growth rates."""
        found = self.figures
        parts = [found.aws.sales, found.stores.sales, found.aws_operating_income]
        parts += [found.retail_operating_income, found.capex, found.depreciation, found.free_cash_flow]
        return tuple(parts if found.advertising is None else [*parts, found.advertising.sales])

    def result(self, value: float, unit: str, label: str, formula: str, *drivers: str) -> Figure:
        """A result of the projection as a figure: made of the starting point and the named drivers."""
        chosen = [self.driver(name) for name in drivers]
        return computed(value, unit, label, formula, *self.reported(), *chosen)

    def value_figure(self, year: int, method: Method | None = None) -> Figure:
        """Market value at a calendar year end, blended or in one way, in usd_bn."""
        path = self.values if method is None else self.values_by_method[method]
        how = "three ways, weighted" if method is None else METHOD_LABELS[method]
        label = f"Market value at the end of {year}, {self.scenario} scenario, {how}"
        methods: tuple[Method, ...] = ("sales", "parts", "earnings") if method is None else (method,)
        drivers = [name for way in methods for name in _EXIT_DRIVERS[way] if name in self.drivers]
        formula = "projected amount × multiple at that date" if method else "Σ weight × value in each way"
        return self.result(path[self.index_of(year)], "usd_bn", label, formula, *drivers)


_EXIT_DRIVERS: Mapping[Method, tuple[str, ...]] = {
    "sales": ("exit.price_to_sales_change",),
    "parts": ("exit.multiple_aws", "exit.multiple_advertising", "exit.multiple_stores"),
    "earnings": ("exit.price_to_earnings", "tax.effective"),
}


def open_group(edition: Edition, scenario: str) -> Group:
    """The company of an edition under a scenario; raises ``DataError`` for a wrong scenario."""
    figures = inputs.base_figures(edition)
    drivers = inputs.driver_values(edition, scenario)
    balance = plain_balance(balance_figures(edition, drivers))
    return Group(
        edition=edition,
        scenario=scenario,
        figures=figures,
        base=inputs.plain(figures),
        drivers=drivers,
        steps=inputs.steps_of(edition),
        years=inputs.years_of(edition),
        market=Market(edition.market_value.number, balance),
    )


def with_drivers(group: Group, changes: Mapping[str, float]) -> Group:
    """The same company with some drivers changed; values may be arrays over draws."""
    drivers = {**group.drivers, **changes}
    market, name = group.market, "bridge.anthropic_to_recorded"
    if name in changes and changes[name] is not group.drivers[name]:
        recorded = stake_figure(group.edition, 1.0)
        worth = {} if recorded is None else {STAKE: recorded.number * changes[name]}
        market = replace(market, balance=replace(market.balance, stakes={**market.balance.stakes, **worth}))
    return replace(group, drivers=drivers, market=market)


def balance_figures(edition: Edition, drivers: Mapping[str, float]) -> Balance:
    """What stands between enterprise value and equity at the latest quarter, traced."""

    def reported(name: str) -> Figure:
        return edition.figure(f"balance.{name}").to("usd_bn")

    stake = stake_figure(edition, drivers[_STAKE_DRIVER])
    return Balance(
        cash=reported("cash_and_equivalents"),
        securities=reported("marketable_securities"),
        debt=reported("long_term_debt"),
        leases=reported("long_term_lease_liabilities"),
        stakes={} if stake is None else {STAKE: stake},
    )


def plain_balance(balance: Balance) -> Balance:
    """The same balance in plain numbers."""
    stakes = {name: float(value) for name, value in balance.stakes.items()}
    return replace(inputs.plain(balance), stakes=stakes)


def stake_figure(edition: Edition, to_recorded: float) -> Figure | None:
    """The stake in Anthropic: cash invested plus gains recognised, × ``to_recorded``.

    ``None`` for an edition that ends before the investment was public.
    """
    try:
        invested = edition.latest("chips", entity=STAKE, metric="amazon_investment_cumulative")
    except AbsentFigure:
        return None
    recorded = invested
    for period in edition.key_figures("anthropic_gain_nonoperating_usd_bn")["period"]:
        recorded = recorded + edition.key_figure("anthropic_gain_nonoperating_usd_bn", period)
    return (recorded * to_recorded).named(f"Stake in {STAKE}, cash invested plus gains recognised", "usd_bn")


def share_counts(edition: Edition) -> Shares:
    """The share counts public at the cut-off, in millions: outstanding, diluted, with awards."""
    diluted = edition.get("income.diluted_shares")
    awards = edition.get("balance.common_shares_and_stock_awards")
    return Shares(
        basic=edition.shares.number,
        diluted=None if diluted is None else diluted.number,
        common_and_awards=None if awards is None else awards.number,
    )
