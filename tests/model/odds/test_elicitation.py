"""Statements of scenario files become the distributions they describe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.odds.distributions import (
    Fixed,
    Normal,
    Pert,
    Skewed,
    Triangular,
    Truncated,
    Uniform,
    quantile,
)
from analysis.model.odds.elicitation import (
    FORMS,
    from_driver,
    from_statement,
    skewed_through,
    with_ends_solved,
)

width = st.floats(0.01, 10)


@pytest.mark.parametrize(
    "statement",
    [
        {"family": "triangular", "p10": 0.10, "mode": 0.20, "p90": 0.25},
        {"family": "pert", "p10": 0.10, "mode": 0.20, "p90": 0.25},
        {"family": "pert", "p10": -3.0, "mode": -2.9, "p90": 4.0},
        {"family": "normal", "p10": 0.10, "p90": 0.25},
        {"family": "lognormal", "p10": 0.10, "p90": 0.25},
        {"family": "skewed", "p10": 0.10, "p50": 0.20, "p90": 0.25},
        {"family": "skewed", "p10": 0.10, "p50": 0.175, "p90": 0.25},
        {"family": "skewed", "p10": 0.10, "p50": 0.1751, "p90": 0.25},
        {"family": "skewed", "p10": -0.10, "p50": 0.0, "p90": 0.25},
    ],
)
def test_stated_quantiles_come_back(statement: dict[str, object]) -> None:
    distribution = from_statement(statement)
    for name, probability in {"p10": 0.1, "p50": 0.5, "p90": 0.9}.items():
        if name in statement:
            assert quantile(distribution, probability) == pytest.approx(statement[name], abs=1e-8)


@pytest.mark.parametrize("family", [Triangular, Pert])
@given(mode=st.floats(-10, 10), down=width, up=width)
def test_ends_are_solved_about_any_mode(family: type, mode: float, down: float, up: float) -> None:
    solved = with_ends_solved(family, mode - down, mode, mode + up)
    assert solved.mode == mode
    assert solved.low < mode - down < mode + up < solved.high
    assert quantile(solved, [0.1, 0.9]) == pytest.approx([mode - down, mode + up], abs=1e-6 * (down + up))


def test_ends_that_cannot_be_found_are_an_error() -> None:
    with pytest.raises(ValueError, match="no ends found that give p10 0 and p90 2 about a mode of 1"):
        with_ends_solved(lambda low, mode, high: Uniform(0.0, 1.0), 0.0, 1.0, 2.0)


@given(p50=st.floats(-10, 10), down=width, up=width)
def test_skewed_goes_through_any_three_rising_quantiles(p50: float, down: float, up: float) -> None:
    stated = [p50 - down, p50, p50 + up]
    assert quantile(skewed_through(*stated), [0.1, 0.5, 0.9]) == pytest.approx(stated, abs=1e-5 * (down + up))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"family": "fixed", "value": 3}, Fixed(3.0)),
        ({"family": "uniform", "low": 1, "high": 2}, Uniform(1.0, 2.0)),
        ({"family": "triangular", "low": 1, "mode": 2, "high": 4}, Triangular(1.0, 2.0, 4.0)),
        ({"family": "pert", "low": 1, "mode": 2, "high": 4}, Pert(1.0, 2.0, 4.0)),
        ({"family": "normal", "mean": 1, "sd": 2}, Normal(1.0, 2.0)),
        (
            {"family": "normal", "mean": 1, "sd": 2, "min": 0, "max": 5},
            Truncated(Normal(1.0, 2.0), 0.0, 5.0),
        ),
    ],
)
def test_parameters_are_taken_as_stated(statement: dict[str, object], expected: object) -> None:
    assert from_statement(statement) == expected


def test_every_family_is_documented() -> None:
    from analysis.model.odds import elicitation

    for family, figures in FORMS:
        assert any(
            row.startswith(family) and figures == {word.strip(",") for word in row[11:42].split()}
            for row in (elicitation.__doc__ or "").splitlines()
        ), (family, figures)


def test_symmetric_quantiles_are_normal_and_log_symmetric_ones_log_normal() -> None:
    assert isinstance(from_statement({"family": "skewed", "p10": 1, "p50": 2, "p90": 3}), Normal)
    skewed = from_statement({"family": "skewed", "p10": 1, "p50": 2, "p90": 4})
    lognormal = from_statement({"family": "lognormal", "p10": 1, "p90": 4})
    assert isinstance(skewed, Skewed)
    assert isinstance(lognormal, Skewed)
    assert (skewed.scale, skewed.skew) == pytest.approx((lognormal.scale, lognormal.skew))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            {"family": "gamma", "p10": 1},
            "family must be one of fixed, lognormal, normal, pert, .* got 'gamma'",
        ),
        ({"p10": 1, "p90": 2}, "family must be one of .* got None"),
        ({"family": "normal", "p10": 1}, r"normal is stated by \(mean, sd\) or \(p10, p90\).* got p10"),
        (
            {"family": "uniform", "low": 0, "high": 1, "min": 0},
            "both min and max or neither, got high, low, min",
        ),
        ({"family": "normal", "p10": 2, "p90": 1}, "must rise in this order: p10 2, p90 1"),
        ({"family": "lognormal", "p10": -1, "p90": 1}, "must rise in this order: 0 0, p10 -1"),
        ({"family": "skewed", "p10": 1, "p50": 1, "p90": 2}, "must rise in this order: p10 1, p50 1, p90 2"),
        ({"family": "pert", "p10": 1, "mode": 3, "p90": 2}, "must rise in this order: p10 1, mode 3, p90 2"),
        ({"family": "normal", "mean": "1", "sd": 2}, "mean must be a finite number, got '1'"),
        ({"family": "normal", "mean": 1, "sd": True}, "sd must be a finite number, got True"),
        ({"family": "fixed", "value": float("nan")}, r"statement\.value must be finite, got nan"),
    ],
)
def test_a_wrong_statement_says_what_is_wrong(statement: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_statement(statement)


def test_a_driver_says_which_figures_its_range_is() -> None:
    roles = {"family": "skewed", "low": "p10", "value": "p50", "high": "p90"}
    drawn = from_driver(roles, low=1.0, value=2.0, high=4.0)
    assert quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([1.0, 2.0, 4.0])
    roles = {"family": "pert", "low": "low", "value": "mode", "high": "high"}
    assert from_driver(roles, low=1.0, value=2.0, high=4.0) == Pert(1.0, 2.0, 4.0)
    cut = {"family": "normal", "low": "p10", "high": "p90", "min": 0.0, "max": 9.0}
    assert isinstance(from_driver(cut, low=1.0, value=7.0, high=3.0), Truncated)


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (
            {"family": "normal", "low": "p10", "high": "p10"},
            "must be the name of a figure, each once, got 'p10'",
        ),
        (
            {"family": "normal", "low": 0.1, "high": "p90"},
            "low must be the name of a figure, each once, got 0.1",
        ),
        ({"family": "normal", "low": "p05", "high": "p90"}, "normal is stated by .* got p05, p90"),
    ],
)
def test_a_wrong_role_is_named(roles: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_driver(roles, low=1.0, value=2.0, high=3.0)
