"""Rules on series whose continuation is known, and the report's rule against the projection."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.projection.segments import Base, Trailing, project
from analysis.model.track_record.forecast import (
    KnownSeries,
    constant_growth,
    guidance_midpoint,
    guidance_with_beats,
    income_rule,
    last_growth,
    margin_ahead,
    margin_today,
    quarter_after,
    quarters_between,
    reconciled,
    sales_rule,
    seasonal_drift,
    tempered_sales,
    weight_of_latest,
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
    for growth in (last_growth, constant_growth(0.2)):
        assert sales_rule(growth)(growing(), horizon) == pytest.approx(true_sales(horizon))
        income = income_rule(growth)(with_income(), horizon)
        assert income == pytest.approx(true_sales(horizon) * MARGINS[(horizon - 1) % 4])


def test_eight_quarters_ahead_are_the_years_of_the_projection() -> None:
    """The back-tested rule is the one that the valuation rests on, not a relative of it."""
    sales = (20.0, 22.0, 23.0, 27.0, 24.0, 26.0, 28.0, 34.0)
    known = KnownSeries("2025Q4", sales)
    line = [*sales, *(tempered_sales(known, h) for h in range(1, 9))]
    ahead = tuple(sum(line[at : at + 4]) for at in range(5, 13))
    drivers = {
        "group.growth_momentum": 0.4,
        "aws.growth_change": 0.0,
        "aws.growth_stable": 0.05,
        "aws.growth_fade_years": 6,
        "aws.margin_change": 0.02,
        "group.convergence_years": 4,
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
    income = tuple(s * m for s, m in zip(sales, MARGINS * 2, strict=True))
    earning = KnownSeries("2025Q4", income, sales)
    margin = margin_today(earning)
    aws = Trailing(sum(sales[4:]), sum(sales[4:]) / sum(sales[:4]) - 1, sales[7] / sales[3] - 1, ahead)
    stores = Trailing(500.0, 0.1, 0.1)
    base = Base(aws, stores, None, sum(income[4:]), 20.0, 60.0, 40.0, 20.0, 30.0, aws_margin=margin)
    part = project(base, drivers, (1.0, 1.0, 1.0)).parts["aws"]
    for year, quarters in enumerate((range(1, 5), range(5, 9))):
        assert sum(tempered_sales(known, h) for h in quarters) == pytest.approx(part.sales[year])
    seasons = [margin_ahead(earning, h, change=0.0, convergence_years=1e9) - margin for h in range(1, 5)]
    for h, season in ((4, seasons[3]), (8, seasons[3])):
        ahead_margin = margin_ahead(earning, h, change=0.02, convergence_years=4)
        assert ahead_margin == pytest.approx(part.margin[h // 4 - 1] + season)
    start = 0.6 * aws.growth + 0.4 * aws.growth_latest
    assert part.sales[2] / part.sales[1] - 1 == pytest.approx(start * (1 - 2 / 6) + 0.05 * 2 / 6)


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


def test_the_tempered_rule_is_the_latest_growth_a_quarter_ahead_and_leans_on() -> None:
    known = KnownSeries("2023Q4", (*GROWING[:-1], GROWING[-1] * 1.1))
    g = 1.1 * 1.2 - 1
    assert tempered_sales(known, 1) == pytest.approx(GROWING[-4] * (1 + g))
    weights = [2 ** (-(h - 1) / 4) for h in HORIZONS]
    for h, w in zip(HORIZONS, weights, strict=True):
        years, before = -(-h // 4), known.values[h - 1 - 4 * -(-h // 4)]
        drifted, latest, tenth = seasonal_drift(known, h), before * (1 + g) ** years, before * 1.1**years
        assert drifted is not None
        expected = latest**w * drifted ** ((1 - w) / 2) * tenth ** ((1 - w) / 2)
        assert tempered_sales(known, h) == pytest.approx(expected)


def test_the_tempered_rule_needs_a_year_and_a_drift_above_nil() -> None:
    assert tempered_sales(growing(4), 1) is None
    falling = KnownSeries("2023Q4", tuple(100.0 * 0.3**year for year in range(3) for _ in SEASON))
    assert tempered_sales(falling, 8) is None


def test_the_latest_margin_is_put_into_its_season() -> None:
    """With the same seasons every year the margin forecast is the season's own; a rise is carried on."""
    known = with_income()
    assert margin_ahead(known, 3, change=0.0, convergence_years=1e9) == pytest.approx(MARGINS[2], abs=0.002)
    last = list(known.values)
    last[-1] += 0.01 * GROWING[-1]
    raised = KnownSeries("2023Q4", tuple(last), GROWING)
    after, before = (margin_ahead(each, 4, change=0.0, convergence_years=1e9) for each in (raised, known))
    assert after - before == pytest.approx(0.01, abs=0.004)
    assert margin_today(raised) - margin_today(known) == pytest.approx(0.0078, abs=0.001)  # season moves too
    assert margin_today(KnownSeries("2023Q4", known.values[-7:], GROWING[-7:])) is None
    with pytest.raises(ValueError, match="needs sales"):
        margin_today(growing())


def test_margins_move_to_that_of_twelve_months_and_the_change() -> None:
    known = with_income()
    trailing = sum(known.values[-4:]) / sum(GROWING[-4:])
    season = margin_ahead(known, 4, change=0.0, convergence_years=1e9) - margin_today(known)
    assert margin_ahead(known, 4, change=0.02, convergence_years=1) == pytest.approx(trailing + 0.02 + season)


def test_guidance_for_the_group_moves_every_part_by_one_factor_that_fades() -> None:
    group = KnownSeries("2023Q4", GROWING, guidance={"2024Q1": (150.0, 170.0)})
    parts = [KnownSeries("2023Q4", tuple(share * value for value in GROWING)) for share in (0.3, 0.7)]
    first = sum(tempered_sales(part, 1) for part in parts)
    assert reconciled(group, parts, 1) == pytest.approx(160 / first)
    assert [weight_of_latest(h) for h in (1, 5, 9)] == [1.0, 0.5, 0.25]
    assert reconciled(group, parts, 9) == pytest.approx((160 / first) ** 0.25)
    assert reconciled(growing(), parts, 1) == 1.0
    assert reconciled(group, [*parts, growing(4)], 1) == 1.0


def test_guidance_is_raised_by_past_beats_and_one_quarter_without() -> None:
    past = {"2023Q3": (90.0, 110.0), "2023Q4": (180.0, 220.0), "2024Q1": (100.0, 120.0)}
    known = KnownSeries("2023Q4", (1.0, 1.0, 110.0, 210.0), guidance=past)
    beaten = (math.log(1.1) + math.log(1.05)) / 3
    assert guidance_with_beats(known, 1) == pytest.approx(110 * math.exp(beaten))
    assert guidance_with_beats(known, 2) is None
    assert guidance_with_beats(KnownSeries("2023Q4", (1.0,), guidance={"2024Q1": (9.0, 11.0)}), 1) == 10.0


def test_quarters_are_counted_between_labels() -> None:
    assert [quarters_between("2023Q4", each) for each in ("2023Q4", "2024Q1", "2022Q4")] == [0, 1, -4]
    with pytest.raises(ValueError, match="quarter must be a label"):
        quarters_between("2023", "2024Q1")
