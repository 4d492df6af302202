"""What the stores are worth by themselves, in three ways, each with a low and a high end.

The stores are the retail segments less advertising; in editions before advertising was reported apart
they are those segments whole. A loss is valued at nothing: a multiple of it means nothing. Money in USD
billions.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.figures import Figure, computed
from analysis.valuation.group import Group, with_drivers
from analysis.valuation.inputs import retail, three_ways
from analysis.valuation.retail import stores_income, stores_sales

MARGIN = "advertising.operating_margin"
PROFIT_MULTIPLE = "exit.multiple_stores"


@dataclass(frozen=True)
class StoreValue:
    """A value with its ends; ``name`` says what is multiplied."""

    name: str
    low: Figure
    base: Figure
    high: Figure


def ranges(group: Group) -> tuple[StoreValue, ...]:
    """By sales today, by profit today, and by the profit projected for the targets' year."""
    return stores_by_sales(group), by_profit(group), ahead(group)


def stores_by_sales(group: Group) -> StoreValue:
    """Trailing sales × the scenario's multiple of sales, at its low, value and high."""
    is_apart = group.base.advertising is not None
    name = "sotp.sales_multiple_stores" if is_apart else "sotp.sales_multiple_retail"
    sales = stores_sales(group.edition) if is_apart else retail(group.edition, "net_sales")
    multiples = three_ways(group.edition.drivers(group.scenario)[name])
    low, base, high = (
        (sales * multiple).named(f"Stores' sales × {multiple.number:g}", "usd_bn") for multiple in multiples
    )
    return StoreValue("Sales today", low, base, high)


def by_profit(group: Group) -> StoreValue:
    """What advertising leaves today × multiple of profit; advertising's margin highest at the low end."""
    drivers = group.edition.drivers(group.scenario)
    multiples = three_ways(drivers[PROFIT_MULTIPLE])
    if group.base.advertising is None:
        incomes = [retail(group.edition, "operating_income")] * 3
    else:
        incomes = [stores_income(group.edition, margin) for margin in reversed(three_ways(drivers[MARGIN]))]
    low, base, high = (
        _worth(income.number, multiple, "Stores' profit today", income)
        for income, multiple in zip(incomes, multiples, strict=True)
    )
    return StoreValue("Profit today", low, base, high)


def ahead(group: Group) -> StoreValue:
    """Projected profit in the targets' year × multiple then, over advertising's margin and the multiple."""
    drivers = group.edition.drivers(group.scenario)
    margins, multiples = reversed(three_ways(drivers[MARGIN])), three_ways(drivers[PROFIT_MULTIPLE])
    year = group.horizon_year
    low, base, high = (
        _worth(_income_ahead(group, margin), multiple, f"Stores' profit in {year}", margin, *group.reported())
        for margin, multiple in zip(margins, multiples, strict=True)
    )
    return StoreValue(f"Profit in {year}", low, base, high)


def _income_ahead(group: Group, margin: Figure) -> float:
    """The stores' projected operating income in the targets' year with advertising at ``margin`` today."""
    changed = with_drivers(group, {MARGIN: margin.number})
    parts = changed.projection.parts
    part = parts["stores"] if "stores" in parts else parts["retail"]
    return float(part.operating_income[group.index_of(group.horizon_year)])


def _worth(income: float, multiple: Figure, what: str, *inputs: Figure) -> Figure:
    label = f"{what} × {multiple.number:g}"
    return computed(
        max(income, 0.0) * multiple.number, "usd_bn", label, "max(profit, 0) × multiple", *inputs, multiple
    )
