"""Decomposition: the parts of a change add up to it, whatever the factors and their order."""

import math

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from analysis.figures import Figure
from analysis.model.parts import decomposition as kernels
from analysis.model.parts.decomposition import NotDecomposableError, ValueFactors

positive = st.floats(0.01, 1e4)
factors = st.builds(ValueFactors, positive, st.floats(0.001, 0.5), st.floats(1, 100), st.floats(1, 20))
TODAY = ValueFactors(700.0, 0.10, 30.0, 10.5)
TARGET = ValueFactors(1100.0, 0.14, 27.0, 11.0)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between_the_geometric_and_the_plain_mean(a: float, b: float) -> None:
    mean = kernels.logarithmic_mean(a, b)
    assert math.sqrt(a * b) * (1 - 1e-12) <= mean <= (a + b) / 2 * (1 + 1e-12)
    assert mean == pytest.approx(kernels.logarithmic_mean(b, a))


@given(st.floats(0.1, 50), st.floats(0.1, 50))
def test_the_logarithmic_mean_is_the_average_along_constant_growth(a: float, b: float) -> None:
    average, _ = quad(lambda time: b * (a / b) ** time, 0, 1)
    assert kernels.logarithmic_mean(a, b) == pytest.approx(average, rel=1e-9)


def test_the_logarithmic_mean_of_near_equals_keeps_its_digits() -> None:
    assert kernels.logarithmic_mean(100.0 + 1e-9, 100.0) == pytest.approx(100.0 + 5e-10, rel=1e-14)


@given(factors, factors)
def test_the_parts_of_a_value_per_share_add_up(before: ValueFactors, after: ValueFactors) -> None:
    parts = kernels.per_share_change(before, after)
    change = after.per_share - before.per_share
    assert list(parts) == ["growth", "margin", "multiple", "share_count"]
    assert sum(parts.values()) == pytest.approx(change, rel=1e-9, abs=1e-9 * before.per_share)


@given(factors, factors)
def test_the_parts_of_a_market_value_add_up(before: ValueFactors, after: ValueFactors) -> None:
    parts = kernels.market_value_change(before, after)
    change = after.market_value - before.market_value
    assert list(parts) == ["growth", "margin", "multiple"]
    assert sum(parts.values()) == pytest.approx(change, rel=1e-9, abs=1e-9 * before.market_value)


@given(factors, factors)
def test_swapping_the_dates_turns_every_sign(before: ValueFactors, after: ValueFactors) -> None:
    there, back = kernels.per_share_change(before, after), kernels.per_share_change(after, before)
    for name, part in there.items():
        assert back[name] == pytest.approx(-part, rel=1e-9, abs=1e-9)


@given(factors, factors)
def test_each_part_has_the_sign_of_its_factor(before: ValueFactors, after: ValueFactors) -> None:
    parts = kernels.per_share_change(before, after)
    assert np.sign(parts["growth"]) == np.sign(after.net_sales - before.net_sales)
    assert np.sign(parts["share_count"]) == np.sign(before.shares - after.shares)


def test_the_order_of_the_factors_does_not_matter() -> None:
    before, after = {"a": 2.0, "b": 5.0, "c": 0.3}, {"a": 3.0, "b": 4.0, "c": 0.5}
    forwards = kernels.contributions(before, after)
    backwards = kernels.contributions(dict(reversed(before.items())), dict(reversed(after.items())))
    assert forwards == pytest.approx(backwards)


def test_a_factor_that_alone_moves_takes_the_whole_change() -> None:
    after = ValueFactors(700.0, 0.10, 45.0, 10.5)
    parts = kernels.per_share_change(TODAY, after)
    assert parts["multiple"] == pytest.approx(after.per_share - TODAY.per_share)
    assert (parts["growth"], parts["margin"], parts["share_count"]) == (0.0, 0.0, 0.0)


def test_no_change_has_no_parts() -> None:
    assert set(kernels.per_share_change(TODAY, TODAY).values()) == {0.0}


def test_the_parts_are_the_limit_of_many_small_steps() -> None:
    """Along constant growth of each factor, attribute every step by its first-order effect."""
    steps = 20_000
    pace = math.log(TARGET.net_sales / TODAY.net_sales) / steps
    levels = np.geomspace(TODAY.market_value, TARGET.market_value, steps + 1)
    by_steps = ((levels[:-1] + levels[1:]) / 2 * pace).sum()
    assert kernels.market_value_change(TODAY, TARGET)["growth"] == pytest.approx(by_steps, rel=1e-7)


def test_logarithms_add_up_to_the_logarithm_of_the_ratio() -> None:
    parts = kernels.log_contributions({"sales": 650.0, "multiple": 3.4}, {"sales": 1100.0, "multiple": 4.5})
    assert sum(parts.values()) == pytest.approx(math.log(1100 * 4.5 / (650 * 3.4)))
    assert parts["sales"] == pytest.approx(math.log(1100 / 650))


def test_arrays_broadcast_and_add_up_cell_by_cell() -> None:
    multiples = np.array([20.0, 30.0, 40.0])
    margins = np.array([[0.08], [0.12]])
    after = ValueFactors(1100.0, margins, multiples, 11.0)
    parts = kernels.per_share_change(TODAY, after)
    np.testing.assert_allclose(sum(parts.values()), after.per_share - TODAY.per_share)
    single = kernels.per_share_change(TODAY, ValueFactors(1100.0, 0.12, 40.0, 11.0))
    assert np.broadcast_to(parts["margin"], (2, 3))[1, 2] == pytest.approx(single["margin"])


def test_figures_are_read_by_value() -> None:
    def figures(of: ValueFactors) -> ValueFactors:
        return ValueFactors(*(Figure(value, "", name) for name, value in vars(of).items()))

    parts = kernels.per_share_change(figures(TODAY), figures(TARGET))
    assert parts == kernels.per_share_change(TODAY, TARGET)
    assert all(type(part) is float for part in parts.values())


@pytest.mark.parametrize("wrong", [0.0, -0.02])
def test_a_loss_cannot_be_decomposed_and_is_named(wrong: float) -> None:
    loss = ValueFactors(700.0, wrong, 30.0, 10.5)
    with pytest.raises(NotDecomposableError, match=r"after: margin must be above zero"):
        kernels.market_value_change(TODAY, loss)
    with pytest.raises(NotDecomposableError, match=r"before: margin must be above zero"):
        kernels.per_share_change(loss, TODAY)


def test_shares_must_exist() -> None:
    with pytest.raises(NotDecomposableError, match="share_count"):
        kernels.per_share_change(TODAY, ValueFactors(700.0, 0.1, 30.0, 0.0))


def test_both_dates_must_have_the_same_factors() -> None:
    with pytest.raises(ValueError, match="after must have the factors of before"):
        kernels.contributions({"sales": 1.0}, {"sales": 1.0, "margin": 0.1})


def test_the_logarithmic_mean_needs_positive_values() -> None:
    with pytest.raises(ValueError, match="b must be above zero"):
        kernels.logarithmic_mean(1.0, 0.0)


def test_an_altair_parameter_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="after"):
        kernels.contributions({"multiple": 3.4}, {"multiple": alt.param(name="m")})
