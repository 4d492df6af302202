"""Texts of the pages that are no notebooks, with the parts that are generated from ``data/``.

A page asks for such a part with a block like a directive, one a line of its own::

    ```{generated} quarters
    ```

What it shows is cut at the edition's last day, as everything else on the pages is.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.build.kept import while_same
from analysis.build.manifest import code_and_data
from analysis.build.pages import Page
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, digest

if TYPE_CHECKING:
    from analysis.data import Edition

BLOCK = re.compile(r"^```\{generated\}[ ]*(?P<name>[\w-]*)[ ]*\n```$", re.MULTILINE)


def _module(name: str) -> Any:
    """A module of this package, imported when a part is generated: a build that has all does not wait."""
    return import_module(f"analysis.build.{name}")


PARTS: Mapping[str, Callable[[Tree, Edition], str]] = {
    "archive": lambda tree, edition: _module("archive").link(_module("export").FOLDER),
    "changelog": lambda tree, edition: _module("catalogue").changelog(tree),
    "documents": lambda tree, edition: _module("catalogue").documents(edition),
    "editions": lambda tree, edition: _module("catalogue").editions(tree, edition),
    "fields": lambda tree, edition: _module("catalogue").fields(edition),
    "formulas": lambda tree, edition: _module("formulas").kernels(tree),
    "guide": lambda tree, edition: _module("catalogue").guide(tree),
    "quarters": lambda tree, edition: _module("archive").quarters_link(_module("export").FOLDER),
    "series": lambda tree, edition: _module("catalogue").series(edition),
    "targets": lambda tree, edition: _module("catalogue").targets(edition),
    "workbook": lambda tree, edition: _module("export").link(edition),
}


def texts(tree: Tree, pages: Sequence[Page], chosen: Parameters) -> dict[str, str]:
    """Markdown of every page that is no notebook, by page name, its generated parts filled in.

    Raises ``BuildError`` for a page that does not exist and for a part that nobody can generate.
    """
    missing = [
        f"_toc.yml: {tree.name(page.path)} does not exist (expected a page in book/)"
        for page in pages
        if not page.path.is_file()
    ]
    if missing:
        raise BuildError(missing)
    written = {page: page.text for page in pages if not page.is_notebook}
    problems = [problem for page, text in written.items() for problem in unknown_parts(tree, page, text)]
    if problems:
        raise BuildError(problems)
    by_name = {page.name: text for page, text in written.items()}
    if not any(BLOCK.search(text) for text in written.values()):
        return by_name

    def made_of() -> str:
        shown = [tree.text(path) for path in (tree.changelog, tree.guide) if path.is_file()]
        return digest(json.dumps([by_name, chosen.as_dict(), shown, code_and_data(tree)]).encode())

    def filled() -> dict[str, str]:
        from analysis.data import open_edition

        edition = open_edition(chosen.as_of, root=tree.data)
        return {
            name: BLOCK.sub(lambda match: PARTS[match["name"]](tree, edition), text)
            for name, text in by_name.items()
        }

    made: dict[str, str] = while_same(tree.build / "generated.json", made_of, filled)
    return made


def unknown_parts(tree: Tree, page: Page, text: str) -> list[str]:
    """One problem for each block that names no part, with the names that are near."""
    problems = []
    for match in BLOCK.finditer(text):
        if match["name"] not in PARTS:
            line = text.count("\n", 0, match.start()) + 1
            near = difflib.get_close_matches(match["name"], PARTS, n=1) or sorted(PARTS)
            expected = f"(expected {' or '.join(near)})"
            problems.append(f"{tree.name(page.path)}:{line}: no generated part {match['name']!r} {expected}")
    return problems
