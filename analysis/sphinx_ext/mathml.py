"""A Sphinx extension that writes formulas as MathML: no script, no font, no other host."""

from __future__ import annotations

from typing import Any

from docutils import nodes  # type: ignore[import-untyped]  # ships no types
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from analysis.sphinx_ext.tex import TexError, mathml

_LOG = logging.getLogger(__name__)


def _written(node: nodes.Element, block: bool) -> str:
    try:
        return mathml(node.astext(), block)
    except TexError as error:
        _LOG.warning("formula: %s", error, location=node, type="math", subtype="tex")
        return ""


def visit_math(self: Any, node: nodes.math) -> None:
    """Write a formula within a sentence."""
    self.body.append(f'<span class="math">{_written(node, False)}</span>')
    raise nodes.SkipNode


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    self.body.append(_written(node, True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer as ``mathml``; ``html_math_renderer`` chooses it."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
