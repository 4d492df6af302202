"""Where printed figures do not add up, by how much and why: the only differences that are let pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.data.crossfoot import Difference
from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_list,
    take_mapping,
    take_number,
    take_quarter,
    take_text,
)
from analysis.data.yaml_files import read_yaml

KNOWN_FILE = "amazon/known_differences.yml"
_KEYS = ("quarter", "check", "field", "difference", "reason")


@dataclass(frozen=True)
class Known:
    """One difference that is explained: the sum of the parts less the printed total."""

    quarter: str
    check: str
    field: str
    difference: float
    place: Place

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is compared by; see :attr:`Difference.key`."""
        return self.quarter, self.check, self.field


def load_known(root: Path, problems: list[Problem]) -> list[Known]:
    """Every listed difference; an entry without a reason is a problem."""
    raw = read_yaml(root, KNOWN_FILE, problems)
    if raw is None:
        return []
    place = Place(shown(root, KNOWN_FILE), "", problems)
    refuse_unknown(raw, ("known_differences",), place)
    entries = take_list(raw.get("known_differences"), place.at("known_differences"))
    found = (_known(entry, here) for entry, here in entries)
    return [known for known in found if known is not None]


def _known(value: object, place: Place) -> Known | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, _KEYS, place)
    quarter = take_quarter(entry.get("quarter"), place.at("quarter"))
    check, field, reason = (take_text(entry.get(key), place.at(key)) for key in ("check", "field", "reason"))
    difference = take_number(entry.get("difference"), place.at("difference"))
    if quarter is None or check is None or field is None or reason is None or difference is None:
        return None
    return Known(quarter, check, field, difference, place)


def report_differences(
    differences: Iterable[Difference], known: Iterable[Known], problems: list[Problem]
) -> None:
    """Report each difference that is not listed as it is, and each listed one that does not occur."""
    listed: dict[tuple[str, str, str], Known] = {}
    for one in known:
        if one.key in listed:
            one.place.report("is listed twice", "each difference once")
        listed[one.key] = one
    for difference in differences:
        known_one = listed.pop(difference.key, None)
        if known_one is None or known_one.difference != difference.amount:
            problems.append(_problem(difference))
    for one in listed.values():
        wrong = f"the difference in {one.field} of {one.quarter} ({one.check}) does not occur"
        one.place.report(wrong, "only differences that the quarters' files still have")


def _problem(found: Difference) -> Problem:
    wrong = f"{found.printed:.15g} differs by {found.amount:.15g} from {found.how}, check {found.check}"
    return Problem(found.path, found.field, wrong, f"{found.added:.15g}, or an entry in data/{KNOWN_FILE}")
