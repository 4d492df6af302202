"""What a price takes for granted: each solved lever, put back, gives the price."""

from dataclasses import replace

import pytest

from analysis.figures import Figure
from analysis.model.projection.growth import cagr
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.expectations import (
    NONE,
    Expectation,
    Lever,
    expectations,
    growth_of,
    margin_of,
    pairs_worth,
    shift,
    value_at_rate,
)
from analysis.valuation.group import Group, with_drivers


@pytest.fixture(scope="module")
def value(base: Group) -> Intrinsic:
    return intrinsic(base.traced)


@pytest.fixture(scope="module")
def found(value: Intrinsic) -> dict[Lever, Expectation]:
    return expectations(value, value.group.market.value)


def test_the_own_rate_is_found_wherever_the_scenario_has_it(base: Group) -> None:
    high = intrinsic(with_drivers(base, {"dcf.risk_free_rate": 0.45}).traced)
    own = expectations(high, high.equity.named("what the cash flows are worth"))["rate"]
    assert 0.2 < own.assumed.number < 0.5
    assert own.implied.number == pytest.approx(own.assumed.number)


@pytest.mark.parametrize("lever", ["growth", "margin"])
def test_the_solved_change_gives_the_price_and_is_told_as_a_level(
    value: Intrinsic, found: dict[Lever, Expectation], lever: str
) -> None:
    changed = intrinsic(shift(value.plain.group, lever, found[lever].solution.value))
    assert changed.equity == pytest.approx(value.plain.group.market.value, rel=1e-9)
    last, margin = changed.lines.sales[-1], changed.lines.operating_income[-1] / changed.lines.sales[-1]
    expected = {"growth": cagr(716.924, last, 10.0), "margin": margin}[lever]
    assert found[lever].implied.number == pytest.approx(expected)


def test_the_solved_return_gives_the_price(value: Intrinsic, found: dict[Lever, Expectation]) -> None:
    rate = found["rate"]
    market = value.plain.group.market.value
    assert value_at_rate(value.plain, rate.implied.number) == pytest.approx(market, rel=1e-9)
    assert value_at_rate(value.plain, rate.assumed.number) == pytest.approx(value.plain.equity, rel=1e-9)


def test_the_solved_years_lie_between_the_lengths_that_enclose_the_price(
    value: Intrinsic,
) -> None:
    price = value.equity * 1.1
    at = int(expectations(value, price)["years"].implied.number) - 5
    equities = value.plain.equity_by_years
    assert equities[at] <= price.number <= equities[at + 1]


def test_a_price_at_the_value_takes_the_scenario_for_granted(value: Intrinsic) -> None:
    for expectation in expectations(value, value.equity).values():
        assert expectation.implied.number == pytest.approx(expectation.assumed.number, rel=1e-6)


def test_a_higher_price_takes_more_for_granted(value: Intrinsic) -> None:
    low, high = (expectations(value, value.equity * factor) for factor in (1.05, 1.15))
    for lever in ("growth", "margin", "years"):
        assert low[lever].implied < high[lever].implied
    assert low["rate"].implied > high["rate"].implied


def test_a_price_out_of_reach_is_said_to_be(value: Intrinsic) -> None:
    years = expectations(value, Figure(20_000.0, "usd_bn", "a price far out"))["years"]
    assert (years.implied.value, years.implied.unit) == (NONE, "text")
    assert years.implied.formula == "searched years from 5 to 50"
    assert years.said.value == "no length searched"


def test_a_solved_figure_rests_on_the_price_and_on_what_it_is_solved_in(
    value: Intrinsic, found: dict[Lever, Expectation]
) -> None:
    def fields(figure: Figure) -> set[str | None]:
        return {source.field for source in figure.sources()}

    assert value.group.market.value in found["growth"].implied.inputs
    assert fields(found["growth"].implied) >= fields(value.equity)
    assert "drivers.dcf.unlevered_beta.value" not in fields(found["rate"].implied)
    assert "drivers.dcf.unlevered_beta.value" in fields(found["rate"].assumed)
    assert found["growth"].implied.published <= value.group.edition.cutoff


def test_levers_keep_the_conventions(value: Intrinsic) -> None:
    end = intrinsic(value.plain.group, replace(value.conventions, timing="end"))
    assert value_at_rate(end, 0.09) < value_at_rate(value.plain, 0.09)


def test_the_curve_of_the_value_goes_through_the_scenario_s_own_point_and_falls(value: Intrinsic) -> None:
    curve = pairs_worth(value, value.equity, (-0.02, 0.0, 0.02))
    assert curve[1] == pytest.approx((growth_of(value.plain), margin_of(value.plain)))
    assert sorted(curve) == sorted(curve, key=lambda pair: -pair[1])
