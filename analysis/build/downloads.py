"""Files that a reader can take along: written into the finished site before it is checked and published."""

from __future__ import annotations

from pathlib import Path

from analysis.articles.export import as_csv, as_json, claims_table
from analysis.articles.loading import article_slugs
from analysis.build import archive, export
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree, write_if_changed

FOLDER = export.FOLDER


def write(tree: Tree, chosen: Parameters, ready: Path) -> None:
    """Write below ``ready`` the workbook and the zip of all data, where a page offers them, and the claims of
    articles as CSV and JSON.
    """
    export.write(tree, chosen, ready)
    _write_archive(tree, chosen, ready)
    if not article_slugs(tree.data):
        return
    entries = claims_table(tree.data, chosen.as_of)
    folder = ready / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "claims.csv").write_text(as_csv(entries), encoding="utf-8")
    (folder / "claims.json").write_text(as_json(entries), encoding="utf-8")


def _write_archive(tree: Tree, chosen: Parameters, ready: Path) -> None:
    offered = f'href="{FOLDER}/{archive.NAME}"'.encode()
    if any(offered in path.read_bytes() for path in ready.glob("*.html")):
        write_if_changed(ready / FOLDER / archive.NAME, archive.archive(tree, chosen))
