"""Multiples: what sales, earnings and a multiple are worth, and what a target asks of each.

A market value is sales × price-to-sales, or sales × net margin × price-to-earnings. Given a target
and all but one of these, the functions named ``…_required`` return the missing one. Values share
one unit (the report uses USD billions); growth and margins are fractions, horizons years.
Arguments broadcast. "Price" multiples rest on the market value of the shares, "EV" multiples on
enterprise value, which adds net debt (negative when cash exceeds debt).
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.model._inputs import (
    Number,
    checked,
    require_above,
    require_non_negative,
    require_positive,
)
from analysis.model.projection.growth import cagr, compound


@checked
def market_value(sales: Number, growth: Number, years: Number, price_to_sales: Number) -> Number:
    """Market value in ``years``: ``sales × (1 + growth) ^ years × price_to_sales``.

    Raises ``ValueError`` if sales, years or the multiple is below 0 or growth is not above -1.

    >>> round(market_value(650, 0.10, 5, 3.4))
    3559
    """
    require_non_negative(price_to_sales=price_to_sales)
    return compound(sales, growth, years) * price_to_sales


@checked
def multiple_required(target: Number, sales: Number) -> Number:
    """The price-to-sales multiple at which ``sales`` are worth ``target``: ``target ÷ sales``.

    ``sales`` are those of the year at whose end the target is to be reached; with earnings in their
    place the result is a price-to-earnings multiple. Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, sales=sales)
    return target / sales


@checked
def sales_required(target: Number, price_to_sales: Number) -> Number:
    """The sales that are worth ``target`` at a multiple: ``target ÷ price_to_sales``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, price_to_sales=price_to_sales)
    return target / price_to_sales


@checked
def growth_required(target: Number, sales: Number, price_to_sales: Number, years: Number) -> Number:
    """The annual growth of ``sales`` that makes them worth ``target`` in ``years`` at a multiple.

    ``(target ÷ (sales × price_to_sales)) ^ (1 ÷ years) - 1``.
    Raises ``ValueError`` unless all four are above 0.

    >>> round(growth_required(5000, 650, 3.4, 5), 4)
    0.1774
    """
    require_positive(target=target, sales=sales, price_to_sales=price_to_sales, years=years)
    return (target / (sales * price_to_sales)) ** (1 / years) - 1


@checked
def frontier(
    target: Number, sales: Number, years: Number, growths: Sequence[Number]
) -> list[tuple[Number, Number]]:
    """Every pair (growth, price-to-sales) on the line that reaches ``target`` in ``years``.

    For each growth g the multiple is ``target ÷ (sales × (1 + g) ^ years)``.
    Raises ``ValueError`` if target or sales is not above 0 or a growth is not above -1.
    """
    require_positive(target=target, sales=sales)
    return [(growth, multiple_required(target, compound(sales, growth, years))) for growth in growths]


@checked
def upside_to(target: Number, value: Number) -> Number:
    """How far ``target`` lies above ``value``, as a fraction: ``target ÷ value - 1``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, value=value)
    return target / value - 1


@checked
def value_before(target: Number, upside: Number) -> Number:
    """The value from which ``target`` is ``upside`` away: ``target ÷ (1 + upside)``.

    Raises ``ValueError`` if target is not above 0 or upside is not above -1.

    >>> round(value_before(4000, 0.74), 1)
    2298.9
    """
    require_positive(target=target)
    require_above(-1, upside=upside)
    return target / (1 + upside)


@checked
def return_required(target: Number, value: Number, years: Number) -> Number:
    """The annual return, dividends apart, from ``value`` to ``target``: ``(target ÷ value) ^ (1 ÷ years) -
    1``.

    A share returns less by the rate at which the share count grows.
    Raises ``ValueError`` unless all three are above 0.
    """
    return cagr(value, target, years)


@checked
def enterprise_from_equity(equity_value: Number, net_debt: Number) -> Number:
    """``equity_value + net_debt``, where net debt is debt less cash and may be negative."""
    return equity_value + net_debt
