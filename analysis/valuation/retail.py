"""Advertising and the stores taken apart: what the reported retail segments hold of each.

Amazon reports the sales of advertising and the profit of the segments it lies in, not advertising's
profit. Everything here that splits the profit takes advertising's margin as an assumption. Money in USD
billions over the twelve months to a quarter; functions raise ``AbsentFigure`` for quarters before
advertising was reported apart.
"""

from __future__ import annotations

from analysis.data import Edition
from analysis.figures import Figure
from analysis.model.projection import advertising
from analysis.valuation.inputs import ADVERTISING, retail, ttm


def stores_sales(edition: Edition, quarter: str | None = None) -> Figure:
    """Net sales of North America and International less advertising."""
    when = quarter or edition.quarter
    less = retail(edition, "net_sales", when) - ttm(edition, ADVERTISING, when)
    return less.named(f"Stores' sales, twelve months to {when}", "usd_bn")


def stores_income(edition: Edition, margin: Figure, quarter: str | None = None) -> Figure:
    """What advertising at ``margin`` leaves of the retail segments' operating income."""
    sales = ttm(edition, ADVERTISING, quarter)
    left: Figure = advertising.retail_income(*_segments(edition, quarter), sales, margin)
    return left.named(f"Stores' operating income with advertising at {margin.number:.0%}", "usd_bn")


def stores_margin(edition: Edition, margin: Figure, quarter: str | None = None) -> Figure:
    """The stores' operating margin with advertising at ``margin``."""
    found: Figure = advertising.retail_margin(
        *_segments(edition, quarter),
        retail(edition, "net_sales", quarter),
        ttm(edition, ADVERTISING, quarter),
        margin,
    )
    label = f"Stores' operating margin with advertising at {margin.number:.0%}"
    return found.named(label, "fraction")


def break_even(edition: Edition, quarter: str | None = None) -> Figure:
    """Advertising's margin at which the stores earn nothing."""
    found: Figure = advertising.margin_at_which_stores_break_even(
        *_segments(edition, quarter), ttm(edition, ADVERTISING, quarter)
    )
    when = quarter or edition.quarter
    return found.named(f"Advertising margin at which the stores earn nothing, year to {when}", "fraction")


def _segments(edition: Edition, quarter: str | None) -> tuple[Figure, Figure]:
    north_america, international = (
        ttm(edition, f"segments.{name}.operating_income", quarter)
        for name in ("north_america", "international")
    )
    return north_america, international
