"""Single values taken from a data file: the value if it is of the kind asked for, else a problem.

Every function returns ``None`` after reporting what is wrong, so that a caller can go on and
report everything else that is wrong too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, get_args

from analysis.data import quarters
from analysis.data.problems import Problem, expected_of
from analysis.figures import Quality

QUALITIES: tuple[Quality, ...] = get_args(Quality)
CHECKS = ("seen", "derived", "unconfirmed")
UNITS = ("usd_m", "usd_bn", "usd", "million", "fraction", "x", "count", "years", "text")
_Word = TypeVar("_Word", bound=str)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Place:
    """A field of a file, and the list to which problems with it go."""

    path: str
    field: str
    problems: list[Problem]

    def at(self, name: str) -> Place:
        """The place of an entry below this one."""
        return Place(self.path, f"{self.field}.{name}" if self.field else name, self.problems)

    def report(self, wrong: str, expected: str) -> None:
        """Add a problem at this place."""
        self.problems.append(Problem(self.path, self.field or "(file)", wrong, expected))


def shown_value(value: object) -> str:
    """A value as a problem prints it: text in quotes, dates and numbers bare."""
    return repr(value) if isinstance(value, str) else str(value)


def _refuse(value: object, kind: str, expected: str, place: Place) -> None:
    if value is None:
        place.report("is missing", expected)
    else:
        place.report(f"{shown_value(value)} is not {kind}", expected)


def take_number(value: object, place: Place) -> float | None:
    """A finite number; text that looks like one is told apart."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
        place.report(f"is {value}", "a finite number")
    elif isinstance(value, str) and looks_like_number(value):
        place.report(f"{value!r} is text", "a number without quotes, commas or units")
    else:
        _refuse(value, "a number", "a number", place)
    return None


def looks_like_number(text: str) -> bool:
    """Whether a reader would take ``text`` for a number: ``1,234``, ``$5``, ``1e3``, ``nan``."""
    bare = text.strip().lstrip("$").rstrip("%").replace(",", "").replace(" ", "")
    try:
        float(bare)
    except ValueError:
        return False
    return True


def take_text(value: object, place: Place) -> str | None:
    """Text that is not blank."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    _refuse(value, "text that says something" if isinstance(value, str) else "text", "text", place)
    return None


def take_url(value: object, place: Place) -> str | None:
    """An address that begins with https:// or http://."""
    if isinstance(value, str) and value.startswith(("https://", "http://")) and " " not in value:
        return value
    _refuse(value, "an address", "an address beginning with https://", place)
    return None


def take_date(value: object, place: Place) -> date | None:
    """A calendar day."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        place.report(f"{value!r} is a date in quotes", f"{value} without them")
    else:
        _refuse(value, "a date", "a date as year-month-day", place)
    return None


def take_quarter(value: object, place: Place) -> str | None:
    """A quarter label."""
    if quarters.is_quarter(value):
        return str(value)
    _refuse(value, "a quarter", "a quarter such as 2025Q4", place)
    return None


def take_choice(value: object, choices: Collection[_Word], place: Place) -> _Word | None:
    """One of a few words."""
    found = next((choice for choice in choices if choice == value), None)
    if found is None:
        _refuse(value, "known", expected_of(str(value), choices), place)
    return found


def take_quality(value: object, place: Place) -> Quality | None:
    """A word for how good a source is."""
    return take_choice(value, QUALITIES, place)


def take_mapping(value: object, place: Place) -> dict[str, Any]:
    """A mapping; an empty one after a problem."""
    if isinstance(value, dict):
        return value
    _refuse(value, "a mapping", "keys with values", place)
    return {}


def take_list(value: object, place: Place) -> list[tuple[object, Place]]:
    """The entries of a list, each with its place; none after a problem."""
    if isinstance(value, list):
        return [(item, replace(place, field=f"{place.field}[{i}]")) for i, item in enumerate(value)]
    _refuse(value, "a list", "a list", place)
    return []


def refuse_unknown(given: Mapping[str, Any], known: Collection[str], place: Place) -> None:
    """Report every key that is not among the known ones."""
    for key in given:
        if key not in known:
            place.at(key).report("is an unknown field", expected_of(key, known))
