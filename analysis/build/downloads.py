"""Files that a reader can take along: made while the pages are rendered, and kept while nothing behind them
changes. Imports stand inside the function that makes them: a build that has them does not wait for those.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from analysis.build import manifest
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree, digests, read_record, remove, replace_file, write_record

FOLDER = "downloads"
_LINKED = re.compile(rf"\b{FOLDER}/([\w.-]+)")
_RECORD = "made.json"  # what the kept files were made of, and their hashes


def ready(tree: Tree, chosen: Parameters, pages: Iterable[Path]) -> dict[str, bytes]:
    """By name the files that ``pages`` offer: the last build's if code, data and choice are the same."""
    folder = tree.build / FOLDER
    linked = {name for path in pages for name in _LINKED.findall(path.read_text(encoding="utf-8"))}
    before = {"of": manifest.code_and_data(tree), "for": chosen.as_dict(), "linked": sorted(linked)}
    kept = read_record(folder / _RECORD)
    if kept == before | {"files": digests(folder / "files")}:
        return {name: (folder / "files" / name).read_bytes() for name in kept["files"]}
    files = made(tree, chosen, linked)
    remove(folder)
    for name, content in files.items():
        replace_file(folder / "files" / name, content)
    if manifest.code_and_data(tree) == before["of"]:
        write_record(folder / _RECORD, before | {"files": digests(folder / "files")})
    return files


def made(tree: Tree, chosen: Parameters, linked: Collection[str]) -> dict[str, bytes]:
    """By name the workbook, the zip of all data and the table of quarters if they are linked, and the claims
    of articles if there are any.
    """
    from analysis.articles.export import as_csv, as_json, claims_table
    from analysis.articles.loading import article_slugs
    from analysis.build import archive, export
    from analysis.data import long_table, open_edition
    from analysis.export.workbook import file_name

    files = {}
    if file_name(chosen.as_of) in linked:
        files[file_name(chosen.as_of)] = export.made(tree, chosen)
    if archive.NAME in linked:
        files[archive.NAME] = archive.archive(tree, chosen)
    if long_table.NAME in linked:
        files[long_table.NAME] = archive.quarters_csv(open_edition(chosen.as_of, tree.data))
    if article_slugs(tree.data):
        entries = claims_table(tree.data, chosen.as_of)
        files["claims.csv"] = as_csv(entries).encode("utf-8-sig")
        files["claims.json"] = as_json(entries, chosen.as_of, archive.LICENCE).encode()
    return files


def write(files: Mapping[str, bytes], site: Path) -> None:
    """Put the files where the pages of the finished ``site`` look for them."""
    for name, content in files.items():
        replace_file(site / FOLDER / name, content)
