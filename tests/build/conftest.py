from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from analysis.build import archive_page, checks
from analysis.build.book import Options, build
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT, write_book
from tests.conftest import MadeOnce


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return write_book(tmp_path)


@pytest.fixture
def real(tree: Tree) -> Tree:
    """The tiny book with the report's own data."""
    shutil.rmtree(tree.data)
    shutil.copytree(ROOT / "data", tree.data)
    return tree


@pytest.fixture
def made_up_data_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny book's data would not pass the checks that real data must pass."""
    let_pass(monkeypatch)


def _build_once(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        let_pass(patch)
        build(write_book(folder), Options(quiet=True))


@pytest.fixture
def built(made_once: MadeOnce, tmp_path: Path, made_up_data_is_fine: None) -> Tree:
    """The tiny book with its site, built already."""
    return Tree(Path(shutil.copytree(made_once("built", _build_once), tmp_path / "built")))


def let_pass(patch: pytest.MonkeyPatch) -> None:
    """Check nothing of the data."""
    patch.setattr(checks, "check", lambda tree: None)
    patch.setattr(checks, "cutoff", lambda tree, chosen: date(2025, 2, 7))
    patch.setattr(archive_page, "outcomes", lambda tree, latest: {})
