"""What was promised beside what was measured, as the table that ``make bench`` and ``make score`` print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; ``kept`` is ``None`` where nothing was promised."""

    what: str
    measured: str
    promised: str = ""
    kept: bool | None = None


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text.

    >>> print(table([Row("paths", "0.7 s", "< 2 s", True), Row("pages", "3 s")]))
    what   measured  promised
    paths  0.7 s     < 2 s     kept
    pages  3 s
    """
    words = {True: "kept", False: "missed", None: ""}
    lines = [("what", "measured", "promised", "")]
    lines += [(row.what, row.measured, row.promised, words[row.kept]) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    padded = ("  ".join([*map(str.ljust, line[:3], widths), line[3]]) for line in lines)
    return "\n".join(line.rstrip() for line in padded)
