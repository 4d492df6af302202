"""What a price takes for granted: each solved lever, put back, gives the price."""

from dataclasses import replace

import pytest

from analysis.data import open_edition
from analysis.figures import Figure
from analysis.model.projection.growth import cagr
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.expectations import NONE, Expectation, Lever, expectations, shift, value_at_rate
from analysis.valuation.group import open_group


@pytest.fixture(scope="module")
def value() -> Intrinsic:
    return intrinsic(open_group(open_edition("2025Q4"), "base"))


@pytest.fixture(scope="module")
def found(value: Intrinsic) -> dict[Lever, Expectation]:
    return expectations(value, value.group.market.value)


@pytest.mark.parametrize("lever", ["growth", "margin"])
def test_the_solved_change_gives_the_price_and_is_told_as_a_level(
    value: Intrinsic, found: dict[Lever, Expectation], lever: str
) -> None:
    expectation = found[lever]
    changed = intrinsic(shift(value.group, lever, expectation.solution.value))
    assert changed.equity == pytest.approx(value.group.market.value, rel=1e-9)
    last, margin = changed.lines.sales[-1], changed.lines.operating_income[-1] / changed.lines.sales[-1]
    expected = {"growth": cagr(716.924, last, 10.0), "margin": margin}[lever]
    assert expectation.implied == pytest.approx(expected)


def test_the_solved_return_gives_the_price(value: Intrinsic, found: dict[Lever, Expectation]) -> None:
    rate = found["rate"].implied
    assert rate is not None
    assert value_at_rate(value, rate) == pytest.approx(value.group.market.value, rel=1e-9)
    assert value_at_rate(value, found["rate"].assumed) == pytest.approx(value.equity, rel=1e-9)


def test_the_solved_years_lie_between_the_lengths_that_enclose_the_price(
    value: Intrinsic, found: dict[Lever, Expectation]
) -> None:
    years = found["years"].implied
    assert years is not None
    at = int(years) - 5
    assert value.equity_by_years[at] <= value.group.market.value <= value.equity_by_years[at + 1]


def test_a_price_at_the_value_takes_the_scenario_for_granted(value: Intrinsic) -> None:
    for expectation in expectations(value, value.equity).values():
        assert expectation.implied == pytest.approx(expectation.assumed, rel=1e-6)


def test_a_higher_price_takes_more_for_granted(value: Intrinsic) -> None:
    low, high = (expectations(value, value.equity * factor) for factor in (1.05, 1.15))
    for lever in ("growth", "margin", "years"):
        assert low[lever].implied < high[lever].implied
    assert low["rate"].implied > high["rate"].implied


def test_a_price_out_of_reach_is_said_to_be(value: Intrinsic) -> None:
    price = Figure(20_000.0, "usd_bn", "a price far out")
    for expectation in expectations(value, price.number).values():
        figure = expectation.figure(price, value)
        assert figure.unit == "text" if expectation.implied is None else figure.number > 0
    years = expectations(value, price.number)["years"]
    assert (years.implied, years.figure(price, value).value) == (None, NONE)
    assert years.figure(price, value).formula == "searched years from 5 to 50"


def test_a_solved_figure_is_traced_to_the_price(value: Intrinsic, found: dict[Lever, Expectation]) -> None:
    price = value.group.edition.market_value
    figure = found["growth"].figure(price, value)
    assert price in figure.inputs
    assert figure.published <= value.group.edition.cutoff


def test_levers_keep_the_conventions(value: Intrinsic) -> None:
    end = intrinsic(value.group, replace(value.conventions, timing="end"))
    assert value_at_rate(end, 0.09) < value_at_rate(value, 0.09)
