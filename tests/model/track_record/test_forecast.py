"""Rules on series whose continuation is known, and the base rule against the projection."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection.segments import Base, Trailing, project
from analysis.model.track_record.forecast import (
    KnownSeries,
    constant_growth,
    fading_growth,
    guidance_midpoint,
    income_rule,
    last_growth,
    quarter_after,
    sales_rule,
    seasonal_drift,
)

SEASON = (90.0, 95.0, 100.0, 130.0)
GROWING = tuple(level * 1.2**year for year in range(3) for level in SEASON)
MARGINS = (0.05, 0.06, 0.04, 0.08)
HORIZONS = range(1, 10)


def growing(quarters: int = 12) -> KnownSeries:
    return KnownSeries("2023Q4", GROWING[-quarters:])


def with_income(change: float = 0.0) -> KnownSeries:
    """Margins by season, ``change`` higher in the last year."""
    income = [s * (MARGINS[i % 4] + change * (i // 4 == 2)) for i, s in enumerate(GROWING)]
    return KnownSeries("2023Q4", tuple(income), GROWING)


def true_sales(horizon: int) -> float:
    return SEASON[(horizon - 1) % 4] * 1.2 ** (2 + -(-horizon // 4))


@pytest.mark.parametrize("horizon", HORIZONS)
def test_steady_growth_with_seasons_is_forecast_exactly(horizon: int) -> None:
    steady = fading_growth(momentum=0.3, change=0.0, stable=0.2, fade_years=5.0)
    for growth in (steady, last_growth, constant_growth(0.2)):
        assert sales_rule(growth)(growing(), horizon) == pytest.approx(true_sales(horizon))
        income = income_rule(growth)(with_income(), horizon)
        assert income == pytest.approx(true_sales(horizon) * MARGINS[(horizon - 1) % 4])


def test_growth_fades_from_the_blend_to_the_stable_rate() -> None:
    sales = (100.0, 100.0, 100.0, 100.0, 110.0, 110.0, 110.0, 130.0)
    growth = fading_growth(momentum=0.25, change=0.01, stable=0.05, fade_years=4.0)
    first = 0.15 * 0.75 + 0.30 * 0.25 + 0.01
    assert growth(sales, 1) == pytest.approx(first)
    assert growth(sales, 3) == pytest.approx((first + 0.05) / 2)
    assert growth(sales, 5) == pytest.approx(0.05)
    assert growth(sales, 9) == pytest.approx(0.05)


def test_four_quarters_ahead_are_the_years_of_the_projection() -> None:
    """The back-tested rule is the one that the valuation rests on, not a relative of it."""
    sales = (20.0, 22.0, 23.0, 27.0, 24.0, 26.0, 28.0, 34.0)
    income = tuple(s * m for s, m in zip(sales, MARGINS * 2, strict=True))
    drivers = {
        "group.growth_momentum": 0.4,
        "aws.growth_change": 0.01,
        "aws.growth_stable": 0.05,
        "aws.growth_fade_years": 6,
        "aws.margin_change": 0.02,
        "group.convergence_years": 4,
    }
    rest = {
        "stores.growth_change": 0.0,
        "stores.growth_stable": 0.04,
        "stores.growth_fade_years": 5,
        "stores.margin_change": 0.0,
        "group.capex_change": 0.0,
        "group.capex_guidance_weight": 0.0,
        "group.capex_stable": 0.1,
        "group.capex_fade_years": 5,
        "group.asset_life": 10.0,
        "group.stock_compensation_stable": 0.02,
        "group.other_cash_stable": 0.0,
        "tax.effective": 0.2,
        "tax.marginal": 0.25,
        "tax.fade_years": 10,
    }
    aws = Trailing(sum(sales[4:]), sum(sales[4:]) / sum(sales[:4]) - 1, sales[7] / sales[3] - 1)
    base = Base(aws, Trailing(500.0, 0.1, 0.1), None, sum(income[4:]), 20.0, 60.0, 40.0, 20.0, 30.0)
    part = project(base, {**drivers, **rest}, (1.0, 1.0)).parts["aws"]
    growth = fading_growth(momentum=0.4, change=0.01, stable=0.05, fade_years=6.0)
    earns = income_rule(growth, margin_change=0.02, convergence_years=4.0)
    vintage = KnownSeries("2025Q4", income, sales)
    for year, quarters in enumerate((range(1, 5), range(5, 9))):
        ahead = [sales_rule(growth)(KnownSeries("2025Q4", sales), h) for h in quarters]
        assert sum(ahead) == pytest.approx(part.sales[year])
        assert sum(earns(vintage, h) for h in quarters) == pytest.approx(part.operating_income[year])


def test_seasonal_drift_adds_the_mean_yearly_change() -> None:
    vintage = KnownSeries("2023Q4", (10.0, 20.0, 30.0, 40.0, 12.0, 24.0, 30.0, 42.0))
    drift = (2 + 4 + 0 + 2) / 4
    ahead = [seasonal_drift(vintage, h) for h in (1, 4, 5, 8)]
    assert ahead == pytest.approx([12 + drift, 42 + drift, 12 + 2 * drift, 42 + 2 * drift])


def test_seasonal_drift_takes_losses() -> None:
    assert seasonal_drift(KnownSeries("2023Q1", (-5.0, -1.0, 2.0, 3.0, -7.0)), 4) == pytest.approx(-9.0)


def test_guidance_is_the_middle_of_the_range_for_that_quarter_only() -> None:
    vintage = KnownSeries("2025Q4", (1.0,), guidance={"2026Q1": (173.5, 178.5)})
    assert guidance_midpoint(vintage, 1) == pytest.approx(176.0)
    assert guidance_midpoint(vintage, 2) is None


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (sales_rule(fading_growth(momentum=0.5, change=0.0, stable=0.04, fade_years=5.0)), 8),
        (sales_rule(last_growth), 5),
        (sales_rule(constant_growth(0.1)), 4),
        (seasonal_drift, 5),
    ],
)
def test_rules_are_silent_on_a_short_history(rule: object, needed: int) -> None:
    for horizon in (1, 4, 8):
        assert rule(growing(needed - 1), horizon) is None
        assert rule(growing(needed), horizon) is not None


def test_income_is_silent_without_a_year_of_margins() -> None:
    rule = income_rule(constant_growth(0.1))
    assert rule(KnownSeries("2023Q4", (1.0,) * 4, (10.0,) * 4), 1) is None
    assert rule(KnownSeries("2023Q4", (1.0,) * 5, (10.0,) * 5), 1) == pytest.approx(1.1)


@given(st.integers(-4000, 2000), st.integers(-40, 40))
def test_quarters_count_forth_and_back(start: int, steps: int) -> None:
    label = quarter_after("2025Q1", start % 400)
    assert quarter_after(quarter_after(label, steps), -steps) == label


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: quarter_after("2025Q5", 1), "quarter must be a label such as 2025Q4, got '2025Q5'"),
        (lambda: quarter_after("25Q1", 1), "got '25Q1'"),
        (lambda: KnownSeries("2025-12", (1.0,)), "got '2025-12'"),
        (lambda: KnownSeries("2025Q4", (1.0, math.nan)), "values and sales to 2025Q4 must be finite"),
        (lambda: KnownSeries("2025Q4", (1.0, 2.0), (1.0,)), "sales must be 2 quarters as values, got 1"),
        (lambda: seasonal_drift(growing(), 0), "horizon must be at least 1 quarter, got 0"),
        (lambda: income_rule(last_growth)(growing(), 1), "2023Q4 needs sales"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
