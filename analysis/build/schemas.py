"""JSON Schemas of the files that people write, in ``data/schemas``, and the line that leads an editor there.

They are made of what the readers of the files take, the dictionary of fields and the drivers of ``base``.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from analysis.build.tree import BuildError, Tree, write_if_changed
from analysis.data import schema
from analysis.data.problems import Problem, stop_on

_CONSISTENCY = "articles/consistency.yml"  # has a form of its own
VERB = "python -m analysis schemas"


def schemas(data: Path) -> dict[str, schema.Schema]:
    """The schema of every kind of file by its name; raises ``DataError`` for what they are made of."""
    from analysis.articles import loading
    from analysis.data import amazon, editions, fields, scenarios

    problems: list[Problem] = []
    dictionary = fields.load_fields(data, problems)
    base = scenarios.load_scenario(data, "base", date.max, problems)
    stop_on(problems)
    assert base is not None
    labels = {name: driver.label for name, driver in base.items()}
    return {
        "article": loading.SCHEMA,
        "base-scenario": scenarios.BASE_SCHEMA,
        "edition": editions.SCHEMA,
        "quarter": amazon.quarter_schema(dictionary),
        "scenario": scenarios.scenario_schema(labels),
    }


def described(data: Path) -> Iterator[tuple[str, str]]:
    """Every file that has a schema, by its path in the folder, with the schema's name."""
    folders = {
        "articles": "article",
        "editions": "edition",
        "amazon/quarters": "quarter",
        "scenarios": "scenario",
    }
    for folder, name in folders.items():
        for path in sorted((data / folder).glob("*.yml")):
            relative = f"{folder}/{path.name}"
            if relative != _CONSISTENCY:
                yield relative, "base-scenario" if relative == "scenarios/base.yml" else name


def _wanted(data: Path) -> dict[Path, bytes]:
    """The schemas, and the files with the line that leads to theirs."""
    found = {}
    for name, each in schemas(data).items():
        text = json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **each}, indent=1)
        found[data / schema.SCHEMAS_FOLDER / f"{name}.json"] = f"{text}\n".encode()
    for relative, name in described(data):
        content = (data / relative).read_bytes()
        head = schema.head(relative, name).encode()
        plain = content.removeprefix(codecs.BOM_UTF8)
        has_head = plain.splitlines()[:1] == [head]  # however an editor ends its lines
        found[data / relative] = content if has_head else head + b"\n" + plain
    return found


def write(tree: Tree) -> list[Path]:
    """Write the schemas, and their line into each file without it; returns what changed."""
    return [path for path, content in _wanted(tree.data).items() if write_if_changed(path, content)]


def check(tree: Tree) -> None:
    """Raises ``BuildError`` with each file that :func:`write` would write."""
    stale = [
        path
        for path, content in _wanted(tree.data).items()
        if not path.is_file() or path.read_bytes() != content
    ]
    if stale:
        expected = f"(expected what `{VERB}` writes)"
        raise BuildError(
            [f"{tree.name(path)}: schema or the line that leads to it is stale {expected}" for path in stale]
        )
