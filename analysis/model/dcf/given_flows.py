"""A DCF of flows that are given, by year or by day, and the rate at which flows are worth nothing.

The valuation of Amazon builds its flows itself; these kernels are kept for readers who bring their own and
know the functions of a spreadsheet. The tests repeat a published worked example of each:
:func:`present_value`, :func:`xnpv` (Microsoft's of XNPV), :func:`xirr` (Microsoft's of XIRR) and
:func:`rates_of_return` (Microsoft's of IRR).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from analysis.model._conventions import as_path, require_same_length, total
from analysis.model._inputs import InputError, Number, checked, numeric, require_above
from analysis.model.dcf.discounting import FirstFlow, Timing, discount
from analysis.model.dcf.implied import Solution, solve

DAYS_A_YEAR = 365.0  # of a spreadsheet, leap years included


@checked
def present_value(
    flows: Iterable[Number],
    cost_of_capital: Iterable[Number],
    *,
    horizon_value: Number = 0.0,
    timing: Timing = "end",
    first_period: float = 1.0,
    first_flow: FirstFlow = "whole",
) -> Number:
    """Value today of one flow a year and of what all is worth at their end.

    ``Σ flow_t × D_t + horizon_value × D_n``, with the factors of
    :func:`analysis.model.dcf.discounting.discount`, which says what ``timing``, ``first_period`` and
    ``first_flow`` mean. ``cost_of_capital`` has one rate a year. Raises ``ValueError`` naming a path that has
    not one entry a year.

    >>> round(present_value([100.0, 100.0], [0.10, 0.10], horizon_value=1000.0), 2)
    1000.0
    """
    flows = as_path("flows", flows)
    rates = as_path("cost_of_capital", cost_of_capital, len(flows))
    factors = discount(rates, timing=timing, first_period=first_period, first_flow=first_flow)
    present = tuple(flow * factor for flow, factor in zip(flows, factors.flows, strict=True))
    return total(present) + horizon_value * factors.horizon


@checked
def xnpv(rate: Number, flows: Iterable[Number], days: Sequence[date]) -> Number:
    """Value on the first of ``days`` of flows on each of them, one rate a year for all.

    ``Σ flow_i ÷ (1 + rate)^((day_i − day_1) ÷ 365)``, as XNPV of spreadsheets. Raises ``ValueError`` naming a
    rate of −1 or less, a day before the first, and days that are not as many as the flows.

    >>> round(xnpv(0.10, [-100.0, 121.0], [date(2025, 1, 1), date(2026, 1, 1)]), 9)
    10.0
    """
    require_above(-1, rate=rate)
    flows = as_path("flows", flows)
    years = _years(flows, days)
    return total(tuple(flow / (1 + rate) ** time for flow, time in zip(flows, years, strict=True)))


@checked
def xirr(flows: Iterable[Number], days: Sequence[date], *, low: float = -0.9, high: float = 10.0) -> Solution:
    """Every rate a year at which :func:`xnpv` of the flows is nil.

    ``Σ flow_i ÷ (1 + rate)^((day_i − day_1) ÷ 365) = 0``. Flows that change their sign more than once may
    have several such rates, or none; all between ``low`` and ``high`` are found. Raises as :func:`xnpv`
    does.

    >>> round(xirr([-100.0, 121.0], [date(2025, 1, 1), date(2026, 1, 1)]).value, 9)
    0.21
    """
    flows = as_path("flows", flows)
    return rates_of_return(flows, _years(flows, days), low=low, high=high)


@checked
def rates_of_return(
    flows: Iterable[Number], years: Iterable[Number], *, low: float = -0.9, high: float = 10.0
) -> Solution:
    """Every rate a year at which flows ``years`` from now are worth nothing together.

    ``Σ flow_i ÷ (1 + rate)^years_i = 0``, between ``low`` and ``high``. Raises ``ValueError`` naming paths
    that differ in length, and ``low`` unless it is above −1 and below ``high``, or
    where it is so low that flows so far ahead would be worth more than any number.

    >>> [round(rate, 9) for rate in rates_of_return([-100.0, 230.0, -132.0], [0.0, 1.0, 2.0]).roots]
    [0.1, 0.2]
    """
    flows, years = as_path("flows", flows), as_path("years", years)
    require_same_length(flows=flows, years=years)
    require_above(-1, low=low)
    amounts = numeric(**{f"flows[{at}]": flow for at, flow in enumerate(flows, start=1)})
    times = numeric(**{f"years[{at}]": time for at, time in enumerate(years, start=1)})
    dated = tuple(zip(amounts, times, strict=True))

    if dated and (1 + low) ** max(times) == 0:
        raise InputError(f"low must be nearer to 0 for flows {max(times):g} years away, got {low:g}")

    def worth(rate: float) -> float:
        return float(sum(amount / (1 + rate) ** time for amount, time in dated))

    return solve("rate", worth, 0.0, low=low, high=high, pieces=512)


def _years(flows: Sequence[Number], days: Sequence[date]) -> tuple[float, ...]:
    if len(days) != len(flows):
        raise InputError(f"days must have {len(flows)} entries as flows has, got {len(days)}")
    if early := [day for day in days if day < days[0]]:
        raise InputError(f"days must not lie before the first of them, {days[0]}, got {min(early)}")
    return tuple((day - days[0]).days / DAYS_A_YEAR for day in days)
