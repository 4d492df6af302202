"""The group model: what a plain loop gives, whatever kind of number goes in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.projection import segments
from analysis.model.projection.segments import Base, Trailing, parts_today, project, year_steps

PARTS = ("aws", "advertising", "stores")
BASE = Base(
    aws=Trailing(sales=130.0, growth=0.20, growth_latest=0.24),
    stores=Trailing(sales=520.0, growth=0.09, growth_latest=0.11),
    advertising=Trailing(sales=70.0, growth=0.22, growth_latest=0.23),
    aws_operating_income=46.0,
    retail_operating_income=34.0,
    capex=128.0,
    depreciation=66.0,
    stock_compensation=19.0,
    free_cash_flow=11.0,
    capex_guidance=200.0,
)
AHEAD = tuple(1.0 + 0.03 * quarter for quarter in range(1, 9))
FORECAST = replace(
    BASE,
    aws=replace(BASE.aws, ahead=tuple(130.0 * each**1.5 for each in AHEAD)),
    stores=replace(BASE.stores, ahead=tuple(520.0 * each for each in AHEAD)),
    advertising=replace(BASE.advertising, ahead=tuple(70.0 * each**1.2 for each in AHEAD)),
    aws_margin=0.38,
    retail_margin=0.066,
)
"""With two years of sales forecast, and margins out of season."""
BEGUN = replace(
    FORECAST,
    aws=replace(FORECAST.aws, so_far=33.0),
    stores=replace(FORECAST.stores, so_far=120.0),
    advertising=replace(FORECAST.advertising, so_far=16.0),
    aws_income_so_far=9.0,
    retail_income_so_far=-2.0,
)
"""In a calendar year that has begun, and badly."""
DRIVERS = {
    "group.growth_momentum": 0.5,
    "group.convergence_years": 4,
    "group.capex_guidance_weight": 1.0,
    "group.capex_change": 0.01,
    "group.capex_stable": 0.12,
    "group.capex_fade_years": 5,
    "group.asset_life": 6.0,
    "group.stock_compensation_stable": 0.02,
    "group.other_cash_stable": -0.015,
    "tax.effective": 0.19,
    "tax.marginal": 0.24,
    "tax.fade_years": 8,
    "advertising.operating_margin": 0.4,
    "aws.growth_change": 0.01,
    "aws.growth_stable": 0.05,
    "aws.growth_fade_years": 8,
    "aws.margin_change": -0.03,
    "advertising.growth_change": -0.01,
    "advertising.growth_stable": 0.045,
    "advertising.growth_fade_years": 6,
    "advertising.margin_change": 0.02,
    "stores.growth_change": 0.0,
    "stores.growth_stable": 0.04,
    "stores.growth_fade_years": 5,
    "stores.margin_change": 0.015,
}
SHAPES = {name for name in DRIVERS if name.endswith("_years")}
TEN_YEARS = [1.0] * 10
PATHS = (
    "sales",
    "operating_income",
    "capex",
    "depreciation",
    "stock_compensation",
    "free_cash_flow",
    "tax",
    "margin",
)


def plain_loop(base: Base, drivers: Mapping[str, Any], steps: Sequence[float]) -> list[dict[str, Any]]:
    """The model again, written the long way for one set of floats."""
    d, years = drivers, [{} for _ in steps]
    ad_profit = base.advertising.sales * d["advertising.operating_margin"]
    profits = {
        "aws": base.aws_operating_income,
        "advertising": ad_profit,
        "stores": base.retail_operating_income - ad_profit,
    }
    so_far = dict.fromkeys(PARTS, 0.0)
    if base.aws_income_so_far is not None and steps[0] < 1:
        ad_so_far = base.advertising.so_far * d["advertising.operating_margin"]
        retail = base.retail_income_so_far - ad_so_far
        so_far = {"aws": base.aws_income_so_far, "advertising": ad_so_far, "stores": retail}
    for year in years:
        year.update(sales=0.0, operating_income=0.0)
    for name in PARTS:
        line = getattr(base, name)
        m = d["group.growth_momentum"]
        first = line.growth + m * (line.growth_latest - line.growth) + d[f"{name}.growth_change"]
        sales, margin_then, elapsed = line.sales, profits[name] / line.sales, 0.0
        margin_now = margin_then
        if name == "aws" and base.aws_margin is not None:
            margin_now = base.aws_margin
        if name == "stores" and base.retail_margin is not None:
            margin_now = (base.retail_margin * (line.sales + base.advertising.sales) - ad_profit) / line.sales
        target = margin_then + d[f"{name}.margin_change"]
        for step, year in zip(steps, years, strict=True):
            done = min(elapsed / d[f"{name}.growth_fade_years"], 1.0)
            began, elapsed = elapsed, elapsed + step
            rate = first + (d[f"{name}.growth_stable"] - first) * done
            if 4 * elapsed <= len(line.ahead):
                at = [line.sales, *line.ahead]
                rate = (at[int(4 * elapsed)] / at[int(4 * began)]) ** (1 / step) - 1
                rate += d[f"{name}.growth_change"] * (1 - done)
            sales *= (1 + rate) ** step
            near = min(elapsed / d["group.convergence_years"], 1.0)
            margin = margin_now + (target - margin_now) * near
            if elapsed < 1 and line.so_far is not None:
                margin = (so_far[name] + (sales - line.so_far) * margin) / sales
            year["sales"] += sales
            year["operating_income"] += sales * margin
            year[name] = (sales, margin)
    today = base.aws.sales + base.stores.sales + base.advertising.sales
    profit = base.aws_operating_income + base.retail_operating_income
    cash_now = profit * (1 - d["tax.effective"]) + base.depreciation + base.stock_compensation - base.capex
    start = base.capex_guidance / years[0]["sales"] * d["group.capex_guidance_weight"]
    start += base.capex / today * (1 - d["group.capex_guidance_weight"]) + d["group.capex_change"]
    depreciation, elapsed = base.depreciation, 0.0
    for step, year in zip(steps, years, strict=True):
        share = start + (d["group.capex_stable"] - start) * min(elapsed / d["group.capex_fade_years"], 1.0)
        elapsed += step
        near = min(elapsed / d["group.convergence_years"], 1.0)
        stock_now, other_now = base.stock_compensation / today, (base.free_cash_flow - cash_now) / today
        year["tax"] = d["tax.effective"] + (d["tax.marginal"] - d["tax.effective"]) * min(
            elapsed / d["tax.fade_years"], 1.0
        )
        year["capex"] = share * year["sales"]
        depreciation += (year["capex"] - depreciation) / d["group.asset_life"] * step
        year["depreciation"] = depreciation
        year["stock_compensation"] = year["sales"] * (
            stock_now + (d["group.stock_compensation_stable"] - stock_now) * near
        )
        other = year["sales"] * (other_now + (d["group.other_cash_stable"] - other_now) * near)
        year["free_cash_flow"] = (
            year["operating_income"] * (1 - year["tax"])
            + depreciation
            + year["stock_compensation"]
            + other
            - year["capex"]
        )
        year["margin"] = year["operating_income"] / year["sales"]
    return years


@pytest.mark.parametrize("base", [BASE, FORECAST, BEGUN])
@pytest.mark.parametrize("steps", [TEN_YEARS, [0.75, *TEN_YEARS], [0.25, 1.0]])
def test_equals_the_plain_loop(steps: Sequence[float], base: Base) -> None:
    result, expected = project(base, DRIVERS, steps), plain_loop(base, DRIVERS, steps)
    for path in PATHS:
        np.testing.assert_allclose(getattr(result, path), [year[path] for year in expected], rtol=1e-12)
    for name in PARTS:
        np.testing.assert_allclose(result.parts[name].sales, [year[name][0] for year in expected], rtol=1e-12)
        np.testing.assert_allclose(
            result.parts[name].margin, [year[name][1] for year in expected], rtol=1e-12
        )


def test_arrays_give_what_each_draw_gives_alone() -> None:
    rng = np.random.default_rng(7)
    draws = {n: v if n in SHAPES else v + rng.normal(0, 0.005, 20) for n, v in DRIVERS.items()}
    together = project(FORECAST, draws, [0.5, *TEN_YEARS])
    for i in (0, 7, 19):
        one = {n: v if n in SHAPES else float(v[i]) for n, v in draws.items()}
        alone = project(FORECAST, one, [0.5, *TEN_YEARS])
        for path in PATHS:
            np.testing.assert_allclose(
                [year[i] for year in getattr(together, path)], getattr(alone, path), rtol=1e-12
            )


def test_arrays_broadcast_over_scenarios_and_draws() -> None:
    drivers = {
        **DRIVERS,
        "aws.growth_change": np.array([[-0.05], [0.0], [0.05]]),
        "aws.margin_change": np.zeros(4),
    }
    result = project(BASE, drivers, TEN_YEARS)
    assert result.operating_income[-1].shape == (3, 4)
    assert result.parts["aws"].sales[-1].shape == (3, 1)
    assert isinstance(result.parts["stores"].sales[-1], float)


def as_figures(base: Base) -> Base:
    def figure(value: float, label: str) -> Figure:
        return Figure(value, "usd_bn", label)

    lines = {
        name: Trailing(
            figure(line.sales, name),
            figure(line.growth, "g"),
            figure(line.growth_latest, "q"),
            tuple(figure(each, f"{name} ahead") for each in line.ahead),
            so_far=line.so_far if line.so_far is None else figure(line.so_far, f"{name} so far"),
        )
        for name in PARTS
        for line in [getattr(base, name)]
    }
    rest = {n: figure(v, n) for n, v in vars(base).items() if n not in PARTS}
    return Base(**lines, **rest)


def test_figures_give_the_same_numbers_and_keep_their_inputs() -> None:
    steps = [0.75, *TEN_YEARS]
    expected = project(BEGUN, DRIVERS, steps)
    drivers = {n: v if n in SHAPES else Figure(v, "fraction", n) for n, v in DRIVERS.items()}
    traced = project(as_figures(BEGUN), drivers, steps)
    for path in PATHS:
        np.testing.assert_allclose(
            [float(v) for v in getattr(traced, path)], getattr(expected, path), rtol=1e-12
        )
    labels = {figure.label for figure in traced.free_cash_flow[4].walk()}
    assert {
        "stores ahead",
        "advertising",
        "aws.margin_change",
        "group.asset_life",
        "capex_guidance",
    } <= labels
    begun = {figure.label for figure in traced.operating_income[0].walk()}
    assert {"aws so far", "stores so far", "advertising so far", "aws_income_so_far"} <= begun


STEERED = [
    "aws.growth_change",
    "stores.margin_change",
    "advertising.operating_margin",
    "group.capex_stable",
    "group.asset_life",
]


@pytest.mark.parametrize("path", ["sales", "operating_income", "free_cash_flow"])
def test_steerable_drivers_agree_in_all_evaluators(path: str, four_ways: Callable[..., float]) -> None:
    def in_2030(
        growth: Number, stores_margin: Number, advertising_margin: Number, capex: Number, life: Number
    ) -> Number:
        steered = dict(zip(STEERED, (growth, stores_margin, advertising_margin, capex, life), strict=True))
        every = sum(steered.values()) * 0.0  # sales do not rest on all of them
        return getattr(project(FORECAST, {**DRIVERS, **steered}, [1.0] * 5), path)[-1] + every

    values = dict(
        zip(
            ("growth", "stores_margin", "advertising_margin", "capex", "life"),
            (0.03, 0.02, 0.42, 0.13, 7.0),
            strict=True,
        )
    )
    expected = plain_loop(
        FORECAST, {**DRIVERS, **dict(zip(STEERED, values.values(), strict=True))}, [1.0] * 5
    )[-1][path]
    four_ways(in_2030, expected, **values)


def test_expressions_of_2030_stay_small() -> None:
    steered = {**DRIVERS, **{n: alt.param(name=f"p{i}", value=DRIVERS[n]) for i, n in enumerate(STEERED)}}
    result = project(FORECAST, steered, [1.0] * 5)
    length = {
        path: len(getattr(result, path)[-1].to_dict()["expr"])
        for path in ("operating_income", "free_cash_flow")
    }
    assert length["operating_income"] < 1_000
    assert length["free_cash_flow"] < 12_000


def test_parts_sum_to_the_group_and_today_to_what_was_reported() -> None:
    result = project(BASE, DRIVERS, TEN_YEARS)
    for year in range(10):
        for path in ("sales", "operating_income"):
            parts = sum(getattr(part, path)[year] for part in result.parts.values())
            assert parts == pytest.approx(getattr(result, path)[year], rel=1e-14)
    for margin in (0.1, 0.4, 0.6):
        today = parts_today(BASE, {**DRIVERS, "advertising.operating_margin": margin})
        assert sum(part.operating_income for part in today.values()) == pytest.approx(80.0, rel=1e-14)
        assert sum(part.sales for part in today.values()) == 720.0


def test_of_a_year_begun_what_has_been_reported_stands() -> None:
    """What is still to come earns the same, however the year has begun; later years know nothing of it."""
    steps = [0.75, 1.0]
    badly, well = (project(replace(BEGUN, retail_income_so_far=x), DRIVERS, steps) for x in (-2.0, 7.0))
    assert well.operating_income[0] - badly.operating_income[0] == pytest.approx(9.0)
    assert (
        well.operating_income[1]
        == badly.operating_income[1]
        == project(FORECAST, DRIVERS, steps).operating_income[1]
    )
    assert project(BEGUN, DRIVERS, [1.0, 1.0]).parts == project(FORECAST, DRIVERS, [1.0, 1.0]).parts


def test_a_base_without_reported_advertising_has_retail_whole_steered_as_stores() -> None:
    whole = Trailing(590.0, 0.1, 0.1)
    base = replace(BASE, stores=whole, advertising=None)
    result = project(base, DRIVERS, TEN_YEARS)
    assert list(result.parts) == ["aws", "retail"]
    assert parts_today(base, DRIVERS)["retail"].operating_income == 34.0
    assert result.parts["retail"].margin[9] == pytest.approx(34 / 590 + DRIVERS["stores.margin_change"])


def test_today_reproduces_the_reported_free_cash_flow() -> None:
    """With nothing moving, next year's cash flow is this year's."""
    still = {
        **DRIVERS,
        "group.capex_change": 0.0,
        "group.capex_stable": 128 / 720,
        "tax.marginal": 0.19,
        "group.stock_compensation_stable": 19 / 720,
        **{f"{n}.growth_{kind}": 0.0 for n in PARTS for kind in ("change", "stable")},
        **{f"{n}.margin_change": 0.0 for n in PARTS},
        "group.asset_life": 1e12,
    }
    lines = {n: replace(getattr(BASE, n), growth=0.0, growth_latest=0.0) for n in PARTS}
    base = replace(BASE, **lines, capex_guidance=None)
    still["group.other_cash_stable"] = segments.other_cash(base, 0.19) / 720
    assert project(base, still, TEN_YEARS).free_cash_flow == pytest.approx([11.0] * 10)


def test_without_guidance_capex_starts_at_the_trailing_share() -> None:
    result = project(replace(BASE, capex_guidance=None), DRIVERS, TEN_YEARS)
    assert result.capex[0] / result.sales[0] == pytest.approx(128 / 720 + 0.01)
    guided = project(BASE, {**DRIVERS, "group.capex_change": 0.0}, TEN_YEARS)
    assert guided.capex[0] == pytest.approx(200.0)


def test_targets_are_reached_after_the_years_stated_and_kept() -> None:
    result = project(BASE, DRIVERS, TEN_YEARS)
    aws = result.parts["aws"]
    np.testing.assert_allclose(aws.margin[3:], 46 / 130 - 0.03)
    assert aws.margin[2] > aws.margin[3]
    assert aws.sales[0] / 130 - 1 == pytest.approx(0.20 * 0.5 + 0.24 * 0.5 + 0.01)
    assert aws.sales[8] / aws.sales[7] - 1 == pytest.approx(0.05)
    assert result.capex[5] / result.sales[5] == pytest.approx(0.12)
    assert result.tax[7:] == pytest.approx((0.24,) * 3)


def test_stock_compensation_is_all_that_divides_the_two_free_cash_flows() -> None:
    company = project(BASE, DRIVERS, TEN_YEARS)
    after = project(BASE, DRIVERS, TEN_YEARS, cash_definition="after_stock_compensation")
    gap = np.subtract(company.free_cash_flow, after.free_cash_flow)
    np.testing.assert_allclose(gap, company.stock_compensation)
    assert gap.min() > 10
    assert (company.cash_definition, after.cash_definition) == ("company", "after_stock_compensation")


def test_a_fractional_first_step_grows_by_its_part_of_the_year() -> None:
    flat = {**DRIVERS, "aws.growth_stable": 0.23, "aws.growth_change": 0.01}
    quarter, whole = project(BASE, flat, [0.25, 1.0]), project(BASE, flat, [1.0])
    assert quarter.parts["aws"].sales[0] == pytest.approx(130 * 1.23**0.25)
    assert whole.parts["aws"].sales[0] == pytest.approx(130 * 1.23)
    worn = quarter.depreciation[0] - 66
    assert worn == pytest.approx((quarter.capex[0] - 66) / 6 * 0.25)


@pytest.mark.parametrize(
    ("period_end", "expected"),
    [
        (date(2024, 12, 31), [1.0] * 3),
        (date(2025, 3, 31), [0.75, 1.0, 1.0]),
        (date(2025, 6, 30), [0.5, 1.0, 1.0]),
        (date(2025, 9, 30), [0.25, 1.0, 1.0]),
        (date(2027, 9, 30), [0.25]),
    ],
)
def test_steps_reach_calendar_year_ends(period_end: date, expected: list[float]) -> None:
    assert list(year_steps(period_end, 2027)) == expected


@pytest.mark.parametrize("period_end", [date(2027, 12, 31), date(2028, 3, 31)])
def test_steps_into_the_past_are_refused(period_end: date) -> None:
    with pytest.raises(ValueError, match="through must be after"):
        year_steps(period_end, 2027)


@settings(max_examples=40)
@given(scale=st.floats(0.01, 1000))
def test_money_scales_with_its_unit(scale: float) -> None:
    lines = {n: replace(getattr(BASE, n), sales=getattr(BASE, n).sales * scale) for n in PARTS}
    rest = {n: v * scale for n, v in vars(BASE).items() if n not in PARTS and v is not None}
    one, scaled = project(BASE, DRIVERS, TEN_YEARS), project(Base(**lines, **rest), DRIVERS, TEN_YEARS)
    np.testing.assert_allclose(
        scaled.free_cash_flow, np.multiply(one.free_cash_flow, scale), rtol=1e-9, atol=1e-9 * scale
    )
    np.testing.assert_allclose(scaled.margin, one.margin, rtol=1e-12)


@settings(max_examples=60)
@given(
    name=st.sampled_from(
        [f"{p}.{k}" for p in PARTS for k in ("growth_change", "growth_stable", "margin_change")]
    ),
    rise=st.floats(0.001, 0.05),
)
def test_more_growth_and_more_margin_earn_more_in_every_later_year(name: str, rise: float) -> None:
    low = project(BASE, DRIVERS, TEN_YEARS).operating_income
    high = project(BASE, {**DRIVERS, name: DRIVERS[name] + rise}, TEN_YEARS).operating_income
    assert all(h >= x for h, x in zip(high, low, strict=True))
    assert high[-1] > low[-1]


def test_steps_given_as_an_array_are_the_steps_given_as_a_tuple() -> None:
    one, other = project(BASE, DRIVERS, (0.25, 1.0)), project(BASE, DRIVERS, np.array([0.25, 1.0]))
    assert (other.steps, other.free_cash_flow) == (one.steps, one.free_cash_flow)


def test_more_capex_costs_cash_and_later_depreciation() -> None:
    low = project(BASE, DRIVERS, TEN_YEARS)
    high = project(BASE, {**DRIVERS, "group.capex_stable": 0.16}, TEN_YEARS)
    assert high.free_cash_flow[5] < low.free_cash_flow[5]
    assert high.depreciation[9] > low.depreciation[9]
    assert high.operating_income == low.operating_income


def wrong(**changes: Number) -> dict[str, Any]:
    return {**DRIVERS, **{name.replace("__", "."): value for name, value in changes.items()}}


@pytest.mark.parametrize(
    ("drivers", "steps", "message"),
    [
        (DRIVERS, [], "steps must hold"),
        (DRIVERS, [1.0, 0.0], "steps must be above zero"),
        (DRIVERS, [-0.5], "steps must be above zero"),
        (wrong(group__asset_life=0.0), [1.0], r"group\.asset_life must be above zero"),
        (wrong(aws__growth_stable=-1.0), [1.0], r"aws\.growth_stable must be above -1"),
        (wrong(aws__margin_change=float("nan")), [1.0], r"aws\.margin_change must be finite"),
        (
            wrong(aws__growth_fade_years=np.ones(3)),
            [1.0],
            r"aws\.growth_fade_years: must be one plain number",
        ),
        (wrong(tax__fade_years=alt.param(name="y")), [1.0], r"tax\.fade_years: must be one plain number"),
    ],
)
def test_impossible_inputs_are_named(
    drivers: Mapping[str, Any], steps: Sequence[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        project(BASE, drivers, steps)


def test_a_missing_driver_an_unknown_definition_and_no_sales_are_named() -> None:
    with pytest.raises(KeyError, match=r"aws\.growth_change"):
        project(BASE, {n: v for n, v in DRIVERS.items() if n != "aws.growth_change"}, TEN_YEARS)
    with pytest.raises(ValueError, match="cash_definition must be one of"):
        project(BASE, DRIVERS, TEN_YEARS, cash_definition="levered")
    with pytest.raises(ValueError, match=r"aws\.sales must be above zero"):
        project(replace(BASE, aws=Trailing(0.0, 0.1, 0.1)), DRIVERS, TEN_YEARS)
