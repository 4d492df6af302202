"""Files to take along: the articles' claims beside the pages, as of the edition that is built."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analysis.build import archive, downloads, export
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.export.workbook import file_name

TREE = Tree(Path(__file__).parents[2])


# The page offers the files in every edition, so one before the first article has them too, empty.
@pytest.mark.parametrize(("edition", "count"), [("2025Q4", 147), ("2025Q1", 44), ("2019Q4", 0)])
def test_the_claims_of_the_edition_are_written_as_csv_and_json(
    tmp_path: Path, edition: str, count: int
) -> None:
    downloads.write(downloads.made(TREE, Parameters(edition, "base"), ["claims.csv"]), tmp_path)
    with (tmp_path / "downloads" / "claims.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    entries = json.loads((tmp_path / "downloads" / "claims.json").read_text(encoding="utf-8"))["claims"]
    assert [row["id"] for row in rows] == [entry["id"] for entry in entries]
    assert [row["grade"] for row in rows] == [entry["grade"] for entry in entries]
    assert len({row["id"] for row in rows}) == count


def test_without_articles_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert downloads.ready(Tree(tmp_path), Parameters("2025Q4", "base"), []) == {}


CHOSEN = Parameters("2024Q4", "base")


@pytest.fixture
def page(real: Tree) -> Path:
    """A page that offers all there is."""
    real.stage.mkdir(parents=True)
    path = real.stage / "sources.md"
    path.write_text(
        export.link(open_edition("2024Q4", real.data)) + archive.link(downloads.FOLDER), encoding="utf-8"
    )
    return path


def test_what_no_page_offers_is_not_made(real: Tree, page: Path) -> None:
    linked = {file_name("2024Q4"), archive.NAME}
    assert linked < set(downloads.ready(real, CHOSEN, [page]))
    page.write_text("nothing to take along", encoding="utf-8")
    assert not linked & set(downloads.ready(real, CHOSEN, [page]))


def test_files_are_kept_while_nothing_behind_them_changes(
    real: Tree, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept and is no longer what it was is made again, as is all after a change of the data."""
    made: list[list[str]] = []
    make = downloads.made

    def counted(tree: Tree, chosen: Parameters, names: list[str]) -> dict[str, bytes]:
        made.append(names)
        return make(tree, chosen, names)

    monkeypatch.setattr(downloads, "made", counted)
    first = downloads.ready(real, CHOSEN, [page])
    assert downloads.ready(real, CHOSEN, [page]) == first
    assert len(made) == 1
    kept = real.build / "downloads" / "files" / archive.NAME
    kept.write_bytes(b"damaged")
    assert downloads.ready(real, CHOSEN, [page]) == first
    assert len(made) == 2
    (real.data / "README.md").write_text("changed", encoding="utf-8")
    assert downloads.ready(real, CHOSEN, [page])[archive.NAME] != first[archive.NAME]
    assert len(made) == 3


def test_what_changed_while_it_was_made_is_not_kept(
    real: Tree, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = downloads.made

    def edited(tree: Tree, chosen: Parameters, names: list[str]) -> dict[str, bytes]:
        files = make(tree, chosen, names)
        (tree.data / "README.md").write_text(f"{len(list(tree.build.rglob('*')))} files", encoding="utf-8")
        return files

    before = (real.data / "README.md").read_bytes()
    monkeypatch.setattr(downloads, "made", edited)
    downloads.ready(real, CHOSEN, [page])
    (real.data / "README.md").write_bytes(before)
    monkeypatch.setattr(downloads, "made", lambda tree, chosen, names: {"made": b"again"})
    assert downloads.ready(real, CHOSEN, [page]) == {"made": b"again"}
