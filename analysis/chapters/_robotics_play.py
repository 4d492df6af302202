"""The calculator of the page on warehouse automation."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.projection import robotics
from analysis.model.projection.growth import s_curve
from analysis.valuation.automation import automation_drivers, units
from analysis.valuation.group import Group

SHOWN = 11  # years in the chart, so that each still carries its value


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for orders, cost, saving and the S-curve: savings, capital, payback and value."""
    presets = {name: preset(groups[name]) for name in groups}
    start, year = presets[group.scenario], group.horizon_year
    drivers = {name: figure.number for name, figure in automation_drivers(group).items()}
    rules = Rules(group.exit_years, drivers)
    growth = drivers["robotics.units_growth"]

    def chart(params: Mapping[str, Number]) -> object:
        path = {}
        for when, time in list(zip(group.years, group.times, strict=True))[-SHOWN:]:
            share = s_curve(time, params["midpoint"], params["steepness"], params["ceiling"])
            handled = params["orders"] * (1 + growth) ** (time - group.exit_years)
            path[str(when)] = robotics.annual_savings(handled, params["cost"], params["saving"], share)
        return steered.columns(path)

    saved = show(rules.further(**{k: v for k, v in start.items() if k in rules.SAVINGS}), "usd_bn")
    return Calculator(
        "What automation could save and be worth",
        _sliders(start, year),
        [
            Output("adoption", f"Orders automated in {year}", "fraction", rules.adoption),
            Output("further", f"Savings beyond today's in {year}", "usd_bn", rules.further),
            Output("capital", "Capital to get there", "usd_bn", rules.capital),
            Output("payback", "Payback", "years", rules.payback),
            Output("value", "Worth after tax, less capital", "usd_bn", rules.value),
        ],
        presets,
        chart,
        f"Columns of savings by year: in {year} {saved} beyond today's in the {group.scenario} scenario.",
        source="scenarios of this report",
    )


class Rules:
    """The kernels of :mod:`analysis.model.projection.robotics` as functions of the sliders."""

    SAVINGS = ("orders", "cost", "saving", "midpoint", "steepness", "ceiling")

    def __init__(self, years: float, drivers: Mapping[str, float]) -> None:
        self._years, self._drivers = years, drivers

    def adoption(self, midpoint: Number, steepness: Number, ceiling: Number) -> Number:
        """Share of orders automated in the targets' year."""
        return s_curve(self._years, midpoint, steepness, ceiling)

    def further(
        self,
        orders: Number,
        cost: Number,
        saving: Number,
        midpoint: Number,
        steepness: Number,
        ceiling: Number,
    ) -> Number:
        """Savings of that year beyond those of today's share of orders."""
        return robotics.further_savings(orders, cost, saving, *self._shares(midpoint, steepness, ceiling))

    def capital(self, site: Number, midpoint: Number, steepness: Number, ceiling: Number) -> Number:
        """What raising the share costs, at ``site`` billion dollars a site."""
        then, now = self._shares(midpoint, steepness, ceiling)
        return robotics.capital_cost(self._drivers["robotics.sites"], site, then, now)

    def _shares(self, midpoint: Number, steepness: Number, ceiling: Number) -> tuple[Number, Number]:
        """Shares of orders automated in the targets' year and today."""
        return self.adoption(midpoint, steepness, ceiling), s_curve(0.0, midpoint, steepness, ceiling)

    def payback(
        self,
        orders: Number,
        cost: Number,
        saving: Number,
        midpoint: Number,
        steepness: Number,
        ceiling: Number,
        site: Number,
    ) -> Number:
        """Years in which the savings repay the capital."""
        spent = self.capital(site, midpoint, steepness, ceiling)
        return robotics.payback_years(spent, self.further(orders, cost, saving, midpoint, steepness, ceiling))

    def value(
        self,
        orders: Number,
        cost: Number,
        saving: Number,
        midpoint: Number,
        steepness: Number,
        ceiling: Number,
        site: Number,
        multiple: Number,
    ) -> Number:
        """Worth of the savings after tax, less the capital."""
        found = self.further(orders, cost, saving, midpoint, steepness, ceiling)
        spent = self.capital(site, midpoint, steepness, ceiling)
        return robotics.net_value(found, self._drivers["tax.marginal"], multiple, spent)


def preset(group: Group) -> dict[str, float]:
    """A scenario's values of the sliders in the targets' year; orders in billions."""
    drivers = {name: figure.number for name, figure in automation_drivers(group).items()}
    return {
        "orders": float(units(drivers, group.exit_years)),
        "cost": drivers["robotics.cost_per_unit"],
        "saving": drivers["robotics.saving"],
        "ceiling": drivers["robotics.adoption_ceiling"],
        "midpoint": drivers["robotics.midpoint"],
        "steepness": drivers["robotics.steepness"],
        "site": drivers["robotics.cost_per_site"],
        "multiple": drivers["robotics.multiple"],
    }


def _sliders(start: Mapping[str, float], year: int) -> list[Slider]:
    most = float(round(2 * start["orders"], -1))
    return [
        Slider("orders", f"Orders in {year}, billions", "number1", 0.5, most, 0.5, start["orders"]),
        Slider("cost", "Cost of an order by hand", "usd", 0.5, 3 * start["cost"], 0.1, start["cost"]),
        Slider("saving", "Share of it saved", "fraction", 0.01, 0.6, 0.01, start["saving"]),
        Slider("ceiling", "Ceiling of adoption", "fraction", 0.05, 1.0, 0.05, start["ceiling"]),
        Slider("midpoint", "Years to half of the ceiling", "years", 0.5, 12.0, 0.5, start["midpoint"]),
        Slider("steepness", "Steepness of adoption", "number", 0.2, 2.0, 0.1, start["steepness"]),
        Slider("site", "Cost of a site", "usd_bn2", 0.05, 0.6, 0.01, start["site"]),
        Slider("multiple", "Value over savings after tax", "x1", 1.0, 40.0, 0.5, start["multiple"]),
    ]
