"""Leases as rent or as debt: two views of one value."""

from collections.abc import Callable

import pytest

from analysis.model.dcf import free_cash_flow as dcf
from analysis.model.dcf import leases
from analysis.model.dcf.terminal_value import ExitMultiple
from tests.model.dcf.lines import operating_lines

TAX, RATE = [0.25] * 3, 0.05


def lines() -> dcf.OperatingLines:
    return operating_lines(700.0, [0.1] * 3, [0.12] * 3, TAX, 2.0)


def test_lease_cost_is_interest_and_the_fall_of_the_liability() -> None:
    """The part of a payment that is not interest pays the liability down."""
    payments = [60.0, 50.0, 40.0]
    start, end = (
        sum(payment / (1 + RATE) ** year for year, payment in enumerate(left, 1))
        for left in (payments, payments[1:])
    )
    assert payments[0] - leases.implied_interest(start, RATE) == pytest.approx(start - end)


def test_both_ways_to_count_rent_add_the_same_over_the_whole_of_a_lease() -> None:
    payments = [60.0, 50.0, 40.0]
    owed = [leases.lease_liability(payments[year:], RATE) for year in range(3)]
    interest = [leases.lease_addition(p, o, RATE) for p, o in zip(payments, owed, strict=True)]
    written_off = [
        leases.lease_addition(p, o, RATE, by="depreciation", asset=owed[0], life=3)
        for p, o in zip(payments, owed, strict=True)
    ]
    assert sum(interest) == pytest.approx(sum(written_off)) == pytest.approx(sum(payments) - owed[0])
    assert interest != pytest.approx(written_off)


def test_interest_is_added_back_and_growth_of_leases_is_reinvestment() -> None:
    before = lines()
    after = leases.leases_as_debt(before, 100.0, [110.0, 115.0, 120.0], RATE, TAX)
    assert after.operating_income[1] - before.operating_income[1] == pytest.approx(110 * 0.05)
    assert after.nopat[0] - before.nopat[0] == pytest.approx(100 * 0.05 * 0.75)
    assert after.reinvestment[2] - before.reinvestment[2] == pytest.approx(5.0)
    assert after.sales == before.sales


def test_debt_view_less_the_liability_is_the_rent_view() -> None:
    """Discounted at what the leases cost after tax, the two views differ by the liability."""
    rates = [RATE * 0.75] * 3
    before, liability = lines(), [110.0, 115.0, 120.0]
    after = leases.leases_as_debt(before, 100.0, liability, RATE, TAX)
    sale = ExitMultiple(2.0, "sales")
    sale_with_leases = ExitMultiple(2.0 + 120.0 / before.sales[-1], "sales")
    rent = dcf.value_lines(before, rates, sale).value
    debt = dcf.value_lines(after, rates, sale_with_leases).value
    assert debt - 100.0 == pytest.approx(rent, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: leases.implied_interest(-1.0, RATE), "liability must be zero or above"),
        (lambda: leases.lease_addition(1.0, 1.0, RATE, by="rent"), "by must be one of 'interest'"),
        (lambda: leases.lease_addition(1.0, 1.0, RATE, by="depreciation"), "life must be given"),
        (
            lambda: leases.lease_addition(1.0, 1.0, RATE, by="depreciation", life=0.0),
            "life must be above zero",
        ),
        (lambda: leases.lease_liability([1.0], -1.0), "cost_of_debt must be above -1"),
        (
            lambda: leases.leases_as_debt(lines(), 1.0, [1.0], RATE, TAX),
            "liability must have 3 years, got 1",
        ),
        (
            lambda: leases.leases_as_debt(lines(), 1.0, [1.0] * 3, RATE, [0.2]),
            "tax must have 3 years, got 1",
        ),
        (
            lambda: leases.leases_as_debt(lines(), 1.0, [1.0] * 3, RATE, [0.2, 0.2, 2.0]),
            r"tax\[3\] must be a fraction",
        ),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
