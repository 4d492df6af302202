"""Waiting for what runs beside the main thread, so that a signal is heard meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

SECONDS = 0.5


def finished(futures: Iterable[Future[Any]]) -> Iterator[Future[Any]]:
    """Each future when it is done.

    A signal that comes as the main thread begins to wait, or to another thread, does not wake it; it looks up
    by itself, so that a build that is told to end does not go on until a cell or a book is over.
    """
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, SECONDS, FIRST_COMPLETED)
        yield from done
