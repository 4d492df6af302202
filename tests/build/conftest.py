from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from analysis.build import checks
from analysis.build.book import Options, build
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT, write_book


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
    _let_pass(monkeypatch)


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        _let_pass(patch)
        folder = tmp_path_factory.mktemp("built")
        build(write_book(folder), Options(quiet=True))
        yield folder


@pytest.fixture
def built(_built_once: Path, tmp_path: Path, made_up_data_is_fine: None) -> Tree:
    """The tiny book with its site, built already."""
    return Tree(Path(shutil.copytree(_built_once, tmp_path / "built")))


def _let_pass(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checks, "check", lambda tree: None)
    patch.setattr(checks, "cutoff", lambda tree, chosen: date(2025, 2, 7))
