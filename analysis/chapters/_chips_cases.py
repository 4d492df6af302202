"""Own chips in the targets' year in three cases, and what reserved accelerators cost: the page's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from analysis.chapters.page import Unavailable
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.figures import Figure
from analysis.valuation.group import Group
from analysis.valuation.inputs import joint_ends
from analysis.valuation.own_chips import OwnChips, aws_cost, chip_drivers, own_chips

PRICE = "capacity_block_price_per_accelerator_hour"
# Instances with the accelerator that each rents out, own chips first.
INSTANCES = {
    "EC2 trn1.32xlarge": "Trainium1",
    "EC2 p4d.24xlarge": "Nvidia A100",
    "EC2 p5.48xlarge": "Nvidia H100",
    "EC2 p5e.48xlarge": "Nvidia H200",
}
RIVAL = "EC2 p5.48xlarge"
# Drivers that lower the saving kept, and the one that is left where it is in the joint cases.
LOWERS = frozenset({"chips.midpoint", "chips.passed_on"})
FIXED = frozenset({"chips.steepness"})


def at_horizon(group: Group, drivers: Mapping[str, Figure]) -> OwnChips:
    """Own chips in the targets' year under the given drivers."""
    return own_chips(aws_cost(group, group.horizon_year), drivers, group.exit_years)


def all_at(group: Group, better: bool) -> dict[str, Figure]:
    """All drivers of the saving together at their favourable or unfavourable ends."""
    drivers = group.edition.drivers(group.scenario)
    return joint_ends(drivers, chip_drivers(group), better=better, lowers=LOWERS, fixed=FIXED)


def prices_table(edition: Edition) -> Table | Unavailable:
    """Prices of reserved capacity, by instance and by accelerator."""
    rows = []
    for instance, chip in INSTANCES.items():
        try:
            block = edition.latest("chips", entity=instance, metric="capacity_block_price_per_hour")
            each = edition.latest("chips", entity=instance, metric=PRICE)
        except AbsentFigure:
            continue
        count = (block / each).named("Accelerators in the instance", "count")
        row = {
            "instance": instance.removeprefix("EC2 "),
            "chip": chip,
            "block": block,
            "each": each,
            "count": count,
        }
        rows.append(row)
    if not rows:
        return Unavailable("prices of EC2 capacity blocks")
    columns = [
        Column("chip", "Accelerator"),
        Column("each", "Per hour", "usd"),
        Column("count", "Per instance", "count"),
        Column("block", "Instance-hour", "usd"),
        Column("instance", "Instance"),
    ]
    return Table(pd.DataFrame(rows), columns, "Price of reserved capacity (EC2 Capacity Blocks)")


def cases_table(group: Group) -> Table:
    """The steps from advantage to saving kept, with all drivers low, as assumed, and high."""
    cases = {"low": all_at(group, False), "assumed": chip_drivers(group), "high": all_at(group, True)}
    years = {case: at_horizon(group, drivers) for case, drivers in cases.items()}
    items: dict[str, Callable[[str], Figure]] = {
        "Advantage": lambda case: cases[case]["chips.advantage"],
        "Saving on the same work": lambda case: years[case].saving,
        "Share on own chips": lambda case: years[case].own_share,
        "Accelerated computing in AWS's cost": lambda case: cases[case]["chips.compute_share_of_cost"],
        "Cost avoided": lambda case: years[case].avoided,
        "Passed on to customers": lambda case: cases[case]["chips.passed_on"],
        "Saving kept": lambda case: years[case].kept,
    }
    units = {"Cost avoided": "usd_bn", "Saving kept": "usd_bn"}
    rows = [
        {"item": item, **{c: make(c).named(f"{item}, {c} case", units.get(item, "fraction")) for c in cases}}
        for item, make in items.items()
    ]
    columns = [Column("item", f"In {group.horizon_year}")]
    columns += [Column(case, case.capitalize(), "figure") for case in cases]
    return Table(pd.DataFrame(rows), columns, "Own chips, all drivers together at their ends")
