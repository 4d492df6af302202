"""Bars that sliders steer: each has its own value, whatever its name."""

from __future__ import annotations

import re

import altair as alt
import vl_convert

from analysis.charts import steered


def drawn(chart: alt.LayerChart) -> list[str]:
    svg = vl_convert.vegalite_to_svg(chart.properties(width=600, height=200).to_dict())
    return re.findall(r">(−?\$[\d.,]+(?:bn|T))<", svg)


def test_each_column_has_the_value_of_its_own_expression() -> None:
    rate = alt.param(name="rate", value=0.5)
    path = {str(2026 + n): 100 * (1 + rate) ** (n + 1.0) for n in range(3)}
    words = drawn(steered.columns(path).add_params(rate))
    assert [word for word in dict.fromkeys(words) if "." in word] == ["$150.0bn", "$225.0bn", "$337.5bn"]


def test_targets_are_named_where_they_are_given() -> None:
    svg = vl_convert.vegalite_to_svg(steered.columns({"2030": 1500.0}, {"$4T": 4000.0}).to_dict())
    assert ">$4T<" in svg
    assert ">$1.50T<" in svg
    assert ">$4T<" not in vl_convert.vegalite_to_svg(steered.columns({"2030": 1500.0}).to_dict())


def test_horizontal_bars_follow_the_sliders_too() -> None:
    cost = alt.param(name="cost", value=40.0)
    words = drawn(steered.bars({"all": cost * 2, "half": cost / 2}).add_params(cost))
    assert {"$80.0bn", "$20.0bn"} <= set(words)
