"""The one way to a data file, and the record of which files were read.

What depends on data depends on the files it read: :func:`recording_reads` collects their names.
A name may be recorded of a file that did not exist when it was looked for, for its appearance would
be a change too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import analysis
from analysis.data.problems import Problem

DATA_FOLDER = "ANALYSIS_DATA"
LARGEST = 5_000_000
"""Bytes of a data file; the largest there is has about a hundredth."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
"""What looks like nothing or like a plain space and is neither: a name with it is another name."""

_recorders: ContextVar[tuple[set[str], ...]] = ContextVar("data_reads", default=())


def data_root(root: Path | None = None) -> Path:
    """The data folder: ``root`` if given, else ``$ANALYSIS_DATA``, else the project's ``data/``."""
    if root is not None:
        return Path(root)
    named = os.environ.get(DATA_FOLDER)
    return Path(named) if named else analysis.project_root() / "data"


def shown(root: Path, relative: str) -> str:
    """A file's name as problems and sources print it: ``data/targets.yml``."""
    return f"{root.name}/{relative}"


@contextmanager
def recording_reads() -> Iterator[set[str]]:
    """Collect the names (``data/…``) of the files read inside the ``with`` block; blocks may nest.

    Names are collected as they are read, in the thread or task that entered the block.
    """
    names: set[str] = set()
    token = _recorders.set((*_recorders.get(), names))
    try:
        yield names
    finally:
        _recorders.reset(token)


def note_read(root: Path, relative: str) -> None:
    """Record that ``relative`` below ``root`` was read or looked for."""
    name = shown(root, relative)
    for names in _recorders.get():
        names.add(name)


def exists(root: Path, relative: str) -> bool:
    """Whether the data file exists, or what whoever reads it says is none."""
    note_read(root, relative)
    return (root / relative).exists()


def read_text(root: Path, relative: str, problems: list[Problem]) -> str | None:
    """The text of a data file; ``None`` and a problem if it is not there, no file or not UTF-8.

    A mark of the byte order, which spreadsheets write in front, is no part of it; characters that nobody sees
    are reported.
    """
    note_read(root, relative)
    path, place = shown(root, relative), root / relative
    if place.exists() and not place.is_file():
        problems.append(Problem(path, "(file)", "is a folder, a pipe or a device", "a text file"))
        return None
    try:
        if (size := place.stat().st_size) > LARGEST:
            wrong = f"holds {size:,} bytes"
            problems.append(Problem(path, "(file)", wrong, f"at most {LARGEST:,}: is it the right file?"))
            return None
        text = place.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(path, "(file)", "does not exist", "a file of that name"))
    except PermissionError:
        problems.append(Problem(path, "(file)", "cannot be read", "a file that you may read"))
    except UnicodeDecodeError as error:
        problems.append(Problem(path, "(file)", f"byte {error.start} is not UTF-8", "a text file in UTF-8"))
    else:
        for unseen in _UNSEEN.finditer(text):
            where = f"line {text.count(chr(10), 0, unseen.start()) + 1}"
            wrong = f"holds the unseen character U+{ord(unseen[0]):04X}"
            problems.append(Problem(path, where, wrong, "characters that can be seen"))
        return text
    return None
