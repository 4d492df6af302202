"""When money arrives and what it is worth on the valuation date.

Three conventions decide it, all named: ``timing`` says where in its year a forecast flow falls,
``first_period`` how far away the end of the first forecast year is, ``first_flow`` whether the flow of that
year is all of it or only what is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from analysis.model._conventions import Path, as_path, require_choice
from analysis.model._inputs import (
    InputError,
    Number,
    checked,
    is_symbolic,
    require_above,
    require_non_negative,
    require_positive,
)

Timing = Literal["end", "mid"]
TIMINGS: tuple[Timing, ...] = ("end", "mid")
FirstFlow = Literal["whole", "stub"]
FIRST_FLOWS: tuple[FirstFlow, ...] = ("whole", "stub")


@dataclass(frozen=True)
class Discounting:
    """Present value of one dollar: of each year's flow, and of money at the end of the last year."""

    flows: Path
    horizon: Number


@checked
def discount(
    rates: Iterable[Number],
    *,
    timing: Timing = "end",
    first_period: float = 1.0,
    first_flow: FirstFlow = "whole",
) -> Discounting:
    """Discount factors for a path of costs of capital, one rate per forecast year.

    The end of year t is discounted by ``Π (1 + r_s)^−p_s`` over s = 1…t, where ``p_1`` is
    ``first_period`` and every later ``p_s`` is 1. A flow is at the end of its year (``timing="end"``,
    the default) or half a year before it (``"mid"``: cash comes in all year round), so with one rate
    mid-year values are ``(1 + r)^0.5`` times end-year values: flows that come in evenly arrive half a year
    before the year's end on average.

    ``first_period`` is the years from the valuation date to the end of the first forecast year: 1 (the
    default) on the first day of that year, 0.75 a quarter later. The latter equals rolling the value
    forward by a quarter at the cost of capital; with ``first_flow="whole"`` (the default) flows are not
    cut, so what the company is worth and owns must be as of the start of the year. With ``"stub"`` the
    first flow is the part of its year that is still to come, and with ``timing="mid"`` it comes half of
    ``first_period`` before the year's end: an eighth of a year from now where a quarter is left.

    >>> factors = discount([0.10, 0.10])
    >>> [round(f, 4) for f in factors.flows], round(factors.horizon, 4)
    ([0.9091, 0.8264], 0.8264)
    """
    rates = as_path("cost_of_capital", rates)
    require_positive(first_period=first_period)
    require_above(-1, **{f"cost_of_capital[{year}]": rate for year, rate in enumerate(rates, start=1)})
    require_choice(TIMINGS, timing=timing)
    require_choice(FIRST_FLOWS, first_flow=first_flow)
    before = 0.5 if timing == "mid" else 0.0
    is_stub = first_flow == "stub"
    if not is_stub and not is_symbolic(first_period) and first_period < before:
        raise InputError(f"first_period must be at least {before} with timing 'mid', got {first_period}")
    end: Number = 1.0
    flows = []
    for year, rate in enumerate(rates):
        period = first_period if year == 0 else 1.0
        ahead = before * period if is_stub else before
        flows.append(end * (1 + rate) ** (ahead - period))
        end = end * (1 + rate) ** -period
    return Discounting(tuple(flows), end)


@checked
def present_target(
    target_value: Number, cost_of_equity: Number, years: Number, *, issuance: Number = 0.0
) -> Number:
    """Market value today that is as good as ``target_value`` in ``years`` for who holds the shares now.

    ``target / ((1 + cost_of_equity) × (1 + issuance))^years``. ``issuance`` is the net growth of the
    share count a year (default 0: none): new shares lift the market value but not the holder's part.
    Dividends are taken as nil. Units as given; rates are fractions.
    """
    require_above(-1, cost_of_equity=cost_of_equity, issuance=issuance)
    require_non_negative(years=years)
    return target_value / ((1 + cost_of_equity) * (1 + issuance)) ** years
