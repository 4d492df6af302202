"""The data behind a build: valid as a whole, and the edition that it is for.

Imports stand inside the functions: a build of the same data does not wait for them.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from typing import TYPE_CHECKING

from analysis.build.kept import while_same
from analysis.build.manifest import code_and_data
from analysis.build.pages import read_toc
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, digest

if TYPE_CHECKING:
    from analysis.data.problems import Problem

_DRIVER = re.compile(r"[a-z_]+\.[a-z_]+")
QUESTION = ("4T", "5T")  # the targets of the title, which the pages ask about by name


def problems(tree: Tree) -> list[str]:
    """Every problem of ``data/``, one line each, in order of file and field."""
    from analysis.articles.check import check_articles
    from analysis.data.check import check_all
    from analysis.data.problems import told

    return told(
        [*check_all(tree.data), *check_articles(tree.data), *_stories(tree), *_targets(tree), *_pages(tree)]
    )


def _stories(tree: Tree) -> list[Problem]:
    """The scenarios that are named in the book and have no file."""
    from analysis.data.problems import Problem
    from analysis.data.reads import shown
    from analysis.data.scenarios import STORIES, scenario_file, scenario_names

    known = {*scenario_names(tree.data), "base"}  # base is asked for with drivers
    expected = f"the scenario of that name: the book tells {', '.join(STORIES)}; others may stand beside them"
    return [
        Problem(shown(tree.data, scenario_file(name)), "(file)", "does not exist", expected)
        for name in sorted({*STORIES} - known)
    ]


def _targets(tree: Tree) -> list[Problem]:
    """Targets that are not the pages' question: of one day, the two of the title."""
    from analysis.data.problems import Problem
    from analysis.data.reads import shown
    from analysis.data.targets import TARGETS_FILE, load_targets

    targets = load_targets(tree.data, [])
    named = [target.name for target in targets]
    if named == [*QUESTION] and len({target.horizon for target in targets}) == 1:
        return []
    wrong = "are not the targets that the pages ask about"
    expected = f"{' and '.join(QUESTION)}, in this order and of one day"
    return [Problem(shown(tree.data, TARGETS_FILE), ", ".join(named) or "(file)", wrong, expected)]


def _pages(tree: Tree) -> list[Problem]:
    """The pages that the contents, mistakes and claims name and that the book does not have."""
    from analysis.articles.loading import load_articles
    from analysis.data.errata import ERRATA_FILE, load_errata
    from analysis.data.problems import Problem, nearest
    from analysis.data.reads import shown

    pages = read_toc(tree)
    known = [page.name for page in pages]
    named = [
        (shown(tree.data, ERRATA_FILE), f"{each.key}.page", each.page) for each in load_errata(tree.data, [])
    ]
    named += [
        (article.path, f"claims.{claim.id}.chapters", chapter)
        for article in load_articles(tree.data, [])
        for claim in article.claims
        for chapter in claim.chapters
    ]
    gone = [
        Problem(tree.name(tree.toc), f"book/{page.name}", "there is no such page", tree.name(page.path))
        for page in pages
        if not page.path.is_file()
    ]
    return gone + [
        Problem(path, field, f"{name!r} is no page of the book", f"nearest: {nearest(name, known)}")
        for path, field, name in named
        if name not in known
    ]


def implausible(tree: Tree) -> list[str]:
    """What data without problems show once they are valued, which takes longer than to read them.

    Those are assumptions with which nothing can be computed, or else the plausibility checks that the latest
    edition fails under any scenario, and sentences of the articles' models that show what nobody worked out.
    """
    from analysis.articles.check import check_reproductions
    from analysis.data import open_edition
    from analysis.data.edition import latest_label
    from analysis.data.problems import told
    from analysis.valuation.gates import failures
    from analysis.valuation.sensitivity import impossible

    edition = open_edition(latest_label(tree.data), root=tree.data)
    try:
        return told(impossible(edition) or [*failures(edition), *check_reproductions(tree.data)])
    except KeyError as error:
        return told([_missing_driver(error, edition.drivers("base"))])


def _missing_driver(error: KeyError, known: Container[str]) -> Problem:
    """The assumption that the valuation asks for and no scenario has; any other error is raised again."""
    from analysis.data.problems import Problem

    named = _DRIVER.search(str(error.args[0]))
    if named is None or named[0] in known:
        raise error
    path, expected = "data/scenarios/base.yml", "an assumption of that name: the value is computed with it"
    return Problem(path, f"drivers.{named[0]}", "is missing", expected)


def check(tree: Tree) -> None:
    """Raises ``BuildError`` with every problem of ``data/``; the same inputs are checked once."""

    def in_order() -> bool:
        if found := problems(tree):
            raise BuildError(found)
        return True

    while_same(
        tree.build / "checked.json",
        lambda: f"{code_and_data(tree)} {digest(tree.toc.read_bytes())}",
        in_order,
    )


def cutoff(tree: Tree, chosen: Parameters) -> date:
    """The last day whose public information the chosen edition uses."""

    def cut() -> str:
        from analysis.data import open_edition

        return open_edition(chosen.as_of, root=tree.data).cutoff.isoformat()

    kept = tree.build / "cutoff.json"
    return date.fromisoformat(while_same(kept, lambda: f"{chosen.as_of} {code_and_data(tree)}", cut))
