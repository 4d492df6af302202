"""YAML read strictly: errors name the line, keys are given once, numbers are finite numbers."""

from __future__ import annotations

import math
import os
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from analysis.data.problems import Problem
from analysis.data.reads import read_text, shown

# libyaml's loader is some ten times faster and resolves the same tags.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_DEEPEST = 12  # mappings and lists within each other: no file of the project has half of it
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)")


def read_yaml(root: Path, relative: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The mapping in a YAML file: dicts with text keys, lists, str, int, float, bool, date, None.

    ``None`` when the file cannot be read as a mapping; everything wrong goes to ``problems``.
    """
    text = read_text(root, relative, problems)
    return None if text is None else parse_yaml(text, shown(root, relative), problems)


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet: in its place whole, or not at all, whenever this ends.

    Raises ``FileExistsError`` for one that is there.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}~")  # passed over as what editors leave
    try:
        part.write_text(text, encoding="utf-8")
        try:
            os.link(part, path)
        except OSError:
            if path.exists():
                raise
            os.replace(part, path)  # where the disk knows no second name for a file
    finally:
        part.unlink(missing_ok=True)


def parse_yaml(text: str, path: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The mapping in ``text``; ``path`` is the name under which problems are reported."""
    try:
        node = _composed(text)
    except _Refused as refused:
        problems.append(Problem(path, *refused.args))
        return None
    except yaml.MarkedYAMLError as error:
        problems.append(_parse_problem(error, text, path))
        return None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        problems.append(Problem(path, "(file)", f"is not YAML: {error}", "valid YAML"))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(path, "(file)", "does not hold keys with values", "a mapping"))
        return None
    return _mapping(node, "", path, problems)


class _Refused(ValueError):
    """Text that must not be composed: where, what is wrong, what is expected."""


@lru_cache(maxsize=512)
def _composed(text: str) -> yaml.Node | None:
    """The nodes of a text, made once: every edition reads the same quarters.

    Refuses, before anything is built, an alias, which can make gigabytes of a few lines, and a depth at which
    a parser gives up.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(line, "has an anchor or an alias", "each value written out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _Refused(line, f"lies more than {_DEEPEST} levels deep", "fewer levels")
    return yaml.compose(text, Loader=_Loader)


def _parse_problem(error: yaml.MarkedYAMLError, text: str, path: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "(file)"
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if mark and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1])[: mark.column + 1]:
        return Problem(path, where, "is indented with a tab", "spaces, two a level")
    expected = "valid YAML: a space after each colon, two spaces a level, text with a colon in quotes"
    return Problem(path, where, f"is not YAML, here or in the line before: {said}", expected)


def _plain(node: yaml.Node, field: str, path: str, problems: list[Problem]) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, field, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, f"{field}[{i}]", path, problems) for i, item in enumerate(node.value)]
    return _scalar(node, field, path, problems)


def _mapping(node: yaml.MappingNode, field: str, path: str, problems: list[Problem]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(
                Problem(path, field or "(file)", f"has a key on line {line} that is not text", "text")
            )
            continue
        key = key_node.value
        name = f"{field}.{key}" if field else key
        if key in plain:
            wrong = f"is given twice, on lines {lines[key]} and {line}"
            problems.append(Problem(path, name, wrong, "each key once"))
        else:
            lines[key] = line
            plain[key] = _plain(value_node, name, path, problems)
    return plain


def _scalar(node: yaml.Node, field: str, path: str, problems: list[Problem]) -> object:
    text, tag = node.value, node.tag.removeprefix(_TAG)
    try:
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() in ("yes", "true", "on")
        if tag == "int":
            if not _DECIMAL.fullmatch(text) or math.isinf(float(text)):
                raise ValueError
            return int(text.replace("_", ""))
        if tag == "float":
            number = float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
            if not math.isfinite(number):
                problems.append(Problem(path, field, f"is {text}", "a finite number"))
                return None
            return number
        if tag == "timestamp":
            return date.fromisoformat(text)
    except ValueError:
        expected = "a date as year-month-day" if tag == "timestamp" else "a plain decimal number"
        problems.append(Problem(path, field, f"{text!r} can be misread", expected))
        return None
    if tag != "str":
        problems.append(
            Problem(path, field, f"has the YAML tag {node.tag!r}", "plain text, numbers and dates")
        )
    return text
