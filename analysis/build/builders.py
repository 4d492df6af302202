"""Books built side by side, each by a Python of its own: what ``make editions`` hands its books to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock

from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree

COMMAND = (sys.executable, "-m", "analysis")
END_SECONDS = 5  # for a build that is told to end to clear up


def book_command(command: Sequence[str], chosen: Parameters, workers: int, *more: str) -> list[str]:
    """What builds one book in the folder that it is called in."""
    given = ["--as-of", chosen.as_of, "--scenario", chosen.scenario, "--workers", str(workers)]
    return [*command, "book", "--quiet", *given, *more]


def problems_of(said: str) -> list[str]:
    """The problems in what a build printed that failed."""
    return [line.removeprefix("error: ") for line in said.splitlines()] or ["its build ended without a word"]


class Here:
    """Builds books on this machine, ``workers`` at a time, in the checkout itself.

    Each build holds the ``lock`` of the one that asked for it, and ends when that ends.
    """

    def __init__(self, tree: Tree, workers: int, command: Sequence[str], lock: int) -> None:
        self._tree, self._command, self._lock = tree, command, lock
        self._pool = ThreadPoolExecutor(max(1, workers))
        self._running: set[subprocess.Popen[str]] = set()
        self._starting = Lock()
        self._is_over = False

    def submit(self, chosen: Parameters, book: Tree) -> Future[None]:
        """Have a book built in the folder ``book``."""
        return self._pool.submit(self._build, chosen, book)

    def keep(self, future: Future[None], chosen: Parameters, book: Tree) -> None:
        """The book is where it was asked for; raises ``BuildError`` if it could not be built."""
        future.result()

    def close(self) -> None:
        """End what still runs; the books that are done stay."""
        with self._starting:
            self._is_over = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def _build(self, chosen: Parameters, book: Tree) -> None:
        given = book_command(self._command, chosen, 1, "--folder", book.build_name, "--until-input-ends")
        with self._starting:
            if self._is_over:
                raise CancelledError
            process = subprocess.Popen(
                given,
                cwd=self._tree.root,
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                pass_fds=[self._lock],
                start_new_session=True,  # it is told to end once: twice would disturb its clearing up
            )
            self._running.add(process)
        with process:
            assert process.stderr is not None
            said = process.stderr.read()
        self._running.discard(process)
        if process.returncode:
            raise BuildError(problems_of(said))
