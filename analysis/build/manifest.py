"""What the published site was built from, so that a build with nothing to do is over at once.

Inputs and the site itself are compared by their contents. Nothing here imports more than the standard
library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.build.tree import (
    Tree,
    digest,
    digests,
    files_below,
    read_record,
    replace_file,
    require_file,
    write_record,
)

# What a build is made from.
FOLDERS = ("analysis", "book", "data")
FILES = ("_config.yml", "_toc.yml", "requirements.txt", "CHANGELOG.md", "CONTRIBUTING.md")


def inputs(tree: Tree) -> dict[str, str]:
    """The hash of every file that a build depends on, by its name in the checkout."""
    return _hashes(tree, FILES, FOLDERS)


def code_and_data(tree: Tree) -> str:
    """One hash of all code, all data, the packages and the Python in use: of what is not a page's own."""
    hashes = _hashes(tree, (tree.lock_file.name,), ("analysis", tree.data.name))
    return digest(json.dumps([hashes, sys.version]).encode())


def _hashes(tree: Tree, files: Sequence[str], folders: Sequence[str]) -> dict[str, str]:
    paths = [tree.root / name for name in files if (tree.root / name).exists()]
    for path in paths:
        require_file(path)
    paths += [path for folder in folders for path in files_below(tree.root / folder)]
    return {tree.name(path): digest(path.read_bytes()) for path in sorted(paths)}


def build_id(options: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Eight hex digits that name what a build was made from: its options and the hashes of its inputs."""
    return digest(json.dumps([dict(options), dict(now)], sort_keys=True).encode())[:8]


def read(tree: Tree) -> dict[str, Any]:
    """The manifest of the published site; empty if there is none that can be read."""
    return read_record(tree.manifest)


def is_current(
    known: Mapping[str, Any], options: Mapping[str, str], now: Mapping[str, str], tree: Tree
) -> bool:
    """Whether the published site is what these options and inputs would give."""
    told = {"options": dict(options), "python": sys.version, "inputs": dict(now)}
    if any(known.get(part) != value for part, value in told.items()) or not tree.site_hash.is_file():
        return False
    site = digests(tree.site, and_of_tools=True)
    return known.get("site") == site and tree.site_hash.read_bytes() == _hash_line(tree, site)


def write(tree: Tree, options: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Remember what the site was built from: ``now`` is the state before the build began.

    The site's own hash goes into a file beside it, as ``sha256sum`` writes one.
    """
    told = {"options": dict(options), "python": sys.version, "inputs": dict(now)}
    site = digests(tree.site, and_of_tools=True)
    replace_file(tree.site_hash, _hash_line(tree, site))
    write_record(tree.manifest, {**told, "site": site})


def _hash_line(tree: Tree, site: Mapping[str, str]) -> bytes:
    return f"{site_hash(site)}  {tree.site.name}\n".encode()


def site_hash(site: Mapping[str, str]) -> str:
    r"""One hash of a site whose files have these hashes: that of the list ``sha256sum`` makes of them.

    In the site's folder, ``find * -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum``.
    """
    return digest("".join(f"{content}  {name}\n" for name, content in sorted(site.items())).encode())
