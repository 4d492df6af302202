"""How charts of every form look: what is labelled where, on a desk and on a phone."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts import forms, marks
from analysis.charts.render import ChartFigure
from analysis.charts.theme import AXIS, BAND, INK, MUTED
from tests.charts.drawn import WORDS

MONEY: dict[str, Any] = {"unit": "usd_bn", "source": "a filing", **WORDS}
YEARS = {2023: 3.0, 2024: 4.0, 2025: 5.0}
TARGETS = {"$4T": 4000.0}


def svg(chart: ChartFigure, layout: str = "wide") -> str:
    return chart.drawing().svgs()[layout]


def scale(chart: ChartFigure, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in chart.drawing().specs()["wide"]["scales"] if s["name"] == name)
    return found


@pytest.mark.parametrize("values", [[103.0, 104.0], [-5.0, -7.0], [-1.0, 2.0]])
def test_bars_start_at_zero(values: list[float]) -> None:
    data = dict(zip(("2024", "2025"), values, strict=True))
    for chart in (forms.columns(data, **MONEY), forms.bars(data, **MONEY)):
        scales = [scale(chart, name) for name in ("x", "y") if scale(chart, name)["type"] == "linear"]
        assert [s.get("zero") for s in scales] == [True]


def test_no_chart_has_two_vertical_axes() -> None:
    from tests.browser import sample

    for chart in sample.charts():
        labelled = [
            a for a in chart.drawing().specs()["wide"].get("axes", []) if a["orient"] in ("left", "right")
        ]
        assert len({axis["scale"] for axis in labelled}) <= 1


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_the_last_quarter_is_named_in_every_layout(layout: str) -> None:
    quarters = [f"{year}Q{quarter}" for year in range(2018, 2026) for quarter in (1, 2, 3, 4)]
    chart = forms.lines({"a": {quarter: float(n) for n, quarter in enumerate(quarters)}}, **MONEY)
    found = re.findall(r'translate\(([\d.]+),20\)"([^>]*)>(\d{4}Q\d)<', svg(chart, layout))
    shown = [words for _, style, words in found if 'opacity="0"' not in style]
    assert shown[-1] == "2025Q4"
    assert len(shown) == {"wide": 8, "narrow": 4}[layout]


def test_labels_of_a_narrow_axis_stand_apart_at_even_steps() -> None:
    picture = svg(forms.bars({"Cost of running it all": 194.3, "Part of it": 68.0}, **MONEY), "narrow")
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
    chart = forms.columns(dict(zip(("2024", "2025"), values, strict=True)), unit=unit, source="a", **WORDS)
    assert f">{label}</text>" in svg(chart)


def test_last_step_is_always_labelled() -> None:
    quarters = [f"20{year}Q{quarter}" for year in (23, 24) for quarter in (1, 2, 3, 4)][:7]
    shown = svg(forms.columns(dict.fromkeys(quarters, 1.0), every=4, **MONEY))
    assert ">2024Q3</text>" in shown
    assert ">2023Q3</text>" in shown
    assert ">2024Q2</text>" not in shown


@pytest.mark.parametrize(("name", "on_a_phone"), [("Fast", True), ("Fast in dollars", False)])
def test_lines_are_named_beside_their_end_on_a_phone_if_there_is_room(name: str, on_a_phone: bool) -> None:
    chart = forms.lines({name: {2024: 1.0, 2025: 5.0}, "Slow": {2024: 1.0, 2025: 2.0}}, **MONEY)
    seen = {layout: f">{name}</text>" in svg(chart, layout) for layout in ("wide", "narrow")}
    faint = {layout: 'opacity="0"' in svg(chart, layout).split(f">{name}<")[0].rsplit("<text", 1)[1]
             for layout in seen if seen[layout]}  # fmt: skip
    assert {layout: seen[layout] and not faint[layout] for layout in seen} == {
        "wide": True,
        "narrow": on_a_phone,
    }
    line = BeautifulSoup(chart.html(), "html.parser").select_one(".readout")
    assert line is not None
    assert name in line.get_text()


def test_targets_are_drawn_and_named() -> None:
    shown = svg(forms.lines({"a": YEARS}, targets=TARGETS, **MONEY))
    assert ">$4T</text>" in shown
    assert "stroke-dasharray" in shown


def test_ranges_show_middle_values_targets_and_today() -> None:
    shown = svg(forms.ranges({"DCF": (1500, 2300, 3900)}, targets=TARGETS, today=2240.0, **MONEY))
    for words in ("DCF", "$2.30T", "$4T", "today"):
        assert f">{words}</text>" in shown


def test_bridge_ends_at_the_sum() -> None:
    shown = svg(forms.bridge({"AWS": 1200.0, "Debt": -160.0}, total="Equity", **MONEY))
    for words in ("$1.20T", "−$160.0bn", "Equity", "$1.04T"):
        assert f">{words}</text>" in shown


def test_tornado_writes_both_ends_on_their_own_side() -> None:
    shown = svg(forms.tornado({"Capex": (3500, 2900)}, centre=3200, **MONEY))
    low, high = (shown.split(f">{words}<")[0].rsplit("<text", 1)[1] for words in ("$3.50T", "$2.90T"))
    assert 'text-anchor="end"' in high
    assert 'text-anchor="end"' not in low


def test_heat_grid_runs_to_the_right_and_up() -> None:
    steps: dict[str, Any] = {"rows": [0.1, 0.2], "row": ("y", "percent0"), "column": ("x", "percent0")}
    chart = forms.heat_grid(
        [[1.0, 2.0], [3.0, 4.0]],
        columns=[0.1, 0.2],
        unit="number0",
        tints=[1, 2, 3, 4, 5, 6],
        **steps,
        **WORDS,
    )
    places = {
        int(m[3]): (float(m[1]), float(m[2]))
        for m in re.finditer(r"<text [^>]*translate\(([\d.]+),([\d.]+)\)[^>]*>([1-4])</text>", svg(chart))
    }
    assert places[1][0] < places[2][0]
    assert places[1][1] > places[3][1]


def test_stack_puts_the_first_part_at_the_bottom() -> None:
    chart = forms.columns({"First": {2025: 2.0}, "Second": {2025: 1.0}}, **MONEY)
    shown = svg(chart)
    colours = list(chart.colours.values())
    heights = [float(re.search(rf'd="M[\d.]+,([\d.]+)h[^"]*"[^>]*fill="{c}"', shown)[1]) for c in colours]
    assert heights[0] > heights[1]


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        (forms.columns({"a": YEARS}, totals=True, targets={"$4T": 3.1}, **MONEY), "$3.0bn"),
        (forms.fan(dict.fromkeys("abc", YEARS), spans={"a bank": (2024, 3.0, 4.0)}, **MONEY), "a bank"),
        (forms.columns(YEARS, labelled=True, targets={"$4T": 3.1}, **MONEY), "$3.0bn"),
        (forms.scatter({"a": (1.0, 2.0), "b": (2.0, 1.0)}, x=("x", "x"), y=("y", "x"), joined=True,
                       source="a", **WORDS), "2.00×"),
        (forms.scatter({"a": (1.0, 2.0)}, x=("x", "x"), y=("y", "x"), source="a",
                       curves={"curve": [(0.0, 1.0), (2.0, 3.0)]}, curve_names="start", **WORDS), "curve"),
    ],
)  # fmt: skip
def test_words_that_a_line_may_pass_have_a_halo(chart: ChartFigure, words: str) -> None:
    texts = re.findall(rf"<text ([^>]*)>{re.escape(words)}</text>", svg(chart))
    assert ['stroke="#fcfbf8"' in each for each in texts] == [True, False]


def test_names_of_upright_lines_stand_in_rows_apart_on_a_phone() -> None:
    """Names of rows leave the plot little of its width there."""
    rows = {"Eight in ten simulations": (2000.0, 5000.0, 10000.0)}
    shown = svg(forms.ranges(rows, targets={"$4T": 4000.0, "$5T": 5000.0}, today=2840.0, **MONEY), "narrow")
    found = re.findall(r'translate\([\d.]+,(-[\d.]+)\)"[^>]*>(\$4T|\$5T|today)<', shown)
    height = {name: float(y) for y, name in found}
    assert height["$4T"] < min(height["today"], height["$5T"])


def test_highlight_mutes_the_rest() -> None:
    shown = svg(forms.columns(YEARS, highlight=["2025"], **MONEY))
    assert shown.count(f'fill="{INK}"') == 1
    assert shown.count(f'fill="{MUTED}"') == 2


def test_values_on_both_sides_get_a_line_of_zero() -> None:
    def axis_lines(values: list[float]) -> int:
        line = dict(zip(YEARS, values, strict=True))
        return svg(forms.lines({"A": line}, **MONEY)).count(f'stroke="{AXIS}"')

    assert axis_lines([-1.0, 0.5, 2.0]) == axis_lines([1.0, 0.5, 2.0]) + 1


def test_height_grows_with_the_rows() -> None:
    assert marks.rows_height(5) - marks.rows_height(4) == 34
    assert marks.rows_height(1) > 34


def test_fan_has_two_bands_and_a_median() -> None:
    levels = {f"p{n}": {2026: at, 2027: at + 1} for at, n in enumerate((10, 25, 50, 75, 90))}
    shown = svg(forms.fan(levels, **MONEY))
    assert shown.count(f'fill="{BAND}"') == 2
    assert shown.count(f'stroke="{INK}"') == 1


def test_absent_values_have_no_label() -> None:
    data = pd.DataFrame({"year": ["2023", "2024", "2025"], "value": [1.0, None, 3.0]})
    assert list(marks.worded(data, "value", "usd_bn")["text"]) == ["$1.0bn", "", "$3.0bn"]


@given(st.lists(st.floats(-1e6, 1e6), max_size=8), st.floats(0, 1e5))
def test_spread_keeps_order_and_distance(values: list[float], gap: float) -> None:
    placed = marks.spread(values, gap)
    order = sorted(range(len(values)), key=lambda i: values[i])
    for one, other in pairwise(order):
        assert placed[other] - placed[one] >= gap - 1e-6 * max(1, abs(placed[other]))
    assert all(now >= before for now, before in zip(placed, values, strict=True))
