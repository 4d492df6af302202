from __future__ import annotations

from analysis.charts.scenario_paths import scenario_paths
from tests.charts.drawn import WORDS, by_quarter, money, values

PATHS = {"bear": {2026: money(3.0)}, "base": {2026: money(4.0)}, "worse": {2026: money(2.0)}}


def test_each_path_begins_at_the_last_reported_year_and_a_fourth_scenario_needs_no_code() -> None:
    chart = scenario_paths(PATHS, reported=by_quarter(q2024Q4=1.0, q2025Q3=9.0, q2025Q4=2.0), **WORDS)
    drawn = values(chart, "year", "series", "value")
    assert {row for row in drawn if row[1] == "reported"} == {
        ("2024", "reported", 1.0),
        ("2025", "reported", 2.0),
    }
    assert {row for row in drawn if row[1] == "worse"} == {("2025", "worse", 2.0), ("2026", "worse", 2.0)}


def test_what_was_reported_is_solid_and_what_is_projected_dashed() -> None:
    chart = scenario_paths(PATHS, reported={2025: money(2.0)}, **WORDS)
    assert values(chart, "series", "status") == {
        ("reported", "reported"), *((name, "projected") for name in PATHS)}  # fmt: skip
    assert "; dashed where projected</p>" in chart.html()


def test_the_name_of_what_was_reported_stands_above_the_paths_near_it() -> None:
    chart = scenario_paths(PATHS, reported={2025: money(2.0)}, **WORDS)
    assert values(chart, "year", "series", "name_at") >= {("2025", "reported", 4.0)}


def test_the_table_has_a_row_a_year() -> None:
    chart = scenario_paths(PATHS, reported={2025: money(2.0)}, **WORDS)
    assert list(chart.data["Year"]) == [2025, 2026]
    assert list(chart.data["base"].fillna(0)) == [0, 4.0]
