"""Research as an asset: its schedule adds up, and free cash flow does not notice."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import free_cash_flow as dcf
from analysis.model.dcf import research_and_development as rd
from analysis.model.dcf.economic_profit import value_economic_profit
from analysis.model.dcf.terminal_value import ExitMultiple
from tests.model.dcf.lines import operating_lines

PAST = [40.0, 50.0, 60.0, 70.0]
FORECAST = [80.0, 90.0, 100.0]


def lines() -> dcf.OperatingLines:
    return operating_lines(700.0, [0.1] * 3, [0.12] * 3, [0.2] * 3, 2.0)


def test_schedule_of_three_years_by_hand() -> None:
    result = rd.research_asset(PAST, 3)
    assert result.asset == pytest.approx(70 + 60 * 2 / 3 + 50 / 3)
    assert result.amortisation == pytest.approx((60 + 50 + 40) / 3)
    assert result.adjustment == pytest.approx(70 - 50)


@given(spending=st.lists(st.floats(0, 1e3), min_size=6, max_size=12), life=st.integers(1, 5))
def test_adjustment_is_the_growth_of_the_asset(spending: list[float], life: int) -> None:
    before, after = (rd.research_asset(years, life) for years in ([0.0, *spending[:-1]], spending))
    assert after.adjustment == pytest.approx(after.asset - before.asset, abs=1e-9)


def test_all_that_is_spent_is_written_off_once() -> None:
    years = rd.research_path([0.0] * 5, [120.0, 0.0, 0.0, 0.0, 0.0], 4)
    assert sum(year.amortisation for year in years) == pytest.approx(120.0)
    assert years[-1].asset == pytest.approx(0.0)


def test_steady_spending_needs_no_adjustment() -> None:
    assert rd.research_asset([50.0] * 6, 5).adjustment == pytest.approx(0.0)


def test_capitalising_leaves_free_cash_flow_and_sales_alone() -> None:
    before = lines()
    after = rd.capitalise_research(before, rd.research_path(PAST, FORECAST, 3))
    assert after.free_cash_flow == pytest.approx(before.free_cash_flow)
    assert after.sales == before.sales
    assert after.operating_income[0] == pytest.approx(before.operating_income[0] + 80 - (70 + 60 + 50) / 3)
    assert after.nopat[2] - before.nopat[2] == pytest.approx(100 - (90 + 80 + 70) / 3)


def test_value_is_the_same_with_the_asset_in_the_opening_capital() -> None:
    before, terminal = lines(), ExitMultiple(2.0, "sales")
    after = rd.capitalise_research(before, rd.research_path(PAST, FORECAST, 3))
    asset = rd.research_asset(PAST, 3).asset
    expensed = value_economic_profit(before, 300.0, [0.09] * 3, terminal)
    capitalised = value_economic_profit(after, 300.0 + asset, [0.09] * 3, terminal)
    assert capitalised.value == pytest.approx(expensed.value, rel=1e-12)
    assert capitalised.invested_capital[-1] > expensed.invested_capital[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rd.research_asset(PAST, 4), "spending must have at least 5 years for a life of 4, got 4"),
        (lambda: rd.research_asset(PAST, 0), "life must be a whole number of at least 1"),
        (lambda: rd.research_asset([1.0, -1.0], 1), r"spending\[2\] must be zero or above"),
        (
            lambda: rd.capitalise_research(lines(), rd.research_path(PAST, [80.0], 3)),
            "research must have 3 years, got 1",
        ),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
