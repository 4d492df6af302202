"""What was read off the pages of the last build, so that only pages that changed are read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.build.tree import digest, read_record, write_record

# Modules whose change makes everything read anew: they decide what is read.
_READERS = ("kept", "markup", "postprocess", "verify")


class Kept:
    """Results of reading a page's text, as JSON, in a file between builds; nothing is kept without a file.

    A result stands for the text that it was read off, but for the id of the build, and for the code that
    read it. A file that cannot be read, or that holds something else than was kept, is none.
    """

    def __init__(self, path: Path | None = None, build_id: str = "") -> None:
        self._path, self._build_id = path, build_id
        self._version = digest(
            b"\0".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in _READERS)
        )
        record = read_record(path) if path else {}
        is_ours = record.get("version") == self._version and record.get("digest") == _digest(
            record.get("read")
        )
        self._known: dict[str, Any] = record["read"] if is_ours else {}
        self._read: dict[str, Any] = {}

    def of(self, what: str, text: str, read: Callable[[str], Any]) -> Any:
        """``read(text)``, or what it gave in the last build; ``what`` names what is read."""
        same = text.replace(self._build_id, "") if self._build_id else text
        key = digest(f"{what}\0{same}".encode())
        if key not in self._read:
            self._read[key] = self._known[key] if key in self._known else read(text)
        return self._read[key]

    def write(self) -> None:
        """Keep what this build asked for, and nothing else."""
        if self._path and self._read != self._known:
            kept = {"version": self._version, "digest": _digest(self._read), "read": self._read}
            write_record(self._path, kept)


def _digest(results: object) -> str:
    return digest(json.dumps(results).encode())
