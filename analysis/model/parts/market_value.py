"""The company's market value by year, from the projection: three ways.

* by sales: projected sales × price-to-sales,
* by parts: projected operating income of each part × its multiple, then the bridge to equity,
* by earnings: projected net income × price-to-earnings.

:func:`fundamental_by_method` puts the multiples of the scenario on every year. The market pays something
else today; :func:`values_by_method` starts from that and lets the ratio of the two fade linearly to
1 over ``exit_years``, after which both agree, so that no path jumps in its first year. The
scenario's multiples are those at the end of ``exit_years``; later ones drift by ``exit.multiple_drift`` a
year, because growth goes on fading. Drivers as in :mod:`analysis.model.projection.segments`; money in USD
billions, shares in millions. Everything broadcasts over draws and scenarios, and a value is an
expression where a driver is an Altair parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import add
from typing import Literal, TypeVar

from analysis.model._inputs import Number, checked, require_above, require_non_negative, require_positive
from analysis.model.parts.equity_bridge import Balance, Leases, equity_value, net_assets
from analysis.model.projection.growth import fade_rates
from analysis.model.projection.segments import (
    DRIVERS_OF,
    Base,
    Drivers,
    Path,
    Projection,
    group_sales,
    parts_today,
)

Method = Literal["sales", "parts", "earnings"]
METHODS: tuple[Method, ...] = ("sales", "parts", "earnings")
MULTIPLES = (
    "exit.multiple_aws",
    "exit.multiple_advertising",
    "exit.multiple_stores",
    "exit.price_to_earnings",
)
"""The drivers that say what is paid for a dollar of profit at the exit."""
TO_SALES = "exit.price_to_sales_change"
"""The driver that says how much more than today is paid for a dollar of sales then."""
Cash = Literal["accumulated", "today"]
CASH: tuple[Cash, ...] = ("accumulated", "today")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Market:
    """Market value of the shares on the edition's day, and what stands between it and the parts."""

    value: Number
    balance: Balance


@checked
def fundamental_by_method(
    projection: Projection,
    base: Base,
    drivers: Drivers,
    market: Market,
    *,
    exit_years: float,
    cash: Cash = "accumulated",
    leases: Leases = "not_debt",
) -> dict[Method, Path]:
    """Value by year at the scenario's multiples, in each of the three ways.

    ``sales × multiple, Σ operating income × multiple + net assets, net income × multiple``.

    * ``sales``: sales × the edition's own price-to-sales × (1 + ``exit.price_to_sales_change``),
    * ``parts``: Σ operating income × ``exit.multiple_<part>`` + :func:`net_assets_path`, which takes ``cash``
      and ``leases``,
    * ``earnings``: :func:`net_income` × ``exit.price_to_earnings``,

    each multiple × (1 + ``exit.multiple_drift``)^(t − ``exit_years``) from ``exit_years`` on.
    Raises ``ValueError`` naming a negative multiple, a drift not above −1, a market value or ``exit_years``
    not above 0, or an unknown choice.
    """
    drift = _drift(drivers, projection, exit_years)
    rest = net_assets_path(projection, market.balance, cash=cash, leases=leases)
    years = range(len(projection.steps))
    incomes = ({n: part.operating_income[year] for n, part in projection.parts.items()} for year in years)
    multiples = _multiples(drivers, projection.parts)
    operations = tuple(_sum_product(income, multiples) for income in incomes)
    per_sales, per_profit = exit_price_to_sales(base, drivers, market), _price_to_earnings(drivers)
    other = drivers["group.non_operating_share"]
    profits = zip(projection.operating_income, projection.tax, strict=True)
    earnings = tuple(net_income(profit, tax, other) * per_profit for profit, tax in profits)
    return {
        "sales": _drifted(tuple(sales * per_sales for sales in projection.sales), drift),
        "parts": tuple(value + more for value, more in zip(_drifted(operations, drift), rest, strict=True)),
        "earnings": _drifted(earnings, drift),
    }


@checked
def fundamental_today(
    base: Base, drivers: Drivers, market: Market, *, leases: Leases = "not_debt"
) -> dict[Method, Number]:
    """The last twelve months at the scenario's multiples, in each of the three ways.

    ``sales × multiple``, ``Σ operating income × multiple + net assets`` and ``net income × multiple``. Net
    income is that of the model, operating income after tax, without gains on stakes. Arguments and errors as
    in :func:`fundamental_by_method`.
    """
    today = {name: part.operating_income for name, part in parts_today(base, drivers).items()}
    profit = base.aws_operating_income + base.retail_operating_income
    earned = net_income(profit, drivers["tax.effective"], drivers["group.non_operating_share"])
    return {
        "sales": group_sales(base) * exit_price_to_sales(base, drivers, market),
        "parts": equity_value(_sum_product(today, _multiples(drivers, today)), market.balance, leases=leases),
        "earnings": earned * _price_to_earnings(drivers),
    }


@checked
def values_by_method(
    projection: Projection,
    base: Base,
    drivers: Drivers,
    market: Market,
    *,
    exit_years: float,
    cash: Cash = "accumulated",
    leases: Leases = "not_debt",
) -> dict[Method, Path]:
    """Market value by year in each of the three ways, from what the market pays today.

    ``fundamental_t × (ratio × (1 − w_t) + w_t)`` with ``w_t = min(t ÷ exit_years, 1)`` and ``ratio`` today's
    market value over today's fundamental value. For sales this is a multiple that moves linearly from today's
    to the scenario's. Raises ``ValueError`` as :func:`fundamental_by_method` does, and if a fundamental
    value today is not above 0.
    """
    values = fundamental_by_method(
        projection, base, drivers, market, exit_years=exit_years, cash=cash, leases=leases
    )
    today = fundamental_today(base, drivers, market, leases=leases)
    require_positive(**{f"fundamental value today by {method}": today[method] for method in METHODS})
    ends = tuple(accumulate(projection.steps))
    premiums = {method: fade_rates(market.value / today[method], 1.0, exit_years, ends) for method in METHODS}
    return {
        method: tuple(
            value * premium for value, premium in zip(values[method], premiums[method], strict=True)
        )
        for method in METHODS
    }


@checked
def blend(values: Mapping[Method, Path], drivers: Drivers) -> Path:
    """The three ways weighted with ``blend.sales``, ``blend.parts`` and ``blend.earnings``, year by year.

    ``Σ weight × value ÷ Σ weight``: weights are divided by their sum. Raises ``ValueError`` if one is
    negative or all are nil.
    """
    weights = {method: drivers[f"blend.{method}"] for method in values}
    require_non_negative(**{f"blend.{method}": weight for method, weight in weights.items()})
    whole = reduce(add, weights.values())
    require_positive(**{"sum of the blend weights": whole})
    years = (dict(zip(values, year, strict=True)) for year in zip(*values.values(), strict=True))
    return tuple(_sum_product(year, weights) / whole for year in years)


@checked
def exit_price_to_sales(base: Base, drivers: Drivers, market: Market) -> Number:
    """The scenario's price-to-sales multiple: ``market value ÷ sales × (1 + exit.price_to_sales_change)``."""
    change = drivers["exit.price_to_sales_change"]
    require_positive(**{"market.value": market.value})
    require_above(-1, **{"exit.price_to_sales_change": change})
    return market.value / group_sales(base) * (1 + change)


@checked
def net_income(operating_income: Number, tax: Number, non_operating_share: Number) -> Number:
    """Net income: ``operating_income × (1 + non_operating_share) × (1 − tax)``."""
    return operating_income * (1 + non_operating_share) * (1 - tax)


@checked
def net_assets_path(
    projection: Projection, balance: Balance, *, cash: Cash = "accumulated", leases: Leases = "not_debt"
) -> Path:
    """What the bridge adds to enterprise value, by year.

    ``net assets today + Σ free cash flow × years of the step``.

    ``cash="accumulated"`` (default) adds the free cash flow of all years so far to today's bridge, the
    first step's by its part of the year: nothing is paid out, and a shortfall is borrowed, both
    without interest. ``"today"`` leaves the bridge as it is. Use the company's definition of free cash flow
    together with a share count that grows: stock compensation is then paid in shares, once.
    Raises ``ValueError`` naming an unknown choice.
    """
    if cash not in CASH:
        raise ValueError(f"cash must be one of {CASH}, got {cash!r}")
    now = net_assets(balance, leases=leases)
    if cash == "today":
        return (now,) * len(projection.steps)
    flows = zip(projection.free_cash_flow, projection.steps, strict=True)
    earned = (flow if years == 1 else flow * years for flow, years in flows)
    return tuple(accumulate(earned, initial=now))[1:]


@checked
def share_path(shares: Number, change: Number, steps: Sequence[float]) -> Path:
    """Shares at the end of each step when their number changes by ``change`` a year.

    ``shares × (1 + change)^t``. Raises ``ValueError`` if shares are not above 0 or change not above −1.
    """
    require_positive(shares=shares)
    require_above(-1, **{"shares.change": change})
    return tuple(shares * (1 + change) ** time for time in accumulate(steps))


def _drift(drivers: Drivers, projection: Projection, exit_years: float) -> tuple[Number | None, ...]:
    """What multiplies the multiples of each year; ``None`` up to ``exit_years``."""
    require_positive(exit_years=exit_years)
    change = drivers["exit.multiple_drift"]
    require_above(-1, **{"exit.multiple_drift": change})
    after = (end - exit_years for end in accumulate(projection.steps))
    return tuple((1 + change) ** years if years > 0 else None for years in after)


def _drifted(values: Path, drift: Sequence[Number | None]) -> Path:
    pairs = zip(values, drift, strict=True)
    return tuple(value if factor is None else value * factor for value, factor in pairs)


def _multiples(drivers: Drivers, parts: Mapping[str, object]) -> dict[str, Number]:
    multiples = {name: drivers[f"exit.multiple_{DRIVERS_OF[name]}"] for name in parts}
    require_non_negative(**{f"exit.multiple_{name}": multiple for name, multiple in multiples.items()})
    return multiples


def _price_to_earnings(drivers: Drivers) -> Number:
    multiple = drivers["exit.price_to_earnings"]
    require_non_negative(**{"exit.price_to_earnings": multiple})
    return multiple


def _sum_product(amounts: Mapping[Key, Number], weights: Mapping[Key, Number]) -> Number:
    return reduce(add, (amount * weights[name] for name, amount in amounts.items()))
