"""Cost of capital from the bottom up: business risk from peers, own leverage, market weights.

Rates, tax and premiums are fractions a year; values in one unit of money.

Source: Damodaran 2012, ch. 8; Koller et al. 2020, ch. 15 and appendix C (levering formulas by the risk of
the tax shield). All rates of the report are nominal; :func:`nominal_rate` and :func:`real_rate` are kept for
published worked examples that the tests repeat.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.model._inputs import (
    Number,
    checked,
    require_above,
    require_fraction,
    require_non_negative,
    require_positive,
)


@dataclass(frozen=True)
class CostOfCapital:
    """A cost of capital with everything it is made of."""

    unlevered_beta: Number
    levered_beta: Number
    cost_of_equity: Number
    cost_of_debt: Number  # before tax
    equity_weight: Number
    debt_weight: Number
    wacc: Number


@checked
def relever(unlevered_beta: Number, debt_to_equity: Number, tax: Number) -> Number:
    """Equity beta of a company with debt: ``unlevered_beta × (1 + (1 − tax) × debt_to_equity)``.

    ``debt_to_equity`` at market values; debt is taken as fixed and without risk, so that the tax shield is as
    safe as the debt. Raises ``ValueError`` if debt is below zero or tax is not a fraction.

    Source: Hamada 1972; Damodaran 2012, ch. 8.

    >>> round(relever(1.10, 0.25, 0.20), 2)
    1.32
    """
    require_non_negative(debt_to_equity=debt_to_equity)
    require_fraction(tax=tax)
    return unlevered_beta * (1 + (1 - tax) * debt_to_equity)


@checked
def cost_of_equity(risk_free: Number, beta: Number, equity_risk_premium: Number) -> Number:
    """Return that shareholders require: ``risk_free + beta × equity_risk_premium``.

    Raises ``ValueError`` unless the premium is above zero. Source: Sharpe 1964; Damodaran 2012, ch. 8.

    >>> round(cost_of_equity(0.04, 1.2, 0.045), 4)
    0.094
    """
    require_positive(equity_risk_premium=equity_risk_premium)
    return risk_free + beta * equity_risk_premium


@checked
def nominal_rate(real: Number, inflation: Number) -> Number:
    """A rate in money from one in purchasing power: ``(1 + real) × (1 + inflation) − 1``.

    Raises ``ValueError`` unless both are above −1. Source: Fisher 1930.

    >>> round(nominal_rate(0.06, 0.02), 4)
    0.0812
    """
    require_above(-1, real=real, inflation=inflation)
    return (1 + real) * (1 + inflation) - 1


@checked
def real_rate(nominal: Number, inflation: Number) -> Number:
    """A rate in purchasing power from one in money: ``(1 + nominal) / (1 + inflation) − 1``.

    The inverse of :func:`nominal_rate`. Raises ``ValueError`` unless both are above −1.

    >>> round(real_rate(0.15, 0.10), 3)
    0.045
    """
    require_above(-1, nominal=nominal, inflation=inflation)
    return (1 + nominal) / (1 + inflation) - 1


@checked
def cost_of_debt(risk_free: Number, spread: Number) -> Number:
    """Interest rate before tax at which the company could borrow now: ``risk_free + spread``.

    ``spread`` goes with its rating and is not negative. Source: Damodaran 2012, ch. 8.
    """
    require_non_negative(spread=spread)
    return risk_free + spread


@checked
def wacc(
    cost_of_equity: Number, cost_of_debt: Number, tax: Number, *, equity_value: Number, debt_value: Number
) -> Number:
    """Cost of capital at market weights: ``k_E × E / (D + E) + k_D × (1 − tax) × D / (D + E)``.

    ``debt_value`` includes leases where the valuation counts them as debt, and only there.
    Raises ``ValueError`` naming equity that is not positive or debt below zero.

    >>> round(wacc(0.10, 0.05, 0.20, equity_value=900.0, debt_value=100.0), 4)
    0.094
    """
    require_positive(equity_value=equity_value)
    require_non_negative(debt_value=debt_value)
    require_fraction(tax=tax)
    capital = equity_value + debt_value
    return cost_of_equity * (equity_value / capital) + cost_of_debt * (1 - tax) * (debt_value / capital)


@checked
def bottom_up(
    *,
    unlevered_beta: Number,
    risk_free: Number,
    equity_risk_premium: Number,
    spread: Number,
    tax: Number,
    equity_value: Number,
    debt_value: Number,
) -> CostOfCapital:
    """Cost of capital of a business from its unlevered beta and the company's own financing.

    Relevers at market debt to equity (:func:`relever`), adds the premium, weights at market values:
    ``wacc = (risk_free + levered beta × premium) × E / (D + E) + (risk_free + spread) × (1 − tax) × D / (D +
    E)``. ``tax`` is the marginal rate, which interest saves.
    """
    require_positive(equity_value=equity_value)
    require_non_negative(debt_value=debt_value)
    debt_rate = cost_of_debt(risk_free, spread)
    beta = relever(unlevered_beta, debt_value / equity_value, tax)
    equity_rate = cost_of_equity(risk_free, beta, equity_risk_premium)
    equity_weight = equity_value / (equity_value + debt_value)
    return CostOfCapital(
        unlevered_beta=unlevered_beta,
        levered_beta=beta,
        cost_of_equity=equity_rate,
        cost_of_debt=debt_rate,
        equity_weight=equity_weight,
        debt_weight=1 - equity_weight,
        wacc=wacc(equity_rate, debt_rate, tax, equity_value=equity_value, debt_value=debt_value),
    )
