from __future__ import annotations

import pytest

from analysis.charts.frames import NothingToDraw
from analysis.charts.tornado import tornado
from tests.charts.drawn import ABSENT, WORDS, documents, money, values


def test_each_driver_has_the_results_at_its_ends_around_the_centre() -> None:
    chart = tornado(
        {"growth": (money(1.0), money(4.0)), "none": (ABSENT, money(1.0))}, centre=money(2.0), **WORDS
    )
    assert values(chart, "driver", "low", "high", "centre") == {("growth", 1.0, 4.0, 2.0)}
    assert values(chart, "name", "level") == {("base", 2.0)}
    assert documents(chart) == {"Filing"}


def test_without_a_centre_there_is_nothing_to_draw() -> None:
    with pytest.raises(NothingToDraw):
        tornado({"growth": (money(1.0), money(4.0))}, centre=ABSENT, **WORDS)
