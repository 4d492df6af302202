from __future__ import annotations

import shutil

import pytest

from analysis.build import cells
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT, cell, notebook, only, write_page

OPENED = (
    "def open_report(as_of: str) -> dict[str, int]:\n    return {as_of: 1}\n\n\nreport = open_report(as_of)"
)


@pytest.fixture
def page(tree: Tree) -> Tree:
    """A book of one page, beside a package without modules and this project's settings for the tools."""
    shutil.copy(ROOT / "pyproject.toml", tree.root)
    shutil.rmtree(tree.root / "analysis")
    (tree.root / "analysis").mkdir()
    (tree.root / "analysis" / "__init__.py").write_text('"""Nothing."""\n', encoding="utf-8")
    return only(tree, "track-record")


def test_cells_are_checked_as_one_module_whose_lines_are_those_of_the_page(
    page: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = ["import math", "report[as_of]  +  1", "missing + 1", "report.nothing"]
    write_page(page, "track-record", notebook("Title", cell(OPENED), "Prose.", *map(cell, faults)))
    lines = (page.book / "track-record.md").read_text(encoding="utf-8").split("\n")
    place = {fault: f"book/track-record.md:{lines.index(fault) + 1}:" for fault in faults}
    assert cells.lint(page) == 1
    said = capsys.readouterr().out
    assert f"F401 [*] `math` imported but unused\n  --> {place['import math']}" in said
    assert "-report[as_of]  +  1\n+report[as_of] + 1" in said
    said = " ".join(said.split())
    assert f'{place["missing + 1"]} error: Name "missing" is not defined' in said
    assert f'{place["report.nothing"]} error: "dict[str, int]" has no attribute "nothing"' in said


def test_cells_need_no_docstrings_and_a_page_that_computes_nothing_no_style(page: Tree) -> None:
    write_page(page, "track-record", notebook("Title", cell(OPENED), cell("import math\n\nmath.pi")))
    write_page(page, "old", notebook("Title", cell("import math")))
    assert cells.lint(only(page, "track-record", "old")) == 0
