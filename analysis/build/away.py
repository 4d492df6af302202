"""One book built somewhere else, from a copy of the checkout: what a worker of a cluster runs.

A worker is sent this module itself, so that it needs the locked packages and nothing of ours; therefore only
the standard library is imported here.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LOCK = "requirements.txt"
PYTHON = sys.version_info[:2]


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files by their path, as one; the same bytes for the same files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as into:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            into.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), 1, mtime=0)


def unpack(packed: bytes, folder: Path) -> None:
    """Write the files that were packed below a folder."""
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as files:
        files.extractall(folder, filter="data")


def build_away(
    checkout: bytes, python: Sequence[int], arguments: Sequence[str], site: str
) -> tuple[bytes, str]:
    """Unpack a checkout, run this machine's Python there with ``arguments``, and pack the folder ``site``.

    The second part is what it printed, if it failed, or why it was not tried: another Python than
    ``python``, or other packages than the checkout's lock names, might say other numbers.
    """
    with tempfile.TemporaryDirectory(prefix="book-", dir=_own_folder(), ignore_cleanup_errors=True) as place:
        unpack(checkout, Path(place))
        if wrong := _differing(Path(place) / LOCK, python):
            return b"", wrong
        with subprocess.Popen(
            [sys.executable, *arguments],
            cwd=place,
            env={**os.environ, "PYTHONPATH": place, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,  # it ends when this process does
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            assert running.stderr is not None
            said = running.stderr.read()
        if running.returncode:
            return b"", said or "error: its build ended without a word"
        built = Path(place) / site
        files = (path for path in built.rglob("*") if path.is_file())
        return pack({path.relative_to(built).as_posix(): path.read_bytes() for path in files}), ""


def _own_folder() -> str | None:
    """The folder of the worker that runs this; Dask clears it when the worker died."""
    dask = sys.modules.get("distributed")  # there, where a worker runs this
    try:
        return None if dask is None else str(dask.get_worker().local_directory)
    except ValueError:  # there is no worker
        return None


def _differing(lock: Path, python: Sequence[int]) -> str:
    """What of this machine's Python and packages is not what the lock is for, a line each."""
    problems = []
    if tuple(python) != sys.version_info[:2]:
        wanted, found = (".".join(map(str, each[:2])) for each in (python, sys.version_info))
        problems.append(f"Python {found} (expected {wanted})")
    for name, wanted in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            found = version(name)
        except PackageNotFoundError:  # for another platform, or what is missing is told by who needs it
            continue
        if found != wanted:
            problems.append(f"{name} {found} (expected {wanted})")
    return "\n".join(f"error: a worker has {problem}, as here" for problem in problems)
