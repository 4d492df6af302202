"""Terminal value: closed forms, conventions, and the inputs no company can have."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import terminal_value as tv


def test_value_driver_is_a_perpetuity_of_profit_less_what_growth_takes() -> None:
    flow = 100.0 * (1 - 0.03 / 0.12)
    assert tv.value_driver(100.0, 0.03, 0.12, 0.08) == pytest.approx(tv.perpetuity(flow, 0.03, 0.08))
    assert tv.perpetuity(flow, 0.03, 0.08) == pytest.approx(75.0 / 0.05)


@given(st.floats(0.0, 0.07))
def test_growth_adds_nothing_when_new_capital_earns_its_cost(growth: float) -> None:
    assert tv.value_driver(100.0, growth, 0.08, 0.08) == pytest.approx(100.0 / 0.08)


def test_no_growth_is_worth_profit_over_cost_of_capital_at_any_return() -> None:
    assert tv.value_driver(100.0, 0.0, 0.30, 0.08) == tv.value_driver(100.0, 0.0, 0.05, 0.08) == 100.0 / 0.08


def test_perpetuity_equals_the_sum_of_a_long_series() -> None:
    series = sum(75.0 * 1.03 ** (t - 1) / 1.08**t for t in range(1, 2000))
    assert tv.perpetuity(75.0, 0.03, 0.08) == pytest.approx(series, rel=1e-12)


@given(growth=st.floats(-0.02, 0.06), roic=st.floats(0.10, 0.6))
def test_multiple_and_growth_in_it_are_inverses(growth: float, roic: float) -> None:
    multiple = tv.multiple_of(tv.value_driver(50.0, growth, roic, 0.08), 50.0)
    assert tv.growth_in_multiple(multiple, roic, 0.08) == pytest.approx(growth, abs=1e-9)


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
        (lambda: tv.perpetuity(1.0, 0.08, 0.08), r"growth \(0.08\) must be below cost_of_capital"),
        (lambda: tv.exit_multiple(1.0, 0.0), "multiple must be above zero"),
        (lambda: tv.ExitMultiple(-3.0, "sales"), "multiple must be above zero"),
        (lambda: tv.ExitMultiple(3.0, "ebitda"), "metric must be one of 'sales'"),
        (lambda: tv.ExitMultiple(3.0, "sales", flow="n+1"), "growth must be given"),
        (lambda: tv.ExitMultiple(3.0, "sales", flow="n+1", growth=-1.0), "growth must be above -1"),
        (lambda: tv.ExitMultiple(3.0, "sales", dating="start"), "dating must be one of"),
        (lambda: tv.terminal_base(1.0, 0.03, flow="last"), "flow must be one of"),
        (lambda: tv.multiple_of(1.0, 0.0), "metric must be above zero"),
        (
            lambda: tv.growth_in_multiple(5.0, 0.12, 0.08),
            r"1 / roic \(8.33333\) must be below multiple \(5\)",
        ),
        (lambda: tv.growth_in_multiple(15.0, 0.08, 0.08), r"cost_of_capital \(0.08\) must be below roic"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
