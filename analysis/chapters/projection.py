"""The projection page: growth × multiple, from today's trend to every pair that reaches a target."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from analysis.chapters._words import SCENARIOS, or_words
from analysis.chapters.page import Page, Unavailable
from analysis.charts import projection as charts
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import AbsentFigure, Edition
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import percent, show, usd_bn
from analysis.model import base_rates, multiples
from analysis.model._inputs import Number
from analysis.model.growth import cagr, compound
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import ttm
from analysis.valuation.odds import FIRM_CLASS, price_to_sales_history

SALES = "income.net_sales"
STEPS = {0.05: "5", 0.10: "10", 0.15: "15"}  # growth a year in the table of base rates, and its metric
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
    numbers |= _tests(group)
    return Page(
        "projection",
        numbers,
        {
            "sales": partial(_sales_chart, groups),
            "frontier": partial(_frontier_chart, groups),
            "multiples": partial(_multiples_chart, group),
            "base_rates": partial(_rates_chart, group),
        },
        {"targets": partial(_targets_table, groups)},
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
    multiple = price_to_sales(group) * (1 + group.driver("exit.price_to_sales_change"))
    value = multiples.market_value(ttm(group.edition, SALES), rate, years_ahead(group), multiple)
    return {
        "scenario": text(group.scenario, "Scenario of this page"),
        "scenario_sales": sales,
        "scenario_growth": rate.named(
            f"Growth of sales a year to {year}, {group.scenario} scenario", "fraction"
        ),
        "scenario_multiple": multiple.named(f"Price-to-sales in {year}, {group.scenario} scenario", "x"),
        "scenario_value": value.named(
            f"Sales × price-to-sales in {year}, {group.scenario} scenario", "usd_bn"
        ),
    }


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
    a_year = multiples.return_required(wanted, edition.market_value, years_ahead(group))
    faster = growth.number > edition.growth(SALES).number
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
        f"{key}_growth_word": text(
            "faster than" if faster else "no faster than", "Needed growth against today's", growth
        ),
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


def rate_table(edition: Edition) -> dict[float, Figure]:
    """Share of large firms that grew at least so fast over five years, by growth a year."""
    return {
        step: edition.latest("base_rates", entity=FIRM_CLASS, metric=f"sales_cagr_5y_nominal_share_ge_{name}")
        for step, name in STEPS.items()
    }


def _share_as_fast(edition: Edition, growth: Figure, label: str) -> Figure:
    """The share of large firms that grew at least as fast, between the steps of the table."""
    table = rate_table(edition)
    steps, shares = list(table), [figure.number for figure in table.values()]
    if not steps[0] <= growth.number <= steps[-1]:
        beyond = growth.number > steps[-1]
        limit = table[steps[-1] if beyond else steps[0]]
        words = f"{'fewer' if beyond else 'more'} than {show(limit.number, 'fraction')}"
        return text(words, label, growth, limit)
    share = base_rates.share_above(growth.number, steps, shares)
    formula = "linear between the steps of the table of base rates"
    return computed(share, "fraction", label, formula, growth, *table.values())


def _rates(group: Group) -> dict[str, Figure]:
    edition = group.edition
    found = {
        "share_as_scenario": or_words(
            lambda: _share_as_fast(
                edition,
                _scenario(group)["scenario_growth"],
                f"Large firms that grew as fast as the {group.scenario} scenario asks",
            ),
            "an unknown share",
            "Base rates were not public yet",
        )
    }
    for target in edition.targets:
        growth = _target(group, target)[f"t{target.name.lower()}_growth"]
        found[f"share_as_t{target.name.lower()}"] = or_words(
            partial(_share_as_fast, edition, growth, f"Large firms that grew as fast as {target.name} needs"),
            "an unknown share",
            "Base rates were not public yet",
        )
    return found


def _tests(group: Group) -> dict[str, Figure]:
    """What the first projected year must show for the scenario to stay on course."""
    first, year = group.projection.sales[0], group.years[0]
    label = f"Sales in {year}, {group.scenario} scenario"
    drivers = ("aws.growth_change", "advertising.growth_change", "stores.growth_change")
    return {
        "test_year": text(str(year), "First projected year"),
        "test_sales": group.result(
            float(first), "usd_bn", label, "Σ over parts: sales × (1 + growth)", *drivers
        ),
    }


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
    return charts.multiples(history, needed, [ttm(edition, SALES), edition.price])


def _rates_chart(group: Group) -> ChartFigure | Unavailable:
    try:
        table = rate_table(group.edition)
    except AbsentFigure:
        return Unavailable("how fast firms of this size have grown")
    steps = [f"at least {percent(step, 0)}" for step in table]
    data = pd.DataFrame({"step": steps, "share": [figure.number for figure in table.values()]})
    growth = _scenario(group)["scenario_growth"].number
    return charts.base_rates(data.iloc[::-1].reset_index(drop=True).iloc[::-1], growth, list(table.values()))


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
        Column("sales", f"Sales {group.horizon_year}", "usd_bn"),
        Column("growth", "Growth a year", "fraction"),
        Column("multiple", "Price-to-sales of the scenario", "x"),
        Column("value", "Value at it", "usd_bn"),
        *(Column(t.name, f"Price-to-sales for ${t.name}", "x") for t in group.edition.targets),
    ]
    source: Sources = [ttm(group.edition, SALES), "scenarios of this report"]
    return Table(
        pd.DataFrame(rows),
        columns,
        "What each scenario sells, and the multiple each target then needs",
        source,
    )


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for growth and multiple; presets are the scenarios of ``groups``, the start is ``group``."""
    edition, year = group.edition, group.horizon_year
    sales, years = ttm(edition, SALES).number, group.exit_years
    targets = targets_of(edition)

    def there(growth: Number) -> Number:
        return compound(sales, growth, years)

    def value(growth: Number, multiple: Number) -> Number:
        return multiples.market_value(sales, growth, years, multiple)

    def a_year(growth: Number, multiple: Number) -> Number:
        return multiples.return_required(value(growth, multiple), edition.market_value.number, years)

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
