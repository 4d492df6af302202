"""Plausibility gates: each passes on one side of its limit, fails on the other, and can be waived."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.model.dcf import plausibility

GOOD_GRID = [[1.0, 2.0], [3.0, 4.0]]
# A gate at, just within and just beyond its limit.
CASES = {
    "rate_over_growth": (
        lambda: plausibility.rate_over_growth(0.08, 0.07),
        lambda: plausibility.rate_over_growth(0.08, 0.0699),
        lambda: plausibility.rate_over_growth(0.08, 0.0701),
    ),
    "terminal_share": (
        lambda: plausibility.terminal_share(80.0, 100.0, maximum=0.8),
        lambda: plausibility.terminal_share(79.9, 100.0, maximum=0.8),
        lambda: plausibility.terminal_share(80.1, 100.0, maximum=0.8),
    ),
    "implied_roic": (
        lambda: plausibility.implied_roic(10.0, 100.0, minimum=0.1, maximum=0.3),
        lambda: plausibility.implied_roic(10.1, 100.0, minimum=0.1, maximum=0.3),
        lambda: plausibility.implied_roic(9.9, 100.0, minimum=0.1, maximum=0.3),
    ),
    "share_of_cloud": (
        lambda: plausibility.share_of_market(35.0, 100.0, maximum=0.35, name="cloud"),
        lambda: plausibility.share_of_market(34.9, 100.0, maximum=0.35, name="cloud"),
        lambda: plausibility.share_of_market(35.1, 100.0, maximum=0.35, name="cloud"),
    ),
    "share_of_gdp": (
        lambda: plausibility.share_of_gdp(5.0, 100.0, maximum=0.05),
        lambda: plausibility.share_of_gdp(4.9, 100.0, maximum=0.05),
        lambda: plausibility.share_of_gdp(5.1, 100.0, maximum=0.05),
    ),
    "growth_below_economy": (
        lambda: plausibility.growth_below_economy(0.04, 0.04),
        lambda: plausibility.growth_below_economy(0.039, 0.04),
        lambda: plausibility.growth_below_economy(0.041, 0.04),
    ),
}
Gate = Callable[[], plausibility.GateResult]


@pytest.mark.parametrize(("name", "cases"), CASES.items())
def test_gate_passes_up_to_its_limit_and_fails_beyond(name: str, cases: tuple[Gate, Gate, Gate]) -> None:
    at, within, beyond = (case() for case in cases)
    assert at.passed
    assert within.passed
    assert not beyond.passed
    assert {at.name, within.name, beyond.name} == {name}
    assert not beyond.accepted


def test_a_return_above_the_maximum_fails_too() -> None:
    gate = plausibility.implied_roic(31.0, 100.0, minimum=0.1, maximum=0.3)
    assert (gate.passed, gate.value, gate.limit) == (False, 0.31, 0.3)


def test_reason_says_value_and_limit() -> None:
    assert plausibility.terminal_share(90.0, 100.0, maximum=0.8).reason == (
        "share of the value after the forecast is 0.9, above 0.8"
    )
    assert plausibility.rate_over_growth(0.08, 0.075).reason == (
        "cost of capital less stable growth is 0.005, below 0.01"
    )


def test_grid_with_one_number_in_all_cells_fails() -> None:
    assert plausibility.grid_varies("play", GOOD_GRID).passed
    constant = plausibility.grid_varies("play", np.full((3, 4), 7.0))
    assert (constant.name, constant.passed, constant.value) == ("grid_play", False, 0.0)
    assert not plausibility.grid_varies("play", np.zeros((2, 2))).passed


@pytest.mark.parametrize("grid", [[[1.0, 1.0], [2.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]])
def test_grid_with_an_axis_that_does_nothing_fails(grid: list[list[float]]) -> None:
    assert not plausibility.grid_varies("play", grid).passed


def test_all_failures_are_raised_together() -> None:
    results = [
        plausibility.rate_over_growth(0.08, 0.075),
        plausibility.terminal_share(70.0, 100.0, maximum=0.8),
        plausibility.share_of_gdp(9.0, 100.0, maximum=0.05),
    ]
    with pytest.raises(
        plausibility.ImplausibleValuation, match="rate_over_growth: .*; share_of_gdp: "
    ) as caught:
        plausibility.enforce(results, {})
    assert [gate.name for gate in caught.value.failures] == ["rate_over_growth", "share_of_gdp"]


def test_a_written_reason_waives_its_gate_only() -> None:
    results = [
        plausibility.rate_over_growth(0.08, 0.075),
        plausibility.share_of_gdp(9.0, 100.0, maximum=0.05),
    ]
    with pytest.raises(plausibility.ImplausibleValuation) as caught:
        plausibility.enforce(results, {"share_of_gdp": "market value against a stock of wealth, not a flow"})
    assert [gate.name for gate in caught.value.failures] == ["rate_over_growth"]
    noted = plausibility.enforce(results[1:], {"share_of_gdp": "a stock, not a flow"})
    assert noted[0].waived_by == "a stock, not a flow"
    assert not noted[0].passed
    assert noted[0].accepted


def test_gates_that_pass_come_back_and_their_waivers_are_not_used() -> None:
    passing = plausibility.terminal_share(70.0, 100.0, maximum=0.8)
    assert plausibility.enforce([passing], {"terminal_share": "long forecast"}) == (passing,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plausibility.enforce([], {"terminal_share": "why"}), "waivers has terminal_share"),
        (
            lambda: plausibility.enforce([plausibility.grid_varies("a", GOOD_GRID)], {"grid_a": "  "}),
            "waivers must have a written reason for grid_a",
        ),
        (
            lambda: plausibility.enforce([plausibility.grid_varies("a", GOOD_GRID)] * 2, {}),
            "gates must have different names",
        ),
        (lambda: plausibility.terminal_share(1.0, 0.0, maximum=0.8), "value must be above zero"),
        (
            lambda: plausibility.implied_roic(1.0, 0.0, minimum=0.1, maximum=0.2),
            "invested_capital must be above",
        ),
        (
            lambda: plausibility.implied_roic(1.0, 1.0, minimum=0.2, maximum=0.1),
            r"minimum \(0.2\) must be below",
        ),
        (lambda: plausibility.share_of_market(1.0, 0.0, maximum=0.8), "market must be above zero"),
        (lambda: plausibility.share_of_gdp(1.0, -1.0, maximum=0.8), "gdp must be above zero"),
        (lambda: plausibility.rate_over_growth(np.nan, 0.03), "cost_of_capital must be finite"),
        (
            lambda: plausibility.grid_varies("a", [[1.0, np.nan], [1.0, 2.0]]),
            r"grid\[0\]\[1\] must be finite",
        ),
        (lambda: plausibility.grid_varies("a", [[1.0, 2.0]]), "grid must have at least two rows"),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_part_ends_its_forecast_as_it_goes_on() -> None:
    steady = plausibility.steady_growth(0.05, 0.035, maximum=0.02, name="aws")
    assert (steady.name, steady.passed) == ("steady_growth_aws", True)
    assert not plausibility.steady_growth(0.01, 0.035, maximum=0.02, name="aws").passed
    put_back = plausibility.steady_reinvestment(0.9, 0.7, maximum=0.15, name="stores")
    assert (put_back.name, put_back.passed) == ("steady_reinvestment_stores", False)
    assert put_back.value == pytest.approx(0.2)
