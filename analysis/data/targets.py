"""The market values that the report asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import Place, refuse_unknown, take_date, take_mapping, take_number
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure

TARGETS_FILE = "targets.yml"
_NAMED = re.compile(r"(\d+(?:\.\d+)?)T")  # 4T: trillions
_KEYS = ("value_usd_bn", "horizon", "why", "source")


@dataclass(frozen=True)
class Target:
    """A market value in $bn to be reached by a day, and why it is asked about."""

    name: str
    value_usd_bn: float
    horizon: date
    why: str = ""

    @cached_property
    def figure(self) -> Figure:
        """The target as a figure: it has no source, it is the question."""
        reason = f"the question of this report, in data/{TARGETS_FILE}: {self.why}"
        return Figure(self.value_usd_bn, "usd_bn", f"Target {self.name}", formula=reason)


def load_targets(root: Path, problems: list[Problem]) -> tuple[Target, ...]:
    """All targets, in the order of the file."""
    raw = read_yaml(root, TARGETS_FILE, problems) or {}
    place = Place(shown(root, TARGETS_FILE), "", problems)
    found = (_target(name, value, place.at(name)) for name, value in raw.items())
    return tuple(target for target in found if target is not None)


def _target(name: str, value: object, place: Place) -> Target | None:
    entry = take_mapping(value, place)
    if not entry:
        return None
    refuse_unknown(entry, _KEYS, place)
    worth = take_number(entry.get("value_usd_bn"), place.at("value_usd_bn"))
    horizon = take_date(entry.get("horizon"), place.at("horizon"))
    if worth is not None and worth <= 0:
        place.at("value_usd_bn").report(f"is {worth:g}", "a market value above zero, in $bn")
    named = _NAMED.fullmatch(name)
    if worth is not None and named is not None and worth != float(named[1]) * 1000:
        place.at("value_usd_bn").report(
            f"{worth:g} is not {name}", f"{float(named[1]) * 1000:g}, as the name says"
        )
    if worth is None or horizon is None:
        return None
    return Target(name, worth, horizon, str(entry.get("why", "")))
