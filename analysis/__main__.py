"""The report's verbs: ``python -m analysis --help`` lists them, ``make`` calls them.

An installed package has them as ``amazon-report``; those that need a checkout say so there.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import analysis
from analysis.build.commands import VERBS, as_errors, no_verb
from analysis.build.tree import BuildError, Tree

SCRIPT = "amazon-report"  # as pyproject.toml names it
_ENDS = (signal.SIGTERM, signal.SIGHUP)


def parser() -> argparse.ArgumentParser:
    """The command line: one sub-command a verb."""
    called = Path(sys.argv[0]).name
    top = argparse.ArgumentParser(
        prog=called if called == SCRIPT else "python -m analysis",
        description="Build the report and check its data.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, verb in VERBS.items():
        verb.options(verbs.add_parser(name, help=verb.about, description=verb.about))
    return top


def main(arguments: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Run one verb on the checkout at ``root``; problems go to standard error, the exit code is returned.

    Whatever can happen to a user is a line and a code: 1 for problems and for what the system refused (a full
    disk, a folder that cannot be written), 130 when interrupted, 143 when told to end, 129 when its terminal
    is closed. When whoever reads the output closes it early (``| head``), the verb ends without a word, as a
    failure.
    """
    _open_what_is_closed()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and not given[0].startswith("-") and given[0] not in VERBS:
        return _refused([no_verb(given[0])])
    chosen = parser().parse_args(given)
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # pages are dated by their edition
    for number in _ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup would have it
            signal.signal(number, _end)
    try:
        code = _run(chosen, root)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # for what Python flushes at exit
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 1
    return code


def _open_what_is_closed() -> None:
    """Let streams that whoever started this has closed lead nowhere; else the next file, such as the lock of
    a build, would take their place, and that of its children.
    """
    streams = ("stdin", "stdout", "stderr")
    while (number := os.open(os.devnull, os.O_RDWR)) < len(streams):
        os.set_inheritable(number, True)
    os.close(number)
    for number, name in enumerate(streams):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


class _Told(BaseException):
    """The process was told to end, by a signal's number: what is open is closed on the way out."""


def _end(number: int, frame: object) -> None:
    for each in _ENDS:
        signal.signal(each, signal.SIG_IGN)  # told again, it is on its way
    raise _Told(number)


def _run(chosen: argparse.Namespace, root: Path | None) -> int:
    tree, verb = Tree(root or analysis.project_root()), VERBS[chosen.verb]
    if not (verb.anywhere or tree.is_checkout):
        able = " and ".join(name for name, each in VERBS.items() if each.anywhere)
        return _refused([f"{chosen.verb} needs a checkout of the report; {able} work without one"])
    try:
        return verb.run(tree, chosen)
    except BuildError as error:
        return _refused(error.problems)
    except ValueError as error:  # DataError; a build with nothing to do must not wait for its module
        if not hasattr(error, "problems"):
            raise
        return _refused(str(error).splitlines())
    except BrokenPipeError:
        raise
    except OSError as error:
        name = error.filename2 or error.filename  # where it was to be, not what was written beside it
        where = f": {name}" if name else ""
        return _refused([f"{error.strerror or error}{where}"])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except _Told as told:
        print("told to end", file=sys.stderr)
        return 128 + int(told.args[0])


def _refused(problems: Iterable[str]) -> int:
    print(as_errors(problems), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
