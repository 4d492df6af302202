from __future__ import annotations

import pytest

from analysis.charts.bars import bars, paired_bars, stacked_bars
from analysis.charts.frames import NothingToDraw
from tests.charts.drawn import ABSENT, WORDS, documents, money, share, values


def test_bars_stand_in_the_order_given_each_with_its_value() -> None:
    chart = bars({"b": money(-2.0), "none": ABSENT, "a": money(1000.4)}, unit="usd_bn0", **WORDS)
    assert values(chart, "name", "value", "text") == {("b", -2.0, "−$2bn"), ("a", 1000.4, "$1.00T")}
    assert list(chart.data["name"]) == ["b", "a"]
    assert (chart.columns[1].unit, documents(chart)) == ("usd_bn", {"Filing"})


def test_the_table_may_have_columns_that_are_not_drawn() -> None:
    chart = bars(
        {"a": money(1.0)}, also={"What it says": {"a": "words"}, "Alone": {"a": share(0.2)}}, **WORDS
    )
    assert [(c.label, c.unit) for c in chart.columns[2:]] == [("What it says", "text"), ("Alone", "fraction")]
    assert ",words,0.2" in chart.csv()


def test_intervals_have_both_ends() -> None:
    chart = bars({"a": share(0.3)}, intervals={"a": (share(0.2), share(0.4))}, **WORDS)
    assert values(chart, "name", "low", "high") == {("a", 0.2, 0.4)}


def test_a_plan_stands_below_its_bar_with_its_range_in_words() -> None:
    plans = {"a": (money(4.0), money(5.0)), "b": (money(3.0), money(3.0)), "c": (ABSENT, ABSENT)}
    chart = bars({"a": money(2.0), "b": money(1.0), "c": money(1.0)}, plans=plans, **WORDS)
    assert values(chart, "name", "low", "high", "plan") == {
        ("a", 4.0, 5.0, "plan $4bn to $5bn"), ("b", 3.0, 3.0, "plan $3bn"),
    }  # fmt: skip
    assert [column.label for column in chart.columns][2:] == ["Plan, low", "Plan, high"]
    assert {figure.number for figure in chart.figures} == {1.0, 2.0, 3.0, 4.0, 5.0}


def test_bars_without_any_figure_are_refused() -> None:
    with pytest.raises(NothingToDraw):
        bars({"a": ABSENT}, **WORDS)


def test_parts_are_stacked_from_the_left_and_measures_paired() -> None:
    given = {"holds": {"x": 1.0, "y": 2.0}, "fails": {"x": 3.0}}
    stacked = stacked_bars(given, unit="count", **WORDS)
    assert values(stacked, "name", "series", "value", "place") == {
        ("x", "holds", 1.0, 0), ("y", "holds", 2.0, 0), ("x", "fails", 3.0, 1),
    }  # fmt: skip
    paired = paired_bars(given, unit="count", **WORDS)
    assert values(paired, "name", "series", "value") == {
        ("x", "holds", 1.0),
        ("y", "holds", 2.0),
        ("x", "fails", 3.0),
    }
