"""The models that multiply: sales grown and paid for, the distance to a target, and peers' multiples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from statistics import median

from analysis.articles.reproduction import Line, Worked, by_factor, lines, named, step
from analysis.data import Edition, quarters
from analysis.figures import Figure, computed, kernel_result
from analysis.model.parts import multiples
from analysis.model.projection import growth
from analysis.model.projection.segments import FORMULAS, project
from analysis.valuation.group import Group
from analysis.valuation.inputs import ttm
from analysis.valuation.peers import same_day

SALES = "income.net_sales"
LISTED = ("Microsoft", "Nvidia", "Alphabet", "Apple")


def projection(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """Sales × growth × multiple to the targets' horizon: the article's numbers, and the scenario's."""
    base, horizon = quarters.period_end(then.quarter), _horizon(group)
    span = growth.years_between(base, horizon)
    theirs = _Path(given["sales"], given["growth"], _years(span, base, horizon), given["multiple_now"])
    sales, ahead = ttm(group.edition, SALES), sales_ahead(group)
    years = _years(group.exit_years, quarters.period_end(group.edition.quarter), horizon)
    rate = named(growth.cagr(sales, ahead, years), "growth of sales a year in the scenario", "fraction")
    ours = _Path(sales, rate, years, _multiple_ahead(group))
    needed = [
        named(multiples.multiple_required(given["target"], sold), "multiple that the target takes", "x")
        for sold in (given["sales_2030"], ahead)
    ]
    return Worked(
        lines=lines(
            ("Sales of twelve months", theirs.sales, ours.sales),
            ("Growth a year", theirs.rate, ours.rate),
            ("Years to the horizon", theirs.years, ours.years),
            ("Sales at the horizon", given["sales_2030"], ahead),
            ("Price-to-sales multiple", theirs.multiple, ours.multiple),
            ("Multiple that its target takes", needed[0], needed[1]),
        ),
        result=Line("Value at the horizon", theirs.value, ours.value),
        shown={"theirs": theirs.value, "ours": ours.value, "printed": given["value_unchanged"],
               "needed": needed[0], "needed_ours": needed[1]},
        causes=by_factor(theirs.factors, ours.factors, "usd_bn"),
        printed=(given["value_unchanged"],),
    )  # fmt: skip


def upside(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """The distance to the target, from the value the article starts from and from the edition's."""
    target, now = given["target"], group.edition.market_value
    start = named(multiples.value_before(target, given["upside"]), "value it starts from", "usd_bn")
    horizon = _horizon(group)
    years = _years(growth.years_between(group.edition.cutoff, horizon), group.edition.cutoff, horizon)
    sales = ttm(then, SALES)
    soon = growth.compound(sales, then.growth(SALES), given["years"])
    asked = [
        named(target / sold, "multiple that the target takes", "x") for sold in (soon, sales_ahead(group))
    ]
    paces = [
        named(multiples.return_required(target, value, span), "rise a year", "fraction")
        for value, span in ((start, given["years"]), (now, years))
    ]
    paid = [
        named(value / sold, "multiple of sales", "x")
        for value, sold in ((start, sales), (now, ttm(group.edition, SALES)))
    ]
    gaps = [named(target - value, "rise to the target", "usd_bn") for value in (start, now)]
    distance = named(multiples.upside_to(target, now), "distance", "fraction")
    return Worked(
        lines=lines(
            ("Market value to start from", start, now),
            ("Distance", given["upside"], distance),
            ("Years", given["years"], years),
            ("Rise a year", paces[0], paces[1]),
            ("Multiple of sales to start from", paid[0], paid[1]),
            ("Multiple that the target takes", asked[0], asked[1]),
        ),
        result=Line("Rise to the target", gaps[0], gaps[1]),
        shown={"pace": paces[0], "slower": paces[1], "start": start, "now": now},
        causes=(
            step("rounding of the value it starts from", then.market_value, start),
            step("share price and count since", now, then.market_value),
        ),
    )


def peers(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """Amazon at its peers' median multiple of sales: by the article's table, and by one day's prices."""
    theirs = {name: given[f"ps_{name.lower()}"] for name in LISTED}
    known = {
        peer.name: named(peer.market_value / peer.sales, f"{peer.name}: market value over sales", "x")
        for peer in same_day(group.edition)
    }
    ours = {name: known[name] for name in LISTED if name in known}
    before, after = _at_median(given["sales"], theirs), _at_median(ttm(group.edition, SALES), ours)
    assert before is not None
    now = named(group.edition.market_value / ttm(group.edition, SALES), "multiple of sales", "x")
    middle = None if after is None else after["multiple"]
    return Worked(
        lines=lines(
            *((name, theirs[name], ours.get(name)) for name in LISTED),
            ("Median of the four", before["multiple"], middle),
            ("Amazon", given["multiple_now"], now),
        ),
        result=Line("Amazon at that median", _value(before), None if after is None else _value(after)),
        shown={"value": _value(before), "target": given["target"]},
        causes=() if after is None else by_factor(before, after, "usd_bn"),
    )


class _Path:
    """Sales, growth, years and multiple, and what they are worth."""

    def __init__(self, sales: Figure, rate: Figure, years: Figure, multiple: Figure) -> None:
        self.sales, self.rate, self.years, self.multiple = sales, rate, years, multiple

    @property
    def value(self) -> Figure:
        value = multiples.market_value(self.sales, self.rate, self.years, self.multiple)
        return named(value, "value at the horizon", "usd_bn")

    @property
    def factors(self) -> dict[str, Figure]:
        grown = named((1 + self.rate) ** self.years, "growth until the horizon", "x")
        return {
            "sales to start from": self.sales,
            "growth until the horizon": grown,
            "multiple": self.multiple,
        }


def sales_ahead(group: Group) -> Figure:
    """The scenario's sales in the targets' year."""
    year = group.horizon_year
    sales = group.projection.sales[group.index_of(year)]
    return kernel_result(
        sales, f"Sales in {year}, {group.scenario} scenario", "usd_bn", project, FORMULAS["sales"]
    )


def _multiple_ahead(group: Group) -> Figure:
    today = group.edition.market_value / ttm(group.edition, SALES)
    ahead = today * (1 + group.driver("exit.price_to_sales_change"))
    return ahead.named(f"Price-to-sales in {group.horizon_year}, {group.scenario} scenario", "x")


def _horizon(group: Group) -> date:
    return max(target.horizon for target in group.edition.targets)


def _years(value: float, start: date, end: date) -> Figure:
    return computed(value, "years", f"years from {start} to {end}", f"{end} less {start}")


def _at_median(sales: Figure, found: Mapping[str, Figure]) -> dict[str, Figure] | None:
    if not found:
        return None
    middle = median(figure.number for figure in found.values())
    multiple = computed(middle, "x", "median multiple of the peers", "median", *found.values())
    return {"sales": sales, "multiple": multiple}


def _value(at: Mapping[str, Figure]) -> Figure:
    return named(at["sales"] * at["multiple"], "value at the peers' median multiple", "usd_bn")
