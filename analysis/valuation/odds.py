"""The odds: many draws of the drivers through the group model to paths of market value.

Each draw is a world: drivers from their stated distributions, correlated by rank, projected and valued by
the kernels that the chapters use, and a price that starts from today's and swings around that value as it has
in the past. A second set of worlds differs in one thing: sales grow as those of the largest firms have. The
scenario's ``base_rate.weight`` is the probability of the second set. How far growth may miss comes
from the back-test (:mod:`analysis.valuation.spreads`): by a change of growth from the first year on, and by a
second shock from the third to the fifth.
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
from analysis.data.problems import require_known
from analysis.figures import Figure, computed, formula_of
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.odds.distributions import Distribution, Fixed, Moved, Normal
from analysis.model.odds.elicitation import from_driver
from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.market_paths import market_values, multiple_volatility, noise_drivers, noise_of
from analysis.model.odds.monte_carlo import Draws, Plan, plan, simulate
from analysis.model.odds.odds import Estimate, mean, pool, pool_estimates, pooled_fan, share_above
from analysis.model.parts.market_value import blend, fundamental_by_method, fundamental_today
from analysis.model.projection.growth import QUARTERS, years_between
from analysis.model.projection.segments import Base, Projection, group_sales, near_growth, project
from analysis.model.track_record.probabilities import lognormal_above
from analysis.valuation.group import Group
from analysis.valuation.inputs import RELATIVE, end_of_range, ttm
from analysis.valuation.spreads import Spread, growth_spreads, shock_figure, spread_figure

Array = NDArray[np.float64]

FIRM_CLASS = "Fortune 500 firms with sales >$100bn (2015 USD)"
PRIOR_GROWTH = "base_rate.growth"
WEIGHT, MEMORY, SWINGS_LEAST = "base_rate.weight", "market.swing_memory", "market.swings_least"
ENOUGH = 12
"""Changes of the multiple from quarter to quarter from which on its own swings stand."""
LINE_VOLATILITY = 0.30
"""Of the line without a model that odds are held against: about that of a large technology share."""
SHOCK = "growth_shock"
"""What the draws of the second shock to a part's growth are named by, after the part."""
FLOOR = 0.02
"""A draw's value is not let fall below this share of today's market value: shares cannot be worth less than
nothing, and the price process needs a logarithm."""
LEAST_GROWTH = -0.99
"""A part's growth a year is not drawn below this: it cannot sell less than nothing."""
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

    def above_once(self, target: float) -> Estimate:
        """The chance to be at ``target`` or above it at one year end or more, with its standard error."""
        highest = (worlds.max(axis=0) for worlds in (self.model, self.prior))
        model, prior = (share_above(each, target, replicates=self.replicates) for each in highest)
        return pool_estimates(model, prior, self.weight)

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Array:
        """Quantiles of market value, levels × years."""
        return pooled_fan(self.model, self.prior, self.weight, levels)

    def hundredths(self, target: float) -> tuple[Array, Array]:
        """The draws of the last year end in a hundred equal parts, from the lowest.

        The value in the middle of each part in $bn, and the share of it that had touched ``target`` by then.
        """
        worlds = (self.model, self.prior)
        start, steps, daily = self.group.market.value, self.steps, self.daily_volatility
        touched = [touched_by(world, start, target, volatility=daily, steps=steps)[-1] for world in worlds]
        counts = [world.shape[-1] for world in worlds]
        weights = np.repeat([(1 - self.weight) / counts[0], self.weight / counts[1]], counts)
        ends, shares = np.concatenate([world[-1] for world in worlds]), np.concatenate(touched)
        order = np.argsort(ends, kind="stable")
        passed = np.cumsum(weights[order]) - weights[order] / 2
        part = np.minimum((100 * passed).astype(int), 99)
        whole = np.bincount(part, weights=weights[order], minlength=100)
        held = np.bincount(part, weights=(weights * shares)[order], minlength=100)
        return self.quantiles([(n + 0.5) / 100 for n in range(100)])[:, -1], held / whole

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
        error = float(estimate.standard_error[self.years.index(at)])
        found = computed(chance, "fraction", label, pool, level, *chosen.inputs(at, touch))
        return found.within(error)

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

    def below_figure(self, level: Figure, year: int | None = None) -> Figure:
        """The chance to be below a market value at a year end, the last simulated one unless given."""
        above = self.odds_figure(level, year)
        at = self.years[-1] if year is None else year
        return (1 - above).named(f"Chance to be below {level} at the end of {at}", "fraction")

    def mean_figure(self) -> Figure:
        """The mean of market value at the last year end."""
        model, prior = (float(worlds[-1].mean()) for worlds in (self.model, self.prior))
        label = f"Mean of the simulations at the end of {self.years[-1]}"
        return computed(
            float(pool(model, prior, self.weight)), "usd_bn", label, pool, *self.inputs(self.years[-1])
        )

    def once_figure(self, target: str | Figure) -> Figure:
        """The chance to be above a target at one year end or more."""
        level, name = self._level(target)
        last = self.years[-1]
        label = f"Odds that the market value stands above {name} at the end of any year to {last}"
        formula = "share of draws above it at one year end or more"
        estimate = self.above_once(level.number)
        found = computed(float(estimate.value), "fraction", label, formula, level, *self.inputs(last))
        return found.within(float(estimate.standard_error))

    def fan_figures(self, levels: Sequence[float]) -> list[dict[int, Figure]]:
        """Quantiles of market value by year end, one mapping a level."""
        return [
            {
                year: computed(
                    float(value),
                    "usd_bn",
                    f"{100 * level:g} of 100 simulations are below this at the end of {year}",
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
        how long swings last; with ``touch`` on the price from day to day too.
        """
        edition, weight = self.group.edition, self.group.traced.drivers[WEIGHT]
        base_rate = edition.once(prior_figures) if self.weight else ()
        own = (weight,) if self.weight == weight.number else ()
        daily = (edition.once(daily_volatility),) if touch else ()
        return (*own, *base_rate, edition.market_value, *daily, *self._price, *self._values(year))

    @property
    def swings(self) -> Figure:
        """How far the price swings around value in a year."""
        return swings_of(self.group)

    @cached_property
    def _price(self) -> tuple[Figure, ...]:
        widths = (spread_figure(spread, self.group) for spread in self.spreads.values())
        wider = (spread for spread in self.spreads.values() if spread.sd_later is not None)
        shocks = (shock_figure(spread, self.group) for spread in wider)
        memory = self.group.edition.drivers(self.group.scenario)[MEMORY]  # drawn evenly: only its ends count
        return (self.swings, end_of_range(memory, "low"), end_of_range(memory, "high"), *widths, *shocks)

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
            require_known(target, targets, "target")
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

    Deterministic: the scenario file states the seed and, unless given, the points and replicates. Where the
    group assumes something else than its file, the draws are made about that (:func:`as_changed`).
    ``stated`` are the distributions of the scenario's file where they have been made before; ``spreads``
    the widths of growth, unless given the back-test's: none of them for those of the file.
    """
    last = group.horizon_year if through is None else through
    years = group.years[: group.index_of(last) + 1]
    steps = market_steps(group.edition.price_date, years)
    simulation = group.edition.drivers(group.scenario).simulation
    spreads = growth_spreads(group) if spreads is None else spreads
    kernel = MarketKernel(
        group, years, steps, swings_of(group).number, years_to_horizon(group), shock_widths(spreads)
    )
    found = simulate(
        kernel,
        odds_plan(group, years, distributions(group, spreads, stated)),
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


def odds_plan(
    group: Group,
    years: Sequence[int],
    made: Mapping[str, Distribution] | None = None,
    *,
    correlated: bool = True,
) -> Plan:
    """What is drawn: the uncertain drivers that enter value, the base rate of growth, the price's swings.

    Drivers move together as the scenario's file states unless ``correlated`` is false.
    """
    drivers = group.edition.drivers(group.scenario)
    mean, sd = group.edition.once(prior_figures)
    known = {
        name: each if enters(name) else Fixed(group.drivers[name])
        for name, each in (made or distributions(group)).items()
    }
    stated = drivers.correlations if correlated else ()
    rho = {each.pair: each.rho for each in stated if all(map(enters, each.pair))}
    prior = {PRIOR_GROWTH: Normal(mean.number, sd.number)}
    # What matters most comes first: the first coordinates of the net are the most even.
    drawn = {**noise_drivers(years[::-1]), **prior, **known}
    return plan(drawn, rho, seed=drivers.simulation["seed"])


def enters(driver: str) -> bool:
    """Whether a driver enters market value."""
    area, _, name = driver.partition(".")
    return area in ENTERING and name != "sales_to_capital"


def distributions(
    group: Group,
    spreads: Mapping[str, Spread] | None = None,
    stated: Mapping[str, Distribution] | None = None,
) -> dict[str, Distribution]:
    """What is drawn: growth as wide as the back-test or ``spreads`` have it, other drivers as stated.

    ``stated`` are those of the scenario's file where they have been made before.
    """
    known = as_changed(group, stated or stated_distributions(group))
    return {**known, **drawn_growth(group, growth_spreads(group) if spreads is None else spreads)}


def as_changed(group: Group, made: Mapping[str, Distribution]) -> dict[str, Distribution]:
    """The distributions about what the group assumes, where that is not what its scenario's file says.

    The whole range moves with its value (:func:`moved_range`); of what is not drawn the value is taken.
    """
    filed = group.edition.drivers(group.scenario)
    found = dict(made)
    for name, distribution in made.items():
        value = float(group.drivers[name])
        if value == filed[name].value:
            continue
        if isinstance(distribution, Fixed):
            found[name] = Fixed(value)
        else:
            found[name] = Moved(distribution, *moved_range(filed[name], value))
    return found


def moved_range(driver: Driver, value: float) -> tuple[float, float]:
    """What takes every draw of an assumption along when its value is set: a factor, and what is added.

    A multiple is drawn in proportion, a rate or share keeps its distance: ``draw × value ÷ own value``, or
    ``draw + value − own value``. A change of a multiple goes with the multiple that it leads to.
    """
    if driver.unit == "x":
        return value / driver.value, 0.0
    if driver.name.endswith(RELATIVE):
        factor = (1 + value) / (1 + driver.value)
        return factor, factor - 1
    return 1.0, value - driver.value


def stated_distributions(group: Group) -> dict[str, Distribution]:
    """Each driver's distribution as the scenario's file states it."""
    drivers = group.edition.drivers(group.scenario)
    return {name: stated_by_file(driver) for name, driver in drivers.items()}


def drawn_growth(group: Group, spreads: Mapping[str, Spread]) -> dict[str, Distribution]:
    """Drivers whose width the back-test gives, normal about the scenario's value, and the second shocks."""
    changes = {name: Normal(float(group.drivers[name]), spread.sd) for name, spread in spreads.items()}
    return {**changes, **{f"{part}.{SHOCK}": Normal(0.0, 1.0) for part in shock_widths(spreads)}}


def shock_widths(spreads: Mapping[str, Spread]) -> dict[str, float]:
    """By the part's prefix, the standard deviation a year of its second shock, of those that have one."""
    found = ((name.partition(".")[0], spread.sd_later) for name, spread in spreads.items())
    return {part: sd for part, sd in found if sd is not None}


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
        end if driver.distribution[end] == end else f"{end} {driver.distribution[end]}"
        for end in ("low", "value", "high")
        if end in driver.distribution
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


@dataclass(frozen=True)
class SanityLine:
    """A lognormal beside the draws: of the same ``mean`` at the horizon, and one that grows at ``rate``.

    ``real_world`` and ``risk_neutral`` are the chances they give a market value.
    """

    mean: Figure
    volatility: Figure
    rate: Figure
    real_world: Figure
    risk_neutral: Figure


def sanity_line(odds: Odds, target: Figure) -> SanityLine:
    """The odds of a market value at the last year end by one lognormal line without a model."""
    group, mean = odds.group, odds.mean_figure()
    years, today = sum(odds.steps), group.edition.market_value
    rate = group.driver("dcf.risk_free_rate")
    volatility = Figure(LINE_VOLATILITY, "fraction", "Volatility of the line", formula="a convention")
    growth = (mean / today) ** (1 / years) - 1

    def chance(rise: Figure, words: str) -> Figure:
        above = lognormal_above(
            today.number, target.number, years=years, growth=rise.number, volatility=volatility.number
        )
        label = f"Chance to be above {target} at the end of {odds.years[-1]} by a lognormal line, {words}"
        return computed(float(above), "fraction", label, lognormal_above, today, target, rise, volatility)

    return SanityLine(
        mean, volatility, rate, chance(growth, "same mean as the simulations"), chance(rate, "risk-neutral")
    )


def years_to_horizon(group: Group) -> float:
    """Years from the day of the price to the targets' horizon, over which today's premium fades."""
    years = group.years[: group.index_of(group.horizon_year) + 1]
    return sum(market_steps(group.edition.price_date, years))


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


def swings_of(group: Group) -> Figure:
    """How far the price swings around value in a year: as its multiple has, and at least so far as assumed.

    ``max(own, least)`` until :data:`ENOUGH` changes of the multiple from quarter to quarter are known.
    """
    own: Figure = group.edition.once(multiple_swings)
    if len(group.edition.once(price_to_sales)) > ENOUGH:
        return own
    least = group.driver(SWINGS_LEAST)
    return own.at_least(least).named("Yearly swing of the price around value, standard deviation")


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
class WorldPaths:
    """Market values by year in the worlds of the drivers and of the base rate, and what they follow from."""

    projection: Projection
    fundamental: Sequence[Number]
    model: Sequence[Number] | Array
    prior: Sequence[Number]


@dataclass(frozen=True)
class MarketKernel:
    """From draws to market values at year ends, in the model's worlds and in those of the base rate.

    ``swings`` is the yearly swing of the price around value, ``fade_years`` how long today's premium takes
    to fade, ``shocks`` by part the width of the second shock to its growth.
    """

    group: Group
    years: tuple[int, ...]
    steps: tuple[float, ...]
    swings: float
    fade_years: float
    shocks: Mapping[str, Number]

    def __call__(self, draws: Draws) -> Mapping[str, Array | tuple[Array, ...]]:
        """Market values of both sets of worlds by year, and the sales and profit behind them."""
        found = self.worlds(draws)
        floored = sum((np.asarray(value == self.floor, float) for value in found.fundamental), start=0.0)
        return {
            "model": np.asarray(found.model),
            "prior": np.stack(found.prior),
            "floored": np.asarray(floored / len(self.years)),
            "operating_income": found.projection.operating_income,
            "sales": found.projection.sales,
        }

    @property
    def floor(self) -> float:
        """What no value is let fall below, $bn."""
        return float(FLOOR * self.group.market.value)

    def worlds(self, draws: Mapping[str, Number]) -> WorldPaths:
        """Market values by year in both sets of worlds; an expression where a draw is one."""
        group, count = self.group, len(self.years)
        draws = {**draws, **{name: np.maximum(draws[name], least) for name, least in self._least.items()}}
        base = self._shocked(draws)
        projection = project(base, draws, group.steps[:count])
        values = fundamental_by_method(
            projection,
            base,
            draws,
            group.market,
            exit_years=group.exit_years,
            leases=group.leases,
        )
        fundamental = [np.maximum(value, self.floor) for value in blend(values, draws)]
        today = fundamental_today(group.base, draws, group.market, leases=group.leases)
        start = np.maximum(blend({way: (today[way],) for way in today}, draws)[0], self.floor)
        model = self._market(fundamental, start, draws)
        grown = [self._base_rate_sales(draws, at) for at in range(count)]
        prior = tuple(model[at] * grown[at] / projection.sales[at] for at in range(count))
        return WorldPaths(projection, fundamental, model, prior)

    @cached_property
    def _least(self) -> dict[str, float]:
        """For each part the lowest change of growth with which it still grows by the least."""
        found = {}
        for part in ("aws", "advertising", "stores"):
            if (line := getattr(self.group.base, part)) is not None:
                rates = (line.growth, line.growth_latest, *near_growth(line.sales, line.ahead, self.steps))
                found[f"{part}.growth_change"] = LEAST_GROWTH - min(*rates, 0.0)
        return found

    def _shocked(self, draws: Mapping[str, Number]) -> Base:
        """The starting point with the drawn shocks: ``e^(width × draw)`` of each part."""
        base = self.group.base
        lines = {
            part: replace(getattr(base, part), shock=np.exp(width * draws[f"{part}.{SHOCK}"]))
            for part, width in self.shocks.items()
        }
        return replace(base, **lines)

    def _market(self, fundamental: Sequence[Number], start: Number, draws: Mapping[str, Number]) -> Array:
        return market_values(
            fundamental,
            noise_of(draws, self.years),
            market_value_today=self.group.market.value,
            fundamental_today=start,
            steps=self.steps,
            volatility=self.swings,
            memory=draws[MEMORY],
            fade_years=self.fade_years,
        )

    def _base_rate_sales(self, draws: Mapping[str, Number], at: int) -> Number:
        return group_sales(self.group.base) * (1 + draws[PRIOR_GROWTH]) ** self.group.times[at]
