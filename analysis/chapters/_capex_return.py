"""What a dollar of data centre earns: the return, what utilisation and margin pay it back, a calculator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.chapters._words import SCENARIOS, said
from analysis.charts import capex as charts
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.render import ChartFigure
from analysis.data import AbsentFigure, Edition, quarters
from analysis.figures import Figure, computed, text
from analysis.formats import percent, show
from analysis.model._inputs import Number
from analysis.model.dcf.irr import internal_rates
from analysis.model.projection import build_out
from analysis.valuation.dcf import cost_of_capital_figures
from analysis.valuation.group import Group
from analysis.valuation.inputs import AWS_SALES, capital_expenditure, ttm

FLOWS = 200  # years of flows from which the rate is solved: by then nothing is left of the dollar
STEPS_FULL = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
STEPS_MARGIN = 5
TIMES_HURDLE = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)  # where the chart's tints change, in costs of capital


@dataclass(frozen=True)
class Terms:
    """What a dollar of data centre rests on in the targets' year, as figures."""

    sales: Figure
    margin: Figure
    life: Figure
    tax: Figure
    hurdle: Figure

    def numbers(self) -> dict[str, float]:
        """Sales, margin, life and tax as the kernels name them."""
        return {
            "sales_per_dollar": self.sales.number,
            "margin": self.margin.number,
            "life": self.life.number,
            "tax": self.tax.number,
        }


def terms(group: Group) -> Terms:
    """The scenario's terms: AWS's sales per dollar of net investment, its margin, the assets' life, tax."""
    year, index = group.horizon_year, group.index_of(group.horizon_year)
    margin = group.projection.parts["aws"].margin[index]
    tax = group.projection.tax[index]
    when = f"in {year}, {group.scenario} scenario"
    return Terms(
        sales=group.driver("aws.sales_to_capital"),
        margin=group.result(
            margin, "fraction", f"AWS operating margin {when}", "today's margin + change", "aws.margin_change"
        ),
        life=group.driver("group.asset_life"),
        tax=group.result(
            tax, "fraction", f"Tax on operating income {when}", "from today's rate to the long-run rate",
            "tax.effective", "tax.marginal",
        ),
        hurdle=cost_of_capital_figures(group).wacc,
    )  # fmt: skip


def return_numbers(edition: Edition, group: Group) -> dict[str, Figure]:
    """Cash, return, payback and break-evens of a dollar; what the past year shows beside them."""
    on = terms(group)
    given = (on.sales, on.margin, on.life, on.tax)
    cash: Figure = build_out.cash_per_dollar(*given)
    income: Figure = build_out.operating_income_per_dollar(*given[:3])
    flows = build_out.cash_flows(cash.number, on.life.number, FLOWS)
    (rate,) = internal_rates(flows)
    years = build_out.years_until_cash_repays(cash.number, on.life.number)
    utilisation: Figure = build_out.break_even_utilisation(*given, on.hurdle)
    margin: Figure = build_out.break_even_margin(on.sales, on.life, on.tax, on.hurdle)
    full = "at full use"
    return {
        "sales_per_dollar": on.sales,
        "margin": on.margin,
        "life": on.life,
        "tax": on.tax,
        "hurdle": on.hurdle,
        "income_per_dollar": income.named(f"Operating income of a dollar, first year, {full}", "usd"),
        "cash_per_dollar": cash.named(f"Cash of a dollar, first year, {full}", "usd"),
        "rate": computed(
            rate, "fraction", f"Internal rate of return of a dollar, {full}",
            "the rate at which −1 and its yearly cash are worth nothing", *given,
        ),
        "payback": _years(years, given),
        "break_even": utilisation.named("How full it must be to earn the cost of capital", "fraction"),
        "break_even_sales": (on.sales * utilisation).named("Sales a year per dollar at that use", "usd"),
        "break_even_margin": margin.named("Margin at which a full one earns the cost of capital", "fraction"),
        **_observed(edition),
        "projected": _projected(group),
    }  # fmt: skip


def _years(years: float, given: tuple[Figure, ...]) -> Figure:
    label = "Years until a dollar is paid back, at full use"
    if math.isinf(years):
        return text("no number of years", label, *given)
    return computed(years, "years", label, "ln(1 − d ÷ cash) ÷ ln(1 − d), d = 1 ÷ life", *given)


def _observed(edition: Edition) -> dict[str, Figure]:
    """Sales that AWS added per dollar of the group's net investment, in the same year and a year later."""
    now, before = edition.quarter, quarters.add(edition.quarter, -4)
    words = {"observed_same": "no meaningful amount", "observed_lag": "no meaningful amount"}
    found = {key: text(value, "AWS sales added per dollar of net investment") for key, value in words.items()}
    added = ttm(edition, AWS_SALES) - ttm(edition, AWS_SALES, before)
    for key, quarter in (("observed_same", now), ("observed_lag", before)):
        try:
            worn = ttm(edition, "cash_flow.depreciation_and_amortization", quarter)
            invested = (capital_expenditure(edition, quarter) - worn).named(
                f"Net investment to {quarter}", "usd_bn"
            )
        except AbsentFigure:
            continue
        if invested.number > 0:
            label = f"AWS sales added to {now} per dollar of the group's net investment to {quarter}"
            found[key] = (added / invested).named(label, "usd")
    return found


def _projected(group: Group) -> Figure:
    """Sales that AWS adds in the projection to the targets' year per dollar of the group's net investment."""
    year, last = group.horizon_year, group.index_of(group.horizon_year) + 1
    path = group.projection
    flows = zip(path.capex[:last], path.depreciation[:last], group.steps[:last], strict=True)
    invested = math.fsum((spent - worn) * step for spent, worn, step in flows)
    label = f"AWS sales added to {year} per dollar of the group's net investment, {group.scenario} scenario"
    if invested <= 0:
        return text("no meaningful amount", label)
    added = path.parts["aws"].sales[last - 1] - group.base.aws.sales
    drivers = ("aws.growth_change", "group.capex_stable", "group.asset_life")
    return group.result(
        added / invested, "usd", label, "sales added ÷ Σ (purchases − depreciation)", *drivers
    )


def returns_chart(group: Group, numbers: Mapping[str, Figure]) -> ChartFigure:
    """The return by margin and utilisation, tints changing at multiples of the cost of capital."""
    on = terms(group)
    plain, hurdle = on.numbers(), on.hurdle.number
    middle = round(plain["margin"], 2)
    margins = [middle + (step - STEPS_MARGIN // 2) * 0.05 for step in range(STEPS_MARGIN)]
    rows = [
        (percent(m, 0), percent(full, 0), build_out.rate_of_return(**plain | {"margin": m}, utilisation=full))
        for m in margins
        for full in STEPS_FULL
    ]
    return charts.returns(
        pd.DataFrame(rows, columns=["margin", "utilisation", "rate"]),
        [times * hurdle for times in TIMES_HURDLE],
        f"A grid of returns. At a margin of {said(on.margin, 'percent0')} a dollar earns the cost of capital "
        f"of {said(on.hurdle)} when its capacity is {said(numbers['break_even'], 'percent0')} full.",
        ["scenarios of this report"],
    )


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for sales per dollar, margin, utilisation, life and cost of capital."""
    presets = {name: _preset(groups[name]) for name in dict.fromkeys((*SCENARIOS, group.scenario))}
    tax = terms(group).tax.number

    def rate(sales: Number, margin: Number, full: Number, life: Number) -> Number:
        return build_out.rate_of_return(sales, margin, life, tax, full)

    def cash(sales: Number, margin: Number, full: Number, life: Number) -> Number:
        return build_out.cash_per_dollar(sales, margin, life, tax, full)

    def worth(sales: Number, margin: Number, full: Number, life: Number, hurdle: Number) -> Number:
        return build_out.value_per_dollar(cash(sales, margin, full, life), life, hurdle)

    def least(sales: Number, margin: Number, life: Number, hurdle: Number) -> Number:
        return build_out.break_even_utilisation(sales, margin, life, tax, hurdle)

    return Calculator(
        "What pays a dollar of data centre back",
        _sliders(presets[group.scenario]),
        [
            Output("rate", "Return a year", "fraction", rate),
            Output("cash", "Cash in the first year, per dollar", "usd", cash),
            Output("worth", "Worth of the dollar at that cost of capital", "usd", worth),
            Output("least", "How full it must be to earn it", "fraction", least),
        ],
        presets,
        source=f"scenarios of this report; tax of {show(tax, 'percent')}",
    )


def _preset(group: Group) -> dict[str, float]:
    on = terms(group)
    return {
        "sales": on.sales.number,
        "margin": on.margin.number,
        "full": 1.0,
        "life": on.life.number,
        "hurdle": on.hurdle.number,
    }


def _sliders(start: Mapping[str, float]) -> list[Slider]:
    return [
        Slider("sales", "Sales a year per dollar, when full", "usd", 0.1, 2.0, 0.05, start["sales"]),
        Slider("margin", "Operating margin, when full", "fraction", 0.0, 0.6, 0.01, start["margin"]),
        Slider("full", "How full", "fraction", 0.2, 1.0, 0.01, start["full"]),
        Slider("life", "Life of the assets", "years", 3.0, 15.0, 0.1, start["life"]),
        Slider("hurdle", "Cost of capital", "fraction", 0.04, 0.15, 0.001, start["hurdle"]),
    ]


def added_income(group: Group) -> Figure:
    """How much more AWS earns before tax in the targets' year than over the last twelve months."""
    index = group.index_of(group.horizon_year)
    value = group.projection.parts["aws"].operating_income[index] - group.base.aws_operating_income
    label = f"AWS operating income added by {group.horizon_year}, {group.scenario} scenario"
    return group.result(value, "usd_bn", label, "then − now", "aws.growth_change", "aws.margin_change")


def spent_until(group: Group, year: int) -> Figure:
    """Net purchases of all projected years through ``year``, in usd_bn."""
    last = group.index_of(year) + 1
    parts = zip(group.projection.capex[:last], group.steps[:last], strict=True)
    value = math.fsum(spent * step for spent, step in parts)
    label = f"Net purchases from now to {year}, {group.scenario} scenario"
    drivers = ("group.capex_stable", "group.capex_fade_years", "group.capex_guidance_weight")
    return group.result(value, "usd_bn", label, "Σ share of sales × sales", *drivers)
