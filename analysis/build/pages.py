"""The pages of the book: which there are, in which order, and how a text notebook is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from analysis.build.parameters import TAG
from analysis.build.publish import GENERATED
from analysis.build.tree import BuildError, Tree, text_of

# Key under which a cell remembers where it stands in its text file.
LINE = "line"
_BELOW = ("parts", "chapters", "sections", "subtrees", "entries")
_PLACE = re.compile(r"book/[\w-]+")
_FRONT_DOOR = "open_report("  # what a page that computes calls


@dataclass(frozen=True)
class Page:
    """One entry of the table of contents: its name and the text file it is written in."""

    name: str
    path: Path

    @property
    def is_notebook(self) -> bool:
        """Whether the text file has a header that makes it a notebook."""
        return self.path.is_file() and _header(self, self.text).get("kernelspec") is not None

    @property
    def text(self) -> str:
        """What is written in its text file."""
        return text_of(self.path, f"book/{self.path.name}")

    @property
    def computes(self) -> bool:
        """Whether it is a notebook whose cells compute what it says."""
        return self.is_notebook and _FRONT_DOOR in self.text


def read_settings(tree: Tree, path: Path) -> dict[str, Any]:
    """The mapping in ``_config.yml`` or ``_toc.yml``; raises ``BuildError`` if there is none.

    So are the settings in it that the build adds to.
    """
    try:
        found = yaml.safe_load(tree.text(path))
    except (yaml.YAMLError, RecursionError) as error:
        raise BuildError([f"{path.name}: cannot be read: {' '.join(str(error).split())}"]) from error
    part: Any = found
    for step in ("sphinx", "config", "html_context", ""):
        if not isinstance(part, dict):
            raise BuildError([f"{path.name}: {part!r:.60} (expected keys with values)"])
        part = part.get(step, {})
    return dict(found)


def read_toc(tree: Tree) -> tuple[Page, ...]:
    """Every page of ``_toc.yml`` in reading order.

    Raises ``BuildError`` if the file is no table of contents, lists a page twice, or one whose file on the
    site would be another's too.
    """
    toc = read_settings(tree, tree.toc)
    if "root" not in toc:
        raise BuildError(["_toc.yml: no root page (expected a mapping with 'format', 'root', 'parts')"])
    if misshapen := list(_misshapen(toc)):
        raise BuildError(misshapen)
    entries = list(_entries(toc))
    plain = [entry.casefold() for entry in entries]  # as file systems that know no capitals have it
    twice = sorted({entry for entry in entries if plain.count(entry.casefold()) > 1})
    taken = [entry for entry in entries if entry.casefold().removeprefix("book/") in GENERATED]
    outside = [entry for entry in entries if not _PLACE.fullmatch(entry)]
    problems = [
        f"_toc.yml: {entry}: listed twice (expected names that differ in more than capitals)"
        for entry in twice
    ]
    problems += [f"_toc.yml: {entry}: is a page that Sphinx adds (expected another name)" for entry in taken]
    problems += [
        f"_toc.yml: {entry}: not in the folder of the book (expected book/NAME)" for entry in outside
    ]
    if problems:
        raise BuildError(problems)
    return tuple(Page(entry.removeprefix("book/"), tree.root / f"{entry}.md") for entry in entries)


def _misshapen(node: Mapping[str, Any]) -> Iterator[str]:
    for key in _BELOW:
        entries = node.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            yield f"_toc.yml: {key}: {entries!r:.60} (expected a list of entries, each with its keys)"
            continue
        for entry in entries:
            if key == "parts" and "chapters" not in entry:
                yield f"_toc.yml: parts: {entry!r:.60} (expected chapters in it)"
            yield from _misshapen(entry)


def _entries(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("root", "file"):
            if key in node:
                yield str(node[key])
        for key in _BELOW:
            yield from _entries(node.get(key, []))
    elif isinstance(node, list):
        for item in node:
            yield from _entries(item)


@lru_cache(maxsize=128)
def _header(page: Page, text: str) -> dict[str, Any]:
    """The header of a text, read once a process."""
    if not text.startswith("---\n"):
        return {}
    parts = text.split("\n---\n", 1)
    try:
        header = yaml.safe_load(parts[0].removeprefix("---\n")) if len(parts) > 1 else None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise BuildError([f"book/{page.path.name}: its header cannot be read: {said}"]) from error
    return header if isinstance(header, dict) else {}


def read_notebook(page: Page) -> Any:
    """The page as a notebook whose cell ids and kernel are the same at every reading.

    Each cell's metadata keep its ``line`` in the text file, for error messages. Raises
    ``BuildError`` if the text cannot be parsed.
    """
    return deepcopy(_parsed(page, page.text))


@lru_cache(maxsize=128)
def _parsed(page: Page, text: str) -> Any:
    """The notebook of a text, parsed once a process."""
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook
    from nbformat import ValidationError

    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError, ValidationError) as error:
        said = " ".join(str(error).split())
        raise BuildError([f"book/{page.path.name}: cannot be read as a notebook: {said}"]) from error
    lines = text.splitlines()
    starts = notebook.metadata.pop("source_map")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for position, (cell, start) in enumerate(zip(notebook.cells, starts, strict=True)):
        cell["id"] = f"{page.name}-{position + 1}"
        first = cell.source.split("\n", 1)[0]
        before = next((n for n, line in enumerate(lines[start:]) if line == first), 0)
        cell.metadata[LINE] = start + before + 1
    return notebook


def executed_places(notebook: Any) -> list[tuple[int, int]]:
    """Number and line, in the text file, of each cell that the notebook has once it is executed.

    Papermill puts a cell with the chosen parameters after the parameters cell; it counts as that one.
    """
    places: list[tuple[int, int]] = []
    for number, cell in enumerate(notebook.cells, 1):
        times = 2 if TAG in cell.metadata.get("tags", []) else 1
        places += [(number, cell.metadata[LINE])] * times
    return places
