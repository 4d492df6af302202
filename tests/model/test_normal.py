"""The standard normal functions against the standard library's."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from analysis.model._normal import normal_cdf, normal_density, normal_score

STANDARD = NormalDist()
SCORES = np.linspace(-4, 4, 17)


def test_probability_score_and_density_are_those_of_the_standard_library() -> None:
    assert normal_cdf(SCORES) == pytest.approx([STANDARD.cdf(z) for z in SCORES], abs=1e-14)
    assert normal_density(SCORES) == pytest.approx([STANDARD.pdf(z) for z in SCORES], rel=1e-13)
    assert normal_score(normal_cdf(SCORES)) == pytest.approx(SCORES, abs=1e-11)
