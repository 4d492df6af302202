"""The report's verbs: ``python -m analysis --help`` lists them, ``make`` calls them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.build.commands import VERBS
from analysis.build.tree import BuildError, Tree


def parser() -> argparse.ArgumentParser:
    """The command line: one sub-command a verb."""
    top = argparse.ArgumentParser(
        prog="python -m analysis", description="Build the report and check its data."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, verb in VERBS.items():
        verb.options(verbs.add_parser(name, help=verb.about, description=verb.about))
    return top


def main(arguments: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Run one verb on the checkout at ``root``; problems go to standard error, the exit code is returned.

    When whoever reads the output closes it early (``| head``), the verb ends without a word, as a failure.
    """
    chosen = parser().parse_args(arguments)
    try:
        code = _run(chosen, root)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # for what Python flushes at exit
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 1
    return code


def _run(chosen: argparse.Namespace, root: Path | None) -> int:
    try:
        return VERBS[chosen.verb].run(Tree(root or Path(__file__).resolve().parents[1]), chosen)
    except BuildError as error:
        print("\n".join(f"error: {problem}" for problem in error.problems), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
