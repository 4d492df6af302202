"""Checks of the series: every row with its source and date, in a known unit, given once."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

from analysis.data import quarters
from analysis.data.amazon import QuarterFile
from analysis.data.check_sizes import observation_findings, pooled_findings, price_findings
from analysis.data.edition import PRICES
from analysis.data.findings import Finding, report_findings
from analysis.data.observations import is_tidy, twelve_months_end, unit_in_name
from analysis.data.problems import Problem, nearest
from analysis.data.reads import shown
from analysis.data.series import Row, Series, load_series, series_names
from analysis.data.sessions import check_rules, sessions
from analysis.data.splits import A_SHARE, Split, load_splits
from analysis.data.values import CHECKS, QUALITIES, UNITS, Place, take_choice, take_url

MARKET_VALUES = "peers/market_values"
COMPANIES = "peers/companies"
GIANTS = "giants"
GROWTH, GROWS = "revenue_growth_yoy", "revenue"
_ROUNDING = 0.6  # of the last digit
_ROUNDED_GROWTH = 0.0006  # printed to the tenth of a percent
_END = re.compile(r"_(low|high)(_|$)")
_FIRST_CLOSE = re.compile(r"first_close_above_(\d+)t")
_OTHER_END = {"low": "high", "high": "low"}
_MAY_BE_EMPTY = ("note", "url")
_ROUNDED_USD_BN = 0.06  # printed to the tenth of a billion
_ROUNDED_SHARE = 0.0005  # share counts are printed to the million
_OFTEN = 3
_RUNNING, _SILENT = 3, 2  # quarters with a row, after which so many without one are a finding
_SHOWN = 5
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?")
REQUIRED = ("entity", "metric", "period", "value", "unit", "quality", "check")
KEY = ("entity", "metric", "period", "published")
"""What a tidy row must have beside day and source, and what tells it from every other."""
_WORDS: Mapping[str, tuple[str, ...]] = {"unit": UNITS, "quality": QUALITIES, "check": CHECKS}


def check_series(root: Path, files: Mapping[str, QuarterFile], problems: list[Problem]) -> None:
    """Report all that is wrong with any series or sidecar; ``files`` are the quarters that could be read."""
    names = series_names(root)
    for path in sorted(root.rglob("*.meta.yml")):
        name = path.relative_to(root).as_posix().removesuffix(".meta.yml")
        if name not in names:
            where = shown(root, f"{name}.meta.yml")
            problems.append(Problem(where, "(file)", "describes no series", f"a file {name}.csv beside it"))
    found = (load_series(root, name, problems) for name in names)
    loaded = {series.name: series for series in found if series is not None}
    splits = load_splits(root, [])
    for series in loaded.values():
        _check(series, splits, max(files, default=""), problems)
        _check_stated(series, files, problems)
    if MARKET_VALUES in loaded and PRICES in loaded:
        _check_own_closes(loaded[MARKET_VALUES], loaded[PRICES], problems)
    if MARKET_VALUES in loaded and COMPANIES in loaded:
        _check_tickers(loaded[MARKET_VALUES], loaded[COMPANIES], problems)
        if GIANTS in loaded:
            _check_first_closes(loaded[GIANTS], loaded[MARKET_VALUES], loaded[COMPANIES], problems)


def _check(series: Series, splits: Sequence[Split], newest: str, problems: list[Problem]) -> None:
    if not series.rows:
        problems.append(Problem(series.path, "(file)", "has no row", "at least one row below the header"))
    for row in series.rows:
        place = Place(series.path, f"line {row.line}", problems)
        _check_words(row, place)
        if is_tidy(series):
            _check_tidy(row, series, place)
        else:
            _check_filled(row, place)
    findings: list[Finding] = []
    if newest and (is_tidy(series) or series.name == MARKET_VALUES):
        findings += _silent(series, newest)
    if is_tidy(series):
        _report_keys(series, KEY, problems)
        _report_ranges(series, problems)
        _report_entities(series, problems)
        _report_units(series, problems)
        _report_growth(series, problems)
        findings += observation_findings(series, splits if series.name == A_SHARE else ())
    if series.name == PRICES:
        closes = _check_prices(series, problems)
        findings += price_findings(series, closes, splits)
    if series.name == MARKET_VALUES:
        _check_market_values(series, problems)
        _report_keys(series, ("date", "ticker"), problems)
        findings += pooled_findings(series, "ticker", ("close_usd", "shares_million"), {"AMZN": splits})
    if series.name == COMPANIES:
        _report_keys(series, ("ticker",), problems)
    sidecar = series.path.removesuffix(".csv") + ".meta.yml"
    if series.rows:
        report_findings(findings, series.meta.acknowledged, series.path, problems, kept_in=sidecar)


def _check_stated(series: Series, files: Mapping[str, QuarterFile], problems: list[Problem]) -> None:
    """A row that a quarter's file has too, as a figure or as a sum of figures, says the same."""
    known = {field for file in files.values() for field in file.printed}
    pairs = {f"{row.values.get('entity')} / {row.values.get('metric')}" for row in series.rows}
    place = Place(f"{series.path.removesuffix('.csv')}.meta.yml", "stated", problems)
    for named, fields in series.meta.stated.items():
        if pairs and named not in pairs:
            place.at(named).report("is no entity / metric of the table", f"nearest: {nearest(named, pairs)}")
        for field in (each for each in fields if each not in known):
            place.at(named).report(f"{field!r} is in no quarter's file", f"nearest: {nearest(field, known)}")
    for row in series.rows:
        named = f"{row.values.get('entity')} / {row.values.get('metric')}"
        file, value = files.get(str(row.values.get("period"))), row.values.get("value")
        fields = series.meta.stated.get(named, ())
        if file is None or not fields or not isinstance(value, float):
            continue
        parts = [file.printed[field].value for field in fields if field in file.printed]
        stated, digits = abs(sum(parts)) / 1000, len(f"{value:.15g}".partition(".")[2])
        if len(parts) == len(fields) and abs(stated - value) > _ROUNDING * 10.0**-digits:
            here = Place(series.path, f"line {row.line}", problems).at("value")
            expected = f"{stated:.15g}, from {' and '.join(fields)}"
            here.report(f"{value:g} is not what {file.path} has", expected)


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
    for column in ("entity", "metric", "period"):
        if strange := _not_latin(str(row.values[column])):
            wrong = f"holds {strange}, which looks like another letter"
            place.at(column).report(wrong, "letters of the Latin alphabet")
    _check_period(str(row.values["period"]), place.at("period"))
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


def _not_latin(text: str) -> str:
    """The first letter of another alphabet, by its name."""
    letters = (unicodedata.name(letter, "a letter") for letter in text if letter.isalpha())
    return next((name for name in letters if not name.startswith("LATIN")), "")


def _check_period(period: str, place: Place) -> None:
    """A period that means to be a quarter, a month or a day is one."""
    if "Q" in period and not (quarters.is_quarter(period) or quarters.is_fiscal(period)):
        place.report(f"{period!r} is no quarter", "a quarter such as 2025Q4, of an own year as FY2026Q1")
    names_month = period.startswith("TTM ") or (period.startswith("FY") and "(" in period)
    if names_month and twelve_months_end(period) is None:
        expected = "twelve months as TTM Mar-2025, a fiscal year as FY2025 (Jun-2025)"
        place.report(f"{period!r} names no month", expected)
    if _MONTH.fullmatch(period) and _day(period) is None:
        place.report(f"{period!r} is no month or day", "a month as 2026-04, a day as 2026-04-30")


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
    if end is None or not isinstance(published, date):
        return
    ahead = _is_ahead(metric, series)
    if ahead and published >= end:
        wrong = f"{published} is after {period}, which {metric} was to be known ahead of"
        place.at("published").report(wrong, f"a day before {end}")
    if not ahead and published < end:
        expected = f"a day from {end} on, or {metric} among what {series.name}.meta.yml calls `ahead`"
        place.at("published").report(f"{published} is before the end of {period}", expected)


def _is_ahead(metric: str, series: Series) -> bool:
    """Whether the metric is published before its period ends."""
    return any(fnmatch(metric, pattern) for pattern in series.meta.ahead)


def _end_of(period: str) -> date | None:
    """The last day of a quarter, of twelve months to a named month, or of a day; ``None`` for others."""
    if quarters.is_quarter(period):
        return quarters.period_end(period)
    return _day(period) if _DAY.fullmatch(period) else twelve_months_end(period)


def _day(period: str) -> date | None:
    """A day, or the first of a month; ``None`` if there is no such day."""
    try:
        return date.fromisoformat(f"{period}-01"[:10])
    except ValueError:
        return None


def _silent(series: Series, newest: str) -> Iterator[Finding]:
    """Whom a series knew something of in each quarter, and of whom it has nothing for the last two."""
    who, of = ("ticker", "date") if series.name == MARKET_VALUES else ("entity", "period")
    given: dict[str, set[str]] = {}
    for row in series.rows:
        given.setdefault(str(row.values[who]), set()).add(_quarter_of(row, of))
    for named, when in given.items():
        if not (last := max(when)) or quarters.distance(last, newest) < _SILENT:
            continue
        if when.issuperset(quarters.span(quarters.add(last, 1 - _RUNNING), last)):
            how = f"without a row since {last}, where each quarter had one, and Amazon's go to {newest}"
            yield Finding(series.path, named, None, (how,))


def _quarter_of(row: Row, column: str) -> str:
    """The quarter in which a row's period ends; of an own year's quarter that in which it was published."""
    period, published = str(row.values[column]), row.values["published"]
    end = published if quarters.is_fiscal(period) else _day(period) or _end_of(period)
    return quarters.containing(end) if isinstance(end, date) else ""


def _report_ranges(series: Series, problems: list[Problem]) -> None:
    """Guidance has both its ends, and no range's low end is above its high end."""
    rows = {_key(row): row for row in series.rows if isinstance(row.values["value"], float)}
    for (entity, metric, period, published), row in rows.items():
        end = _END.search(metric)
        if end is None:
            continue
        other = _END.sub(f"_{_OTHER_END[end[1]]}{end[2]}", metric)
        if (entity, other, period, published) not in rows and _is_ahead(metric, series):
            here = Place(series.path, f"line {row.line}", problems).at("metric")
            here.report(f"{metric} of {entity}, {period}, stands alone", f"a row {other} of the same day")
        if end[1] == "high":
            continue
        high = rows.get((entity, other, period, published))
        low, top = row.values["value"], high.values["value"] if high is not None else None
        if isinstance(low, float) and isinstance(top, float) and low > top:
            name = f"line {row.line}.value"
            problems.append(
                Problem(series.path, name, f"{metric} {low:g} is above its high end, {top:g}", "low ≤ high")
            )


def _report_units(series: Series, problems: list[Problem]) -> None:
    """What is measured of an entity has one unit: a row in another would stand apart from its own past."""
    units: dict[tuple[str, str], Counter[str]] = {}
    for row in series.rows:
        key = (str(row.values["entity"]), str(row.values["metric"]))
        units.setdefault(key, Counter())[str(row.values["unit"])] += 1
    for row in series.rows:
        entity, metric, unit = (str(row.values[key]) for key in ("entity", "metric", "unit"))
        usual = units[entity, metric].most_common(1)[0][0]
        if unit != usual and unit in UNITS and unit_in_name(metric) is None:
            here = Place(series.path, f"line {row.line}", problems).at("unit")
            here.report(f"{unit!r} is not that of the other rows of {entity} / {metric}", usual)


def _report_growth(series: Series, problems: list[Problem]) -> None:
    """A growth beside the two sales that it is of agrees with them."""
    sales = {
        (row.values["entity"], row.values["period"]): row.values["value"]
        for row in series.by_metric.get(GROWS, ())
    }
    for row in series.by_metric.get(GROWTH, ()):
        period, value = str(row.values["period"]), row.values["value"]
        if not (quarters.is_quarter(period) or quarters.is_fiscal(period)):
            continue
        now, then = (sales.get((row.values["entity"], each)) for each in (period, quarters.add(period, -4)))
        if not (isinstance(value, float) and isinstance(now, float) and isinstance(then, float) and then > 0):
            continue
        if abs(now / then - 1 - value) > _ROUNDED_GROWTH:
            here = Place(series.path, f"line {row.line}", problems).at("value")
            here.report(f"{value:g} is not the growth of {now:g} on {then:g}", f"{now / then - 1:.3f}")


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


def _check_first_closes(giants: Series, values: Series, companies: Series, problems: list[Problem]) -> None:
    """A giant has the day of its first close above each trillion up to what it was worth, in their order."""
    names = {row.values["ticker"]: row.values["company"] for row in companies.rows}
    worth = [
        *((names.get(row.values["ticker"]), "market_value_usd_bn", "date", row) for row in values.rows),
        *((row.values["entity"], "value", "period", row) for row in giants.by_metric.get("market_value", ())),
    ]
    passed: dict[str, dict[int, str]] = {}
    for row in giants.rows:
        if mark := _FIRST_CLOSE.fullmatch(str(row.values["metric"])):
            days = passed.setdefault(str(row.values["entity"]), {})
            days[int(mark[1])] = str(row.values["period"])
    for name, days in passed.items():
        own = [(row.values[column], row.values[period]) for who, column, period, row in worth if who == name]
        for trillions, wrong in _wrong_closes(days, own):
            expected = f"a row first_close_above_{trillions}t with its day"
            problems.append(Problem(giants.path, f"{name} / first_close", wrong, expected))


def _wrong_closes(days: Mapping[int, str], worth: Sequence[tuple[Any, Any]]) -> Iterator[tuple[int, str]]:
    """Trillions whose first close is missing or out of order; ``worth`` are values in $bn and their days."""
    highest = max(days)
    for mark in sorted(set(range(1, highest)) - days.keys()):
        yield mark, f"${mark}T is missing below ${highest}T"
    for (lower, before), (higher, after) in pairwise(sorted(days.items())):
        if after < before:
            yield higher, f"${higher}T was first closed above on {after}, before ${lower}T, on {before}"
    for value, day in worth:
        if isinstance(value, float) and value >= 1000 * (highest + 1):
            yield highest + 1, f"${value:g}bn ({day}) is above all its first closes, to ${highest}T"
            break


def _check_filled(row: Row, place: Place) -> None:
    """Every cell of a table that is not tidy holds something, but for notes and addresses."""
    for column in sorted(row.empty.difference(_MAY_BE_EMPTY, ("published", "source"))):
        place.at(column).report("is missing", f"a value in the column {column}")


def _report_keys(series: Series, columns: tuple[str, ...], problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in series.rows:
        key = tuple(row.values[column] for column in columns)
        if key in seen:
            name, wrong = " / ".join(map(str, key)), f"is given twice, on lines {seen[key]} and {row.line}"
            problems.append(Problem(series.path, name, wrong, f"one row for each {', '.join(columns)}"))
        seen.setdefault(key, row.line)


def _check_own_closes(series: Series, prices: Series, problems: list[Problem]) -> None:
    """Values stand on days of trading, and a close that the prices have too is the same in both."""
    if not check_rules(prices.meta.closed, Place("", "", [])):
        return
    closes = {row.values["date"]: row.values["close_usd"] for row in prices.rows}
    for row in series.rows:
        place, day = Place(series.path, f"line {row.line}", problems), row.values["date"]
        if not isinstance(day, date):
            continue
        if not list(sessions(day, day, prices.meta.closed)):
            place.at("date").report(f"{day} is a {day:%A} without a session", "a day of trading")
        given, close = row.values["close_usd"], closes.get(day)
        if row.values["ticker"] == "AMZN" and None not in (given, close) and given != close:
            place.at("close_usd").report(
                f"{given:g} is not the close of {day}", f"{close:g}, from {PRICES}.csv"
            )


def _check_tickers(series: Series, companies: Series, problems: list[Problem]) -> None:
    known = [str(row.values["ticker"]) for row in companies.rows]
    for row in series.rows:
        ticker = str(row.values["ticker"])
        if ticker not in known:
            here = Place(series.path, f"line {row.line}", problems).at("ticker")
            expected = f"a ticker of {COMPANIES}.csv; nearest: {nearest(ticker, known)}"
            here.report(f"{ticker!r} has no name", expected)


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
        day, published, counted = (row.values[name] for name in ("date", "published", "shares_as_of"))
        if isinstance(counted, date) and isinstance(published, date) and counted > published:
            place.at("shares_as_of").report(f"{counted} is after {published}", "a count public by then")
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
        several = f"{len(missing)} sessions have" if len(missing) > 1 else "one session has"
        wrong = f"{several} no close: {shown_days}"
        problems.append(
            Problem(series.path, "date", wrong, f"a close for each, or the day among `closed` in {sidecar}")
        )
