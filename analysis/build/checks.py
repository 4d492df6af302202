"""The data behind a build: valid as a whole, and the edition that it is for."""

from __future__ import annotations

from datetime import date

from analysis.articles.check import check_articles
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.data import open_edition
from analysis.data.check import check_all


def problems(tree: Tree) -> list[str]:
    """Every problem of ``data/``, one line each, in order of file and field."""
    return [str(problem) for problem in sorted({*check_all(tree.data), *check_articles(tree.data)})]


def check(tree: Tree) -> None:
    """Raises ``BuildError`` with every problem of ``data/``."""
    if found := problems(tree):
        raise BuildError(found)


def cutoff(tree: Tree, chosen: Parameters) -> date:
    """The last day whose public information the chosen edition uses."""
    return open_edition(chosen.as_of, root=tree.data).cutoff
