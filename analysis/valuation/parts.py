"""The sum of the parts of an edition: today, and at the end of the targets' year.

Today AWS and advertising stand on trailing operating income and the stores on trailing sales (``sotp.*``);
at the horizon each part stands on its projected operating income (``exit.*``), and the free cash flow
until then is in the bridge. Every entry is a figure, traced to what was reported and to the drivers.
Money in USD billions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from analysis.data.targets import Target
from analysis.figures import Figure, total
from analysis.formats import day
from analysis.model.dcf.discounting import present_target
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.parts.equity_bridge import Balance, Count, bridge, per_share, share_count
from analysis.model.parts.market_value import net_assets_path
from analysis.model.parts.sum_of_parts import CASES, Part, Range, SumOfParts
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import DRIVERS_OF
from analysis.valuation.dcf import cost_of_capital_figures
from analysis.valuation.group import Group, balance_figures, share_counts
from analysis.valuation.inputs import three_ways

NAMES: Mapping[str, str] = {
    "aws": "AWS",
    "advertising": "Advertising",
    "stores": "Stores",
    "retail": "Retail with advertising",
}
POOLS: Mapping[str, frozenset[str]] = {
    "aws": sotp.AWS,
    "advertising": sotp.ADVERTISING,
    "stores": sotp.STORES,
    "retail": sotp.RETAIL,
}
STEPS: Mapping[str, str] = {
    "cash": "Cash",
    "securities": "Marketable securities",
    "debt": "Long-term debt",
    "leases": "Long-term leases",
    "minority_interest": "Minority interests",
}


_CASE: Mapping[sotp.Case, str] = {"low": ", low case", "base": "", "high": ", high case"}


@dataclass(frozen=True)
class PartsValue:
    """A sum of the parts: the parts, their values, the bridge, and equity in three cases.

    ``at`` is the day it is the value of. The low and the high case have every part there at once.
    """

    group: Group
    at: date
    parts: tuple[Part, ...]
    sum: SumOfParts
    bridge: Mapping[str, Figure]
    equity: Range

    def per_share(self, count: Count = "basic") -> Figure:
        """The base case in dollars a share: today's named count, at a later day the projected one."""
        shares = share_counts(self.group.edition)
        if self.at != self.group.edition.price_date:
            grown = self.group.shares[self.group.index_of(self.at.year)] / self.group.edition.shares.number
            shares = replace(shares, **{count: share_count(shares, count) * grown})
        found: Figure = per_share(self.equity.base, shares, count=count)
        return found.named(f"Sum of the parts a share, {count.replace('_', ' ')} count", "usd")


def value_today(group: Group) -> PartsValue:
    """What the parts are worth on the edition's day, by the multiples ``sotp.*``."""
    steps = bridge(balance_figures(group.edition, group.drivers), leases=group.leases)
    named = {step_name(name): step.named(step_name(name), "usd_bn") for name, step in steps.items()}
    return _value(group, group.edition.price_date, _parts_today(group), named)


def value_at_horizon(group: Group) -> PartsValue:
    """What the parts are worth at the end of the targets' year, by the multiples ``exit.*``.

    The base case is the value by parts of :attr:`Group.values_by_method`.
    """
    year = group.horizon_year
    net = net_assets_path(group.projection, group.market.balance, leases=group.leases)
    label = f"Cash, securities and stakes less debt at the end of {year}"
    formula = "today's bridge + free cash flow until then"
    balance = balance_figures(group.edition, group.drivers)
    rest = group.result(net[group.index_of(year)], "usd_bn", label, formula, "group.capex_stable")
    rest = replace(rest, inputs=(*rest.inputs, *_amounts(balance)))
    return _value(group, date(year, 12, 31), _parts_ahead(group, year), {"Net cash and stakes": rest})


def implied_multiple(
    value: PartsValue, equity: Figure, part: str = "AWS", case: sotp.Case = "base"
) -> Figure:
    """The multiple that an equity value pays for one part if the others and the bridge are right."""
    net = total(list(value.bridge.values()), "net assets")
    enterprise = (equity - net).named("Enterprise value", "usd_bn")
    found: Figure = sotp.solve_multiple(value.parts, part, enterprise, case=case)
    return found.named(f"Multiple of {part}'s operating income left by {equity.label}", "x")


def discounted_target(group: Group, target: Target) -> Figure:
    """Market value today that is as good for its holder as the target at its horizon, in usd_bn."""
    return discounted(group, target.figure, target.horizon).named(
        f"${target.name} at the end of {target.horizon.year}, discounted to {day(group.edition.price_date)}"
    )


def discounted(group: Group, value: Figure, at: date) -> Figure:
    """A market value at a later day as one of today: at the cost of equity, less new shares until then."""
    years = years_between(group.edition.price_date, at)
    rate = cost_of_capital_figures(group).cost_of_equity
    found: Figure = present_target(value, rate, years, issuance=group.driver("shares.change"))
    return found.named(f"{value.label}, discounted to {day(group.edition.price_date)}", "usd_bn")


def _value(group: Group, at: date, parts: list[Part], steps: Mapping[str, Figure]) -> PartsValue:
    summed = sotp.sum_of_parts(parts)
    summed = replace(
        summed,
        parts={
            name: Range(*(_named(getattr(value, case), f"{name}, {case} case", "usd_bn") for case in CASES))
            for name, value in summed.parts.items()
        },
        enterprise_value=Range(
            *(
                _named(getattr(summed.enterprise_value, case), f"Enterprise value, {case} case", "usd_bn")
                for case in CASES
            )
        ),
    )
    net = total(list(steps.values()), "net assets")
    equity = Range(
        *(
            _named(
                getattr(summed.enterprise_value, case) + net,
                f"Sum of the parts, {_when(group, at)}, {group.scenario} scenario{_CASE[case]}",
                "usd_bn",
            )
            for case in CASES
        )
    )
    return PartsValue(group, at, tuple(parts), summed, steps, equity)


def _when(group: Group, at: date) -> str:
    return day(at) if at == group.edition.price_date else f"end of {at.year}"


def _named(figure: Figure, label: str, unit: str) -> Figure:
    return figure.named(label, unit)


def _parts_today(group: Group) -> list[Part]:
    figures, drivers = group.figures, group.edition.drivers(group.scenario)
    aws = sotp.by_operating_income(
        NAMES["aws"],
        figures.aws_operating_income,
        Range(*three_ways(drivers["sotp.multiple_aws"])),
        sotp.AWS,
    )
    sales = figures.stores.sales
    if figures.advertising is None:
        multiple = Range(*three_ways(drivers["sotp.sales_multiple_retail"]))
        return [aws, sotp.by_sales(NAMES["retail"], sales, multiple, sotp.RETAIL)]
    margin = drivers["advertising.operating_margin"].figure
    income = (figures.advertising.sales * margin).named("Advertising operating income, assumed", "usd_bn")
    return [
        aws,
        sotp.by_operating_income(
            NAMES["advertising"],
            income,
            Range(*three_ways(drivers["sotp.multiple_advertising"])),
            sotp.ADVERTISING,
        ),
        sotp.by_sales(
            NAMES["stores"],
            sales,
            Range(*three_ways(drivers["sotp.sales_multiple_stores"])),
            sotp.STORES,
        ),
    ]


def _parts_ahead(group: Group, year: int) -> list[Part]:
    drivers, found = group.edition.drivers(group.scenario), []
    for code, path in group.projection.parts.items():
        prefix, name = DRIVERS_OF[code], NAMES[code]
        income = group.result(
            path.operating_income[group.index_of(year)],
            "usd_bn",
            f"{name}: operating income in {year}, {group.scenario} scenario",
            "projected sales × margin",
            f"{prefix}.growth_change",
            f"{prefix}.margin_change",
        )
        multiple = Range(*three_ways(drivers[f"exit.multiple_{prefix}"]))
        found.append(_part_ahead(name, income, multiple, POOLS[code]))
    return found


def _part_ahead(name: str, income: Figure, multiple: Range, profit: frozenset[str]) -> Part:
    """A part at its multiple; a loss is charged at its multiple as in the projection, the high case least."""
    if income.number >= 0:
        return sotp.by_operating_income(name, income, multiple, profit)
    charges = [(income * times).named(f"{name}: loss × multiple", "usd_bn") for times in
               (multiple.high, multiple.base, multiple.low)]  # fmt: skip
    return sotp.directly(name, Range(*charges), profit)


def _amounts(balance: Balance) -> tuple[Figure, ...]:
    return (balance.cash, balance.securities, balance.debt, *balance.stakes.values())


def step_name(name: str) -> str:
    """What a step of the bridge is called on a page."""
    return STEPS.get(name) or f"Stake in {name.removeprefix('stakes.')}"
