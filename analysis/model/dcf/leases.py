"""Operating leases as rent or as debt: two consistent sets of profit, capital and claims.

As rent, the whole lease cost is an operating cost and the liability is no debt. As debt, the interest in
the cost is taken out of operating costs, the leased assets are capital, and the bridge takes the liability
off the value. Doing half of either counts the leases twice or not at all.

Source: Koller et al. 2020, ch. 22 (leases); Damodaran 2012, ch. 9 (converting operating leases into
debt). The accounts print the liability, so :func:`lease_liability` and :func:`lease_addition` are kept for
the published worked examples that the tests repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from analysis.model._conventions import as_path, require_choice
from analysis.model._inputs import (
    InputError,
    Number,
    checked,
    require_above,
    require_fraction,
    require_non_negative,
    require_positive,
)
from analysis.model.dcf.free_cash_flow import OperatingLines
from analysis.model.dcf.given_flows import present_value

LeaseCost = Literal["interest", "depreciation"]
LEASE_COSTS: tuple[LeaseCost, ...] = ("interest", "depreciation")


@checked
def implied_interest(liability: Number, cost_of_debt: Number) -> Number:
    """The part of a year's lease cost that is interest: ``liability × cost_of_debt``, the liability as it
    opened.

    Added back to operating income when leases count as debt; the rest of the cost is in effect
    depreciation and stays an operating cost.
    """
    require_non_negative(liability=liability, cost_of_debt=cost_of_debt)
    return liability * cost_of_debt


@checked
def lease_liability(payments: Iterable[Number], cost_of_debt: Number) -> Number:
    """What is owed for leases: ``Σ payment_t / (1 + cost_of_debt)^t``, each paid at its year's end.

    Raises ``ValueError`` naming a rate of −1 or less.

    >>> round(lease_liability([50_000.0] * 9, 0.05))
    355391
    """
    payments = as_path("payments", payments)
    require_above(-1, cost_of_debt=cost_of_debt)
    return present_value(payments, (cost_of_debt,) * len(payments))


@checked
def lease_addition(
    payment: Number,
    liability: Number,
    cost_of_debt: Number,
    *,
    by: LeaseCost = "interest",
    asset: Number | None = None,
    life: Number | None = None,
) -> Number:
    """What counting leases as debt adds to a year's operating income, in one of two ways.

    ``liability × cost_of_debt`` with ``by="interest"`` (the default), which takes the rest of the payment
    for depreciation; ``payment − asset / life`` with ``by="depreciation"``, which writes the leased
    ``asset`` (the liability unless given) off in equal parts over ``life`` years. Over the whole of a lease
    both add the same.

    Raises ``ValueError`` naming an amount below zero, a life that is not above zero or is not given where
    it is needed.
    """
    require_choice(LEASE_COSTS, by=by)
    require_non_negative(payment=payment, liability=liability)
    if by == "interest":
        return implied_interest(liability, cost_of_debt)
    if life is None:
        raise InputError("life must be given to write the leased asset off")
    require_positive(life=life)
    return payment - (liability if asset is None else asset) / life


@checked
def leases_as_debt(
    lines: OperatingLines,
    opening_liability: Number,
    liability: Iterable[Number],
    cost_of_debt: Number,
    tax: Iterable[Number],
) -> OperatingLines:
    """Operating lines with leases as debt, from lines in which they are rent.

    Each year operating income goes up by the interest on the liability the year opened with
    (``opening liability × cost_of_debt``), NOPAT by that after tax, reinvestment by the change in the
    liability (assets leased are assets bought). ``liability`` is that of the end of each forecast year. The
    opening capital goes up by ``opening_liability``, and so must the debt in the equity bridge and in the
    weights of the WACC.

    Raises ``ValueError`` naming a path that has not one entry per year.
    """
    ends = as_path("liability", liability, lines.years)
    rates = as_path("tax", tax, lines.years)
    require_fraction(**{f"tax[{year}]": rate for year, rate in enumerate(rates, start=1)})
    starts = (opening_liability, *ends[:-1])
    interest = tuple(implied_interest(amount, cost_of_debt) for amount in starts)
    after_tax = tuple(amount * (1 - rate) for amount, rate in zip(interest, rates, strict=True))
    added = tuple(end - start for start, end in zip(starts, ends, strict=True))
    return lines.adjusted(operating_income=interest, nopat=after_tax, reinvestment=added)
