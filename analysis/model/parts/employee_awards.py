"""What employees' shares and options take from each share: by count, treasury method, or option value.

Equity value in any unit of money and shares in any count, as long as exercise prices are money of
that unit per share of that count. Restricted stock has no exercise price: it goes by count.

Source: A. Damodaran, *Investment Valuation*, 3rd ed., ch. 16; J. Hull, *Options, Futures, and Other
Derivatives*, 9th ed., ch. 15.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr

from analysis.model._conventions import InputError, require_choice
from analysis.model._inputs import (
    Number,
    numeric,
    require_finite,
    require_fraction,
    require_non_negative,
    require_positive,
)

Dilution = Literal["galai_schneller", "damodaran"]
DILUTIONS: tuple[Dilution, ...] = ("galai_schneller", "damodaran")


class NotConvergedError(ArithmeticError):
    """A fixed point was not reached within the steps allowed."""


@dataclass(frozen=True)
class Options:
    """One grant of employee options, of one exercise price and life."""

    count: Number
    exercise_price: Number
    years: Number
    volatility: Number
    risk_free: Number
    dividend_yield: Number = 0.0

    def __post_init__(self) -> None:
        require_non_negative(count=self.count)
        require_positive(exercise_price=self.exercise_price, years=self.years, volatility=self.volatility)
        numeric(risk_free=self.risk_free, dividend_yield=self.dividend_yield)


@dataclass(frozen=True)
class PerShare:
    """Value per share, with the share count it rests on and the value the awards hold."""

    value: Number
    shares: Number
    awards_value: Number


def by_count(equity_value: Number, shares: Number, awards: Number) -> PerShare:
    """Every award counts as a share: ``equity_value / (shares + awards)``.

    Right for restricted stock that will vest; overstates what options take. Negative equity gives a negative
    value per share: limited liability is for the caller to apply.

    >>> by_count(1000.0, 90.0, 10.0).value
    10.0
    """
    require_positive(shares=shares)
    require_non_negative(awards=awards)
    require_finite(equity_value=equity_value)
    value = equity_value / (shares + awards)
    return PerShare(value, shares + awards, value * awards)


def by_treasury_method(
    equity_value: Number, shares: Number, options: Sequence[Options], *, price: Number | None = None
) -> PerShare:
    """Options above water are exercised, and the proceeds buy back shares.

    At a market ``price`` P the count is ``shares + Σ count × max(0, 1 − exercise_price / P)``, as the
    company reports it. Without one (default) P is the value per share itself, the root of
    ``P × shares + Σ count × max(0, P − exercise_price) = equity_value``: the least of
    ``(equity_value + Σ count × exercise_price) / (shares + Σ count)`` over the k lowest exercise
    prices, k = 0, 1, …. Ignores what options may be worth later. Source: FASB ASC 260-10-45-23.

    >>> options = Options(count=20.0, exercise_price=5.0, years=1, volatility=0.3, risk_free=0.04)
    >>> round(by_treasury_method(1000.0, 90.0, [options]).value, 6)
    10.0
    """
    require_positive(shares=shares)
    require_non_negative(equity_value=equity_value)
    if price is None:
        value = _own_treasury_value(equity_value, shares, options)
        count = sum((_bought(grant, value) for grant in options), start=shares)
        return PerShare(value, count, equity_value - value * shares)
    require_positive(price=price)
    count = sum((_bought(grant, price) for grant in options), start=shares)
    value = equity_value / count
    return PerShare(value, count, equity_value - value * shares)


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

    Source: F. Black, M. Scholes, *Journal of Political Economy* 81 (1973); R. Merton, *Bell Journal of
    Economics* 4 (1973) for the dividend yield; Hull, eq. 15.20 and 17.4.

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


def by_option_value(
    equity_value: Number,
    shares: Number,
    options: Sequence[Options],
    *,
    tax: Number = 0.0,
    spot: Number | None = None,
    dilution: Dilution = "galai_schneller",
    max_steps: int = 200,
) -> PerShare:
    """Options at their Black-Scholes value, corrected for the shares they add, taken off the equity.

    ``value = (equity_value − (1 − tax) × Σ count × option) / shares``. The option's value depends on that of
    a share and the other way round; the pair is iterated to its fixed point, unique because each step
    shrinks the distance. With m options, n shares and an option worth W:

    * ``"galai_schneller"`` (default): ``W = n / (n + m) × call(S + (m / n) × W)``;
    * ``"damodaran"``: ``W = call((n × S + m × W) / (n + m))``.

    S is the value per share found, or ``spot`` if given (the market price). ``tax`` is the rate at which
    exercise is deducted. Raises ``ValueError`` naming impossible inputs, among them options worth more than
    the equity, and ``NotConvergedError`` when ``max_steps`` do not suffice.

    Source: D. Galai, M. Schneller, *Journal of Finance* 33 (1978); Hull, section 15.10; Damodaran, ch. 16.
    """
    require_positive(shares=shares, spot=1.0 if spot is None else spot)
    require_non_negative(equity_value=equity_value)
    require_fraction(tax=tax)
    equity, n, tax = numeric(equity_value=equity_value, shares=shares, tax=tax)
    held = 0.0 * equity * n
    for _ in range(max_steps):
        shared = equity + tax * held if spot is None else n * spot + held
        before, held = held, _options_value(shared, n, options, dilution)
        if np.all(np.abs(held - before) <= 1e-13 * np.abs(shared)):
            return _after_options(equity, n, (1 - tax) * held)
    raise NotConvergedError(f"options were not valued to rounding within {max_steps} steps")


def _after_options(equity: Number, shares: Number, cost: Number) -> PerShare:
    if np.any(cost > equity):
        raise InputError("options must be worth at most equity_value after tax")
    return PerShare((equity - cost) / shares, shares, cost)


def _options_value(shared: Number, n: Number, options: Sequence[Options], dilution: Dilution) -> Number:
    """Value of all options when shares and options together are worth ``shared``."""
    require_choice(DILUTIONS, dilution=dilution)
    m = sum((grant.count for grant in options), start=0.0)
    whole = dilution == "galai_schneller"
    spot, factor = (shared / n, n / (n + m)) if whole else (shared / (n + m), 1.0)
    return sum(
        (
            grant.count * factor * black_scholes_call(
                spot, grant.exercise_price, grant.years, grant.risk_free, grant.volatility,
                grant.dividend_yield,
            )
            for grant in options
        ),
        start=0.0 * shared,
    )  # fmt: skip


def _own_treasury_value(equity_value: Number, shares: Number, options: Sequence[Options]) -> Number:
    value, claims, count = equity_value / shares, equity_value, shares
    for grant in sorted(options, key=lambda grant: float(grant.exercise_price)):
        claims, count = claims + grant.count * grant.exercise_price, count + grant.count
        (value,) = numeric(value=np.minimum(value, claims / count))
    return value


def _bought(grant: Options, price: Number) -> Number:
    """Net new shares of a grant: those exercised less those that the proceeds buy back."""
    (price,) = numeric(price=price)
    above = np.maximum(price - grant.exercise_price, 0.0)
    return grant.count * np.divide(above, price, out=np.zeros_like(above), where=np.asarray(price) > 0)
