"""From notebooks to a site: check, execute, stage, render, verify, publish.

Each step is a module of its own, :mod:`analysis.build.book` runs them in order, and nothing else
in :mod:`analysis` imports this package.

Python takes a compiled module for current if its source has the size and, to a second, the time that it was
compiled from; neither stands for content here. So each process of a build, which imports this package first,
has the source's hash where its time would be.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any
from zlib import crc32

_OURS = str(Path(__file__).parents[1])
_path_stats = SourceFileLoader.path_stats


def _by_content(loader: SourceFileLoader, path: Any) -> Any:
    stats = dict(_path_stats(loader, path))
    return {**stats, "mtime": crc32(loader.get_data(path))} if str(path).startswith(_OURS) else stats


SourceFileLoader.path_stats = _by_content  # type: ignore[assignment, method-assign]
