"""Operating lines built from drivers, as a textbook does: what the valuations are tested on."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.model._inputs import Number
from analysis.model.dcf.free_cash_flow import OperatingLines
from analysis.model.dcf.paths import sales_path
from analysis.model.dcf.reinvestment import Lag, reinvestment_path

TWO_STAGE = {
    "sales": 700.0,
    "growth": 0.11,
    "stable_growth": 0.03,
    "margin": 0.14,
    "tax": 0.2,
    "sales_to_capital": 1.3,
    "wacc": 0.09,
}


def operating_lines(
    base_sales: Number,
    growth: Iterable[Number],
    margin: Iterable[Number],
    tax: Iterable[Number],
    sales_to_capital: Number | Iterable[Number],
    *,
    lag: Lag = 0,
    growth_after: Number | None = None,
) -> OperatingLines:
    """Sales, operating income, profit after tax and reinvestment of each forecast year."""
    sales = sales_path(base_sales, growth)
    income = tuple(amount * share for amount, share in zip(sales, margin, strict=True))
    return OperatingLines(
        sales=sales,
        operating_income=income,
        nopat=tuple(profit * (1 - rate) for profit, rate in zip(income, tax, strict=True)),
        reinvestment=reinvestment_path(
            base_sales, sales, sales_to_capital, lag=lag, growth_after=growth_after
        ),
    )
