"""The verbs that ``make`` and ``python -m analysis`` know, each a thin call of the module that does it.

Imports stand inside the functions: a build with nothing to do must not wait for imports. What ``make`` was
given (``AS_OF=…``) comes through the environment, where no shell reads it; an option that is given counts
before it.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.build.tree import BuildError, Tree, replace_file


@dataclass(frozen=True)
class Verb:
    """One sub-command: what it does, its options and the function that does it.

    One that runs ``anywhere`` needs the package alone, others a checkout of the report.
    """

    about: str
    run: Callable[[Tree, argparse.Namespace], int]
    options: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    anywhere: bool = False


def given(name: str) -> str | None:
    """What ``make`` was given under a name: ``given("AS_OF")``."""
    return os.environ.get(f"REPORT_{name}") or None


def at_least_one(text: str) -> int:
    """A whole number from 1, as an option takes it.

    >>> at_least_one("2")
    2
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not one (expected a whole number, 1 or more)")
    return int(text)


def _as_of_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        metavar="EDITION",
        default=given("AS_OF"),
        help="edition to look at, by default latest: the latest quarter's",
    )


def _edition_options(parser: argparse.ArgumentParser) -> None:
    _as_of_option(parser)
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
    _workers_options(parser, "notebooks run")


def _workers_options(parser: argparse.ArgumentParser, what: str) -> None:
    cores = os.cpu_count() or 1
    parser.add_argument(
        "--workers", type=at_least_one, default=cores, help=f"{what} at a time, by default one a core"
    )
    parser.add_argument("--quiet", action="store_true", help="print problems only")


def _whole_book_options(parser: argparse.ArgumentParser) -> None:
    _book_options(parser)
    parser.add_argument(
        "--folder", default=Tree.build_name, help="where in the checkout to build, by default %(default)s"
    )
    parser.add_argument(
        "--until-input-ends", action="store_true", help="end when standard input does: with who started it"
    )


def _book(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.book import Options, build
    from analysis.build.publish import LOCK

    if chosen.until_input_ends:
        threading.Thread(target=_end_with_input, daemon=True).start()
    root = Path(os.path.abspath(tree.root))
    folder = Path(os.path.abspath(root / chosen.folder))  # links stay: _build may be one to another disk
    if root not in folder.parents:  # a build removes what it does not know
        raise BuildError(
            [f"--folder: {chosen.folder} is outside the checkout (expected a folder below {root})"]
        )
    top = root / folder.relative_to(root).parts[0]
    if top.name != Tree.build_name and top.exists() and not (top / LOCK).exists():
        raise BuildError([f"--folder: {top.name} is there and no build made it (expected a new folder)"])
    tree = Tree(tree.root, chosen.folder)
    gc.disable()  # the process ends with the build: what a collection frees is not worth its time
    options = Options(chosen.as_of, chosen.scenario, chosen.kernels, chosen.workers, chosen.quiet)
    if not build(tree, options) and not chosen.quiet:
        print(f"{tree.name(tree.site / 'index.html')} is up to date", file=sys.stderr)
    return 0


def _end_with_input() -> None:
    os.read(sys.stdin.fileno(), 1)  # not by the stream: a thread that waits in it would disturb the end
    os.kill(os.getpid(), signal.SIGTERM)


def _editions_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--executor",
        metavar="dask://HOST:PORT",
        default=given("EXECUTOR"),
        help="scheduler of the Dask cluster to build on, by default this machine's cores",
    )
    _workers_options(parser, "books built")


def _editions(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.editions import Options, build
    from analysis.build.volumes import whole

    is_new = build(tree, Options(chosen.executor, chosen.workers, chosen.quiet))
    if not chosen.quiet:
        site = tree.name(whole(tree).site / "index.html")
        print(f"publish: {site}" if is_new else f"{site} is up to date", file=sys.stderr)
    return 0


def _page_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument("name", help="the page, as in book/NAME.md")


def _page(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.preview import asked, preview
    from analysis.build.publish import only_build

    asked(tree, chosen.name, chosen.as_of, chosen.scenario)  # what cannot be built is told at once
    with only_build(tree) as lock:
        print(tree.name(preview(tree, chosen.name, chosen.as_of, chosen.scenario, lock)))
    return 0


def _diff_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "before",
        nargs="?",
        default=given("A"),
        help="the edition before (that of the quarter before)",
    )
    parser.add_argument("after", nargs="?", default=given("B"), help="the edition after it (the latest)")
    parser.add_argument("--quiet", action="store_true", help="print the numbers only")


def _diff(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build import parameters
    from analysis.build.diff import diff, table
    from analysis.build.publish import only_build
    from analysis.data import open_edition
    from analysis.data.edition import latest_label
    from analysis.data.quarters import add

    after = latest_label(tree.data) if chosen.after is None else chosen.after
    before = chosen.before
    if before is None:
        before = add(open_edition(after, root=tree.data).quarter, -1)
    for label in (before, after):  # what there is not is told at once
        parameters.choose(tree, label)
    with only_build(tree):
        path, found = diff(tree, before, after, chosen.quiet)
    print(table(before, after, found))
    print(f"{len(found)} numbers differ, see {tree.name(path)}", file=sys.stderr)
    return 0


def _publish_edition(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.publish_edition import publish_edition

    print("\n".join(tree.name(path) for path in publish_edition(tree)))
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
        help="filing to fill it from or to compare with: page, instance, company facts, folder or zip",
    )


def _add_quarter(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.data import quarters
    from analysis.data.add_quarter import add_quarter, disagreements
    from analysis.data.amazon import quarter_labels
    from analysis.data.checklist import checklist

    if chosen.quarter is None:
        following = quarters.add(quarter_labels(tree.data)[-1], 1)
        raise BuildError(
            [f"which quarter? Say make add-quarter Q={following}, the quarter after the last one"]
        )
    if chosen.xbrl is not None and chosen.quarter in quarter_labels(tree.data):
        found = disagreements(tree.data, chosen.quarter, chosen.xbrl)
        print("\n".join(map(str, found)) or f"{chosen.quarter} agrees with {chosen.xbrl}")
        return 1 if found else 0
    print(tree.name(add_quarter(tree.data, chosen.quarter, chosen.xbrl)))
    print("\n".join(checklist(tree.data, chosen.quarter)))
    return 0


def _check(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build import checks, keys, lint, schemas

    of_data = checks.problems(tree)
    problems = of_data or checks.implausible(tree)
    for step in (lint.check, keys.check, *(() if of_data else [schemas.check])):
        try:
            step(tree)
        except BuildError as error:
            problems += error.problems
    if problems:
        print("\n".join(map(_annotated, problems) if os.environ.get("GITHUB_ACTIONS") else problems))
        return 1
    print("no problems found")
    return 0


_PLACE = re.compile(r"(?P<file>[\w./-]+\.\w+):(?:(?P<line>\d+):)? ?(?P<said>.*)", re.DOTALL)


def _annotated(problem: str) -> str:
    """A problem as GitHub shows one beside the file that it is in."""
    found = _PLACE.fullmatch(problem)
    if found is None:
        return f"::error::{problem}"
    line = f",line={found['line']}" if found["line"] else ""
    said = found["said"].replace("%", "%25").replace("\n", "%0A")
    return f"::error file={found['file']}{line}::{said}"


def _serve_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument(
        "--port",
        type=int,
        default=given("PORT"),
        help="port on this machine, by default the first free from 8000",
    )


def _serve(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build import parameters
    from analysis.build.serve import serve

    parameters.choose(tree, chosen.as_of, chosen.scenario)  # what no edit mends is refused at once
    return serve(tree, chosen.as_of, chosen.scenario, chosen.port)


def _export_options(parser: argparse.ArgumentParser) -> None:
    _edition_options(parser)
    parser.add_argument(
        "--parquet", action="store_true", help="write the tables of the data as Parquet instead"
    )


def _export(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.export import export, export_tables
    from analysis.build.publish import only_build

    def written(folder: Path | None = None) -> list[Path]:
        if chosen.parquet:
            return export_tables(tree, chosen.as_of, chosen.scenario, folder)
        return [export(tree, chosen.as_of, chosen.scenario, folder)]

    if not tree.is_checkout:
        print(*written(Path.cwd()), sep="\n")
        return 0
    with only_build(tree):
        print(*map(tree.name, written()), sep="\n")
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
    parser.add_argument(
        "--runs", type=at_least_one, default=1, help="paired runs of every build, minutes each"
    )


def _bench(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.bench import bench
    from analysis.build.promised import table

    print(table(bench(tree, chosen.runs)))
    return 0


def _score(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.score import score

    print(score(tree, chosen.as_of))
    return 0


def _schemas(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.schemas import write

    print("\n".join(tree.name(path) for path in write(tree)) or "no schema has changed")
    return 0


def _readme(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.readme import current

    path, text = current(tree)
    replace_file(path, text.encode())
    return 0


def _clean(tree: Tree, chosen: argparse.Namespace) -> int:
    from analysis.build.publish import only_build, remove_all

    with only_build(tree):
        remove_all(tree)
    return 0


VERBS = {
    "book": Verb("bring the site at _build/html up to date", _book, _whole_book_options),
    "editions": Verb("bring the site of all editions up to date", _editions, _editions_options),
    "page": Verb("build one page alone, while it is being written", _page, _page_options),
    "check": Verb("validate all data and all prose; print every problem", _check),
    "serve": Verb("show the site, rebuild what changes and reload the browser", _serve, _serve_options),
    "add-quarter": Verb("start the next quarter's file", _add_quarter, _add_quarter_options),
    "diff": Verb("print every number that two editions publish otherwise", _diff, _diff_options),
    "publish-edition": Verb("keep the latest edition as published, and say so", _publish_edition),
    "export": Verb("write the workbook with live formulas", _export, _export_options, anywhere=True),
    "pdf": Verb("print a page or the whole book with Chromium", _pdf, _pdf_options),
    "verify": Verb("build twice under different settings and compare", _verify, _edition_options),
    "lint": Verb("check style and types of the code, that of the notebooks included", _lint),
    "bench": Verb("print the benchmark table", _bench, _bench_options),
    "score": Verb(
        "print how past forecasts and odds did against what was asked",
        _score,
        _as_of_option,
        anywhere=True,
    ),
    "schemas": Verb("write the JSON Schemas of data files, and the line that leads to them", _schemas),
    "readme": Verb("write the answer's figures into README.md", _readme),
    "clean": Verb("remove _build", _clean),
}


def no_verb(given: str) -> str:
    """That there is no such verb, with those that are meant."""
    from analysis.data.problems import expected_of

    return f"{given!r} is no verb (expected {expected_of(given, VERBS)})"


def as_errors(problems: Iterable[str]) -> str:
    """Problems as they are printed: a line each."""
    from analysis.data.problems import one_line

    return "\n".join(f"error: {one_line(problem)}" for problem in problems)
