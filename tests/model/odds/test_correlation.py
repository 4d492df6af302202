"""Rank correlations: conversion, impossible sets and their repair, and what is mixed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.model.odds.correlation import (
    CorrelationError,
    cholesky,
    copula_correlation,
    copula_matrix,
    correlate,
    nearest_correlation,
    rank_correlation,
)

ABC = ("a", "b", "c")


@given(st.floats(-1, 1))
def test_rank_and_copula_correlation_are_inverse(rho: float) -> None:
    assert rank_correlation(copula_correlation(rho)) == pytest.approx(rho, abs=1e-9)


def test_mixed_scores_have_the_stated_rank_correlations() -> None:
    stated = {("a", "b"): 0.7, ("b", "c"): -0.4}
    factor = cholesky(copula_matrix(ABC, stated), ABC)
    scores = stats.norm.ppf(stats.qmc.Sobol(3, rng=1).random(2**15)).T
    found = stats.spearmanr(correlate(scores, factor).T).statistic
    assert found[0, 1] == pytest.approx(0.7, abs=2e-3)
    assert found[1, 2] == pytest.approx(-0.4, abs=2e-3)
    assert found[0, 2] == pytest.approx(0.0, abs=2e-3)


def test_the_factor_gives_the_matrix_back() -> None:
    matrix = copula_matrix(ABC, {("a", "b"): 0.7, ("b", "c"): -0.4})
    factor = cholesky(matrix, ABC)
    assert factor == pytest.approx(np.linalg.cholesky(matrix), abs=1e-14)
    scores = np.random.default_rng(0).normal(size=(3, 50))
    assert correlate(scores, factor) == pytest.approx(factor @ scores, abs=1e-13)


def test_perfect_correlation_is_allowed() -> None:
    matrix = copula_matrix(ABC, {("a", "b"): 1.0, ("a", "c"): -1.0, ("b", "c"): -1.0})
    a, b, c = correlate(np.random.default_rng(0).normal(size=(3, 50)), cholesky(matrix, ABC))
    assert b == pytest.approx(a)
    assert c == pytest.approx(-a)


def test_unstated_pairs_are_independent() -> None:
    assert copula_matrix(ABC, {}).tolist() == np.eye(3).tolist()


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({("a", "z"): 0.1}, "a ~ z: no driver z"),
        ({("a", "a"): 1.0}, "a ~ a: a driver with itself"),
        ({("a", "b"): 0.1, ("b", "a"): 0.2}, "b ~ a: stated twice, also as a ~ b"),
        ({("b", "c"): 1.1}, "b ~ c: must be between -1 and 1, got 1.1"),
        ({("a", "z"): 0.1, ("b", "c"): -2.0}, "a ~ z: .*; b ~ c: "),
    ],
)
def test_a_wrong_pair_is_named(stated: dict[tuple[str, str], float], message: str) -> None:
    with pytest.raises(CorrelationError, match=message):
        copula_matrix(ABC, stated)


def test_an_impossible_set_names_its_pairs_and_only_those() -> None:
    names = (*ABC, "zz")
    matrix = copula_matrix(names, {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.5, ("c", "zz"): 0.1})
    with pytest.raises(CorrelationError, match="cannot hold together") as raised:
        cholesky(matrix, names)
    message = str(raised.value)
    assert all(pair in message for pair in ("a ~ b is 0.9, nearest 0.", "b ~ c is 0.9", "a ~ c is -0.5"))
    assert "zz" not in message


def test_repair_is_only_on_demand_and_gives_a_possible_matrix() -> None:
    matrix = copula_matrix(ABC, {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.5})
    factor = cholesky(matrix, ABC, repair=True)
    repaired = factor @ factor.T
    assert np.diag(repaired) == pytest.approx(np.ones(3), abs=1e-8)
    assert repaired == pytest.approx(nearest_correlation(matrix), abs=1e-4)


def test_the_nearest_matrix_is_highams() -> None:
    """The example of Higham (2002), section 4: distance 0.5278 by the Frobenius norm."""
    stated = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    nearest = nearest_correlation(stated)
    assert np.linalg.norm(stated - nearest) == pytest.approx(0.5278, abs=5e-5)
    assert nearest[0].tolist() == pytest.approx([1.0, 0.7607, 0.1573], abs=5e-5)
    assert np.linalg.eigvalsh(nearest)[0] > -1e-8


def test_a_possible_matrix_is_its_own_nearest() -> None:
    matrix = copula_matrix(ABC, {("a", "b"): 0.5})
    assert nearest_correlation(matrix) == pytest.approx(matrix, abs=1e-12)


def test_a_search_that_does_not_end_is_an_error() -> None:
    matrix = copula_matrix(ABC, {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})
    with pytest.raises(CorrelationError, match="in 1 steps"):
        nearest_correlation(matrix, most_steps=1)
