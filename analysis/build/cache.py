"""Executed notebooks kept between builds, each valid while everything it used is unchanged.

An entry's key covers what is known before a run: the notebook's text, the parameters, the lock file,
the Python in use and the code that runs notebooks. What the run itself used (data files, modules
of :mod:`analysis`, folders listed) was recorded by :mod:`analysis.build.reads`, and each use is
hashed again when the entry is looked up.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from analysis.build.pages import Page
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree

# Modules whose change makes every entry stale: they decide what an executed notebook is.
_RUNNERS = ("cache", "execute", "kernel", "pages", "reads")


def key(tree: Tree, page: Page, parameters: Parameters) -> str:
    """Hash of everything that decides a run and is known before it."""
    parts = [page.path.read_bytes(), json.dumps(parameters.as_dict()).encode(), tree.lock_file.read_bytes()]
    parts.append(sys.version.encode())
    parts += [Path(__file__).with_name(f"{name}.py").read_bytes() for name in _RUNNERS]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def digest(tree: Tree, use: str) -> str:
    """Hash of a file's bytes, or of the names in a folder (``use`` ends with a slash); "absent" if gone."""
    path = tree.root / use
    try:
        if use.endswith("/"):
            names = sorted(entry.name for entry in path.iterdir())
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return "absent"


def load(tree: Tree, page: Page, parameters: Parameters) -> Any | None:
    """The executed notebook, if nothing that it came from has changed; else None."""
    folder = _folder(tree, page, parameters)
    try:
        entry = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
        notebook = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if entry["key"] != key(tree, page, parameters):
        return None
    is_same = all(digest(tree, use) == was for use, was in entry["used"].items())
    return nbformat.from_dict(notebook) if is_same else None


def store(
    tree: Tree, page: Page, parameters: Parameters, was: str, used: Iterable[str], notebook: Any
) -> None:
    """Keep an executed notebook under the key ``was`` that was taken before its run."""
    folder = _folder(tree, page, parameters)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entry.json").unlink(missing_ok=True)
    (folder / "notebook.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    entry = {"key": was, "used": {use: digest(tree, use) for use in sorted(set(used))}}
    (folder / "entry.json").write_text(json.dumps(entry, indent=1), encoding="utf-8")


def _folder(tree: Tree, page: Page, parameters: Parameters) -> Path:
    return tree.cache / parameters.as_of / parameters.scenario / page.name
