"""The risks page: each risk as a shock to drivers, what it costs, and what would show it coming."""

from __future__ import annotations

import math
from functools import partial
from html import escape

import pandas as pd

from analysis.chapters._driver_names import worded
from analysis.chapters.page import Page
from analysis.charts import risks as charts
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.figures import Figure, computed, text
from analysis.formats import show
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.risks import MEASURES, Priced, all_at_once, priced

WORST = 3


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: its risks priced against the scenario."""
    group = open_group(edition, scenario)
    found = priced(group)
    return Page(
        "risks",
        {**_answer(group, found), **_sizes(group, found), **_signs(found), **_together(group, found)},
        {
            "costs": partial(_costs_chart, group, found),
            "left": partial(_left_chart, group, found),
            "paths": partial(_paths_chart, group, found),
        },
        {
            "changes": partial(_changes_table, group, found),
            "signs": partial(_signs_table, group, found),
            "claims": partial(claims_for, edition, "risks"),
        },
    )


# --- Numbers -------------------------------------------------------------------------------------


def _answer(group: Group, found: list[Priced]) -> dict[str, Figure]:
    worst, least = found[0], found[-1]
    cost = worst.cost_figure()
    value = group.value_figure(group.horizon_year)
    reached = [t.name for t in group.edition.targets if value.number >= t.value_usd_bn]
    return {
        "scenario": text(group.scenario, "Scenario of this page"),
        "horizon": text(str(group.horizon_year), "Year at whose end the targets are asked for"),
        "count": computed(float(len(found)), "count", "Risks priced", "entries of data/risks.yml"),
        "value": value,
        "verdict": text(
            f"above ${reached[-1]}" if reached else f"below ${group.edition.targets[0].name}",
            "The scenario's value against the targets",
            value,
        ),
        "worst": text(_lower(worst.risk.name), "The costliest risk", cost),
        "worst_cost": (-1 * cost).named(f"Cost of: {worst.risk.name}", "usd_bn"),
        "worst_share": computed(
            -worst.share,
            "fraction",
            "Cost of the costliest risk as a share of the value",
            "cost ÷ value",
            cost,
        ),
        "worst_left": computed(
            worst.value, "usd_bn", f"Market value with: {worst.risk.name}", "value + cost", value, cost
        ),
        "second": text(_lower(found[1].risk.name), "The second costliest risk", found[1].cost_figure()),
        "second_cost": (-1 * found[1].cost_figure()).named(f"Cost of: {found[1].risk.name}", "usd_bn"),
        "least": text(_lower(least.risk.name), "The least costly risk", least.cost_figure()),
        "least_cost": (-1 * least.cost_figure()).named(f"Cost of: {least.risk.name}", "usd_bn"),
    }


def _together(group: Group, found: list[Priced]) -> dict[str, Figure]:
    """The worst risks at once, against the sum of their costs one by one."""
    year, some = group.horizon_year, found[:WORST]
    both = all_at_once(group, [each.risk for each in some])
    value = both.values[both.index_of(year)]
    costs = [each.cost_figure() for each in some]
    lost = computed(
        group.values[group.index_of(year)] - value,
        "usd_bn",
        f"Cost of the {WORST} costliest risks at once",
        "value of the scenario − value with all their changes",
        *costs,
    )
    apart = computed(
        -sum(each.cost for each in some),
        "usd_bn",
        f"Sum of the costs of the {WORST} costliest risks",
        " + ".join(cost.label for cost in costs),
        *costs,
    )
    less = lost.number < apart.number
    reason = (
        "since a smaller profit has less to lose from a lower multiple"
        if less
        else "since each makes the others worse"
    )
    return {
        "all_left": _all_left(group, found),
        "together_reason": text(reason, "Why the cost at once differs from the sum", lost, apart),
        "together": lost,
        "apart": apart,
        "together_word": text("less" if less else "more", "Cost at once against the sum", lost, apart),
        "together_left": computed(
            float(value), "usd_bn", f"Market value with the {WORST} costliest risks", "value − cost", lost
        ),
        "worst_count": computed(float(WORST), "count", "Risks taken at once", "the costliest of the list"),
    }


def _all_left(group: Group, found: list[Priced]) -> Figure:
    everything, year = all_at_once(group, [each.risk for each in found]), group.horizon_year
    left = float(everything.values[everything.index_of(year)])
    label = f"Market value at the end of {year} with all risks at once"
    costs = [each.cost_figure() for each in found]
    return computed(left, "usd_bn", label, "value with all changes", *costs)


def _sizes(group: Group, found: list[Priced]) -> dict[str, Figure]:
    """How many changes of drivers the risks make, and how many stay within the driver's own range."""
    drivers = group.edition.drivers(group.scenario)
    ends = [
        (drivers[name], change.applied(drivers[name].value))
        for each in found
        for name, change in each.risk.changes.items()
    ]
    within = sum(driver.low - 1e-9 <= after <= driver.high + 1e-9 for driver, after in ends)
    inputs = [each.cost_figure() for each in found]
    return {
        "moves": computed(float(len(ends)), "count", "Changes of drivers in all risks", "counted", *inputs),
        "within": computed(
            float(within), "count", "Of these, within the driver's own range", "counted", *inputs
        ),
    }


def _signs(found: list[Priced]) -> dict[str, Figure]:
    """The costliest risk's own sign: what the scenario expects next, and what the shock would show."""
    worst = next(each for each in found if not math.isnan(each.sign[0]))
    measure, (expected, warned) = MEASURES[worst.risk.sign], worst.sign
    year, cost = worst.group.years[0], worst.cost_figure()
    label = f"{measure.label} in {year}"
    formula = "first year of the projection"
    return {
        "sign": text(measure.label, "The measure in which the costliest risk would show", cost),
        "sign_year": text(str(year), "First projected year"),
        "sign_expected": computed(expected, measure.unit, f"{label}, {worst.group.scenario}", formula, cost),
        "sign_warned": computed(warned, measure.unit, f"{label}, under the shock", formula, cost),
    }


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


# --- Charts and tables ---------------------------------------------------------------------------


def _source(group: Group) -> Sources:
    source: Sources = [group.edition.market_value, "scenarios and risks of this report"]
    return source


def _targets(edition: Edition) -> dict[str, float]:
    return {f"${target.name}": target.value_usd_bn for target in edition.targets}


def _costs_chart(group: Group, found: list[Priced]) -> ChartFigure:
    data = pd.DataFrame({"risk": [p.risk.short for p in found], "cost": [p.cost for p in found]})
    return charts.costs(data, group.horizon_year, _source(group))


def _left_chart(group: Group, found: list[Priced]) -> ChartFigure:
    value = float(group.values[group.index_of(group.horizon_year)])
    data = pd.DataFrame(
        {"risk": [p.risk.short for p in found], "shocked": [p.value for p in found], "scenario": value}
    )
    edition = group.edition
    return charts.left(
        data, value, group.horizon_year, _targets(edition), edition.market_value.number, _source(group)
    )


def _paths_chart(group: Group, found: list[Priced]) -> ChartFigure:
    end = group.index_of(group.horizon_year) + 1
    worlds = {
        group.scenario: group,
        "costliest": found[0].shocked,
        f"{WORST} costliest": all_at_once(group, [each.risk for each in found[:WORST]]),
        "all": all_at_once(group, [each.risk for each in found]),
    }
    rows = [("today", name, group.market.value) for name in worlds]
    for at in range(end):
        rows += [(str(group.years[at]), name, float(world.values[at])) for name, world in worlds.items()]
    data = pd.DataFrame(rows, columns=["year", "series", "value"])
    return charts.paths(data, list(worlds), _targets(group.edition), _source(group))


def _changes_table(group: Group, found: list[Priced]) -> Table:
    """Each risk in words with the drivers that it changes, why by so much, and what that costs."""
    rows = [{"risk": _told(group, each), "cost": each.cost_figure()} for each in found]
    columns = [
        Column("risk", "Risk"),
        Column("cost", "Value", "usd_bn", 0),
    ]
    title = (
        f"The risks, the costliest first, and what each does to the value at the end of {group.horizon_year}"
    )
    return Table(pd.DataFrame(rows), columns, title, _source(group))


def _told(group: Group, each: Priced) -> Rich:
    drivers, moves = group.edition.drivers(group.scenario), []
    for name, change in each.risk.changes.items():
        driver = drivers[name]
        before, after = (worded(driver, value) for value in (driver.value, change.applied(driver.value)))
        moves.append(f"{driver.label}: {before} → {after}")
    return Rich(
        (
            tag("b", escape(each.risk.name)),
            tag("p", escape(" ".join(each.risk.story.split()))),
            tag(
                "p",
                tag("small", escape(f"Changed: {'; '.join(moves)}. Why so much: {_lower(each.risk.why)}.")),
            ),
        )
    )


def _signs_table(group: Group, found: list[Priced]) -> Table:
    rows = []
    for each in found:
        measure, (expected, warned) = MEASURES[each.risk.sign], each.sign
        public = not math.isnan(expected)
        rows.append(
            {
                "risk": Rich((escape(each.risk.name), tag("p", tag("small", escape(f"{each.risk.watch}."))))),
                "measure": measure.label,
                "expected": show(expected, measure.unit) if public else "not public yet",
                "warned": show(warned, measure.unit) if public else "not public yet",
            }
        )
    columns = [
        Column("risk", "Risk, and what else to watch"),
        Column("measure", "Where it would show first"),
        Column("expected", f"{group.years[0]}, {group.scenario}"),
        Column("warned", f"{group.years[0]} with the risk"),
    ]
    return Table(pd.DataFrame(rows), columns, "What would show each risk coming", _source(group))
