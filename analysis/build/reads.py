"""Which files of the checkout a running notebook used, seen from inside its kernel.

An audit hook sees every file that Python opens, every module it runs and every folder it lists,
whichever library asks, so the record cannot be forgotten by the code that reads. The record is one
path a line; a folder that was listed ends with a slash.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

# Folders of the checkout whose files are inputs of a notebook, and those whose listing is one too.
WATCHED = ("analysis", "book", "data")
LISTED = ("data",)


def record(root: Path, log: Path) -> None:
    """Write to ``log`` every file below ``root`` that this process uses from now on."""
    prefix = f"{root}{os.sep}"
    seen: set[str] = set()
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(path: object, ending: str = "", watched: Sequence[str] = WATCHED) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        full = os.path.abspath(os.fsdecode(path))
        if full.startswith(prefix) and (line := full.removeprefix(prefix) + ending) not in seen:
            seen.add(line)
            if line.split("/", 1)[0] in watched and "__pycache__" not in line:
                os.write(handle, f"{line}\n".encode())

    sys.addaudithook(_hook(note))


def _hook(note: Callable[..., None]) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not _writes(arguments):
                note(arguments[0])
        elif event == "exec":
            if isinstance(arguments[0], CodeType):
                note(arguments[0].co_filename)
        elif event in ("os.listdir", "os.scandir"):
            note(arguments[0], "/", LISTED)

    return hook


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if isinstance(arguments[2], int) else 0
    return bool(flags & (os.O_WRONLY | os.O_CREAT))
