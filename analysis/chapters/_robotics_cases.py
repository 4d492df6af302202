"""Automation in three cases, what others expect of it, and how soon a site pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.chapters._words import end_of_range
from analysis.chapters.page import Unavailable
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, total
from analysis.formats import percent
from analysis.model.projection.robotics import annual_savings, payback_years
from analysis.valuation.automation import automation, automation_drivers, site_savings, units
from analysis.valuation.group import Group
from analysis.valuation.inputs import joint_ends

# Drivers that lower the savings, and those that are left where they are in the joint cases.
LOWERS = frozenset({"robotics.midpoint"})
FIXED = frozenset(
    {"robotics.steepness", "robotics.sites", "robotics.cost_per_site", "robotics.multiple", "tax.marginal"}
)
MILLIONS = 1000.0  # of dollars in a billion


def all_at(group: Group, better: bool) -> dict[str, Figure]:
    """All drivers of the savings together at their favourable or unfavourable ends."""
    drivers = group.edition.drivers(group.scenario)
    return joint_ends(drivers, automation_drivers(group), better=better, lowers=LOWERS, fixed=FIXED)


def time_to(edition: Edition, year: int) -> float:
    """Years from the edition's latest quarter to the end of a calendar year; a year that is over is today."""
    return max(quarters.distance(edition.quarter, f"{year}Q4"), 0) / 4


def stated(edition: Edition, entity: str, metric: str, period: str) -> Figure:
    """One observation of the series on robotics; raises ``AbsentFigure``."""
    return edition.observation("robotics", entity=entity, metric=metric, period=period)


def savings_in(group: Group, year: int) -> Figure:
    """The scenario's savings of automation in a calendar year, in usd_bn."""
    found: Figure = automation(automation_drivers(group), time_to(group.edition, year)).savings
    return found.named(f"Savings of automation in {year}, {group.scenario} scenario", "usd_bn")


def savings_at(group: Group, year: int, share: Figure | float) -> Figure:
    """The scenario's savings in a year if ``share`` of orders were automated then."""
    drivers, time = automation_drivers(group), time_to(group.edition, year)
    cost, saving = drivers["robotics.cost_per_unit"], drivers["robotics.saving"]
    found: Figure = annual_savings(units(drivers, time), cost, saving, share)
    return found.named(f"Savings in {year} at that share of orders", "usd_bn")


def savings_over(group: Group, years: Sequence[int]) -> Figure:
    """The scenario's savings of several calendar years together."""
    parts = [savings_in(group, year) for year in years]
    return total(parts, f"Savings of automation, {years[0]} to {years[-1]}")


def period_of(edition: Edition, metric: str) -> str:
    """The latest period that an estimate of Amazon's automation is for; raises ``AbsentFigure``."""
    frame = edition.observations("robotics")
    chosen = frame[(frame["entity"] == "Amazon") & (frame["metric"] == metric)]
    if chosen.empty:
        raise AbsentFigure(f"robotics: no {metric} is public")
    return str(chosen["period"].iloc[-1])


@dataclass(frozen=True)
class Estimate:
    """Somebody's range for savings, and the scenario's figure for the same thing."""

    who: str
    what: str
    low: Figure
    high: Figure
    ours: Figure


def bank_estimate(group: Group, metric: str) -> Estimate:
    """A bank's yearly savings at a share of orders; raises ``AbsentFigure``."""
    year = period_of(group.edition, f"{metric}_low")
    low, high, share = (
        stated(group.edition, "Amazon", f"{metric}_{part}", year)
        for part in ("low", "high", "share_of_orders")
    )
    what = f"Savings in {year} with {percent(share.number, 0)} of orders in new sites"
    return Estimate("A bank", what, low, high, savings_at(group, int(year), share))


def leaked_estimate(group: Group) -> Estimate:
    """The leaked plan's savings of some years together; raises ``AbsentFigure``."""
    period = period_of(group.edition, "savings_cumulative")
    first, last = (int(year) for year in period.split("-"))
    plan = stated(group.edition, "Amazon", "savings_cumulative", period)
    ours = savings_over(group, range(first, last + 1))
    return Estimate("Leaked plan", f"Savings of {first} to {last} together", plan, plan, ours)


def leaked_per_item(group: Group) -> Estimate:
    """The leaked plan's saving on an item, beside the scenario's on an order; raises ``AbsentFigure``."""
    item = stated(group.edition, "Amazon", "saving_per_item", period_of(group.edition, "saving_per_item"))
    return Estimate("Leaked plan", "Saving on an item, the scenario's on an order", item, item,
                    saving_per_order(group))  # fmt: skip


def estimates(group: Group) -> list[Estimate]:
    """All estimates that are public, each on the scenario's terms too."""
    makers: tuple[Callable[[], Estimate], ...] = (
        lambda: bank_estimate(group, "annual_savings"),
        lambda: bank_estimate(group, "annual_savings_25pct"),
        lambda: leaked_estimate(group),
        lambda: leaked_per_item(group),
    )
    found = []
    for make in makers:
        try:
            found.append(make())
        except AbsentFigure:
            continue
    return found


def estimates_table(group: Group) -> Table | Unavailable:
    """What others expect, beside the scenario's figure for the same thing."""
    rows = [vars(estimate) for estimate in estimates(group)]
    if not rows:
        return Unavailable("estimates of what automation saves, made since the middle of 2025")
    columns = [
        Column("who", "Whose"),
        Column("what", "Of what"),
        Column("low", "Low", "figure"),
        Column("high", "High", "figure"),
        Column("ours", "Scenario", "figure"),
    ]
    return Table(pd.DataFrame(rows), columns, "Others' estimates, and the scenario on the same terms")


def saving_per_order(group: Group) -> Figure:
    """What is saved on one automated order, in dollars."""
    product = group.driver("robotics.cost_per_unit") * group.driver("robotics.saving")
    return product.named("Saving on an automated order", "usd")


def payback(group: Group, cost: Figure) -> Figure:
    """Years in which one site of that cost (usd_bn) pays for itself, undiscounted."""
    savings = site_savings(automation_drivers(group), group.exit_years)
    found: Figure = payback_years(cost, savings)
    return found.named("Years to pay back one site", "years")


def site_numbers(group: Group) -> dict[str, Figure]:
    """What one site costs and how soon it pays, as assumed and at the dear end of the range."""
    dear = end_of_range(group.edition.drivers(group.scenario)["robotics.cost_per_site"], "high")
    cost = group.driver("robotics.cost_per_site")
    return {
        "site_cost": cost.to("usd_m").named("Cost of one site, assumed"),
        "site_years": payback(group, cost),
        "dear_cost": dear.to("usd_m").named("Cost of one site, high end of its range"),
        "dear_years": payback(group, dear).named("Years to pay back one site at the high end"),
    }


def sites_table(group: Group) -> Table:
    """Cost, yearly saving and payback of a site: as assumed, and at a bank's costs."""
    edition = group.edition
    saving: Figure = site_savings(automation_drivers(group), group.exit_years)
    saving = saving.named(f"Saving of one site in {group.horizon_year}", "usd_bn")
    costs: dict[str, Callable[[], Figure]] = {
        "As assumed": lambda: group.driver("robotics.cost_per_site"),
        "Rebuilt, a bank's figure": lambda: stated(edition, "Next-gen FC", "retrofit_cost", "2025"),
        "New, a bank's figure": lambda: stated(edition, "Next-gen FC", "new_build_cost", "2025"),
    }
    rows = []
    for site, make in costs.items():
        try:
            cost = make()
        except AbsentFigure:
            continue
        in_bn = cost if cost.unit == "usd_bn" else cost.to("usd_bn")
        rows.append(
            {
                "site": site,
                "cost": in_bn * MILLIONS,
                "saving": saving * MILLIONS,
                "years": payback(group, in_bn),
            }
        )
    frame = pd.DataFrame(rows).assign(
        cost=lambda f: [c.named("Cost of one site", "usd_m") for c in f["cost"]],
        saving=lambda f: [s.named("Saving of one site a year", "usd_m") for s in f["saving"]],
    )
    columns = [
        Column("site", "Site"),
        Column("cost", "Cost", "usd_m"),
        Column("saving", "Saving a year", "usd_m"),
        Column("years", "Payback", "years"),
    ]
    return Table(frame, columns, f"One site in {group.horizon_year}")


def plain(drivers: Mapping[str, Figure]) -> dict[str, float]:
    """The drivers as numbers."""
    return {name: figure.number for name, figure in drivers.items()}
