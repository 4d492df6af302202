from __future__ import annotations

import pandas as pd

from analysis.charts.fan import fan
from tests.charts.drawn import WORDS, by_quarter, documents, money, values

DRAWS = pd.DataFrame(
    {"p10": [2.0, 1.0], "p25": [2.0, 2.0], "p50": [2.0, 3.0], "p75": [2.0, 4.0], "p90": [2.0, 5.0]},
    index=["today", "2026"],
)


def test_the_outer_pair_and_the_inner_pair_are_bands_around_the_middle() -> None:
    chart = fan(DRAWS, unit="usd_bn", targets={"$4T": 4.0}, today=2.0, named={"p50": "value"}, **WORDS)
    assert values(chart, "step", "low", "high") >= {("2026", 1.0, 5.0), ("2026", 2.0, 4.0)}
    assert values(chart, "step", "value", "text") == {("today", 2.0, "$2.0bn"), ("2026", 3.0, "$3.0bn")}
    assert values(chart, "level", "words") == {(4.0, "$4T"), (2.0, "today $2.0bn")}
    assert values(chart, "step", "words") == {("2026", "$3.0bn")}


def test_the_middle_is_dashed_from_where_low_and_high_part() -> None:
    years = {"2025": [1.0] * 5, "today": [2.0] * 5, "2026": [1.0, 2.0, 3.0, 4.0, 5.0]}
    frame = pd.DataFrame.from_dict(years, orient="index", columns=list(DRAWS.columns))
    spec = fan(frame, unit="usd_bn", **WORDS).chart.to_dict()
    lines = [each for each in spec["layer"] if each["mark"]["type"] == "line"]
    drawn = [[row["step"] for row in spec["datasets"][each["data"]["name"]]] for each in lines]
    assert drawn == [["2025", "today"], ["today", "2026"]]
    assert [each["mark"].get("strokeDash") for each in lines] == [None, [6, 3]]


def test_what_came_stands_as_points_in_the_band_and_in_the_table() -> None:
    low, middle, high = (by_quarter(q2024Q4=n, q2025Q4=n + 1) for n in (1.0, 2.0, 3.0))
    chart = fan(
        {"Low": low, "Forecast": middle, "High": high}, points={"what came": by_quarter(q2024Q4=2.5)}, **WORDS
    )
    assert ("2024Q4", 2.5) in values(chart, "quarter", "value")
    assert list(chart.data["what came"].fillna(0)) == [2.5, 0]
    assert documents(chart) == {"Filing"}


def test_two_series_are_bars_from_one_to_the_other() -> None:
    chart = fan(
        {"low": by_quarter(q2024Q4=1.0), "high": by_quarter(q2024Q4=2.0)}, named={"low": "guidance"}, **WORDS
    )
    assert values(chart, "quarter", "low", "high") == {("2024Q4", 1.0, 2.0)}
    assert values(chart, "quarter", "words") == {("2024Q4", "guidance")}


def test_others_ranges_stand_at_their_step() -> None:
    years = {2026: money(1.0), 2027: money(2.0)}
    chart = fan(
        {"low": years, "assumed": years, "high": years},
        spans={"a bank's estimate": (2027, money(1.5), money(1.8))},
        **WORDS,
    )
    assert values(chart, "year", "low", "high", "name") == {("2027", 1.5, 1.8, "a bank's estimate")}
    assert {1.5, 1.8} <= {figure.number for figure in chart.figures}
