"""One edition under one scenario: the group projected, and what that is worth by year.

:func:`open_group` gathers everything a chapter needs to value the company: the starting point, the drivers,
the projection through :data:`analysis.valuation.inputs.LAST_YEAR`, the market's value today and the balance
that leads from enterprise value to equity. A group holds plain numbers, for solvers and simulations, or
figures (:attr:`Group.traced`), and then every result knows the reports and assumptions behind it. Money in
USD billions, shares in millions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from analysis.data import Edition, require_known
from analysis.figures import Figure, kernel_result
from analysis.model._inputs import Number
from analysis.model.parts.equity_bridge import Balance, Leases, Shares
from analysis.model.parts.market_value import Market, Method, blend, share_path, values_by_method
from analysis.model.projection.segments import Base, Path, Projection, project
from analysis.valuation import inputs

STAKE = "Anthropic"
_STAKE_DRIVER = "bridge.anthropic_to_carried"
_CARRIED = "anthropic_carrying_value_usd_bn"
METHOD_LABELS: Mapping[Method, str] = {
    "sales": "sales × price-to-sales",
    "parts": "sum of the parts",
    "earnings": "net income × price-to-earnings",
}


@dataclass(frozen=True)
class Group:
    """The company in one edition under one scenario.

    ``base``, ``drivers`` and ``market`` are plain numbers or, in a traced group, figures; ``figures`` is the
    starting point traced to its sources in either; ``years`` are the calendar years at whose ends the
    steps of ``projection`` end.
    """

    edition: Edition
    scenario: str
    figures: Base
    base: Base
    drivers: Mapping[str, Number]
    steps: tuple[float, ...]
    years: tuple[int, ...]
    market: Market

    def __repr__(self) -> str:
        """Edition and scenario, for a prompt."""
        return f"<Group {self.edition.label}, {self.scenario}>"

    @cached_property
    def traced(self) -> Group:
        """The same company in figures; a driver that differs from its scenario's file says so."""
        drivers = {name: self._driver_figure(name) for name in self.drivers}
        market = Market(self.edition.market_value, balance_figures(self.edition, drivers))
        return replace(self, base=self.figures, drivers=drivers, market=market)

    @cached_property
    def plain(self) -> Group:
        """The same company in plain numbers."""
        drivers = {name: float(value) for name, value in self.drivers.items()}
        market = Market(float(self.market.value), plain_balance(self.market.balance))
        return replace(self, base=inputs.plain(self.figures), drivers=drivers, market=market)

    def _driver_figure(self, name: str) -> Figure:
        value, own = self.drivers[name], self.driver(name)
        if isinstance(value, Figure):
            return value
        if value == own.number:
            return own
        return Figure(float(value), own.unit, f"{own.label} (changed)", None, "what if", (own,))

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
        return "debt" if float(self.drivers["bridge.leases_as_debt"]) else "not_debt"

    def index_of(self, year: int) -> int:
        """The place of a calendar year end in every path; raises ``ValueError`` if not projected."""
        if year not in self.years:
            raise ValueError(f"year must be one of {self.years[0]} to {self.years[-1]}, got {year!r}")
        return self.years.index(year)

    @property
    def horizon_year(self) -> int:
        """The calendar year at whose end the targets are asked for."""
        return max(target.horizon.year for target in self.edition.targets)

    @property
    def year_ahead(self) -> int:
        """The first calendar year of which nothing has been reported: what it brings is all a forecast.

        A year that has begun is part report, part forecast, and its growth is that of the step alone.
        """
        return self.years[0 if self.steps[0] == 1 else 1]

    @property
    def exit_years(self) -> float:
        """Years from the latest quarter's end to the targets' horizon."""
        return self.times[self.index_of(self.horizon_year)]

    @cached_property
    def values_by_method(self) -> dict[Method, Path]:
        """Market value at each year end in each of the three ways."""
        found = values_by_method(
            self.projection,
            self.base,
            self.drivers,
            self.market,
            exit_years=self.exit_years,
            leases=self.leases,
        )
        return {**found, "parts": tuple(self.with_leases(value) for value in found["parts"])}

    def with_leases(self, value: Number) -> Number:
        """A value that counts lease liabilities or not, with the assumption that decides among its inputs."""
        chosen = self.drivers["bridge.leases_as_debt"]
        return value.also(chosen) if isinstance(value, Figure) and isinstance(chosen, Figure) else value

    @cached_property
    def values(self) -> Path:
        """Market value at each year end, the three ways blended with the scenario's weights."""
        return blend(self.values_by_method, self.drivers)

    @cached_property
    def shares(self) -> Path:
        """Shares outstanding at each year end, in millions."""
        return share_path(self.held(self.edition.shares), self.drivers["shares.change"], self.steps)

    def held(self, figure: Figure) -> Number:
        """A figure as this group holds its numbers: as it is in a traced one, else its number."""
        return figure if isinstance(self.market.value, Figure) else figure.number

    def driver(self, name: str) -> Figure:
        """One driver of the scenario as a figure."""
        return self.edition.drivers(self.scenario)[name].figure

    def value_figure(self, year: int, method: Method | None = None) -> Figure:
        """Market value at a calendar year end, blended or in one way, in usd_bn, traced to its inputs."""
        traced = self.traced
        if method is not None:
            require_known(method, traced.values_by_method, "way to value")
        path = traced.values if method is None else traced.values_by_method[method]
        how = "three ways, weighted" if method is None else METHOD_LABELS[method]
        label = f"Market value at the end of {year}, {self.scenario} scenario, {how}"
        kernel, formula = (
            (blend, "Σ weight × value in each way")
            if method is None
            else (values_by_method, "projected amount × multiple at that date")
        )
        return kernel_result(path[self.index_of(year)], label, "usd_bn", kernel, formula)


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


def with_drivers(group: Group, changes: Mapping[str, Number]) -> Group:
    """The same company with some drivers changed; values may be figures, or arrays over draws.

    Raises ``KeyError`` naming the nearest drivers for a name that is none.
    """
    for name in changes:
        require_known(name, group.drivers, "driver")
    drivers = {**group.drivers, **changes}
    market, name = group.market, _STAKE_DRIVER
    if name in changes and changes[name] is not group.drivers[name]:
        carried = group.edition.once(carried_stake)
        worth = {} if carried is None else {STAKE: group.held(carried) * changes[name]}
        market = replace(market, balance=replace(market.balance, stakes={**market.balance.stakes, **worth}))
    return replace(group, drivers=drivers, market=market)


def balance_figures(edition: Edition, drivers: Mapping[str, Number]) -> Balance:
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


def stake_figure(edition: Edition, to_carried: Number) -> Figure | None:
    """The stake in Anthropic: what the latest filing carries it at, × ``to_carried``.

    ``None`` for an edition that ends before a filing printed that.
    """
    carried = edition.once(carried_stake)
    if carried is None:
        return None
    worth: Figure = carried * to_carried
    return worth.named(f"Stake in {STAKE}, as the filing carries it", "usd_bn")


def carried_stake(edition: Edition) -> Figure | None:
    """What the latest filing carries the stake in Anthropic at, in usd_bn; ``None`` before one printed it."""
    printed = edition.key_figures(_CARRIED)["period"]
    return edition.key_figure(_CARRIED, printed.iloc[-1]) if len(printed) else None


def share_counts(group: Group) -> Shares:
    """The share counts public at the cut-off, in millions: outstanding, diluted, with awards."""
    edition = group.edition
    counts = {
        "basic": edition.shares,
        "diluted": edition.get("income.diluted_shares"),
        "common_and_awards": edition.get("balance.common_shares_and_stock_awards"),
    }
    return Shares(**{name: None if count is None else group.held(count) for name, count in counts.items()})
