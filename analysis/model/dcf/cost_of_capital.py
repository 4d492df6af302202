"""Cost of capital from the bottom up: business risk from peers, own leverage, market weights.

Rates, tax and premiums are fractions a year; values in one unit of money.

Source: A. Damodaran, *Investment Valuation*, 3rd ed., ch. 8; T. Koller, M. Goedhart, D. Wessels,
*Valuation*, 7th ed., ch. 15 and appendix C (levering formulas by the risk of the tax shield).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.model._conventions import InputError, require_choice, total
from analysis.model._inputs import (
    Number,
    require_finite,
    require_fraction,
    require_non_negative,
    require_positive,
)

TaxShield = Literal["fixed_debt", "fixed_ratio", "rebalanced_yearly"]
TAX_SHIELDS: tuple[TaxShield, ...] = ("fixed_debt", "fixed_ratio", "rebalanced_yearly")


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


def relever(
    unlevered_beta: Number,
    debt_to_equity: Number,
    tax: Number,
    *,
    debt_beta: Number = 0.0,
    tax_shield: TaxShield = "fixed_debt",
    cost_of_debt: Number | None = None,
) -> Number:
    """Equity beta of a company with debt: ``beta_u + (beta_u − debt_beta) × k × debt_to_equity``.

    ``k`` depends on how risky the tax shield of interest is taken to be:

    * ``"fixed_debt"`` (default): as risky as the debt, ``k = 1 − tax``. With ``debt_beta`` 0 (default) this
      is Hamada's ``beta_u × (1 + (1 − tax) × D/E)``.
    * ``"fixed_ratio"``: debt follows value at every moment, ``k = 1`` (Harris and Pringle).
    * ``"rebalanced_yearly"``: debt follows value once a year, ``k = 1 − tax × i / (1 + i)`` with the
      ``cost_of_debt`` i, which must then be given (Miles and Ezzell).

    ``debt_to_equity`` at market values. Source: R. Hamada, *Journal of Finance* 27 (1972); R. Harris,
    J. Pringle, *Journal of Financial Research* 8 (1985); J. Miles, J. Ezzell, *Journal of Financial and
    Quantitative Analysis* 15 (1980).

    >>> round(relever(1.10, 0.25, 0.20), 2)
    1.32
    """
    k = _lever(debt_to_equity, tax, debt_beta, tax_shield, cost_of_debt)
    require_finite(unlevered_beta=unlevered_beta)
    return unlevered_beta + (unlevered_beta - debt_beta) * k


def unlever(
    levered_beta: Number,
    debt_to_equity: Number,
    tax: Number,
    *,
    debt_beta: Number = 0.0,
    tax_shield: TaxShield = "fixed_debt",
    cost_of_debt: Number | None = None,
) -> Number:
    """Beta of the business without debt: the inverse of :func:`relever`, same arguments.

    >>> round(unlever(1.32, 0.25, 0.20), 2)
    1.1
    """
    k = _lever(debt_to_equity, tax, debt_beta, tax_shield, cost_of_debt)
    require_finite(levered_beta=levered_beta)
    return (levered_beta + debt_beta * k) / (1 + k)


def without_cash(unlevered_beta: Number, cash_to_value: Number) -> Number:
    """Beta of the operations of a company that also holds cash, whose beta is nil.

    ``unlevered_beta / (1 − cash_to_value)``, cash as a fraction of the value of the whole company.
    Raises ``ValueError`` when the company is all cash.

    >>> round(without_cash(0.95, 0.05), 2)
    1.0
    """
    require_fraction(cash_to_value=cash_to_value)
    require_positive(**{"1 − cash_to_value": 1 - cash_to_value})
    return unlevered_beta / (1 - cash_to_value)


def weighted_beta(betas: Sequence[Number], values: Sequence[Number]) -> Number:
    """Unlevered beta of a company in several businesses, weighted by their values.

    Raises ``ValueError`` naming ``values`` when there is not one for each beta, or one is not positive.

    >>> weighted_beta([1.0, 1.3], [100.0, 200.0])
    1.2
    """
    if not betas or len(betas) != len(values):
        raise InputError(f"values must have one entry for each of {len(betas)} betas, got {len(values)}")
    require_positive(**{f"values[{at}]": value for at, value in enumerate(values)})
    return total(tuple(b * value for b, value in zip(betas, values, strict=True))) / total(tuple(values))


def cost_of_equity(
    risk_free: Number, beta: Number, equity_risk_premium: Number, *, premium: Number = 0.0
) -> Number:
    """Return that shareholders require: ``risk_free + beta × equity_risk_premium + premium``.

    ``premium`` is any further one (country, size), none by default. Source: W. Sharpe, *Journal of
    Finance* 19 (1964); Damodaran, ch. 8.

    >>> round(cost_of_equity(0.04, 1.2, 0.045), 4)
    0.094
    """
    require_finite(risk_free=risk_free, beta=beta, premium=premium)
    require_positive(equity_risk_premium=equity_risk_premium)
    return risk_free + beta * equity_risk_premium + premium


def cost_of_debt(risk_free: Number, spread: Number) -> Number:
    """Interest rate before tax at which the company could borrow now: ``risk_free + spread``.

    ``spread`` goes with its rating and is not negative. Source: Damodaran, ch. 8.
    """
    require_finite(risk_free=risk_free)
    require_non_negative(spread=spread)
    return risk_free + spread


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
    require_finite(cost_of_equity=cost_of_equity, cost_of_debt=cost_of_debt)
    capital = equity_value + debt_value
    return cost_of_equity * (equity_value / capital) + cost_of_debt * (1 - tax) * (debt_value / capital)


def bottom_up(
    *,
    unlevered_beta: Number,
    risk_free: Number,
    equity_risk_premium: Number,
    spread: Number,
    tax: Number,
    equity_value: Number,
    debt_value: Number,
    premium: Number = 0.0,
    debt_beta: Number = 0.0,
    tax_shield: TaxShield = "fixed_debt",
) -> CostOfCapital:
    """Cost of capital of a business from its unlevered beta and the company's own financing.

    Relevers at market debt to equity (:func:`relever`), adds the premiums, weights at market values.
    ``tax`` is the marginal rate, which interest saves.
    """
    require_positive(equity_value=equity_value)
    require_non_negative(debt_value=debt_value)
    debt_rate = cost_of_debt(risk_free, spread)
    beta = relever(
        unlevered_beta,
        debt_value / equity_value,
        tax,
        debt_beta=debt_beta,
        tax_shield=tax_shield,
        cost_of_debt=debt_rate if tax_shield == "rebalanced_yearly" else None,
    )
    equity_rate = cost_of_equity(risk_free, beta, equity_risk_premium, premium=premium)
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


def _lever(
    debt_to_equity: Number, tax: Number, debt_beta: Number, tax_shield: TaxShield, rate: Number | None
) -> Number:
    """Debt to equity times the part of it that adds risk, by the convention for the tax shield."""
    require_choice(TAX_SHIELDS, tax_shield=tax_shield)
    require_non_negative(debt_to_equity=debt_to_equity)
    require_fraction(tax=tax)
    require_finite(debt_beta=debt_beta)
    if (rate is None) == (tax_shield == "rebalanced_yearly"):
        raise InputError("cost_of_debt must be given with tax_shield 'rebalanced_yearly', and only there")
    if rate is not None:
        require_non_negative(cost_of_debt=rate)
        return debt_to_equity * (1 - tax * rate / (1 + rate))
    return debt_to_equity * (1 - tax) if tax_shield == "fixed_debt" else debt_to_equity * 1.0
