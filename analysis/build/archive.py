"""All of ``data/`` as one zip that describes itself, by the Frictionless Data Package standard.

The zip holds the folder as it is, and Amazon's quarters as one table. A rebuilt edition uses less of it, and
the description says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analysis.build import checks
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree, files_below
from analysis.charts.html import tag
from analysis.data import Edition, long_table, open_edition
from analysis.data.check_series import KEY, MARKET_VALUES, REQUIRED
from analysis.data.observations import is_tidy
from analysis.data.problems import Problem
from analysis.data.series import Column, Series, load_series
from analysis.data.values import CHECKS, QUALITIES, UNITS
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
_QUARTERS = f"amazon/{long_table.NAME}"
_COMPANIES = "peers/companies"
_ENUMS = {
    "unit": UNITS,
    "quality": QUALITIES,
    "check": CHECKS,
    "span": long_table.SPANS,
    "basis": long_table.BASES,
}
_PATTERNS = {"url": r"https?://\S+"}
_FORMATS = {".csv": "text/csv", ".yml": "application/yaml", ".md": "text/markdown"}


def link(folder: str) -> str:
    """A paragraph that offers the zip below ``folder``, as HTML."""
    return tag("p", tag("a", f"All data as a zip ({NAME})", href=f"{folder}/{NAME}", download=True))


def quarters_link(folder: str) -> str:
    """A paragraph that offers the table of quarters below ``folder``, as HTML."""
    name = long_table.NAME
    return tag(
        "p", tag("a", f"Every figure of Amazon's documents ({name})", href=f"{folder}/{name}", download=True)
    )


def quarters_csv(edition: Edition) -> bytes:
    """The table of quarters as far as the edition sees it, for spreadsheets."""
    return long_table.as_csv(long_table.long_table(edition.reported, edition.cutoff)).encode("utf-8-sig")


def archive(tree: Tree, chosen: Parameters) -> bytes:
    """The zip: every file of ``data/`` and the descriptor; the same bytes for the same files and edition.

    Raises ``BuildError`` for a table whose sidecar is missing or wrong.
    """
    cutoff = checks.cutoff(tree, chosen)
    quarters = long_table.long_table(open_edition(chosen.as_of, tree.data).reported, date.max)
    files = dict(sorted({**contents(tree.data), _QUARTERS: long_table.as_csv(quarters).encode()}.items()))
    described = json.dumps(
        descriptor(tree.data, files, chosen, cutoff, quarters), indent=2, ensure_ascii=False
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as into:
        for name, content in sorted({**files, DESCRIPTOR: f"{described}\n".encode()}.items()):
            entry = zipfile.ZipInfo(name, (cutoff.year, cutoff.month, cutoff.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # the same on every system
            into.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def contents(data: Path) -> dict[str, bytes]:
    """Every file of the folder by its path in it, hidden files and those of tools left out."""
    inside = ((path.relative_to(data), path) for path in files_below(data))
    return {
        name.as_posix(): path.read_bytes()
        for name, path in inside
        if not any(part.startswith(".") for part in name.parts)
    }


def descriptor(
    data: Path, files: Mapping[str, bytes], chosen: Parameters, cutoff: date, quarters: Series
) -> dict[str, object]:
    """What ``datapackage.json`` says: title, licence, sources, and a resource for each file."""
    problems: list[Problem] = []
    names = [name for name in files if _is_csv(name) and name != _QUARTERS]
    tables = {name: load_series(data, name.removesuffix(".csv"), problems) for name in names}
    tables[_QUARTERS] = quarters
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
            f"The folder data/ as it is, whole, as the build of edition {chosen.as_of} found it, and "
            f"{_QUARTERS}, its quarters as one table. That edition uses only what was public by "
            f"{day(cutoff)}; later rows and files are here too. The "
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
        "schema": {
            "fields": [_field(column, table) for column in meta.columns],
            "missingValues": [""],
            "primaryKey": list(_key(table)),
            **_references(table),
        },
    }


def _key(table: Series) -> Sequence[str]:
    """The columns that tell a row from every other."""
    names = [column.name for column in table.meta.columns]
    if is_tidy(table):
        return KEY
    return long_table.KEY if "span" in names else [name for name in names if name in ("date", "ticker")]


def _references(table: Series) -> dict[str, Any]:
    """Columns whose values stand in another table."""
    if table.name != MARKET_VALUES:
        return {}
    return {
        "foreignKeys": [
            {"fields": "ticker", "reference": {"resource": _COMPANIES, "fields": "ticker"}},
        ]
    }


def _field(column: Column, table: Series) -> dict[str, Any]:
    """A column by Table Schema, with what its cells may hold; of any type where a number may be a word."""
    words = (isinstance(row.values[column.name], str) for row in table.rows)
    kind = "any" if column.type == "number" and any(words) else _TYPES[column.type]
    always = {*_key(table), *REQUIRED, "published", "source", "document"}
    constraints: dict[str, Any] = {"required": True} if column.name in always else {}
    if column.name in _ENUMS:
        constraints["enum"] = list(_ENUMS[column.name])
    if column.name in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.name]
    described = {"name": column.name, "type": kind, "description": column.meaning, "unit": column.unit}
    return {**described, "constraints": constraints} if constraints else described
