"""The bridge from enterprise value to equity and a share, and its inverse."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.parts import equity_bridge
from analysis.model.parts.equity_bridge import Balance, Shares, enterprise_value, equity_value, per_share

BALANCE = Balance(
    cash=87.0, securities=36.0, debt=66.0, leases=87.5, minority_interest=0.5, stakes={"Anthropic": 21.0}
)
SHARES = Shares(basic=10_700.0, diluted=10_860.0, common_and_awards=10_950.0)
amounts = st.floats(0.0, 1e4)


@pytest.mark.parametrize("count", equity_bridge.COUNTS)
def test_per_share_divides_by_the_named_count(count: equity_bridge.Count) -> None:
    number = getattr(SHARES, count)
    assert per_share(2200.0, SHARES, count=count) == pytest.approx(2_200_000 / number)


def test_steerable_bridge_agrees_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def share(
        value: Number, cash: Number, debt: Number, leases: Number, stake: Number, count: Number
    ) -> Number:
        balance = Balance(cash, 36.0, debt, leases, 0.5, {"Anthropic": stake})
        return per_share(equity_value(value, balance, leases="debt"), Shares(count))

    def back(equity: Number, cash: Number, debt: Number) -> Number:
        return enterprise_value(equity, Balance(cash, 36.0, debt))

    expected = (1800 + 87 + 36 - 66 - 87.5 - 0.5 + 21) * 1000 / 10_700
    given_values = {"value": 1800.0, "cash": 87.0, "debt": 66.0, "leases": 87.5, "stake": 21.0}
    four_ways(share, expected, **given_values, count=10_700.0)
    four_ways(back, 2225.6 - 87 - 36 + 66, equity=2225.6, cash=87.0, debt=66.0)


def test_every_step_has_its_sign_and_its_place() -> None:
    assert equity_bridge.bridge(BALANCE, leases="debt") == {
        "cash": 87.0,
        "securities": 36.0,
        "debt": -66.0,
        "leases": -87.5,
        "minority_interest": -0.5,
        "stakes.Anthropic": 21.0,
    }
    assert list(equity_bridge.bridge(BALANCE, leases="debt")) == [
        "cash", "securities", "debt", "minority_interest", "stakes.Anthropic", "leases",
    ]  # fmt: skip
    assert equity_bridge.bridge(Balance(1.0, 2.0, 3.0)) == {"cash": 1.0, "securities": 2.0, "debt": -3.0}


def test_leases_are_debt_only_when_called_so() -> None:
    assert equity_value(1800.0, BALANCE) == pytest.approx(1877.5)
    assert equity_value(1800.0, BALANCE, leases="debt") == pytest.approx(1790.0)


@given(st.floats(-1e4, 1e5), *[amounts] * 5, st.sampled_from(equity_bridge.LEASES))
def test_enterprise_value_is_the_inverse_of_equity(
    value: float,
    cash: float,
    debt: float,
    leases: float,
    minority: float,
    stake: float,
    choice: equity_bridge.Leases,
) -> None:
    balance = Balance(cash, 0.0, debt, leases, minority, {"one": stake, "two": 1.0})
    there = equity_value(value, balance, leases=choice)
    assert enterprise_value(there, balance, leases=choice) == pytest.approx(value, abs=1e-9)


def in_currency(balance: Balance, rate: float) -> Balance:
    """The same balance in a currency of which a dollar buys ``rate``."""
    stakes = {name: worth * rate for name, worth in balance.stakes.items()}
    money = {name: amount and amount * rate for name, amount in vars(balance).items() if name != "stakes"}
    return Balance(**money, stakes=stakes)


@given(st.floats(0.001, 1000.0), st.sampled_from(equity_bridge.LEASES))
def test_another_currency_scales_every_step_and_the_value_of_a_share(
    rate: float, leases: equity_bridge.Leases
) -> None:
    own, other = BALANCE, in_currency(BALANCE, rate)
    steps = {name: step * rate for name, step in equity_bridge.bridge(own, leases=leases).items()}
    assert equity_bridge.bridge(other, leases=leases) == pytest.approx(steps, rel=1e-12)
    equity = equity_value(1800.0 * rate, other, leases=leases)
    assert equity == pytest.approx(equity_value(1800.0, own, leases=leases) * rate, rel=1e-12)
    assert per_share(equity, SHARES) == pytest.approx(per_share(equity / rate, SHARES) * rate, rel=1e-12)


def test_a_stake_worth_nothing_changes_nothing() -> None:
    more = replace(BALANCE, stakes={**BALANCE.stakes, "nothing": 0.0})
    assert equity_value(1800.0, more) == equity_value(1800.0, BALANCE)


def test_claims_ahead_of_the_shares_are_taken_off_and_shown_only_where_there_are_any() -> None:
    plain = Balance(cash=10.0, securities=0.0, debt=4.0)
    owed = Balance(cash=10.0, securities=0.0, debt=4.0, preferred=1.0, pensions=2.0, options=0.5)
    assert list(equity_bridge.bridge(plain)) == ["cash", "securities", "debt"]
    steps = equity_bridge.bridge(owed)
    assert {name: steps[name] for name in ("preferred", "pensions", "options")} == {
        "preferred": -1.0, "pensions": -2.0, "options": -0.5
    }  # fmt: skip
    assert equity_value(100.0, owed) == equity_value(100.0, plain) - 3.5


def test_the_default_count_is_basic() -> None:
    assert per_share(2200.0, SHARES) == per_share(2200.0, SHARES, count="basic")


def test_a_traced_bridge_keeps_every_step() -> None:
    cash, debt = Figure(87.0, "usd_bn", "cash"), Figure(66.0, "usd_bn", "debt")
    result = equity_value(Figure(1800.0, "usd_bn", "enterprise value"), Balance(cash, 36.0, debt))
    assert result.number == pytest.approx(1857.0)
    assert {figure.label for figure in result.inputs} == {"enterprise value", "cash", "debt"}


def test_arrays_broadcast() -> None:
    balance = Balance(cash=np.array([10.0, 20.0]), securities=0.0, debt=5.0)
    np.testing.assert_allclose(equity_value(np.array([[100.0], [200.0]]), balance), [[105, 115], [205, 215]])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: equity_bridge.bridge(BALANCE, leases="rent"), "leases must be one of .*, got 'rent'"),
        (lambda: equity_bridge.bridge(Balance(-1.0, 0.0, 0.0)), "cash must be zero or above"),
        (lambda: equity_bridge.bridge(Balance(0.0, 0.0, -1.0)), "debt must be zero or above"),
        (
            lambda: equity_bridge.bridge(Balance(0.0, 0.0, 0.0, pensions=-1.0)),
            "pensions must be zero or above",
        ),
        (lambda: equity_bridge.bridge(Balance(0.0, 0.0, 0.0, stakes={"A": -1.0})), r"stakes\.A must be zero"),
        (lambda: equity_value(float("nan"), BALANCE), "enterprise_value must be finite"),
        (lambda: enterprise_value(float("inf"), BALANCE), "equity_value must be finite"),
        (lambda: per_share(1.0, Shares(1.0), count="diluted"), "'diluted' of shares was not published"),
        (lambda: per_share(1.0, SHARES, count="floated"), "count must be one of"),
        (lambda: per_share(-1.0, SHARES), "equity_usd_bn must be zero or above, got -1.0"),
        (lambda: per_share(1.0, SHARES, negative="yes"), "negative must be one of"),
        (lambda: per_share(1.0, Shares(-5.0)), r"shares\.basic must be above zero"),
    ],
)
def test_impossible_inputs_are_named(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_negative_value_has_shares_only_where_allowed() -> None:
    assert per_share(-11.0, Shares(11_000.0), negative="allowed") == -1.0
