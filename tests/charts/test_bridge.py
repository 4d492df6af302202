from __future__ import annotations

import re

from analysis.charts.bridge import bridge
from analysis.charts.theme import PAPER
from tests.charts.drawn import ABSENT, WORDS, documents, money, values


def test_each_step_carries_on_where_the_one_before_ended() -> None:
    steps = {"Then": money(10.0), "Growth": money(5.0), "unknown": ABSENT, "Cost": money(-3.0)}
    chart = bridge(steps, total="Now", levels={"market": money(11.0)}, **WORDS)
    assert values(chart, "step", "start", "end", "kind") == {
        ("Then", 0.0, 10.0, "rise"), ("Growth", 10.0, 15.0, "rise"), ("Cost", 15.0, 12.0, "fall"),
        ("Now", 0.0, 12.0, "total"),
    }  # fmt: skip
    assert values(chart, "name", "level") == {("market", 11.0)}
    assert documents(chart) == {"Filing"}


def test_falls_are_hollow_and_amounts_stand_where_no_line_passes() -> None:
    steps = {"Then": money(10.0), "Cost": money(-3.0)}
    chart = bridge(steps, total="Now", levels={"market": money(11.0)}, **WORDS)
    picture = chart.drawing().svgs()["narrow"]
    assert re.findall(r'fill="(#\w{6})" stroke="#17202b"', picture) == [PAPER]
    (line,) = re.findall(r'<line transform="translate\(([\d.]+),[^>]*stroke="#525b66"', picture)
    ends = re.findall(r'text-anchor="end" transform="translate\(([\d.]+),[^>]*>−?\$[\d.]+bn<', picture)
    assert min(map(float, ends)) - 50 > float(line)


def test_the_table_has_the_amounts_and_what_they_come_to() -> None:
    chart = bridge({"Then": money(10.0), "Cost": money(-3.0)}, total="Now", **WORDS)
    assert chart.csv() == "Step,Amount [usd_bn]\nThen,10.0\nCost,-3.0\nNow,7.0\n"
