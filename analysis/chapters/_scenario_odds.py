"""The odds on the scenarios page: by year, by story, with and without the base rate; the calculator."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.charts import scenarios as charts
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import day, percent, show, usd_bn
from analysis.model._inputs import Number
from analysis.valuation.group import Group
from analysis.valuation.odds import FIRM_CLASS, Odds, prior_figures, simulate_odds
from analysis.valuation.odds_grid import OddsGrid, odds_grid
from analysis.valuation.parts import discounted

TARGET_SPAN = (0.75, 1.6)
"""Between these shares of the lowest and the highest target the calculator has odds."""
STEP_USD_BN = 50.0
CURVE = np.linspace(0.0, 2.0, 61)
"""Market values of the curve at the horizon, as shares of the highest target."""


def key_of(target: Target) -> str:
    """A target's part of a key: ``t4t``."""
    return f"t{target.name.lower()}"


def odds_numbers(odds: Odds, by_scenario: Mapping[str, Odds]) -> dict[str, Figure]:
    """Odds of each target at the horizon, with error, in each world and under each story."""
    group, year = odds.group, odds.group.horizon_year
    found: dict[str, Figure] = {}
    for target in group.edition.targets:
        key, above = key_of(target), odds.odds_figure(target.name, year)
        error = float(odds.above(target.value_usd_bn).standard_error[-1])
        worlds = {"drivers": 0.0, "prior": 1.0}
        at_ends = (1 - odds.weight) * _once(odds.model, target) + odds.weight * _once(odds.prior, target)
        found |= {
            key: target.figure,
            f"{key}_above": above,
            f"{key}_touched": odds.odds_figure(target.name, year, touch=True),
            f"{key}_ends": computed(
                at_ends,
                "fraction",
                f"Odds that the market value stands above {target.name} at the end of any year to {year}",
                "share of draws above it at one year end or more",
                above,
            ),
            f"{key}_error": computed(
                100 * error,
                "number",
                f"Standard error of the odds to be above {target.name}, percentage points",
                "spread over the independent replicates ÷ √ their number",
                above,
            ),
        }
        for name, weight in worlds.items():
            found[f"{key}_{name}"] = odds.odds_figure(target.name, year, weight=weight)
        for name, each in by_scenario.items():
            found[f"{key}_{name}"] = each.odds_figure(target.name, year)
    return found


def quantile_numbers(odds: Odds) -> dict[str, Figure]:
    """Middle and ends of eight in ten draws at the horizon, and where today's price lies among them."""
    group, year = odds.group, odds.group.horizon_year
    low, middle, high = (float(value) for value in odds.quantiles((0.1, 0.5, 0.9))[:, -1])
    value = group.edition.market_value
    today = discounted(group, value, max(target.horizon for target in group.edition.targets))
    asked = (value * value / today).named(
        f"Market value at the end of {year} that gives today's holders their cost of equity", "usd_bn"
    )
    rank = 1 - float(odds.above(asked.number).value[-1])

    def drawn(amount: float, what: str) -> Figure:
        inputs = (*group.reported(), value, group.driver("base_rate.weight"))
        return computed(amount, "usd_bn", f"{what} at the end of {year}", "quantile of pooled draws", *inputs)

    label = "Share of discounted draws that are worth less than today's price"
    formula = "share of draws at the horizon below the market value asked for"
    return {
        "low": drawn(low, "One draw in ten is below this"),
        "middle": drawn(middle, "Middle of the draws"),
        "high": drawn(high, "One draw in ten is above this"),
        "asked": asked,
        "price_rank": computed(rank, "fraction", label, formula, asked),
    }


def prior_numbers(group: Group) -> dict[str, Figure]:
    """The base rate of growth and its weight."""
    mean, sd = prior_figures(group.edition)
    firms = text(FIRM_CLASS, "The firms whose growth is the base rate", mean)
    return {
        "prior_firms": firms,
        "prior_mean": mean,
        "prior_sd": sd,
        "weight": group.driver("base_rate.weight"),
    }


def file_odds(odds: Odds) -> dict[str, Figure]:
    """The odds if growth had the ranges of the scenario's file instead of the back-test's."""
    again = simulate_odds(odds.group, spreads={})
    found = {}
    for target in odds.group.edition.targets:
        figure = again.odds_figure(target.name, odds.group.horizon_year)
        found[f"{key_of(target)}_file"] = figure.named(f"{figure.label}, growth drawn as in the file")
    return found


def source_of(group: Group) -> Sources:
    """What every simulated number rests on."""
    return [*group.reported(), group.edition.market_value, *prior_figures(group.edition), "scenario files"]


def fan_chart(odds: Odds, numbers: Mapping[str, Figure]) -> ChartFigure:
    """The draws by year from today's value on."""
    group = odds.group
    levels = (0.1, 0.25, 0.5, 0.75, 0.9)
    names = [f"p{round(100 * level)}" for level in levels]
    today = group.edition.market_value.number
    rows = [{"year": "today", **dict.fromkeys(names, today)}]
    for year, values in zip(odds.years, odds.quantiles(levels).T, strict=True):
        rows.append({"year": str(year), **dict(zip(names, map(float, values), strict=True))})
    year = group.horizon_year
    text = (
        f"A fan that widens from {usd_bn(today)} on {day(group.edition.price_date)}: at the end of {year} "
        f"the middle is {usd_bn(numbers['middle'].number)}, and eight draws in ten lie between "
        f"{usd_bn(numbers['low'].number)} and {usd_bn(numbers['high'].number)}."
    )
    targets = _targets(group)
    return charts.draws(pd.DataFrame(rows), targets, today, text, source_of(group))


def odds_chart(odds: Odds, numbers: Mapping[str, Figure]) -> ChartFigure:
    """Odds to be above each target, and to have touched it, by year."""
    rows, said = [], []
    for target in odds.group.edition.targets:
        value, key = target.value_usd_bn, key_of(target)
        for way, found in (("touched", odds.touched(value)), ("above", odds.above(value))):
            for year, chance, error in zip(odds.years, found.value, found.standard_error, strict=True):
                rows.append((year, f"{way} ${target.name}", float(chance), float(error)))
        said.append(
            f"${target.name} is above at {percent(numbers[f'{key}_above'].number, 0)} and touched by "
            f"{percent(numbers[f'{key}_touched'].number, 0)}"
        )
    data = pd.DataFrame(rows, columns=["year", "series", "odds", "error"])
    text = f"Four rising lines. At the end of {odds.group.horizon_year} {'; '.join(said)} of the draws."
    return charts.odds_by_year(data, text, source_of(odds.group))


def curve_chart(odds: Odds, numbers: Mapping[str, Figure]) -> ChartFigure:
    """The share of draws above every market value at the horizon, in both worlds and together."""
    group = odds.group
    values = CURVE * max(target.value_usd_bn for target in group.edition.targets)
    shares = [_share_above(world[-1], values) for world in (odds.model, odds.prior)]
    worlds = {
        "drivers alone": shares[0],
        "weighted": (1 - odds.weight) * shares[0] + odds.weight * shares[1],
        "base rate alone": shares[1],
    }
    rows = [
        (float(v), name, float(share))
        for name, found in worlds.items()
        for v, share in zip(values, found, strict=True)
    ]
    data = pd.DataFrame(rows, columns=["value", "world", "odds"])
    rank, asked = numbers["price_rank"].number, numbers["asked"].number
    text = (
        f"Three falling curves of the share of draws above a market value. {percent(1 - rank, 0)} of the "
        f"draws exceed {usd_bn(asked)}, which today's holders need for their cost of equity."
    )
    return charts.chance_to_exceed(data, _targets(group), asked, text, source_of(group))


def odds_table(odds: Odds) -> Table:
    """Odds by year with the largest standard error of each row."""
    rows = []
    for place, year in enumerate(odds.years):
        row: dict[str, float | str | Figure] = {"year": str(year)}
        errors = []
        for target in odds.group.edition.targets:
            for way, found in (
                ("above", odds.above(target.value_usd_bn)),
                ("touched", odds.touched(target.value_usd_bn)),
            ):
                row[f"{way}_{target.name}"] = odds.odds_figure(target.name, year, touch=way == "touched")
                errors.append(float(found.standard_error[place]))
        rows.append({**row, "error": max(errors)})
    columns = [Column("year", "End of")]
    for target in odds.group.edition.targets:
        for way, words in (("above", "Above"), ("touched", "Touched")):
            columns.append(Column(f"{way}_{target.name}", f"{words} ${target.name}", "fraction"))
    columns.append(Column("error", "Standard error at most", "points", 2))
    title = "Odds by year"
    return Table(pd.DataFrame(rows), columns, title, source_of(odds.group))


def grid_of(odds: Odds) -> OddsGrid:
    """The grid behind the calculator: from below the lowest target to beyond the highest."""
    values = [target.value_usd_bn for target in odds.group.edition.targets]
    return odds_grid(odds, TARGET_SPAN[0] * min(values), TARGET_SPAN[1] * max(values))


def grid_error(grid: OddsGrid) -> Figure:
    """The largest error of the grid's odds, in percentage points."""
    label = "Largest error between the grid's targets, percentage points"
    return computed(100 * grid.worst_error(), "number", label, "grid less simulation, midway between targets")


def calculator(odds: Odds, grid: OddsGrid, numbers: Mapping[str, Figure]) -> Calculator:
    """Odds of any market value at any year end, with any weight of the base rate."""
    group = odds.group
    lowest = min(target.value_usd_bn for target in group.edition.targets)
    start = {"target": lowest, "year": float(group.horizon_year), "weight": odds.weight}

    def above(target: Number, year: Number, weight: Number) -> Number:
        return grid.at("above", target, year, weight)

    def touched(target: Number, year: Number, weight: Number) -> Number:
        return grid.at("touched", target, year, weight)

    def chart(params: Mapping[str, Number]) -> object:
        return charts.steered_odds(list(odds.years), params["target"], params["weight"], touched, above)

    presets = {"drivers alone": 0.0, "as stated": odds.weight, "base rate alone": 1.0}
    chance = percent(above(**start), 0)
    error = show(numbers["grid_error"].number, "number")
    return Calculator(
        "The odds of any market value",
        [
            Slider(
                "target", "Market value", "usd_bn", grid.targets[0], grid.targets[-1], STEP_USD_BN, lowest
            ),
            Slider("year", "End of", "year", float(odds.years[0]), start["year"], 1.0, start["year"]),
            Slider("weight", "Weight of the base rate", "fraction", 0.0, 1.0, 0.05, odds.weight),
        ],
        [
            Output("above", "Odds to be above it at that date", "fraction", above),
            Output("touched", "Odds to have touched it by then", "fraction", touched),
        ],
        {name: {"weight": weight} for name, weight in presets.items()},
        chart,
        f"Two lines of odds by year for a market value of {usd_bn(lowest, 0)}: {chance} to be above it at "
        f"the end of {group.horizon_year} with the weight as stated. Between simulated targets the odds are "
        f"off by at most {error} percentage points.",
        source=source_of(group),
    )


def _once(draws: np.ndarray, target: Target) -> float:
    """The share of draws (years × paths) that are at or above a target at one year end or more."""
    return float((draws.max(axis=0) >= target.value_usd_bn).mean())


def _targets(group: Group) -> dict[str, float]:
    return {f"${target.name}": target.value_usd_bn for target in group.edition.targets}


def _share_above(draws: np.ndarray, values: np.ndarray) -> np.ndarray:
    ranked = np.sort(draws)
    return 1 - np.searchsorted(ranked, values) / ranked.size
