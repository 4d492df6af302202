"""The verbs that ``make`` and ``python -m analysis`` know, each a thin call of the module that does it.

Imports stand inside the functions: a build with nothing to do must not wait for imports. What ``make`` was
given (``AS_OF=…``) comes through the environment, where no shell reads it; an option that is given counts
before it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.build.tree import BuildError, Tree


@dataclass(frozen=True)
class Verb:
    """One sub-command: what it does, its options and the function that does it."""

    about: str
    run: Callable[[Tree, argparse.Namespace], int]
    options: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def given(name: str) -> str | None:
    """What ``make`` was given under a name: ``given("AS_OF")``."""
    return os.environ.get(f"REPORT_{name}") or None


def _edition_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        metavar="EDITION",
        default=given("AS_OF"),
        help="edition to build, by default latest: the latest quarter's",
    )
    parser.add_argument(
        "--scenario", metavar="NAME", default=given("SCENARIO"), help="scenario to build, by default base"
    )


def _book_options(parser: argparse.ArgumentParser) -> None:
    from analysis.build.book import Options

    _edition_options(parser)
    parser.add_argument(
        "--kernels",
        choices=("forked", "spawned", "plain"),
        default=Options.start,
        help="where notebooks run: children of one process, a Python each, or real kernels, the reference",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="notebooks run at a time, by default one a core",
    )
    parser.add_argument("--quiet", action="store_true", help="print problems only")


def _book(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.book import Options, build

    options = Options(chosen.as_of, chosen.scenario, chosen.kernels, chosen.workers, chosen.quiet)
    if not build(tree, options) and not chosen.quiet:
        print(f"{tree.name(tree.site / 'index.html')} is up to date", file=sys.stderr)
    return 0


def _page_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument("name", help="the page, as in book/NAME.md")


def _page(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.preview import preview
    from analysis.build.publish import only_build

    with only_build(tree) as lock:
        print(tree.name(preview(tree, chosen.name, chosen.as_of, chosen.scenario, lock)))
    return 0


def _vintage_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("edition", help="the edition that is published, such as 2025Q4")


def _keep_vintage(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.data import open_edition
    from analysis.valuation.vintages import record

    print(tree.name(record(open_edition(chosen.edition, tree.data))))
    return 0


def _add_quarter_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "quarter", nargs="?", default=given("Q"), help="the quarter after the last one, such as 2026Q1"
    )
    parser.add_argument(
        "--xbrl",
        metavar="PATH",
        type=Path,
        default=given("XBRL"),
        help="XBRL instance of the filing to fill it from",
    )


def _add_quarter(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.data.add_quarter import add_quarter

    if chosen.quarter is None:
        raise BuildError(["which quarter? Say make add-quarter Q=2026Q1, the quarter after the last one"])
    print(tree.name(add_quarter(tree.data, chosen.quarter, chosen.xbrl)))
    return 0


def _check(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build import checks, keys, lint

    problems = [*checks.problems(tree)]
    for step in (lint.check, keys.check):
        try:
            step(tree)
        except BuildError as error:
            problems += error.problems
    if problems:
        print("\n".join(problems))
        return 1
    print("no problems found")
    return 0


def _serve_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument(
        "--port",
        type=int,
        default=given("PORT"),
        help="port on this machine, by default the first free from 8000",
    )


def _serve(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.serve import serve

    return serve(tree, chosen.as_of, chosen.scenario, chosen.port)


def _export(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.export import export
    from analysis.build.publish import only_build

    with only_build(tree):
        print(tree.name(export(tree, chosen.as_of, chosen.scenario)))
    return 0


def _pdf_options(parser: argparse.ArgumentParser) -> None:
    _book_options(parser)
    parser.add_argument(
        "name",
        nargs="?",
        default=given("PAGE"),
        help="one page, as in book/NAME.md; by default the whole book",
    )


def _pdf(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.book import Options
    from analysis.build.pdf import pdf

    options = Options(chosen.as_of, chosen.scenario, chosen.kernels, chosen.workers, chosen.quiet)
    print(tree.name(pdf(tree, chosen.name, options)))
    return 0


def _verify(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.publish import only_build
    from analysis.build.twice import twice

    with only_build(tree):
        files, site = twice(tree, chosen.as_of, chosen.scenario)
    print(f"two clean builds are the same {files} files, {site}")
    return 0


def _lint(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.cells import lint

    return lint(tree)


def _bench_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=1, help="paired runs of every build, minutes each")


def _bench(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.bench import bench, table

    print(table(bench(tree, chosen.runs)))
    return 0


def _readme(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.readme import current

    path, text = current(tree)
    path.write_text(text, encoding="utf-8")
    return 0


def _clean(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.publish import only_build, remove_all

    with only_build(tree):
        remove_all(tree)
    return 0


VERBS = {
    "book": Verb("bring the site at _build/html up to date", _book, _book_options),
    "page": Verb("build one page alone, while it is being written", _page, _page_options),
    "check": Verb("validate all data and all prose; print every problem", _check),
    "serve": Verb("show the site, rebuild what changes and reload the browser", _serve, _serve_options),
    "add-quarter": Verb("start the next quarter's file", _add_quarter, _add_quarter_options),
    "keep-vintage": Verb("keep what an edition says, when it is published", _keep_vintage, _vintage_options),
    "export": Verb("write the workbook with live formulas", _export, _edition_options),
    "pdf": Verb("print a page or the whole book with Chromium", _pdf, _pdf_options),
    "verify": Verb("build twice under different settings and compare", _verify, _edition_options),
    "lint": Verb("check style and types of the code, that of the notebooks included", _lint),
    "bench": Verb("print the benchmark table", _bench, _bench_options),
    "readme": Verb("write the answer's figures into README.md", _readme),
    "clean": Verb("remove _build", _clean),
}
