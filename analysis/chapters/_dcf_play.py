"""The calculator of the discounted cash flow: two stages and one rate, in the reader's hands."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy.optimize import brentq

from analysis.chapters._words import SCENARIOS
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.dcf.paths import growth_path
from analysis.model.dcf.two_stage import two_stage_value
from analysis.model.parts.equity_bridge import MILLIONS_PER_BILLION
from analysis.model.projection.growth import compound_path
from analysis.model.projection.segments import group_sales
from analysis.valuation.dcf import Intrinsic, first_period
from analysis.valuation.parts import discounted_target

AROUND = {"−1 point": -0.01, "−½ point": -0.005, "chosen": 0.0, "+½ point": 0.005, "+1 point": 0.01}
STEPS = {"growth": 0.005, "margin": 0.005, "capital": 0.05, "rate": 0.0025, "stable": 0.0025, "roic": 0.01}
STABLE = (0.0, 0.045)  # growth after the forecast: always below the lowest rate and return on offer
RATE = (0.06, 0.16)
ROIC = (0.06, 0.30)


class TwoStage:
    """The short discounted cash flow of :mod:`analysis.model.dcf.two_stage` for one edition and scenario.

    What the sliders leave alone is the scenario's: sales and margin of the last twelve months, tax after the
    forecast, the years of constant growth, and what stands between operations and shares.
    """

    def __init__(self, value: Intrinsic) -> None:
        group = value.group
        self._sales = float(group_sales(group.base))
        self._tax = group.drivers["tax.marginal"]
        profit = group.base.aws_operating_income + group.base.retail_operating_income
        self._margin = float(profit) / self._sales
        self._years = value.conventions.years
        self._constant = int(group.drivers["dcf.constant_years"])
        self._converged = int(group.drivers["group.convergence_years"])
        self._elapsed = 1.0 - first_period(group)
        self._net = float(value.net_assets)
        self._shares = group.edition.shares.number

    def equity(
        self, growth: Number, margin: Number, capital: Number, rate: Number, stable: Number, roic: Number
    ) -> Number:
        """Value of the shares today in usd_bn."""
        operations = two_stage_value(
            self._sales,
            growth,
            stable,
            margin,
            self._tax,
            capital,
            rate,
            years=self._years,
            constant_years=self._constant,
            start_margin=self._margin,
            convergence_year=self._converged,
            stable_roic=roic,
            timing="mid",
        )
        return operations * (1 + rate) ** self._elapsed + self._net

    def share(
        self, growth: Number, margin: Number, capital: Number, rate: Number, stable: Number, roic: Number
    ) -> Number:
        """The same in dollars a share."""
        worth = self.equity(growth, margin, capital, rate, stable, roic)
        return worth * MILLIONS_PER_BILLION / self._shares

    def preset(self, value: Intrinsic) -> dict[str, float]:
        """A scenario in six numbers: its last year's sales and margin, its investment, and its value.

        Growth leads to the same sales, capital is what the added sales took on average, and the one rate is
        the one at which the value is the scenario's.
        """
        drivers, lines = value.group.drivers, value.lines
        stable = drivers["dcf.growth_stable"]
        margin = float(lines.operating_income[-1] / lines.sales[-1])
        capital = float((lines.sales[-1] - self._sales) / sum(lines.reinvestment))

        def miss(growth: float) -> float:
            path = growth_path(growth, stable, years=self._years, constant_years=self._constant)
            return float(compound_path(self._sales, path, (1.0,) * self._years)[-1] / lines.sales[-1] - 1)

        growth = float(brentq(miss, -0.5, 1.0, xtol=1e-13))
        given = {"growth": growth, "margin": margin, "capital": capital, "stable": stable,
                 "roic": drivers["dcf.roic_stable"]}  # fmt: skip

        def gap(rate: float) -> float:
            return float(self.equity(rate=rate, **given) - value.equity)

        return {**given, "rate": float(brentq(gap, stable + 0.005, 0.5, xtol=1e-13))}


def calculator(values: Mapping[str, Intrinsic], value: Intrinsic) -> Calculator:
    """Six sliders: the value of the shares, and what a point of the rate does to it."""
    group, rules = value.group, TwoStage(value)
    presets = {name: rules.preset(values[name]) for name in SCENARIOS}
    start = rules.preset(value)
    targets = {f"${t.name}": discounted_target(group, t).number for t in group.edition.targets}
    levels = {"market": group.market.value} | {f"{n}, discounted": level for n, level in targets.items()}

    def chart(params: Mapping[str, Number]) -> object:
        given = {name: params[name] for name in start if name != "rate"}
        bars = {name: rules.equity(rate=params["rate"] + by, **given) for name, by in AROUND.items()}
        return steered.columns({"market": group.market.value, **bars}, targets)

    worth = show(float(rules.equity(**start)), "usd_bn")
    return Calculator(
        "What the shares are worth on your numbers",
        _sliders(presets, start, group.edition.quarter),
        [
            Output("equity", "Value of the shares", "usd_bn", rules.equity, levels),
            Output("share", "A share", "usd", rules.share, {"price": group.edition.price.number}),
        ],
        presets,
        chart,
        f"Columns of the value of the shares at costs of capital around the chosen one ({worth}), beside "
        "the market value, with lines for the targets discounted to today.",
        source=[*group.reported(), "scenarios of this report"],
    )


def _sliders(
    presets: Mapping[str, Mapping[str, float]], start: Mapping[str, float], quarter: str
) -> list[Slider]:
    def ends(name: str, floor: float, spare: float) -> tuple[float, float]:
        found, step = [*(p[name] for p in presets.values()), start[name]], STEPS[name]
        low = math.floor((min(found) - spare) / step) * step
        return max(floor, round(low, 6)), round(math.ceil((max(found) + spare) / step) * step, 6)

    rate = (min(RATE[0], *(p["rate"] for p in presets.values())), max(RATE[1], start["rate"]))
    one_rate = "One rate for all years; a scenario's is the one at which its own value comes out"
    return [
        Slider("growth", f"Growth a year, from {quarter}", "fraction", *ends("growth", -0.05, 0.06),
               STEPS["growth"], start["growth"], "Constant at first, then falling to the stable one"),
        Slider("margin", "Operating margin in the end", "fraction", *ends("margin", 0.0, 0.08),
               STEPS["margin"], start["margin"]),
        Slider("capital", "Added sales per dollar invested", "x", *ends("capital", 0.2, 0.8),
               STEPS["capital"], start["capital"]),
        Slider("rate", "Cost of capital", "percent2", *rate, STEPS["rate"], start["rate"], one_rate),
        Slider("stable", "Growth after the forecast", "percent2", *STABLE, STEPS["stable"], start["stable"]),
        Slider("roic", "Return on new capital after it", "fraction", *ROIC, STEPS["roic"], start["roic"]),
    ]  # fmt: skip
