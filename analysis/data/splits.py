"""Splits of Amazon's shares: from its day on, what was counted or priced before is told in the new shares.

The data keep what was printed, but for the split of June 2022, which they are adjusted for. An edition whose
cut-off lies before a split knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import prod
from pathlib import Path

from analysis.data.problems import Problem
from analysis.data.reads import exists, shown
from analysis.data.values import Place, refuse_unknown, take_date, take_mapping, take_number, take_text
from analysis.data.yaml_files import read_yaml

SPLITS_FILE = "splits.yml"
A_SHARE = "analysts"  # the series of what others say that a share of Amazon is worth or earns
COUNTED, OF_ONE = "million", "usd"
"""The units of what is counted in shares, and of what one share earns or costs."""


@dataclass(frozen=True)
class Split:
    """``ratio`` new shares for one old from the session of ``day`` on."""

    day: date
    ratio: float


def load_splits(root: Path, problems: list[Problem]) -> tuple[Split, ...]:
    """All splits after that of June 2022; none where no file keeps any."""
    if not exists(root, SPLITS_FILE):
        return ()
    raw = read_yaml(root, SPLITS_FILE, problems) or {}
    place = Place(shown(root, SPLITS_FILE), "", problems)
    found = (_split(name, value, place.at(name)) for name, value in raw.items())
    return tuple(split for split in found if split is not None)


def _split(name: str, value: object, place: Place) -> Split | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, ("day", "ratio", "source"), place)
    day = take_date(entry.get("day"), place.at("day"))
    ratio = take_number(entry.get("ratio"), place.at("ratio"))
    source = take_text(entry.get("source"), place.at("source"))
    if ratio is not None and (ratio <= 0 or ratio == 1):
        place.at("ratio").report(f"is {ratio:g}", "new shares for one old: 10 for a 10-for-1 split")
        return None
    return Split(day, ratio) if day is not None and ratio is not None and source is not None else None


def shares_for_one(splits: Iterable[Split], since: date, by: date) -> float:
    """How many shares of the day ``by`` one of the day ``since`` has become.

    >>> splits = [Split(date(2026, 9, 1), 10.0)]
    >>> shares_for_one(splits, date(2026, 8, 31), date(2026, 9, 1))
    10.0
    >>> shares_for_one(splits, date(2026, 9, 1), date.max)
    1.0
    """
    return prod((split.ratio for split in splits if since < split.day <= by), start=1.0)


def adjusted(value: float, unit: str, ratio: float) -> float:
    """A value of a unit after each share has become ``ratio``: counts rise, what is of one share falls.

    >>> adjusted(10_754.0, "million", 10.0), adjusted(264.0, "usd", 10.0), adjusted(5.0, "usd_m", 10.0)
    (107540.0, 26.4, 5.0)
    """
    return value * ratio if unit == COUNTED else value / ratio if unit == OF_ONE else value
