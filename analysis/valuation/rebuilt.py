"""Past editions rebuilt: what the report would have said then, by the rules and judgements it has now.

Only figures public at each cut-off are used, and of the looks at an assumption those taken by then. The
judgements that the scenario began with (multiples, stable growth, the cost of capital) were set with later
years in view: a rebuilt edition is no forecast that was made, and is never kept as a vintage.

Its odds are simulated twice: by those judgements, and with the multiples and the stable growth that the
edition could have taken from its own day (:func:`known_then`). How far prices swing is measured by each
cut-off in both. What has no measure of then stays as it is: how far margins, taxes and spending move and how
long growth fades, how the ways to value are weighted, how long swings last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, kernel_result
from analysis.model.odds.distributions import Distribution, Fixed
from analysis.model.parts.market_value import MULTIPLES
from analysis.model.projection.segments import FORMULAS, project
from analysis.valuation import odds
from analysis.valuation.backtest import FIRST_EDITION, past_edition
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.inputs import capital_expenditure, ttm
from analysis.valuation.odds import Odds
from analysis.valuation.spreads import Misses, all_misses, growth_spreads

POINTS, REPLICATES = 1024, 8
"""Draws for a rebuilt edition's odds: fewer than today's edition has, which is enough here."""
ITEMS: Mapping[str, str] = {
    "sales": "Net sales",
    "operating_income": "Operating income",
    "capex": "Capital expenditure",
}
STABLE_GROWTH = ("aws.growth_stable", "advertising.growth_stable", "stores.growth_stable")


@dataclass(frozen=True)
class Rebuilt:
    """One past edition under the base scenario, and its simulated odds.

    ``known`` are the odds with what :func:`known_then` says.
    """

    group: Group
    odds: Odds
    known: Odds

    @property
    def edition(self) -> Edition:
        """The edition as it was."""
        return self.group.edition

    @cached_property
    def value(self) -> Figure:
        """The base scenario's market value at the targets' horizon."""
        return self.group.value_figure(self.group.horizon_year)


@dataclass(frozen=True)
class YearForecast:
    """A calendar year's amount projected by an edition, and what was reported; in usd_bn."""

    edition: str
    year: int
    item: str
    forecast: Figure
    actual: Figure

    @property
    def error(self) -> Figure:
        """Forecast less actual as a share of the actual."""
        label = f"{ITEMS[self.item]} {self.year} as projected in {self.edition}, against reported"
        return (self.forecast / self.actual - 1).named(label, "fraction")


def rebuilt_editions(edition: Edition) -> tuple[Rebuilt, ...]:
    """Every quarter's edition since :data:`FIRST_EDITION` that was out before this one, oldest first."""
    labels = quarters.span(FIRST_EDITION, quarters.add(edition.quarter, -1))
    if not labels:
        return ()
    tables: dict[object, Mapping[str, Distribution]] = {}
    misses = edition.once(all_misses)
    past = [past_edition(edition, label) for label in labels]
    return tuple(_rebuilt(each, (*past, edition), tables, misses) for each in past)


def known_then(group: Group, editions: Sequence[Edition]) -> dict[str, Figure]:
    """Multiples and stable growth that were set later, as an edition could have taken them from its own day.

    A multiple of profit is in proportion to the company's own price-to-sales: ``value × own multiple then ÷
    own multiple when it was set``. Stable growth is as far from the yield of ten-year Treasuries, which
    stands for the growth of the economy in money: ``value + yield then − yield when it was set``. Empty where
    the edition knew these judgements. ``editions`` are those to compare with, oldest first, the present one
    last: what was set after that counts as set on its cut-off.
    """
    edition, present, found = group.edition, editions[-1], {}
    for name in (*MULTIPLES, *STABLE_GROWTH):
        own = edition.drivers(group.scenario)[name]
        is_set = min(own.set_on, present.cutoff)
        if edition.cutoff >= is_set:
            continue
        (*_, later) = (each for each in editions if each.cutoff <= is_set)
        if name in MULTIPLES:
            moved = own.figure * _price_to_sales(edition) / _price_to_sales(later)
        else:
            moved = own.figure + _bond_yield(edition) - _bond_yield(later)
        found[name] = moved.named(f"{own.label}, by what was known at {edition.label}", own.unit)
    return found


def _price_to_sales(edition: Edition) -> Figure:
    return edition.market_value / ttm(edition, "income.net_sales")


def _bond_yield(edition: Edition) -> Figure:
    return edition.latest("rates", entity="United States", metric="treasury_10y_yield")


def year_forecasts(edition: Edition, past: tuple[Rebuilt, ...]) -> tuple[YearForecast, ...]:
    """What editions at the end of a year projected for the years since, against what was reported."""
    made = (each for each in past if each.edition.quarter.endswith("Q4"))
    return tuple(forecast for each in made for forecast in _years(edition, each.group))


def _years(edition: Edition, group: Group) -> Iterator[YearForecast]:
    for place, year in enumerate(group.years):
        for item in ITEMS:
            actual = _actual(edition, item, year)
            if actual is not None:
                made = getattr(group.traced.projection, item)[place]
                label = f"{ITEMS[item]} {year} as projected in {group.edition.label}"
                forecast = kernel_result(made, label, "usd_bn", project, FORMULAS[item])
                yield YearForecast(group.edition.label, year, item, forecast, actual)


def _actual(edition: Edition, item: str, year: int) -> Figure | None:
    try:
        if item == "capex":
            return capital_expenditure(edition, f"{year}Q4")
        name = {"sales": "net_sales"}.get(item, item)
        return edition.year(f"income.{name}", year).to("usd_bn")
    except AbsentFigure:
        return None


def _rebuilt(
    edition: Edition,
    editions: Sequence[Edition],
    tables: dict[object, Mapping[str, Distribution]],
    misses: Misses,
) -> Rebuilt:
    """One edition under the assumptions that it knew; ``tables`` keeps the distributions of each set."""
    group = open_group(edition, "base")
    drawn = {name: driver for name, driver in edition.drivers("base").items() if driver.distribution}
    known = tuple((name, driver.low, driver.value, driver.high) for name, driver in drawn.items())
    if known not in tables:
        tables[known] = _tables(group)
    stated = {name: tables[known].get(name, Fixed(value)) for name, value in group.drivers.items()}
    spreads = growth_spreads(group, misses)

    def simulated(company: Group) -> Odds:
        return odds.simulate_odds(
            company, points=POINTS, replicates=REPLICATES, stated=stated, spreads=spreads
        )

    then, found = known_then(group, editions), simulated(group)
    return Rebuilt(group, found, simulated(with_drivers(group, then)) if then else found)


def _tables(group: Group) -> dict[str, Distribution]:
    """The distributions drawn, made once: their tables take longer than the draws of one edition."""
    plan = odds.odds_plan(group, group.years[:1], odds.stated_distributions(group))
    return dict(zip(plan.names, plan.distributions, strict=True))
