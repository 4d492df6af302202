"""Texts of the pages that are no notebooks: written by hand, or generated from ``data/``."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.build.pages import Page
from analysis.build.tree import BuildError, Tree


def texts(tree: Tree, pages: Sequence[Page]) -> dict[str, str]:
    """Markdown of every page that is no notebook, by page name.

    Raises ``BuildError`` for a page that is in the table of contents and nowhere else.
    """
    found, missing = {}, []
    for page in pages:
        if page.path.is_file() and not page.is_notebook:
            found[page.name] = page.path.read_text(encoding="utf-8")
        elif not page.path.is_file():
            missing.append(f"_toc.yml: {tree.name(page.path)} does not exist (expected a page in book/)")
    if missing:
        raise BuildError(missing)
    return found
