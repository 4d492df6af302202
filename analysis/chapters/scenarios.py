"""The scenarios: three stories as full sets of drivers, their paths, and the odds of the targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from html import escape

import numpy as np
import pandas as pd

from analysis.chapters import _scenario_odds as chances
from analysis.chapters._driver_names import printed, worded
from analysis.chapters._notes import known
from analysis.chapters._words import SCENARIOS, listed
from analysis.chapters.page import Page, Unavailable
from analysis.charts import scenarios as charts
from analysis.charts.cells import Rich
from analysis.charts.html import tag
from analysis.charts.note import Note
from analysis.charts.paths import path_frame
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import usd_bn
from analysis.model.odds.distributions import Fixed, quantile
from analysis.model.parts.market_value import year_reached
from analysis.report.claims import claims_for
from analysis.valuation.backtest import FIRST_EDITION
from analysis.valuation.group import Group, open_group
from analysis.valuation.odds import distributions, enters, multiple_swings, simulate_odds
from analysis.valuation.spreads import MINIMUM, Spread, growth_spreads, spread_figure

FROM_FILE = "as in the scenario's file"
WIDTHS = (
    "The standard deviation of first-year growth is {width_aws} for AWS.",
    "For advertising it is {width_advertising}.",
    "For the stores it is {width_stores}.",
    "With the file's ranges throughout, the odds of {t4t} would be {t4t_file} instead of {t4t_above}, "
    "{width_verdict}.",
)
SLIGHT = 0.02
"""Odds that differ by less than this are called much the same."""
FAMILIES: Mapping[str, str] = {"pert": "PERT", "skewed": "skewed normal", "normal": "normal"}
PARTS: Mapping[str, str] = {"aws": "AWS", "advertising": "advertising", "stores": "the stores"}
DECILES = (0.1, 0.5, 0.9)


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: all three stories, and the odds under the chosen one."""
    names = tuple(dict.fromkeys((*SCENARIOS, scenario)))
    groups = {name: open_group(edition, name) for name in names}
    group = groups[scenario]
    odds = {name: simulate_odds(each) for name, each in groups.items()}
    grid, spreads = chances.grid_of(odds[scenario]), growth_spreads(group)
    numbers = {
        **_frame(group),
        **_stories(groups),
        **chances.odds_numbers(odds[scenario], {name: odds[name] for name in SCENARIOS}),
        **chances.quantile_numbers(odds[scenario]),
        **chances.prior_numbers(group),
        **chances.file_odds(odds[scenario]),
        **_widths(group, spreads),
        **_checks(groups),
        "grid_error": chances.grid_error(grid),
    }
    numbers["width_verdict"] = _verdict(group, numbers)
    return Page(
        "scenarios",
        numbers,
        {
            "paths": partial(_paths_chart, groups, numbers),
            "fan": partial(chances.fan_chart, odds[scenario], numbers),
            "odds": partial(chances.odds_chart, odds[scenario], numbers),
            "curve": partial(chances.curve_chart, odds[scenario], numbers),
        },
        {
            "stories": partial(_stories_table, edition),
            "results": partial(_results_table, groups, numbers),
            "drivers": partial(_drivers_table, edition),
            "by_year": partial(chances.odds_table, odds[scenario]),
            "draws": partial(_draws_table, group, spreads),
            "claims": partial(claims_for, edition, "scenarios"),
        },
        {"play": partial(chances.calculator, odds[scenario], grid, numbers)},
        {"widths": partial(_widths_note, numbers, spreads)},
    )


# --- Numbers -------------------------------------------------------------------------------------


def _frame(group: Group) -> dict[str, Figure]:
    edition, simulation = group.edition, group.edition.drivers(group.scenario).simulation
    paths = float(simulation["points"] * simulation["replicates"])
    return {
        "scenario": text(group.scenario, "Scenario whose odds this page shows"),
        "horizon": Figure(float(group.horizon_year), "year", "Year at whose end the targets are asked for"),
        "last_year": Figure(float(group.years[-1]), "year", "Last projected year"),
        "value": edition.market_value,
        "drawn": Figure(paths, "count", "Draws", formula="points × replicates, in the scenario's file"),
        "swings": multiple_swings(edition),
        "persistence": group.driver("market.gap_persistence"),
    }


def _stories(groups: Mapping[str, Group]) -> dict[str, Figure]:
    """By scenario its value at the horizon, when it crosses each target, and how many drivers it changes."""
    found: dict[str, Figure] = {}
    for name in SCENARIOS:
        group = groups[name]
        found[f"value_{name}"] = group.value_figure(group.horizon_year)
        for target in group.edition.targets:
            found[f"{chances.key_of(target)}_when_{name}"] = _crossing(group, target)
    base = groups["base"].edition.drivers("base")
    for name in SCENARIOS:
        changed = [d for d in base if groups[name].drivers[d] != base[d].value]
        found[f"changed_{name}"] = computed(
            float(len(changed)), "count", f"Drivers with another value than in base, {name}", "counted"
        )
    return found


def _crossing(group: Group, target: Target) -> Figure:
    """The calendar year in which the scenario's path reaches a target, in words."""
    times, values = (0.0, *group.times), (group.market.value, *group.values)
    when = float(year_reached(target.value_usd_bn, times, values))
    label = f"When the {group.scenario} scenario reaches {target.name}"
    value = group.value_figure(group.years[-1])
    if not np.isfinite(when):
        return text(f"not by {group.years[-1]}", label, value)
    passed = next(year for year, time in zip(group.years, group.times, strict=True) if when <= time + 1e-9)
    return text(f"in {passed}" if when > 0 else "reached already", label, value)


def _widths(group: Group, spreads: Mapping[str, Spread]) -> dict[str, Figure]:
    """Where the width of growth comes from, by part."""
    found: dict[str, Figure] = {}
    for part in ("aws", "advertising", "stores"):
        spread = spreads.get(f"{part}.growth_change")
        name = f"Width of the draws of first-year growth, {part}"
        found[f"width_{part}"] = spread_figure(spread, group) if spread else text(FROM_FILE, name)
    words = listed([PARTS[name.partition(".")[0]] for name in spreads], none="no business")
    found["width_from"] = text(words, f"Businesses with at least {MINIMUM} misses")
    found["width_minimum"] = Figure(
        float(MINIMUM), "count", "Misses needed", formula="two years of forecasts"
    )
    return found


def _widths_note(numbers: Mapping[str, Figure], spreads: Mapping[str, Spread]) -> Note | Unavailable:
    """The widths that past misses gave, and what they do to the odds; nothing while there are none."""
    what = "past misses of the rule that drives the draws"
    return known(WIDTHS, numbers, FROM_FILE, what) if spreads else Unavailable(what, quiet=True)


def _verdict(group: Group, numbers: Mapping[str, Figure]) -> Figure:
    """Whether the width of growth moves the odds of the lowest target."""
    key = chances.key_of(min(group.edition.targets, key=lambda target: target.value_usd_bn))
    own, file = numbers[f"{key}_above"], numbers[f"{key}_file"]
    slight = abs(own.number - file.number) < SLIGHT
    words = f"so which of the two widths is taken {'hardly matters' if slight else 'matters'} for these odds"
    return text(words, f"Odds that differ by less than {SLIGHT:g} are much the same", own, file)


def _checks(groups: Mapping[str, Group]) -> dict[str, Figure]:
    """The first year's sales and profit that part the stories."""
    found = {}
    for name in SCENARIOS:
        group, year = groups[name], groups[name].years[0]
        drivers = [f"{part}.{item}_change" for part in ("aws", "stores") for item in ("growth", "margin")]
        for item, path in (
            ("sales", group.projection.sales),
            ("income", group.projection.operating_income),
        ):
            label = f"{'Net sales' if item == 'sales' else 'Operating income'} in {year}, {name} scenario"
            found[f"check_{item}_{name}"] = group.result(
                float(path[0]), "usd_bn", label, "sum over the parts", *drivers
            )
    found["check_year"] = Figure(float(groups["base"].years[0]), "year", "First projected year")
    return found


# --- Charts --------------------------------------------------------------------------------------


def _reported_values(edition: Edition) -> dict[int, float]:
    """Market value at past year ends: the close times the shares counted then, in usd_bn."""
    found = {}
    for year in range(int(FIRST_EDITION[:4]) - 1, int(edition.quarter[:4]) + 1):
        try:
            shares = edition.figure("balance.shares_outstanding", f"{year}Q4")
            found[year] = edition.close(date(year, 12, 31)).number * shares.number / 1000
        except AbsentFigure:
            continue
    return found


def _paths_chart(groups: Mapping[str, Group], numbers: Mapping[str, Figure]) -> ChartFigure:
    base = groups["base"]
    paths = {name: [float(value) for value in groups[name].values] for name in SCENARIOS}
    data = path_frame(_reported_values(base.edition), base.years, paths)
    targets = {f"${target.name}": target.value_usd_bn for target in base.edition.targets}
    ends = ", ".join(f"{usd_bn(numbers[f'value_{name}'].number)} ({name})" for name in SCENARIOS)
    lowest = min(base.edition.targets, key=lambda target: target.value_usd_bn)
    when = "; ".join(f"{name} {numbers[f'{chances.key_of(lowest)}_when_{name}'].value}" for name in SCENARIOS)
    description = (
        f"Lines of market value. At the end of {base.horizon_year} they stand at {ends}. "
        f"${lowest.name} is reached: {when}."
    )
    source: Sources = [*base.reported(), base.edition.market_value, "scenario files"]
    return charts.market_value_paths(data, targets, description, source)


# --- Tables --------------------------------------------------------------------------------------


def _stories_table(edition: Edition) -> Table:
    stories = {name: " ".join(edition.drivers(name).story.split()) for name in SCENARIOS}
    told = [
        Rich((f"{tag('b', name.capitalize() + '.')} {escape(story)}",)) for name, story in stories.items()
    ]
    columns = [Column("story", "Bear, base and bull")]
    return Table(pd.DataFrame({"story": told}), columns, "The stories in full", ["scenario files"])


def _results_table(groups: Mapping[str, Group], numbers: Mapping[str, Figure]) -> Table:
    first = groups["base"]
    at, targets = first.index_of(first.horizon_year), first.edition.targets
    rows = []
    for name in SCENARIOS:
        group = groups[name]
        row: dict[str, object] = {
            "scenario": name,
            "sales": float(group.projection.sales[at]),
            "value": numbers[f"value_{name}"],
        }
        for target in targets:
            key = chances.key_of(target)
            row[f"when_{target.name}"] = numbers[f"{key}_when_{name}"]
            row[f"odds_{target.name}"] = numbers[f"{key}_{name}"]
        rows.append(row)
    columns = [
        Column("scenario", "Scenario"),
        Column("sales", f"Sales {first.horizon_year}", "usd_bn", 0),
        Column("value", "Market value", "usd_bn", 0),
    ]
    for target in targets:
        columns.append(Column(f"when_{target.name}", f"Reaches ${target.name}"))
        columns.append(Column(f"odds_{target.name}", f"Odds above ${target.name}", "fraction", 0))
    source: Sources = [*first.reported(), first.edition.market_value, "scenario files"]
    return Table(pd.DataFrame(rows), columns, f"The three stories at the end of {first.horizon_year}", source)


def _drivers_table(edition: Edition) -> Table:
    """Every driver that differs between the scenarios, side by side."""
    sets = {name: edition.drivers(name) for name in SCENARIOS}
    rows = [
        {"driver": driver.label, **{name: printed(sets[name][key]) for name in SCENARIOS}}
        for key, driver in sets["base"].items()
        if len({sets[name][key].value for name in SCENARIOS}) > 1
    ]
    columns = [Column("driver", "Driver"), *(Column(name, name.capitalize(), "figure") for name in SCENARIOS)]
    return Table(pd.DataFrame(rows), columns, "Drivers in which the stories differ", ["scenario files"])


def _draws_table(group: Group, spreads: Mapping[str, Spread]) -> Table:
    """Every driver that is drawn: its family, one case in ten, the middle, nine in ten, and where from."""
    drivers = group.edition.drivers(group.scenario)
    rows = []
    for name, made in distributions(group).items():
        if isinstance(made, Fixed) or not enters(name):
            continue
        driver, spread = drivers[name], spreads.get(name)
        low, middle, high = (worded(driver, float(value)) for value in quantile(made, DECILES))
        family = "normal" if spread else FAMILIES.get((driver.distribution or {})["family"], "")
        origin = f"{len(spread.misses)} misses of {spread.series.label}" if spread else "scenario file"
        label = {"driver": driver.label, "low": low, "middle": middle, "high": high}
        rows.append({**label, "family": family, "origin": origin})
    columns = [
        Column("driver", "Driver"),
        Column("low", "Low"),
        Column("middle", "Middle"),
        Column("high", "High"),
        Column("family", "Shape"),
        Column("origin", "Width from"),
    ]
    title = f"What is drawn in the {group.scenario} scenario: one draw in ten below low, one above high"
    return Table(pd.DataFrame(rows), columns, title, ["scenario files", *group.reported()], sortable=True)
