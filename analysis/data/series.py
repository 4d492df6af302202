"""Series: CSV files read strictly, each beside a sidecar ``<stem>.meta.yml`` that describes it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from analysis.data.findings import ACKNOWLEDGED, take_acknowledged
from analysis.data.problems import Problem, nearest
from analysis.data.reads import read_text, shown
from analysis.data.values import (
    CHECKS,
    QUALITIES,
    Place,
    looks_like_number,
    refuse_unknown,
    take_choice,
    take_list,
    take_mapping,
    take_number,
    take_text,
)
from analysis.data.yaml_files import read_yaml

Value = str | float | date | None
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = ("date", "published", "shares_as_of")
_AMOUNT = re.compile(r"^value$|_(usd|usd_bn|usd_m|million)$")
COLUMN_TYPES = ("date", "number", "text")
_META_TEXTS = ("title", "description", "attribution", "licence")
_META_KEYS = (
    *_META_TEXTS, "columns", "metrics", "quality", "check", "oddities", "bounds", "ahead", "closed", "stated",
    ACKNOWLEDGED,
)  # fmt: skip
_COLUMN_KEYS = ("name", "type", "unit", "meaning")


@dataclass(frozen=True)
class Column:
    """One column of a series; ``type`` is ``date``, ``number`` or ``text``."""

    name: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Meta:
    """What a series is, from its sidecar.

    ``bounds`` are the least and largest value of metrics (patterns) whose fractions may leave 0 to 1;
    ``ahead`` are the metrics published before their period ends, such as guidance; ``closed`` are the days
    without a session; ``stated`` names the figures of the quarters' files that rows repeat.
    """

    title: str
    description: str
    attribution: str
    licence: str
    columns: tuple[Column, ...]
    quality: Mapping[str, str]
    check: Mapping[str, str]
    metrics: Mapping[str, str]
    oddities: tuple[str, ...] = ()
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    ahead: tuple[str, ...] = ()
    closed: tuple[Mapping[str, Any], ...] = ()
    acknowledged: Mapping[str, float | None] = field(default_factory=dict)
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One line of a series: its number in the file, its values by column, and the columns left empty.

    A value is ``None`` where the cell is empty or could not be read.
    """

    line: int
    values: Mapping[str, Value]
    empty: frozenset[str]


@dataclass(frozen=True)
class Series:
    """A series: its name (``cloud``, ``peers/observations``), description and rows."""

    name: str
    path: str
    meta: Meta
    rows: tuple[Row, ...]

    @cached_property
    def by_metric(self) -> Mapping[Value, tuple[Row, ...]]:
        """The rows of each metric, in their order."""
        found: dict[Value, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.values["metric"], []).append(row)
        return {metric: tuple(rows) for metric, rows in found.items()}

    @cached_property
    def whole_from(self) -> date | None:
        """The day from which every row is public; ``None`` if some row has none."""
        days = [row.values["published"] for row in self.rows]
        dated = [day for day in days if isinstance(day, date)]
        return max(dated) if dated and len(dated) == len(days) else None


def series_names(root: Path) -> list[str]:
    """Every series below the data folder, by the name under which it is read."""
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.csv"))


def load_series(root: Path, name: str, problems: list[Problem]) -> Series | None:
    """One series with its sidecar; ``None`` if either cannot be used."""
    meta = load_meta(root, f"{name}.meta.yml", problems)
    text = read_text(root, f"{name}.csv", problems)
    if meta is None or text is None:
        return None
    path = shown(root, f"{name}.csv")
    rows, found = _read(text, meta.columns, path)
    problems += found
    return None if rows is None else Series(name, path, meta, rows)


@lru_cache(maxsize=128)
def _read(
    text: str, columns: tuple[Column, ...], path: str
) -> tuple[tuple[Row, ...] | None, tuple[Problem, ...]]:
    """The rows of a text, read once, for many editions take the same; and its problems."""
    problems: list[Problem] = []
    rows = _rows(text, columns, path, problems)
    return None if rows is None else tuple(rows), tuple(problems)


def load_meta(root: Path, relative: str, problems: list[Problem]) -> Meta | None:
    """A sidecar; ``None`` if it lacks something."""
    raw = read_yaml(root, relative, problems)
    if raw is None:
        return None
    place = Place(shown(root, relative), "", problems)
    refuse_unknown(raw, _META_KEYS, place)
    texts = [take_text(raw.get(key), place.at(key)) for key in _META_TEXTS]
    columns = _columns(raw.get("columns"), place.at("columns"))
    quality = _words(raw.get("quality"), QUALITIES, place.at("quality"))
    check = _words(raw.get("check"), CHECKS, place.at("check"))
    metrics = _metrics(raw.get("metrics"), place.at("metrics"))
    oddities = [
        take_text(text, here) for text, here in take_list(raw.get("oddities", []), place.at("oddities"))
    ]
    if not columns or None in texts or None in oddities:
        return None
    title, description, attribution, licence = (text or "" for text in texts)
    bounds = _bounds(raw.get("bounds", {}), metrics, place.at("bounds"))
    ahead = _patterns(raw.get("ahead", []), metrics, place.at("ahead"))
    closed = tuple(
        take_mapping(rule, here) for rule, here in take_list(raw.get("closed", []), place.at("closed"))
    )
    return Meta(
        title, description, attribution, licence, columns, quality, check, metrics,
        tuple(text or "" for text in oddities), bounds, ahead, closed, take_acknowledged(raw, place),
        _stated(raw.get("stated", {}), place.at("stated")),
    )  # fmt: skip


def _bounds(raw: object, known: Collection[str], place: Place) -> dict[str, tuple[float, float]]:
    """Least and largest value by the pattern of a metric's name."""
    found = {}
    entries = take_mapping(raw, place)
    _patterns(list(entries), known, place)
    for pattern, given in entries.items():
        ends = [take_number(value, here) for value, here in take_list(given, place.at(pattern))]
        if len(ends) != 2 or None in ends or (ends[0] or 0) >= (ends[1] or 0):
            place.at(pattern).report("is no range", "two numbers, the least and the largest")
        else:
            found[pattern] = (ends[0] or 0.0, ends[1] or 0.0)
    return found


def _stated(raw: object, place: Place) -> dict[str, tuple[str, ...]]:
    """Fields of the quarters' files, whose sum a row repeats, by the row's entity and metric."""
    found = {}
    for row, given in take_mapping(raw, place).items():
        names = [take_text(field, here) for field, here in take_list(given, place.at(row))]
        found[row] = tuple(name for name in names if name is not None)
    return found


def _patterns(raw: object, known: Collection[str], place: Place) -> tuple[str, ...]:
    """Names of metrics, or patterns; one that fits no metric of the series is a problem."""
    names = [(str(name), here) for name, here in take_list(raw, place)]
    for name, here in names:
        if not any(fnmatch(metric, name) or fnmatch(name, metric) for metric in known):
            here.report(
                f"{name!r} fits no metric", f"a metric of the series; nearest: {nearest(name, known)}"
            )
    return tuple(name for name, _ in names)


def _words(raw: object, known: Collection[str], place: Place) -> dict[str, str]:
    """What the words of a column mean in this series."""
    words = take_mapping(raw, place) if raw is not None else {}
    refuse_unknown(words, known, place)
    return {word: take_text(meaning, place.at(word)) or "" for word, meaning in words.items()}


def _metrics(raw: object, place: Place) -> dict[str, str]:
    """What each metric is; one text may be given for several, with commas between."""
    texts = take_mapping(raw, place) if raw is not None else {}
    return {
        metric.strip(): take_text(meaning, place.at(metrics)) or ""
        for metrics, meaning in texts.items()
        for metric in metrics.split(",")
    }


def _columns(raw: object, place: Place) -> tuple[Column, ...]:
    entries = take_list(raw, place)
    found = []
    for value, here in entries:
        entry = take_mapping(value, here)
        refuse_unknown(entry, _COLUMN_KEYS, here)
        name = take_text(entry.get("name"), here.at("name"))
        kind = take_choice(entry.get("type"), _types(str(name)), here.at("type"))
        meaning = take_text(entry.get("meaning"), here.at("meaning"))
        if name is not None and kind is not None and meaning is not None:
            found.append(Column(name, kind, str(entry.get("unit") or ""), meaning))
    return tuple(found) if len(found) == len(entries) else ()


def _types(name: str) -> tuple[str, ...]:
    """The types that a column may have: days and amounts are held to rules that words would slip past."""
    if name in _DAYS:
        return ("date",)
    return ("number",) if _AMOUNT.search(name) else COLUMN_TYPES


def _rows(text: str, columns: tuple[Column, ...], path: str, problems: list[Problem]) -> list[Row] | None:
    """The rows; ``None`` below a first line that has other columns."""
    reader = csv.reader(io.StringIO(text), strict=True)
    names = [column.name for column in columns]
    rows: list[Row] = []
    try:
        header = next(reader, [])
        if header != names:
            problems.append(_other_header(header, names, path))
            return None
        for cells in reader:
            place = Place(path, f"line {reader.line_num}", problems)
            if len(cells) != len(names):
                place.report(f"has {len(cells)} columns", f"{len(names)} columns")
            else:
                rows.append(_row(cells, columns, reader.line_num, place))
    except csv.Error as error:
        problems.append(Problem(path, f"line {reader.line_num}", f"is not CSV: {error}", "valid CSV"))
    return rows


def _other_header(header: list[str], names: list[str], path: str) -> Problem:
    """A first line that does not have the columns: as some spreadsheets save it, or by its names."""
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if ",".join(header).split(mark) == names:
            return Problem(
                path, "line 1", f"has {called} between its columns", "commas, and a point in decimals"
            )
    wrong = f"has the columns {','.join(header) or '(none)'}"
    return Problem(path, "line 1", wrong, f"{','.join(names)}, as in the sidecar")


def _row(cells: list[str], columns: tuple[Column, ...], line: int, place: Place) -> Row:
    texts = {column.name: cell for column, cell in zip(columns, cells, strict=True)}
    values = {}
    for column in columns:
        # a tidy series may hold words in its number column; then the unit says so
        words = column.name == "value" and texts.get("unit") == "text"
        values[column.name] = parse_cell(
            texts[column.name], "text" if words else column.type, place.at(column.name)
        )
    return Row(line, values, frozenset(name for name, cell in texts.items() if cell == ""))


def parse_cell(cell: str, kind: str, place: Place) -> Value:
    """A cell's text as its column's type; ``None`` for an empty cell, or after a problem."""
    return _PARSERS[kind](cell, place) if cell != "" else None


def _number(cell: str, place: Place) -> float | None:
    if _is_plain_number(cell):
        return float(cell)
    if looks_like_number(cell):
        place.report(
            f"{cell!r} is not a plain number", "digits with a decimal point, finite, without commas or units"
        )
    else:
        place.report(f"{cell!r} is text", "a number")
    return None


def _is_plain_number(cell: str) -> bool:
    digits = cell.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and math.isfinite(float(cell))


def _date(cell: str, place: Place) -> date | None:
    try:
        if not _DAY.fullmatch(cell):
            raise ValueError
        return date.fromisoformat(cell)
    except ValueError:
        place.report(f"{cell!r} is not a date", "a date as year-month-day")
        return None


def _text(cell: str, place: Place) -> str:
    if cell != cell.strip():
        place.report(f"{cell!r} begins or ends with a space", "text without spaces around it")
    return cell.strip()


_PARSERS: Mapping[str, Callable[[str, Place], Value]] = {"number": _number, "date": _date, "text": _text}
