from __future__ import annotations

import re

from analysis.charts.ranges import ranges
from tests.charts.drawn import ABSENT, WORDS, documents, money, values


def test_each_name_has_its_low_middle_and_high() -> None:
    chart = ranges({"DCF": (money(1.0), money(2.0), money(3.0)), "none": (ABSENT, ABSENT, ABSENT)}, **WORDS)
    assert values(chart, "name", "low", "base", "high", "text") == {("DCF", 1.0, 2.0, 3.0, "$2.0bn")}
    assert documents(chart) == {"Filing"}


def test_of_two_ends_the_low_one_is_marked() -> None:
    chart = ranges({"risk": (money(1.0), money(3.0))}, heads=("With it", "Without"), **WORDS)
    assert values(chart, "low", "base", "high") == {(1.0, 1.0, 3.0)}
    assert [column.label for column in chart.columns] == ["Name", "With it", "Without"]


def test_targets_and_today_are_named_lines() -> None:
    chart = ranges({"DCF": (money(1.0), money(2.0))}, targets={"$4T": money(4.0)}, today=money(2.4), **WORDS)
    assert values(chart, "name", "level") == {("$4T", 4.0), ("today", 2.4)}
    assert {figure.number for figure in chart.figures} == {1.0, 2.0, 4.0, 2.4}


def test_names_of_close_lines_stand_in_rows() -> None:
    shown = ranges({"a": (money(1.0), money(2.0))}, targets={"$4T": 4.0, "$5T": 5.0}, today=3.9, **WORDS)
    svg = shown.drawing().svgs()["wide"]
    heights = {
        name: float(re.findall(r"translate\([^,]*,(-?[\d.]+)\)", svg.split(f">{name}<")[0])[-1])
        for name in ("$4T", "$5T", "today")
    }
    assert heights["today"] == heights["$5T"]
    assert heights["$4T"] < heights["today"] - 10
