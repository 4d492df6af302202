from __future__ import annotations

from pathlib import Path

import pytest

from analysis.build.tree import Tree
from tests.build.tiny_book import write_book


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return write_book(tmp_path)
