from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts import marks, shapes
from analysis.charts.render import ChartFigure, compile_chart
from analysis.charts.theme import AXIS, BAND, BLUE, MUTED, SERIES

YEARS = pd.DataFrame({"year": ["2023", "2024", "2025"], "value": [3.0, 4.0, 5.0]})
TARGETS = {"$4T": 4000.0}


def svg(chart: object, data: pd.DataFrame = YEARS, layout: str = "wide") -> str:
    return ChartFigure(chart, "A chart", "It says something.", data).svgs()[layout]


def scale(spec: dict, name: str) -> dict:
    return next(s for s in spec["scales"] if s["name"] == name)


@pytest.mark.parametrize("values", [[103.0, 104.0], [-5.0, -7.0], [-1.0, 2.0]])
def test_bars_start_at_zero(values: list[float]) -> None:
    data = pd.DataFrame({"year": ["2024", "2025"], "value": values})
    for chart in (
        shapes.bars(data, "year", "value", "usd_bn"),
        shapes.ranked(data, "year", "value", "usd_bn"),
    ):
        spec = compile_chart(chart, 600, 300)
        scales = [scale(spec, name) for name in ("x", "y") if scale(spec, name)["type"] == "linear"]
        assert [s.get("zero") for s in scales] == [True]


def test_no_chart_has_two_vertical_axes() -> None:
    from tests.browser import sample

    for chart in sample.charts():
        labelled = [a for a in chart.specs()["wide"].get("axes", []) if a["orient"] in ("left", "right")]
        assert len({axis["scale"] for axis in labelled}) <= 1


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_the_last_quarter_is_named_in_every_layout(layout: str) -> None:
    quarters = [f"{year}Q{quarter}" for year in range(2018, 2026) for quarter in (1, 2, 3, 4)]
    data = pd.DataFrame({"quarter": quarters, "value": range(len(quarters)), "series": "a"})
    chart = marks.lines(data, "quarter", "value", "series", "usd_bn", ["a"])
    found = re.findall(r'translate\(([\d.]+),20\)"([^>]*)>(\d{4}Q\d)<', svg(chart, data, layout))
    shown = [words for _, style, words in found if 'opacity="0"' not in style]
    assert shown[-1] == "2025Q4"
    assert len(shown) == {"wide": 8, "narrow": 4}[layout]


def test_labels_of_a_narrow_axis_stand_apart_at_even_steps() -> None:
    data = pd.DataFrame({"name": ["Cost of running it all", "Part of it"], "value": [194.3, 68.0]})
    picture = svg(shapes.ranked(data, "name", "value", "usd_bn"), data, "narrow")
    found = re.findall(r'translate\(([\d.]+),20\)"([^>]*)>([^<]+)<', picture)
    shown = [(float(x), words) for x, style, words in found if 'opacity="0"' not in style]
    gaps = [b[0] - a[0] for a, b in pairwise(shown)]
    assert len(shown) >= 3
    assert max(gaps) == pytest.approx(min(gaps))
    assert min(gaps) > 7 * max(len(words) for _, words in shown)  # a letter is less than 7 px


@pytest.mark.parametrize(
    ("unit", "values", "label"),
    [
        ("usd_bn", [0, 900], "$200bn"),
        ("usd_bn", [0, 5000], "$4T"),
        ("usd_bn", [0, 2600], "$1.5T"),
        ("usd_bn", [0, 2600], "$500bn"),
        ("fraction", [0, 0.45], "20%"),
        ("x", [0, 9], "4×"),
        ("x1", [0, 9], "4×"),
    ],
)
def test_axis_writes_its_unit(unit: str, values: list[float], label: str) -> None:
    data = pd.DataFrame({"year": ["2024", "2025"], "value": values})
    assert f">{label}</text>" in svg(shapes.bars(data, "year", "value", unit), data)


def test_last_step_is_always_labelled() -> None:
    data = pd.DataFrame({"quarter": [f"20{y}Q{q}" for y in (23, 24) for q in (1, 2, 3, 4)][:7], "value": 1.0})
    shown = svg(shapes.bars(data, "quarter", "value", "usd_bn", every=4), data)
    assert ">2024Q3</text>" in shown
    assert ">2023Q3</text>" in shown
    assert ">2024Q2</text>" not in shown


def test_lines_are_named_beside_their_end_and_above_it_on_a_phone() -> None:
    data = pd.DataFrame(
        {
            "year": ["2024", "2025"] * 2,
            "value": [1.0, 5.0, 1.0, 2.0],
            "name": ["Fast", "Fast", "Slow", "Slow"],
        }
    )
    chart = marks.lines(data, "year", "value", "name", "usd_bn", every=1)
    wide, narrow = svg(chart, data), svg(chart, data, "narrow")
    for name in ("Fast", "Slow"):
        assert wide.count(f">{name}</text>") == narrow.count(f">{name}</text>") == 2  # halo and text
    assert 'text-anchor="end"' not in wide.split(">Fast<")[0].rsplit("<text", 1)[1]
    assert 'text-anchor="end"' in narrow.split(">Fast<")[0].rsplit("<text", 1)[1]


def test_targets_are_drawn_and_named() -> None:
    shown = svg(marks.target_lines(TARGETS, "target"), pd.DataFrame({"x": [1]}))
    assert ">target $4T</text>" in shown
    assert "stroke-dasharray" in shown


def test_ranges_show_base_values_targets_and_today() -> None:
    data = pd.DataFrame({"method": ["DCF"], "low": [1500], "base": [2300], "high": [3900]})
    shown = svg(shapes.ranges(data, "method", "low", "base", "high", "usd_bn", TARGETS, 2240.0), data)
    for words in ("DCF", "$2.30T", "$4T", "today"):
        assert f">{words}</text>" in shown


def test_bridge_ends_at_the_sum() -> None:
    data = pd.DataFrame({"step": ["AWS", "Debt"], "value": [1200.0, -160.0]})
    shown = svg(shapes.bridge(data, "step", "value", "usd_bn", "Equity"), data)
    for words in ("$1.20T", "−$160.0bn", "Equity", "$1.04T"):
        assert f">{words}</text>" in shown


def test_tornado_writes_both_ends_on_their_own_side() -> None:
    data = pd.DataFrame({"driver": ["Capex"], "low": [3500], "high": [2900]})
    shown = svg(shapes.tornado(data, "driver", "low", "high", 3200, "usd_bn"), data)
    low, high = (shown.split(f">{words}<")[0].rsplit("<text", 1)[1] for words in ("$3.50T", "$2.90T"))
    assert 'text-anchor="end"' in high
    assert 'text-anchor="end"' not in low


def test_heat_map_runs_to_the_right_and_up() -> None:
    cells = [("p", "a", 1.0), ("p", "b", 2.0), ("q", "a", 3.0), ("q", "b", 4.0)]
    data = pd.DataFrame(cells, columns=["y", "x", "v"])
    shown = svg(shapes.heat(data, "x", "y", "v", "number0", "x", "y", [1, 2, 3, 4, 5, 6]), data)
    places = {
        int(m[3]): (float(m[1]), float(m[2]))
        for m in re.finditer(r"<text [^>]*translate\(([\d.]+),([\d.]+)\)[^>]*>([1-4])</text>", shown)
    }
    assert places[1][0] < places[2][0]
    assert places[1][1] > places[3][1]


def test_stack_puts_the_first_name_at_the_bottom() -> None:
    data = pd.DataFrame({"year": ["2025"] * 2, "value": [1.0, 2.0], "name": ["Top", "Base"]})
    shown = svg(shapes.stack(data, "year", "value", "name", "usd_bn", ["Base", "Top"]), data)
    heights = {
        c: float(re.search(rf'd="M[\d.]+,([\d.]+)h[^"]*"[^>]*fill="{c}"', shown)[1]) for c in SERIES[:2]
    }
    assert heights[SERIES[0]] > heights[SERIES[1]]


def test_highlight_mutes_the_rest() -> None:
    shown = svg(shapes.bars(YEARS, "year", "value", "usd_bn", highlight=["2025"]))
    assert shown.count(f'fill="{BLUE}"') == 1
    assert shown.count(f'fill="{MUTED}"') == 2


def test_given_domain_is_kept() -> None:
    chart = marks.lines(YEARS.assign(name="A"), "year", "value", "name", "usd_bn", domain=(0, 7.3))
    spec = compile_chart(chart, 300, 300)
    assert scale(spec, "y")["domain"] == [0, 7.3]
    assert not scale(spec, "y").get("nice")


def test_values_on_both_sides_get_a_line_of_zero() -> None:
    def axis_lines(values: list[float]) -> int:
        data = YEARS.assign(value=values, name="A")
        return svg(marks.lines(data, "year", "value", "name", "usd_bn"), data).count(f'stroke="{AXIS}"')

    assert axis_lines([-1.0, 0.5, 2.0]) == axis_lines([1.0, 0.5, 2.0]) + 1


def test_height_grows_with_the_rows() -> None:
    assert shapes.rows_height(5) - shapes.rows_height(4) == 34
    assert shapes.rows_height(1) > 34


def test_fan_has_two_bands_and_a_median() -> None:
    years = pd.DataFrame(
        {"year": [2026, 2027], "p10": [1, 1], "p25": [2, 2], "p50": [3, 4], "p75": [4, 5], "p90": [5, 7]}
    )
    shown = svg(marks.fan(years, "year", "usd_bn"), years)
    assert shown.count(f'fill="{BAND}"') == 2
    assert shown.count(f'stroke="{BLUE}"') == 1


def test_scatter_marks_the_chosen() -> None:
    data = pd.DataFrame({"firm": ["A", "B"], "growth": [0.1, 0.2], "multiple": [2.0, 3.0]})
    shown = svg(
        marks.scatter(data, "growth", "multiple", "firm", "fraction", "x", "growth", "multiple", ["B"]), data
    )
    assert shown.count(f'fill="{BLUE}"') == shown.count(f'fill="{MUTED}"') == 1


def test_heat_map_needs_six_thresholds() -> None:
    data = pd.DataFrame({"x": ["a"], "y": ["b"], "v": [1.0]})
    with pytest.raises(ValueError, match="expected 6"):
        shapes.heat(data, "x", "y", "v", "usd_bn", "x", "y", [1, 2, 3])


def test_absent_values_leave_gaps_and_no_label() -> None:
    data = pd.DataFrame({"year": ["2023", "2024", "2025"], "value": [1.0, None, 3.0]})
    assert list(marks.worded(data, "value", "usd_bn")["text"]) == ["$1.0bn", "", "$3.0bn"]
    assert "NaN" not in svg(shapes.bars(data, "year", "value", "usd_bn", labelled=True), data)


@given(st.lists(st.floats(-1e6, 1e6), max_size=8), st.floats(0, 1e5))
def test_spread_keeps_order_and_distance(values: list[float], gap: float) -> None:
    placed = marks.spread(values, gap)
    order = sorted(range(len(values)), key=lambda i: values[i])
    for one, other in pairwise(order):
        assert placed[other] - placed[one] >= gap - 1e-6 * max(1, abs(placed[other]))
    assert all(now >= before for now, before in zip(placed, values, strict=True))
