"""Small multiples: each its own way, the same thing held against all, one row a step."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.charts.frames import NothingToDraw
from analysis.charts.panels import Panel, panels
from analysis.charts.render import ChartFigure
from analysis.charts.theme import BEYOND, GIANT, INK, TARGET
from tests.charts.drawn import WORDS, documents, money

OWN = {0.0: money(1000.0), 0.21: money(900.0), 6.8: money(2800.0)}
NEEDED = {"for $4T": {6.8: money(2800.0), 11.46: money(4000.0)}, "for $5T": {11.46: money(5000.0)}}
GIANTS = {
    "Nvidia": Panel({0.0: money(1044.0), 2.1: money(4004.0)}, "2.1 years", "now $5T", (2.1, money(4004.0))),
    "Apple": Panel({0.0: money(1002.0), 7.24: money(4007.0)}, "7.2 years", "now $4T", (7.24, money(4007.0))),
}


def drawn(many: dict[str, Panel] | None = None) -> ChartFigure:
    options: dict[str, Any] = {"against": ("Amazon", OWN), "needed": NEEDED, "time": "Years", **WORDS}
    return panels(GIANTS if many is None else many, targets={"$4T": 4000.0}, **options)


def test_the_table_has_a_row_a_step_and_a_column_a_path_with_what_is_nearest() -> None:
    header, *rows = drawn().csv().splitlines()
    assert [cell.split(" [")[0] for cell in header.lstrip("\ufeff").split(",")] == [
        "Years", "Nvidia", "Apple", "Amazon", "for $4T", "for $5T",
    ]  # fmt: skip
    assert len(rows) == 47
    by_step = {row.split(",")[0]: row.split(",")[1:] for row in rows}
    assert by_step["0.25"] == ["", "", "900.0", "", ""]
    assert by_step["2.0"] == ["4004.0", "", "", "", ""]
    assert by_step["11.5"] == ["", "", "", "4000.0", "5000.0"]
    assert documents(drawn()) == {"Filing"}


@pytest.mark.parametrize(("layout", "columns"), [("wide", 4), ("narrow", 2)])
def test_panels_share_their_axes_and_stand_closer_on_a_phone(layout: str, columns: int) -> None:
    spec = drawn().drawing().charts[layout]
    assert spec["columns"] == columns
    assert spec["resolve"]["scale"] == {"x": "shared", "y": "shared"}
    heads = [row["name"] for data in spec["datasets"].values() for row in data if "headline" in row]
    assert heads == ["Nvidia", "Apple"]


def test_what_is_read_has_the_colours_drawn() -> None:
    assert drawn().colours == {
        "Nvidia": GIANT, "Apple": GIANT, "Amazon": INK, "for $4T": TARGET, "for $5T": BEYOND,
    }  # fmt: skip


def test_without_any_there_is_nothing_to_draw() -> None:
    with pytest.raises(NothingToDraw):
        drawn({})
