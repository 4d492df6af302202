"""What each risk costs: the scenario with some of its drivers changed, valued by the same kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.data.risks import Risk
from analysis.figures import Figure
from analysis.valuation.group import Group, with_drivers


@dataclass(frozen=True)
class Priced:
    """A risk with the group as it stands and as it would under the shock."""

    risk: Risk
    group: Group
    shocked: Group

    @property
    def value(self) -> float:
        """Market value at the horizon under the shock, in usd_bn."""
        return float(self.shocked.values[self.shocked.index_of(self.group.horizon_year)])

    @property
    def cost(self) -> float:
        """What the shock takes from the market value at the horizon, in usd_bn, negative for a loss."""
        return self.value - float(self.group.values[self.group.index_of(self.group.horizon_year)])

    @property
    def share(self) -> float:
        """The cost as a fraction of the scenario's market value at the horizon."""
        return self.cost / (self.value - self.cost)

    @property
    def sign(self) -> tuple[float, float]:
        """The measure that would show it, in the first projected year: in the scenario, under the shock."""
        measure = MEASURES[self.risk.sign].of
        return measure(self.group), measure(self.shocked)

    def cost_figure(self) -> Figure:
        """The cost as a figure, traced to the starting point and to the drivers that it changes."""
        year = self.group.horizon_year
        label = f"{self.risk.name}: change of the market value at the end of {year}"
        formula = "value with the changed drivers − value of the scenario"
        return self.group.result(self.cost, "usd_bn", label, formula, *self.risk.changes)


@dataclass(frozen=True)
class Measure:
    """A reported measure in which a risk would show: its label, unit, and its first projected year."""

    label: str
    unit: str
    of: Callable[[Group], float]


def priced(group: Group) -> list[Priced]:
    """Every risk priced against the group's scenario, the costliest first.

    A risk to a business that the edition did not see apart yet changes nothing and is left out.
    """
    found = [Priced(risk, group, shocked(group, risk)) for risk in group.edition.risks()]
    return sorted((each for each in found if each.cost), key=lambda each: each.cost)


def shocked(group: Group, risk: Risk) -> Group:
    """The group with the risk's changes made to its drivers."""
    changed = {name: change.applied(group.drivers[name]) for name, change in risk.changes.items()}
    return with_drivers(group, changed)


def all_at_once(group: Group, risks: list[Risk]) -> Group:
    """The group with several risks at once, one after another."""
    for risk in risks:
        group = shocked(group, risk)
    return group


def _growth(part: str) -> Callable[[Group], float]:
    def of(group: Group) -> float:
        name = part if part in group.projection.parts else "retail" if part == "stores" else ""
        if not name:
            return float("nan")
        start = {"aws": group.base.aws, "advertising": group.base.advertising}.get(name, group.base.stores)
        if start is None:
            return float("nan")
        grown = group.projection.parts[name].sales[0] / start.sales
        return float(grown ** (1 / group.steps[0]) - 1)

    return of


def _aws_margin(group: Group) -> float:
    return float(group.projection.parts["aws"].margin[0])


def _retail_margin(group: Group) -> float:
    parts = [path for name, path in group.projection.parts.items() if name != "aws"]
    return float(sum(p.operating_income[0] for p in parts) / sum(p.sales[0] for p in parts))


def _free_cash_flow(group: Group) -> float:
    return float(group.projection.free_cash_flow[0])


def _price_to_sales(group: Group) -> float:
    return float(group.values_by_method["sales"][0] / group.projection.sales[0])


MEASURES: Mapping[str, Measure] = {
    "aws_growth": Measure("AWS: growth of sales", "fraction", _growth("aws")),
    "aws_margin": Measure("AWS: operating margin", "fraction", _aws_margin),
    "advertising_growth": Measure("Advertising: growth of sales", "fraction", _growth("advertising")),
    "stores_growth": Measure("Stores: growth of sales", "fraction", _growth("stores")),
    "retail_margin": Measure("Retail segments: operating margin", "fraction", _retail_margin),
    "free_cash_flow": Measure("Free cash flow", "usd_bn", _free_cash_flow),
    "price_to_sales": Measure("Price-to-sales", "x", _price_to_sales),
}
