"""What the last build found out, so that only what changed is looked at again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.build.tree import digest, read_record, write_record

# Modules of the package whose change makes everything read anew: they decide what is read.
_READERS = (
    *(f"build/{name}" for name in ("kept", "lint", "markup", "payloads", "postprocess", "prose", "verify")),
    *("charts/html", "charts/numbers", "formats", "units"),
)


class Kept:
    """Results of reading a page's text, as JSON, in a file between builds; nothing is kept without a file.

    A result stands for the text that it was read off, but for the id of the build, and for the code that
    read it.
    """

    def __init__(self, path: Path | None = None, build_id: str = "") -> None:
        self._path, self._build_id = path, build_id
        package = Path(__file__).parents[1]
        readers = [(package / f"{name}.py").read_bytes() for name in _READERS]
        self._version = digest(b"\0".join([sys.version.encode(), *readers]))
        record = read_record(path) if path else {}
        self._known: dict[str, Any] = record["read"] if record.get("version") == self._version else {}
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
            write_record(self._path, {"version": self._version, "read": self._read})


def while_same(path: Path, of: Callable[[], str], make: Callable[[], Any]) -> Any:
    """What ``make`` gives, as JSON, or what it gave last time if ``of`` gives the same hash as then.

    The hash is taken before and after, so that what was made of inputs that changed meanwhile is not kept.
    """
    before, record = of(), read_record(path)
    if record.get("of") == before:
        return record["made"]
    made = make()
    if of() == before:
        write_record(path, {"of": before, "made": made})
    return made
