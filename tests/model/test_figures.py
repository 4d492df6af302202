"""Kernels run on figures as on numbers, and every figure that went in is on record in what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from analysis.figures import Figure
from analysis.model.dcf import cost_of_capital, discounting, leases, paths, reinvestment, terminal_value
from analysis.model.dcf import research_and_development as research
from analysis.model.dcf.economic_profit import economic_profit
from analysis.model.dcf.free_cash_flow import OperatingLines, value_lines
from analysis.model.dcf.two_stage import two_stage_value
from analysis.model.parts import decomposition, equity_bridge, market_value, multiples
from analysis.model.projection import advertising, base_rates, build_out, chips, growth, robotics

DOLLAR = {"sales_per_dollar": 0.9, "margin": 0.3, "life": 6.0, "tax": 0.2}
SHORT = {"sales": 700.0, "growth": 0.11, "stable_growth": 0.03, "margin": 0.14, "tax": 0.2,
         "sales_to_capital": 1.3, "wacc": 0.09}  # fmt: skip
BETA = {"unlevered_beta": 1.1, "risk_free": 0.04, "equity_risk_premium": 0.045, "spread": 0.01, "tax": 0.2,
        "equity_value": 2000.0, "debt_value": 150.0}  # fmt: skip
SEGMENTS = {"north_america": 30.0, "international": 5.0}
WORK = {"units": 14.0, "cost_per_unit": 3.0, "saving": 0.25}


def interpolated(growth: float, low: float, high: float) -> Any:
    return base_rates.share_growing_faster(growth, [0.0, 0.1], [low, high])


def discounted(income: float, tax: float, spent: float, rate: float, stable: float, roic: float) -> Any:
    profit = income * (1 - tax)
    found = OperatingLines((100.0,) * 2, (income,) * 2, (profit,) * 2, (spent,) * 2)
    return value_lines(found, [rate] * 2, terminal_value.ValueDriver(stable, roic, rate)).value


def written_off(first: float, second: float, third: float, life: int) -> Any:
    asset = research.research_asset([first, second, third], life)
    return asset.asset, asset.amortisation


def with_leases(liability: float, rate: float, tax: float) -> Any:
    rent = OperatingLines((100.0,), (10.0,), (8.0,), (1.0,))
    return leases.leases_as_debt(rent, liability, [liability * 1.1], rate, [tax]).free_cash_flow


def equity(value: float, cash: float, debt: float, leased: float, stake: float) -> Any:
    balance = equity_bridge.Balance(cash, 30.0, debt, leased, None, {"stake": stake})
    return equity_bridge.equity_value(value, balance, leases="debt")


def changed(sales: float, multiple: float, later_sales: float, later_multiple: float) -> Any:
    before, after = {"s": sales, "m": multiple}, {"s": later_sales, "m": later_multiple}
    return tuple(decomposition.contributions(before, after).values())


KERNELS: list[tuple[Callable[..., Any], dict[str, float]]] = [
    (growth.compound, {"value": 650.0, "rate": 0.1, "years": 5.0}),
    (growth.cagr, {"start": 650.0, "end": 900.0, "years": 5.0}),
    (lambda start, stable, fade_years: growth.fade_rates(start, stable, fade_years, [0, 1, 9]),
     {"start": 0.2, "stable": 0.05, "fade_years": 4.0}),
    (lambda stable, fade_years: growth.fade_rates(0.2, stable, fade_years, [1]),
     {"stable": 0.05, "fade_years": 0.0}),
    (growth.s_curve, {"time": 3.0, "midpoint": 5.0, "steepness": 0.5, "ceiling": 0.8}),
    (growth.sales_from_run_rate, {"run_rate": 10.0, "growth": 0.4}),
    (advertising.value, {"sales": 70.0, "operating_margin": 0.4, "multiple": 20.0}),
    (advertising.retail_margin, {**SEGMENTS, "retail_sales": 570.0, "sales": 70.0, "operating_margin": 0.4}),
    (advertising.margin_at_which_stores_break_even, {**SEGMENTS, "sales": 70.0}),
    (interpolated, {"growth": 0.04, "low": 0.7, "high": 0.2}),
    (build_out.rate_of_return, {**DOLLAR, "utilisation": 0.8}),
    (build_out.break_even_utilisation, {**DOLLAR, "rate": 0.09}),
    (build_out.years_until_cash_repays, {"cash": 0.5, "life": 4.0}),
    (build_out.years_until_cash_repays, {"cash": 0.1, "life": 4.0}),
    (chips.cost_avoided, {"compute_cost": 90.0, "own_share": 0.3, "advantage": 0.4}),
    (chips.value_of_savings_kept, {"savings": 8.0, "passed_on": 0.25, "multiple": 20.0}),
    (robotics.further_savings, {**WORK, "adoption": 0.5, "adoption_now": 0.2}),
    (robotics.net_value, {"savings": 4.0, "tax_rate": 0.2, "multiple": 20.0, "capital": 18.0}),
    (multiples.growth_required, {"target": 5000.0, "sales": 650.0, "price_to_sales": 3.4, "years": 5.0}),
    (multiples.return_required, {"target": 5000.0, "value": 2000.0, "years": 5.0}),
    (market_value.net_income, {"operating_income": 80.0, "tax": 0.2, "non_operating_share": 0.05}),
    (equity, {"value": 1800.0, "cash": 80.0, "debt": 50.0, "leased": 70.0, "stake": 20.0}),
    (changed, {"sales": 600.0, "multiple": 3.0, "later_sales": 700.0, "later_multiple": 3.5}),
    (lambda **given: cost_of_capital.bottom_up(**given).wacc, BETA),
    (lambda rate, first_period: discounting.discount([rate] * 2, first_period=first_period).flows,
     {"rate": 0.09, "first_period": 0.75}),
    (discounting.present_target,
     {"target_value": 4000.0, "cost_of_equity": 0.09, "years": 4.0, "issuance": 0.01}),
    (economic_profit, {"nopat": 100.0, "capital": 800.0, "cost_of_capital": 0.08}),
    (paths.constant_then_linear, {"first": 0.1, "last": 0.04, "years": 5, "constant_years": 2}),
    (paths.linear_to_target, {"start": 0.1, "target": 0.2, "years": 4, "convergence_year": 3}),
    (lambda base, ahead, ratio: reinvestment.reinvestment_path(base, [ahead], ratio),
     {"base": 100.0, "ahead": 110.0, "ratio": 2.0}),
    (written_off, {"first": 60.0, "second": 80.0, "third": 100.0, "life": 2}),
    (terminal_value.value_driver, {"nopat": 100.0, "growth": 0.03, "roic": 0.12, "cost_of_capital": 0.08}),
    (discounted, {"income": 20.0, "tax": 0.2, "spent": 5.0, "rate": 0.09, "stable": 0.03,
             "roic": 0.12}),
    (with_leases, {"liability": 50.0, "rate": 0.05, "tax": 0.2}),
    (two_stage_value, {**SHORT, "years": 8, "constant_years": 3, "start_margin": 0.1, "convergence_year": 5}),
]  # fmt: skip


def each(result: Any) -> list[Any]:
    return list(result) if isinstance(result, Iterable) else [result]


def leaves(figure: Figure) -> Iterator[str]:
    if not figure.inputs:
        yield figure.label
    for other in figure.inputs:
        yield from leaves(other)


@pytest.mark.parametrize(("kernel", "arguments"), KERNELS, ids=[str(at) for at in range(len(KERNELS))])
def test_figures_give_the_value_of_numbers_and_leave_a_trace(
    kernel: Callable[..., Any], arguments: dict[str, float]
) -> None:
    figures = {name: Figure(float(value), "", name) for name, value in arguments.items()}
    plain, traced = each(kernel(**arguments)), each(kernel(**figures))
    assert [float(value) for value in traced] == pytest.approx([float(value) for value in plain], rel=1e-12)
    listed = {label for value in traced if isinstance(value, Figure) for label in leaves(value)}
    assert listed >= set(arguments)
