"""The sum of the parts of the analysis of April 2025: as it stands, and as the report does on that day."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.articles.reproduction import Line, Worked, by_factor, lines, named
from analysis.data import Edition
from analysis.figures import Figure, computed
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.parts.equity_bridge import enterprise_value
from analysis.valuation.group import Group, balance_figures, open_group
from analysis.valuation.parts import value_today


def stated_parts(given: Mapping[str, Figure]) -> list[sotp.Part]:
    """The three parts as the article has them; retail and advertising count the same profit."""
    retail = given["sotp_retail_income"], given["sotp_retail_multiple"]
    return [
        sotp.by_operating_income("AWS", given["sotp_aws_income"], given["sotp_aws_multiple"], sotp.AWS),
        sotp.by_operating_income("Retail", *retail, sotp.RETAIL),
        sotp.directly("Advertising", given["sotp_advertising"], sotp.ADVERTISING),
    ]


def sum_of_parts(given: Mapping[str, Figure], then: Edition, group: Group) -> Worked:
    """The article's sum beside the report's, both on the article's day."""
    company, parts = open_group(then, group.scenario).traced, stated_parts(given)
    theirs, ours = sotp.sum_of_parts(parts, allow_overlap=True), value_today(company)
    sums = (
        named(theirs.enterprise_value.base, "sum of the article's parts", "usd_bn"),
        ours.sum.enterprise_value.base,
    )
    paid = enterprise_value(then.market_value, balance_figures(then, company.drivers))
    market = named(paid, "enterprise value that the market paid, stakes in others taken off", "usd_bn")
    asked = [
        named(sotp.solve_multiple(each, "AWS", market, allow_overlap=True), "multiple of AWS left", "x")
        for each in (parts, ours.parts)
    ]
    value = {name: span.base for name, span in ours.sum.parts.items()}
    stated = {name: named(span.base, name, "usd_bn") for name, span in theirs.parts.items()}
    multiple = next(part.multiple.base for part in ours.parts if part.name == "AWS")
    return Worked(
        lines=lines(
            ("AWS: operating income", given["sotp_aws_income"], company.figures.aws_operating_income),
            ("AWS: multiple", given["sotp_aws_multiple"], multiple),
            ("AWS", stated["AWS"], value["AWS"]),
            ("Retail with its advertising", stated["Retail"], None),
            ("Stores without advertising", None, value["Stores"]),
            ("Advertising", stated["Advertising"], value["Advertising"]),
            ("Enterprise value", given["enterprise_value"], market),
            ("Multiple of AWS that the market paid, by the other parts", asked[0], asked[1]),
        ),
        result=Line("Sum of the parts", *sums),
        shown={"theirs": sums[0], "ours": sums[1], "market": market, "asked": asked[0],
               "twice": counted_twice(given, company)},
        causes=_causes(given, company, value, multiple),
        printed=(given["sotp_total"],),
    )  # fmt: skip


def counted_twice(given: Mapping[str, Figure], company: Group) -> Figure:
    """Advertising's profit at the multiple of retail: what the article's list counts a second time."""
    assert company.figures.advertising is not None
    income = company.figures.advertising.sales * company.driver("advertising.operating_margin")
    label = "advertising's profit inside retail, at retail's multiple"
    return named(income * given["sotp_retail_multiple"], label, "usd_bn")


def _causes(
    given: Mapping[str, Figure], company: Group, value: Mapping[str, Figure], multiple: Figure
) -> tuple[Figure, ...]:
    """The way from the article's sum to the report's, one part after the other."""
    twice = counted_twice(given, company)
    removed = computed(-twice.number, "usd_bn", "advertising's profit counted twice", "−1 × it", twice)
    aws = by_factor(
        {"AWS: operating income": given["sotp_aws_income"], "AWS: multiple": given["sotp_aws_multiple"]},
        {"AWS: operating income": company.figures.aws_operating_income, "AWS: multiple": multiple},
        "usd_bn",
    )
    stores = value["Stores"] - (given["sotp_retail_income"] * given["sotp_retail_multiple"] - twice)
    advertising = value["Advertising"] - given["sotp_advertising"]
    return (
        removed,
        *aws,
        named(stores, "stores: valued by sales", "usd_bn"),
        named(advertising, "advertising: valued by profit", "usd_bn"),
    )
