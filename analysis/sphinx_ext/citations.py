"""A Sphinx extension that makes citations of the sources that docstrings name: "Damodaran 2012, ch. 8".

The key of an entry in ``references.bib`` is the first author's name and the year, in plain letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]  # ships no types
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

_SOURCE = re.compile(r"\bSource: .*?(?=\n\s*\n|\Z)", re.DOTALL)
_AUTHORS = r"[A-Z][\w’'-]+"
_NAMED = re.compile(
    rf"(?P<first>{_AUTHORS})(?:\s+et\s+al\.|\s+and\s+(?:[Vv]an\s+)?{_AUTHORS})?\s+(?P<year>[12]\d{{3}})\b"
)


def cited(text: str) -> str:
    """``text`` with the sources that it names as citations; numbers of years elsewhere are left alone.

    >>> cited("In May 2012. Source: L'Ecuyer and Lemieux 2002, ch. 8; Matoušek 1998.")
    'In May 2012. Source: :cite:t:`lecuyer2002`, ch. 8; :cite:t:`matousek1998`.'
    """
    return _SOURCE.sub(lambda found: _NAMED.sub(lambda name: f":cite:t:`{_key(name)}`", found[0]), text)


def _key(name: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKD", name["first"]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower()) + name["year"]


def _with_own_ids(app: Sphinx, doctree: nodes.document) -> None:
    """Number a page's citations through: each docstring is read as a document that counts from one."""
    domain = app.env.get_domain("cite")
    refs = domain.citation_refs  # type: ignore[attr-defined]  # of sphinxcontrib.bibtex, which has no stub
    places = [place for place, ref in enumerate(refs) if ref.docname == app.env.docname]
    cites = [node for node in doctree.findall(pending_xref) if node.get("refdomain") == "cite"]
    for number, (place, node) in enumerate(zip(places, cites, strict=True), 1):
        node["ids"] = [f"citation-{number}"]
        refs[place] = refs[place]._replace(citation_ref_id=node["ids"][0])


def _read(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = cited("\n".join(lines)).split("\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Rewrite each docstring before it is read; an unknown key is a warning of the bibliography's."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", _read)
    app.connect("doctree-read", _with_own_ids)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
