"""The verbs that ``make`` and ``python -m analysis`` know, each a thin call of the module that does it.

Imports stand inside the functions: a build with nothing to do must not wait for imports.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from analysis.build.tree import BuildError, Tree


@dataclass(frozen=True)
class Verb:
    """One sub-command: what it does, its options and the function that does it."""

    about: str
    run: Callable[[Tree, argparse.Namespace], int]
    options: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def _edition_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="EDITION", help="edition to build, by default the latest quarter's"
    )
    parser.add_argument("--scenario", metavar="NAME", help="scenario to build, by default base")


def _book_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument(
        "--kernels",
        choices=("forked", "plain"),
        default="forked",
        help="how kernels start: plain is the slower reference",
    )
    parser.add_argument("--workers", type=int, default=2, help="notebooks run at a time")
    parser.add_argument("--quiet", action="store_true", help="print problems only")


def _book(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.book import Options, build

    options = Options(chosen.as_of, chosen.scenario, chosen.kernels, chosen.workers, chosen.quiet)
    if not build(tree, options) and not chosen.quiet:
        print(f"{tree.name(tree.site / 'index.html')} is up to date", file=sys.stderr)
    return 0


def _check(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build import checks, lint
    from analysis.build.pages import read_toc

    problems = [*checks.problems(tree)]
    for step in (lambda: read_toc(tree), lambda: lint.check(tree)):
        try:
            step()
        except BuildError as error:
            problems += error.problems
    if problems:
        print("\n".join(problems))
        return 1
    print("no problems found")
    return 0


def _serve_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument("--port", type=int, default=8000, help="port on this machine, by default 8000")


def _serve(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.serve import serve

    return serve(tree, chosen.as_of, chosen.scenario, chosen.port)


def _clean(tree: Tree, chosen: argparse.Namespace) -> int:
    if tree.build.exists():
        shutil.rmtree(tree.build)
    return 0


VERBS = {
    "book": Verb("bring the site at _build/html up to date", _book, _book_options),
    "check": Verb("validate all data and all prose; print every problem", _check),
    "serve": Verb("show the site, rebuild what changes and reload the browser", _serve, _serve_options),
    "clean": Verb("remove _build", _clean),
}
