"""Economic profit and free cash flow give one value, to the cent, under every convention."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model.dcf import free_cash_flow as dcf
from analysis.model.dcf import paths
from analysis.model.dcf.discounting import Timing
from analysis.model.dcf.economic_profit import economic_profit, value_economic_profit
from analysis.model.dcf.terminal_value import Dating, ExitMultiple, Flow, Terminal, ValueDriver
from tests.model.dcf.lines import operating_lines

RATE = st.floats(0.05, 0.18)


def lines_for(growth: list[float], margin: float, ratio: float) -> dcf.OperatingLines:
    years = len(growth)
    return operating_lines(700_000.0, growth, [margin] * years, [0.22] * years, ratio)


@settings(max_examples=150)
@given(
    growth=st.lists(st.floats(-0.2, 0.4), min_size=1, max_size=12),
    margin=st.floats(-0.05, 0.4),
    ratio=st.floats(0.4, 4.0),
    capital=st.floats(-1e5, 1e6),
    rates=st.tuples(RATE, RATE),
    timing=st.sampled_from(["end", "mid"]),
    first_period=st.sampled_from([0.5, 0.75, 1.0]),
    flow=st.sampled_from(["n", "n+1"]),
    dating=st.sampled_from(["flows", "end"]),
    multiple=st.none() | st.floats(0.5, 30.0),
    fade=st.integers(0, 12),
)
def test_agrees_with_free_cash_flow_to_the_cent(
    growth: list[float],
    margin: float,
    ratio: float,
    capital: float,
    rates: tuple[float, float],
    timing: Timing,
    first_period: float,
    flow: Flow,
    dating: Dating,
    multiple: float | None,
    fade: int,
) -> None:
    lines = lines_for(growth, margin, ratio)
    costs = np.linspace(*rates, len(growth))
    terminal: Terminal = ValueDriver(0.03, 0.15, rates[1], flow=flow, dating=dating, loss="charged")
    if fade:
        terminal = replace(terminal, fade_years=fade, sales_to_capital=ratio)
    if multiple is not None:
        terminal = ExitMultiple(multiple, "sales", flow=flow, growth=0.03, dating=dating)
    cash = dcf.value_lines(lines, costs, terminal, timing=timing, first_period=first_period)
    profit = value_economic_profit(lines, capital, costs, terminal, timing=timing, first_period=first_period)
    assert profit.value == pytest.approx(cash.value, rel=1e-12, abs=0.005)


def test_charge_is_the_cost_of_capital_on_opening_capital_at_year_end() -> None:
    lines = lines_for([0.10, 0.10], 0.1, 2.0)
    valuation = value_economic_profit(lines, 200_000.0, [0.09, 0.08], ValueDriver(0.03, 0.15, 0.08))
    assert valuation.capital_charge == pytest.approx([18_000.0, (200_000.0 + 35_000.0) * 0.08])
    assert valuation.economic_profit[0] == pytest.approx(lines.nopat[0] - 18_000.0)
    assert economic_profit(lines.nopat[0], 200_000.0, 0.09) == pytest.approx(valuation.economic_profit[0])
    assert valuation.value == pytest.approx(
        200_000.0 + valuation.present_forecast + valuation.present_continuing
    )
    assert sum(valuation.present_values) == pytest.approx(valuation.present_forecast)


def test_a_company_that_earns_its_cost_is_worth_its_capital() -> None:
    rate, capital, growth, years = 0.08, 500.0, 0.05, 6
    nopat = tuple(rate * capital * (1 + growth) ** t for t in range(years))
    lines = dcf.OperatingLines(
        sales=nopat,
        operating_income=nopat,
        nopat=nopat,
        reinvestment=tuple(growth * capital * (1 + growth) ** t for t in range(years)),
    )
    valuation = value_economic_profit(lines, capital, [rate] * years, ValueDriver(growth, rate, rate))
    assert valuation.economic_profit == pytest.approx([0.0] * years, abs=1e-10)
    assert valuation.value == pytest.approx(capital)


def test_draws_give_what_each_draw_gives_alone() -> None:
    rates = np.array([0.08, 0.10])
    terminal = ValueDriver(0.03, 0.15, rates)
    lines = lines_for([0.1] * 4, 0.12, 2.0)
    together = value_economic_profit(lines, 1e5, (rates,) * 4, terminal).value
    alone = [
        value_economic_profit(lines, 1e5, (rate,) * 4, ValueDriver(0.03, 0.15, rate)).value for rate in rates
    ]
    assert together == pytest.approx(alone, rel=1e-14)


def test_impossible_inputs_are_refused_by_name() -> None:
    lines, terminal = lines_for([0.1] * 3, 0.1, 2.0), ValueDriver(0.03, 0.15, 0.08)
    with pytest.raises(ValueError, match="cost_of_capital must have 3 years, got 2"):
        value_economic_profit(lines, 1e5, [0.08] * 2, terminal)
    with pytest.raises(ValueError, match="opening_capital must be finite"):
        value_economic_profit(lines, np.nan, [0.08] * 3, terminal)
    with pytest.raises(ValueError, match="capital must be finite"):
        economic_profit(1.0, np.inf, 0.08)


def test_paths_module_feeds_it() -> None:
    rates = paths.cost_of_capital_path(0.10, 0.08, years=5, constant_years=2)
    terminal = ValueDriver(0.03, 0.12, 0.08)
    lines = lines_for(list(paths.growth_path(0.2, 0.03, years=5, constant_years=2)), 0.15, 1.2)
    got = value_economic_profit(lines, 3e5, rates, terminal, timing="mid").value
    assert got == pytest.approx(dcf.value_lines(lines, rates, terminal, timing="mid").value, abs=0.005)
