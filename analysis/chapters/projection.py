"""The projection page: growth × multiple, from today's trend to every pair that reaches a target."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from analysis.chapters import _projection_rates as rates
from analysis.chapters._words import SCENARIOS
from analysis.chapters.page import Page
from analysis.charts import projection as charts
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import day, show, usd_bn
from analysis.model._inputs import Number
from analysis.model.parts import multiples
from analysis.model.projection.growth import cagr, compound, years_between
from analysis.report.claims import claims_for
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import ttm
from analysis.valuation.odds import price_to_sales_history

SALES = "income.net_sales"
MULTIPLE = "exit.price_to_sales_change"
CLAIMS = 6  # of the articles' claims shown; their own page has all
SAME = 0.005  # growth rates nearer than this are called about the same
GROWTHS = np.linspace(0.02, 0.20, 37)  # the horizontal axis of the frontier


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition; the scenario's projection and those of all three beside it."""
    groups = {name: open_group(edition, name) for name in SCENARIOS}
    group = groups[scenario] if scenario in groups else open_group(edition, scenario)
    numbers = {
        **_today(group),
        **_trend(group),
        **_scenario(group),
        **_history(edition),
        **_rates(group),
    }
    for target in edition.targets:
        numbers |= _target(group, target)
    numbers |= _tests(groups, group)
    return Page(
        "projection",
        numbers,
        {
            "sales": partial(_sales_chart, groups),
            "frontier": partial(_frontier_chart, groups),
            "multiples": partial(_multiples_chart, group),
            "base_rates": lambda: rates.chart(edition, numbers["scenario_growth"].number),
        },
        {
            "targets": partial(_targets_table, groups),
            "claims": lambda: claims_for(edition, "projection", most=CLAIMS),
        },
        {"play": partial(calculator, groups, group)},
    )


# --- Numbers -------------------------------------------------------------------------------------


def years_ahead(group: Group) -> Figure:
    """Years from the latest quarter's end to the targets' horizon."""
    sales = ttm(group.edition, SALES)
    return computed(
        group.exit_years,
        "years",
        f"Years from {group.edition.quarter} to the end of {group.horizon_year}",
        "months to the year's end ÷ 12, then whole years",
        sales,
    )


def years_held(group: Group) -> Figure:
    """Years from the day of the price to the targets' horizon, over which a holder's return counts."""
    edition, until = group.edition, max(target.horizon for target in group.edition.targets)
    return computed(
        years_between(edition.price_date, until),
        "years",
        f"Years from {day(edition.price_date)} to the end of {until.year}",
        "days ÷ 365.25",
        edition.price,
    )


def price_to_sales(group: Group) -> Figure:
    """The edition's market value over the sales of the last twelve months."""
    ratio = group.edition.market_value / ttm(group.edition, SALES)
    return ratio.named(f"Price-to-sales, {group.edition.price_date}", "x")


def _today(group: Group) -> dict[str, Figure]:
    edition = group.edition
    return {
        "quarter": text(edition.quarter, "Latest reported quarter", ttm(edition, SALES)),
        "sales": ttm(edition, SALES),
        "value": edition.market_value,
        "multiple": price_to_sales(group),
        "growth": edition.growth(SALES),
        "growth_latest": edition.growth(SALES, basis="quarter"),
        "years": years_ahead(group),
        "price_day": text(day(edition.price_date), "Day of the price", edition.price),
        "horizon": text(str(group.horizon_year), "Year at whose end the targets are asked for"),
    }


def _trend(group: Group) -> dict[str, Figure]:
    """Where today's growth and multiple lead if both stay."""
    edition = group.edition
    sales, rate, years = ttm(edition, SALES), edition.growth(SALES), years_ahead(group)
    year = group.horizon_year
    there = compound(sales, rate, years).named(f"Sales in {year} at today's growth", "usd_bn")
    value = multiples.market_value(sales, rate, years, price_to_sales(group))
    reached = [t.name for t in edition.targets if value.number >= t.value_usd_bn]
    verdict = f"reaches ${reached[-1]}" if reached else f"falls short of ${edition.targets[0].name}"
    return {
        "trend_sales": there,
        "trend_value": value.named(f"Market value in {year} at today's growth and multiple", "usd_bn"),
        "trend_verdict": text(verdict, "The highest target that today's trend reaches", value),
    }


def _scenario(group: Group) -> dict[str, Figure]:
    at, year = group.index_of(group.horizon_year), group.horizon_year
    drivers = [f"{part}.{item}" for part in ("aws", "stores") for item in ("growth_change", "growth_stable")]
    sales = group.result(
        float(group.projection.sales[at]),
        "usd_bn",
        f"Sales in {year}, {group.scenario} scenario",
        "Σ over parts: sales × Π (1 + fading growth)",
        *drivers,
    )
    rate = cagr(ttm(group.edition, SALES), sales, years_ahead(group))
    multiple = price_to_sales(group) * (1 + group.driver(MULTIPLE))
    value = multiples.market_value(ttm(group.edition, SALES), rate, years_ahead(group), multiple)
    expects = _expects(rate.number - group.edition.growth(SALES).number, group)
    return {
        "scenario": text(group.scenario, "Scenario of this page"),
        "scenario_expects": text(
            expects, "The scenario's growth and multiple against today's", rate, multiple
        ),
        "scenario_sales": sales,
        "scenario_growth": rate.named(
            f"Growth of sales a year to {year}, {group.scenario} scenario", "fraction"
        ),
        "scenario_multiple": multiple.named(f"Price-to-sales in {year}, {group.scenario} scenario", "x"),
        "scenario_value": value.named(
            f"Sales × price-to-sales in {year}, {group.scenario} scenario", "usd_bn"
        ),
    }


def _expects(faster: float, group: Group) -> str:
    """What a scenario expects against today, in words: of growth, and of the multiple."""
    growth, multiple = ("less" if by < 0 else "more" for by in (faster, group.drivers[MULTIPLE]))
    if growth == multiple:
        return f"{growth} of both"
    return f"{growth} growth and a {'lower' if multiple == 'less' else 'higher'} multiple"


def pace(needed: float, now: float) -> str:
    """A growth that is needed against that of now, in words.

    >>> pace(0.17, 0.12), pace(0.123, 0.124), pace(0.08, 0.12)
    ('faster than', 'about as fast as', 'slower than')
    """
    if abs(needed - now) < SAME:
        return "about as fast as"
    return "faster than" if needed > now else "slower than"


def _target(group: Group, target: Target) -> dict[str, Figure]:
    """What one target takes: multiple at the scenario's sales, growth at today's multiple."""
    key, edition, year = f"t{target.name.lower()}", group.edition, group.horizon_year
    wanted, sales_there = target.figure, _scenario(group)["scenario_sales"]
    needed = multiples.multiple_required(wanted, sales_there).named(
        f"Price-to-sales that {target.name} needs in {year}, {group.scenario} scenario", "x"
    )
    sales = multiples.sales_required(wanted, price_to_sales(group)).named(
        f"Sales that {target.name} needs at today's multiple", "usd_bn"
    )
    growth = multiples.growth_required(wanted, ttm(edition, SALES), price_to_sales(group), years_ahead(group))
    a_year = multiples.return_required(wanted, edition.market_value, years_held(group))
    word = pace(growth.number, edition.growth(SALES).number)
    return {
        key: text(f"${target.name}", f"Target of {usd_bn(target.value_usd_bn)}", wanted),
        f"{key}_value": wanted,
        f"{key}_multiple": needed,
        f"{key}_multiple_change": (needed / price_to_sales(group) - 1).named(
            f"Change of price-to-sales that {target.name} needs", "change"
        ),
        f"{key}_sales": sales,
        f"{key}_growth": growth.named(
            f"Growth of sales a year that {target.name} needs at today's multiple", "fraction"
        ),
        f"{key}_growth_word": text(word, "Needed growth against today's", growth),
        f"{key}_return": a_year.named(f"Rise of the market value a year to {target.name}", "fraction"),
    }


def _history(edition: Edition) -> dict[str, Figure]:
    sales = ttm(edition, SALES)
    history = dict(price_to_sales_history(edition))
    lowest, highest = (pick(history, key=lambda quarter: history[quarter]) for pick in (min, max))
    middle = float(np.median(list(history.values())))
    formula = "close × shares outstanding ÷ sales of twelve months, at quarter ends"

    def named(value: float, label: str) -> Figure:
        return computed(value, "x", label, formula, sales, edition.price)

    return {
        "multiple_low": named(history[lowest], f"Lowest price-to-sales at a quarter's end, {lowest}"),
        "multiple_low_quarter": text(lowest, "Quarter of the lowest price-to-sales", sales),
        "multiple_high": named(history[highest], f"Highest price-to-sales at a quarter's end, {highest}"),
        "multiple_high_quarter": text(highest, "Quarter of the highest price-to-sales", sales),
        "multiple_middle": named(middle, "Median price-to-sales at quarter ends"),
    }


def _rates(group: Group) -> dict[str, Figure]:
    edition = group.edition
    asked = _scenario(group)["scenario_growth"]
    found = {"share_as_scenario": rates.share_as_fast(edition, asked, f"the {group.scenario} scenario asks")}
    for target in edition.targets:
        key = f"t{target.name.lower()}"
        growth = _target(group, target)[f"{key}_growth"]
        found[f"share_as_{key}"] = rates.share_as_fast(edition, growth, f"{target.name} needs")
    return found


def _tests(groups: Mapping[str, Group], group: Group) -> dict[str, Figure]:
    """Sales of the first projected year: the scenario's, and what even the bear and the bull do not have."""
    return {
        "test_year": text(str(group.years[0]), "First projected year"),
        "test_sales": _first_sales(group),
        "test_low": _first_sales(groups["bear"]),
        "test_high": _first_sales(groups["bull"]),
    }


def _first_sales(group: Group) -> Figure:
    label = f"Sales in {group.years[0]}, {group.scenario} scenario"
    drivers = ("aws.growth_change", "advertising.growth_change", "stores.growth_change")
    first = float(group.projection.sales[0])
    return group.result(first, "usd_bn", label, "Σ over parts: sales × (1 + growth)", *drivers)


# --- Charts, table, calculator -------------------------------------------------------------------


def targets_of(edition: Edition) -> dict[str, float]:
    """The targets in usd_bn by the names that charts print."""
    return {f"${target.name}": target.value_usd_bn for target in edition.targets}


def _reported(edition: Edition) -> dict[int, float]:
    found = {}
    for year in range(int(edition.quarters()[0][:4]), int(edition.quarter[:4]) + 1):
        try:
            found[year] = edition.year(SALES, year).to("usd_bn").number
        except AbsentFigure:
            continue
    return found


def _sales_chart(groups: Mapping[str, Group]) -> ChartFigure:
    group = groups["base"]
    paths = {name: [float(v) for v in each.projection.sales] for name, each in groups.items()}
    source: Sources = [ttm(group.edition, SALES), "scenarios of this report"]
    return charts.sales(_reported(group.edition), group.years, paths, source)


def _frontier_chart(groups: Mapping[str, Group]) -> ChartFigure:
    group = groups["base"]
    edition, years = group.edition, group.exit_years
    sales = ttm(edition, SALES).number
    rows = [
        (name, growth, multiple)
        for name, value in targets_of(edition).items()
        for growth, multiple in multiples.frontier(value, sales, years, [float(g) for g in GROWTHS])
    ]
    points = [("today", edition.growth(SALES).number, price_to_sales(group).number)]
    points += [
        (name, found["scenario_growth"].number, found["scenario_multiple"].number)
        for name, found in ((name, _scenario(each)) for name, each in groups.items())
    ]
    return charts.frontier(
        pd.DataFrame(rows, columns=["target", "growth", "multiple"]),
        pd.DataFrame(points, columns=["name", "growth", "multiple"]),
        targets_of(edition),
        [ttm(edition, SALES), edition.market_value, "scenarios of this report"],
    )


def _multiples_chart(group: Group) -> ChartFigure:
    edition = group.edition
    history = pd.DataFrame(price_to_sales_history(edition), columns=["quarter", "multiple"])
    needed = {f"${t.name}": _target(group, t)[f"t{t.name.lower()}_multiple"].number for t in edition.targets}
    return charts.multiples(history, needed, group.scenario, [ttm(edition, SALES), edition.price])


def _targets_table(groups: Mapping[str, Group]) -> Table:
    rows: list[dict[str, str | Figure]] = []
    for name, group in groups.items():
        found = _scenario(group)
        row: dict[str, str | Figure] = {
            "scenario": name,
            "sales": found["scenario_sales"],
            "growth": found["scenario_growth"],
        }
        for target in group.edition.targets:
            row[target.name] = _target(group, target)[f"t{target.name.lower()}_multiple"]
        rows.append({**row, "multiple": found["scenario_multiple"], "value": found["scenario_value"]})
    group = groups["base"]
    columns = [
        Column("scenario", "Scenario"),
        Column("sales", f"Sales {group.horizon_year}", "usd_bn", 0),
        Column("growth", "Growth a year", "fraction"),
        Column("multiple", "Multiple assumed", "x"),
        Column("value", "Value at it", "usd_bn", 0),
        *(Column(t.name, f"Multiple for ${t.name}", "x") for t in group.edition.targets),
    ]
    source: Sources = [ttm(group.edition, SALES), "scenarios of this report"]
    return Table(
        pd.DataFrame(rows),
        columns,
        "What each scenario sells, and the price-to-sales each target then needs",
        source,
    )


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for growth and multiple; presets are the scenarios of ``groups``, the start is ``group``."""
    edition, year = group.edition, group.horizon_year
    sales, years, held = ttm(edition, SALES).number, group.exit_years, years_held(group).number
    targets = targets_of(edition)

    def there(growth: Number) -> Number:
        return compound(sales, growth, years)

    def value(growth: Number, multiple: Number) -> Number:
        return multiples.market_value(sales, growth, years, multiple)

    def a_year(growth: Number, multiple: Number) -> Number:
        return multiples.return_required(value(growth, multiple), edition.market_value.number, held)

    def chart(params: Mapping[str, Number]) -> object:
        return steered.columns(_path(group, sales, params["growth"], params["multiple"]), targets)

    presets = {name: _preset(each) for name, each in groups.items()}
    start = presets.get(group.scenario, presets["base"])
    return Calculator(
        f"Growth × multiple: market value at the end of {year}",
        [
            Slider("growth", "Growth of sales a year", "fraction", 0.0, 0.25, 0.005, start["growth"]),
            Slider("multiple", "Price-to-sales at the end", "x", 0.5, 10.0, 0.05, start["multiple"]),
        ],
        [
            Output("sales", f"Sales in {year}", "usd_bn", there),
            Output("value", f"Market value at the end of {year}", "usd_bn", value, targets),
            Output("a_year", "Rise of the market value a year", "fraction", a_year),
        ],
        presets,
        chart,
        f"Bars of market value by year, growth as chosen, the multiple moving from today's to that chosen: "
        f"{show(value(**start), 'usd_bn')} in {year} in the {group.scenario} scenario.",
        source=[ttm(edition, SALES), edition.market_value, "scenarios of this report"],
    )


def _preset(group: Group) -> dict[str, float]:
    """A scenario's growth and multiple, for the sliders."""
    found = _scenario(group)
    return {"growth": found["scenario_growth"].number, "multiple": found["scenario_multiple"].number}


def _path(group: Group, sales: float, growth: Number, multiple: Number) -> dict[str, Number]:
    """Market value by year to the horizon, the multiple moving linearly from today's to the chosen one."""
    now, path = price_to_sales(group).number, {}
    for at, time in enumerate(group.times[: group.index_of(group.horizon_year) + 1]):
        share = time / group.exit_years
        between = multiple * share + now * (1 - share)
        path[str(group.years[at])] = multiples.market_value(sales, growth, time, between)
    return path
