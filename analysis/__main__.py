"""The report's verbs: ``python -m analysis --help`` lists them, ``make`` calls them."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Sequence
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

    Whatever can happen to a user is a line and a code: 1 for problems and for what the system refused (a full
    disk, a folder that cannot be written), 130 when interrupted, 143 when told to end. When whoever reads
    the output closes it early (``| head``), the verb ends without a word, as a failure.
    """
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    try:
        code = _run(chosen, root)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # for what Python flushes at exit
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 1
    return code


class _Told(BaseException):
    """The process was told to end: what is open is closed on the way out."""


def _end(number: int, frame: object) -> None:
    raise _Told


def _run(chosen: argparse.Namespace, root: Path | None) -> int:
    try:
        return VERBS[chosen.verb].run(Tree(root or Path(__file__).resolve().parents[1]), chosen)
    except BuildError as error:
        return _refused(error.problems)
    except ValueError as error:  # DataError; a build with nothing to do must not wait for its module
        if not hasattr(error, "problems"):
            raise
        return _refused(map(str, error.problems))
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _refused([f"{error.strerror or error}{where}"])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except _Told:
        print("told to end", file=sys.stderr)
        return 143


def _refused(problems: Iterable[str]) -> int:
    print("\n".join(f"error: {problem}" for problem in problems), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
