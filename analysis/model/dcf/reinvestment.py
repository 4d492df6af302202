"""What growth costs: reinvestment from sales-to-capital or from a rate, and the capital that follows.

The report's parts put back what their sales take. :func:`growth_from_reinvestment` and its inverse
:func:`reinvestment_for_growth`, growth from the share of profit put back, are kept for published
worked examples that the tests repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from analysis.model._conventions import Path, as_path, require_choice, require_order
from analysis.model._inputs import (
    InputError,
    Number,
    checked,
    require_above,
    require_positive,
)

Lag = Literal[0, 1]


@checked
def reinvestment_path(
    base_sales: Number,
    sales: Iterable[Number],
    sales_to_capital: Number | Iterable[Number],
    *,
    lag: Lag = 0,
    growth_after: Number | None = None,
) -> Path:
    """Net reinvestment of each year: the sales it makes room for, over sales per dollar of capital.

    ``(sales − sales of the year before) ÷ sales_to_capital``.

    * ``lag=0`` (default): capital is added in the year it sells,
      ``(sales_t − sales_{t−1}) / sales_to_capital_t``.
    * ``lag=1``: capital is added the year before, ``(sales_{t+1} − sales_t) / sales_to_capital_t``. The
      last year builds for the first year after the forecast, so ``growth_after`` must be given.

    ``sales_to_capital`` is one number (or an array over draws), or a tuple or list with one per year; an
    array that could be either is refused. Falling
    sales release capital (negative reinvestment): nothing is clipped. Amounts in the unit of sales.

    Source: Damodaran 2012, ch. 11 (reinvestment from the sales-to-capital ratio; lagged reinvestment).

    >>> [round(amount, 1) for amount in reinvestment_path(100.0, [110.0, 132.0], 2.0)]
    [5.0, 11.0]
    """
    sales = as_path("sales", sales)
    require_choice((0, 1), lag=lag)
    ratios = _ratios(sales_to_capital, sales)
    if lag == 0:
        steps = zip((base_sales, *sales), sales, strict=False)
    else:
        if growth_after is None:
            raise InputError("growth_after must be given with lag 1: the last year builds for the next")
        require_above(-1, growth_after=growth_after)
        steps = zip(sales, (*sales[1:], sales[-1] * (1 + growth_after)), strict=True)
    return tuple((after - before) / ratio for (before, after), ratio in zip(steps, ratios, strict=True))


@checked
def capital_path(base_capital: Number, reinvestment: Iterable[Number]) -> Path:
    """Invested capital at the end of each year: ``capital_t = base_capital + Σ reinvestment`` to t.

    >>> capital_path(50.0, [5.0, 11.0])
    (55.0, 66.0)
    """
    capital, path = base_capital, []
    for amount in as_path("reinvestment", reinvestment):
        capital = capital + amount
        path.append(capital)
    return tuple(path)


@checked
def growth_from_reinvestment(reinvestment_rate: Number, roic: Number, inflation: Number = 0.0) -> Number:
    """Growth a year of a business that puts back a share of its profit.

    ``reinvestment_rate × roic + (1 − reinvestment_rate) × inflation``, ``roic`` being the nominal return on
    new capital. Without ``inflation`` (the default) growth is ``rate × ROIC``, which takes all growth to
    cost capital; with it, old capital earns more each year by as much as prices rise, and only what grows
    beyond them costs. Raises ``ValueError`` unless the return is above zero and inflation above −1.

    Source: Damodaran 2012, ch. 11; Bradley and Jarrell 2008, *Expected inflation and the constant-growth
    valuation model* (with inflation).

    >>> round(growth_from_reinvestment(0.5299, 0.1218), 4)
    0.0645
    """
    require_positive(roic=roic)
    require_above(-1, inflation=inflation)
    return reinvestment_rate * roic + (1 - reinvestment_rate) * inflation


@checked
def reinvestment_for_growth(growth: Number, roic: Number, inflation: Number = 0.0) -> Number:
    """The share of its profit that a business must put back to grow.

    ``(growth − inflation) / (roic − inflation)``, the inverse of :func:`growth_from_reinvestment`; without
    inflation it is ``growth / ROIC``. Raises ``ValueError`` naming inflation that is not below the return.

    >>> round(reinvestment_for_growth(0.022, 0.10), 3)
    0.22
    """
    require_positive(roic=roic)
    require_above(-1, inflation=inflation)
    require_order("a return in step with prices pays for no growth", inflation=inflation, roic=roic)
    return (growth - inflation) / (roic - inflation)


def _ratios(sales_to_capital: Number | Iterable[Number], sales: Path) -> Path:
    """One ratio per year; a single number (or one array over draws) serves for all years."""
    years = len(sales)
    is_unclear = isinstance(sales_to_capital, np.ndarray) and sales_to_capital.shape == (years,)
    if is_unclear and not any(isinstance(amount, np.ndarray) for amount in sales):
        raise InputError(
            "sales_to_capital is an array with an entry for each year: give years as a tuple, and "
            "draws beside sales that are drawn too"
        )
    if isinstance(sales_to_capital, (tuple, list)):
        ratios = as_path("sales_to_capital", sales_to_capital, years)
    else:
        ratios = (sales_to_capital,) * years
    require_positive(**{f"sales_to_capital[{year}]": ratio for year, ratio in enumerate(ratios, start=1)})
    return ratios
