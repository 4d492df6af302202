from __future__ import annotations

import re

from analysis.charts.columns import columns
from analysis.charts.theme import BLUE, INK, MUTED
from tests.charts.drawn import ABSENT, WORDS, by_quarter, documents, money, values


def test_a_series_is_drawn_as_bars_and_headed_by_its_label() -> None:
    chart = columns(by_quarter(q2024Q4=1.0, q2025Q1=2.0), **WORDS)
    assert values(chart, "quarter", "value") == {("2024Q4", 1.0), ("2025Q1", 2.0)}
    assert [column.label for column in chart.columns] == ["Quarter", "Sales"]
    assert documents(chart) == {"Filing"}


def test_values_by_name_are_drawn_in_their_order_and_absent_ones_left_out() -> None:
    chart = columns({"few": money(3.0), "none": ABSENT, "all": money(1.0)}, head="Share", **WORDS)
    assert list(chart.data["Step"]) == ["few", "all"]


def test_parts_are_stacked_the_first_at_the_bottom_with_their_sums_above() -> None:
    parts = {
        "AWS": {"bear": money(2.0), "bull": money(3.0)},
        "Cash": {"bear": money(-1.0), "bull": money(1.0)},
    }
    chart = columns(parts, totals=True, targets={"$4T": 4.0}, **WORDS)
    assert values(chart, "series", "position") == {("AWS", 0), ("Cash", 1)}
    assert values(chart, "step", "words", "top") == {("bear", "$1.0bn", 2.0), ("bull", "$4.0bn", 4.0)}


def test_what_is_not_highlighted_is_muted() -> None:
    chart = columns({"a": money(1.0), "b": money(2.0)}, highlight=["b"], **WORDS)
    fill = chart.chart.to_dict()["layer"][0]["encoding"]["color"]
    assert (fill["condition"][0]["value"], fill["value"]) == (INK, MUTED)


def test_single_bars_have_the_colour_of_the_thing_that_the_title_begins_with() -> None:
    def fill(title: str) -> str:
        chart = columns({"a": money(1.0)}, title=title, finding=WORDS["finding"])
        return str(chart.chart.to_dict()["layer"][0]["encoding"]["color"]["value"])

    assert [fill(title) for title in ("AWS's sales", "Sales of AWS", "Awsome sales")] == [BLUE, INK, INK]


def test_no_line_strikes_what_is_written_above_bars() -> None:
    chart = columns({"a": money(3.9), "b": money(1.0)}, labelled=True, targets={"$4T": 4.0}, **WORDS)
    layers = chart.chart.to_dict()["layer"]
    assert layers[0]["layer"][0]["encoding"]["y"]["axis"]["grid"] is False
    words = chart.drawing().svgs()["wide"]
    (line,) = re.findall(r'translate\(0,([\d.]+)\)" x2="[\d.]+" stroke="#b3123f"', words)
    heights = [float(y) for y in re.findall(r'translate\([\d.]+,([\d.]+)\)"[^>]*>\$3.9bn<', words)]
    assert all(abs(y - 4 - float(line)) > 7 for y in heights)  # a text's y is its foot


def test_a_place_without_a_value_stays_empty() -> None:
    chart = columns(by_quarter(q2021Q4=1.0, q2023Q4=2.0), places=["2021Q4", "2022Q4", "2023Q4"], **WORDS)
    across = chart.chart.to_dict()["layer"][0]["encoding"]["x"]
    assert (across["sort"], across["scale"]) == (None, {"domain": ["2021Q4", "2022Q4", "2023Q4"]})
    assert list(chart.data["Quarter"]) == ["2021Q4", "2023Q4"]
