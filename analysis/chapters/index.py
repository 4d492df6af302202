"""The first page: the answer, its range, its odds, and what would have to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.articles import open_judge
from analysis.chapters._words import SCENARIOS
from analysis.chapters.page import Page
from analysis.chapters.projection import calculator, targets_of
from analysis.charts import answer as charts
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import day
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.group import METHOD_LABELS, Group, open_group
from analysis.valuation.odds import Odds, simulate_odds
from analysis.valuation.parts import value_today
from analysis.valuation.required import required

PERCENTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
LIKELY, UNLIKELY = 0.5, 0.25  # a chance above the one is "more likely than not", below the other "unlikely"


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: the scenario's answer, the other scenarios as its range."""
    groups = {name: open_group(edition, name) for name in SCENARIOS}
    group = groups[scenario] if scenario in groups else open_group(edition, scenario)
    odds = simulate_odds(group)
    valued = {name: intrinsic(each) for name, each in groups.items()}
    numbers = {
        **_edition(group),
        **_range(groups, group),
        **_today(valued[scenario] if scenario in valued else intrinsic(group)),
        **_claims(edition),
    }
    for target in edition.targets:
        numbers |= _target(group, odds, target)
    numbers |= _verdict(group, odds)
    return Page(
        "index",
        numbers,
        {
            "methods": partial(_methods_chart, groups, valued, group, odds),
            "spread": partial(_spread_chart, group, odds),
        },
        {"scenarios": partial(_scenarios_table, groups)},
        {"play": partial(calculator, groups, group)},
    )


# --- Numbers -------------------------------------------------------------------------------------


def _edition(group: Group) -> dict[str, Figure]:
    edition = group.edition
    return {
        "quarter": text(edition.quarter, "Latest reported quarter", edition.market_value),
        "cutoff": text(day(edition.cutoff), "Cut-off of the edition"),
        "price_date": text(day(edition.price_date), "Day of the price", edition.price),
        "scenario": text(group.scenario, "Scenario of this page"),
        "horizon": text(str(group.horizon_year), "Year at whose end the targets are asked for"),
        "value": edition.market_value,
        "price": edition.price,
    }


def _range(groups: Mapping[str, Group], group: Group) -> dict[str, Figure]:
    year = group.horizon_year
    found = {name: each.value_figure(year) for name, each in groups.items()}
    return {**found, "expected": group.value_figure(year)}


def _today(value: Intrinsic) -> dict[str, Figure]:
    """What the discounted cash flow says of today's price."""
    group = value.group
    market = group.edition.market_value
    worth = group.result(
        float(value.equity),
        "usd_bn",
        f"Discounted cash flow value, {group.scenario} scenario",
        "Σ free cash flow × discount factor + terminal value, then the bridge to equity",
        "dcf.growth_stable",
        "dcf.roic_stable",
        "dcf.cost_of_capital_stable",
    )
    above = market.number > worth.number
    gap = (market / worth - 1).named("Market value against discounted cash flow value", "fraction")
    return {
        "dcf": worth,
        "dcf_gap": (gap if above else -1 * gap).named(gap.label, "fraction"),
        "dcf_word": text("above" if above else "below", "Market value against the cash-flow value", gap),
    }


def _claims(edition: Edition) -> dict[str, Figure]:
    """How the articles' claims were graded, of those that had appeared by the cut-off."""
    judged = open_judge(edition).claims()
    grades = [claim.grade for claim in judged]
    checked = [grade for grade in grades if grade != "not checkable"]
    formula = "claims of the articles in data/articles, graded by recomputation"

    def counted(amount: int, label: str) -> Figure:
        return computed(float(amount), "count", label, formula)

    return {
        "claims": counted(len(grades), "Claims of the articles that had appeared"),
        "claims_checked": counted(len(checked), "Claims recomputed"),
        "claims_hold": counted(grades.count("holds"), "Claims that hold to the last digit"),
        "claims_rounding": counted(grades.count("holds with rounding"), "Claims that hold with rounding"),
        "claims_fail": counted(grades.count("does not hold"), "Claims that do not hold"),
    }


def _target(group: Group, odds: Odds, target: Target) -> dict[str, Figure]:
    """The odds of one target, and what would have to be true for it."""
    key, year = f"t{target.name.lower()}", group.horizon_year
    needs = required(group, target)
    above = odds.odds_figure(target.name, year)
    found = {
        key: text(f"${target.name}", "Target", target.figure),
        f"{key}_odds": above,
        f"{key}_touch": odds.odds_figure(target.name, year, touch=True),
        f"{key}_word": text(likelihood(above.number), "The chance in a word", above),
        f"{key}_rise": (target.figure / group.edition.market_value - 1).named(
            f"Rise from today's market value to {target.name}", "fraction"
        ),
    }
    for lever, need in needs.items():
        found[f"{key}_{lever}"] = need.figure()
        found[f"base_{lever}"] = need.assumed_figure()
    multiples = needs["multiples"].figure()
    if not isinstance(multiples.value, str):
        dearer = (multiples - 1).named(f"Multiples against the scenario's for {target.name}", "fraction")
        word = "more" if dearer.number >= 0 else "less"
        found[f"{key}_dearer"] = dearer if word == "more" else (-1 * dearer).named(dearer.label, "fraction")
        found[f"{key}_dearer_word"] = text(word, "Multiples needed against the scenario's", dearer)
    else:
        found |= {f"{key}_dearer": multiples, f"{key}_dearer_word": text("more", "Multiples needed")}
    return found


def likelihood(chance: float) -> str:
    """A chance in a word.

    >>> likelihood(0.6), likelihood(0.3), likelihood(0.1)
    ('more likely than not', 'possible but not likely', 'unlikely')
    """
    if chance >= LIKELY:
        return "more likely than not"
    return "possible but not likely" if chance >= UNLIKELY else "unlikely"


def _verdict(group: Group, odds: Odds) -> dict[str, Figure]:
    year = group.horizon_year
    expected = group.value_figure(year)
    reached = [t.name for t in group.edition.targets if expected.number >= t.value_usd_bn]
    middle = float(odds.quantiles((0.5,))[0, -1])
    label = f"Middle of the draws at the end of {year}"
    drawn = computed(middle, "usd_bn", label, "median of the pooled draws", group.driver("base_rate.weight"))
    missed = f"short of ${group.edition.targets[0].name}"
    return {
        "verdict": text(
            f"at or above ${reached[-1]}" if reached else missed,
            "The scenario's value against the targets",
            expected,
        ),
        "middle": drawn,
        "base_weight": group.driver("base_rate.weight"),
    }


# --- Charts and table ----------------------------------------------------------------------------


def _source(group: Group) -> Sources:
    source: Sources = [*group.reported(), group.edition.market_value, "scenarios of this report"]
    return source


def _methods_chart(
    groups: Mapping[str, Group], valued: Mapping[str, Intrinsic], group: Group, odds: Odds
) -> ChartFigure:
    year, at = group.horizon_year, group.index_of(group.horizon_year)
    parts = value_today(group).equity
    flows = [float(valued[name].equity) for name in SCENARIOS]
    drawn = odds.quantiles((0.1, 0.5, 0.9))[:, -1]
    rows = [
        ("Cash flow, today", *flows),
        ("Parts, today", parts.low.number, parts.base.number, parts.high.number),
    ]
    for method, label in METHOD_LABELS.items():
        ends = [float(groups[name].values_by_method[method][at]) for name in SCENARIOS]
        rows.append((f"{label[0].upper()}{label[1:].split(' ×')[0]}, {year}", *ends))
    rows.append((f"All three, {year}", *(float(groups[name].values[at]) for name in SCENARIOS)))
    rows.append((f"Eight in ten draws, {year}", *(float(value) for value in drawn)))
    data = pd.DataFrame(rows, columns=["method", "low", "base", "high"])
    edition = group.edition
    return charts.methods(data, targets_of(edition), edition.market_value.number, _source(group))


def _spread_chart(group: Group, odds: Odds) -> ChartFigure:
    found = odds.quantiles(PERCENTILES)
    columns = {f"p{round(100 * p)}": found[i] for i, p in enumerate(PERCENTILES)}
    data = pd.DataFrame({"year": list(odds.years), **columns})
    edition = group.edition
    return charts.spread(data, targets_of(edition), edition.market_value.number, _source(group))


def _scenarios_table(groups: Mapping[str, Group]) -> Table:
    rows = []
    for name, group in groups.items():
        year, at = group.horizon_year, group.index_of(group.horizon_year)
        projection = group.projection
        rows.append(
            {
                "scenario": name,
                "sales": float(projection.sales[at]),
                "income": float(projection.operating_income[at]),
                "margin": float(projection.margin[at]),
                "value": group.value_figure(year),
                "share": float(group.values[at]) * 1000 / float(group.shares[at]),
                "crossed": ", ".join(_crossed(group, target) for target in group.edition.targets),
            }
        )
    first = groups["base"]
    columns = [
        Column("scenario", "Scenario"),
        Column("sales", f"Sales {first.horizon_year}", "usd_bn"),
        Column("income", "Operating income", "usd_bn"),
        Column("margin", "Margin", "fraction"),
        Column("value", "Market value", "usd_bn"),
        Column("share", "A share", "usd"),
        Column("crossed", "Targets crossed"),
    ]
    caption = f"Three scenarios at the end of {first.horizon_year}"
    return Table(pd.DataFrame(rows), columns, caption, _source(first))


def _crossed(group: Group, target: Target) -> str:
    for year, value in zip(group.years, group.values, strict=True):
        if value >= target.value_usd_bn:
            return f"${target.name} in {year}"
    return f"${target.name} not by {group.years[-1]}"
