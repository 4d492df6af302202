"""Levers as bars: the gap to a target is what is set off."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from analysis.charts.levers import Lever, Levers
from analysis.figures import Figure, text


def share(value: float) -> Figure:
    return Figure(value, "fraction", "a share")


def rows(lever: Lever) -> dict[str, tuple[dict[str, float], str]]:
    """By name of the row the widths of its bars by kind, and its value."""
    page = BeautifulSoup(Levers("Title", "note", [lever]).html(), "html.parser")
    found = {}
    for row in page.select("dl > div"):
        widths = {
            " ".join(bar["class"][1:]): float(re.findall(r"[\d.]+", str(bar["style"]))[0])
            for bar in row.select("i")
        }
        found[row.dt.get_text()] = (widths, row.select_one(".lever-value").get_text())
    return found


def test_a_target_s_bar_is_the_scenario_s_and_the_gap() -> None:
    needed = {"$4T": share(0.26), "$5T": share(0.4)}
    found = rows(Lever("AWS", "growth", "fraction", share(0.1), share(0.2), needed))
    assert found["Now"] == ({"now": 17.5}, "10.0%")
    assert found["Scenario"] == ({"base": 35.0}, "20.0%")
    assert found["For $4T"] == ({"same": 35.0, "target": 10.5}, "26.0%")
    assert found["For $5T"] == ({"same": 35.0, "beyond": 35.0}, "40.0%")


def test_a_scenario_above_a_target_shows_what_could_be_lost() -> None:
    found = rows(Lever("AWS", "growth", "fraction", None, share(0.2), {"$4T": share(0.15)}))
    assert found["For $4T"] == ({"same": 52.5, "spare": 17.5}, "15.0%")
    assert "Now" not in found


def test_a_level_that_no_search_found_is_words_without_a_bar() -> None:
    needed = {"$4T": text("more than 60%", "a level")}
    found = rows(Lever("AWS", "growth", "fraction", None, share(0.2), needed))
    assert found["For $4T"] == ({}, "more than 60%")
