"""What a data file may hold, said once: readers take the names from it, editors the whole, as JSON Schema.

A schema is a plain mapping by the standard's draft 2020-12. A day is text there, as YAML 1.2 reads one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Schema = dict[str, Any]
SCHEMAS_FOLDER = "schemas"

NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string", "pattern": r"\S"}
DAY: Schema = {"type": "string", "format": "date"}
QUARTER: Schema = {"type": "string", "pattern": r"^\d{4}Q[1-4]$"}
ADDRESS: Schema = {"type": "string", "pattern": r"^https?://\S+$"}


def having(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """A mapping with these names and no others."""
    found: Schema = {"type": "object", "properties": {**required, **(optional or {})}}
    return found | {"required": list(required), "additionalProperties": False}


def mapping(of: Schema, names: Collection[str] | None = None) -> Schema:
    """A mapping from any name, or from some of ``names``, to one kind of value."""
    found: Schema = {"type": "object", "additionalProperties": of}
    return found if names is None else found | {"propertyNames": {"enum": list(names)}}


def list_of(of: Schema, **limits: int) -> Schema:
    """A list of one kind of value."""
    return {"type": "array", "items": of, **limits}


def one_of(words: Collection[str]) -> Schema:
    """One of a few words."""
    return {"enum": list(words)}


def either(*schemas: Schema) -> Schema:
    """One of several kinds of value."""
    return {"anyOf": list(schemas)}


def exactly_one(schema: Schema, names: Collection[str]) -> Schema:
    """A mapping that has one of the ``names`` and not two."""
    return schema | {"oneOf": [{"required": [name]} for name in names]}


def shared(name: str) -> Schema:
    """What stands once below ``$defs``."""
    return {"$ref": f"#/$defs/{name}"}


def saying(schema: Schema, text: str) -> Schema:
    """A value with what an editor says of it."""
    return schema | {"description": text}


def names(schema: Schema) -> Collection[str]:
    """The names that a mapping may have."""
    found: Mapping[str, Schema] = schema["properties"]
    return found.keys()


def head(relative: str, name: str) -> str:
    """The first line of a data file, by which an editor finds its schema.

    >>> head("amazon/quarters/2025Q4.yml", "quarter")
    '# yaml-language-server: $schema=../../schemas/quarter.json'
    """
    return f"# yaml-language-server: $schema={'../' * relative.count('/')}{SCHEMAS_FOLDER}/{name}.json"
