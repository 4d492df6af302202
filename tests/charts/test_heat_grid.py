from __future__ import annotations

from typing import Any

import pytest

from analysis.charts.heat_grid import heat_grid
from tests.charts.drawn import WORDS, values

TWO_BY_TWO: dict[str, Any] = {
    "rows": [10.0, 20.0],
    "columns": [0.1, 0.2],
    "row": ("multiple", "x0"),
    "column": ("growth", "percent0"),
    "unit": "usd_bn",
    **WORDS,
}


def test_each_cell_stands_at_its_inputs() -> None:
    chart = heat_grid([[1000, 2000], [3000, 4000]], targets={"$4T": 4000.0, "$5T": 5000.0}, in_trillions=True,
                      **TWO_BY_TWO)  # fmt: skip
    assert values(chart, "row", "column", "value", "words") == {
        (10.0, 0.1, 1000.0, "1.0"), (10.0, 0.2, 2000.0, "2.0"),
        (20.0, 0.1, 3000.0, "3.0"), (20.0, 0.2, 4000.0, "4.0"),
    }  # fmt: skip
    assert chart.csv().splitlines()[0] == "Value [usd_bn],Growth [fraction],Multiple [x]"
    assert chart.read_by == {"x": 1, "y": 2}  # neither is the first column, which is said without its name


def test_tints_part_at_the_targets_and_at_shares_of_the_lower() -> None:
    chart = heat_grid([[1, 2], [3, 4]], targets={"$5T": 5000.0, "$4T": 4000.0}, **TWO_BY_TWO)
    scale = chart.chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [2000.0, 2500.0, 3000.0, 3500.0, 4000.0, 5000.0]


def test_a_target_s_line_runs_between_cells_and_the_scenario_s_cell_has_a_frame() -> None:
    chart = heat_grid([[1, 4], [1, 1]], tints=[1, 2, 3, 4, 5, 6], targets={"$4T": 4.0}, at=(12.0, 0.14),
                      **TWO_BY_TWO)  # fmt: skip
    sides = ("left", "right", "bottom", "top")
    places = {tuple(round(side, 9) for side in each[1:]) for each in values(chart, "target", *sides)}
    assert places == {(0.15, 0.15, 5.0, 15.0), (0.15, 0.25, 15.0, 15.0)}
    assert (12.0, 0.14) in values(chart, "row", "column")


RISING = [[1, 2, 3], [2, 3, 4], [3, 4, 5]]


@pytest.mark.parametrize(
    ("level", "side"),
    [(5.0, "right"), (3.0, "above"), (1.5, "left")],
)
def test_a_target_is_named_where_its_line_leaves_the_grid(level: float, side: str) -> None:
    three = {**TWO_BY_TWO, "rows": [10.0, 20.0, 30.0], "columns": [0.1, 0.2, 0.3]}
    values_of = {"right": RISING, "above": [[1, 3, 4]] * 3, "left": RISING}[side]
    chart = heat_grid(values_of, tints=[1, 2, 3, 4, 5, 6], targets={"$4T": level}, **three)
    (name,) = [
        each
        for each in chart.chart.to_dict()["layer"]
        if each["encoding"].get("text", {}).get("field") == "target"
    ]
    assert (name["mark"]["align"], "place" in str(name["encoding"]["x"])) == {
        "right": ("left", False), "above": ("center", True), "left": ("right", False)}[side]  # fmt: skip


def test_too_few_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="1 levels part the tints"):
        heat_grid([[1, 2], [3, 4]], tints=[1], **TWO_BY_TWO)
