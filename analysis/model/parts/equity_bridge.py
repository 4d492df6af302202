"""From enterprise value to equity and to a share, and back.

What is added and what is deducted, whether leases are debt, and which share count divides the
result are choices that move a value per share by several percent, so each is named. Money in USD
billions where shares are involved (they are in millions), else in any one unit; all broadcasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Literal

from analysis.model._inputs import Number, checked, require_non_negative, require_positive

Leases = Literal["not_debt", "debt"]
LEASES: tuple[Leases, ...] = ("not_debt", "debt")
Count = Literal["basic", "diluted", "common_and_awards"]
COUNTS: tuple[Count, ...] = ("basic", "diluted", "common_and_awards")
Negative = Literal["refused", "allowed"]
NEGATIVES: tuple[Negative, ...] = ("refused", "allowed")
CLAIMS = ("minority_interest", "preferred", "pensions", "options")
"""Claims ahead of the shares that not every company has, see :class:`Balance`."""
MILLIONS_PER_BILLION = 1000.0


@dataclass(frozen=True)
class Balance:
    """What stands between enterprise value and equity, all as amounts of zero or above.

    ``stakes`` are holdings in other companies by name at their assumed value: their profit is in no part's
    operating income; a finance arm whose profit was left out of the parts is such a stake, at the value of
    its equity. ``leases`` are lease liabilities, deducted only where they are called debt. What a company
    does not have is ``None``: minorities in subsidiaries, ``preferred`` shares, the unfunded part of
    ``pensions`` after tax, and ``options`` granted, at a value that is given
    (:mod:`analysis.model.parts.employee_options` finds one).
    """

    cash: Number
    securities: Number
    debt: Number
    leases: Number = 0.0
    minority_interest: Number | None = None
    stakes: Mapping[str, Number] = field(default_factory=dict)
    preferred: Number | None = None
    pensions: Number | None = None
    options: Number | None = None


@dataclass(frozen=True)
class Shares:
    """Counts of shares in millions; ``None`` where a count was not published.

    ``basic`` is the number outstanding (balance sheet or cover of the filing), ``diluted`` the weighted
    average behind diluted earnings per share, ``common_and_awards`` shares outstanding plus unvested
    stock awards.
    """

    basic: Number
    diluted: Number | None = None
    common_and_awards: Number | None = None


@checked
def bridge(balance: Balance, *, leases: Leases = "not_debt") -> dict[str, Number]:
    """Each step from enterprise value to equity with its sign, in order, for a table or a waterfall.

    ``cash + securities + stakes − debt − minorities − preferred − pensions − options − leases where these are
    debt``.

    ``leases="not_debt"`` (default) leaves lease liabilities out: the rent is already in the operating
    income that was valued, so deducting the liability too counts it twice. ``"debt"`` deducts it and
    belongs to a value of operating income before rent.
    Raises ``ValueError`` naming an unknown choice or an amount below zero.
    """
    if leases not in LEASES:
        raise ValueError(f"leases must be one of {LEASES}, got {leases!r}")
    named = {f"stakes.{name}": value for name, value in balance.stakes.items()}
    amounts = {n: v for n, v in vars(balance).items() if n != "stakes" and v is not None}
    require_non_negative(**amounts, **named)
    steps = {"cash": balance.cash, "securities": balance.securities, "debt": -balance.debt}
    steps |= {claim: -amounts[claim] for claim in CLAIMS if claim in amounts}
    owed = {"leases": -balance.leases} if leases == "debt" else {}
    return {**steps, **named, **owed}


@checked
def net_assets(balance: Balance, *, leases: Leases = "not_debt") -> Number:
    """The sum of the bridge: ``equity − enterprise value``. Raises as :func:`bridge` does."""
    return reduce(add, bridge(balance, leases=leases).values())


@checked
def equity_value(enterprise_value: Number, balance: Balance, *, leases: Leases = "not_debt") -> Number:
    """Equity from enterprise value: ``enterprise_value + cash + securities + stakes − debt − claims``.

    ``claims`` are minorities, preferred shares, pensions and options, and lease liabilities where
    ``leases="debt"``. Raises as :func:`bridge` does.

    >>> equity_value(1800.0, Balance(cash=80.0, securities=20.0, debt=50.0, leases=70.0))
    1850.0
    """
    return enterprise_value + net_assets(balance, leases=leases)


@checked
def enterprise_value(equity_value: Number, balance: Balance, *, leases: Leases = "not_debt") -> Number:
    """Enterprise value from equity, such as the market's: ``equity_value − net assets``."""
    return equity_value - net_assets(balance, leases=leases)


@checked
def per_share(
    equity_usd_bn: Number, shares: Shares, *, count: Count = "basic", negative: Negative = "refused"
) -> Number:
    """Equity in USD billions to US dollars a share, by the named count: ``equity × 1000 ÷ shares``.

    Raises ``ValueError`` naming an unknown count or one that was not published, and equity below zero unless
    ``negative="allowed"``: holders owe nothing, so that no share is worth less than nothing.

    >>> per_share(2200.0, Shares(basic=11_000.0))
    200.0
    """
    if negative not in NEGATIVES:
        raise ValueError(f"negative must be one of {NEGATIVES}, got {negative!r}")
    if negative == "refused":
        require_non_negative(equity_usd_bn=equity_usd_bn)
    return equity_usd_bn * MILLIONS_PER_BILLION / share_count(shares, count)


@checked
def share_count(shares: Shares, count: Count) -> Number:
    """The named count in millions; raises ``ValueError`` if it is unknown, absent or not above 0."""
    if count not in COUNTS:
        raise ValueError(f"count must be one of {COUNTS}, got {count!r}")
    number = getattr(shares, count)
    if number is None:
        raise ValueError(f"the count {count!r} of shares was not published")
    require_positive(**{f"shares.{count}": number})
    return number
