"""The calculator of the advertising page: growth, margin and multiple to a value in the targets' year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from analysis.chapters._words import SCENARIOS
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import usd_bn
from analysis.model._inputs import Number
from analysis.model.projection import advertising
from analysis.model.projection.growth import cagr, compound
from analysis.valuation.group import Group
from analysis.valuation.inputs import ADVERTISING

_LABELS = {
    "growth": ("Growth a year", "fraction", 0.005),
    "margin": ("Operating margin", "fraction", 0.005),
    "multiple": ("Value over operating income", "x1", 0.5),
}


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for growth, margin and multiple: sales, value and its share of the targets."""
    year, presets, begin = (
        group.horizon_year,
        {name: preset(groups[name]) for name in SCENARIOS},
        preset(group),
    )

    def chart(params: Mapping[str, Number]) -> object:
        last = group.index_of(year) + 1
        times = zip(group.years[:last], group.times[:last], strict=True)
        return steered.columns({str(y): value_after(group, time)(**params) for y, time in times}, {})

    worth = value_after(group, group.exit_years)(**begin)
    return Calculator(
        "What advertising could be worth",
        _sliders(presets, begin),
        _outputs(group),
        presets,
        chart,
        f"Bars of advertising's value by year at the chosen growth, margin and multiple: "
        f"{usd_bn(worth)} in {year} in the {group.scenario} scenario.",
        height=240,
        source=[group.edition.figure(ADVERTISING), "scenarios of this report"],
    )


def value_after(group: Group, years: float, over: float = 1.0) -> Callable[..., Number]:
    """Advertising's value in ``years`` as a function of growth, margin and multiple, divided by ``over``."""
    start = sales_now(group)

    def value(growth: Number, margin: Number, multiple: Number) -> Number:
        return advertising.value(compound(start, growth, years), margin, multiple) / over

    return value


def _outputs(group: Group) -> list[Output]:
    start, year, years = sales_now(group), group.horizon_year, group.exit_years

    def sales(growth: Number) -> Number:
        return compound(start, growth, years)

    shares = [
        Output(
            f"of_{target.name.lower()}",
            f"That is, of ${target.name}",
            "fraction",
            value_after(group, years, target.value_usd_bn),
        )
        for target in group.edition.targets
    ]
    return [
        Output("sales", f"Advertising's sales in {year}", "usd_bn", sales),
        Output("value", f"Its value at the end of {year}", "usd_bn", value_after(group, years)),
        *shares,
    ]


def sales_now(group: Group) -> float:
    """Advertising's sales of the last twelve months; raises ``ValueError`` if not reported apart."""
    if group.base.advertising is None:
        raise ValueError(f"{group.edition.label}: advertising was not reported apart")
    return float(group.base.advertising.sales)


def preset(group: Group) -> dict[str, float]:
    """A scenario as the sliders take it: the same sales, margin and multiple in the targets' year."""
    index, part = group.index_of(group.horizon_year), group.projection.parts["advertising"]
    return {
        "growth": float(cagr(sales_now(group), part.sales[index], group.exit_years)),
        "margin": float(part.margin[index]),
        "multiple": group.drivers["exit.multiple_advertising"],
    }


def _sliders(presets: Mapping[str, Mapping[str, float]], start: Mapping[str, float]) -> list[Slider]:
    """Sliders that span the scenarios and as much again on either side."""
    found = []
    for name, (label, unit, step) in _LABELS.items():
        ends = [preset[name] for preset in presets.values()]
        width = max(max(ends) - min(ends), 10 * step)
        low, high = math.floor((min(ends) - width) / step), math.ceil((max(ends) + width) / step)
        low = low if name == "growth" else max(low, 0)
        found.append(
            Slider(name, label, unit, round(low * step, 6), round(high * step, 6), step, start[name])
        )
    return found
