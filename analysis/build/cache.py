"""Executed notebooks kept between builds, each valid while everything it used is unchanged.

An entry's key covers what is known before a run: the notebook's text, the parameters, the lock file,
the Python in use and the code that runs notebooks. What the run itself used (data files, modules
of :mod:`analysis`, folders listed) was recorded by :mod:`analysis.build.reads` with the state it was in
when it was read; an entry is kept only if all of it still is in that state when the run is over, and
each is looked at again when the entry is looked up. An entry that cannot be read, or whose result is
not the one that was kept, is none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from analysis.build.pages import Page
from analysis.build.parameters import Parameters
from analysis.build.reads import state_of
from analysis.build.tree import Tree, digest, read_record, remove, replace_file, write_record

# Modules whose change makes every entry stale: they decide what an executed notebook is.
_RUNNERS = ("cache", "execute", "kernel", "pages", "reads", "tree")


def key(tree: Tree, page: Page, parameters: Parameters) -> str:
    """Hash of everything that decides a run and is known before it."""
    parts = [page.path.read_bytes(), json.dumps(parameters.as_dict()).encode(), tree.lock_file.read_bytes()]
    parts.append(sys.version.encode())
    parts += [Path(__file__).with_name(f"{name}.py").read_bytes() for name in _RUNNERS]
    return digest("\0".join(map(digest, parts)).encode())


def load(tree: Tree, page: Page, parameters: Parameters) -> Any | None:
    """The executed notebook, if nothing that it came from has changed; else None."""
    folder = _folder(tree, page, parameters)
    entry = read_record(folder / "entry.json")
    if entry.get("key") != key(tree, page, parameters) or not isinstance(entry.get("used"), dict):
        return None
    if any(state_of(tree.root, use) != was for use, was in entry["used"].items()):
        return None
    try:
        content = (folder / "notebook.ipynb").read_bytes()
    except OSError:
        return None
    return nbformat.from_dict(json.loads(content)) if digest(content) == entry.get("result") else None


def store(
    tree: Tree, page: Page, parameters: Parameters, was: str, used: Mapping[str, str], notebook: Any
) -> None:
    """Keep an executed notebook under the key ``was`` that was taken before its run.

    ``used`` is what the run used and the state of each when it was read. Nothing is kept if the page or
    anything used has changed since: what came of it belongs to neither state.
    """
    folder = _folder(tree, page, parameters)
    remove(folder)
    if key(tree, page, parameters) != was or any(
        state_of(tree.root, use) != state for use, state in used.items()
    ):
        return
    content = json.dumps(notebook).encode()
    replace_file(folder / "notebook.ipynb", content)
    write_record(
        folder / "entry.json", {"key": was, "used": dict(sorted(used.items())), "result": digest(content)}
    )


def _folder(tree: Tree, page: Page, parameters: Parameters) -> Path:
    return tree.cache / parameters.as_of / parameters.scenario / page.name
