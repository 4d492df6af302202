"""Scenarios: every driver of the model with value, range, reason and source.

``base`` gives all drivers; another scenario says ``extends: base`` and overrides some of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import (
    UNITS,
    Place,
    refuse_unknown,
    take_choice,
    take_mapping,
    take_number,
    take_text,
)
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure, Source

SCENARIOS_FOLDER = "scenarios"
_KEYS = ("extends", "story", "drivers")
_DRIVER_KEYS = ("label", "value", "unit", "low", "high", "why", "source", "distribution")
_OVERRIDES = ("value", "low", "high", "why")


@dataclass(frozen=True)
class Driver:
    """One assumption: ``low`` ≤ ``value`` ≤ ``high`` in ``unit``, why, and on whose word."""

    name: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    why: str
    source: str
    path: str
    held_on: date
    distribution: Mapping[str, Any] | None = None

    @property
    def figure(self) -> Figure:
        """The value as a figure: an assumption of the scenario's file, dated the day it is held on."""
        field = f"drivers.{self.name}.value"
        source = Source(self.source, self.held_on, None, self.path, field, "assumption", self.why)
        return Figure(self.value, self.unit, self.label, source)


@dataclass(frozen=True, eq=False)
class Drivers(Mapping[str, Driver]):
    """The drivers of one scenario by name, in the order of ``base``."""

    scenario: str
    story: str
    by_name: Mapping[str, Driver]

    def __getitem__(self, name: str) -> Driver:
        if name not in self.by_name:
            raise KeyError(f"no driver {name!r} in scenario {self.scenario!r}")
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)


def scenario_file(name: str) -> str:
    """Where a scenario's file lies below the data folder."""
    return f"{SCENARIOS_FOLDER}/{name}.yml"


def scenario_names(root: Path) -> list[str]:
    """All scenarios that have a file, ``base`` first."""
    stems = (path.stem for path in (root / SCENARIOS_FOLDER).glob("*.yml"))
    return sorted(stems, key=lambda stem: (stem != "base", stem))


def load_scenario(root: Path, name: str, held_on: date, problems: list[Problem]) -> Drivers | None:
    """One scenario with everything it extends; its assumptions are dated ``held_on``."""
    return _load(root, name, held_on, problems, ())


def _load(
    root: Path, name: str, held_on: date, problems: list[Problem], below: tuple[str, ...]
) -> Drivers | None:
    raw = read_yaml(root, scenario_file(name), problems)
    if raw is None:
        return None
    place = Place(shown(root, scenario_file(name)), "", problems)
    refuse_unknown(raw, _KEYS, place)
    story = take_text(raw.get("story"), place.at("story"))
    entries = take_mapping(raw.get("drivers"), place.at("drivers"))
    parent = raw.get("extends")
    if parent is None:
        drivers = _first(entries, held_on, place.at("drivers"))
    elif parent in (*below, name):
        place.at("extends").report(
            f"{parent!r} extends {name!r} in turn", "scenarios that do not go round in a circle"
        )
        return None
    elif not (root / scenario_file(str(parent))).is_file():
        place.at("extends").report(f"{parent!r} is no scenario", f"one of {', '.join(scenario_names(root))}")
        return None
    else:
        extended = _load(root, str(parent), held_on, problems, (*below, name))
        if extended is None:
            return None
        drivers = _overridden(extended, entries, place.at("drivers"))
    return Drivers(name, story or "", drivers)


def _first(entries: dict[str, Any], held_on: date, place: Place) -> dict[str, Driver]:
    found = (_driver(name, value, held_on, place.at(name)) for name, value in entries.items())
    return {driver.name: driver for driver in found if driver is not None}


def _driver(name: str, value: object, held_on: date, place: Place) -> Driver | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, _DRIVER_KEYS, place)
    label, why, source = (take_text(entry.get(key), place.at(key)) for key in ("label", "why", "source"))
    unit = take_choice(entry.get("unit"), UNITS, place.at("unit"))
    number, low, high = (take_number(entry.get(key), place.at(key)) for key in ("value", "low", "high"))
    distribution = (
        take_mapping(entry["distribution"], place.at("distribution")) if "distribution" in entry else None
    )
    if label is None or why is None or source is None or unit is None:
        return None
    if number is None or low is None or high is None:
        return None
    _report_range(number, low, high, place)
    return Driver(name, label, number, unit, low, high, why, source, place.path, held_on, distribution)


def _overridden(parent: Drivers, entries: dict[str, Any], place: Place) -> dict[str, Driver]:
    drivers = dict(parent.by_name)
    for name, value in entries.items():
        here = place.at(name)
        entry = take_mapping(value, here)
        if name not in drivers:
            here.report(
                f"overrides a driver that {parent.scenario!r} does not have",
                "a driver of the extended scenario",
            )
            continue
        refuse_unknown(entry, _OVERRIDES, here)
        old = drivers[name]
        why = take_text(entry.get("why"), here.at("why"))
        numbers = {
            key: take_number(entry[key], here.at(key)) for key in ("value", "low", "high") if key in entry
        }
        if not numbers:
            here.report("changes nothing", "a value, or another low or high")
        value, low, high = (numbers.get(key) for key in ("value", "low", "high"))
        drivers[name] = replace(
            old,
            value=old.value if value is None else value,
            low=old.low if low is None else low,
            high=old.high if high is None else high,
            why=why or old.why,
            path=place.path,
        )
        _report_range(drivers[name].value, drivers[name].low, drivers[name].high, here)
    return drivers


def _report_range(value: float, low: float, high: float, place: Place) -> None:
    if low > high:
        place.at("low").report(f"{low:g} is above high, {high:g}", "low ≤ high")
    elif not low <= value <= high:
        place.at("value").report(f"{value:g} is outside its range", f"{low:g} to {high:g}")
