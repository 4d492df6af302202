"""Scenario files: ``base`` gives every driver; another says ``extends: base`` and overrides some."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.data.drivers import FAMILIES, GATES, STATED_BY, Correlation, Driver, Drivers
from analysis.data.problems import Problem, nearest
from analysis.data.reads import shown
from analysis.data.values import (
    UNITS,
    Place,
    refuse_unknown,
    take_choice,
    take_date,
    take_list,
    take_mapping,
    take_number,
    take_text,
)
from analysis.data.yaml_files import read_yaml

SCENARIOS_FOLDER = "scenarios"
_BASE_KEYS = ("set_on", "story", "drivers", "correlations", "simulation", "waivers")
_KEYS = ("extends", "story", "drivers", "waivers")
_DRIVER_KEYS = ("label", "value", "unit", "low", "high", "why", "source", "distribution")
_NUMBERS = ("value", "low", "high")
_SIMULATION_KEYS = ("points", "replicates", "seed")


def scenario_file(name: str) -> str:
    """Where a scenario's file lies below the data folder."""
    return f"{SCENARIOS_FOLDER}/{name}.yml"


def scenario_names(root: Path) -> list[str]:
    """All scenarios that have a file, ``base`` first."""
    stems = (path.stem for path in (root / SCENARIOS_FOLDER).glob("*.yml"))
    return sorted(stems, key=lambda stem: (stem != "base", stem))


def load_scenario(root: Path, name: str, cutoff: date, problems: list[Problem]) -> Drivers | None:
    """One scenario with everything it extends.

    Its assumptions are held on the day they were set, or on ``cutoff`` if that is earlier: an older
    edition applies them unchanged. ``None`` if what it extends cannot be found.
    """
    chain = _chain(root, name, problems)
    if chain is None:
        return None
    (first, place, raw), *others = reversed(chain)
    drivers = _base(first, raw, cutoff, place)
    declared = list(take_mapping(raw.get("drivers"), Place("", "", [])))
    for scenario, where, content in others:
        refuse_unknown(content, _KEYS, where)
        story = take_text(content.get("story"), where.at("story"))
        entries = take_mapping(content.get("drivers"), where.at("drivers"))
        changed = _overridden(drivers, declared, entries, where.at("drivers"))
        waivers = {**drivers.waivers, **_waivers(content.get("waivers", {}), cutoff, where.at("waivers"))}
        drivers = replace(drivers, scenario=scenario, story=story or "", by_name=changed, waivers=waivers)
    return drivers


def _chain(root: Path, name: str, problems: list[Problem]) -> list[tuple[str, Place, dict[str, Any]]] | None:
    """The scenario, the one it extends, and so on to one that extends none."""
    chain: list[tuple[str, Place, dict[str, Any]]] = []
    if name not in scenario_names(root):
        expected = f"a scenario; nearest: {nearest(name, scenario_names(root))}"
        problems.append(Problem(shown(root, scenario_file(name)), "(file)", "does not exist", expected))
        return None
    while True:
        raw = read_yaml(root, scenario_file(name), problems)
        if raw is None:
            return None
        place = Place(shown(root, scenario_file(name)), "", problems)
        chain.append((name, place, raw))
        parent, known = raw.get("extends"), scenario_names(root)
        if parent is None:
            return chain
        if parent not in known:
            place.at("extends").report(f"{parent!r} is no scenario", f"one of {', '.join(known)}")
            return None
        if parent in (link[0] for link in chain):
            circle = " → ".join([*(link[0] for link in chain), parent])
            place.at("extends").report(f"goes round in a circle, {circle}", "a scenario that leads to base")
            return None
        name = parent


def _base(name: str, raw: dict[str, Any], cutoff: date, place: Place) -> Drivers:
    refuse_unknown(raw, _BASE_KEYS, place)
    story = take_text(raw.get("story"), place.at("story"))
    set_on = take_date(raw.get("set_on"), place.at("set_on")) or cutoff
    entries = take_mapping(raw.get("drivers"), place.at("drivers"))
    found = (
        _driver(driver, value, min(set_on, cutoff), place.at("drivers").at(driver))
        for driver, value in entries.items()
    )
    by_name = {driver.name: driver for driver in found if driver is not None}
    correlations = _correlations(raw.get("correlations", []), entries, place.at("correlations"))
    simulation = _simulation(raw.get("simulation", {}), place.at("simulation"))
    waivers = _waivers(raw.get("waivers", {}), cutoff, place.at("waivers"))
    return Drivers(name, story or "", set_on, by_name, correlations, simulation, waivers)


def _driver(name: str, value: object, held_on: date, place: Place) -> Driver | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, _DRIVER_KEYS, place)
    label, why, source = (take_text(entry.get(key), place.at(key)) for key in ("label", "why", "source"))
    unit = take_choice(entry.get("unit"), UNITS, place.at("unit"))
    number, low, high = (take_number(entry.get(key), place.at(key)) for key in _NUMBERS)
    drawn = (
        _distribution(entry["distribution"], place.at("distribution")) if "distribution" in entry else None
    )
    if label is None or why is None or source is None or unit is None:
        return None
    if number is None or low is None or high is None:
        return None
    _report_range(number, low, high, place)
    return Driver(name, label, number, unit, low, high, why, source, place.path, held_on, drawn)


def _distribution(value: object, place: Place) -> dict[str, str]:
    """Family, and what ``low``, ``value`` and ``high`` are in it."""
    entry = take_mapping(value, place)
    refuse_unknown(entry, ("family", *_NUMBERS), place)
    words = {
        key: take_choice(entry.get(key), FAMILIES if key == "family" else STATED_BY, place.at(key))
        for key in ("family", *(key for key in _NUMBERS if key in entry))
    }
    return {key: word for key, word in words.items() if word is not None}


def _correlations(value: object, drivers: Collection[str], place: Place) -> tuple[Correlation, ...]:
    found: list[Correlation] = []
    for item, here in take_list(value, place):
        entry = take_mapping(item, here)
        refuse_unknown(entry, ("pair", "rho", "why"), here)
        pair = [
            take_choice(name, drivers, where) for name, where in take_list(entry.get("pair"), here.at("pair"))
        ]
        rho = take_number(entry.get("rho"), here.at("rho"))
        why = take_text(entry.get("why"), here.at("why"))
        if rho is not None and not -1 <= rho <= 1:
            here.at("rho").report(f"{rho:g} is no correlation", "a number from -1 to 1")
        if len(pair) != 2 or pair[0] == pair[1]:
            here.at("pair").report("does not name two drivers", "the names of two different drivers")
        elif pair[0] is not None and pair[1] is not None and rho is not None and why is not None:
            found.append(Correlation((pair[0], pair[1]), rho, why))
    return tuple(found)


def _simulation(value: object, place: Place) -> dict[str, int]:
    entry = take_mapping(value, place)
    refuse_unknown(entry, _SIMULATION_KEYS, place)
    numbers = {key: take_number(given, place.at(key)) for key, given in entry.items()}
    for key, number in numbers.items():
        if number is not None and (number < 0 or not number.is_integer()):
            place.at(key).report(f"{number:g} is no whole number", "a whole number, zero or above")
    return {key: int(number) for key, number in numbers.items() if number is not None}


def _waivers(value: object, cutoff: date, place: Place) -> dict[str, str]:
    """Reasons by gate: a text, or ``why`` and ``until``, the last cut-off for which it may be used."""
    found: dict[str, str] = {}
    for gate, given in take_mapping(value, place).items():
        here = place.at(gate)
        if gate not in GATES:
            here.report("is no plausibility check", f"one of {', '.join(GATES)}")
        entry = take_mapping(given, here) if not isinstance(given, str) else {"why": given, "until": cutoff}
        refuse_unknown(entry, ("why", "until"), here)
        why = take_text(entry.get("why"), here.at("why") if entry is given else here)
        until = take_date(entry.get("until"), here.at("until"))
        if why is not None and until is not None and cutoff <= until:
            found[gate] = why
    return found


def _overridden(
    parent: Drivers, declared: Collection[str], entries: dict[str, Any], place: Place
) -> dict[str, Driver]:
    """The parent's drivers with the given entries on top; ``declared`` also names unusable ones."""
    drivers = dict(parent.by_name)
    for name, value in entries.items():
        here = place.at(name)
        entry = take_mapping(value, here)
        if name not in declared:
            wrong = f"overrides a driver that {parent.scenario!r} does not have"
            here.report(wrong, "a driver of the extended scenario")
        refuse_unknown(entry, (*_NUMBERS, "why"), here)
        why = take_text(entry.get("why"), here.at("why"))
        numbers = {key: take_number(entry[key], here.at(key)) for key in _NUMBERS if key in entry}
        if not numbers:
            here.report("changes nothing", "a value, or another low or high")
        if name in drivers:
            drivers[name] = _changed(drivers[name], numbers, why, here)
    return drivers


def _changed(old: Driver, numbers: dict[str, float | None], why: str | None, place: Place) -> Driver:
    value, low, high = (numbers.get(key) for key in _NUMBERS)
    driver = replace(
        old,
        value=old.value if value is None else value,
        low=old.low if low is None else low,
        high=old.high if high is None else high,
        why=why or old.why,
        path=place.path,
    )
    _report_range(driver.value, driver.low, driver.high, place)
    return driver


def _report_range(value: float, low: float, high: float, place: Place) -> None:
    if low > high:
        place.at("low").report(f"{low:g} is above high, {high:g}", "low ≤ high")
    elif not low <= value <= high:
        place.at("value").report(f"{value:g} is outside its range", f"{low:g} to {high:g}")
