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
    assert chart.csv().splitlines()[0] == "Multiple [x],Growth [fraction],Value [usd_bn]"


def test_tints_part_at_the_targets_and_at_shares_of_the_lower() -> None:
    chart = heat_grid([[1, 2], [3, 4]], targets={"$5T": 5000.0, "$4T": 4000.0}, **TWO_BY_TWO)
    scale = chart.chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [2000.0, 2500.0, 3000.0, 3500.0, 4000.0, 5000.0]


def test_a_targets_line_ends_at_the_grids_edge_and_the_scenario_has_a_ring() -> None:
    line = [(10.0, 0.12), (20.0, 0.18), (20.0, 0.9)]
    chart = heat_grid(
        [[1, 2], [3, 4]], tints=[1, 2, 3, 4, 5, 6], lines={"$4T": line}, at=(12.0, 0.14), **TWO_BY_TWO
    )
    assert values(chart, "target", "row", "column") == {("$4T", 10.0, 0.12), ("$4T", 20.0, 0.18)}
    assert (12.0, 0.14) in values(chart, "row", "column")


def test_too_few_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="1 levels part the tints"):
        heat_grid([[1, 2], [3, 4]], tints=[1], **TWO_BY_TWO)
