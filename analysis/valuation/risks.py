"""What each risk costs: the scenario with some of its drivers changed, valued by the same kernels.

Groups are in figures here, so that every result knows the reports and assumptions behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.data.risks import RISKS_FILE, Change, Risk
from analysis.figures import Figure, not_public
from analysis.model._inputs import Number
from analysis.model.projection.growth import cagr
from analysis.valuation.group import Group, with_drivers


@dataclass(frozen=True)
class Priced:
    """A risk with the company as it stands and as it would under the shock, both in figures."""

    risk: Risk
    group: Group
    shocked: Group

    @cached_property
    def value(self) -> Figure:
        """Market value at the horizon under the shock."""
        found = self.shocked.value_figure(self.group.horizon_year)
        return found.named(f"Market value at the end of {self.group.horizon_year} with: {self.risk.name}")

    @cached_property
    def cost(self) -> Figure:
        """What the shock takes from the market value at the horizon, negative for a loss."""
        label = f"{self.risk.name}: change of the market value at the end of {self.group.horizon_year}"
        return (self.value - self.group.value_figure(self.group.horizon_year)).named(label, "usd_bn")

    @property
    def sign(self) -> tuple[Figure, Figure]:
        """The measure that would show it, in the year ahead: in the scenario, under the shock."""
        scenario = f"{self.group.scenario} scenario"
        return self._sign(self.group, scenario), self._sign(self.shocked, "under the shock")

    def _sign(self, group: Group, under: str) -> Figure:
        measure = MEASURES[self.risk.sign]
        return measure.of(group).named(f"{measure.label} in {group.year_ahead}, {under}", measure.unit)


@dataclass(frozen=True)
class Measure:
    """A reported measure in which a risk would show: its label, unit, and what it is in the year ahead."""

    label: str
    unit: str
    of: Callable[[Group], Figure]


def priced(group: Group) -> list[Priced]:
    """Every risk priced against the group's scenario, the costliest first.

    A risk to a business that the edition did not see apart yet changes nothing and is left out.
    """
    traced = group.traced
    found = [Priced(risk, traced, shocked(traced, [risk])) for risk in group.edition.risks()]
    return sorted((each for each in found if each.cost.number), key=lambda each: each.cost.number)


def shocked(group: Group, risks: Sequence[Risk]) -> Group:
    """A group in figures with the changes of all ``risks`` made to its drivers, one after another."""
    for risk in risks:
        group = with_drivers(group, {n: _after(group, n, risk, change) for n, change in risk.changes.items()})
    return group


def _after(group: Group, name: str, risk: Risk, change: Change) -> Figure:
    """A driver under a risk's change: what is set knows nothing of what stood before."""
    before: Figure = group.drivers[name]
    amount = Figure(change.amount, before.unit, f"{name} under “{risk.short}”, in data/{RISKS_FILE}")
    after: Figure = change.applied(before, amount)
    return after.named(f"{before.label}, {risk.short}", before.unit)


def _growth(part: str) -> Callable[[Group], Figure]:
    def of(group: Group) -> Figure:
        name = part if part in group.projection.parts else "retail" if part == "stores" else ""
        start = {"aws": group.base.aws, "advertising": group.base.advertising}.get(name, group.base.stores)
        if not name or start is None:
            return not_public(f"{part.capitalize()}: growth of sales", "fraction")
        at, sales = group.index_of(group.year_ahead), group.projection.parts[name].sales
        found: Figure = cagr(sales[at - 1] if at else start.sales, sales[at], 1)
        return found

    return of


def _aws_margin(group: Group) -> Number:
    return group.projection.parts["aws"].margin[group.index_of(group.year_ahead)]


def _retail_margin(group: Group) -> Number:
    at = group.index_of(group.year_ahead)
    parts = [path for name, path in group.projection.parts.items() if name != "aws"]
    return sum(p.operating_income[at] for p in parts) / sum(p.sales[at] for p in parts)


def _free_cash_flow(group: Group) -> Number:
    return group.projection.free_cash_flow[group.index_of(group.year_ahead)]


def _price_to_sales(group: Group) -> Number:
    at = group.index_of(group.year_ahead)
    return group.values_by_method["sales"][at] / group.projection.sales[at]


MEASURES: Mapping[str, Measure] = {
    "aws_growth": Measure("AWS: growth of sales", "fraction", _growth("aws")),
    "aws_margin": Measure("AWS: operating margin", "fraction", _aws_margin),
    "advertising_growth": Measure("Advertising: growth of sales", "fraction", _growth("advertising")),
    "stores_growth": Measure("Stores: growth of sales", "fraction", _growth("stores")),
    "retail_margin": Measure("Retail segments: operating margin", "fraction", _retail_margin),
    "free_cash_flow": Measure("Free cash flow", "usd_bn", _free_cash_flow),
    "price_to_sales": Measure("Price-to-sales", "x", _price_to_sales),
}
