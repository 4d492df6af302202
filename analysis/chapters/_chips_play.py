"""The calculator of the page on own chips."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.projection import chips
from analysis.valuation.group import Group
from analysis.valuation.own_chips import aws_cost, chip_drivers, on_bought_chips, own_share


def avoided(cost: Number, compute_share: Number, share: Number, advantage: Number) -> Number:
    """Cost avoided in a year, as :func:`analysis.valuation.own_chips.own_chips` has it."""
    bought = on_bought_chips(cost * compute_share, share, chips.saving_from_advantage(advantage))
    return chips.cost_avoided(bought, share, advantage)


def kept(cost: Number, compute_share: Number, share: Number, advantage: Number, passed_on: Number) -> Number:
    """The part of it that AWS keeps."""
    return chips.savings_kept(avoided(cost, compute_share, share, advantage), passed_on)


def worth(
    cost: Number,
    compute_share: Number,
    share: Number,
    advantage: Number,
    passed_on: Number,
    multiple: Number,
) -> Number:
    """What the saving kept is worth at a multiple of operating income."""
    return chips.value_of_savings_kept(avoided(cost, compute_share, share, advantage), passed_on, multiple)


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for the drivers of own chips: saving, part kept, value inside AWS."""
    presets = {name: preset(groups[name]) for name in groups}
    start, year = presets[group.scenario], group.horizon_year
    names = ("cost", "compute_share", "share", "advantage")

    def chart(params: Mapping[str, Number]) -> object:
        found = {
            "Accelerated computing": params["cost"] * params["compute_share"],
            "Avoided": avoided(*(params[name] for name in names)),
            "Kept": kept(**{name: params[name] for name in (*names, "passed_on")}),
        }
        return steered.bars(found)

    saved = show(avoided(*(start[name] for name in names)), "usd_bn")
    return Calculator(
        "What own chips could save and be worth",
        _sliders(start, presets, year),
        [
            Output("saving", "Saved on the same work", "fraction", chips.saving_from_advantage),
            Output("avoided", f"Cost avoided in {year}", "usd_bn", avoided),
            Output("kept", "Kept by AWS", "usd_bn", kept),
            Output("value", "Worth inside AWS", "usd_bn", worth),
        ],
        presets,
        chart,
        f"Bars of AWS's cost of accelerated computing, of what own chips avoid and of what AWS keeps: "
        f"{saved} avoided in {year} in the {group.scenario} scenario.",
        height=180,
        source="scenarios of this report",
    )


def preset(group: Group) -> dict[str, float]:
    """A scenario's values of the sliders in the targets' year."""
    drivers = {name: figure.number for name, figure in chip_drivers(group).items()}
    return {
        "cost": aws_cost(group, group.horizon_year).number,
        "compute_share": drivers["chips.compute_share_of_cost"],
        "share": float(own_share(drivers, group.exit_years)),
        "advantage": drivers["chips.advantage"],
        "passed_on": drivers["chips.passed_on"],
        "multiple": group.drivers["exit.multiple_aws"],
    }


def _sliders(
    start: Mapping[str, float], presets: Mapping[str, Mapping[str, float]], year: int
) -> list[Slider]:
    most = max(values["cost"] for values in presets.values())
    top = max(values["multiple"] for values in presets.values())
    return [
        Slider("advantage", "Price-performance advantage", "fraction", 0.0, 1.0, 0.01, start["advantage"]),
        Slider("share", f"Share on own chips in {year}", "fraction", 0.0, 1.0, 0.01, start["share"]),
        Slider("cost", f"AWS's cost in {year}", "usd_bn", 0.0, round(1.5 * most, -1), 1.0, start["cost"]),
        Slider(
            "compute_share", "Accelerated computing, share of it", "fraction", 0.0, 1.0, 0.01,
            start["compute_share"],
        ),
        Slider("passed_on", "Passed on to customers", "fraction", 0.0, 1.0, 0.01, start["passed_on"]),
        Slider("multiple", "Value over operating income", "x1", 0.0, round(1.5 * top), 0.5,
               start["multiple"]),
    ]  # fmt: skip
