"""The hundred dots: counting them reads the chances, whatever they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.charts.hundred import Hundred, Target
from analysis.figures import Figure

TODAY = Figure(2230.0, "usd_bn", "today")


def chance(value: float) -> Figure:
    return Figure(value, "fraction", "a chance")


def dots(values: list[float] | None = None, touched: float = 0.5) -> Hundred:
    found = values or [1000.0 + 60 * n for n in range(100)]
    above = sum(value >= 4000 for value in found)
    targets = [
        Target("$4T", 4000.0, chance(above / 100), chance(0.8)),
        Target("$5T", 5000.0, chance(0.3), chance(0.5)),
    ]
    return Hundred(
        "A title", "What is drawn", found, [touched] * 100, targets, TODAY, Figure(3970.0, "usd_bn", "m")
    )


def drawn(figure: Hundred, kind: str) -> Any:
    return BeautifulSoup(figure.html(), "html.parser").select_one(f".plot > svg.{kind}")


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_there_are_a_hundred_dots_and_those_right_of_a_line_are_above_it(kind: str) -> None:
    figure = dots()
    picture = drawn(figure, kind)
    line = float(re.match(r"M([\d.]+)", picture.select_one(".target")["d"])[1])
    places = {(dot["cx"], dot["cy"]) for dot in picture.select("circle")}  # a core within its ring is one
    assert len(places) == 100
    assert sum(float(x) > line for x, _ in places) == sum(value >= 4000 for value in figure.values)


@given(st.lists(st.floats(200, 30_000), min_size=100, max_size=100), st.floats(0, 1))
def test_rings_and_dots_above_make_the_share_that_touched(values: list[float], touched: float) -> None:
    figure = dots(sorted(values), touched)
    below = sum(value < 4000 for value in figure.values)
    assert abs(len(figure.ringed) - figure.touched[0] * below) <= 0.5 + 1e-9
    counts = figure.counts()
    assert counts["low"] + counts["mid"] + counts["hit"] + counts["top"] == 100


def test_a_dot_stands_where_the_value_that_scripts_are_given_places_it() -> None:
    near = dots([1000.0] * 99 + [4749.96])  # to $0.1bn the end of a column
    plot = BeautifulSoup(near.html(), "html.parser").select_one(".plot")
    assert str(drawn(near, "wide")) == str(drawn(dots(json.loads(plot["data-values"])), "wide"))


@settings(max_examples=25)  # of a hundred dots each, drawn twice
@given(st.lists(st.floats(200, 30_000), min_size=100, max_size=100))
def test_dots_never_overlap_nor_leave_the_picture(values: list[float]) -> None:
    for kind in ("wide", "narrow"):
        picture = drawn(dots(sorted(values)), kind)
        width = float(picture["viewbox"].split()[2])
        found: dict[float, list[tuple[float, float]]] = {}
        for dot in picture.select("circle:not(.mid), circle.mid"):
            found.setdefault(float(dot["cx"]), []).append((float(dot["cy"]), float(dot["r"])))
        assert all(x - r >= 0 and x + r <= width for x, column in found.items() for _, r in column)
        for column in found.values():
            whole = sorted({y for y, _ in column})
            largest = max(r for _, r in column)
            assert whole[0] - largest >= 0
            assert all(b - a >= 2 * largest - 0.2 for a, b in pairwise(whole))


def test_axis_moves_on_where_many_lie_beyond_it() -> None:
    assert drawn(dots(), "wide")["data-end"] == "8000"
    assert drawn(dots([9000.0 + n for n in range(100)]), "wide")["data-end"] == "12000"


def test_states_are_said_in_words_and_the_values_are_data() -> None:
    figure = dots().placed("index", "hundred", date(2026, 3, 31))
    assert "end above $4T, 80 touch it" in figure.description
    lines = figure.csv().splitlines()
    assert lines[0] == "Dot [count],Market value [usd_bn],Touched $4T"
    assert len(lines) == 101


def test_the_key_counts_each_dot_once_and_tells_the_rings_among_them() -> None:
    key = [item.text for item in BeautifulSoup(dots().html(), "html.parser").select(".dot-key li")]
    assert key == [
        "21 below today’s value",
        "29 up to $4T",
        "25 of these touched $4T",
        "17 from $4T to $5T",
        "33 above $5T",
    ]


def test_above_the_lowest_target_today_parts_no_dots() -> None:
    high = replace(dots(), today=Figure(4500.0, "usd_bn", "today"))
    key = [item.text for item in BeautifulSoup(high.html(), "html.parser").select(".dot-key li")]
    assert key[:2] == ["50 below $4T", "25 of these touched $4T"]
    assert "59 end below today’s" in high.description


def test_other_than_a_hundred_values_from_the_lowest_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 100"):
        replace(dots(), values=[1.0])
    with pytest.raises(ValueError, match="from the lowest"):
        replace(dots(), values=[2.0, *[1.0] * 99])
