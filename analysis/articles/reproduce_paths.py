"""The two paths and the three scenarios of the post on the trading platform, which names no numbers."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.articles.reproduction import Line, Worked, lines, named
from analysis.data import Edition
from analysis.figures import Figure, kernel_result, text
from analysis.model.parts import multiples
from analysis.model.projection import growth
from analysis.model.projection.segments import project
from analysis.valuation.group import Group, open_group
from analysis.valuation.inputs import ttm

CASES = ("bull", "base", "bear")


def paths(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """What each of its two paths asks for by the targets' horizon, and half of each."""
    target, now, years = given["target"], group.edition.market_value, group.exit_years
    earnings, sales = ttm(group.edition, "income.net_income"), ttm(group.edition, "income.net_sales")
    multiple = named(now / earnings, "price-earnings multiple", "x")
    rise = named(target / now, "the target over the market value", "x")
    half = named(rise**0.5, "half of the rise, by multiplication", "x")
    alone = named(growth.cagr(now, target, years), "growth of earnings at an unchanged multiple", "fraction")
    halved = named(growth.cagr(now, now * half, years), "growth of earnings for half of it", "fraction")
    widened = named(multiple * half, "multiple for the other half", "x")
    rerated = named(multiple * rise, "multiple at unchanged earnings", "x")
    ahead = growth.compound(sales, group.edition.growth("income.net_sales"), years)
    ahead = named(ahead, "sales at today's growth", "usd_bn")
    asked = named(multiples.multiple_required(target, ahead), "multiple of those sales", "x")
    return Worked(
        lines=lines(
            ("Net income of twelve months", None, earnings),
            ("Price-earnings multiple", None, multiple),
            ("By earnings with a wider multiple, half of each: growth a year", None, halved),
            ("By earnings with a wider multiple, half of each: multiple", None, widened),
            ("By a re-rating alone: price-earnings multiple", None, rerated),
            ("Price-to-sales multiple", None, named(now / sales, "multiple of sales", "x")),
            ("At sales that keep today's growth: price-to-sales multiple", None, asked),
        ),
        result=Line("By earnings alone: growth a year", None, alone),
        shown={"growth": alone, "half": halved, "widened": widened, "rerated": rerated, "asked": asked},
    )


def scenarios(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """Its three cases beside the report's three scenarios, in the targets' year."""
    target, groups = given["target"], {case: open_group(group.edition, case).traced for case in CASES}
    values = {case: each.value_figure(each.horizon_year) for case, each in groups.items()}
    shares = {case: profit_share(each) for case, each in groups.items()}
    words = {"bull": "the target or more", "base": "steady compounding", "bear": "capped"}
    said = {case: text(words[case], f"its {case} case", target) for case in CASES}
    reaches = values["bull"].number >= target.number
    verdict = text(
        "reaches" if reaches else "does not reach", "whether the bull case reaches it", values["bull"]
    )
    return Worked(
        lines=lines(
            *((f"{case.capitalize()}: value", said[case], values[case]) for case in CASES),
            *((f"{case.capitalize()}: AWS and advertising in profit", None, shares[case]) for case in CASES),
        ),
        result=Line("Bull: value", None, values["bull"]),
        shown={"verdict": verdict, "target": target, "share": shares["bull"]}
        | {case: values[case] for case in CASES},
    )


def profit_share(group: Group) -> Figure:
    """The part of operating income that AWS and advertising earn in the targets' year."""
    at = group.index_of(group.horizon_year)
    income = {name: part.operating_income[at] for name, part in group.projection.parts.items()}
    served = income["aws"] + income["advertising"] if "advertising" in income else income["aws"]
    label = f"AWS and advertising in operating income of {group.horizon_year}, {group.scenario} scenario"
    formula = "their operating income ÷ all of it"
    return kernel_result(served / group.projection.operating_income[at], label, "fraction", project, formula)
