"""Which files of the checkout a running notebook used, seen from inside its kernel.

An audit hook sees every file that Python opens, every module it runs and every folder it lists,
whichever library asks, so the record cannot be forgotten by the code that reads. The record is a line
each: the hash of what was there when it was read, and the path; a folder that was listed ends with a slash.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from analysis.build.tree import digest

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
                os.write(handle, f"{state_of(root, line)} {line}\n".encode())

    sys.addaudithook(_hook(note))


def state_of(root: Path, use: str) -> str:
    """Hash of a file's bytes, or of the names in a folder (``use`` ends with a slash); "absent" if gone."""
    path = root / use
    try:
        if use.endswith("/"):
            return digest("\n".join(sorted(os.listdir(path))).encode())
        return digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return "absent"


def recorded(log: Path) -> dict[str, str]:
    """What a log says was used, with the state it was in when it was used first."""
    lines = (line.partition(" ") for line in log.read_text(encoding="utf-8").splitlines())
    return {use: state for state, _, use in lines}


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
