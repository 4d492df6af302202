"""What the notebooks hand to the build beside their HTML: numbers, and the data of charts and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.build.tree import BuildError
from analysis.charts.html import MIME as MIME
from analysis.charts.numbers import unpacked

_WORDS: Mapping[type, str] = {str: "a text; a name is one word", dict: "keys with values", list: "a list"}
_PARTS: Mapping[str, type] = {
    "kind": str, "page": str, "name": str, "numbers": dict, "named": list, "csv": str, "script": str,
    "drawing": dict,
}  # fmt: skip
_NAME = re.compile(r"[\w-]+")


@dataclass
class Payloads:
    """Records of numbers by key, and CSV files and scripts by their path below ``_static/data``."""

    numbers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def collect(notebooks: Mapping[str, Any]) -> Payloads:
    """All payloads of the executed notebooks, by page name; a key given twice is a problem."""
    found = Payloads()
    for page, notebook in notebooks.items():
        for payload in map(unpacked, _packed(notebook)):
            numbers = payload.get("numbers", {})
            twice = sorted(set(numbers) & set(found.numbers))
            found.problems += [f"book/{page}.md: number {key!r} is given a second time" for key in twice]
            found.numbers.update(numbers)
            if "csv" in payload:
                path = f"{payload['page']}/{payload['name']}.csv"
                if path in found.files:
                    found.problems.append(
                        f"book/{page}.md: {payload['kind']} {payload['name']!r} is shown twice"
                    )
                found.files[path] = payload["csv"]
            if "script" in payload:
                found.files[f"{payload['page']}/{payload['name']}.js"] = payload["script"]
    return found


def check(notebook: Any, where: str) -> None:
    """Raises ``BuildError`` for what a page hands over that the build could not use or keep in its folder."""
    problems = [
        f"{where}: hands over {name}: {part!r:.60} (expected {_WORDS[kind]})"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
        for name, part, kind in _kinds(output.data[MIME])
        if not isinstance(part, kind) or (name in ("page", "name") and not _NAME.fullmatch(str(part)))
    ]
    if problems:
        raise BuildError(problems)


def _kinds(payload: Any) -> Iterator[tuple[str, Any, type]]:
    if not isinstance(payload, dict) or "kind" not in payload:
        yield "a payload", None if isinstance(payload, dict) else payload, dict
    else:
        yield from ((name, payload[name], kind) for name, kind in _PARTS.items() if name in payload)
        if isinstance(payload.get("numbers"), dict):
            yield from ((f"number {key}", record, dict) for key, record in payload["numbers"].items())


def of_page(notebook: Any) -> list[str]:
    """Keys of the numbers that this notebook computed, those of its tables included, in its order."""
    return [key for payload in _packed(notebook) for key in payload.get("numbers", {})]


def published(notebook: Any) -> list[str]:
    """Keys of the numbers that were published for sentences, those of tables and notes left out."""
    return [
        key for payload in _packed(notebook) if payload["kind"] == "numbers" for key in payload["numbers"]
    ]


def tiles(notebook: Any) -> list[str]:
    """Keys of the numbers that this notebook sets large."""
    return [key for payload in _packed(notebook) if payload["kind"] == "tiles" for key in payload["keys"]]


def packed_numbers(notebook: Any) -> list[tuple[Mapping[str, Any], Any]]:
    """The records of numbers as this notebook handed them over, and what they name by its place."""
    return [
        (payload["numbers"], payload.get("named")) for payload in _packed(notebook) if "numbers" in payload
    ]


def _packed(notebook: Any) -> Iterator[Mapping[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield output["data"][MIME]
