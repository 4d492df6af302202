"""The standard normal functions against the standard library's."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from analysis.model._normal import log_normal_cdf, normal_cdf, normal_density, normal_score

STANDARD = NormalDist()
SCORES = np.linspace(-4, 4, 17)


def test_probability_score_and_density_are_those_of_the_standard_library() -> None:
    assert normal_cdf(SCORES) == pytest.approx([STANDARD.cdf(z) for z in SCORES], abs=1e-14)
    assert normal_density(SCORES) == pytest.approx([STANDARD.pdf(z) for z in SCORES], rel=1e-13)
    assert normal_score(normal_cdf(SCORES)) == pytest.approx(SCORES, abs=1e-11)
    assert log_normal_cdf(SCORES) == pytest.approx(np.log(normal_cdf(SCORES)), rel=1e-12)


def test_the_logarithm_reaches_where_the_probability_is_nil() -> None:
    assert normal_cdf(-50.0) == 0
    assert log_normal_cdf(-50.0) == pytest.approx(-0.5 * 50**2 - np.log(50 * np.sqrt(2 * np.pi)), rel=1e-6)
