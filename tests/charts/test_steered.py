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


def test_names_of_lines_stay_off_the_years_where_chances_are_small() -> None:
    """Both lines end at four in a hundred, close to the axis."""
    target, weight = (alt.param(name=name, value=1.0) for name in ("target", "weight"))

    def kernel(target: alt.Parameter, year: alt.Expr, weight: alt.Parameter) -> object:
        return 0.04 * target * weight + 0 * year

    chart = steered.odds_by_year([2029, 2030], target, weight, kernel, kernel)
    svg = vl_convert.vegalite_to_svg(
        chart.add_params(target, weight).properties(width=300, height=200).to_dict()
    )
    place = r"translate\(([\d.]+),([\d.]+)\)[^>]*>{}<"
    heights = [
        float(re.findall(place.format(name), svg)[-1][1]) for name in ("touched by then", "above at the end")
    ]
    assert heights[0] + 12 < heights[1] < 200 - 12
