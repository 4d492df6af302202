"""A Sphinx extension that stops ``jupyter-book build .`` on the pages as written, which have no numbers."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Raises ``SystemExit``, so that one line is all that is said, unless a build has staged the pages."""
    if "report" not in app.config.html_context:
        raise SystemExit("The pages have no numbers yet: `make book` computes them and builds the site.")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
