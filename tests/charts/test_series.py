"""Charts of several series: colours by name or in turn, and a table of what is drawn."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.charts.paths import path_frame
from analysis.charts.series import SERIES, line_chart, path_chart
from analysis.charts.table import Column
from analysis.charts.theme import BLUE, OCHRE, TEAL

VALUE = Column("value", "Sales", "usd_bn")
DATA = pd.DataFrame(
    {
        "quarter": ["2025Q3", "2025Q4"] * 2,
        "series": ["later", "later", "first", "first"],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
)
WORDS = ("Sales", "Sales rose to $2bn.")


def colours(chart: object) -> dict[str, str]:
    """The colour of each line, in the order of the scale."""
    layers = chart.chart.to_dict()["layer"]
    scale = next(layer["encoding"]["color"]["scale"] for layer in layers if "color" in layer["encoding"])
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_colours_in_turn_follow_the_rows() -> None:
    assert list(colours(line_chart(DATA, SERIES, VALUE, (TEAL, OCHRE), *WORDS, ())).items()) == [
        ("later", TEAL),
        ("first", OCHRE),
    ]


def test_colours_by_name_order_the_lines_and_may_name_what_the_data_lack() -> None:
    palette = {"first": BLUE, "absent": TEAL, "later": OCHRE}
    assert list(colours(line_chart(DATA, SERIES, VALUE, palette, *WORDS, ())).items()) == [
        ("first", BLUE),
        ("later", OCHRE),
    ]


def test_a_series_without_a_colour_is_named() -> None:
    with pytest.raises(ValueError, match="Sales: no colour for later"):
        line_chart(DATA, SERIES, VALUE, {"first": BLUE}, *WORDS, ())


@pytest.mark.parametrize("palette", [(BLUE,), (BLUE, TEAL, OCHRE)])
def test_as_many_colours_as_series_are_asked_for(palette: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"Sales: {len(palette)} colours for 2 series"):
        line_chart(DATA, SERIES, VALUE, palette, *WORDS, ())


def test_the_table_has_what_is_drawn() -> None:
    chart = line_chart(DATA, SERIES, VALUE, (TEAL, OCHRE), *WORDS, (), every=1, height=280)
    assert chart.csv().splitlines()[:2] == ["Quarter,Series,Sales [usd_bn]", "2025Q3,later,1.0"]
    assert (chart.title, chart.description, chart.height) == (*WORDS, 280)
    assert '? ["2025Q3", "2025Q4"] :' in str(chart.chart.to_dict())  # every step is labelled


def test_paths_are_tabled_by_year_and_series() -> None:
    data = path_frame({2024: 1.0, 2025: 2.0}, (2026, 2027), {"base": [3.0, 4.0]})
    chart = path_chart(data, VALUE, *WORDS, ())
    assert [column.field for column in chart.columns] == ["year", "series", "value"]
    assert chart.csv().splitlines()[-1] == "2027,base,4.0"
    assert "$4.0bn" in str(chart.chart.to_dict()["datasets"])
