"""Tornado, grids, break-evens and elasticities of functions whose answers are known."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from analysis.model.odds.sensitivity import elasticities, tornado

BASE = {"growth": 0.10, "multiple": 3.0, "idle": 1.0}


def value(drivers: Mapping[str, float]) -> float:
    return 700 * (1 + drivers["growth"]) ** 5 * drivers["multiple"]


def test_the_widest_bar_comes_first_and_each_moves_one_driver() -> None:
    bars = tornado(value, BASE, {"idle": (0.0, 2.0), "growth": (0.05, 0.15), "multiple": (1.0, 4.0)})
    assert [bar.name for bar in bars] == ["multiple", "growth", "idle"]
    assert bars[0].at_low == value({**BASE, "multiple": 1.0})
    assert bars[1].at_high == value({**BASE, "growth": 0.15})
    assert bars[1].swing == pytest.approx(value({**BASE, "growth": 0.15}) - value({**BASE, "growth": 0.05}))
    assert bars[2].swing == 0.0


def test_a_driver_that_lowers_the_result_has_a_swing_too() -> None:
    ranges = {"up": (0.0, 1.0), "down": (-1.0, 2.0)}
    bar, other = tornado(lambda d: d["up"] - d["down"], {"up": 0.0, "down": 0.0}, ranges)
    assert (bar.name, bar.at_low, bar.at_high, bar.swing) == ("down", 1.0, -2.0, 3.0)
    assert other.swing == 1.0


def test_elasticities_are_the_exponents() -> None:
    found = elasticities(lambda d: d["x"] ** 3 / d["y"], {"x": 2.0, "y": -5.0}, ["x", "y"])
    assert found == pytest.approx({"x": 3.0, "y": -1.0}, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tornado(value, BASE, {"x": (0.0, 1.0), "y": (0.0, 1.0)}), "no driver x, y in the base"),
        (
            lambda: tornado(value, BASE, {"growth": (0.2, 0.1), "multiple": (4.0, 5.0)}),
            "growth: 0.2 to 0.1 about 0.1; multiple: 4 to 5 about 3",
        ),
        (lambda: tornado(value, BASE, {"growth": (0.0, math.inf)}), r"ranges\.growth\[1\] must be finite"),
        (lambda: elasticities(value, {**BASE, "idle": 0.0}, ["idle"]), "no meaning at zero: idle"),
        (lambda: elasticities(lambda d: 0.0, BASE, ["growth"]), "no meaning at zero: the result"),
        (lambda: elasticities(lambda d: math.inf, BASE, ["growth"]), "not finite at the base"),
    ],
)
def test_bad_arguments_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
