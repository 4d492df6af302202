"""Texts of the pages that are no notebooks, with the parts that are generated from ``data/``.

A page asks for such a part with a block like a directive, one a line of its own::

    ```{generated} quarters
    ```

What it shows is cut at the edition's last day, as everything else on the pages is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence

from analysis.build import archive, export, formulas
from analysis.build.catalogue import changelog, documents, editions, fields, series, targets
from analysis.build.pages import Page
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.data import Edition, open_edition

BLOCK = re.compile(r"^```\{generated\}[ ]*(?P<name>[\w-]*)[ ]*\n```$", re.MULTILINE)
PARTS: Mapping[str, Callable[[Tree, Edition], str]] = {
    "archive": lambda tree, edition: archive.link(export.FOLDER),
    "changelog": lambda tree, edition: changelog(tree),
    "documents": lambda tree, edition: documents(edition),
    "editions": lambda tree, edition: editions(tree, edition),
    "fields": lambda tree, edition: fields(edition),
    "formulas": lambda tree, edition: formulas.kernels(tree),
    "series": lambda tree, edition: series(edition),
    "targets": lambda tree, edition: targets(edition),
    "workbook": lambda tree, edition: export.link(edition),
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
    written = {page: page.path.read_text(encoding="utf-8") for page in pages if not page.is_notebook}
    problems = [problem for page, text in written.items() for problem in unknown_parts(tree, page, text)]
    if problems:
        raise BuildError(problems)
    if not any(BLOCK.search(text) for text in written.values()):
        return {page.name: text for page, text in written.items()}
    edition = open_edition(chosen.as_of, root=tree.data)
    return {
        page.name: BLOCK.sub(lambda match: PARTS[match["name"]](tree, edition), text)
        for page, text in written.items()
    }


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
