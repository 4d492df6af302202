"""What options granted to employees take from each share.

Amazon pays in restricted stock, which goes by count; options are kept for the worked examples of J. Hull,
*Options, Futures, and Other Derivatives*, 10th ed. (2018), which the tests repeat: :func:`black_scholes_call`
(examples 15.6 and 17.1) and :func:`after_options` (example 15.7).

Equity value in any unit of money and shares in any count, as long as exercise prices are money of that unit
per share of that count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.model._inputs import Number, checked, numeric, require_non_negative, require_positive


@dataclass(frozen=True)
class Grant:
    """Options of one exercise price and life; rates continuously compounded, volatility a year."""

    count: Number
    exercise_price: Number
    years: Number
    volatility: Number
    risk_free: Number
    dividend_yield: Number = 0.0


@dataclass(frozen=True)
class AfterOptions:
    """The value of a share once the options are granted, and that of one of them."""

    share: Number
    option: Number


@checked
def black_scholes_call(
    spot: Number,
    exercise_price: Number,
    years: Number,
    risk_free: Number,
    volatility: Number,
    dividend_yield: Number = 0.0,
) -> Number:
    """Value of a European call: ``S × e^(−q T) × N(d1) − K × e^(−r T) × N(d2)``.

    ``d1 = (ln(S / K) + (r − q + σ² / 2) × T) / (σ × √T)``, ``d2 = d1 − σ × √T``. Rates continuously
    compounded, volatility a year. Arrays broadcast. A spot of 0 gives 0.
    Raises ``ValueError`` if the spot is below 0 or price, years or volatility are not above 0.

    Source: Black and Scholes 1973; Merton 1973 for the dividend yield; Hull 2018, eq. 15.20 and 17.4.

    >>> round(float(black_scholes_call(42, 40, 0.5, 0.10, 0.20)), 2)
    4.76
    """
    require_non_negative(spot=spot)
    require_positive(exercise_price=exercise_price, years=years, volatility=volatility)
    S, K, T, r, sigma, q = numeric(
        spot=spot, exercise_price=exercise_price, years=years, risk_free=risk_free,
        volatility=volatility, dividend_yield=dividend_yield,
    )  # fmt: skip
    with np.errstate(divide="ignore"):  # a worthless share: the logarithm is −∞ and both chances are 0
        moneyness = np.log(np.divide(S, K))
    spread = sigma * np.sqrt(T)
    d1 = (moneyness + (r - q + sigma**2 / 2) * T) / spread
    return S * np.exp(-q * T) * ndtr(d1) - K * np.exp(-r * T) * ndtr(d1 - spread)


@checked
def after_options(equity_value: Number, shares: Number, grant: Grant) -> AfterOptions:
    """What a share is worth beside options: ``(equity_value − count × option) ÷ shares``.

    Exercised options are new shares, so one is worth ``shares ÷ (shares + count)`` of the call on
    ``equity_value ÷ shares``. Arrays broadcast. Raises ``ValueError`` if equity or the count is below 0 or
    shares are not above 0.

    Source: Galai and Schneller 1978; Hull 2018, section 15.10.
    """
    require_non_negative(equity_value=equity_value, count=grant.count)
    require_positive(shares=shares)
    call = black_scholes_call(
        equity_value / shares,
        grant.exercise_price,
        grant.years,
        grant.risk_free,
        grant.volatility,
        grant.dividend_yield,
    )
    option = shares / (shares + grant.count) * call
    return AfterOptions((equity_value - grant.count * option) / shares, option)
