"""Value by discounted cash flow: from drivers to dollars a share, under named conventions."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.data import open_edition
from analysis.model.dcf.free_cash_flow import value_lines
from analysis.model.parts.equity_bridge import net_assets
from analysis.valuation import dcf
from analysis.valuation.dcf import (
    LINES,
    YEARS,
    Conventions,
    Intrinsic,
    cost_of_capital,
    first_period,
    intrinsic,
    opening_capital,
)
from analysis.valuation.group import Group, open_group, with_drivers

SCENARIOS = ("bear", "base", "bull")


def by_hand(group: Group) -> float:
    """Equity by a plain loop over years and parts, with the report's conventions."""
    d = group.drivers
    debt, market = group.market.balance.debt, group.market.value
    beta = d["dcf.unlevered_beta"] * (1 + (1 - d["tax.marginal"]) * debt / market)
    own = d["dcf.risk_free_rate"] + beta * d["dcf.equity_risk_premium"]
    lent = (d["dcf.risk_free_rate"] + d["dcf.debt_spread"]) * (1 - d["tax.marginal"])
    wacc = (own * market + lent * debt) / (market + debt)
    g, stable = d["dcf.growth_stable"], d["dcf.cost_of_capital_stable"]
    sales = {
        "aws": group.base.aws.sales,
        "advertising": group.base.advertising.sales,
        "stores": group.base.stores.sales,
    }
    worth, factor = 0.0, 1.0
    for year in range(10):
        rate = wacc if year < 5 else wacc + (stable - wacc) * (year - 4) / 5
        period = 0.75359 if year == 0 else 1.0  # 90 days of 365.25 are gone
        at_flow, factor = factor * (1 + rate) ** (0.5 - period), factor * (1 + rate) ** -period
        profit = group.projection.operating_income[year]
        tax = d["tax.effective"] + (d["tax.marginal"] - d["tax.effective"]) * (year + 1) / 10
        spent = 0.0
        for name, part in group.projection.parts.items():
            spent += (part.sales[year] - sales[name]) / d[f"{name}.sales_to_capital"]
            sales[name] = part.sales[year]
        worth += (profit * (1 - tax) - spent) * at_flow
    for name, part in group.projection.parts.items():  # forty years of flows, then for ever
        earned = part.operating_income[9] * (1 - tax)
        sold, ratio, own = part.sales[9], d[f"{name}.sales_to_capital"], 1.0
        for year in range(1, 41):
            earned, more = earned * (1 + g), sold * g
            sold, own = sold + more, max(0.0, 1 - year / d["dcf.roic_fade_years"])
            spent = own * more / ratio + (1 - own) * earned * g / d[f"dcf.roic_stable_{name}"]
            worth += (earned - spent) * at_flow / (1 + stable) ** year
        last = earned * (1 + g) * (1 - g / d[f"dcf.roic_stable_{name}"]) / (stable - g)
        worth += last * at_flow / (1 + stable) ** 40
    return worth + net_assets(group.market.balance)


def test_the_value_is_that_of_a_plain_loop(group: Group) -> None:
    assert intrinsic(group).equity == pytest.approx(by_hand(group), rel=1e-5)


def test_economic_profit_gives_the_same_operations_to_the_cent(group: Group) -> None:
    value = intrinsic(group)
    apart = value.economic_profit()
    assert apart.keys() == value.part_values.keys()
    difference_usd = (sum(part.value for part in apart.values()) - value.operations) * 1e9
    assert abs(difference_usd) < 0.01


def test_at_its_own_rate_a_part_is_worth_what_a_plain_loop_says(base: Group) -> None:
    value = intrinsic(base)
    own = base.drivers["dcf.unlevered_beta"]
    assert dcf.at_part_rates(value, dict.fromkeys(value.part_values, own)) == pytest.approx(value.part_values)
    betas = {"aws": 1.1, "advertising": 1.3, "stores": 0.9}
    apart = dcf.at_part_rates(value, betas)
    for part in ("aws", "stores"):
        change = (betas[part] - own) * base.drivers["dcf.equity_risk_premium"]
        lever = 1 + (1 - base.drivers["tax.marginal"]) * base.market.balance.debt / base.market.value
        distance = change * lever * float(value.capital.equity_weight)
        lines, after = value.valuation.parts[part].lines, value.terminal[part]
        moved = replace(after, cost_of_capital=after.cost_of_capital + distance)
        path = [rate + distance for rate in value.rate_path]
        found = value_lines(lines, path, moved, timing="mid", first_period=first_period(base)).value
        assert apart[part] == pytest.approx(found, rel=1e-12)
    assert apart["aws"] > value.part_values["aws"]
    assert apart["advertising"] < value.part_values["advertising"]
    for together in (Conventions(research="capitalised"), Conventions(at_the_end="multiple")):
        with pytest.raises(ValueError, match="rates by part need parts that are valued apart"):
            dcf.at_part_rates(intrinsic(base, together), betas)


def test_two_ways_that_disagree_are_refused(base: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dcf, "CENT", 0.0)
    with pytest.raises(ValueError, match="economic profit and free cash flow differ"):
        intrinsic(base).economic_profit()


@pytest.mark.parametrize("line", LINES)
def test_lines_in_figures_are_the_plain_ones_and_say_what_they_rest_on(base: Group, line: str) -> None:
    plain, traced = intrinsic(base).by_year(line), intrinsic(base.traced).by_year(line)
    assert {end: figure.number for end, figure in traced.items()} == pytest.approx(plain, rel=1e-12)
    fields = {source.field for source in list(traced.values())[-1].sources()}
    assert "drivers.aws.growth_change.value" in fields
    assert ("drivers.bridge.leases_as_debt.value" in fields) is (line != "sales")


def test_where_research_was_not_public_the_value_is_absent() -> None:
    early = open_group(open_edition("2019Q4"), "base")
    assert intrinsic(early.traced, Conventions(research="capitalised")).equity.is_absent


def test_parts_at_shared_rates_add_up_to_the_whole(group: Group) -> None:
    value = intrinsic(group)
    parts = sum(part.value for part in value.valuation.parts.values())
    assert parts == pytest.approx(value.operations, rel=1e-12)
    assert value.valuation.free_cash_flow == pytest.approx(value.lines.free_cash_flow)


def test_bear_base_and_bull_are_in_order() -> None:
    edition = open_edition("2025Q4")
    bear, base, bull = (intrinsic(open_group(edition, name)).equity for name in SCENARIOS)
    assert bear < base < bull


def test_a_dollar_a_share_by_three_counts_falls_as_the_count_grows(base: Group) -> None:
    value = intrinsic(base)
    assert value.per_share() == pytest.approx(value.equity * 1000 / 10731)
    assert value.per_share("basic") > value.per_share("diluted") > value.per_share("common_and_awards")


@pytest.mark.parametrize(
    ("convention", "is_more"),
    [
        (Conventions(timing="end"), False),
        (Conventions(flow="n"), False),
        (Conventions(lag=1), True),
        (Conventions(leases="debt"), False),
        (Conventions(stock_compensation="added_back"), True),
        (Conventions(at_the_end="multiple"), True),
        (Conventions(years=20), True),
    ],
)
def test_each_silent_choice_moves_the_value_to_its_side(
    base: Group, convention: Conventions, is_more: bool
) -> None:
    assert (intrinsic(base, convention).equity > intrinsic(base).equity) is is_more


def test_end_of_year_is_half_a_year_s_return_less(base: Group) -> None:
    flat = with_drivers(base, {"dcf.cost_of_capital_stable": cost_of_capital(base).wacc})
    ratio = intrinsic(flat).operations / intrinsic(flat, Conventions(timing="end")).operations
    assert ratio == pytest.approx((1 + cost_of_capital(base).wacc) ** 0.5)


def test_capitalised_research_leaves_cash_as_it_is(base: Group) -> None:
    plain, capitalised = intrinsic(base), intrinsic(base, Conventions(research="capitalised"))
    assert capitalised.lines.free_cash_flow == pytest.approx(plain.lines.free_cash_flow)
    assert capitalised.lines.nopat[0] > plain.lines.nopat[0]


def test_leases_as_debt_are_in_the_bridge_and_in_the_weights(base: Group) -> None:
    value = intrinsic(base, Conventions(leases="debt"))
    assert value.net_assets == pytest.approx(intrinsic(base).net_assets - base.market.balance.leases)
    assert value.capital.debt_weight > cost_of_capital(base).debt_weight


def test_parts_valued_as_one_end_at_their_multiples_weighted_by_profit(base: Group) -> None:
    apart = intrinsic(base, Conventions(at_the_end="multiple"))
    whole = intrinsic(base, Conventions(at_the_end="multiple", leases="debt", research="expensed"))
    terminal = sum(float(part.terminal_value) for part in apart.valuation.parts.values())
    assert whole.terminal["group"].multiple * apart.lines.operating_income[-1] == pytest.approx(terminal)


def test_capital_expenditure_is_the_projection_s_own(base: Group) -> None:
    value = intrinsic(base, Conventions(investment="capital_expenditure"))
    expected = [c - w for c, w in zip(base.projection.capex, base.projection.depreciation, strict=True)]
    assert value.lines.reinvestment == pytest.approx(expected)


def test_a_scenario_that_calls_leases_debt_is_valued_so(base: Group) -> None:
    changed = with_drivers(base, {"bridge.leases_as_debt": 1.0})
    assert intrinsic(changed).equity == intrinsic(base, Conventions(leases="debt")).equity


def test_arrays_of_drivers_give_the_values_of_each(base: Group) -> None:
    rates = np.array([0.075, 0.082, 0.09])
    together = intrinsic(with_drivers(base, {"dcf.cost_of_capital_stable": rates})).equity
    one_by_one = [intrinsic(with_drivers(base, {"dcf.cost_of_capital_stable": r})).equity for r in rates]
    assert together == pytest.approx(one_by_one, rel=1e-13)


def test_growth_at_the_cost_of_capital_is_refused(base: Group) -> None:
    with pytest.raises(ValueError, match="must be below cost_of_capital"):
        intrinsic(with_drivers(base, {"dcf.growth_stable": 0.082}))


def test_the_rate_is_stable_from_the_tenth_year_on(base: Group) -> None:
    short, long = (intrinsic(base, Conventions(years=years)).rate_path for years in (6, 14))
    assert short == long[:6]
    assert set(long[9:]) == {base.drivers["dcf.cost_of_capital_stable"]}
    assert len(long) == 14


def test_values_by_length_of_forecast_are_those_of_that_length(base: Group) -> None:
    value = intrinsic(base)
    assert value.equity_by_years[10 - YEARS[0]] == pytest.approx(value.equity, rel=1e-13)
    assert len(value.equity_by_years) == YEARS[1] - YEARS[0] + 1


def test_the_value_is_carried_from_the_quarter_s_end_to_the_day_of_the_price(base: Group) -> None:
    assert first_period(base) == pytest.approx(1 - 90 / 365.25)


def test_capital_is_equity_and_debt_less_what_is_not_operations(base: Group) -> None:
    balance = base.market.balance
    expected = 411.065 + 65.648 - 86.810 - 36.219 - balance.stakes["Anthropic"]
    assert opening_capital(base).number == pytest.approx(expected)


def test_the_traced_cost_of_capital_is_the_plain_one(group: Group) -> None:
    plain, traced = cost_of_capital(group), cost_of_capital(group.traced)
    assert traced.wacc.number == pytest.approx(plain.wacc, rel=1e-14)
    assert traced.wacc.published <= group.edition.cutoff


@pytest.mark.parametrize("label", ["2019Q4", "2021Q3", "2022Q4", "2025Q1", "2025Q1-2025-06-13"])
def test_past_editions_are_valued_over_twelve_month_years_from_their_quarter(label: str) -> None:
    group = open_group(open_edition(label), "base")
    value = intrinsic(group)
    quarter, year = label[4:6], int(label[:4])
    assert value.year_ends[0] == f"{year + 1}{quarter}"
    assert len(value.year_ends) == 10
    assert value.equity > 0
    assert intrinsic(group.traced).equity.published <= group.edition.cutoff


def test_a_stake_worth_more_adds_its_value(base: Group) -> None:
    doubled = replace(base, drivers=base.drivers)
    value: Intrinsic = intrinsic(with_drivers(doubled, {"bridge.anthropic_to_carried": 2.0}))
    assert value.equity - intrinsic(base).equity == pytest.approx(base.market.balance.stakes["Anthropic"])


def test_capitalised_research_lowers_the_return_and_leaves_the_value(base: Group) -> None:
    plain, raised = intrinsic(base), intrinsic(base, Conventions(research="capitalised"))
    assert raised.equity == pytest.approx(plain.equity, rel=1e-12)
    assert raised.lines.nopat[-1] > plain.lines.nopat[-1]
    one = intrinsic(base, Conventions(returns="one_for_all")).terminal["aws"].roic
    assert raised.terminal["group"].roic < one


def test_one_return_for_all_parts_leaves_the_sum_of_their_stable_returns(group: Group) -> None:
    apart = intrinsic(group, Conventions(returns="stable"))
    together = intrinsic(group, Conventions(returns="one_for_all"))
    assert together.equity == pytest.approx(apart.equity, rel=1e-12)
    assert together.part_values["stores"] > apart.part_values["stores"]
    assert together.part_values["advertising"] < apart.part_values["advertising"]


def test_own_returns_are_margin_after_tax_times_sales_per_capital(base: Group) -> None:
    value = intrinsic(base)
    own = {name: dcf.own_return(base, name, part.lines) for name, part in value.valuation.parts.items()}
    assert {name: round(rate, 3) for name, rate in own.items()} == {
        "aws": 0.173, "advertising": 1.216, "stores": 0.043
    }  # fmt: skip


def test_a_loss_at_the_horizon_is_refused_where_it_is_not_charged() -> None:
    early = open_group(open_edition("2022Q4"), "bear")
    assert intrinsic(early).part_values["stores"] < 0
    with pytest.raises(ValueError, match="nopat must be zero or above, got -"):
        intrinsic(early, Conventions(loss="refused"))
