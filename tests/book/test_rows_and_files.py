"""What is added to the data appears on the pages by itself: a scenario is a file, a peer is rows."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.charts.render import ChartFigure
from analysis.charts.table import Table
from analysis.data import open_edition
from tests.bump import DATA
from tests.notebooks import Run, run, run_on

CRASH = """\
extends: base
story: "Prices fall by half, and the company with them."
drivers:
  exit.price_to_earnings:
    value: 12
    low: 8
    high: 20
    why: "as after a crash"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data, to add to."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def words_of(part: Any) -> str:
    """What a chart or a table shows, as the file that it offers."""
    return str(part.csv()) if isinstance(part, ChartFigure | Table) else ""


def comparing(page: Run, name: str) -> set[str]:
    """The charts and tables of a page that name a scenario."""
    return {key for key, part in page.parts.items() if name in words_of(part).lower().split("story")[0]}


@pytest.mark.parametrize(
    "name",
    ["aws", "projection", *(pytest.param(n, marks=pytest.mark.long) for n in ("index", "scenarios", "sotp"))],
)
def test_a_fourth_scenario_stands_in_every_comparison(data: Path, name: str) -> None:
    (data / "scenarios" / "crash.yml").write_text(CRASH, encoding="utf-8")
    page = run_on(open_edition("2025Q4", data), name)
    assert list(page.names["report"].scenarios) == ["bear", "crash", "base", "bull"]
    assert set(page.numbers) == set(run(name).numbers)  # none that no sentence uses
    both = comparing(run(name), "bear") & comparing(run(name), "bull")
    assert both
    assert both <= comparing(page, "crash")


def test_a_further_peer_needs_rows_only(data: Path) -> None:
    append(data / "peers/companies.csv", {"ticker": "NEWC", "company": "Newcomer"})
    for file, column in (("peers/observations.csv", "entity"), ("peers/market_values.csv", "ticker")):
        path = data / file
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
        for row in [row for row in rows if row[column] == "META"]:
            append(path, {**row, column: "NEWC"})
    page = run_on(open_edition("2025Q4", data), "peers")
    for part in ("both", "margin", "growth"):
        assert "Newcomer" in words_of(page.parts[part]), part


def append(path: Path, row: dict[str, str]) -> None:
    """A row at the end of a file of rows, its columns by name."""
    with path.open("r+", encoding="utf-8", newline="") as file:
        heads = next(csv.reader(file))
        file.seek(0, 2)
        csv.writer(file, lineterminator="\n").writerow([row[head] for head in heads])
