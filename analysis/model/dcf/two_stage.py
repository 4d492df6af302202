"""A DCF short enough for the reader to steer: one formula of plain arithmetic, no path to fill in.

The same valuation as :mod:`analysis.model.dcf.free_cash_flow` with constant-then-linear growth, one margin
target, one tax rate and one cost of capital. It runs on Altair parameters too, where it gives the expression
that the reader's browser evaluates.

Everything is proportional to sales, so the value per dollar of sales is found backwards from the
terminal value, which keeps the expression short (a year costs one term, not one more factor in each)::

    v_{t−1} = [(1 + g_t) × (margin_t × (1 − tax) + v_t) − g_t / sales_to_capital] / (1 + wacc)

and the value is ``sales × v_0``; mid-year discounting multiplies it by ``(1 + wacc)^0.5``.

Source: Damodaran 2012, ch. 15 (two- and three-stage FCFF models).
"""

from __future__ import annotations

from analysis.model._conventions import Path, require_choice, require_order
from analysis.model._inputs import (
    InputError,
    Number,
    checked,
    require_fraction,
    require_positive,
)
from analysis.model.dcf.discounting import TIMINGS, Timing
from analysis.model.dcf.paths import growth_path, linear_to_target
from analysis.model.dcf.terminal_value import Decline, Loss, terminal_base, value_driver


@checked
def two_stage_value(
    sales: Number,
    growth: Number,
    stable_growth: Number,
    margin: Number,
    tax: Number,
    sales_to_capital: Number,
    wacc: Number,
    *,
    years: Number = 10,
    constant_years: Number = 5,
    start_margin: Number | None = None,
    convergence_year: Number | None = None,
    stable_roic: Number | None = None,
    timing: Timing = "end",
    loss: Loss = "refused",
    decline: Decline = "refused",
) -> Number:
    """Value of the operations from seven numbers, ``sales`` being those of the base year.

    ``sales × v_0, v_{t−1} = [(1 + g) × (margin × (1 − tax) + v_t) − g / sales_to_capital] / (1 + wacc)``.

    Growth is constant for ``constant_years``, then linear to ``stable_growth`` in the last of ``years``. The
    margin is ``margin`` throughout, or moves to it from ``start_margin`` (base year) by
    ``convergence_year`` (default: the last year). Capital added after the forecast earns ``stable_roic``; by
    default exactly ``wacc``, so that growth then adds no value. ``timing`` as in
    :mod:`analysis.model.dcf.free_cash_flow`, ``loss`` and ``decline`` as in
    :func:`analysis.model.dcf.terminal_value.value_driver`. Raises ``ValueError`` naming impossible inputs.

    >>> round(two_stage_value(100.0, 0.10, 0.03, 0.20, 0.25, 2.0, 0.08), 1)
    310.8
    """
    require_positive(sales=sales, sales_to_capital=sales_to_capital)
    require_fraction(tax=tax)
    require_choice(TIMINGS, timing=timing)
    rates = growth_path(growth, stable_growth, years=years, constant_years=constant_years)
    margins = _margins(margin, start_margin, years, convergence_year)
    require_order("a perpetuity needs it", stable_growth=stable_growth, wacc=wacc)
    roic = wacc if stable_roic is None else stable_roic
    profit = terminal_base(margins[-1] * (1 - tax), stable_growth)
    after = value_driver(profit, stable_growth, roic, wacc, loss=loss, decline=decline)
    value = _backwards(after, rates, margins, tax, sales_to_capital, wacc)
    return sales * value if timing == "end" else sales * value * (1 + wacc) ** 0.5


def _backwards(
    after: Number, rates: Path, margins: Path, tax: Number, sales_to_capital: Number, wacc: Number
) -> Number:
    """Value per dollar of the base year's sales."""
    value = after
    for rate, margin in zip(reversed(rates), reversed(margins), strict=True):
        value = ((1 + rate) * (margin * (1 - tax) + value) - rate / sales_to_capital) / (1 + wacc)
    return value


def _margins(margin: Number, start: Number | None, years: Number, convergence_year: Number | None) -> Path:
    """The margin of each year; one without a start must not be given a year to arrive in."""
    if start is None:
        if convergence_year is not None:
            raise InputError("start_margin must be given with convergence_year: the margin moves from it")
        return (margin,) * int(float(years))
    arrival = years if convergence_year is None else convergence_year
    return linear_to_target(start, margin, years=years, convergence_year=arrival)
