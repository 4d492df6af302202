"""How past forecasts and odds did: the table that ``make score`` prints, the same lines as on the page."""

from __future__ import annotations

from analysis.build import parameters
from analysis.build.promised import Row, table
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.valuation.promises import promises


def score(tree: Tree, as_of: str | None = None) -> str:
    """Every promise with what is measured in an edition; raises ``BuildError`` for one that there is not."""
    chosen = parameters.choose(tree, as_of)
    found = promises(open_edition(chosen.as_of, root=tree.data))
    return table([Row(each.what, str(each.measured), each.asked, each.kept) for each in found])
