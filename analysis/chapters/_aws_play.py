"""The calculator of the AWS page: growth, margin and multiple to sales, profit and value."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy.optimize import brentq

from analysis.chapters._words import SCENARIOS
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.growth import compound_path, fade_rates
from analysis.valuation.group import Group
from analysis.valuation.inputs import AWS_SALES, ttm

_RATES = (-0.9, 2.0)  # between which the last year's growth is looked for


def sales_by_year(
    sales: Number, growth_first: Number, growth_last: Number, steps: tuple[float, ...]
) -> list[Number]:
    """Sales after each step when growth moves linearly from the first year's to the last year's.

    The projection's own kernels with its convention: the rate of a step is that at its start.
    """
    begins = [math.fsum(steps[:index]) for index in range(len(steps))]
    return compound_path(sales, fade_rates(growth_first, growth_last, begins[-1], begins), steps)


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for growth, margin and multiple: sales, profit and value of AWS in the targets' year."""
    steps = group.steps[: group.index_of(group.horizon_year) + 1]
    start, year = group.base.aws.sales, group.horizon_year
    targets = {f"${t.name}": t.value_usd_bn for t in group.edition.targets}

    def sales(growth_first: Number, growth_last: Number) -> Number:
        return sales_by_year(start, growth_first, growth_last, steps)[-1]

    def income(growth_first: Number, growth_last: Number, margin: Number) -> Number:
        return sales(growth_first, growth_last) * margin

    def value(growth_first: Number, growth_last: Number, margin: Number, multiple: Number) -> Number:
        return income(growth_first, growth_last, margin) * multiple

    def chart(params: Mapping[str, Number]) -> object:
        path = sales_by_year(start, params["growth_first"], params["growth_last"], steps)
        worth = {
            str(year): sold * params["margin"] * params["multiple"]
            for year, sold in zip(group.years, path, strict=False)
        }
        return steered.columns(worth, targets)

    presets = {name: _preset(groups[name]) for name in SCENARIOS}
    start_at = _preset(group)
    worth = value(**start_at)
    return Calculator(
        "What AWS could sell, earn and be worth",
        _sliders(group, presets, start_at),
        [
            Output("sales", f"AWS sales in {year}", "usd_bn", sales),
            Output("income", f"AWS operating income in {year}", "usd_bn", income),
            Output("value", f"AWS at that multiple in {year}", "usd_bn", value, targets),
        ],
        presets,
        chart,
        f"Bars of AWS's value by year at the chosen margin and multiple, with the targets as lines: "
        f"{show(worth, 'usd_bn')} in {year} in the {group.scenario} scenario.",
        source=[ttm(group.edition, AWS_SALES), "scenarios of this report"],
    )


def _preset(group: Group) -> dict[str, float]:
    """A scenario as the sliders take it: the same sales, margin and multiple in the targets' year.

    The last year's rate is the one that leads to the scenario's sales in a straight line. That is the
    scenario's own rate unless its growth stops fading before that year.
    """
    index, part = group.index_of(group.horizon_year), group.projection.parts["aws"]
    steps, start = group.steps[: index + 1], group.base.aws.sales
    first = (part.sales[0] / start) ** (1 / steps[0]) - 1

    def miss(last: float) -> float:
        return float(sales_by_year(start, first, last, steps)[-1] / part.sales[index] - 1)

    return {
        "growth_first": first,
        "growth_last": float(brentq(miss, *_RATES, xtol=1e-13)),
        "margin": part.margin[index],
        "multiple": group.drivers["exit.multiple_aws"],
    }


def _sliders(
    group: Group, presets: Mapping[str, Mapping[str, float]], start: Mapping[str, float]
) -> list[Slider]:
    """Sliders that span the scenarios and as much again on either side."""
    labels = {
        "growth_first": (f"Growth in {group.years[0]}", "fraction", 0.005),
        "growth_last": (f"Growth in {group.horizon_year}", "fraction", 0.005),
        "margin": (f"Operating margin in {group.horizon_year}", "fraction", 0.005),
        "multiple": ("Value over operating income", "x1", 0.5),
    }
    found = []
    for name, (label, unit, step) in labels.items():
        ends = [presets[scenario][name] for scenario in presets] + [start[name]]
        width = max(max(ends) - min(ends), 10 * step)
        low = math.floor((min(ends) - width) / step) * step
        low = low if name.startswith("growth") else max(low, 0.0)
        high = math.ceil((max(ends) + width) / step) * step
        found.append(Slider(name, label, unit, round(low, 6), round(high, 6), step, start[name]))
    return found
