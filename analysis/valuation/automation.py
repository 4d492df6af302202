"""Warehouse automation by year: what the scenario's drivers save, what it costs, what that is worth.

Units are billions of orders, so that orders × dollars give USD billions. Money is in dollars of the day the
assumptions were made: the cost of an order is held constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.projection import robotics
from analysis.model.projection.growth import compound, s_curve
from analysis.valuation.group import Group

BILLION = 1e9
DRIVERS = (
    "robotics.units",
    "robotics.units_growth",
    "robotics.cost_per_unit",
    "robotics.saving",
    "robotics.adoption_ceiling",
    "robotics.midpoint",
    "robotics.steepness",
    "robotics.sites",
    "robotics.cost_per_site",
    "robotics.multiple",
    "tax.marginal",
)


@dataclass(frozen=True)
class Automation:
    """One year: ``savings`` of all that is automated, ``further`` those beyond today's."""

    units: Number
    adoption: Number
    adoption_now: Number
    savings: Number
    further: Number
    capital: Number
    value: Number


def automation_drivers(group: Group) -> dict[str, Figure]:
    """The scenario's assumptions on automation, by name."""
    return {name: group.driver(name) for name in DRIVERS}


def adoption(drivers: Mapping[str, Number], time: float) -> Number:
    """Share of orders through the new kind of site, ``time`` years after the latest quarter."""
    ceiling = drivers["robotics.adoption_ceiling"]
    return s_curve(time, drivers["robotics.midpoint"], drivers["robotics.steepness"], ceiling)


def units(drivers: Mapping[str, Number], time: float) -> Number:
    """Orders a year in billions, ``time`` years after the latest quarter."""
    return compound(drivers["robotics.units"] / BILLION, drivers["robotics.units_growth"], time)


def automation(drivers: Mapping[str, Number], time: float) -> Automation:
    """Savings, capital and value ``time`` years after the latest quarter, in USD billions.

    ``value`` is that of the further savings after tax, less the capital that buys them.

    >>> flat = {"robotics.units": 20e9, "robotics.units_growth": 0.0, "robotics.cost_per_unit": 4.0,
    ...         "robotics.saving": 0.25, "robotics.adoption_ceiling": 1.0, "robotics.midpoint": 5.0,
    ...         "robotics.steepness": 1.0, "robotics.sites": 100, "robotics.cost_per_site": 0.2,
    ...         "robotics.multiple": 10.0, "tax.marginal": 0.2}
    >>> automation(flat, 5.0).savings
    10.0
    """
    now, then = adoption(drivers, 0.0), adoption(drivers, time)
    handled, cost, saving = (
        units(drivers, time),
        drivers["robotics.cost_per_unit"],
        drivers["robotics.saving"],
    )
    further = robotics.further_savings(handled, cost, saving, then, now)
    capital = robotics.capital_cost(drivers["robotics.sites"], drivers["robotics.cost_per_site"], then, now)
    return Automation(
        units=handled,
        adoption=then,
        adoption_now=now,
        savings=robotics.annual_savings(handled, cost, saving, then),
        further=further,
        capital=capital,
        value=robotics.net_value(further, drivers["tax.marginal"], drivers["robotics.multiple"], capital),
    )


def site_savings(drivers: Mapping[str, Number], time: float) -> Number:
    """What one site of the new kind saves a year, in USD billions, if all sites share the orders alike."""
    cost, saving = drivers["robotics.cost_per_unit"], drivers["robotics.saving"]
    return robotics.annual_savings(units(drivers, time), cost, saving, 1.0) / drivers["robotics.sites"]


def label_automation(year: int, scenario: str, found: Automation) -> Automation:
    """The same year with its figures under labels and units for a page."""
    when = f"in {year}, {scenario} scenario"
    return Automation(
        found.units.named(f"Billions of orders {when}", "number1"),
        found.adoption.named(f"Share of orders automated {when}", "fraction"),
        found.adoption_now.named("Share of orders automated today, assumed", "fraction"),
        found.savings.named(f"Savings of automation {when}", "usd_bn"),
        found.further.named(f"Savings beyond today's {when}", "usd_bn"),
        found.capital.named(f"Capital to automate further, to {year}, {scenario} scenario", "usd_bn"),
        found.value.named(f"Value of the further savings less their capital {when}", "usd_bn"),
    )
