"""A Sphinx extension that stops ``jupyter-book build .`` on the pages as written, which have no numbers, and
lets staged ones be read side by side.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Raises ``SystemExit``, so that one line is all that is said, unless a build has staged the pages."""
    if "report" not in app.config.html_context:
        raise SystemExit("The pages have no numbers yet: `make book` computes them and builds the site.")
    # Jupyter Book brings this one along; it acts once all pages are read, but does not declare it.
    if "sphinx_multitoc_numbering" in app.extensions:
        app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
