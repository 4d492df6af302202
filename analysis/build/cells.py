"""Style and types of the code: of the package, of the tests, and of the notebooks' cells.

The cells of a notebook are checked as one module, whose lines stand where they stand in the page, so
that what the tools say can be read as said of the page. What a cell need not have, docstrings and
annotations, is named in ``pyproject.toml``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence

import nbformat

from analysis.build.pages import LINE, Page, read_notebook, read_toc
from analysis.build.tree import Tree

_NOTHING = re.compile(r"^--- .*\n\+\+\+ .*\n(?!@@)", re.MULTILINE)  # of a cell that is formatted well
FOLDER = "cells"  # below _build; also the package under whose name the types are checked


def lint(tree: Tree) -> int:
    """Run the tools on everything, print what they find, and return 0 if that is nothing."""
    modules, notebooks = write(tree, [page for page in read_toc(tree) if page.computes])
    results = [
        _run(tree, "ruff", "check", ".", *modules),
        _run(tree, "ruff", "format", "--diff", ".", *notebooks),
        _run(tree, "mypy", "analysis", *modules),
    ]
    return max(results)


def write(tree: Tree, pages: Sequence[Page]) -> tuple[list[str], list[str]]:
    """The cells of each page as a module and as a bare notebook, whose paths are returned."""
    folder = tree.build / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    modules, notebooks = [], []
    for page in pages:
        notebook = read_notebook(page)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        stem = folder / page.name.replace("-", "_")
        modules.append(stem.with_suffix(".py"))
        modules[-1].write_text(_in_place([(cell.metadata[LINE], cell.source) for cell in code]), "utf-8")
        notebooks.append(stem.with_suffix(".ipynb"))
        nbformat.write(nbformat.v4.new_notebook(cells=code), notebooks[-1])
    return [tree.name(path) for path in modules], [tree.name(path) for path in notebooks]


def _in_place(cells: Sequence[tuple[int, str]]) -> str:
    r"""Sources of cells, each from the line on at which its cell starts.

    >>> _in_place([(2, "a = 1"), (4, "b = a")])
    '\na = 1\n\nb = a\n'
    """
    lines: list[str] = []
    for start, source in cells:
        lines += [""] * (start - 1 - len(lines)) + source.split("\n")
    return "\n".join(lines) + "\n"


def _run(tree: Tree, *command: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tree.root, capture_output=True, text=True, check=False
    )
    print(_of_pages(tree, done.stdout + done.stderr), end="")
    return done.returncode


def _of_pages(tree: Tree, said: str) -> str:
    """What a tool says, with the pages' names for those of the files it was given."""
    for path in sorted(tree.book.glob("*.md")):
        stem = f"{tree.name(tree.build / FOLDER)}/{path.stem.replace('-', '_')}"
        for ending in (".py", ".ipynb"):
            said = said.replace(f"{stem}{ending}", tree.name(path))
    return _NOTHING.sub("", said)
