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

from analysis.data import Target, require_known
from analysis.figures import Figure, kernel_result, total
from analysis.formats import day
from analysis.model.dcf.discounting import present_target
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.parts.equity_bridge import Count, bridge, per_share, share_count
from analysis.model.parts.market_value import net_assets_path
from analysis.model.parts.sum_of_parts import CASES, Part, Range, SumOfParts
from analysis.model.projection.growth import years_between
from analysis.model.projection.segments import DRIVERS_OF, FORMULAS, project
from analysis.valuation.dcf import cost_of_capital
from analysis.valuation.group import Group, share_counts
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
    "preferred": "Preferred shares",
    "pensions": "Unfunded pensions",
    "options": "Options granted",
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
    bridge: dict[str, Figure]
    equity: Range

    @property
    def net(self) -> Figure:
        """What the bridge adds to the enterprise value."""
        net: Figure = self.group.with_leases(total(list(self.bridge.values()), "net assets"))
        return net

    def part(self, name: str) -> Part:
        """The part of that name; raises ``KeyError`` with the parts there are."""
        require_known(name, [part.name for part in self.parts], "part")
        return next(part for part in self.parts if part.name == name)

    def per_share(self, count: Count = "basic") -> Figure:
        """The base case in dollars a share: today's named count, at a later day the projected one."""
        shares = share_counts(self.group)
        if self.at != self.group.edition.price_date:
            grown = self.group.shares[self.group.index_of(self.at.year)] / self.group.edition.shares
            shares = replace(shares, **{count: share_count(shares, count) * grown})
        label = f"Sum of the parts a share, {count.replace('_', ' ')} count"
        return kernel_result(per_share(self.equity.base, shares, count=count), label, "usd", per_share)


def value_today(group: Group) -> PartsValue:
    """What the parts are worth on the edition's day, by the multiples ``sotp.*``."""
    company = group.traced
    steps = bridge(company.market.balance, leases=company.leases)
    named = {step_name(name): step.named(step_name(name), "usd_bn") for name, step in steps.items()}
    return _value(company, company.edition.price_date, _parts_today(company), named)


def value_at_horizon(group: Group) -> PartsValue:
    """What the parts are worth at the end of the targets' year, by the multiples ``exit.*``.

    The base case is the value by parts of :attr:`Group.values_by_method`.
    """
    company, year = group.traced, group.horizon_year
    net = net_assets_path(company.projection, company.market.balance, leases=company.leases)
    rest = kernel_result(
        company.with_leases(net[company.index_of(year)]),
        f"Cash, securities and stakes less debt at the end of {year}",
        "usd_bn",
        net_assets_path,
        "today's bridge + free cash flow until then",
    )
    return _value(company, date(year, 12, 31), _parts_ahead(company, year), {"Net cash and stakes": rest})


def implied_multiple(
    value: PartsValue, equity: Figure, part: str = "AWS", case: sotp.Case = "base"
) -> Figure:
    """The multiple that an equity value pays for one part if the others and the bridge are right."""
    found = sotp.solve_multiple(value.parts, part, equity - value.net, case=case)
    label = f"Multiple of {part}'s operating income left by {equity.label}"
    return kernel_result(found, label, "x", sotp.solve_multiple)


def discounted_target(group: Group, target: Target) -> Figure:
    """Market value today that is as good for its holder as the target at its horizon, in usd_bn."""
    return discounted(group, target.figure, target.horizon).named(
        f"${target.name} at the end of {target.horizon.year}, discounted to {day(group.edition.price_date)}"
    )


def discounted(group: Group, value: Figure, at: date) -> Figure:
    """A market value at a later day as one of today: at the cost of equity, less new shares until then."""
    company, years = group.traced, years_between(group.edition.price_date, at)
    rate = cost_of_capital(company).cost_of_equity
    found = present_target(value, rate, years, issuance=company.drivers["shares.change"])
    label = f"{value.label}, discounted to {day(group.edition.price_date)}"
    return kernel_result(found, label, "usd_bn", present_target)


def _value(group: Group, at: date, parts: list[Part], steps: dict[str, Figure]) -> PartsValue:
    summed = sotp.sum_of_parts(parts)
    values = {
        name: Range(*(kernel_result(getattr(value, case), f"{name}, {case} case", "usd_bn", sotp.value_of)
                      for case in CASES))
        for name, value in summed.parts.items()
    }  # fmt: skip
    whole = Range(
        *(
            kernel_result(getattr(summed.enterprise_value, case), f"Enterprise value, {case} case", "usd_bn",
                   sotp.sum_of_parts)
            for case in CASES
        )
    )  # fmt: skip
    found = PartsValue(group, at, tuple(parts), replace(summed, parts=values, enterprise_value=whole), steps,
                       whole)  # fmt: skip
    when = day(at) if at == group.edition.price_date else f"end of {at.year}"
    label = f"Sum of the parts, {when}, {group.scenario} scenario"
    equity = [(getattr(whole, case) + found.net).named(label + _CASE[case], "usd_bn") for case in CASES]
    return replace(found, equity=Range(*equity))


def _range(group: Group, name: str) -> Range:
    """An assumption's low, value and high; of one that was changed the ends keep their proportion to it."""
    low, own, high = three_ways(group.edition.drivers(group.scenario)[name])
    chosen = group.drivers[name]
    if chosen.number == own.number:
        return Range(low, chosen, high)
    return Range(*((end * (chosen / own)).named(end.label, own.unit) if end is not own else chosen
                   for end in (low, own, high)))  # fmt: skip


def _parts_today(group: Group) -> list[Part]:
    base = group.base
    aws = sotp.by_operating_income(
        NAMES["aws"], base.aws_operating_income, _range(group, "sotp.multiple_aws"), sotp.AWS
    )
    if base.advertising is None:
        multiple = _range(group, "sotp.sales_multiple_retail")
        return [aws, sotp.by_sales(NAMES["retail"], base.stores.sales, multiple, sotp.RETAIL)]
    income = (base.advertising.sales * group.drivers["advertising.operating_margin"]).named(
        "Advertising operating income, assumed", "usd_bn"
    )
    paid = _range(group, "sotp.multiple_advertising")
    return [
        aws,
        sotp.by_operating_income(NAMES["advertising"], income, paid, sotp.ADVERTISING),
        sotp.by_sales(
            NAMES["stores"], base.stores.sales, _range(group, "sotp.sales_multiple_stores"), sotp.STORES
        ),
    ]


def _parts_ahead(group: Group, year: int) -> list[Part]:
    found = []
    for code, path in group.projection.parts.items():
        name = NAMES[code]
        income = kernel_result(
            path.operating_income[group.index_of(year)],
            f"{name}: operating income in {year}, {group.scenario} scenario",
            "usd_bn",
            project,
            FORMULAS["operating_income"],
        )
        multiple = _range(group, f"exit.multiple_{DRIVERS_OF[code]}")
        found.append(_part_ahead(name, income, multiple, POOLS[code]))
    return found


def _part_ahead(name: str, income: Figure, multiple: Range, profit: frozenset[str]) -> Part:
    """A part at its multiple; a loss is charged at its multiple as in the projection, the high case least."""
    if income.number >= 0:
        return sotp.by_operating_income(name, income, multiple, profit)
    charges = [(income * times).named(f"{name}: loss × multiple", "usd_bn") for times in
               (multiple.high, multiple.base, multiple.low)]  # fmt: skip
    return sotp.directly(name, Range(*charges), profit)


def step_name(name: str) -> str:
    """What a step of the bridge is called on a page."""
    return STEPS.get(name) or f"Stake in {name.removeprefix('stakes.')}"
