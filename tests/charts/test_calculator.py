from __future__ import annotations

from dataclasses import replace
from datetime import date

import altair as alt
import pytest
import vl_convert
from bs4 import BeautifulSoup

from analysis.charts.calculator import Calculator, Output, Slider, expression
from analysis.charts.grid import Grid
from tests.browser import sample


def value(growth: float, multiple: float) -> float:
    return 650 * (1 + growth) ** 5 * multiple


def calculator(**change: object) -> Calculator:
    plain = Calculator(
        "Growth and multiple",
        [
            Slider("growth", "Growth", "percent", 0.0, 0.3, 0.01, 0.1),
            Slider("multiple", "Multiple", "x", 1, 9, 0.1, 3),
        ],
        [Output("value", "Value", "usd_bn", value, {"$4T": 4000.0})],
        {"bear": {"growth": 0.05}},
    )
    return replace(plain, **change).placed("index", "play", date(2026, 3, 31))


def test_results_are_the_kernels() -> None:
    assert calculator().results() == {"value": value(0.1, 3)}
    assert calculator().results({"growth": 0.2}) == {"value": value(0.2, 3)}


def test_specification_evaluates_the_same_kernel() -> None:
    signals = {s["name"]: s for s in calculator().drawing().specs()["wide"]["signals"]}
    assert signals["growth"]["value"] == 0.1
    assert signals["output_value"]["update"] == "((650 * pow((1 + growth),5)) * multiple)"


def test_page_shows_results_before_any_script() -> None:
    page = BeautifulSoup(calculator().html(), "html.parser")
    shown = page.select_one("[data-output=value]")
    assert shown is not None
    assert shown.get_text() == "$3.14T"
    assert float(str(shown["data-value"])) == value(0.1, 3)
    reached = page.select_one("[data-target]")
    assert reached is not None
    assert (reached["data-target"], reached["data-reached"], reached.get_text()) == ("4000.0", "false", "$4T")


def test_controls_are_labelled_and_off_until_scripts_run() -> None:
    page = BeautifulSoup(calculator().html(), "html.parser")
    for slider in page.select("input[type=range]"):
        assert page.select_one(f"label[for={slider['id']}]") is not None
        assert slider.has_attr("disabled")
        assert slider["aria-valuetext"]
    assert [b.get_text() for b in page.select("button")] == ["Bear", "Reset", "Copy link"]
    assert all(b["type"] == "button" and b.has_attr("disabled") for b in page.select("button"))


def test_preset_leaves_other_sliders_at_their_start() -> None:
    assert (calculator().drawing().calculator or {})["presets"] == {"bear": {"growth": 0.05, "multiple": 3.0}}


def test_chart_of_a_calculator_is_drawn_for_both_widths() -> None:
    html = sample.calculator().html()
    assert html.count("<svg ") == 2
    assert html == sample.calculator().html()


def test_chart_is_drawn_at_the_starting_values() -> None:
    graph = vl_convert.vega_to_scenegraph(sample.calculator().drawing().specs()["wide"])["scenegraph"]
    plot = graph["items"][0]
    lines = [mark for mark in plot["items"] if mark["marktype"] == "line"]
    heights = [item["y"] for item in lines[0]["items"]]
    expected = [716.9 * 1.11**year * 3.4 for year in range(6)]
    assert [8000 * (1 - y / plot["height"]) for y in heights] == pytest.approx(expected)


def test_values_at_the_ends_of_a_slider_are_allowed() -> None:
    ends = Slider("growth", "Growth", "percent", 0.0, 0.3, 0.01, 0.0)
    output = Output("value", "Value", "x", lambda growth: growth)
    presets = {"bear": {"growth": 0.0}, "bull": {"growth": 0.3}}
    assert Calculator("Ends", [ends], [output], presets).results() == {"value": 0.0}
    top = replace(ends, value=0.3)
    assert Calculator("Ends", [top], [output], presets).results() == {"value": 0.3}


def test_grid_stands_for_a_kernel_that_is_no_expression() -> None:
    grid = Grid.of(value, growth=(0.0, 0.3, 31), multiple=(1.0, 9.0, 3))
    shown = calculator(outputs=[Output("value", "Value", "usd_bn", grid, note="Read from a grid.")])
    assert shown.results() == {"value": pytest.approx(value(0.1, 3), rel=1e-3)}
    signals = {s["name"]: s for s in shown.drawing().specs()["wide"]["signals"]}
    assert signals["grid_value"]["value"] == list(grid.values)
    assert signals["output_value"]["update"].startswith("grid_value[")
    assert "Read from a grid." in shown.html()


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (alt.param(name="growth", value=1), "growth"),
        (2, "2.0"),
        (alt.param(name="g", value=1) * 2, "(g * 2)"),
    ],
)
def test_expression_of_what_a_kernel_returns(result: object, text: str) -> None:
    assert expression(result) == text


def test_expression_refuses_what_vega_cannot_evaluate() -> None:
    with pytest.raises(TypeError, match="expected an expression"):
        expression([1, 2])
    with pytest.raises(TypeError, match="expected an expression"):
        expression(float("inf"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"presets": {"bear": {"margin": 0.1}}}, "no slider 'margin'"),
        ({"presets": {"bear": {"growth": 0.9}}}, "growth 0.9 is outside"),
        ({"outputs": []}, "no outputs"),
        ({"chart": sample.path_chart}, "a chart without a description"),
        ({"sliders": [Slider("width", "Width", "x", 0, 1, 0.1, 0.5)]}, "not a name of Vega's own"),
        ({"sliders": [Slider("growth", "Growth", "x", 0, 1, 0.1, 5)]}, "5 is outside 0…1"),
        ({"sliders": [Slider("growth", "Growth", "x", 1, 0, 0.1, 0.5)]}, "min ≤ max"),
    ],
)
def test_wrong_calculator_is_refused_with_the_reason(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        calculator(**{"presets": {}, **change})


def test_a_slider_with_one_value_stands_still() -> None:
    still = Slider("growth", "Growth", "percent", 0.2, 0.2, 0.01, 0.2)
    shown = calculator(presets={}, sliders=[still, calculator().sliders[1]])
    assert 'min="0.2" max="0.2"' in shown.html()
    assert shown.results() == {"value": value(0.2, 3)}
