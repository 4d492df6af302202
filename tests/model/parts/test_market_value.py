"""Market value by year in three ways, and the cash that gathers."""

from collections.abc import Callable
from dataclasses import replace

import altair as alt
import numpy as np
import pytest

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.parts import market_value
from analysis.model.parts.equity_bridge import Balance
from analysis.model.parts.market_value import (
    METHODS,
    Market,
    fundamental_by_method,
    values_by_method,
)
from analysis.model.projection.segments import Base, PartPath, Projection, Trailing

STEPS = (0.75, 1.0, 1.0, 1.0)
EXIT = 2.75
BASE = Base(
    aws=Trailing(100.0, 0.2, 0.2),
    stores=Trailing(400.0, 0.1, 0.1),
    advertising=Trailing(50.0, 0.2, 0.2),
    aws_operating_income=35.0,
    retail_operating_income=30.0,
    capex=80.0,
    depreciation=50.0,
    stock_compensation=20.0,
    free_cash_flow=20.0,
)
DRIVERS = {
    "group.growth_momentum": 0.5,
    "aws.growth_change": 0.0,
    "advertising.growth_change": 0.0,
    "stores.growth_change": 0.0,
    "advertising.operating_margin": 0.4,
    "tax.effective": 0.2,
    "group.non_operating_share": 0.05,
    "exit.price_to_sales_change": -0.1,
    "exit.multiple_aws": 20.0,
    "exit.multiple_advertising": 16.0,
    "exit.multiple_stores": 12.0,
    "exit.price_to_earnings": 25.0,
    "exit.multiple_drift": -0.04,
    "blend.sales": 1.0,
    "blend.parts": 2.0,
    "blend.earnings": 1.0,
}
MARKET = Market(1650.0, Balance(cash=60.0, securities=30.0, debt=40.0, leases=70.0, stakes={"other": 10.0}))


def part(*incomes: float) -> PartPath:
    return PartPath(tuple(10 * i for i in incomes), (0.1,) * len(incomes), incomes)


PROJECTION = Projection(
    steps=STEPS,
    parts={
        "aws": part(40.0, 50.0, 60.0, 70.0),
        "advertising": part(22.0, 25.0, 28.0, 30.0),
        "stores": part(10.0, 11.0, 12.0, 14.0),
    },
    sales=(600.0, 660.0, 720.0, 790.0),
    operating_income=(72.0, 86.0, 100.0, 114.0),
    tax=(0.2, 0.2, 0.22, 0.24),
    capex=(90.0,) * 4,
    depreciation=(60.0,) * 4,
    stock_compensation=(20.0,) * 4,
    free_cash_flow=(-8.0, 12.0, 30.0, 50.0),
    cash_definition="company",
)


def test_each_way_is_its_multiple_times_its_measure() -> None:
    values = fundamental_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT)
    assert values["sales"][:3] == pytest.approx([s * 1650 / 550 * 0.9 for s in (600, 660, 720)])
    assert values["earnings"][2] == pytest.approx(100 * 1.05 * 0.78 * 25)
    operations = 60 * 20 + 28 * 16 + 12 * 12
    assert values["parts"][2] == pytest.approx(operations + 60 + (-8 * 0.75 + 12 + 30))


def test_multiples_drift_only_after_the_exit() -> None:
    values = fundamental_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT)
    still = fundamental_by_method(
        PROJECTION, BASE, {**DRIVERS, "exit.multiple_drift": 0.0}, MARKET, exit_years=EXIT
    )
    cash = 60 - 8 * 0.75 + 12 + 30 + 50
    for method in METHODS:
        assert values[method][:3] == still[method][:3]
    assert values["sales"][3] == pytest.approx(still["sales"][3] * 0.96)
    assert values["earnings"][3] == pytest.approx(still["earnings"][3] * 0.96)
    assert values["parts"][3] - cash == pytest.approx((still["parts"][3] - cash) * 0.96)


def test_paths_leave_from_todays_price_and_arrive_at_the_scenarios_multiples() -> None:
    values = values_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT)
    bare = fundamental_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT)
    today = market_value.fundamental_today(BASE, DRIVERS, MARKET)
    assert today["sales"] == pytest.approx(1650 * 0.9)
    assert today["parts"] == pytest.approx(35 * 20 + 20 * 16 + 10 * 12 + 60)
    assert today["earnings"] == pytest.approx(65 * 1.05 * 0.8 * 25)
    for method in METHODS:
        ratio = 1650 / today[method]
        gaps = [value / base for value, base in zip(values[method], bare[method], strict=True)]
        expected = [ratio + (1 - ratio) * weight for weight in (0.75 / EXIT, 1.75 / EXIT, 1.0, 1.0)]
        assert gaps == pytest.approx(expected)
    first_multiple = values["sales"][0] / 600
    assert first_multiple == pytest.approx(3.0 * (1 - 0.1 * 0.75 / EXIT))


def test_with_nothing_moving_the_value_stays_at_the_market() -> None:
    """Same profit, same multiple as today's: every year is worth what the market pays now."""
    today = market_value.fundamental_today(BASE, DRIVERS, MARKET)["parts"]
    flat = replace(
        PROJECTION,
        parts={"aws": part(*[35.0] * 4), "advertising": part(*[20.0] * 4), "stores": part(*[10.0] * 4)},
        free_cash_flow=(0.0,) * 4,
    )
    drivers = {**DRIVERS, "exit.multiple_drift": 0.0}
    market = replace(MARKET, value=today)
    assert values_by_method(flat, BASE, drivers, market, exit_years=EXIT)["parts"] == pytest.approx(
        [today] * 4
    )


def test_the_blend_is_a_weighted_mean() -> None:
    values = values_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT)
    expected = [(a + 2 * b + c) / 4 for a, b, c in zip(*(values[method] for method in METHODS), strict=True)]
    assert market_value.blend(values, DRIVERS) == pytest.approx(expected)
    only = {**DRIVERS, "blend.sales": 0.0, "blend.earnings": 0.0}
    assert market_value.blend(values, only) == pytest.approx(values["parts"])


def test_cash_gathers_by_the_part_of_the_year_or_stays() -> None:
    gathered = market_value.net_assets_path(PROJECTION, MARKET.balance)
    assert gathered == pytest.approx([60 - 6, 60 + 6, 60 + 36, 60 + 86])
    assert market_value.net_assets_path(PROJECTION, MARKET.balance, cash="today") == (60.0,) * 4
    with_leases = market_value.net_assets_path(PROJECTION, MARKET.balance, cash="today", leases="debt")
    assert with_leases == (-10.0,) * 4


def test_choices_of_cash_and_leases_reach_the_value_by_parts() -> None:
    values = {
        (cash, leases): fundamental_by_method(
            PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT, cash=cash, leases=leases
        )
        for cash in market_value.CASH
        for leases in ("not_debt", "debt")
    }
    start, debt = values["accumulated", "not_debt"], values["accumulated", "debt"]
    assert start["parts"][2] - values["today", "not_debt"]["parts"][2] == pytest.approx(36.0)
    assert start["parts"][2] - debt["parts"][2] == pytest.approx(70.0)
    assert start["sales"] == debt["sales"]
    leased = values_by_method(PROJECTION, BASE, DRIVERS, MARKET, exit_years=EXIT, leases="debt")
    ratio = 1650 / (1140 + 60 - 70)
    assert leased["parts"][0] / debt["parts"][0] == pytest.approx(ratio + (1 - ratio) * 0.75 / EXIT)


def test_retail_whole_takes_the_stores_multiple() -> None:
    projection = replace(PROJECTION, parts={"aws": part(*[40.0] * 4), "retail": part(*[32.0] * 4)})
    base = replace(BASE, advertising=None, stores=Trailing(450.0, 0.1, 0.1))
    values = fundamental_by_method(projection, base, DRIVERS, MARKET, exit_years=EXIT, cash="today")
    assert values["parts"][0] == pytest.approx(40 * 20 + 32 * 12 + 60)
    assert market_value.fundamental_today(base, DRIVERS, MARKET)["parts"] == pytest.approx(
        35 * 20 + 30 * 12 + 60
    )


def test_shares_change_by_their_rate_a_year() -> None:
    assert market_value.share_path(100.0, 0.02, STEPS) == pytest.approx(
        [100 * 1.02**t for t in (0.75, 1.75, 2.75, 3.75)]
    )


def test_draws_broadcast_and_equal_single_runs() -> None:
    draws = {
        **DRIVERS,
        "exit.multiple_aws": np.array([14.0, 20.0, 26.0]),
        "exit.price_to_sales_change": np.array([[-0.3], [0.2]]),
    }
    together = values_by_method(PROJECTION, BASE, draws, MARKET, exit_years=EXIT)
    one = values_by_method(
        PROJECTION,
        BASE,
        {**DRIVERS, "exit.multiple_aws": 26.0, "exit.price_to_sales_change": 0.2},
        MARKET,
        exit_years=EXIT,
    )
    assert market_value.blend(together, draws)[3].shape == (2, 3)
    assert market_value.blend(together, draws)[3][1, 2] == pytest.approx(market_value.blend(one, DRIVERS)[3])


@pytest.mark.parametrize("method", METHODS)
def test_steerable_values_agree_in_all_evaluators(
    method: market_value.Method, four_ways: Callable[..., float]
) -> None:
    def in_2030(aws: Number, sales: Number, earnings: Number, drift: Number, cash: Number) -> Number:
        drivers = {
            **DRIVERS,
            "exit.multiple_aws": aws,
            "exit.price_to_sales_change": sales,
            "exit.price_to_earnings": earnings,
            "exit.multiple_drift": drift,
        }
        market = replace(MARKET, balance=replace(MARKET.balance, cash=cash))
        values = values_by_method(PROJECTION, BASE, drivers, market, exit_years=EXIT)
        return values[method][3] + (aws + sales + earnings + drift + cash) * 0.0

    expected = {
        "sales": 790 * 3 * 1.05 * 0.95,
        "parts": (70 * 22 + 30 * 16 + 14 * 12) * 0.95 + 65 + 86,
        "earnings": 114 * 1.05 * 0.76 * 28 * 0.95,
    }
    four_ways(in_2030, expected[method], aws=22.0, sales=0.05, earnings=28.0, drift=-0.05, cash=65.0)


def test_a_traced_value_names_its_multiples() -> None:
    drivers = {name: Figure(value, "x", name) for name, value in DRIVERS.items()}
    values = values_by_method(PROJECTION, BASE, drivers, MARKET, exit_years=EXIT)
    labels = {figure.label for figure in market_value.blend(values, drivers)[3].walk()}
    assert {"exit.multiple_aws", "exit.price_to_earnings", "blend.sales", "exit.multiple_drift"} <= labels


@pytest.mark.parametrize(
    ("changes", "exit_years", "message"),
    [
        ({"exit.multiple_aws": -1.0}, EXIT, r"exit\.multiple_aws must be zero or above"),
        ({"exit.price_to_earnings": -1.0}, EXIT, r"exit\.price_to_earnings must be zero or above"),
        ({"exit.price_to_sales_change": -1.0}, EXIT, r"exit\.price_to_sales_change must be above -1"),
        ({"exit.multiple_drift": -1.0}, EXIT, r"exit\.multiple_drift must be above -1"),
        ({"exit.price_to_earnings": 0.0}, EXIT, "fundamental value today by earnings must be above zero"),
        ({}, 0.0, "exit_years must be above zero"),
    ],
)
def test_impossible_drivers_are_named(changes: dict[str, float], exit_years: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        values_by_method(PROJECTION, BASE, {**DRIVERS, **changes}, MARKET, exit_years=exit_years)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: market_value.net_assets_path(PROJECTION, MARKET.balance, cash="half"),
            "cash must be one of",
        ),
        (
            lambda: market_value.exit_price_to_sales(BASE, DRIVERS, replace(MARKET, value=0.0)),
            r"market\.value must",
        ),
        (lambda: market_value.share_path(0.0, 0.01, STEPS), "shares must be above zero"),
        (lambda: market_value.share_path(1.0, -1.0, STEPS), r"shares\.change must be above -1"),
        (lambda: market_value.blend({"sales": (1.0,)}, {"blend.sales": -1.0}), r"blend\.sales must be zero"),
        (lambda: market_value.blend({"sales": (1.0,)}, {"blend.sales": 0.0}), "sum of the blend weights"),
    ],
)
def test_impossible_inputs_are_named(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_expressions_of_a_steered_value_stay_small() -> None:
    drivers = {
        **DRIVERS,
        **{name: alt.param(name=f"p{i}") for i, name in enumerate(DRIVERS) if "exit" in name},
    }
    values = values_by_method(PROJECTION, BASE, drivers, MARKET, exit_years=EXIT)
    assert len(market_value.blend(values, drivers)[2].to_dict()["expr"]) < 1_500
