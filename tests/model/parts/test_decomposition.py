"""Decomposition: the parts of a change add up to it, whatever the factors and their order."""

import math

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from analysis.figures import Figure, not_public
from analysis.model.parts import decomposition as kernels
from analysis.model.parts.decomposition import NotDecomposableError

positive = st.floats(0.01, 1e4)
NAMES = ("growth", "margin", "multiple", "share_count")
factors = st.tuples(positive, st.floats(0.001, 0.5), st.floats(1, 100), st.floats(0.05, 1)).map(
    lambda values: dict(zip(NAMES, values, strict=True))
)
TODAY = {"growth": 700.0, "margin": 0.10, "multiple": 30.0, "share_count": 1 / 10.5}
TARGET = {"growth": 1100.0, "margin": 0.14, "multiple": 27.0, "share_count": 1 / 11}
Factors = dict[str, float]


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
def test_the_parts_of_a_change_add_up(before: Factors, after: Factors) -> None:
    parts = kernels.contributions(before, after)
    change = math.prod(after.values()) - math.prod(before.values())
    assert list(parts) == list(NAMES)
    assert sum(parts.values()) == pytest.approx(change, rel=1e-9, abs=1e-9 * math.prod(before.values()))


@given(factors, factors)
def test_swapping_the_dates_turns_every_sign(before: Factors, after: Factors) -> None:
    there, back = kernels.contributions(before, after), kernels.contributions(after, before)
    for name, part in there.items():
        assert back[name] == pytest.approx(-part, rel=1e-9, abs=1e-9)


@given(factors, factors)
def test_each_part_has_the_sign_of_its_factor(before: Factors, after: Factors) -> None:
    for name, part in kernels.contributions(before, after).items():
        assert np.sign(part) == np.sign(after[name] - before[name])


def test_the_order_of_the_factors_does_not_matter() -> None:
    before, after = {"a": 2.0, "b": 5.0, "c": 0.3}, {"a": 3.0, "b": 4.0, "c": 0.5}
    forwards = kernels.contributions(before, after)
    backwards = kernels.contributions(dict(reversed(before.items())), dict(reversed(after.items())))
    assert forwards == pytest.approx(backwards)


def test_a_factor_that_alone_moves_takes_the_whole_change() -> None:
    parts = kernels.contributions(TODAY, {**TODAY, "multiple": 45.0})
    assert parts["multiple"] == pytest.approx(0.5 * math.prod(TODAY.values()))
    assert (parts["growth"], parts["margin"], parts["share_count"]) == (0.0, 0.0, 0.0)


def test_the_parts_are_the_limit_of_many_small_steps() -> None:
    """Along constant growth of each factor, attribute every step by its first-order effect."""
    steps = 20_000
    pace = math.log(TARGET["growth"] / TODAY["growth"]) / steps
    levels = np.geomspace(math.prod(TODAY.values()), math.prod(TARGET.values()), steps + 1)
    by_steps = ((levels[:-1] + levels[1:]) / 2 * pace).sum()
    assert kernels.contributions(TODAY, TARGET)["growth"] == pytest.approx(by_steps, rel=1e-7)


def test_logarithms_add_up_to_the_logarithm_of_the_ratio() -> None:
    parts = kernels.log_contributions({"sales": 650.0, "multiple": 3.4}, {"sales": 1100.0, "multiple": 4.5})
    assert sum(parts.values()) == pytest.approx(math.log(1100 * 4.5 / (650 * 3.4)))
    assert parts["sales"] == pytest.approx(math.log(1100 / 650))


def test_arrays_broadcast_and_add_up_cell_by_cell() -> None:
    after = {**TARGET, "multiple": np.array([20.0, 30.0, 40.0]), "margin": np.array([[0.08], [0.12]])}
    parts = kernels.contributions(TODAY, after)
    np.testing.assert_allclose(sum(parts.values()), math.prod(after.values()) - math.prod(TODAY.values()))
    single = kernels.contributions(TODAY, {**TARGET, "multiple": 40.0, "margin": 0.12})
    assert np.broadcast_to(parts["margin"], (2, 3))[1, 2] == pytest.approx(single["margin"])


def figures(of: Factors, when: str) -> dict[str, Figure]:
    return {name: Figure(value, "", f"{name} {when}") for name, value in of.items()}


def test_figures_give_figures_that_know_every_factor() -> None:
    parts = kernels.contributions(figures(TODAY, "now"), figures(TARGET, "then"))
    plain = kernels.contributions(TODAY, TARGET)
    assert {name: float(part) for name, part in parts.items()} == pytest.approx(plain, rel=1e-12)
    assert {each.label for each in parts["margin"].inputs} == {
        f"{name} {when}" for name in NAMES for when in ("now", "then")
    }
    unmoved = kernels.contributions(figures(TODAY, "now"), figures(TODAY, "then"))
    assert {float(part) for part in unmoved.values()} == {0.0}


def test_what_was_not_public_leaves_the_parts_absent() -> None:
    then = {"sales": not_public("Sales then", "usd_bn"), "multiple": Figure(2.0, "x", "Multiple then")}
    now = {"sales": Figure(3.0, "usd_bn", "Sales"), "multiple": Figure(3.0, "x", "Multiple")}
    assert all(part.missing() == ("Sales then",) for part in kernels.contributions(then, now).values())


@pytest.mark.parametrize("wrong", [0.0, -0.02])
def test_a_loss_cannot_be_decomposed_and_is_named(wrong: float) -> None:
    loss = {**TODAY, "margin": wrong}
    with pytest.raises(NotDecomposableError, match=r"after: margin must be above zero"):
        kernels.contributions(TODAY, loss)
    with pytest.raises(NotDecomposableError, match=r"before: margin must be above zero"):
        kernels.contributions(loss, TODAY)


def test_both_dates_must_have_the_same_factors() -> None:
    with pytest.raises(ValueError, match="after must have the factors of before"):
        kernels.contributions({"sales": 1.0}, {"sales": 1.0, "margin": 0.1})


def test_the_logarithmic_mean_needs_positive_values() -> None:
    with pytest.raises(ValueError, match="b must be above zero"):
        kernels.logarithmic_mean(1.0, 0.0)


def test_an_altair_parameter_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="after"):
        kernels.contributions({"multiple": 3.4}, {"multiple": alt.param(name="m")})
