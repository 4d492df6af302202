"""The odds: many draws of the drivers through the group model to paths of market value.

Each draw is a world: drivers from their stated distributions, correlated by rank, projected and valued by
the kernels that the chapters use, and a price that wanders around that value as it has in the past. A
second set of worlds differs in one thing: sales grow as those of the largest firms have. The
scenario's ``base_rate.weight`` is the probability of the second set. How far growth may miss comes
from the back-test (:mod:`analysis.valuation.spreads`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.data import Driver, Edition, quarters
from analysis.figures import Figure, computed
from analysis.model.odds.distributions import Distribution, Fixed, Normal
from analysis.model.odds.elicitation import from_driver
from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.market_paths import market_values, multiple_volatility, noise_drivers, noise_of
from analysis.model.odds.monte_carlo import Draws, Plan, plan, simulate
from analysis.model.odds.odds import Estimate, fan, mean, pool_estimates, pooled_fan, share_above
from analysis.model.parts.market_value import blend, fundamental_by_method, fundamental_today
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import group_sales, project
from analysis.valuation.group import Group
from analysis.valuation.inputs import ttm
from analysis.valuation.spreads import Misses, growth_spreads

Array = NDArray[np.float64]

FIRM_CLASS = "Fortune 500 firms with sales >$100bn (2015 USD)"
PRIOR_GROWTH = "base_rate.growth"
FLOOR = 0.02
"""A draw's value is not let fall below this share of today's market value: shares cannot be worth less than
nothing, and the price process needs a logarithm."""
SESSIONS = 252
"""Trading days in a year, to annualise the volatility of daily returns."""
HISTORY_YEARS = 5
"""How far back daily volatility is measured."""
ENTERING = ("aws", "advertising", "stores", "group", "tax", "exit", "blend", "market")
"""Areas of drivers that enter market value; those of others, and sales to capital, need not be drawn."""
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True)
class Odds:
    """Simulated market values at calendar year ends: years × paths, USD billions.

    ``model`` are the worlds of the drivers, ``prior`` the same with sales growing at base rates;
    ``weight`` is the probability of the latter. ``steps`` are years from the price date to the first year
    end and on. ``floored`` is the share of model values that met the floor.
    """

    group: Group
    years: tuple[int, ...]
    steps: tuple[float, ...]
    model: Array
    prior: Array
    drawn: Mapping[str, Array]
    weight: float
    replicates: int
    daily_volatility: float
    floored: float

    def above(self, target: float) -> Estimate:
        """The chance to be at ``target`` or above it at each year end, with standard errors."""
        return self._kept("above", target, lambda v: share_above(v, target, replicates=self.replicates))

    def touched(self, target: float) -> Estimate:
        """The chance to have touched ``target`` by each year end: bridges between the year ends."""
        return self._kept("touched", target, lambda values: self._touched(values, target))

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Array:
        """Quantiles of market value, levels × years."""
        return pooled_fan(self.model, self.prior, self.weight, levels)

    def quantiles_model(self, levels: Sequence[float] = LEVELS) -> Array:
        """The same without the base rate."""
        return fan(self.model, levels, replicates=self.replicates).value

    def odds_figure(
        self, target_name: str, year: int, *, touch: bool = False, weight: float | None = None
    ) -> Figure:
        """The chance of a target by name at (or by) a year end, traced to what it rests on.

        ``weight`` of the base rate, if not the scenario's own: 0 for the drivers alone.
        """
        group = self.group
        target = next(t for t in group.edition.targets if t.name == target_name)
        chosen = self if weight is None else replace(self, weight=weight)
        estimate = (chosen.touched if touch else chosen.above)(target.value_usd_bn)
        chance = float(estimate.value[self.years.index(year)])
        how = f"Chance to touch ${target_name} by" if touch else f"Chance to be above ${target_name} at"
        own = f", {group.scenario} scenario" if weight is None else f", base rate weighted {weight:g}"
        formula = "(1 − weight) × share of model paths + weight × share of base-rate paths"
        inputs = (*group.reported(), group.edition.market_value, *prior_figures(group.edition))
        label = f"{how} the end of {year}{own}"
        return computed(chance, "fraction", label, formula, group.driver("base_rate.weight"), *inputs)

    def _touched(self, values: Array, target: float) -> Estimate:
        start = self.group.market.value
        paths = touched_by(values, start, target, volatility=self.daily_volatility, steps=self.steps)
        return mean(paths, replicates=self.replicates)

    def _kept(self, way: str, target: float, estimate: Callable[[Array], Estimate]) -> Estimate:
        """An estimate of both worlds pooled, made once."""
        if (way, target) not in self._estimates:
            model, prior = (estimate(values) for values in (self.model, self.prior))
            self._estimates[way, target] = pool_estimates(model, prior, self.weight)
        return self._estimates[way, target]

    @cached_property
    def _estimates(self) -> dict[tuple[str, float], Estimate]:
        return {}


def simulate_odds(
    group: Group,
    *,
    through: int | None = None,
    workers: int = 1,
    points: int | None = None,
    replicates: int | None = None,
    stated: Mapping[str, Distribution] | None = None,
) -> Odds:
    """The odds of an edition under a scenario, through the targets' horizon or a later year.

    Deterministic: the scenario file states the seed and, unless given, the points and replicates.
    ``stated`` are the drivers' distributions where they have been made before.
    """
    last = through or group.horizon_year
    years = group.years[: group.index_of(last) + 1]
    steps = market_steps(group.edition.price_date, years)
    simulation = group.edition.drivers(group.scenario).simulation
    kernel = _Kernel(group, years, steps, multiple_swings(group.edition))
    found = simulate(
        kernel,
        odds_plan(group, years, stated),
        points=points or simulation["points"],
        replicates=replicates or simulation["replicates"],
        workers=workers,
    )
    results = found.results
    return Odds(
        group=group,
        years=years,
        steps=steps,
        model=results["model"],
        prior=results["prior"],
        drawn={name: values for name, values in results.items() if name not in ("model", "prior", "floored")},
        weight=group.drivers["base_rate.weight"],
        replicates=found.replicates,
        daily_volatility=daily_volatility(group.edition),
        floored=float(results["floored"].mean()),
    )


def odds_plan(group: Group, years: Sequence[int], stated: Mapping[str, Distribution] | None = None) -> Plan:
    """What is drawn: the uncertain drivers that enter value, the base rate of growth, the price's swings."""
    drivers = group.edition.drivers(group.scenario)
    mean, sd = prior_figures(group.edition)
    known = {
        name: made if enters(name) else Fixed(group.drivers[name])
        for name, made in (stated or distributions(group)).items()
    }
    rho = {each.pair: each.rho for each in drivers.correlations if all(map(enters, each.pair))}
    prior = {PRIOR_GROWTH: Normal(mean.number, sd.number)}
    # What matters most comes first: the first coordinates of the net are the most even.
    drawn = {**noise_drivers(years[::-1]), **prior, **known}
    return plan(drawn, rho, seed=drivers.simulation["seed"])


def enters(driver: str) -> bool:
    """Whether a driver enters market value."""
    area, _, name = driver.partition(".")
    return area in ENTERING and name != "sales_to_capital"


def distributions(group: Group) -> dict[str, Distribution]:
    """Each driver's distribution: the first year's growth as the back-test has it, others as stated."""
    return {**stated_distributions(group), **growth_changes(group)}


def stated_distributions(group: Group) -> dict[str, Distribution]:
    """Each driver's distribution as the scenario's file states it."""
    drivers = group.edition.drivers(group.scenario)
    return {name: stated_by_file(driver) for name, driver in drivers.items()}


def growth_changes(group: Group, misses: Misses | None = None) -> dict[str, Distribution]:
    """The drivers whose width the back-test gives: normal about the scenario's value.

    ``misses`` as in :func:`analysis.valuation.spreads.growth_spreads`.
    """
    spreads = growth_spreads(group, misses).items()
    return {name: Normal(group.drivers[name], spread.sd) for name, spread in spreads}


def stated_by_file(driver: Driver) -> Distribution:
    """The distribution that a driver's file states; fixed where it states none."""
    if driver.distribution is None:
        return Fixed(driver.value)
    return from_driver(driver.distribution, low=driver.low, value=driver.value, high=driver.high)


def prior_figures(edition: Edition) -> tuple[Figure, Figure]:
    """Mean and standard deviation of how firms of this size grew over five years, a year, in money."""
    names = ("sales_cagr_5y_nominal_mean", "sales_cagr_5y_nominal_stdev")
    mean, sd = (edition.latest("base_rates", entity=FIRM_CLASS, metric=name) for name in names)
    return mean, sd


def market_steps(price_date: date, years: Sequence[int]) -> tuple[float, ...]:
    """Years from the price date to the first year end, then from each year end to the next."""
    first = years_between(price_date, date(years[0], 12, 31))
    return (first, *(1.0 for _ in years[1:]))


def daily_volatility(edition: Edition) -> float:
    """Standard deviation of daily log returns of the last years, annualised."""
    closes = edition.prices()["close_usd"]
    recent = closes[closes.index >= closes.index[-1].replace(year=closes.index[-1].year - HISTORY_YEARS)]
    returns = np.diff(np.log(recent.to_numpy()))
    return float(returns.std(ddof=1) * math.sqrt(SESSIONS))


def multiple_swings(edition: Edition) -> float:
    """Standard deviation of the yearly change of the log price-to-sales multiple, from past quarters."""
    multiples = [multiple for _, multiple in price_to_sales_history(edition)]
    return multiple_volatility(multiples, 4)


def price_to_sales_history(edition: Edition) -> list[tuple[str, float]]:
    """Price-to-sales at each quarter's end: close × shares outstanding ÷ sales of twelve months."""
    found = []
    for quarter in edition.quarters():
        shares = edition.get("balance.shares_outstanding", quarter)
        if shares is None or quarter < PRICES_FROM:
            continue
        close = edition.close(quarters.period_end(quarter))
        sales = ttm(edition, "income.net_sales", quarter)
        found.append((quarter, close.number * shares.number / 1000 / sales.number))
    return found


PRICES_FROM = "2018Q4"
"""The first quarter whose end lies within the history of prices."""


@dataclass(frozen=True)
class _Kernel:
    """From draws to market values at year ends, in the model's worlds and in those of the base rate."""

    group: Group
    years: tuple[int, ...]
    steps: tuple[float, ...]
    swings: float

    def __call__(self, draws: Draws) -> Mapping[str, Array | tuple[Array, ...]]:
        group, count = self.group, len(self.years)
        projection = project(group.base, draws, group.steps[:count])
        values = fundamental_by_method(
            projection,
            group.base,
            draws,
            group.market,
            exit_years=group.exit_years,
            leases=group.leases,
        )
        floor = FLOOR * group.market.value
        fundamental = [np.maximum(value, floor) for value in blend(values, draws)]
        floored = sum((np.asarray(value == floor, dtype=float) for value in fundamental), start=0.0)
        today = fundamental_today(group.base, draws, group.market, leases=group.leases)
        start = np.maximum(blend({way: (today[way],) for way in today}, draws)[0], floor)
        model = self._market(fundamental, start, draws)
        grown = [self._base_rate_sales(draws, at) for at in range(count)]
        prior = np.stack([model[at] * grown[at] / projection.sales[at] for at in range(count)])
        return {
            "model": model,
            "prior": prior,
            "floored": np.asarray(floored / count),
            "operating_income": projection.operating_income,
            "sales": projection.sales,
        }

    def _market(self, fundamental: Sequence[Array], start: Array, draws: Draws) -> Array:
        return market_values(
            fundamental,
            noise_of(draws, self.years),
            market_value_today=self.group.market.value,
            fundamental_today=start,
            steps=self.steps,
            volatility=self.swings,
            persistence=self.group.drivers["market.gap_persistence"],
        )

    def _base_rate_sales(self, draws: Draws, at: int) -> Array:
        sales = group_sales(self.group.base)
        return np.asarray(sales * (1 + np.asarray(draws[PRIOR_GROWTH])) ** self.group.times[at])
