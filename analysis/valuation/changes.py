"""What moved the answer from one edition to the next: code, figures, time, price and assumptions.

The code comes first: what the edition before printed against what today's code makes of the same inputs. An
assumption of then that has been typed over since, and not looked at again, is no code and stands by itself.
The rest is divided by Shapley values over editions that take some of their inputs from the one and some
from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from analysis.data import Edition, quarters
from analysis.data.drivers import Driver, Review
from analysis.data.editions import edition_labels
from analysis.data.vintages import FORECASTS, Vintage
from analysis.figures import Figure
from analysis.model.odds.distributions import Distribution, Fixed
from analysis.model.parts.shapley import shapley_values
from analysis.valuation import inputs
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.near import NearForecast, near_forecasts
from analysis.valuation.odds import odds_plan, simulate_odds, stated_distributions
from analysis.valuation.spreads import all_misses, growth_spreads
from analysis.valuation.vintages import vintages

CODE, RETYPED = "code", "retyped"
CAUSES: Mapping[str, str] = {
    CODE: "New rules",
    RETYPED: "Old assumptions typed over",
    "figures": "New figures",
    "time": "Time passed",
    "price": "New price",
    "assumptions": "New assumptions",
}
_DIVIDED = tuple(cause for cause in CAUSES if cause not in (CODE, RETYPED))
POINTS, REPLICATES = 1024, 8
"""Draws for the odds of an edition that takes its inputs from two: fewer than a published one has."""
_VALUE, _ABOVE = "values_usd_bn.base.blended", "odds.{}.above"  # the outputs by their names in a vintage


@dataclass(frozen=True)
class Step:
    """One cause's part of a change, in the unit of what changed."""

    cause: str
    amount: Figure

    @property
    def title(self) -> str:
        """The cause in words."""
        return CAUSES[self.cause]


@dataclass(frozen=True)
class Bridge:
    """A number then and now, and what led from the one to the other; the steps add up exactly."""

    name: str
    then: Figure
    now: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Looked:
    """An assumption that was looked at again for this edition, and what the look alone did.

    ``value`` is the change of the base scenario's market value at the horizon, or that of the look's
    own scenario; zero where the assumption was left.
    """

    scenario: str
    driver: Driver
    review: Review
    value: Figure


@dataclass(frozen=True)
class Succession:
    """An edition, the one it follows, and what that one printed (``None`` if it was never published)."""

    before: Edition
    now: Edition
    vintage: Vintage | None

    @cached_property
    def bridges(self) -> dict[str, Bridge]:
        """The market value at the horizon and each target's odds, base scenario, by name in a vintage."""
        causes = [cause for cause in _DIVIDED if self._differs(cause)]
        # The two ends are simulated as they are published.
        first, last = (outputs(open_group(edition, "base")) for edition in (self.before, self.now))
        results = {
            frozenset(taken): {name: figure.number for name, figure in end.items()}
            for taken, end in (((), first), (causes, last))
        }

        assumed = outputs(open_group(self._as_assumed, "base")) if self.retyped else first

        def result(name: str, taken: frozenset[str]) -> float:
            if taken not in results:
                results[taken] = self._between(taken)
            return results[taken][name]

        found = {}
        for name, then in first.items():
            shares = shapley_values(causes, partial(result, name))
            printed, now = then, last[name]
            unit = "points" if then.unit == "fraction" else then.unit
            how = "its part of the change, averaged over every order of the causes"
            steps = {
                cause: Figure(share, unit, CAUSES[cause], None, how, (then, now))
                for cause, share in shares.items()
            }
            if self.vintage is not None and name in self.vintage.outputs:
                printed = self.vintage.figure(name, then.label)
                how, made = "what today's code makes of the same inputs − what was printed", assumed[name]
                moved = Figure(made.number - printed.number, unit, CAUSES[CODE], None, how, (printed, made))
                steps = {CODE: moved, **steps}
            if self.retyped:
                how, made = "with what stands in the file now − with what the edition assumed", assumed[name]
                moved = Figure(then.number - made.number, unit, CAUSES[RETYPED], None, how, (made, then))
                steps[RETYPED] = moved
            ordered = tuple(Step(cause, steps[cause]) for cause in CAUSES if cause in steps)
            found[name] = Bridge(name, printed, now, ordered)
        return found

    @cached_property
    def retyped(self) -> Mapping[str, Driver]:
        """The base scenario's assumptions that the edition before had otherwise when it was published, as it
        had them; none where its vintage kept none.
        """
        drivers = self.before.drivers("base")
        kept = {} if self.vintage is None else self.vintage.assumptions
        return {
            name: replace(driver, low=was["low"], value=was["value"], high=was["high"])
            for name, driver in drivers.items()
            for was in [kept.get(name, {})]
            if any(getattr(driver, end) != number for end, number in was.items())
        }

    @property
    def _as_assumed(self) -> Edition:
        """The edition before with the assumptions that it had when it was published."""
        drivers = self.before.drivers("base")
        made = replace(self.before)
        made.keep_drivers("base", replace(drivers, by_name={**drivers.by_name, **self.retyped}))
        return made

    @property
    def near_forecasts(self) -> tuple[NearForecast, ...]:
        """What the edition before forecast for its next quarter, as printed where kept, and what came."""
        return tuple(self._printed(each) for each in near_forecasts(self.before, self.now))

    def _printed(self, made: NearForecast) -> NearForecast:
        kept = {} if self.vintage is None else self.vintage.outputs
        name = f"{FORECASTS}.{made.quarter}.{made.part}"
        if self.vintage is None or f"{name}.value" not in kept:
            return made
        ends = (
            self.vintage.figure(f"{name}.{end}", getattr(made, end).label) for end in ("low", "value", "high")
        )
        low, value, high = ends
        return replace(made, low=low, value=value, high=high)

    @property
    def looked(self) -> tuple[Looked, ...]:
        """The assumptions looked at since the edition before, those left as they were too."""
        found = []
        for scenario in self.now.scenarios():
            group = open_group(self.now, scenario)
            for name, driver in self.now.drivers(scenario).items():
                known = self.before.drivers(scenario)[name]
                for review in driver.reviews[len(known.reviews) :]:
                    if scenario != "base" and review in self.now.drivers("base")[name].reviews:
                        continue  # the look at base, which this scenario follows
                    moved = 0.0
                    if review.changes:
                        passed = driver.reviews[-1].value - driver.value  # of years that run from a day
                        ends = (review.before - passed, review.value - passed)
                        without, with_it = (with_drivers(group, {name: each}) for each in ends)
                        at = group.index_of(group.horizon_year)
                        moved = float(with_it.values[at]) - float(without.values[at])
                    label = f"{driver.label}, what the look of {review.on} alone does to {group.horizon_year}"
                    made = (driver.figure, group.value_figure(group.horizon_year))
                    figure = Figure(moved, "usd_bn", label, None, "with it − without it", made)
                    found.append(Looked(scenario, driver, review, figure))
        return tuple(found)

    def _differs(self, cause: str) -> bool:
        """Whether a cause is another in the two editions; what is the same moves nothing and is not tried."""
        before, now = self.before, self.now
        if cause == "figures":
            return before.cutoff != now.cutoff
        if cause == "time":
            return (before.quarter, before.price_date) != (now.quarter, now.price_date)
        if cause == "price":
            return before.price.number != _price_in(before, now).number
        return any(
            _is_another(before.drivers(scenario)[name], driver)
            for scenario in now.scenarios()
            for name, driver in now.drivers(scenario).items()
        )

    def _between(self, taken: frozenset[str]) -> dict[str, float]:
        """The outputs with the causes in ``taken`` as they are now and the others as they were.

        From fewer draws than a published edition has, of distributions that have been made before; how
        widely sales have been missed follows from the figures alone.
        """
        figures, time, price, assumptions = (self._from(cause in taken) for cause in _DIVIDED)
        group = open_group(mixed(figures, time, price, assumptions), "base")
        odds = simulate_odds(
            group,
            points=POINTS,
            replicates=REPLICATES,
            stated=assumptions.once(_stated),
            spreads=growth_spreads(group, figures.once(all_misses)),
        )
        levels = {_ABOVE.format(each.name): each.value_usd_bn for each in group.edition.targets}
        return {
            _VALUE: float(group.values[group.index_of(group.horizon_year)]),
            **{name: float(odds.above(level).value[-1]) for name, level in levels.items()},
        }

    def _from(self, taken: bool) -> Edition:
        return self.now if taken else self.before


def _is_another(before: Driver, now: Driver) -> bool:
    """Whether an assumption was set anew: years that run from a day are fewer later on, and no news."""
    return before.set_on != now.set_on or (now.counted_from is None and before.value != now.value)


def outputs(group: Group) -> dict[str, Figure]:
    """The headline outputs by their names in a vintage."""
    odds = simulate_odds(group)
    chances = {_ABOVE.format(each.name): odds.odds_figure(each.name) for each in group.edition.targets}
    return {_VALUE: group.value_figure(group.horizon_year), **chances}


def _stated(edition: Edition) -> Mapping[str, Distribution]:
    """The distributions of an edition's assumptions, which take longer to make than to draw from."""
    group = open_group(edition, "base")
    plan = odds_plan(group, group.years[:1], stated_distributions(group))
    drawn = dict(zip(plan.names, plan.distributions, strict=True))
    return {name: drawn.get(name, Fixed(value)) for name, value in group.drivers.items()}


def _price_in(edition: Edition, priced: Edition) -> Figure:
    """The price of an edition in the shares of another, which a split may part."""
    later, earlier = sorted((edition, priced), key=lambda each: each.cutoff, reverse=True)
    ratio = later.shares_for_one(earlier.cutoff)
    if ratio == 1:
        return priced.price
    return priced.price * ratio if priced is later else priced.price / ratio


def mixed(figures: Edition, time: Edition, price: Edition, assumptions: Edition) -> Edition:
    """An edition whose figures, day of looking ahead, price and assumptions come from four editions."""
    record = replace(figures.record, price=_price_in(figures, price), price_date=time.price_date)
    made = replace(figures, record=record, seen_from=inputs.latest_period_end(time))
    for name in assumptions.scenarios():
        made.keep_drivers(name, assumptions.drivers(name))
    return made


def change(edition: Edition) -> Succession | None:
    """What led to an edition from the one before: the latest published, else the quarter before as rebuilt.

    ``None`` for the first edition there is.
    """
    published = [vintage for vintage in vintages(edition) if vintage.edition != edition.label]
    if published:
        return Succession(edition.earlier(published[-1].edition), edition, published[-1])
    before = quarters.add(edition.quarter, -1)
    if before not in edition_labels(edition.root):
        return None
    return Succession(edition.earlier(before), edition, None)


def compared(before: Edition, now: Edition) -> Succession:
    """What led from one edition to another, with what the first printed if it was published."""
    kept = {vintage.edition: vintage for vintage in vintages(before)}
    return Succession(before, now, kept.get(before.label))
