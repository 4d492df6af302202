"""Tax of a business whose past losses shelter its income.

Amazon pays tax on its income and nothing in its valuation carries a loss, so :func:`carry_losses_forward`
is kept for other companies; the tests repeat a worked example, the value that A. Damodaran put on Amazon
itself in January 2000, in *The Dark Side of Valuation* (2001), ch. 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.model._conventions import Path, as_path
from analysis.model._inputs import (
    Number,
    checked,
    numeric,
    require_fraction,
    require_non_negative,
)


@dataclass(frozen=True)
class LossSchedule:
    """What becomes of losses year by year, one entry a forecast year."""

    used: Path  # losses deducted in the year
    carried: Path  # losses left at its end
    taxes: Path


@checked
def carry_losses_forward(
    operating_income: Iterable[Number],
    tax: Iterable[Number],
    opening_losses: Number = 0.0,
    *,
    cap: Number = 1.0,
) -> LossSchedule:
    """Taxes when losses are carried forward without end and deducted as soon as there is income.

    ``taxes_t = tax_t × (income_t − used_t)`` of a year with income, where ``used_t = min(carried_{t−1}, cap
    × income_t)``; a loss pays nothing and is added to those carried. ``opening_losses`` are those of before
    the first year. ``cap`` is the part of a year's income that losses may shelter: all of it by default,
    0.8 under the American law since 2018. Money in one unit; numbers may be arrays.

    Raises ``ValueError`` naming a rate or a cap that is no fraction, and opening losses below zero.

    Source: Damodaran 2012, ch. 10 (net operating losses); Internal Revenue Code, section 172 (the cap).

    >>> carry_losses_forward([-50.0, 40.0, 40.0], [0.25] * 3).taxes
    (0.0, 0.0, 7.5)
    """
    incomes = as_path("operating_income", operating_income)
    rates = as_path("tax", tax, len(incomes))
    require_fraction(cap=cap, **{f"tax[{year}]": rate for year, rate in enumerate(rates, start=1)})
    require_non_negative(opening_losses=opening_losses)
    carried, most = numeric(opening_losses=opening_losses, cap=cap)
    used, left, taxes = [], [], []
    for year, (income, rate) in enumerate(zip(incomes, rates, strict=True), start=1):
        income, rate = numeric(**{f"operating_income[{year}]": income, f"tax[{year}]": rate})
        gain = np.maximum(income, 0.0)
        deducted = np.minimum(carried, most * gain)
        carried = carried - deducted + gain - income
        used.append(deducted)
        left.append(carried)
        taxes.append(rate * (gain - deducted))
    return LossSchedule(tuple(map(_plain, used)), tuple(map(_plain, left)), tuple(map(_plain, taxes)))


def _plain(value: Number) -> Number:
    return float(value) if np.ndim(value) == 0 else value
