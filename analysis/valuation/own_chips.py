"""Own chips inside the projected AWS: what they save in a year, what of it is kept, what that is worth.

The cost of accelerated computing in the projection is what AWS spends with its own chips in the mix. The
same work on bought chips alone would cost ``cost ÷ (1 − own share × saving)``; from there
:func:`analysis.model.projection.chips.cost_avoided` leads to the saving. Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.projection import chips
from analysis.model.projection.growth import s_curve
from analysis.valuation.group import Group

DRIVERS = (
    "chips.advantage",
    "chips.compute_share_of_cost",
    "chips.share_ceiling",
    "chips.midpoint",
    "chips.steepness",
    "chips.passed_on",
)


@dataclass(frozen=True)
class OwnChips:
    """One year of own chips: each entry a figure, or a number where the drivers are numbers."""

    compute_cost: Number
    own_share: Number
    saving: Number
    bought_cost: Number
    avoided: Number
    kept: Number


def chip_drivers(group: Group) -> dict[str, Figure]:
    """The scenario's assumptions on own chips, by name."""
    return {name: group.driver(name) for name in DRIVERS}


def aws_cost(group: Group, year: int) -> Figure:
    """What AWS costs to run in a projected year: sales less operating income, in usd_bn."""
    part, index = group.projection.parts["aws"], group.index_of(year)
    label = f"AWS's operating cost in {year}, {group.scenario} scenario"
    cost = part.sales[index] - part.operating_income[index]
    formula = "projected sales − projected operating income"
    return group.result(cost, "usd_bn", label, formula, "aws.growth_change", "aws.margin_change")


def own_share(drivers: Mapping[str, Number], time: float) -> Number:
    """The share of accelerated computing on own chips, ``time`` years after the latest quarter."""
    return s_curve(
        time, drivers["chips.midpoint"], drivers["chips.steepness"], drivers["chips.share_ceiling"]
    )


def own_chips(cost: Number, drivers: Mapping[str, Number], time: float) -> OwnChips:
    """What own chips save in a year in which AWS costs ``cost``, ``time`` years from the latest quarter.

    >>> flat = {"chips.advantage": 0.25, "chips.compute_share_of_cost": 0.5, "chips.share_ceiling": 1.0,
    ...         "chips.midpoint": 5.0, "chips.steepness": 1.0, "chips.passed_on": 0.5}
    >>> year = own_chips(180.0, flat, 5.0)
    >>> round(year.bought_cost, 9), round(year.avoided, 9), round(year.kept, 9)
    (100.0, 10.0, 5.0)
    """
    share, saving = own_share(drivers, time), chips.saving_from_advantage(drivers["chips.advantage"])
    compute = cost * drivers["chips.compute_share_of_cost"]
    bought = on_bought_chips(compute, share, saving)
    avoided = chips.cost_avoided(bought, share, drivers["chips.advantage"])
    return OwnChips(
        compute, share, saving, bought, avoided, chips.savings_kept(avoided, drivers["chips.passed_on"])
    )


def on_bought_chips(cost: Number, share: Number, saving: Number) -> Number:
    """What work that costs ``cost`` with a share of it on own chips would cost on bought ones alone."""
    return cost / (1 - share * saving)


def label_own_chips(year: int, scenario: str, found: OwnChips) -> OwnChips:
    """The same year with its figures under labels and units for a page."""
    when = f"in {year}, {scenario} scenario"
    return OwnChips(
        found.compute_cost.named(f"AWS's cost of accelerated computing {when}", "usd_bn"),
        found.own_share.named(f"Share of accelerated computing on own chips {when}", "fraction"),
        found.saving.named("Cost saving on the same work", "fraction"),
        found.bought_cost.named(f"The same work on bought chips {when}", "usd_bn"),
        found.avoided.named(f"Cost avoided by own chips {when}", "usd_bn"),
        found.kept.named(f"Saving kept by AWS {when}", "usd_bn"),
    )
