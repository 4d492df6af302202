"""The days on which a stock exchange trades, by the rules for closed days in a price series' sidecar."""

from __future__ import annotations

from calendar import SATURDAY, SUNDAY, day_name, monthcalendar, monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from analysis.data.values import Place

_ANY_YEAR = 2025  # of 365 days: a rule holds in every year
_KINDS = (("date",), ("month", "day"), ("month", "weekday", "which"), ("easter",))
_WEEKDAYS = [name.lower() for name in day_name]
_KEYS: Mapping[str, Callable[[Any], bool]] = {
    "name": lambda value: isinstance(value, str),
    "date": lambda value: isinstance(value, date),
    "month": lambda value: value in range(1, 13),
    "day": lambda value: value in range(1, 32),
    "weekday": lambda value: value in _WEEKDAYS,
    "which": lambda value: value in (*range(1, 5), -1),
    "easter": lambda value: value in range(-80, 200),
    "since": lambda value: value in range(1, 10_000),
}


def sessions(first: date, last: date, closed: Iterable[Mapping[str, Any]]) -> Iterator[date]:
    """The weekdays from ``first`` through ``last`` that no rule closes.

    >>> rules = [{"name": "New Year's Day", "month": 1, "day": 1}, {"name": "Good Friday", "easter": -2}]
    >>> [day.day for day in sessions(date(2026, 1, 1), date(2026, 1, 6), rules)]
    [2, 5, 6]
    """
    rules = list(closed)
    shut = {
        day
        for year in range(first.year, last.year + 1)
        for rule in rules
        if (day := _closed(rule, year)) is not None
    }
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        if day.weekday() not in (SATURDAY, SUNDAY) and day not in shut:
            yield day


def check_rules(closed: Iterable[Mapping[str, Any]], place: Place) -> bool:
    """Whether every rule can be read; reports those that cannot."""
    good = True
    for rule in closed:
        known = set(rule) <= set(_KEYS) and "name" in rule and all(_KEYS[key](rule[key]) for key in rule)
        kinds = [kind for kind in _KINDS if {*kind} <= set(rule)]
        if not known or len(kinds) != 1 or _is_no_day(rule):
            place.report(
                f"{dict(rule)} is no rule",
                "name with date, or month and day, or month, weekday and which, or easter",
            )
            good = False
    return good


def _is_no_day(rule: Mapping[str, Any]) -> bool:
    """Whether the rule names a day that no year has."""
    return "day" in rule and rule["day"] > monthrange(_ANY_YEAR, rule["month"])[1]


def _closed(rule: Mapping[str, Any], year: int) -> date | None:
    """The day that a rule closes in a year; a fixed day on a Sunday moves to Monday, on a Saturday to Friday.

    A New Year's Day on a Saturday is not made up for: the Friday closes the old year.
    """
    if year < rule.get("since", year):
        return None
    if "date" in rule:
        return rule["date"] if rule["date"].year == year else None
    if "easter" in rule:
        return _easter(year) + timedelta(days=rule["easter"])
    if "weekday" in rule:
        place = _WEEKDAYS.index(rule["weekday"])
        days = [week[place] for week in monthcalendar(year, rule["month"]) if week[place]]
        return date(year, rule["month"], days[rule["which"] - 1 if rule["which"] > 0 else rule["which"]])
    day = date(year, rule["month"], rule["day"])
    moved = {SUNDAY: 1, SATURDAY: -1}.get(day.weekday(), 0)
    return day + timedelta(days=moved) if (day + timedelta(days=moved)).year == year else None


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
