"""What growth costs: reinvestment from sales-to-capital, and the capital and returns that follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from analysis.model._conventions import InputError, Path, as_path, require_choice
from analysis.model._inputs import Number, require_above, require_finite, require_positive

Lag = Literal[0, 1]


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

    ``sales_to_capital`` is one number (or an array over draws), or a tuple or list with one per year. Falling
    sales release capital (negative reinvestment): nothing is clipped. Amounts in the unit of sales.

    Source: Damodaran 2012, ch. 11 (reinvestment from the sales-to-capital ratio; lagged reinvestment).

    >>> [round(amount, 1) for amount in reinvestment_path(100.0, [110.0, 132.0], 2.0)]
    [5.0, 11.0]
    """
    sales = as_path("sales", sales)
    require_choice((0, 1), lag=lag)
    require_finite(base_sales=base_sales)
    ratios = _ratios(sales_to_capital, len(sales))
    if lag == 0:
        steps = zip((base_sales, *sales), sales, strict=False)
    else:
        if growth_after is None:
            raise InputError("growth_after must be given with lag 1: the last year builds for the next")
        require_above(-1, growth_after=growth_after)
        steps = zip(sales, (*sales[1:], sales[-1] * (1 + growth_after)), strict=True)
    return tuple((after - before) / ratio for (before, after), ratio in zip(steps, ratios, strict=True))


def capital_path(base_capital: Number, reinvestment: Iterable[Number]) -> Path:
    """Invested capital at the end of each year: ``capital_t = base_capital + Σ reinvestment`` to t.

    >>> capital_path(50.0, [5.0, 11.0])
    (55.0, 66.0)
    """
    require_finite(base_capital=base_capital)
    capital, path = base_capital, []
    for amount in as_path("reinvestment", reinvestment):
        capital = capital + amount
        path.append(capital)
    return tuple(path)


def _ratios(sales_to_capital: Number | Iterable[Number], years: int) -> Path:
    """One ratio per year; a single number (or one array over draws) serves for all years."""
    if isinstance(sales_to_capital, (tuple, list)):
        ratios = as_path("sales_to_capital", sales_to_capital, years)
    else:
        ratios = (sales_to_capital,) * years
    require_positive(**{f"sales_to_capital[{year}]": ratio for year, ratio in enumerate(ratios, start=1)})
    return ratios
