"""Broken lines and logits in plain arithmetic: the same for floats, arrays and a browser's expression."""

import math

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.odds.interpolation import hinge, logistic, logit, piecewise_linear, weights

KNOTS = [1.0, 2.0, 4.0, 7.0]
VALUES = [0.5, -1.0, 3.0, 2.5]


@given(st.floats(1.0, 7.0))
def test_within_its_knots_it_is_numpy_s_interpolation(x: float) -> None:
    assert piecewise_linear(x, KNOTS, VALUES) == pytest.approx(np.interp(x, KNOTS, VALUES), abs=1e-12)


def test_beyond_its_ends_the_outer_pieces_go_on() -> None:
    assert piecewise_linear(0.0, KNOTS, VALUES) == pytest.approx(2.0)
    assert piecewise_linear(10.0, KNOTS, VALUES) == pytest.approx(2.0)


def test_arrays_go_through_at_once() -> None:
    x = np.linspace(1, 7, 50)
    assert piecewise_linear(x, KNOTS, VALUES) == pytest.approx(np.interp(x, KNOTS, VALUES))


def test_a_parameter_gives_an_expression_without_conditions() -> None:
    text = piecewise_linear(alt.param(name="x", value=1.0), KNOTS, VALUES).to_dict()["expr"]
    assert "x" in text
    assert not {"?", "if", "max"} & set(text.replace("(", " ").split())
    value = eval(text, {"pow": pow, "x": 3.3})
    assert value == pytest.approx(np.interp(3.3, KNOTS, VALUES))


@given(st.floats(-1e6, 1e6))
def test_the_hinge_is_the_larger_of_x_and_nil(x: float) -> None:
    assert hinge(x) == pytest.approx(max(x, 0.0), abs=1e-150)


@given(st.floats(1.0, 7.0))
def test_weights_add_up_to_one_and_mix_values(x: float) -> None:
    shares = weights(x, KNOTS)
    assert sum(shares) == pytest.approx(1.0)
    mixed = sum(share * value for share, value in zip(shares, VALUES, strict=True))
    assert mixed == pytest.approx(np.interp(x, KNOTS, VALUES), abs=1e-9)


@given(st.floats(0.001, 0.999))
def test_logit_and_logistic_undo_each_other(p: float) -> None:
    assert logistic(float(logit(p, 1e-6))) == pytest.approx(p)


def test_odds_of_nothing_are_the_least_that_paths_can_tell() -> None:
    assert logistic(float(logit(0.0, 1e-4))) == pytest.approx(1e-4)
    assert logistic(float(logit(1.0, 1e-4))) == pytest.approx(1 - 1e-4)


def test_the_logistic_runs_on_a_parameter() -> None:
    text = logistic(alt.param(name="x", value=0.0)).to_dict()["expr"]
    assert eval(text, {"pow": pow, "x": 1.5}) == pytest.approx(1 / (1 + math.exp(-1.5)))


@pytest.mark.parametrize(
    ("knots", "values", "said"),
    [
        ([1.0, 2.0], [1.0], "as many as knots"),
        ([1.0], [1.0], "two or more"),
        ([1.0, 1.0], [1.0, 2.0], "steps between knots"),
    ],
)
def test_grids_that_are_none_are_refused(knots: list[float], values: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        piecewise_linear(1.0, knots, values)
