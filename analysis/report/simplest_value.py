"""The calculator of growth and multiple, which the first page and the projection show."""

from __future__ import annotations

from analysis.charts.calculator import Calculator
from analysis.model._inputs import Number
from analysis.model.parts import multiples
from analysis.model.projection.growth import cagr, compound
from analysis.report.calculators import result, slider
from analysis.report.page import Page
from analysis.report.report import Report


def implied_growth_and_multiple(report: Report) -> dict[str, Number]:
    """A scenario in two figures: ``growth`` of sales a year to the horizon, and price-to-sales then.

    >>> from analysis.report import open_report
    >>> found = implied_growth_and_multiple(open_report("2025Q4"))
    >>> f"{found['growth']} a year, {found['multiple']}"
    '9.9% a year, 2.81×'
    """
    year, name = report.horizon, report.scenario
    sales = report.quarterly("income.net_sales").twelve_months().latest
    growth = cagr(sales, report.projected("group.sales")[year], report.years_to_horizon())
    multiple = report.market_value / sales * (1 + report.driver("exit.price_to_sales_change"))
    return {
        "growth": growth.named(f"Growth of sales a year to {year}, {name} scenario", "fraction"),
        "multiple": multiple.named(f"Price-to-sales in {year}, {name} scenario", "x"),
    }


def growth_times_multiple(page: Page, name: str) -> Calculator:
    """Sliders for growth and multiple, with the scenarios as presets: sales, market value, its rise a year.

    By year the multiple moves in a straight line from today's to the chosen one.
    """
    report = page.report
    year, years, held = report.horizon, report.years_to_horizon().number, report.years_held.number
    figures = report.quarterly("income.net_sales").twelve_months().latest, report.market_value
    today, worth = (figure.number for figure in figures)
    ends = dict(zip(report.group.years, report.group.times, strict=True))

    def sales(growth: Number) -> Number:
        return compound(today, growth, years)

    def value(growth: Number, multiple: Number) -> Number:
        return multiples.market_value(today, growth, years, multiple)

    def a_year(growth: Number, multiple: Number) -> Number:
        return multiples.return_required(value(growth, multiple), worth, held)

    def by_year(growth: Number, multiple: Number) -> dict[int, Number]:
        between = {end: time / years for end, time in ends.items() if end <= year}
        return {
            end: multiples.market_value(
                today, growth, ends[end], multiple * share + worth / today * (1 - share)
            )
            for end, share in between.items()
        }

    presets = {each: implied_growth_and_multiple(case) for each, case in report.scenarios.items()}
    own = presets[report.scenario]
    there = value(own["growth"], own["multiple"]).named(f"Sales × price-to-sales in {year}", "usd_bn")
    return page.calculator(
        name,
        title=f"Growth × multiple: market value at the end of {year}",
        sliders={
            "growth": slider("Growth of sales a year", "fraction", step=0.005, low=0.0, high=0.25),
            "multiple": slider("Price-to-sales at the end", "x", step=0.05, low=0.5, high=10.0),
        },
        results=[
            result(f"Sales in {year}", "usd_bn", sales),
            result(f"Market value at the end of {year}", "usd_bn", value, targets=report.targets),
            result("Rise of the market value a year", "fraction", a_year),
        ],
        presets=presets,
        columns=by_year,
        finding="Growth as chosen, the multiple moving from today's to that chosen: "
        f"{there} in {year} in the {report.scenario} scenario",
        source=[*figures, there],
    )
