from __future__ import annotations

import re

import vl_convert

from analysis.charts.dots import dots
from analysis.charts.theme import INK, SLATE
from tests.charts.drawn import WORDS, documents, share, values

ERRORS = {"a rule": {"AWS": share(0.1), "Stores": share(0.2)}, "drift": {"AWS": share(0.3)}}


def test_each_row_has_a_mark_a_kind() -> None:
    chart = dots(ERRORS, **WORDS)
    assert values(chart, "name", "series", "value", "text") == {
        ("AWS", "a rule", 0.1, "10.0%"), ("Stores", "a rule", 0.2, "20.0%"), ("AWS", "drift", 0.3, "30.0%"),
    }  # fmt: skip
    assert documents(chart) == {"Filing"}


def test_kinds_differ_by_shape_as_well_as_by_tone() -> None:
    encoding = dots(ERRORS, **WORDS).chart.to_dict()["layer"][1]["encoding"]
    assert encoding["shape"]["scale"]["range"] == ["circle", "triangle-up"]
    assert encoding["fill"]["scale"]["range"] == [INK, SLATE]


def test_no_mark_lies_behind_its_equal() -> None:
    same = {"a rule": {"AWS": share(0.1)}, "drift": {"AWS": share(0.1)}}
    picture = vl_convert.vega_to_svg(vl_convert.vegalite_to_vega(dots(same, **WORDS).chart.to_dict()))
    marks = re.findall(
        r'aria-roledescription="point"[^>]*transform="translate\(([\d.]+),([\d.]+)\)"', picture
    )
    (x, y), (other_x, other_y) = marks
    assert x == other_x
    assert abs(float(y) - float(other_y)) > 5


def test_marks_may_stand_between_nothing_and_all_beside_what_is_claimed() -> None:
    chart = dots(ERRORS, ticks=True, claimed={"80%": 0.8}, **WORDS)
    assert values(chart, "claimed") == {(0.8,)}
    assert chart.chart.to_dict()["layer"][1]["encoding"]["x"]["scale"]["domain"] == [0, 1]
