"""What was reported, and each scenario from there."""

from __future__ import annotations

import pandas as pd

from analysis.charts.paths import REPORTED, path_frame, paths

REPORTED_YEARS = {2023: 1.0, 2024: 2.0, 2025: 3.0}
AHEAD = {"bear": [3.5, 4.0], "base": [4.0, 5.0], "bull": [5.0, 7.0]}


def test_every_path_begins_at_the_last_reported_year() -> None:
    data = path_frame(REPORTED_YEARS, (2026, 2027), AHEAD)
    starts = data[data["series"] != REPORTED].groupby("series").first()
    assert set(starts["year"]) == {2025}
    assert set(starts["value"]) == {3.0}
    assert list(data.loc[data["series"] == "bull", "value"]) == [3.0, 5.0, 7.0]


def test_a_path_that_begins_in_the_reported_year_has_no_point_before() -> None:
    data = path_frame({2023: 1.0, 2024: 2.0}, (2026, 2027), AHEAD)
    assert data.loc[data["series"] == "base", "year"].min() == 2026


def test_scenarios_are_named_once_and_the_past_once() -> None:
    spec = paths(path_frame(REPORTED_YEARS, (2026, 2027), AHEAD), "usd_bn").to_dict()
    frames = [pd.DataFrame(rows) for rows in spec["datasets"].values()]
    named = next(f for f in frames if "name_at" in f)
    assert sorted(named["series"]) == ["base", "bear", "bull"]
    assert any(list(f["series"]) == [REPORTED] for f in frames)
