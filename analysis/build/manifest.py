"""What the published site was built from, so that a build with nothing to do is over at once.

Files are compared by size and time stamp first and by hash where those differ. Nothing here imports
more than the standard library.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.build.tree import Tree

_FOLDERS = ("analysis", "book", "data")
_FILES = ("_config.yml", "_toc.yml", "requirements.txt", "CHANGELOG.md")
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")

Entry = tuple[int, int, str]  # size, time stamp in ns, hash


def inputs(tree: Tree, known: Mapping[str, Entry]) -> dict[str, Entry]:
    """Every file a build depends on; hashes are taken from ``known`` where size and time agree."""
    paths = [tree.root / name for name in _FILES if (tree.root / name).is_file()]
    paths += [Path(entry.path) for folder in _FOLDERS for entry in _walk(tree.root / folder)]
    found = {}
    for path in sorted(paths):
        name, stat = tree.name(path), path.stat()
        was = known.get(name)
        same = was is not None and (was[0], was[1]) == (stat.st_size, stat.st_mtime_ns)
        digest = was[2] if was is not None and same else hashlib.sha256(path.read_bytes()).hexdigest()
        found[name] = (stat.st_size, stat.st_mtime_ns, digest)
    return found


def build_id(options: Mapping[str, str], now: Mapping[str, Entry]) -> str:
    """Eight hex digits that name what a build was made from: its options and the hashes of its inputs."""
    content = json.dumps([dict(options), {name: entry[2] for name, entry in now.items()}], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def outputs(tree: Tree) -> dict[str, tuple[int, int]]:
    """Every file of the published site, by size and time stamp."""
    files = ((Path(entry.path), entry.stat()) for entry in _walk(tree.site))
    return {tree.name(path): (stat.st_size, stat.st_mtime_ns) for path, stat in sorted(files)}


def read(tree: Tree) -> dict[str, Any]:
    """The manifest of the published site; empty if there is none that can be read."""
    try:
        manifest = json.loads(tree.manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    manifest["inputs"] = {name: tuple(entry) for name, entry in manifest["inputs"].items()}
    manifest["outputs"] = {name: tuple(entry) for name, entry in manifest["outputs"].items()}
    return dict(manifest)


def is_current(
    manifest: Mapping[str, Any], options: Mapping[str, str], now: Mapping[str, Entry], tree: Tree
) -> bool:
    """Whether the published site is what these options and inputs would give."""
    if not manifest or manifest["options"] != dict(options) or manifest["python"] != sys.version:
        return False
    was = {name: entry[2] for name, entry in manifest["inputs"].items()}
    is_same = was == {name: entry[2] for name, entry in now.items()}
    return is_same and manifest["outputs"] == outputs(tree)


def write(tree: Tree, options: Mapping[str, str], now: Mapping[str, Entry]) -> None:
    """Remember what the site was built from: ``now`` is the state before the build began."""
    manifest = {"options": dict(options), "python": sys.version, "inputs": now, "outputs": outputs(tree)}
    part = tree.manifest.with_suffix(".part")
    part.write_text(json.dumps(manifest), encoding="utf-8")
    part.replace(tree.manifest)


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name not in _LEFT_OUT:
                    yield from _walk(Path(entry.path))
            elif not entry.name.endswith((".pyc", "~", ".swp")):
                yield entry
