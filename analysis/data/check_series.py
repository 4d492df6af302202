"""Checks of the series: every row with its source and date, in a known unit, given once."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

from analysis.data import quarters
from analysis.data.check_sizes import observation_findings, pooled_findings, price_findings
from analysis.data.edition import PRICES
from analysis.data.findings import Finding, report_findings
from analysis.data.observations import is_tidy, period_key, unit_in_name
from analysis.data.problems import Problem, nearest
from analysis.data.reads import shown
from analysis.data.series import Row, Series, load_series, series_names
from analysis.data.sessions import check_rules, sessions
from analysis.data.values import CHECKS, QUALITIES, UNITS, Place, take_choice, take_url

MARKET_VALUES = "peers/market_values"
_ROUNDED_USD_BN = 0.06  # printed to the tenth of a billion
_ROUNDED_SHARE = 0.0005  # share counts are printed to the million
_OFTEN = 3
_SHOWN = 5
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
REQUIRED = ("entity", "metric", "period", "value", "unit", "quality", "check")
KEY = ("entity", "metric", "period", "published")
"""What a tidy row must have beside day and source, and what tells it from every other."""
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
    findings: list[Finding] = []
    if is_tidy(series):
        _report_twice(series, problems)
        _report_ranges(series, problems)
        _report_entities(series, problems)
        findings += observation_findings(series)
    if series.name == PRICES:
        closes = _check_prices(series, problems)
        findings += price_findings(series, closes)
    if series.name == MARKET_VALUES:
        _check_market_values(series, problems)
        findings += pooled_findings(series, "ticker", ("close_usd", "shares_million"))
    sidecar = series.path.removesuffix(".csv") + ".meta.yml"
    if series.rows:
        report_findings(findings, series.meta.acknowledged, series.path, problems, kept_in=sidecar)


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
    for column in REQUIRED:
        if column in row.empty:
            place.at(column).report("is missing", f"a value in the column {column}")
    named = unit_in_name(metric)
    if named is not None and unit is not None and unit != named:
        place.at("unit").report(f"{unit!r} is not the unit of {metric!r}", named)
    if not any(fnmatch(metric, pattern) for pattern in series.meta.metrics):
        place.at("metric").report(
            f"{metric!r} is an unknown field",
            f"a metric of {series.name}.meta.yml; nearest: {nearest(metric, series.meta.metrics)}",
        )
    _check_fraction(metric, row, series, place)
    _check_early(metric, row, series, place)


def _check_fraction(metric: str, row: Row, series: Series, place: Place) -> None:
    value = row.values["value"]
    if row.values["unit"] != "fraction" or not isinstance(value, float):
        return
    bounds = [ends for pattern, ends in series.meta.bounds.items() if fnmatch(metric, pattern)]
    low, high = bounds[0] if bounds else (0.0, 1.0)
    if not low <= value <= high:
        expected = (
            f"a fraction from {low:g} to {high:g}, or other `bounds` of {metric} in {series.name}.meta.yml"
        )
        place.at("value").report(f"{value:g} is no {metric}", expected)


def _check_early(metric: str, row: Row, series: Series, place: Place) -> None:
    period, published = str(row.values["period"]), row.values["published"]
    end = _end_of(period)
    if end is None or not isinstance(published, date) or published >= end:
        return
    if not any(fnmatch(metric, pattern) for pattern in series.meta.ahead):
        expected = f"a day from {end} on, or {metric} among what {series.name}.meta.yml calls `ahead`"
        place.at("published").report(f"{published} is before the end of {period}", expected)


def _end_of(period: str) -> date | None:
    """The last day of a quarter, of twelve months to a month, or of a day; ``None`` for other periods."""
    if quarters.is_quarter(period):
        return quarters.period_end(period)
    if _DAY.fullmatch(period):
        return date.fromisoformat(period)
    if period.startswith("TTM "):
        year, month = period_key(period)
        return date(year, month, monthrange(year, month)[1])
    return None


def _report_twice(series: Series, problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in series.rows:
        key = tuple(row.values[column] for column in KEY)
        if key in seen:
            wrong = f"is given twice, on lines {seen[key]} and {row.line}"
            name = " / ".join(str(part) for part in key)
            problems.append(
                Problem(series.path, name, wrong, "one row for each entity, metric, period and day")
            )
        seen.setdefault(key, row.line)


def _report_ranges(series: Series, problems: list[Problem]) -> None:
    """A range's low end is not above its high end."""
    rows = {_key(row): row for row in series.rows if isinstance(row.values["value"], float)}
    for (entity, metric, period, published), row in rows.items():
        if not re.search(r"_low(_|$)", metric):
            continue
        high = rows.get((entity, re.sub(r"_low(_|$)", r"_high\1", metric), period, published))
        low, top = row.values["value"], high.values["value"] if high is not None else None
        if isinstance(low, float) and isinstance(top, float) and low > top:
            name = f"line {row.line}.value"
            problems.append(
                Problem(series.path, name, f"{metric} {low:g} is above its high end, {top:g}", "low ≤ high")
            )


def _report_entities(series: Series, problems: list[Problem]) -> None:
    """A name that stands once and is nearly one that stands often is a slip of the pen."""
    counts = Counter(str(row.values["entity"]) for row in series.rows)
    often = [name for name, count in counts.items() if count >= _OFTEN]
    for row in series.rows:
        name = str(row.values["entity"])
        if counts[name] == 1 and (like := _nearly(name, often)):
            here = Place(series.path, f"line {row.line}", problems).at("entity")
            here.report(f"{name!r} stands here alone", f"a name that the series has; nearest: {like}")


def _nearly(name: str, names: list[str]) -> str | None:
    """The name that differs in a letter or two, or in capitals, but in no digit."""
    digits = re.sub(r"\D", "", name)
    alike = [other for other in names if re.sub(r"\D", "", other) == digits]
    close = get_close_matches(name.lower(), [other.lower() for other in alike], n=1, cutoff=0.75)
    return next((other for other in alike if close and other.lower() == close[0]), None)


def _key(row: Row) -> tuple[str, str, str, str]:
    entity, metric, period, published = (
        str(row.values[column]) for column in ("entity", "metric", "period", "published")
    )
    return entity, metric, period, published


def _check_market_values(series: Series, problems: list[Problem]) -> None:
    """Price times shares is the value, and nothing is public before the session or its filing."""
    for row in series.rows:
        place = Place(series.path, f"line {row.line}", problems)
        close, shares, value = (
            row.values[name] for name in ("close_usd", "shares_million", "market_value_usd_bn")
        )
        if isinstance(close, float) and isinstance(shares, float) and isinstance(value, float):
            product = close * shares / 1000
            if abs(product - value) > max(_ROUNDED_USD_BN, _ROUNDED_SHARE * product):
                place.at("market_value_usd_bn").report(
                    f"{value:g} is not price × shares", f"{product:.1f}, {close:g} × {shares:g} million"
                )
        day, published = row.values["date"], row.values["published"]
        if isinstance(day, date) and isinstance(published, date) and published < day:
            place.at("published").report(f"{published} is before the session", f"a day from {day} on")
        period = str(row.values["period"])
        if isinstance(day, date) and quarters.is_quarter(period) and quarters.containing(day) != period:
            place.at("period").report(f"{period} does not hold {day}", quarters.containing(day))


def _check_prices(series: Series, problems: list[Problem]) -> dict[date, float]:
    """The closes by session, after reporting what is wrong with any."""
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
    _check_sessions(series, [(line, day) for line, day in days if isinstance(day, date)], problems)
    pairs = ((row.values["date"], row.values["close_usd"]) for row in series.rows)
    return {
        day: close for day, close in pairs if isinstance(day, date) and isinstance(close, float) and close > 0
    }


def _check_sessions(series: Series, days: list[tuple[int, date]], problems: list[Problem]) -> None:
    """Every day of trading has its close, and no other day has one; days missing together are one problem."""
    sidecar = series.path.removesuffix(".csv") + ".meta.yml"
    if not days or not check_rules(series.meta.closed, Place(sidecar, "closed", problems)):
        return
    given = {day: line for line, day in days}
    open_days = list(sessions(min(given), max(given), series.meta.closed))
    for day in sorted(set(given) - set(open_days)):
        wrong = f"{day} is a {day:%A} without a session"
        problems.append(
            Problem(
                series.path, f"line {given[day]}.date", wrong, f"a day that {sidecar} does not call `closed`"
            )
        )
    missing = [day for day in open_days if day not in given]
    if missing:
        shown_days = ", ".join(map(str, missing[:_SHOWN])) + (", …" if len(missing) > _SHOWN else "")
        wrong = f"{len(missing)} sessions have no close: {shown_days}"
        problems.append(
            Problem(series.path, "date", wrong, f"a close for each, or the day among `closed` in {sidecar}")
        )
