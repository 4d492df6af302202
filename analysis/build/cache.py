"""Outputs of notebooks kept between builds, each valid while everything that decided them is unchanged.

A run's key covers what is known before it: the code of its cells, not the prose between them, the parameters,
the modules that this code may run, the lock file, the Python in use, the environment of a run and the code
that runs notebooks. What the run itself used (data files, folders listed, modules loaded by a name made up
while it ran) was recorded by :mod:`analysis.build.reads` with the state it was in when it was read; outputs
are kept only if all of it still is in that state when the run is over, and each is looked at again when they
are looked up. An entry that cannot be read, or whose result is not the one that was kept, is none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.build.pages import Page
from analysis.build.parameters import Parameters
from analysis.build.reads import state_of
from analysis.build.tree import Tree, digest, read_record, remove, replace_file, write_record

_NOTEBOOK = "notebook.ipynb"  # code cells and what they showed; prose is not kept
# Modules whose change makes every entry stale: they decide what the outputs of a notebook are.
_RUNNERS = ("cache", "execute", "imports", "kernel", "pages", "reads", "tree")


@dataclass(frozen=True)
class Run:
    """A notebook with its parameters in, about to run; ``modules`` are the files that its code may run."""

    page: Page
    parameters: Parameters
    notebook: Any
    modules: Mapping[str, str]

    @property
    def cells(self) -> list[Any]:
        """Its code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def sources(self) -> list[str]:
        """The code of its cells."""
        return [cell.source for cell in self.cells]

    def key(self, tree: Tree, environment: Mapping[str, str]) -> str:
        """Hash of everything that decides the outputs and is known before the run."""
        known = [self.sources, self.parameters.as_dict(), dict(self.modules), dict(environment), sys.version]
        runners = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in _RUNNERS]
        parts = [json.dumps(known, sort_keys=True).encode(), tree.text(tree.lock_file).encode(), *runners]
        return digest("\0".join(map(digest, parts)).encode())

    def put_in(self, outputs: Sequence[Sequence[Any]]) -> Any:
        """The notebook with the outputs of its cells in place."""
        for cell, shown in zip(self.cells, outputs, strict=True):
            cell["outputs"] = [_node(output) for output in shown]
        return self.notebook


def _node(output: Mapping[str, Any]) -> Any:
    """An output whose fields are attributes; what its data hold, which is large, stays as it is."""
    data = {"data": NotebookNode(output["data"])} if "data" in output else {}
    return NotebookNode({**output, **data})


def load(tree: Tree, run: Run, key: str) -> list[list[Any]] | None:
    """The outputs cell by cell, if nothing that they came from has changed; else None."""
    folder = _folder(tree, run)
    entry = read_record(folder / "entry.json")
    if entry.get("key") != key or not isinstance(entry.get("used"), dict):
        return None
    if any(state_of(tree.root, use) != was for use, was in entry["used"].items()):
        return None
    try:
        content = (folder / _NOTEBOOK).read_bytes()
    except OSError:
        return None
    if digest(content) != entry.get("result"):
        return None
    return [cell["outputs"] for cell in json.loads(content)["cells"]]


def store(tree: Tree, run: Run, key: str, used: Mapping[str, str], outputs: Sequence[Sequence[Any]]) -> None:
    """Keep a run's outputs under the key that was taken before it.

    ``used`` is what the run used and the state of each when it was read. Nothing is kept if any of it, or a
    module, has changed since: what came of it belongs to neither state.
    """
    folder = _folder(tree, run)
    remove(folder)
    if any(state_of(tree.root, use) != state for use, state in {**run.modules, **used}.items()):
        return
    cells = [{**cell, "outputs": shown} for cell, shown in zip(run.cells, outputs, strict=True)]
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    replace_file(folder / _NOTEBOOK, content)
    write_record(
        folder / "entry.json",
        {
            "key": key,
            "used": dict(sorted(used.items())),
            "modules": sorted(run.modules),
            "result": digest(content),
        },
    )


def _folder(tree: Tree, run: Run) -> Path:
    return tree.cache / run.parameters.as_of / run.parameters.scenario / run.page.name
