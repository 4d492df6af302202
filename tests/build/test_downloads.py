"""Files to take along: the articles' claims beside the pages, as of the edition that is built."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analysis.build import downloads
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree

TREE = Tree(Path(__file__).parents[2])


# The page offers the files in every edition, so one before the first article has them too, empty.
@pytest.mark.parametrize(("edition", "count"), [("2025Q4", 147), ("2025Q1", 44), ("2019Q4", 0)])
def test_the_claims_of_the_edition_are_written_as_csv_and_json(
    tmp_path: Path, edition: str, count: int
) -> None:
    downloads.write(TREE, Parameters(edition, "base"), tmp_path)
    with (tmp_path / "downloads" / "claims.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    entries = json.loads((tmp_path / "downloads" / "claims.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in rows] == [entry["id"] for entry in entries]
    assert [row["grade"] for row in rows] == [entry["grade"] for entry in entries]
    assert len(rows) == count


def test_without_articles_there_is_no_file(tmp_path: Path) -> None:
    root, ready = tmp_path / "empty", tmp_path / "ready"
    (root / "data").mkdir(parents=True)
    ready.mkdir()
    downloads.write(Tree(root), Parameters("2025Q4", "base"), ready)
    assert not list(ready.iterdir())
