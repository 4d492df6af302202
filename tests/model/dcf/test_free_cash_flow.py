"""The DCF against closed forms, a plain loop, its own parts, and the bugs of public models."""

from collections.abc import Callable
from dataclasses import replace

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.dcf import free_cash_flow as dcf
from analysis.model.dcf import paths
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.reinvestment import Lag
from analysis.model.dcf.terminal_value import Dating, ExitMultiple, Flow, ValueDriver
from tests.model.dcf.lines import operating_lines

YEARS = 6
STABLE = ValueDriver(growth=0.03, roic=0.12, cost_of_capital=0.08)


RATES = paths.cost_of_capital_path(0.10, 0.08, years=YEARS, constant_years=2)


def plain_loop(
    base: float,
    growth: list[float],
    margin: list[float],
    tax: list[float],
    ratio: float,
    rates: NDArray[np.float64],
    terminal: ValueDriver,
    timing: Timing,
    lag: Lag,
    growth_after: float,
) -> float:
    """The same valuation as one would write it in a spreadsheet, year by year."""
    sales = [base]
    for rate in growth:
        sales.append(sales[-1] * (1 + rate))
    sales.append(sales[-1] * (1 + growth_after))
    value, compound = 0.0, 1.0
    for t in range(1, len(growth) + 1):
        compound *= 1 + rates[t - 1]
        profit = sales[t] * margin[t - 1] * (1 - tax[t - 1])
        spent = (sales[t + lag] - sales[t - 1 + lag]) / ratio
        when = compound if timing == "end" else compound / (1 + rates[t - 1]) ** 0.5
        value += (profit - spent) / when
    if terminal.flow == "n+1":
        profit *= 1 + terminal.growth
    ending = profit * (1 - terminal.growth / terminal.roic) / (terminal.cost_of_capital - terminal.growth)
    return value + ending / (when if terminal.dating == "flows" else compound)


def lines_of(
    base: float = 100.0,
    growth: Number = 0.15,
    margin: float = 0.20,
    sales_to_capital: Number = 1.5,
    **more: Number,
) -> dcf.OperatingLines:
    return operating_lines(
        base,
        paths.growth_path(growth, 0.03, years=YEARS, constant_years=3),
        paths.linear_to_target(0.10, margin, years=YEARS, convergence_year=4),
        paths.constant_then_linear(0.15, 0.25, years=YEARS, constant_years=2),
        sales_to_capital,
        **more,
    )


@settings(max_examples=60)
@given(
    growth=st.lists(st.floats(-0.2, 0.5), min_size=1, max_size=12),
    margin=st.floats(-0.1, 0.5),
    tax=st.floats(0.0, 0.4),
    ratio=st.floats(0.3, 5.0),
    rate=st.floats(0.05, 0.2),
    timing=st.sampled_from(["end", "mid"]),
    lag=st.sampled_from([0, 1]),
    flow=st.sampled_from(["n", "n+1"]),
    dating=st.sampled_from(["flows", "end"]),
)
def test_equals_a_plain_loop(
    growth: list[float],
    margin: float,
    tax: float,
    ratio: float,
    rate: float,
    timing: Timing,
    lag: Lag,
    flow: Flow,
    dating: Dating,
) -> None:
    years = len(growth)
    rates = np.linspace(rate, rate + 0.02, years)
    terminal = ValueDriver(0.02, 0.15, rate + 0.02, flow=flow, dating=dating, loss="charged")
    lines = operating_lines(100.0, growth, [margin] * years, [tax] * years, ratio, lag=lag, growth_after=0.02)
    got = dcf.value_lines(lines, rates, terminal, timing=timing).value
    want = plain_loop(
        100.0, growth, [margin] * years, [tax] * years, ratio, rates, terminal, timing, lag, 0.02
    )
    assert got == pytest.approx(want, rel=1e-11, abs=1e-8)


@pytest.mark.parametrize("years", [1, 7, 40])
def test_constant_growth_equals_the_perpetuity_for_any_forecast_length(years: int) -> None:
    growth, rate, margin, tax, ratio = 0.04, 0.09, 0.2, 0.25, 2.0
    lines = operating_lines(100.0, [growth] * years, [margin] * years, [tax] * years, ratio)
    profit = 100.0 * (1 + growth) * margin * (1 - tax)
    spent = 100.0 * growth / ratio
    terminal = ValueDriver(growth, roic=growth * profit / spent, cost_of_capital=rate)
    value = dcf.value_lines(lines, [rate] * years, terminal).value
    assert value == pytest.approx((profit - spent) / (rate - growth), rel=1e-12)


def test_mid_year_is_worth_half_a_year_at_the_cost_of_capital() -> None:
    rates = [0.08] * YEARS
    end = dcf.value_lines(lines_of(), rates, STABLE).value
    assert dcf.value_lines(lines_of(), rates, STABLE, timing="mid").value == pytest.approx(end * 1.08**0.5)


def test_parts_at_shared_rates_equal_the_aggregate() -> None:
    lines = {
        "stores": lines_of(400.0, 0.08, 0.06, 3.0),
        "cloud": lines_of(120.0, 0.22, 0.35, 0.7),
        "centre": operating_lines(10.0, [0.0] * YEARS, [-0.5] * YEARS, [0.25] * YEARS, 5.0),
    }
    charged = replace(STABLE, loss="charged")
    group = dcf.value_group(
        {name: dcf.SegmentForecast(part, RATES, charged) for name, part in lines.items()}, timing="mid"
    )
    together = dcf.value_lines(dcf.add_lines(list(lines.values())), RATES, STABLE, timing="mid")
    assert group.value == pytest.approx(together.value, rel=1e-9)
    assert group.free_cash_flow == pytest.approx(together.lines.free_cash_flow, rel=1e-9)
    assert group.present_forecast == pytest.approx(together.present_forecast, rel=1e-9)
    assert group.terminal_share == pytest.approx(together.terminal_share, rel=1e-9)
    assert sum(group.share_of(name) for name in lines) == pytest.approx(1.0)
    assert group.parts["centre"].value < 0


def three_parts() -> dict[str, dcf.SegmentForecast]:
    """Parts of different size, growth and rates; one loses money."""
    rates = [0.11] * YEARS
    return {
        "stores": dcf.SegmentForecast(lines_of(400.0, 0.08, 0.06, 3.0), RATES, STABLE),
        "cloud": dcf.SegmentForecast(lines_of(120.0, 0.22, 0.35, 0.7), rates, STABLE),
        "centre": dcf.SegmentForecast(
            operating_lines(10.0, [0.0] * YEARS, [-0.5] * YEARS, [0.25] * YEARS, 5.0),
            RATES,
            replace(STABLE, loss="charged"),
        ),
    }


def in_currency(part: dcf.SegmentForecast, rate: float) -> dcf.SegmentForecast:
    """The same part in a currency of which a dollar buys ``rate``."""
    paths_of = {name: tuple(amount * rate for amount in path) for name, path in vars(part.lines).items()}
    return replace(part, lines=dcf.OperatingLines(**paths_of))


@given(st.floats(0.001, 1000.0))
def test_another_currency_scales_the_value_of_every_part_and_leaves_all_shares(rate: float) -> None:
    own = dcf.value_group(three_parts())
    other = dcf.value_group({name: in_currency(part, rate) for name, part in three_parts().items()})
    assert other.value == pytest.approx(own.value * rate, rel=1e-12)
    assert other.terminal_share == pytest.approx(own.terminal_share, rel=1e-12)
    for name, part in own.parts.items():
        assert other.parts[name].value == pytest.approx(part.value * rate, rel=1e-12)
        assert other.share_of(name) == pytest.approx(own.share_of(name), rel=1e-12)
        assert other.parts[name].discount_factors == part.discount_factors


def test_a_part_of_nothing_changes_nothing() -> None:
    none = (0.0,) * YEARS
    nothing = dcf.SegmentForecast(dcf.OperatingLines(none, none, none, none), RATES, STABLE)
    own, more = dcf.value_group(three_parts()), dcf.value_group({**three_parts(), "nothing": nothing})
    assert (more.value, more.terminal_share) == (own.value, own.terminal_share)
    assert more.free_cash_flow == own.free_cash_flow


@given(st.permutations(list(three_parts())))
def test_the_order_of_the_parts_does_not_matter(order: list[str]) -> None:
    parts = three_parts()
    own, shuffled = dcf.value_group(parts), dcf.value_group({name: parts[name] for name in order})
    assert shuffled.value == pytest.approx(own.value, rel=1e-12)
    assert shuffled.free_cash_flow == pytest.approx(own.free_cash_flow, rel=1e-12)


@settings(max_examples=60)
@given(st.floats(0.0, 0.3), st.floats(0.001, 0.1))
def test_more_growth_is_worth_more_where_new_capital_earns_more_than_it_costs(
    growth: float, more: float
) -> None:
    """A dollar of capital brings 3 of sales and 0.45 of profit after tax, and costs 0.1."""
    low, high = (
        dcf.value_lines(
            operating_lines(100.0, [rate] * YEARS, [0.2] * YEARS, [0.25] * YEARS, 3.0), RATES, STABLE
        ).value
        for rate in (growth, growth + more)
    )
    assert high > low


@settings(max_examples=60)
@given(st.floats(0.10, 0.4), st.floats(0.001, 0.2))
def test_more_margin_is_worth_more(margin: float, more: float) -> None:
    low, high = (
        dcf.value_lines(lines_of(margin=kept), RATES, STABLE).value for kept in (margin, margin + more)
    )
    assert high > low


@settings(max_examples=60)
@given(st.floats(0.04, 0.2), st.floats(0.0001, 0.1), st.integers(0, YEARS - 1))
def test_a_higher_rate_in_any_year_is_worth_less(rate: float, more: float, year: int) -> None:
    """Of flows that are all positive; the terminal value's own rate is another."""
    flat = (10.0,) * YEARS
    lines = dcf.OperatingLines(flat, flat, flat, (0.0,) * YEARS)
    rates = [rate] * YEARS
    dearer = [r + more * (at == year) for at, r in enumerate(rates)]
    assert dcf.value_lines(lines, dearer, STABLE).value < dcf.value_lines(lines, rates, STABLE).value
    later = replace(STABLE, cost_of_capital=STABLE.cost_of_capital + more)
    assert dcf.value_lines(lines, rates, later).value < dcf.value_lines(lines, rates, STABLE).value


def test_value_is_forecast_plus_terminal_and_every_year_is_shown() -> None:
    valuation = dcf.value_lines(lines_of(), RATES, STABLE)
    assert valuation.value == valuation.present_forecast + valuation.present_terminal
    assert sum(valuation.present_values) == pytest.approx(valuation.present_forecast)
    assert len(valuation.present_values) == len(valuation.discount_factors) == valuation.lines.years == YEARS
    assert valuation.terminal_share == pytest.approx(valuation.present_terminal / valuation.value)


def test_draws_give_what_each_draw_gives_alone() -> None:
    growth = np.array([0.05, 0.15, 0.30])
    together = dcf.value_lines(lines_of(growth=growth), RATES, STABLE).value
    alone = [dcf.value_lines(lines_of(growth=rate), RATES, STABLE).value for rate in growth]
    assert together == pytest.approx(alone, rel=1e-14)


def test_loss_brings_back_its_tax() -> None:
    lines = operating_lines(100.0, [0.0], [-0.10], [0.25], 1.0)
    assert lines.nopat == (-7.5,)


def test_exit_multiple_is_paid_at_the_end_of_the_last_year() -> None:
    lines = lines_of()
    sale = dcf.value_lines(lines, RATES, ExitMultiple(12.0, "operating_income"), timing="mid")
    assert sale.terminal_value == pytest.approx(12.0 * lines.operating_income[-1])
    assert sale.terminal_factor == pytest.approx(1 / np.prod(1 + np.array(RATES)))
    forward = ExitMultiple(12.0, "sales", flow="n+1", growth=0.03)
    assert dcf.terminal_value(lines, forward) == pytest.approx(12.0 * lines.sales[-1] * 1.03)


# Bugs found in public valuation code: each must give another number than ours.


def test_base_year_is_not_discounted_as_the_first_forecast_year() -> None:
    lines = lines_of()
    valuation = dcf.value_lines(lines, RATES, STABLE)
    assert valuation.present_values[0] == pytest.approx(lines.free_cash_flow[0] / 1.10)
    assert lines.sales[0] == pytest.approx(115.0)


def test_terminal_value_is_discounted_once() -> None:
    valuation = dcf.value_lines(lines_of(), RATES, STABLE)
    once = valuation.terminal_value * valuation.discount_factors[-1]
    assert valuation.present_terminal == pytest.approx(once)
    assert valuation.present_terminal != pytest.approx(once * valuation.discount_factors[-1], rel=0.1)


def test_terminal_denominator_is_cost_of_capital_less_growth() -> None:
    lines = lines_of()
    want = lines.nopat[-1] * 1.03 * (1 - 0.03 / 0.12) / (0.08 - 0.03)
    assert dcf.terminal_value(lines, STABLE) == pytest.approx(want)


def test_flow_n_is_one_years_growth_below_flow_n_plus_one() -> None:
    lines = lines_of()
    this_year = dcf.terminal_value(lines, ValueDriver(0.03, 0.12, 0.08, flow="n"))
    assert dcf.terminal_value(lines, STABLE) == pytest.approx(this_year * 1.03)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: dcf.OperatingLines((1.0,), (np.nan,), (1.0,), (1.0,)),
            r"operating_income\[1\] must be finite",
        ),
        (
            lambda: dcf.value_lines(lines_of(), RATES[:-1], STABLE),
            "cost_of_capital must have 6 years, got 5",
        ),
        (
            lambda: dcf.value_lines(lines_of(), RATES, STABLE, timing="start"),
            "timing must be one of",
        ),
        (lambda: dcf.add_lines([]), "parts must have at least one part"),
        (lambda: dcf.value_group({}), "parts must have at least one part"),
        (
            lambda: dcf.add_lines([lines_of(), operating_lines(1.0, [0.1], [0.1], [0.2], 1.0)]),
            r"parts\[1\] must have 6 years as parts\[0\] has, got 1",
        ),
        (
            lambda: dcf.OperatingLines((1.0,), (1.0,), (1.0, 2.0), (1.0,)),
            "nopat must have 1 years",
        ),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_regimes_and_lag_reach_the_flows() -> None:
    ratios = (0.8,) * 3 + (2.0,) * (YEARS - 3)
    dear, cheap = lines_of(sales_to_capital=0.8), lines_of(sales_to_capital=ratios)
    assert cheap.reinvestment[:3] == dear.reinvestment[:3]
    assert cheap.reinvestment[3] == pytest.approx(dear.reinvestment[3] * 0.8 / 2.0)
    lagged = lines_of(lag=1, growth_after=0.03)
    assert lagged.reinvestment[0] == pytest.approx(lines_of().reinvestment[1])


@pytest.mark.parametrize("kind", ["numbers", "figures", "parameters"])
def test_a_thousand_flows_are_no_deeper_than_ten(kind: str) -> None:
    years = 1000
    makers = {
        "numbers": lambda n: 10.0,
        "figures": lambda n: Figure(10.0, "usd_bn", f"flow {n}"),
        "parameters": lambda n: alt.param(name=f"flow_{n}", value=10.0),
    }
    flows = tuple(makers[kind](n) for n in range(years))
    nothing = (0.0,) * years
    found = dcf.value_lines(dcf.OperatingLines(flows, flows, flows, nothing), [0.08] * years, STABLE).value
    if kind == "numbers":
        assert found == pytest.approx(10.0 * (1 - 1.08**-years) / 0.08, rel=1e-9)
    elif kind == "figures":
        assert len(found.inputs) == years
    else:
        assert all(f"flow_{n}" in found.to_dict()["expr"] for n in (0, 500, 999))
