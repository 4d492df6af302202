"""Market-implied expectations: solves round-trip, find every root, and say so when there is none."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model.dcf import implied
from analysis.model.dcf.terminal_value import value_driver
from analysis.model.dcf.two_stage import two_stage_value
from tests.model.dcf.lines import TWO_STAGE as BASE

SEARCH = {"growth": (-0.05, 0.5), "margin": (0.0, 0.6), "wacc": (0.04, 0.2), "sales_to_capital": (0.3, 5.0)}


def value_at(argument: str) -> Callable[[float], float]:
    return lambda x: two_stage_value(**{**BASE, argument: x})


@pytest.mark.parametrize("argument", SEARCH)
def test_solving_for_an_input_of_the_dcf_gives_it_back(argument: str) -> None:
    low, high = SEARCH[argument]
    price = two_stage_value(**BASE)
    found = implied.solve(argument, value_at(argument), price, low=low, high=high)
    assert found.value == pytest.approx(BASE[argument], rel=1e-10)


@settings(max_examples=40)
@given(st.floats(0.06, 0.6))
def test_solved_growth_gives_the_target_back(growth: float) -> None:
    target = two_stage_value(**{**BASE, "growth": growth})
    found = implied.solve("growth", value_at("growth"), target, low=0.05, high=0.7)
    assert value_at("growth")(found.value) == pytest.approx(target, rel=1e-11)


def test_an_impossible_input_within_the_range_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="stable_growth .* must be below wacc"):
        implied.solve("wacc", value_at("wacc"), 1000.0, low=0.01, high=0.2)


def test_no_solution_is_reported_with_the_range_and_its_ends() -> None:
    found = implied.solve("margin", lambda margin: 100 * margin, 70.0, low=0.0, high=0.5)
    assert not found.found
    assert found.roots == ()
    assert (found.value_at_low, found.value_at_high) == (0.0, 50.0)
    assert found.finding == ("no solution in range: no margin from 0 to 0.5 gives 70; the ends give 0 and 50")
    with pytest.raises(implied.NoSolutionError, match="no solution in range"):
        _ = found.value


def test_several_solutions_are_all_given_and_none_is_picked() -> None:
    found = implied.solve("x", lambda x: (x - 1) * (x - 2) * (x - 3), 0.0, low=0.0, high=4.1)
    assert found.roots == pytest.approx((1.0, 2.0, 3.0))
    assert not found.found
    with pytest.raises(implied.SeveralSolutionsError, match="3 solutions"):
        _ = found.value


@pytest.mark.parametrize("target", [0.0, 0.5, 1.0])
def test_a_root_on_the_edge_of_a_piece_counts_once(target: float) -> None:
    assert implied.solve("x", lambda x: x, target, low=0.0, high=1.0, pieces=4).roots == (target,)


def test_a_jump_across_the_target_is_no_solution() -> None:
    step = implied.solve("x", lambda x: 0.0 if x < 0.3 else 10.0, 5.0, low=0.0, high=1.0)
    pole = implied.solve("x", lambda x: 1 / (x - 0.3), 0.5, low=0.0, high=1.0)
    assert step.roots == pole.roots == ()


def test_finding_names_the_only_root() -> None:
    found = implied.solve("growth", lambda g: 100 * (1 + g), 110.0, low=0.0, high=1.0)
    assert found.finding == "one solution: of growth from 0 to 1, 0.1 gives 110"


def test_period_is_found_between_whole_years() -> None:
    def value(years: int) -> float:
        return two_stage_value(**BASE, years=20, constant_years=years)

    between = 0.25 * value(7) + 0.75 * value(8)
    found = implied.solve_period("years", value, between, shortest=1, longest=20)
    assert found.value == pytest.approx(7.75)
    assert implied.solve_period("years", value, value(7), shortest=1, longest=20).value == 7.0


def test_period_out_of_range_is_reported() -> None:
    found = implied.solve_period("years", lambda n: 10.0 * n, 75.0, shortest=2, longest=5)
    assert found.finding.startswith("no solution in range: no years from 2 to 5 gives 75")
    assert (found.value_at_low, found.value_at_high) == (20.0, 50.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: implied.solve("x", lambda x: x, 1.0, low=2.0, high=2.0), r"low \(2\) must be below high"),
        (lambda: implied.solve("x", lambda x: x, 1.0, low=0.0, high=2.0, pieces=0), "pieces must be a whole"),
        (lambda: implied.solve("x", lambda x: x, np.nan, low=0.0, high=2.0), "target must be finite"),
        (lambda: implied.solve("x", lambda x: np.nan, 1.0, low=0.0, high=2.0), "value at x = 0 must be"),
        (lambda: implied.solve_period("n", float, 1.0, shortest=-1, longest=4), "shortest must be a whole"),
        (
            lambda: implied.solve_period("n", float, 1.0, shortest=4, longest=4),
            r"shortest \(4\) must be below",
        ),
    ],
)
def test_impossible_inputs_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_solver_names_the_driver_and_the_level_it_failed_on() -> None:
    def value(growth: float) -> float:
        return value_driver(100.0, growth, 0.2, 0.08)

    with pytest.raises(ValueError, match=r"stable growth = 0\.08: growth \(0\.08\) must be below"):
        implied.solve("stable growth", value, 3000.0, low=0.0, high=0.16, pieces=8)
    with pytest.raises(ValueError, match=r"years = 3: no such length"):
        implied.solve_period("years", refusing, 3000.0, shortest=1, longest=5)


def refusing(years: int) -> float:
    if years == 3:
        raise ValueError("no such length")
    return float(years)
