"""Risks: named changes of a scenario's drivers, with the measure in which each would show first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_choice,
    take_mapping,
    take_number,
    take_text,
)
from analysis.data.yaml_files import read_yaml

RISKS_FILE = "risks.yml"
How = Literal["add", "times", "set"]
HOWS: tuple[How, ...] = ("add", "times", "set")
SIGNS = (
    "aws_growth",
    "aws_margin",
    "advertising_growth",
    "stores_growth",
    "retail_margin",
    "free_cash_flow",
    "price_to_sales",
)
WORDS = ("name", "short", "story", "why", "watch")
_KEYS = ("name", "short", "story", "changes", "why", "sign", "watch")


@dataclass(frozen=True)
class Change:
    """What happens to one driver: ``amount`` is added, multiplies, or takes its place."""

    how: How
    amount: float

    def applied(self, before: Any, amount: Any = None) -> Any:
        """A driver after the change; ``amount`` stands for the change's own where it is of another kind."""
        by = self.amount if amount is None else amount
        if self.how == "set":
            return by
        return before + by if self.how == "add" else before * by


@dataclass(frozen=True)
class Risk:
    """One risk in words, the drivers it changes and by how much, and what would show it coming."""

    key: str
    name: str
    short: str
    story: str
    changes: Mapping[str, Change]
    why: str
    sign: str
    watch: str


def load_risks(root: Path, drivers: Collection[str], problems: list[Problem]) -> tuple[Risk, ...]:
    """All risks in the order of the file; ``drivers`` are the names that they may change."""
    raw = read_yaml(root, RISKS_FILE, problems) or {}
    place = Place(shown(root, RISKS_FILE), "", problems)
    if not raw:
        place.report("has no risk", "at least one")
    found = (_risk(key, value, drivers, place.at(key)) for key, value in raw.items())
    return tuple(risk for risk in found if risk is not None)


def _risk(key: str, value: object, drivers: Collection[str], place: Place) -> Risk | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, _KEYS, place)
    texts = {name: take_text(entry.get(name), place.at(name)) for name in WORDS}
    sign = take_choice(entry.get("sign"), SIGNS, place.at("sign"))
    changes = _changes(entry.get("changes"), drivers, place.at("changes"))
    if sign is None or not changes or None in texts.values():
        return None
    words = {name: text for name, text in texts.items() if text is not None}
    return Risk(key=key, changes=changes, sign=sign, **words)


def _changes(value: object, drivers: Collection[str], place: Place) -> dict[str, Change]:
    entries = take_mapping(value, place)
    refuse_unknown(entries, drivers, place)
    found = {}
    for driver, given in entries.items():
        here = place.at(driver)
        change = take_mapping(given, here)
        refuse_unknown(change, HOWS, here)
        if len(change) != 1:
            here.report(f"states {len(change)} changes", f"one of {', '.join(HOWS)}")
            continue
        how, amount = next(iter(change.items()))
        number = take_number(amount, here.at(how))
        if number is not None and how in HOWS:
            found[driver] = Change(how, number)
    return found
