from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.grid import Grid, Ticks

AXES = {"growth": (0.0, 0.3, 7), "multiple": (1.0, 9.0, 5)}
share = st.floats(0, 1)


def bilinear(growth: float, multiple: float) -> float:
    return 3 + 2 * growth - multiple + 5 * growth * multiple


@given(share, share)
def test_bilinear_kernels_are_met_everywhere(a: float, b: float) -> None:
    inputs = {"growth": 0.3 * a, "multiple": 1 + 8 * b}
    assert Grid.of(bilinear, **AXES).at(inputs) == pytest.approx(bilinear(**inputs), abs=1e-9)


def test_points_of_the_grid_are_met_by_any_kernel() -> None:
    grid = Grid.of(lambda growth, multiple: np.sin(40 * growth) * multiple**2, **AXES)
    for growth in (0.0, 0.05, 0.3):
        for multiple in (1.0, 3.0, 9.0):
            expected = math.sin(40 * growth) * multiple**2
            assert grid.at({"growth": growth, "multiple": multiple}) == pytest.approx(expected, abs=1e-9)


def test_outside_takes_the_edge() -> None:
    grid = Grid.of(bilinear, **AXES)
    assert grid.at({"growth": 9.0, "multiple": -9.0}) == pytest.approx(bilinear(0.3, 1.0))


@given(st.floats(-0.1, 0.5), st.floats(0, 10))
def test_expression_gives_what_the_page_shows(growth: float, multiple: float) -> None:
    grid = Grid.of(lambda growth, multiple: np.exp(growth) * multiple**2, **AXES)
    names = {
        "grid_odds": grid.values, "growth": growth, "multiple": multiple, "min": min, "floor": math.floor,
        "clamp": lambda value, low, high: max(low, min(high, value)),
    }  # fmt: skip
    evaluated = eval(grid.expression("grid_odds"), {"__builtins__": {}}, names)
    assert evaluated == pytest.approx(grid.at({"growth": growth, "multiple": multiple}), rel=1e-12)


def test_error_is_measured_where_it_is_worst() -> None:
    def square(x: float) -> float:
        return x * x

    grid = Grid.of(square, x=(0.0, 1.0, 11))
    # Linear interpolation of x² over a step h is off by h²/4 in the middle.
    assert grid.error(square) == pytest.approx(0.1**2 / 4)
    assert Grid.of(bilinear, **AXES).error(bilinear) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("axes", "values", "complaint"),
    [
        ({"x": (0.0, 1.0, 3)}, (1.0, 2.0), "expected 3 finite"),
        ({"x": (0.0, 1.0, 2)}, (1.0, math.nan), "expected 2 finite"),
        ({"x": (1.0, 0.0, 2)}, (1.0, 2.0), "first < last"),
        ({"x": (0.0, 1.0, 1)}, (1.0,), "at least two points"),
    ],
)
def test_wrong_grid_is_refused(
    axes: dict[str, tuple[float, float, int]], values: tuple[float, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Grid(axes, values)


def test_a_kernel_of_numbers_gives_the_same_grid_and_the_same_error() -> None:
    def curved(growth: float, multiple: float) -> float:
        return multiple * (1 + growth) ** 5

    grid = Grid.of(curved, **AXES)
    one_by_one = np.vectorize(curved)
    assert Grid.of(one_by_one, **AXES).values == pytest.approx(grid.values, rel=1e-12)
    assert grid.error(one_by_one) == pytest.approx(grid.error(curved), rel=1e-9)


def test_ticks_have_a_value_for_each_combination_the_first_box_leading() -> None:
    ticks = Ticks(("a", "b"), (10.0, 7.0, 8.0, 5.0))
    assert [ticks.at({"a": a, "b": b}) for a in (0, 1) for b in (0, 1)] == [10.0, 7.0, 8.0, 5.0]
    assert ticks.expression("v") == "v[a * 2 + b * 1]"
    with pytest.raises(ValueError, match="expected 4"):
        Ticks(("a", "b"), (1.0, 2.0))
