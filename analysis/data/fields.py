"""The dictionary of reported fields: what each is called, means, is measured in and where it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_choice,
    take_mapping,
    take_text,
)
from analysis.data.yaml_files import read_yaml

FIELDS_FILE = "amazon/fields.yml"
SECTIONS = ("segments", "service_lines", "income", "cash_flow", "balance")
PRINTED_IN = ("usd_m", "usd", "million")
"""The units of the quarters' files: sums, amounts a share, and counts of shares."""
SIGNS = ("any", "positive", "negative")
FIRST_PRINTED = "_as_first_printed"
_KEYS = ("label", "unit", "definition", "where", "required", "sign", "crossfoot")
_REQUIRED = re.compile(r"always|optional|from (?P<first>\d{4}Q[1-4])|until (?P<last>\d{4}Q[1-4])")


@dataclass(frozen=True)
class Field:
    """One reported field; ``name`` is its dotted path in a quarter's file.

    ``required`` says which quarters' files must have it: ``always``, ``optional``, ``from 2021Q1``
    or ``until 2021Q3``.
    """

    name: str
    label: str
    unit: str
    definition: str
    where: str
    required: str
    sign: str
    crossfoot: str | None = None

    @property
    def section(self) -> str:
        """The statement the field belongs to, the first part of its name."""
        return self.name.split(".", 1)[0]

    @property
    def is_flow(self) -> bool:
        """Whether four quarters of the field add up to a year."""
        return self.section != "balance" and self.unit == "usd_m"

    def required_in(self, quarter: str) -> bool:
        """Whether the file of ``quarter`` must have the field."""
        match = _REQUIRED.fullmatch(self.required)
        if match is None or self.required == "optional":
            return False
        first, last = match["first"], match["last"]
        return (first is None or first <= quarter) and (last is None or quarter <= last)

    def retired_in(self, quarter: str) -> bool:
        """Whether the field is no longer printed in ``quarter``."""
        match = _REQUIRED.fullmatch(self.required)
        return match is not None and match["last"] is not None and match["last"] < quarter


def load_fields(root: Path, problems: list[Problem]) -> dict[str, Field]:
    """All fields by name, in the order of the file."""
    raw = read_yaml(root, FIELDS_FILE, problems) or {}
    place = Place(shown(root, FIELDS_FILE), "", problems)
    fields = (_field(name, value, place.at(name)) for name, value in raw.items())
    return {field.name: field for field in fields if field is not None}


def _field(name: str, value: object, place: Place) -> Field | None:
    entry = take_mapping(value, place)
    if not entry:
        return None
    refuse_unknown(entry, _KEYS, place)
    if name.split(".", 1)[0] not in SECTIONS or "." not in name:
        place.report("is in no known section", f"a name beginning with one of {', '.join(SECTIONS)}")
    label = take_text(entry.get("label"), place.at("label"))
    unit = take_choice(entry.get("unit"), PRINTED_IN, place.at("unit"))
    definition = take_text(entry.get("definition"), place.at("definition"))
    where = take_text(entry.get("where"), place.at("where"))
    required = take_text(entry.get("required"), place.at("required"))
    sign = take_choice(entry.get("sign"), SIGNS, place.at("sign"))
    crossfoot = take_text(entry["crossfoot"], place.at("crossfoot")) if "crossfoot" in entry else None
    if required is not None and not _REQUIRED.fullmatch(required):
        place.at("required").report(
            f"{required!r} is not known", "always, optional, from <quarter> or until <quarter>"
        )
        required = None
    if (
        label is None
        or unit is None
        or definition is None
        or where is None
        or required is None
        or sign is None
    ):
        return None
    return Field(name, label, unit, definition, where, required, sign, crossfoot)
