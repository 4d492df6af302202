"""Checks of the series: every row with its source and date, in a known unit, given once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

from analysis.data.edition import PRICES
from analysis.data.observations import is_tidy, unit_in_name
from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.series import Row, Series, load_series, series_names
from analysis.data.values import CHECKS, QUALITIES, UNITS, Place, take_choice, take_url

_REQUIRED = ("entity", "metric", "period", "value", "unit", "quality", "check")
_WORDS: Mapping[str, tuple[str, ...]] = {"unit": UNITS, "quality": QUALITIES, "check": CHECKS}


def check_series(root: Path, problems: list[Problem]) -> None:
    """Report all that is wrong with any series or sidecar."""
    names = series_names(root)
    for path in sorted(root.rglob("*.meta.yml")):
        name = path.relative_to(root).as_posix().removesuffix(".meta.yml")
        if name not in names:
            where = shown(root, f"{name}.meta.yml")
            problems.append(Problem(where, "(file)", "describes no series", f"a file {name}.csv beside it"))
    for name in names:
        series = load_series(root, name, problems)
        if series is not None:
            _check(series, problems)


def _check(series: Series, problems: list[Problem]) -> None:
    if not series.rows:
        problems.append(Problem(series.path, "(file)", "has no row", "at least one row below the header"))
    for row in series.rows:
        place = Place(series.path, f"line {row.line}", problems)
        _check_words(row, place)
        if is_tidy(series):
            _check_tidy(row, series, place)
    if is_tidy(series):
        _report_twice(series, problems)
    if series.name == PRICES:
        _check_prices(series, problems)


def _check_words(row: Row, place: Place) -> None:
    for column, known in _WORDS.items():
        if row.values.get(column) is not None:
            take_choice(row.values[column], known, place.at(column))
    if row.values.get("url") is not None:
        take_url(row.values["url"], place.at("url"))
    if "published" in row.values and "source" in row.values:
        for column in ("published", "source"):
            if column in row.empty:
                place.at(column).report("is missing", "the day it became public, and the document")


def _check_tidy(row: Row, series: Series, place: Place) -> None:
    metric, unit = str(row.values["metric"] or ""), row.values["unit"]
    for column in _REQUIRED:
        if column in row.empty:
            place.at(column).report("is missing", f"a value in the column {column}")
    named = unit_in_name(metric)
    if named is not None and unit is not None and unit != named:
        place.at("unit").report(f"{unit!r} is not the unit of {metric!r}", named)
    if not any(fnmatch(metric, pattern) for pattern in series.meta.metrics):
        place.at("metric").report(
            f"{metric!r} is an unknown field", f"a metric that {series.name}.meta.yml describes"
        )


def _report_twice(series: Series, problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in series.rows:
        key = tuple(row.values[column] for column in ("entity", "metric", "period", "published"))
        if key in seen:
            wrong = f"is given twice, on lines {seen[key]} and {row.line}"
            name = " / ".join(str(part) for part in key)
            problems.append(
                Problem(series.path, name, wrong, "one row for each entity, metric, period and day")
            )
        seen.setdefault(key, row.line)


def _check_prices(series: Series, problems: list[Problem]) -> None:
    for row in series.rows:
        close = row.values["close_usd"]
        place = Place(series.path, f"line {row.line}", problems)
        if row.values["date"] is None:
            place.at("date").report("is missing", "the session's day")
        if not isinstance(close, float) or close <= 0:
            place.at("close_usd").report(f"is {close}", "a price above zero")
    days = [(row.line, row.values["date"]) for row in series.rows if isinstance(row.values["date"], date)]
    for (_, before), (line, after) in pairwise(days):
        if after <= before:
            wrong = f"{after} does not follow {before}"
            problems.append(Problem(series.path, f"line {line}.date", wrong, "sessions in order, each once"))
