"""Scenario files: ``base`` gives every driver; another says ``extends: base`` and overrides some."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.data import quarters, schema
from analysis.data.drivers import FAMILIES, GATES, STATED_BY, Correlation, Driver, Drivers, Review
from analysis.data.problems import Problem, nearest
from analysis.data.reads import shown
from analysis.data.sizes import MISPLACED
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
_NUMBERS = ("value", "low", "high")
LARGEST_FRACTION = 3.0  # a growth of 300 percent; percents typed as such lie above
_COUNT: schema.Schema = {"type": "integer", "minimum": 0}
STORIES = ("bear", "base", "bull")
"""The scenarios that pages, vintages and articles' models name; others may stand beside them."""
_TELLING = 0.02  # of a smaller number, how many times another one it is says little
# From where an error can be told of odds to what memory holds.
_DRAWN_AT_A_TIME = {"points": (64, 1_000_000), "replicates": (2, 1_000)}
_SIMULATION = schema.having({}, dict.fromkeys(("points", "replicates", "seed"), _COUNT))
_NUMBERS_GIVEN = dict.fromkeys(_NUMBERS, schema.NUMBER)
_REVIEW = schema.having({"on": schema.DAY, "why": schema.TEXT}, {**_NUMBERS_GIVEN, "reason": schema.TEXT})
_DRAWN = schema.having({"family": schema.one_of(FAMILIES)}, dict.fromkeys(_NUMBERS, schema.one_of(STATED_BY)))
_DRIVER = schema.having(
    {
        "label": schema.TEXT,
        **_NUMBERS_GIVEN,
        "unit": schema.one_of(UNITS),
        "why": schema.TEXT,
        "source": schema.TEXT,
    },
    {"distribution": _DRAWN, "reviews": schema.list_of(_REVIEW), "counted_from": schema.DAY},
)
_OVERRIDE = schema.having({}, {**_NUMBERS_GIVEN, "why": schema.TEXT, "reviews": schema.list_of(_REVIEW)})
_CORRELATION = schema.having(
    {
        "pair": schema.list_of(schema.TEXT, minItems=2, maxItems=2),
        "rho": schema.NUMBER | {"minimum": -1, "maximum": 1},
        "why": schema.TEXT,
    }
)
_WAIVER = schema.having({"why": schema.TEXT, "until": schema.DAY})
_WAIVERS = schema.mapping(schema.either(schema.TEXT, _WAIVER), GATES)
BASE_SCHEMA = schema.having(
    {"set_on": schema.DAY, "story": schema.TEXT, "drivers": schema.mapping(_DRIVER)},
    {"correlations": schema.list_of(_CORRELATION), "simulation": _SIMULATION, "waivers": _WAIVERS},
)


def scenario_schema(labels: Mapping[str, str]) -> schema.Schema:
    """A scenario that extends another: of the drivers, by name with their labels, those that it changes."""
    drivers = {name: schema.saying(schema.shared("driver"), label) for name, label in labels.items()}
    required = {"extends": schema.TEXT, "story": schema.TEXT, "drivers": schema.having({}, drivers)}
    return schema.having(required, {"waivers": _WAIVERS}) | {"$defs": {"driver": _OVERRIDE}}


_EXTENDING = schema.names(scenario_schema({}))


def scenario_file(name: str) -> str:
    """Where a scenario's file lies below the data folder."""
    return f"{SCENARIOS_FOLDER}/{name}.yml"


def scenario_names(root: Path) -> list[str]:
    """All scenarios that have a file, ``base`` first."""
    stems = (path.stem for path in (root / SCENARIOS_FOLDER).glob("*.yml"))
    return sorted(stems, key=lambda stem: (stem != "base", stem))


def load_scenario(
    root: Path, name: str, cutoff: date, problems: list[Problem], reported_to: date | None = None
) -> Drivers | None:
    """One scenario with everything it extends.

    Its assumptions are held on the day they were set, or on ``cutoff`` if that is earlier: an older
    edition applies them unchanged. A later look counts from its day on. Years that run from a day
    (``counted_from``) are what is left of them at ``reported_to``, the end of the edition's latest quarter.
    ``None`` if what it extends cannot be found.
    """
    chain = _chain(root, name, problems)
    if chain is None:
        return None
    (first, place, raw), *others = reversed(chain)
    drivers = _base(first, raw, cutoff, place)
    declared = list(take_mapping(raw.get("drivers"), Place("", "", [])))
    for scenario, where, content in others:
        refuse_unknown(content, _EXTENDING, where)
        story = take_text(content.get("story"), where.at("story"))
        entries = take_mapping(content.get("drivers"), where.at("drivers"))
        changed = _overridden(drivers, declared, entries, cutoff, where.at("drivers"))
        waivers = {**drivers.waivers, **_waivers(content.get("waivers", {}), cutoff, where.at("waivers"))}
        drivers = replace(drivers, scenario=scenario, story=story or "", by_name=changed, waivers=waivers)
    if reported_to is not None:
        left = {name: _left(driver, reported_to) for name, driver in drivers.by_name.items()}
        drivers = replace(drivers, by_name=left)
    return drivers


def _left(driver: Driver, reported_to: date) -> Driver:
    """A driver whose years run from a day, with those that have passed since then taken off."""
    if driver.counted_from is None or reported_to <= driver.counted_from:
        return driver
    passed = (reported_to - driver.counted_from).days / quarters.DAYS_PER_YEAR
    value, low, high = driver.value - passed, driver.low - passed, driver.high - passed
    return replace(driver, value=value, low=low, high=high)


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
    refuse_unknown(raw, schema.names(BASE_SCHEMA), place)
    story = take_text(raw.get("story"), place.at("story"))
    set_on = take_date(raw.get("set_on"), place.at("set_on")) or cutoff
    entries = take_mapping(raw.get("drivers"), place.at("drivers"))
    found = (
        _driver(driver, value, set_on, cutoff, place.at("drivers").at(driver))
        for driver, value in entries.items()
    )
    by_name = {driver.name: driver for driver in found if driver is not None}
    correlations = _correlations(raw.get("correlations", []), entries, place.at("correlations"))
    simulation = _simulation(raw.get("simulation", {}), place.at("simulation"))
    waivers = _waivers(raw.get("waivers", {}), cutoff, place.at("waivers"))
    return Drivers(name, story or "", set_on, by_name, correlations, simulation, waivers)


def _driver(name: str, value: object, set_on: date, cutoff: date, place: Place) -> Driver | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, schema.names(_DRIVER), place)
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
    for key, each in zip(_NUMBERS, (number, low, high), strict=True):
        report_fraction(unit, each, place.at(key))
    runs_from = entry.get("counted_from")
    if runs_from is not None:
        runs_from = take_date(runs_from, place.at("counted_from"))
        if unit != "years":
            place.at("counted_from").report(f"is given for {unit}", "a driver in years")
    held_on = min(set_on, cutoff)
    first = Driver(
        name, label, number, unit, low, high, why, source, place.path, held_on, drawn, set_on,
        counted_from=runs_from,
    )  # fmt: skip
    return _reviewed(first, entry, cutoff, place)


def _reviewed(driver: Driver, entry: dict[str, Any], cutoff: date, place: Place) -> Driver:
    """The driver after the later looks at it that were taken by ``cutoff``.

    A look's ``reason`` takes the place of the driver's, also where the numbers were left; its ``why`` does so
    where they were changed.
    """
    reviews: list[Review] = []
    before = driver.set_on
    for item, here in take_list(entry.get("reviews", []), place.at("reviews")):
        given = take_mapping(item, here)
        refuse_unknown(given, schema.names(_REVIEW), here)
        on, why = take_date(given.get("on"), here.at("on")), take_text(given.get("why"), here.at("why"))
        numbers = {key: take_number(given[key], here.at(key)) for key in _NUMBERS if key in given}
        if on is None or why is None:
            continue
        if on <= before:
            here.at("on").report(f"{on} is not after {before}", "looks in their order, each on a later day")
        before = on
        reason = take_text(given["reason"], here.at("reason")) if "reason" in given else None
        looked = _changed(driver, numbers, reason or why, here)
        _report_misplaced(driver, looked, here)
        if on > cutoff:
            continue
        numbers_now = (looked.value, looked.low, looked.high)
        changes = numbers_now != (driver.value, driver.low, driver.high)
        reviews.append(Review(on, *numbers_now, why, changes, driver.value))
        driver = (
            replace(looked, set_on=on, held_on=on) if changes else replace(driver, why=reason or driver.why)
        )
    return replace(driver, reviews=(*driver.reviews, *reviews))


def _distribution(value: object, place: Place) -> dict[str, str]:
    """Family, and what ``low``, ``value`` and ``high`` are in it."""
    entry = take_mapping(value, place)
    refuse_unknown(entry, schema.names(_DRAWN), place)
    words = {
        key: take_choice(entry.get(key), FAMILIES if key == "family" else STATED_BY, place.at(key))
        for key in ("family", *(key for key in _NUMBERS if key in entry))
    }
    return {key: word for key, word in words.items() if word is not None}


def _correlations(value: object, drivers: Collection[str], place: Place) -> tuple[Correlation, ...]:
    found: list[Correlation] = []
    for item, here in take_list(value, place):
        entry = take_mapping(item, here)
        refuse_unknown(entry, schema.names(_CORRELATION), here)
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
    refuse_unknown(entry, schema.names(_SIMULATION), place)
    numbers = {key: take_number(given, place.at(key)) for key, given in entry.items()}
    for key, number in numbers.items():
        least, most = _DRAWN_AT_A_TIME.get(key, (0, math.inf))
        if number is not None and not (least <= number <= most and number.is_integer()):
            place.at(key).report(f"{number:g} cannot be", f"a whole number from {least} to {most:,}")
        elif key == "points" and number is not None and int(number).bit_count() > 1:
            place.at(key).report(f"{number:g} is no net of Sobol's", "a power of two")
    return {key: int(number) for key, number in numbers.items() if number is not None}


def _waivers(value: object, cutoff: date, place: Place) -> dict[str, str]:
    """Reasons by gate: a text, or ``why`` and ``until``, the last cut-off for which it may be used."""
    found: dict[str, str] = {}
    for gate, given in take_mapping(value, place).items():
        here = place.at(gate)
        if gate not in GATES:
            here.report("is no plausibility check", f"one of {', '.join(GATES)}")
        entry = take_mapping(given, here) if not isinstance(given, str) else {"why": given, "until": cutoff}
        refuse_unknown(entry, schema.names(_WAIVER), here)
        why = take_text(entry.get("why"), here.at("why") if entry is given else here)
        until = take_date(entry.get("until"), here.at("until"))
        if why is not None and until is not None and cutoff <= until:
            found[gate] = why
    return found


def _overridden(
    parent: Drivers, declared: Collection[str], entries: dict[str, Any], cutoff: date, place: Place
) -> dict[str, Driver]:
    """The parent's drivers with the given entries on top; ``declared`` also names unusable ones."""
    drivers = dict(parent.by_name)
    for name, value in entries.items():
        here = place.at(name)
        entry = take_mapping(value, here)
        if name not in declared:
            wrong = f"overrides a driver that {parent.scenario!r} does not have"
            here.report(wrong, "a driver of the extended scenario")
        refuse_unknown(entry, schema.names(_OVERRIDE), here)
        numbers = {key: take_number(entry[key], here.at(key)) for key in _NUMBERS if key in entry}
        only_reviews = "reviews" in entry and not numbers and "why" not in entry
        why = None if only_reviews else take_text(entry.get("why"), here.at("why"))
        if not numbers and not only_reviews:
            here.report("changes nothing", "a value, or another low or high")
        if name in drivers:
            own = _changed(drivers[name], numbers, why, here) if not only_reviews else drivers[name]
            if numbers.get("value") is not None:  # the parent's later looks are at a number that is not used
                own = replace(own, set_on=parent.set_on, held_on=min(parent.set_on, cutoff), reviews=())
            drivers[name] = _reviewed(own, entry, cutoff, here)
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
    for key, each in zip(_NUMBERS, (driver.value, driver.low, driver.high), strict=True):
        report_fraction(driver.unit, each, place.at(key))
    return driver


def _report_misplaced(before: Driver, now: Driver, place: Place) -> None:
    """Report a number that a look moved by a digit; a change from a trailing figure may be of any size."""
    if before.name.endswith("_change"):
        return
    for key in _NUMBERS:
        was, value = getattr(before, key), getattr(now, key)
        if value and abs(was) >= _TELLING and not 1 / MISPLACED < abs(value / was) < MISPLACED:
            wrong = f"{value:g} is {value / was:.3g} times what it was, {was:g}"
            place.at(key).report(wrong, "a number of the same size")


def fits_unit(unit: str, number: float) -> bool:
    """Whether a driver's number, or what a change makes of it, is a fraction where the unit is one."""
    return unit != "fraction" or -1 <= number <= LARGEST_FRACTION


def report_fraction(unit: str, number: float, place: Place) -> None:
    """Report a number that does not fit the unit."""
    if not fits_unit(unit, number):
        expected = f"a fraction from -1 to {LARGEST_FRACTION:g}: 24 percent is 0.24"
        place.report(f"{number:g} is no fraction", expected)


def _report_range(value: float, low: float, high: float, place: Place) -> None:
    if low > high:
        place.at("low").report(f"{low:g} is above high, {high:g}", "low ≤ high")
    elif not low <= value <= high:
        place.at("value").report(f"{value:g} is outside its range", f"{low:g} to {high:g}")
