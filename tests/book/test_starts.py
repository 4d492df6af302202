"""Every chapter gives in a child of a warm process, and reads there, what it does in a real kernel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.build.execute import Execution
from analysis.build.kernel import Start
from analysis.build.pages import read_toc
from analysis.build.parameters import choose
from analysis.build.tree import Tree, read_record

pytestmark = [pytest.mark.book, pytest.mark.long]
ROOT = Path(__file__).parents[2]
STARTS: tuple[Start, ...] = ("forked", "plain")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """For each start the outputs and the record of every page."""
    tree = Tree(tmp_path_factory.mktemp("starts") / "book")
    for folder in ("analysis", "book", "data"):
        shutil.copytree(ROOT / folder, tree.root / folder)
    for file in ("_toc.yml", "_config.yml", "requirements.txt"):
        shutil.copyfile(ROOT / file, tree.root / file)
    found = {}
    for start in STARTS:
        shutil.rmtree(tree.cache, ignore_errors=True)
        pages = [page for page in read_toc(tree) if page.is_notebook]
        with Execution(tree, choose(tree), pages, start) as execution:
            execution.run(quiet=True)
        found[start] = (_by_page(tree, "notebook.ipynb", _json), _by_page(tree, "entry.json", read_record))
    return found


def _by_page(tree: Tree, name: str, read: Callable[[Path], Any]) -> dict[str, Any]:
    return {path.parent.name: read(path) for path in tree.cache.rglob(name)}


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_outputs_are_the_same(runs: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    (ours, _), (plain, _) = runs["forked"], runs["plain"]
    assert len(ours) > 10
    assert [page for page in plain if ours.get(page) != plain[page]] == []


def test_what_was_read_is_the_same(runs: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    (_, ours), (_, plain) = runs["forked"], runs["plain"]
    for page, entry in plain.items():
        data = {use for use in entry["used"] if not use.startswith("analysis/")}
        assert data == {use for use in ours[page]["used"] if not use.startswith("analysis/")}
        there = {use for use in entry["used"] if use.endswith(".py") and (ROOT / use).is_file()}
        assert there <= set(ours[page]["modules"])  # where a module is looked for first is a use too
