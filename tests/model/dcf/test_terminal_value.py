"""Terminal value: closed forms, conventions, and the inputs no company can have."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import terminal_value as tv


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
        (lambda: tv.value_driver(1.0, -0.01, -0.02, 0.08), "roic must be above zero"),
        (lambda: tv.value_driver(1.0, float("nan"), 0.1, 0.08), "growth must be above -1"),
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
