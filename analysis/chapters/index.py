"""The first page: the answer, its range, its odds, and what would have to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.articles import open_judge
from analysis.chapters._notes import paragraph
from analysis.chapters._words import SCENARIOS
from analysis.chapters.page import Page, Unavailable
from analysis.chapters.projection import calculator, targets_of, years_held
from analysis.charts import answer as charts
from analysis.charts.note import Note
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.table import Column, Table
from analysis.data import Edition
from analysis.data.targets import Target
from analysis.figures import Figure, computed, text
from analysis.formats import day, percent
from analysis.model.parts.market_value import Method
from analysis.model.projection.growth import cagr
from analysis.valuation.dcf import Intrinsic, cost_of_capital_figures, intrinsic
from analysis.valuation.group import METHOD_LABELS, Group, open_group
from analysis.valuation.inputs import AWS_SALES
from analysis.valuation.odds import Odds, simulate_odds
from analysis.valuation.parts import value_today
from analysis.valuation.required import Required, required

PERCENTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
LIKELY, UNLIKELY = 0.5, 0.25  # a chance above the one is "more likely than not", below the other "unlikely"
ROWS: Mapping[Method, str] = {"sales": "By sales", "parts": "By parts", "earnings": "By earnings"}
LEAST = 0.005  # a chance below this would be printed as nil


def build(edition: Edition, scenario: str) -> Page:
    """The page for an edition: the scenario's answer, the other scenarios as its range."""
    groups = {name: open_group(edition, name) for name in SCENARIOS}
    group = groups[scenario] if scenario in groups else open_group(edition, scenario)
    odds = simulate_odds(group)
    valued = {name: intrinsic(each) for name, each in groups.items()}
    numbers = {
        **_edition(group),
        **_range(groups, group),
        **_holder(group),
        **_today(valued[scenario] if scenario in valued else intrinsic(group)),
    }
    for target in edition.targets:
        numbers |= _target(group, odds, target)
    numbers |= {**_verdict(group, odds), **_words(group, odds)}
    return Page(
        "index",
        numbers,
        {
            "methods": partial(_methods_chart, groups, valued, group, odds),
            "spread": partial(_spread_chart, group, odds),
        },
        {"scenarios": partial(_scenarios_table, groups)},
        {"play": partial(calculator, groups, group)},
        {"claims": partial(_claims_note, edition)},
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
    """The scenarios' values, and whether the scenario or the way of valuing decides more."""
    year = group.horizon_year
    found = {name: each.value_figure(year) for name, each in groups.items()}
    ways = [group.value_figure(year, method) for method in METHOD_LABELS]
    apart = (max(ways, key=float) / min(ways, key=float)).named(
        "Highest of the three ways over the lowest", "x"
    )
    wide = (found["bull"] / found["bear"]).named("Bull scenario over bear scenario", "x")
    decides = "what is assumed" if wide.number > apart.number else "how it is valued"
    other = "how it is valued" if wide.number > apart.number else "what is assumed"
    label = f"Market value at the end of {year}, {group.scenario} scenario"
    return {
        **found,
        "expected": group.value_figure(year).named(label),
        "ways_apart": apart,
        "scenarios_apart": wide,
        "decides": text(decides, "What decides more", apart, wide),
        "decides_less": text(other, "What decides less", apart, wide),
    }


def _holder(group: Group) -> dict[str, Figure]:
    """What the scenario would bring to a holder of one share, beside what a holder asks for."""
    edition, year, years = group.edition, group.horizon_year, years_held(group)
    count = group.result(
        group.shares[group.index_of(year)] / 1000,
        "number",
        f"Shares at the end of {year}, billion",
        "today's count × (1 + change)^years",
        "shares.change",
    )
    share = (group.value_figure(year) / count).named(
        f"Value of a share at the end of {year}, {group.scenario} scenario", "usd"
    )
    rise = cagr(edition.market_value, group.value_figure(year), years)
    return {
        "expected_a_year": rise.named(f"Rise of the market value a year to the end of {year}", "change"),
        "share_then": share,
        "share_a_year": cagr(edition.price, share, years).named(
            f"Return on a share a year to the end of {year}, {group.scenario} scenario", "fraction"
        ),
        "asked": cost_of_capital_figures(group).cost_of_equity,
    }


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
    gap = (worth / market - 1).named("Discounted cash flow value against the market value", "fraction")
    below = gap.number < 0
    return {
        "dcf": worth,
        "dcf_gap": (-1 * gap if below else gap).named(gap.label, "fraction"),
        "dcf_word": text("less" if below else "more", "The cash-flow value against the market value", gap),
    }


CLAIMS = (
    "Of the {claims} claims in {articles} published articles, {claims_checked} could be recomputed: "
    "{claims_hold} hold to the last digit they print, {claims_rounding} hold with rounding, {claims_fail} do "
    "not hold. The others cannot be checked, each for a reason that is given."
)


def _claims_note(edition: Edition) -> Note | Unavailable:
    """How the articles' claims were graded, of those that had appeared by the cut-off."""
    found = claims(edition)
    if not found["claims"].number:
        return Unavailable("the articles that this report checks")
    return paragraph(CLAIMS, found)


def claims(edition: Edition) -> dict[str, Figure]:
    """Counts of the articles and of their claims by grade, of those that had appeared by the cut-off."""
    judged = open_judge(edition).claims()
    grades = [claim.grade for claim in judged]
    formula = "claims of the articles in data/articles, graded by recomputation"

    def counted(amount: int, label: str) -> Figure:
        return computed(float(amount), "count", label, formula)

    return {
        "articles": counted(len({claim.article.letter for claim in judged}), "Articles that had appeared"),
        "claims": counted(len(grades), "Claims of the articles that had appeared"),
        "claims_checked": counted(len(grades) - grades.count("not checkable"), "Claims recomputed"),
        "claims_hold": counted(grades.count("holds"), "Claims that hold to the last digit"),
        "claims_rounding": counted(grades.count("holds with rounding"), "Claims that hold with rounding"),
        "claims_fail": counted(grades.count("does not hold"), "Claims that do not hold"),
    }


def _target(group: Group, odds: Odds, target: Target) -> dict[str, Figure]:
    """The odds of one target, and what would have to be true for it."""
    key, year = f"t{target.name.lower()}", group.horizon_year
    needs = required(group, target)
    found = {
        key: text(f"${target.name}", "Target", target.figure),
        f"{key}_odds": seen(odds.odds_figure(target.name, year)),
        f"{key}_touch": seen(odds.odds_figure(target.name, year, touch=True)),
        **_dearer(key, needs["multiples"]),
    }
    for lever in ("aws_growth", "margin"):
        found[f"{key}_{lever}"] = needs[lever].figure()
        found[f"base_{lever}"] = needs[lever].assumed_figure()
    return found


def _dearer(key: str, need: Required) -> dict[str, Figure]:
    """How much more or less investors would have to pay for the same sales and profit."""
    times = need.figure()
    label = f"Multiples against the scenario's for {need.target.name}"
    is_more = need.is_beyond if need.level is None else need.level >= 1
    if need.level is None:
        assert need.bound is not None
        size = text(f"more than {percent(abs(need.bound - 1), 0)}", label, times)
    else:
        change = times - 1
        size = (change if is_more else -1 * change).named(label, "fraction")
    word = text("more" if is_more else "less", "Multiples needed against the scenario's", times)
    return {f"{key}_dearer": size, f"{key}_dearer_word": word}


def seen(chance: Figure) -> Figure:
    """A chance as it is shown: one too small for its format in words, so that it is not printed as nil."""
    if chance.number >= LEAST:
        return chance
    return text(f"less than {percent(2 * LEAST, 0)}", chance.label, chance)


def _words(group: Group, odds: Odds) -> dict[str, Figure]:
    """Each target's chance in a word, with "too" where the target before has the same one."""
    found, before = {}, ""
    for target in group.edition.targets:
        chance = odds.odds_figure(target.name, group.horizon_year)
        word = likelihood(chance.number)
        said = f"{word} too" if word == before else word
        found[f"t{target.name.lower()}_word"] = text(said, "The chance in a word", chance)
        before = word
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
        "aws_growth_now": group.edition.growth(AWS_SALES),
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
    for method, label in ROWS.items():
        ends = [float(groups[name].values_by_method[method][at]) for name in SCENARIOS]
        rows.append((f"{label}, {year}", *ends))
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
                **{target.name: _crossed(group, target) for target in group.edition.targets},
            }
        )
    first = groups["base"]
    columns = [
        Column("scenario", "Scenario"),
        Column("value", "Market value", "usd_bn", 0),
        Column("share", "A share", "usd", 0),
        *(Column(target.name, f"${target.name} reached") for target in first.edition.targets),
        Column("sales", "Sales", "usd_bn", 0),
        Column("income", "Operating income", "usd_bn", 0),
        Column("margin", "Margin", "fraction"),
    ]
    caption = f"Three scenarios at the end of {first.horizon_year}"
    return Table(pd.DataFrame(rows), columns, caption, _source(first))


def _crossed(group: Group, target: Target) -> str:
    """The first year at whose end the scenario has the target."""
    for year, value in zip(group.years, group.values, strict=True):
        if value >= target.value_usd_bn:
            return str(year)
    return f"not by {group.years[-1]}"
