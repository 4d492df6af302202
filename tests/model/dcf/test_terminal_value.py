"""Terminal value: closed forms, conventions, and the inputs no company can have."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import terminal_value as tv
from analysis.model.dcf.economic_profit import value_economic_profit
from analysis.model.dcf.free_cash_flow import OperatingLines, terminal_value, value_lines


def test_value_driver_is_a_perpetuity_of_profit_less_what_growth_takes() -> None:
    flow = 100.0 * (1 - 0.03 / 0.12)
    series = sum(flow * 1.03**year / 1.08 ** (year + 1) for year in range(2000))
    assert tv.value_driver(100.0, 0.03, 0.12, 0.08) == pytest.approx(series)


@given(st.floats(0.0, 0.07))
def test_growth_adds_nothing_when_new_capital_earns_its_cost(growth: float) -> None:
    assert tv.value_driver(100.0, growth, 0.08, 0.08) == pytest.approx(100.0 / 0.08)


def test_no_growth_is_worth_profit_over_cost_of_capital_at_any_return() -> None:
    assert tv.value_driver(100.0, 0.0, 0.30, 0.08) == tv.value_driver(100.0, 0.0, 0.05, 0.08) == 100.0 / 0.08


def test_base_is_this_year_or_one_year_on() -> None:
    assert tv.terminal_base(100.0, 0.03, flow="n") == 100.0
    assert tv.terminal_base(100.0, 0.03) == pytest.approx(103.0)


def test_exit_multiple_is_metric_times_multiple() -> None:
    assert tv.exit_multiple(80.0, 15.0) == 1200.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tv.value_driver(1.0, 0.08, 0.12, 0.08), r"growth \(0.08\) must be below cost_of_capital"),
        (lambda: tv.value_driver(1.0, 0.09, 0.12, 0.08), r"growth \(0.09\) must be below cost_of_capital"),
        (lambda: tv.value_driver(1.0, 0.04, 0.04, 0.08), r"growth \(0.04\) must be below roic \(0.04\)"),
        (lambda: tv.value_driver(1.0, 0.04, 0.03, 0.08), r"growth \(0.04\) must be below roic \(0.03\)"),
        (lambda: tv.value_driver(1.0, 0.01, -0.02, 0.08), "roic must be above zero"),
        (lambda: tv.value_driver(-1.0, 0.03, 0.12, 0.08), "nopat must be zero or above, got -1.0"),
        (lambda: tv.value_driver(1.0, -0.01, 0.12, 0.08), "growth must be zero or above, got -0.01"),
        (lambda: tv.ValueDriver(-0.01, 0.12, 0.08), "growth must be zero or above, got -0.01"),
        (lambda: tv.exit_multiple(-1.0, 12.0), "metric must be zero or above, got -1.0"),
        (lambda: tv.value_driver(1.0, 0.0, 0.12, 0.08, loss="ignored"), "loss must be one of 'refused'"),
        (lambda: tv.value_driver(1.0, 0.0, 0.12, 0.08, decline="yes"), "decline must be one of 'refused'"),
        (lambda: tv.value_driver(1.0, float("nan"), 0.1, 0.08), "growth must be finite"),
        (lambda: tv.ValueDriver(0.09, 0.12, 0.08), r"growth \(0.09\) must be below cost_of_capital"),
        (lambda: tv.ValueDriver(0.05, 0.05, 0.08), r"growth \(0.05\) must be below roic"),
        (lambda: tv.ValueDriver(0.03, 0.12, 0.08, flow="n+2"), "flow must be one of 'n', 'n\\+1'"),
        (lambda: tv.ValueDriver(0.03, 0.12, 0.08, dating="mid"), "dating must be one of 'flows', 'end'"),
        (lambda: tv.exit_multiple(1.0, 0.0), "multiple must be above zero"),
        (lambda: tv.ExitMultiple(-3.0, "sales"), "multiple must be above zero"),
        (lambda: tv.ExitMultiple(3.0, "ebitda"), "metric must be one of 'sales'"),
        (lambda: tv.ExitMultiple(3.0, "sales", flow="n+1"), "growth must be given"),
        (lambda: tv.ExitMultiple(3.0, "sales", flow="n+1", growth=-1.0), "growth must be above -1"),
        (lambda: tv.ExitMultiple(3.0, "sales", dating="start"), "dating must be one of"),
        (lambda: tv.terminal_base(1.0, 0.03, flow="last"), "flow must be one of"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_loss_that_is_charged_is_the_negative_of_a_profit() -> None:
    assert tv.value_driver(-1.0, 0.03, 0.12, 0.08, loss="charged") == -tv.value_driver(1.0, 0.03, 0.12, 0.08)
    assert tv.exit_multiple(-2.0, 12.0, loss="charged") == -24.0


def test_a_decline_that_is_allowed_is_a_shrinking_series() -> None:
    series = sum(100.0 * (1 + 0.02 / 0.10) * 0.98**n / 1.08 ** (n + 1) for n in range(4000))
    assert tv.value_driver(100.0, -0.02, 0.10, 0.08, decline="allowed") == pytest.approx(series)


@pytest.mark.parametrize("own", [5.0, 60.0, 140.0])
@pytest.mark.parametrize("nopat", [100.0, -10.0])
def test_a_fading_return_is_a_plain_loop_over_years(own: float, nopat: float) -> None:
    g, roic, rate, fade, value, profit = 0.03, 0.12, 0.08, 7, 0.0, nopat
    for year in range(1, 3000):
        weight = min(year / fade, 1.0)
        spent = (1 - weight) * own * (1 + g) ** (year - 1) + weight * profit * g / roic
        value += (profit - spent) / (1 + rate) ** year
        profit *= 1 + g
    assert tv.fading_value(nopat, own, g, roic, rate, fade, loss="charged") == pytest.approx(value)


def test_without_a_fade_the_stable_return_holds_at_once() -> None:
    stable = tv.value_driver(100.0, 0.03, 0.12, 0.08)
    assert tv.fading_value(100.0, 90.0, 0.03, 0.12, 0.08, 0) == stable
    own_is_stable = tv.fading_value(100.0, 25.0, 0.03, 0.12, 0.08, 9)
    assert own_is_stable == pytest.approx(stable)


def test_a_year_of_its_own_is_a_perpetuity_of_its_flow() -> None:
    lines = OperatingLines((100.0,), (9.0,), (9.0,), (5.0,))
    own = tv.TerminalYear(nopat=10.0, reinvestment=2.5, growth=0.03, cost_of_capital=0.08)
    assert terminal_value(lines, own) == pytest.approx(tv.value_driver(10.0, 0.03, 0.12, 0.08))
    found = value_lines(lines, [0.08], own)
    assert found.present_terminal == pytest.approx(150.0 / 1.08)
    second = value_economic_profit(lines, 40.0, [0.08], own)
    assert second.value == pytest.approx(found.value, rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"growth": 0.08}, r"growth \(0.08\) must be below cost_of_capital \(0.08\)"),
        ({"growth": -0.01}, "growth must be zero or above"),
        ({"nopat": 1.0}, "flow must be zero or above, got -1.5"),
        ({"dating": "mid"}, "dating must be one of"),
    ],
)
def test_a_year_of_its_own_refuses_what_has_no_value(changes: dict[str, Any], message: str) -> None:
    given = {"nopat": 10.0, "reinvestment": 2.5, "growth": 0.03, "cost_of_capital": 0.08}
    with pytest.raises(ValueError, match=message):
        tv.TerminalYear(**given | changes)


def test_a_fade_needs_the_terms_that_it_starts_from() -> None:
    with pytest.raises(ValueError, match="sales_to_capital must be given"):
        tv.ValueDriver(0.03, 0.12, 0.08, fade_years=5)
