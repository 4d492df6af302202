"""Paths of the drivers: their shape year by year, and the ones refused."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.dcf import paths

RATE = st.floats(-0.5, 0.9)


def test_growth_is_constant_then_linear_and_stable_in_the_last_year() -> None:
    path = paths.growth_path(0.12, 0.02, years=10, constant_years=5)
    assert path[:5] == (0.12,) * 5
    assert np.diff(path[4:]) == pytest.approx([-0.02] * 5)
    assert path[-1] == 0.02


@given(first=RATE, last=RATE, years=st.integers(1, 30), data=st.data())
def test_path_has_its_length_starts_and_ends_exactly_and_never_leaves_the_range(
    first: float, last: float, years: int, data: st.DataObject
) -> None:
    constant = data.draw(st.integers(0, years))
    path = paths.constant_then_linear(first, last, years=years, constant_years=constant)
    assert len(path) == years
    assert all(rate == first for rate in path[:constant])
    assert path[-1] == (last if constant < years else first)
    steps = np.diff((first, *path))
    assert np.all(steps >= -1e-12) or np.all(steps <= 1e-12)


def test_constant_throughout_never_moves() -> None:
    assert paths.constant_then_linear(0.1, 0.03, years=3, constant_years=3) == (0.1, 0.1, 0.1)


def test_no_constant_years_moves_from_the_first_year() -> None:
    assert paths.constant_then_linear(0.1, 0.0, years=2, constant_years=0) == (0.05, 0.0)


def test_margin_arrives_at_its_convergence_year_and_stays() -> None:
    path = paths.linear_to_target(0.10, 0.20, years=8, convergence_year=5)
    assert path == pytest.approx([0.12, 0.14, 0.16, 0.18, 0.20, 0.20, 0.20, 0.20])


def test_entries_broadcast_over_draws() -> None:
    growth = paths.growth_path(np.array([0.1, 0.2]), 0.0, years=3, constant_years=1)
    assert [np.shape(rate) for rate in growth[:2]] == [(2,), (2,)]
    alone = [paths.growth_path(rate, 0.0, years=3, constant_years=1) for rate in (0.1, 0.2)]
    assert np.array(growth[1]) == pytest.approx([alone[0][1], alone[1][1]])


def test_first_entry_of_a_sales_path_is_one_year_after_the_base_year() -> None:
    assert paths.sales_path(100.0, [0.10])[0] == pytest.approx(110.0)


def test_the_cost_of_capital_ends_at_its_stable_rate() -> None:
    assert paths.cost_of_capital_path(0.10, 0.08, years=2, constant_years=0) == pytest.approx((0.09, 0.08))


@given(start=RATE, target=RATE, speed=st.floats(0.0, 1.0), years=st.integers(1, 20))
def test_what_is_left_of_the_way_shrinks_by_the_same_part(
    start: float, target: float, speed: float, years: int
) -> None:
    path = paths.geometric_to_target(start, target, years=years, speed=speed)
    left = (target - start) * (1 - speed) ** years
    assert path[-1] == pytest.approx(target - left, abs=1e-9)


@given(sales=st.floats(1, 1e4), growth=st.lists(RATE, min_size=1, max_size=15))
def test_sales_grow_by_their_rates(sales: float, growth: list[float]) -> None:
    path = (sales, *paths.sales_path(sales, growth))
    grown = [now / before - 1 for before, now in itertools.pairwise(path)]
    assert grown == pytest.approx(growth, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paths.growth_path(0.1, 0.02, years=4, constant_years=5), r"constant_years \(5\)"),
        (lambda: paths.growth_path(0.1, 0.02, years=4, constant_years=-1), "constant_years must be a whole"),
        (lambda: paths.growth_path(0.1, 0.02, years=4.5), "years must be a whole number"),
        (lambda: paths.growth_path(0.1, 0.02, years=True), "years must be a number"),
        (lambda: paths.growth_path(-1.0, 0.02), "growth must be above -1"),
        (lambda: paths.growth_path(0.1, np.nan), "stable_growth must be"),
        (lambda: paths.cost_of_capital_path(0.0, 0.08), "initial must be above zero"),
        (lambda: paths.linear_to_target(0.1, 0.2, years=4, convergence_year=5), r"convergence_year \(5\)"),
        (lambda: paths.linear_to_target(0.1, 0.2, years=4, convergence_year=0), "convergence_year must be"),
        (lambda: paths.linear_to_target(0.1, np.inf, years=4, convergence_year=2), "target must be finite"),
        (lambda: paths.geometric_to_target(0.1, 0.2, years=3, speed=1.1), "speed must be a fraction"),
        (lambda: paths.sales_path(0.0, [0.1]), "base_sales must be above zero"),
        (lambda: paths.sales_path(1.0, [0.1, -1.0]), r"growth\[2\] must be above -1"),
    ],
)
def test_impossible_paths_are_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
