"""One table of units: what is printed, drawn, put into tables and into sheets agrees."""

from __future__ import annotations

import pytest
import vl_convert

from analysis.charts.table import Column, cell_text
from analysis.formats import FORMATS, show
from analysis.units import FORMS, UNITS, base_unit, words_of


def test_every_format_prints_a_unit_of_the_table() -> None:
    assert set(FORMATS) == {*UNITS, *FORMS}
    assert {base_unit(form) for form in FORMS} <= set(UNITS)


@pytest.mark.parametrize("unit", ["usd_bn", "usd", "fraction", "x", "count", "points"])
def test_a_bare_cell_under_its_head_is_the_printed_amount(unit: str) -> None:
    known, column = UNITS[unit], Column("a", "A", unit)
    printed = show(12.3456, unit).removeprefix("+")
    assert known.prefix + cell_text(12.3456, column) + known.suffix == printed


@pytest.mark.parametrize("value", [0.0, 4.2, 716.92, 999.0, 2239.7])
@pytest.mark.parametrize("unit", ["usd_bn", "fraction", "x", "usd"])
def test_vega_prints_as_the_report_does(unit: str, value: float) -> None:
    text = {
        "type": "text",
        "encode": {"enter": {"text": {"signal": UNITS[unit].vega()}}},
        "from": {"data": "a"},
    }
    svg = vl_convert.vega_to_svg({"data": [{"name": "a", "values": [{"value": value}]}], "marks": [text]})
    assert f">{show(value, unit)}</text>" in svg


def test_words_for_a_format_are_those_of_its_unit() -> None:
    assert words_of("usd_bn2") == words_of("usd_bn") == "billions of dollars"
    assert words_of("text") == ""
