"""All of ``data/`` as one zip that describes itself, by the Frictionless Data Package standard.

The zip holds the folder as it is. A rebuilt edition uses less of it, and the description says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from analysis.build import checks
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.charts.html import tag
from analysis.data.problems import Problem
from analysis.data.series import Column, Series, load_series
from analysis.data.yaml_files import read_yaml
from analysis.formats import day

NAME = "data.zip"
DESCRIPTOR = "datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_TYPES = {"date": "date", "number": "number", "text": "string"}
_FORMATS = {".csv": "text/csv", ".yml": "application/yaml", ".md": "text/markdown"}


def link(folder: str) -> str:
    """A paragraph that offers the zip below ``folder``, as HTML."""
    return tag("p", tag("a", f"All data as a zip ({NAME})", href=f"{folder}/{NAME}", download=True))


def archive(tree: Tree, chosen: Parameters) -> bytes:
    """The zip: every file of ``data/`` and the descriptor; the same bytes for the same files and edition.

    Raises ``BuildError`` for a table whose sidecar is missing or wrong.
    """
    cutoff = checks.cutoff(tree, chosen)
    files = contents(tree.data)
    described = json.dumps(descriptor(tree.data, files, chosen, cutoff), indent=2, ensure_ascii=False)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as into:
        for name, content in sorted({**files, DESCRIPTOR: f"{described}\n".encode()}.items()):
            entry = zipfile.ZipInfo(name, (cutoff.year, cutoff.month, cutoff.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # the same on every system
            into.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def contents(data: Path) -> dict[str, bytes]:
    """Every file of the folder by its path in it, hidden files left out."""
    paths = (path for path in sorted(data.rglob("*")) if path.is_file())
    inside = ((path.relative_to(data), path) for path in paths)
    return {
        name.as_posix(): path.read_bytes()
        for name, path in inside
        if not any(part.startswith(".") for part in name.parts)
    }


def descriptor(data: Path, files: Mapping[str, bytes], chosen: Parameters, cutoff: date) -> dict[str, object]:
    """What ``datapackage.json`` says: title, licence, sources, and a resource for each file."""
    problems: list[Problem] = []
    tables = {name: load_series(data, name.removesuffix(".csv"), problems) for name in files if _is_csv(name)}
    documents = dict(_documents(data, files, problems))
    if problems:
        raise BuildError([str(problem) for problem in problems])
    described = {name: table for name, table in tables.items() if table is not None}
    credits = sorted({table.meta.attribution for table in described.values()})
    sources = [{"title": title} for title in credits]
    sources += [{"title": title, "path": url} for title, url in sorted(documents.items())]
    return {
        "profile": "data-package",
        "name": "amazon-2030",
        "title": "Data of the report: Amazon at $4 trillion or $5 trillion by 2030?",
        "description": (
            f"The folder data/ as it is, whole, as the build of edition {chosen.as_of} found it. That "
            f"edition uses only what was public by {day(cutoff)}; later rows and files are here too. The "
            "column published, or the field of that name, says when a figure became public."
        ),
        "version": chosen.as_of,
        "licenses": [LICENCE],
        "sources": sources,
        "resources": [_resource(name, content, described.get(name)) for name, content in files.items()],
    }


def _is_csv(name: str) -> bool:
    return name.endswith(".csv")


def _documents(data: Path, files: Mapping[str, bytes], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Title and address of the document behind each quarter's statements."""
    for name in files:
        if name.startswith("amazon/quarters/"):
            quarter = read_yaml(data, name, problems) or {}
            if {"document", "url"} <= quarter.keys():
                yield str(quarter["document"]), str(quarter["url"])


def _resource(name: str, content: bytes, table: Series | None) -> dict[str, Any]:
    path = Path(name)
    plain = path.with_suffix("") if path.suffix in (".csv", ".yml") else path
    common = {
        "name": plain.as_posix().lower(),
        "path": name,
        "format": path.suffix.removeprefix("."),
        "mediatype": _FORMATS.get(path.suffix, "application/octet-stream"),
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if table is None:
        return {"profile": "data-resource", **common}
    meta = table.meta
    return {
        "profile": "tabular-data-resource",
        **common,
        "title": meta.title,
        "description": f"{meta.description.strip()} {meta.licence}",
        "sources": [{"title": meta.attribution}],
        "schema": {"fields": [_field(column, table) for column in meta.columns], "missingValues": [""]},
    }


def _field(column: Column, table: Series) -> dict[str, str]:
    """A column by Table Schema; one of numbers that holds a word in some row is of any type."""
    words = (isinstance(row.values[column.name], str) for row in table.rows)
    kind = "any" if column.type == "number" and any(words) else _TYPES[column.type]
    return {"name": column.name, "type": kind, "description": column.meaning, "unit": column.unit}
