"""Names in the sentences of ``data/``: the file, figure, assumption or metric that they lead to is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from analysis.data.problems import Problem, nearest
from analysis.data.reads import shown
from analysis.data.series import load_series, series_names
from analysis.data.values import CHECKS, QUALITIES, UNITS, Place
from analysis.data.yaml_files import read_yaml

_APART = ("articles", "vintages")  # expressions, which are run, and what was published, which stays as it was
_FILE = r"(?<![\w./:-])[a-z][\w/-]*\.(?:csv|yml)\b"
_FILES = re.compile(rf"({_FILE})(?: \(([^)]*)\))?")
_NAMES = re.compile(r"(?<![\w./{:?=&-])[a-z][a-z0-9]*(?:[._][a-z0-9]+)+\b(?![/.]\w)")


def check_mentions(root: Path, names: Iterable[str], problems: list[Problem]) -> None:
    """Report every name in a sentence of a YAML file that leads nowhere, with the nearest.

    ``names`` are those of the reported figures and the assumptions. What stands in brackets after a table
    is a metric or a column of that table.
    """
    tables = {series: _metrics(root, series) for series in series_names(root)}
    known = _Known(root, tables, set(names))
    for path in sorted(root.rglob("*.yml")):
        relative = path.relative_to(root).as_posix()
        if relative.partition("/")[0] not in _APART:
            place = Place(shown(root, relative), "", problems)
            for text, here in _sentences(read_yaml(root, relative, []), place):
                known.check(text, here)


class _Known:
    """What a sentence may name."""

    def __init__(self, root: Path, tables: Mapping[str, set[str]], dotted: set[str]) -> None:
        self.files = {shown(root, path.relative_to(root).as_posix()) for path in root.rglob("*.*")}
        self.tables = {shown(root, f"{series}.csv"): metrics for series, metrics in tables.items()}
        self.dotted = dotted
        self.parts = {part for name in dotted for part in name.split(".")}
        self.single = {*self.parts, *UNITS, *QUALITIES, *CHECKS}.union(*tables.values())

    def check(self, text: str, place: Place) -> None:
        for file, within in _FILES.findall(text):
            found = [each for each in self.files if f"/{each}".endswith(f"/{file}")]
            if not found:
                place.report(f"{file!r} is no file of the data", f"nearest: {nearest(file, self.files)}")
            elif metrics := self.tables.get(found[0]):
                for name in _NAMES.findall(within):
                    _check(name, {*metrics, *self.dotted}, f"nothing of {file}", place)
        for name in _NAMES.findall(_FILES.sub("", text)):
            known = self.single if "." not in name else self.dotted
            if "." not in name or self.parts.intersection(name.split(".")):
                _check(name, known, "no figure, assumption or metric", place)


def _check(name: str, known: Iterable[str], what: str, place: Place) -> None:
    if not any(fnmatch(name, pattern) for pattern in known):
        place.report(f"{name!r} is {what}", f"nearest: {nearest(name, known)}")


def _metrics(root: Path, name: str) -> set[str]:
    series = load_series(root, name, [])
    if series is None:
        return set()
    return {*series.meta.metrics, *(column.name for column in series.meta.columns)}


def _sentences(value: object, place: Place) -> Iterator[tuple[str, Place]]:
    """Every text of several words below a value; a single word is a choice, checked where it is read."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _sentences(each, place.at(str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _sentences(each, Place(place.path, f"{place.field}[{number}]", place.problems))
    elif isinstance(value, str) and " " in value:
        yield value, place
