"""A Sphinx extension that leaves Sphinx's own search out: analysis.build.postprocess writes the site's.

Indexing every word of every page takes a fifth of the time that rendering takes.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Keep the builder from indexing; ``html_additional_pages`` names the page that searches."""
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
