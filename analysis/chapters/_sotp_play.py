"""The calculator of the sum of the parts: profit and multiple of each part in the targets' year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from analysis.chapters._words import SCENARIOS
from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.formats import show
from analysis.model._inputs import Number
from analysis.model.dcf.discounting import present_target
from analysis.model.parts.market_value import net_assets_path
from analysis.model.parts.sum_of_parts import directly, sum_of_parts
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import DRIVERS_OF
from analysis.valuation.dcf import cost_of_capital
from analysis.valuation.group import Group
from analysis.valuation.parts import NAMES, POOLS

CASH = "net_cash"
SHORT = {"aws": "AWS", "advertising": "Ads", "stores": "Stores", "retail": "Retail"}
STEPS = {"income": 0.5, "multiple": 0.5, "cash": 5.0}


def calculator(groups: Mapping[str, Group], group: Group) -> Calculator:
    """Sliders for each part's profit and multiple and for net cash: value then, and worth today."""
    year, codes = group.horizon_year, list(group.projection.parts)
    targets = {f"${t.name}": t.value_usd_bn for t in group.edition.targets}
    presets = {name: preset(groups[name]) for name in SCENARIOS}
    start = preset(group)
    value, today = kernels(group)
    worth = show(value(**start), "usd_bn")

    def chart(params: Mapping[str, Number]) -> object:
        parts = {SHORT[code]: params[f"{code}_income"] * params[f"{code}_multiple"] for code in codes}
        whole = value(**{name: params[name] for name in start})
        return steered.columns({**parts, "Cash": params[CASH], "All": whole}, targets)

    return Calculator(
        f"The parts at the end of {year}, by your own multiples",
        _sliders(codes, presets, start, year),
        [
            Output("value", f"Market value at the end of {year}", "usd_bn", value, targets),
            Output("today", "Discounted to today", "usd_bn", today, {"market": group.market.value}),
        ],
        presets,
        chart,
        f"Columns of the parts and of their sum with the targets as lines: {worth} at the end of {year} "
        f"in the {group.scenario} scenario.",
        source=["scenarios of this report", *group.reported()],
    )


def kernels(group: Group) -> tuple[Callable[..., Number], Callable[..., Number]]:
    """The value then and its worth today, as functions of the sliders that the edition's parts have."""
    rules = Retail(group) if "retail" in group.projection.parts else Apart(group)
    return rules.value, rules.today


class Terms:
    """What the calculator takes as it is: the time until then, the return until then, the new shares."""

    def __init__(self, group: Group) -> None:
        self._years = years_between(group.edition.price_date, date(group.horizon_year, 12, 31))
        self._rate = cost_of_capital(group).cost_of_equity
        self._issuance = group.drivers["shares.change"]

    def discounted(self, value: Number) -> Number:
        """A market value then as one of today."""
        return present_target(value, self._rate, self._years, issuance=self._issuance)


def added(values: Mapping[str, Number], net_cash: Number) -> Number:
    """The parts' values and the cash together, no profit twice."""
    parts = [directly(NAMES[code], value, POOLS[code]) for code, value in values.items()]
    return sum_of_parts([*parts, directly("Net cash and stakes", net_cash)]).enterprise_value.base


class Apart:
    """The kernels with advertising apart from the stores."""

    def __init__(self, group: Group) -> None:
        self._terms = Terms(group)

    def value(
        self, aws_income: Number, aws_multiple: Number, advertising_income: Number,
        advertising_multiple: Number, stores_income: Number, stores_multiple: Number, net_cash: Number,
    ) -> Number:  # fmt: skip
        """Market value then."""
        values = {
            "aws": aws_income * aws_multiple,
            "advertising": advertising_income * advertising_multiple,
            "stores": stores_income * stores_multiple,
        }
        return added(values, net_cash)

    def today(
        self, aws_income: Number, aws_multiple: Number, advertising_income: Number,
        advertising_multiple: Number, stores_income: Number, stores_multiple: Number, net_cash: Number,
    ) -> Number:  # fmt: skip
        """The same, discounted to today."""
        then = self.value(aws_income, aws_multiple, advertising_income, advertising_multiple,
                          stores_income, stores_multiple, net_cash)  # fmt: skip
        return self._terms.discounted(then)


class Retail:
    """The kernels with advertising inside retail."""

    def __init__(self, group: Group) -> None:
        self._terms = Terms(group)

    def value(
        self, aws_income: Number, aws_multiple: Number, retail_income: Number, retail_multiple: Number,
        net_cash: Number,
    ) -> Number:  # fmt: skip
        """Market value then."""
        values = {"aws": aws_income * aws_multiple, "retail": retail_income * retail_multiple}
        return added(values, net_cash)

    def today(
        self, aws_income: Number, aws_multiple: Number, retail_income: Number, retail_multiple: Number,
        net_cash: Number,
    ) -> Number:  # fmt: skip
        """The same, discounted to today."""
        then = self.value(aws_income, aws_multiple, retail_income, retail_multiple, net_cash)
        return self._terms.discounted(then)


def preset(group: Group) -> dict[str, float]:
    """A scenario as the sliders take it: profits in the targets' year, exit multiples, net cash by then."""
    at, found = group.index_of(group.horizon_year), {}
    for code, path in group.projection.parts.items():
        found[f"{code}_income"] = float(path.operating_income[at])
        found[f"{code}_multiple"] = float(group.drivers[f"exit.multiple_{DRIVERS_OF[code]}"])
    net = net_assets_path(group.projection, group.market.balance, leases=group.leases)
    return {**found, CASH: float(net[at])}


def _sliders(
    codes: Sequence[str], presets: Mapping[str, Mapping[str, float]], start: Mapping[str, float], year: int
) -> list[Slider]:
    """Sliders that span the scenarios and half as much again on either side."""
    labels = {}
    for code in codes:
        labels[f"{code}_income"] = (f"{NAMES[code]}: operating income in {year}", "usd_bn")
        labels[f"{code}_multiple"] = (f"{NAMES[code]}: value over it", "x1")
    labels[CASH] = (f"Cash and stakes less debt, end of {year}", "usd_bn")
    found = []
    for name, (label, unit) in labels.items():
        ends = [given[name] for given in (*presets.values(), start)]
        step = STEPS[name.rsplit("_", 1)[1]]
        width = max((max(ends) - min(ends)) / 2, 10 * step)
        low = math.floor((min(ends) - width) / step) * step
        low = max(low, 0.0) if min(ends) >= 0 else low
        high = math.ceil((max(ends) + width) / step) * step
        found.append(Slider(name, label, unit, low, high, step, start[name]))
    return found
