"""Multiples: what sales, earnings and a multiple are worth, and what a target asks of each.

A market value is sales × price-to-sales, or sales × net margin × price-to-earnings. Given a target
and all but one of these, the functions named ``…_required`` return the missing one. Values share
one unit (the report uses USD billions); growth and margins are fractions, horizons years.
Arguments broadcast. "Price" multiples rest on the market value of the shares, "EV" multiples on
enterprise value, which adds net debt (negative when cash exceeds debt).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.model._inputs import (
    Number,
    numeric,
    require_above,
    require_finite,
    require_non_negative,
    require_positive,
)
from analysis.model.projection.growth import cagr, compound, years_to_reach


def market_value(sales: Number, growth: Number, years: Number, price_to_sales: Number) -> Number:
    """Market value in ``years``: ``sales × (1 + growth) ^ years × price_to_sales``.

    Raises ``ValueError`` if sales, years or the multiple is below 0 or growth is not above -1.

    >>> round(market_value(650, 0.10, 5, 3.4))
    3559
    """
    require_non_negative(price_to_sales=price_to_sales)
    return compound(sales, growth, years) * price_to_sales


def multiple_required(target: Number, sales: Number) -> Number:
    """The price-to-sales multiple at which ``sales`` are worth ``target``: ``target ÷ sales``.

    ``sales`` are those of the year at whose end the target is to be reached; with earnings in their
    place the result is a price-to-earnings multiple. Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, sales=sales)
    return target / sales


def sales_required(target: Number, price_to_sales: Number) -> Number:
    """The sales that are worth ``target`` at a multiple: ``target ÷ price_to_sales``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, price_to_sales=price_to_sales)
    return target / price_to_sales


def growth_required(target: Number, sales: Number, price_to_sales: Number, years: Number) -> Number:
    """The annual growth of ``sales`` that makes them worth ``target`` in ``years`` at a multiple.

    ``(target ÷ (sales × price_to_sales)) ^ (1 ÷ years) - 1``.
    Raises ``ValueError`` unless all four are above 0.

    >>> round(growth_required(5000, 650, 3.4, 5), 4)
    0.1774
    """
    require_positive(target=target, sales=sales, price_to_sales=price_to_sales, years=years)
    return (target / (sales * price_to_sales)) ** (1 / years) - 1


def years_required(target: Number, sales: Number, growth: Number, price_to_sales: Number) -> Number:
    """The years until ``sales`` growing at ``growth`` are worth ``target`` at a multiple.

    Floats and arrays only. Raises ``ValueError`` as :func:`analysis.model.projection.growth.years_to_reach`.
    """
    return years_to_reach(sales, sales_required(target, price_to_sales), growth)


def frontier(
    target: Number, sales: Number, years: Number, growths: Sequence[Number]
) -> list[tuple[Number, Number]]:
    """Every pair (growth, price-to-sales) on the line that reaches ``target`` in ``years``.

    For each growth g the multiple is ``target ÷ (sales × (1 + g) ^ years)``.
    Raises ``ValueError`` if target or sales is not above 0 or a growth is not above -1.
    """
    require_positive(target=target, sales=sales)
    return [(growth, multiple_required(target, compound(sales, growth, years))) for growth in growths]


def price_to_sales_from_earnings(net_margin: Number, price_to_earnings: Number) -> Number:
    """The identity ``price ÷ sales = (earnings ÷ sales) × (price ÷ earnings)``.

    Raises ``ValueError`` unless both are above 0: a loss has no price-to-earnings multiple.
    """
    require_positive(net_margin=net_margin, price_to_earnings=price_to_earnings)
    return net_margin * price_to_earnings


def price_to_earnings_from_sales(price_to_sales: Number, net_margin: Number) -> Number:
    """The price-to-earnings multiple behind a price-to-sales multiple: ``price_to_sales ÷ net_margin``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(price_to_sales=price_to_sales, net_margin=net_margin)
    return price_to_sales / net_margin


def net_margin_required(price_to_sales: Number, price_to_earnings: Number) -> Number:
    """The net margin that reconciles two multiples: ``price_to_sales ÷ price_to_earnings``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(price_to_sales=price_to_sales, price_to_earnings=price_to_earnings)
    return price_to_sales / price_to_earnings


def earnings_value(
    sales: Number, growth: Number, years: Number, net_margin: Number, price_to_earnings: Number
) -> Number:
    """Market value in ``years`` from earnings: grown sales × net margin × price-to-earnings.

    Raises ``ValueError`` if sales or years is below 0, growth is not above -1, or margin or multiple
    is not above 0.
    """
    return market_value(sales, growth, years, price_to_sales_from_earnings(net_margin, price_to_earnings))


def value_path(bases: Sequence[Number], multiples: Sequence[Number]) -> list[Number]:
    """Year by year ``base × multiple``, for paths of sales or earnings and of the multiple paid.

    Raises ``ValueError`` if the paths differ in length or a multiple is below 0.
    """
    if len(bases) != len(multiples):
        raise ValueError(f"multiples must be as many as bases ({len(bases)}), got {len(multiples)}")
    for multiple in multiples:
        require_non_negative(multiples=multiple)
    return [base * multiple for base, multiple in zip(bases, multiples, strict=True)]


def first_time_at(target: float, times: Sequence[float], values: Sequence[float]) -> float | None:
    """When a path of values first stands at or above ``target``; ``None`` if it never does.

    Between two points the path is taken to grow at a constant rate (linear in logarithms).
    Raises ``ValueError`` if times and values differ in length, times do not rise, or the target or a
    value is not above 0.

    >>> first_time_at(200, [2025, 2026, 2027], [100, 100, 400])
    2026.5
    """
    moments, path = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    if moments.shape != path.shape or moments.ndim != 1:
        raise ValueError(f"values must be as many as times ({moments.size}), got {path.size}")
    require_positive(target=target, values=path)
    require_positive(**{"steps between times": np.diff(moments)})
    reached = np.flatnonzero(path >= target)
    if not reached.size:
        return None
    after = reached[0]
    if after == 0:
        return float(moments[0])
    part = np.log(target / path[after - 1]) / np.log(path[after] / path[after - 1])
    return float(moments[after - 1] + part * (moments[after] - moments[after - 1]))


def years_to_target(value: Number, target: Number, growth: Number, multiple_change: Number = 0.0) -> Number:
    """The years from ``value`` to ``target`` when the base grows and the multiple drifts each year.

    ``ln(target ÷ value) ÷ ln((1 + growth) × (1 + multiple_change))``; floats and arrays only.
    Raises ``ValueError`` naming ``rate`` if the two together stand still or lead away.
    """
    growth, drift = numeric(growth=growth, multiple_change=multiple_change)
    require_above(-1, growth=growth, multiple_change=drift)
    return years_to_reach(value, target, (1 + growth) * (1 + drift) - 1)


def upside_to(target: Number, value: Number) -> Number:
    """How far ``target`` lies above ``value``, as a fraction: ``target ÷ value - 1``.

    Raises ``ValueError`` unless both are above 0.
    """
    require_positive(target=target, value=value)
    return target / value - 1


def value_before(target: Number, upside: Number) -> Number:
    """The value from which ``target`` is ``upside`` away: ``target ÷ (1 + upside)``.

    Raises ``ValueError`` if target is not above 0 or upside is not above -1.

    >>> round(value_before(4000, 0.74), 1)
    2298.9
    """
    require_positive(target=target)
    require_above(-1, upside=upside)
    return target / (1 + upside)


def return_required(target: Number, value: Number, years: Number) -> Number:
    """The annual return, dividends apart, from ``value`` to ``target``: a growth rate per year.

    A share returns less by the rate at which the share count grows.
    Raises ``ValueError`` unless all three are above 0.
    """
    return cagr(value, target, years)


def enterprise_from_equity(equity_value: Number, net_debt: Number) -> Number:
    """``equity_value + net_debt``, where net debt is debt less cash and may be negative."""
    require_finite(equity_value=equity_value, net_debt=net_debt)
    return equity_value + net_debt


def equity_from_enterprise(enterprise_value: Number, net_debt: Number) -> Number:
    """``enterprise_value - net_debt``, the inverse of :func:`enterprise_from_equity`."""
    require_finite(enterprise_value=enterprise_value, net_debt=net_debt)
    return enterprise_value - net_debt


def ev_multiple_from_price(price_multiple: Number, net_debt: Number, base: Number) -> Number:
    """The EV multiple beside a price multiple: ``price_multiple + net_debt ÷ base``.

    ``base`` is what both multiples are of, such as sales. Raises ``ValueError`` unless it is above 0.
    """
    require_finite(price_multiple=price_multiple, net_debt=net_debt)
    require_positive(base=base)
    return price_multiple + net_debt / base


def price_multiple_from_ev(ev_multiple: Number, net_debt: Number, base: Number) -> Number:
    """The price multiple beside an EV multiple: ``ev_multiple - net_debt ÷ base``.

    The inverse of :func:`ev_multiple_from_price`. Raises ``ValueError`` unless base is above 0.
    """
    require_finite(ev_multiple=ev_multiple, net_debt=net_debt)
    require_positive(base=base)
    return ev_multiple - net_debt / base
