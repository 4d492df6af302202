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
from analysis.figures import Figure, computed, formula_of
from analysis.formats import show
from analysis.model.odds.distributions import Distribution, Fixed, Normal
from analysis.model.odds.elicitation import from_driver
from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.market_paths import market_values, multiple_volatility, noise_drivers, noise_of
from analysis.model.odds.monte_carlo import Draws, Plan, plan, simulate
from analysis.model.odds.odds import Estimate, mean, pool, pool_estimates, pooled_fan, share_above
from analysis.model.parts.market_value import blend, fundamental_by_method, fundamental_today
from analysis.model.projection.growth import QUARTERS, years_between
from analysis.model.projection.segments import group_sales, project
from analysis.valuation.group import Group
from analysis.valuation.inputs import ttm
from analysis.valuation.spreads import Spread, growth_spreads, spread_figure

Array = NDArray[np.float64]

FIRM_CLASS = "Fortune 500 firms with sales >$100bn (2015 USD)"
PRIOR_GROWTH = "base_rate.growth"
WEIGHT, PERSISTENCE = "base_rate.weight", "market.gap_persistence"
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
    end and on. ``spreads`` are the widths that the back-test gave. ``floored`` is the share of model values
    that met the floor.
    """

    group: Group
    years: tuple[int, ...]
    steps: tuple[float, ...]
    model: Array
    prior: Array
    drawn: Mapping[str, Array]
    weight: float
    replicates: int
    spreads: Mapping[str, Spread]
    floored: float

    @property
    def daily_volatility(self) -> float:
        """Standard deviation of daily log returns, annualised."""
        return self.group.edition.once(daily_volatility).number

    def above(self, target: float) -> Estimate:
        """The chance to be at ``target`` or above it at each year end, with standard errors."""
        return self._kept("above", target, lambda v: share_above(v, target, replicates=self.replicates))

    def touched(self, target: float) -> Estimate:
        """The chance to have touched ``target`` by each year end: bridges between the year ends."""
        return self._kept("touched", target, lambda values: self._touched(values, target))

    def above_once(self, target: float) -> float:
        """The chance to be at ``target`` or above it at one year end or more."""
        model, prior = (float((worlds.max(axis=0) >= target).mean()) for worlds in (self.model, self.prior))
        return float(pool(model, prior, self.weight))

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Array:
        """Quantiles of market value, levels × years."""
        return pooled_fan(self.model, self.prior, self.weight, levels)

    def exceedance(self, levels: Array) -> Array:
        """The share of draws at or above each of ``levels`` at the last year end."""
        ranked = [np.sort(worlds[-1]) for worlds in (self.model, self.prior)]
        model, prior = (1 - np.searchsorted(each, levels) / each.size for each in ranked)
        return np.asarray(pool(model, prior, self.weight))

    def weighted(self, weight: float) -> Odds:
        """The same draws with another weight of the base rate: 0 for the drivers alone."""
        found = replace(self, weight=weight)
        vars(found)["_estimates"] = self._estimates  # those of each world, whatever their weight
        return found

    # --- The same as figures: each knows what the draws rest on ---------------------------------------------

    def odds_figure(
        self,
        target: str | Figure,
        year: int | None = None,
        *,
        touch: bool = False,
        weight: float | None = None,
    ) -> Figure:
        """The chance of a target (by name) or of any market value at a year end, or to touch it by then.

        The year is the last simulated one unless given; ``weight`` of the base rate, if not the scenario's.
        """
        chosen = self if weight is None else self.weighted(weight)
        level, name = self._level(target)
        how = f"Chance to touch {name} by" if touch else f"Chance to be above {name} at"
        own = f"{self.group.scenario} scenario" if weight is None else f"base rate weighted {weight:g}"
        at = self.years[-1] if year is None else year
        estimate = (chosen.touched if touch else chosen.above)(level.number)
        chance = float(estimate.value[self.years.index(at)])
        label = f"{how} the end of {at}, {own}"
        return computed(chance, "fraction", label, pool, level, *chosen.inputs(at, touch))

    def error_figure(self, target: str | Figure, year: int | None = None, *, touch: bool = False) -> Figure:
        """The standard error of that chance."""
        level, name = self._level(target)
        at = self.years[-1] if year is None else year
        estimate = (self.touched if touch else self.above)(level.number)
        error = float(estimate.standard_error[self.years.index(at)])
        how = f"touch {name} by" if touch else f"be above {name} at"
        label = f"Standard error of the odds to {how} the end of {at}"
        formula = "spread over the independent replicates ÷ √their number"
        return computed(error, "fraction", label, formula, level, *self.inputs(at, touch))

    def once_figure(self, target: str | Figure) -> Figure:
        """The chance to be above a target at one year end or more."""
        level, name = self._level(target)
        last = self.years[-1]
        label = f"Odds that the market value stands above {name} at the end of any year to {last}"
        formula = "share of draws above it at one year end or more"
        chance = self.above_once(level.number)
        return computed(chance, "fraction", label, formula, level, *self.inputs(last))

    def fan_figures(self, levels: Sequence[float]) -> list[dict[int, Figure]]:
        """Quantiles of market value by year end, one mapping a level."""
        return [
            {
                year: computed(
                    float(value),
                    "usd_bn",
                    f"{100 * level:g} of 100 draws are below this at the end of {year}",
                    pooled_fan,
                    *self.inputs(year),
                )
                for year, value in zip(self.years, values, strict=True)
            }
            for level, values in zip(levels, self.quantiles(levels), strict=True)
        ]

    def inputs(self, year: int, touch: bool = False) -> tuple[Figure, ...]:
        """What a simulated value at a year end rests on: all that the scenario's own does, and the draws.

        The draws rest on the misses of growth, the base rate and its weight, how multiples have swung and
        how long a gap to value lasts; with ``touch`` on the price from day to day too.
        """
        edition, weight = self.group.edition, self.group.traced.drivers[WEIGHT]
        base_rate = edition.once(prior_figures) if self.weight else ()
        own = (weight,) if self.weight == weight.number else ()
        daily = (edition.once(daily_volatility),) if touch else ()
        return (*own, *base_rate, edition.market_value, *daily, *self._price, *self._values(year))

    @property
    def swings(self) -> Figure:
        """How far the price-to-sales multiple has swung in a year."""
        return self.group.edition.once(multiple_swings)

    @cached_property
    def _price(self) -> tuple[Figure, ...]:
        widths = (spread_figure(spread, self.group) for spread in self.spreads.values())
        return (self.swings, self.group.traced.drivers[PERSISTENCE], *widths)

    def _values(self, year: int) -> tuple[Figure, ...]:
        if year not in self._known:
            self._known[year] = self.group.value_figure(year).inputs
        return self._known[year]

    @cached_property
    def _known(self) -> dict[int, tuple[Figure, ...]]:
        return {}

    def _level(self, target: str | Figure) -> tuple[Figure, str]:
        targets = {each.name: each.figure for each in self.group.edition.targets}
        if isinstance(target, str):
            return targets[target], f"${target}"
        name = next((name for name, figure in targets.items() if figure is target), "")
        return target, f"${name}" if name else str(target)

    def _touched(self, values: Array, target: float) -> Estimate:
        start = self.group.market.value
        paths = touched_by(values, start, target, volatility=self.daily_volatility, steps=self.steps)
        return mean(paths, replicates=self.replicates)

    def _kept(self, way: str, target: float, estimate: Callable[[Array], Estimate]) -> Estimate:
        """An estimate of both worlds pooled; those of each are made once."""
        if (way, target) not in self._estimates:
            self._estimates[way, target] = estimate(self.model), estimate(self.prior)
        model, prior = self._estimates[way, target]
        return pool_estimates(model, prior, self.weight)

    @cached_property
    def _estimates(self) -> dict[tuple[str, float], tuple[Estimate, Estimate]]:
        return {}


def simulate_odds(
    group: Group,
    *,
    through: int | None = None,
    workers: int = 1,
    points: int | None = None,
    replicates: int | None = None,
    stated: Mapping[str, Distribution] | None = None,
    spreads: Mapping[str, Spread] | None = None,
) -> Odds:
    """The odds of an edition under a scenario, through the targets' horizon or a later year.

    Deterministic: the scenario file states the seed and, unless given, the points and replicates.
    ``stated`` are the distributions of the scenario's file where they have been made before; ``spreads``
    the widths of growth, unless given the back-test's: none of them for those of the file.
    """
    last = through or group.horizon_year
    years = group.years[: group.index_of(last) + 1]
    steps = market_steps(group.edition.price_date, years)
    simulation = group.edition.drivers(group.scenario).simulation
    spreads = growth_spreads(group) if spreads is None else spreads
    kernel = _Kernel(group, years, steps, group.edition.once(multiple_swings).number)
    made = {**(stated or stated_distributions(group)), **drawn_growth(group, spreads)}
    found = simulate(
        kernel,
        odds_plan(group, years, made),
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
        weight=group.drivers[WEIGHT],
        replicates=found.replicates,
        spreads=spreads,
        floored=float(results["floored"].mean()),
    )


def odds_plan(group: Group, years: Sequence[int], made: Mapping[str, Distribution] | None = None) -> Plan:
    """What is drawn: the uncertain drivers that enter value, the base rate of growth, the price's swings."""
    drivers = group.edition.drivers(group.scenario)
    mean, sd = group.edition.once(prior_figures)
    known = {
        name: each if enters(name) else Fixed(group.drivers[name])
        for name, each in (made or distributions(group)).items()
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
    return {**stated_distributions(group), **drawn_growth(group, growth_spreads(group))}


def stated_distributions(group: Group) -> dict[str, Distribution]:
    """Each driver's distribution as the scenario's file states it."""
    drivers = group.edition.drivers(group.scenario)
    return {name: stated_by_file(driver) for name, driver in drivers.items()}


def drawn_growth(group: Group, spreads: Mapping[str, Spread]) -> dict[str, Distribution]:
    """The drivers whose width the back-test gives: normal about the scenario's value."""
    return {name: Normal(float(group.drivers[name]), spread.sd) for name, spread in spreads.items()}


def stated_by_file(driver: Driver) -> Distribution:
    """The distribution that a driver's file states; fixed where it states none."""
    if driver.distribution is None:
        return Fixed(driver.value)
    return from_driver(driver.distribution, low=driver.low, value=driver.value, high=driver.high)


def drawn_in_words(driver: Driver, spreads: Mapping[str, Spread]) -> str:
    """How the odds draw an assumption: as the back-test missed, as its file states, or not at all."""
    if driver.distribution is None or not enters(driver.name):
        return "not drawn in the odds"
    if driver.name in spreads:
        return f"normal, sd {show(spreads[driver.name].sd, 'fraction')}, from past misses"
    ends = (
        f"{end} {driver.distribution[end]}" for end in ("low", "value", "high") if end in driver.distribution
    )
    return f"{driver.distribution['family']}: {', '.join(ends)}"


def prior_figures(edition: Edition) -> tuple[Figure, Figure]:
    """Mean and standard deviation of how firms of this size grew over five years, a year, in money."""
    names = ("sales_cagr_5y_nominal_mean", "sales_cagr_5y_nominal_stdev")
    mean, sd = (edition.latest("base_rates", entity=FIRM_CLASS, metric=name) for name in names)
    return mean, sd


def market_steps(price_date: date, years: Sequence[int]) -> tuple[float, ...]:
    """Years from the price date to the first year end, then from each year end to the next."""
    first = years_between(price_date, date(years[0], 12, 31))
    return (first, *(1.0 for _ in years[1:]))


def daily_volatility(edition: Edition) -> Figure:
    """Standard deviation of daily log returns of the last years, annualised: ``sd × √252``."""
    closes = edition.prices()["close_usd"]
    recent = closes[closes.index >= closes.index[-1].replace(year=closes.index[-1].year - HISTORY_YEARS)]
    returns = np.diff(np.log(recent.to_numpy()))
    yearly = float(returns.std(ddof=1) * math.sqrt(SESSIONS))
    first, last = (day.date() for day in (recent.index[0], recent.index[-1]))
    closing = edition.close(last).source
    assert closing is not None
    source = replace(closing, field=f"close_usd, {first} to {last}")
    label = f"Standard deviation of the share price's daily changes over {HISTORY_YEARS} years, a year"
    return Figure(yearly, "fraction", label, source, formula_of(daily_volatility))


def multiple_swings(edition: Edition) -> Figure:
    """Standard deviation of the yearly change of the log price-to-sales multiple, from past quarters."""
    multiples = price_to_sales(edition).values()
    swings = multiple_volatility([multiple.number for multiple in multiples], QUARTERS)
    label = "Yearly change of the log of price-to-sales, standard deviation"
    return computed(swings, "fraction", label, multiple_volatility, *multiples)


def price_to_sales_history(edition: Edition) -> list[tuple[str, float]]:
    """The numbers of :func:`price_to_sales`."""
    return [(quarter, multiple.number) for quarter, multiple in price_to_sales(edition).items()]


def price_to_sales(edition: Edition) -> dict[str, Figure]:
    """Price-to-sales at each quarter's end: close × shares outstanding ÷ sales of twelve months."""
    found = {}
    for quarter in edition.quarters():
        shares = edition.get("balance.shares_outstanding", quarter)
        if shares is None or quarter < PRICES_FROM:
            continue
        close = edition.close(quarters.period_end(quarter))
        sales = ttm(edition, "income.net_sales", quarter)
        found[quarter] = (close * shares / 1000 / sales).named(f"Price-to-sales, {quarter}", "x")
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
            persistence=self.group.drivers[PERSISTENCE],
        )

    def _base_rate_sales(self, draws: Draws, at: int) -> Array:
        sales = group_sales(self.group.base)
        return np.asarray(sales * (1 + np.asarray(draws[PRIOR_GROWTH])) ** self.group.times[at])
