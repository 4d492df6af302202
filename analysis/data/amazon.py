"""Amazon's reported quarters: one file each, read into figures that know document and date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.data import quarters, schema
from analysis.data.fields import SECTIONS, Field
from analysis.data.findings import ABSENT, ACKNOWLEDGED, ACKNOWLEDGMENTS, take_acknowledged
from analysis.data.problems import Problem
from analysis.data.reads import read_text, shown
from analysis.data.values import (
    QUALITIES,
    Place,
    refuse_unknown,
    take_choice,
    take_date,
    take_mapping,
    take_number,
    take_quality,
    take_quarter,
    take_text,
    take_url,
)
from analysis.data.yaml_files import parse_yaml
from analysis.figures import Source

QUARTERS_FOLDER = "amazon/quarters"
TTM, YEAR = "trailing_twelve_months", "fiscal_year"
YEAR_AGO = "year_ago"
"""The block of what a document prints for the same quarter a year before."""
HEADER = ("quarter", "period_end", "document", "url", "published")
_OR_ABSENT = (
    f"where no document at hand has it, below `{ACKNOWLEDGED}` the reason: `{{value: {ABSENT}, why: …}}`"
)
_VERIFICATIONS = {"sourced": None, "crossfoot": "follows from other printed figures"}
_SOURCE = schema.having(
    {},
    {
        "document": schema.TEXT,
        "url": schema.ADDRESS,
        "published": schema.DAY,
        "quality": schema.one_of(QUALITIES),
        "verification": schema.one_of(_VERIFICATIONS),
        "note": schema.TEXT,
    },
)
_SIGNED: Mapping[str, schema.Schema] = {"positive": {"minimum": 0}, "negative": {"maximum": 0}, "any": {}}


@dataclass(frozen=True)
class Printed:
    """One number as a document prints it, or as it follows from what one prints, in its field's unit."""

    value: float
    source: Source
    is_derived: bool = False


@dataclass(frozen=True)
class QuarterFile:
    """What one quarter's file holds.

    ``printed`` maps the dotted path in the file (``segments.aws.net_sales``,
    ``fiscal_year.income.net_sales``) to the number; a path that is not there is absent. ``acknowledged``
    holds the figures that are known to be out of line, ``None`` for one that is known to be absent.
    """

    quarter: str
    period_end: date
    published: date
    url: str | None
    path: str
    printed: Mapping[str, Printed]
    document: str = ""
    acknowledged: Mapping[str, float | None] = field(default_factory=dict)


def quarter_file(quarter: str) -> str:
    """Where a quarter's file lies below the data folder."""
    return f"{QUARTERS_FOLDER}/{quarter}.yml"


def quarter_labels(root: Path) -> list[str]:
    """The quarters that have a file, oldest first."""
    stems = (path.stem for path in (root / QUARTERS_FOLDER).glob("*.yml"))
    return sorted(stem for stem in stems if quarters.is_quarter(stem))


def quarter_schema(fields: Mapping[str, Field]) -> schema.Schema:
    """A quarter's file: its head, and the fields of the dictionary in their sections and blocks."""
    sections = _nested({name: _field_schema(field) for name, field in fields.items()})
    head = {
        "quarter": schema.QUARTER,
        "period_end": schema.DAY,
        "document": schema.TEXT,
        "url": schema.ADDRESS,
        "published": schema.DAY,
    }
    others = {"sources": schema.mapping(_SOURCE), ACKNOWLEDGED: ACKNOWLEDGMENTS}
    return schema.having(
        head, sections | dict.fromkeys((TTM, YEAR, YEAR_AGO), schema.shared("block")) | others
    ) | {"$defs": {"block": schema.having({}, sections)}}


def _field_schema(field: Field) -> schema.Schema:
    number: schema.Schema = {"type": "integer" if field.unit == "usd_m" else "number"}
    described = f"{field.label}, {field.unit}. {field.definition} {field.where}"
    return schema.saying(number | _SIGNED[field.sign], described)


def _nested(by_name: Mapping[str, schema.Schema]) -> dict[str, schema.Schema]:
    """Schemas by dotted name as records within records."""
    found: dict[str, schema.Schema] = {}
    inside: dict[str, dict[str, schema.Schema]] = {}
    for name, each in by_name.items():
        first, _, rest = name.partition(".")
        if rest:
            inside.setdefault(first, {})[rest] = each
        else:
            found[first] = each
    return found | {first: schema.having({}, _nested(each)) for first, each in inside.items()}


def load_quarter(
    root: Path, quarter: str, fields: Mapping[str, Field], problems: list[Problem]
) -> QuarterFile | None:
    """One quarter's file; ``None`` if its header is unusable, with everything wrong reported."""
    relative = quarter_file(quarter)
    text = read_text(root, relative, problems)
    if text is None:
        return None
    file, found = _read(text, shown(root, relative), quarter, tuple(fields.items()))
    problems += found
    return file


@lru_cache(maxsize=512)
def _read(
    text: str, path: str, quarter: str, dictionary: tuple[tuple[str, Field], ...]
) -> tuple[QuarterFile | None, tuple[Problem, ...]]:
    """What a text holds, worked out once, for every edition reads the same quarters; and its problems."""
    problems: list[Problem] = []
    return _parsed(text, path, quarter, dict(dictionary), problems), tuple(problems)


def _parsed(
    text: str, path: str, quarter: str, fields: Mapping[str, Field], problems: list[Problem]
) -> QuarterFile | None:
    raw = parse_yaml(text, path, problems)
    if raw is None:
        return None
    place = Place(path, "", problems)
    refuse_unknown(raw, (*HEADER, *SECTIONS, TTM, YEAR, YEAR_AGO, "sources", ACKNOWLEDGED), place)
    header = _header(raw, quarter, place)
    numbers = _numbers(raw, fields, place)
    acknowledged = take_acknowledged(raw, place)
    known = numbers.keys() | {name for name, value in acknowledged.items() if value is None}
    _report_missing(raw, quarter, fields, known, place)
    if header is None:
        return None
    given = take_mapping(raw.get("sources") or {}, place.at("sources"))
    sources = _sources(given, quarter, header, numbers, place.at("sources"))
    derived = {name for name, entry in given.items() if _is_derived(entry)}
    printed = {name: Printed(value, sources[name], name in derived) for name, value in numbers.items()}
    end = quarters.period_end(quarter)
    return QuarterFile(
        quarter, end, header.published, header.url, place.path, printed, header.document, acknowledged
    )


def _header(raw: dict[str, Any], quarter: str, place: Place) -> Source | None:
    """The document of the file's figures."""
    given = take_quarter(raw.get("quarter"), place.at("quarter"))
    if given is not None and given != quarter:
        place.at("quarter").report(f"is {given}", f"{quarter}, as the file is named")
    end = take_date(raw.get("period_end"), place.at("period_end"))
    if end is not None and end != quarters.period_end(quarter):
        place.at("period_end").report(f"is {end}", f"{quarters.period_end(quarter)}, the quarter's last day")
    document = take_text(raw.get("document"), place.at("document"))
    url = take_url(raw.get("url"), place.at("url"))
    published = take_date(raw.get("published"), place.at("published"))
    if published is not None:
        _report_early(published, quarter, place.at("published"))
    if document is None or published is None:
        return None
    return Source(document, published, url, place.path)


def _report_early(published: date, quarter: str, place: Place) -> None:
    if published <= quarters.period_end(quarter):
        place.report(
            f"{published} is not after the quarter's end", f"a day after {quarters.period_end(quarter)}"
        )


def _numbers(raw: dict[str, Any], fields: Mapping[str, Field], place: Place) -> dict[str, float]:
    """All numbers of the file by dotted path; keys without a value are left out."""
    found: dict[str, float] = {}
    blocks = {"": raw} | {f"{name}.": raw.get(name) for name in (TTM, YEAR, YEAR_AGO)}
    for prefix, block in blocks.items():
        if block is None:
            continue
        entries = take_mapping(block, place.at(prefix.rstrip("."))) if prefix else block
        for section, content in entries.items():
            if section in SECTIONS:
                leaves = _leaves(take_mapping(content, place.at(prefix + section)), section)
                found.update(_checked(leaves, prefix, fields, place))
            elif prefix:
                place.at(prefix + section).report("is an unknown field", f"one of {', '.join(SECTIONS)}")
    return found


def _leaves(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Nested mappings as one, keys joined by dots."""
    flat: dict[str, Any] = {}
    for key, value in content.items():
        path = f"{name}.{key}"
        flat.update(_leaves(value, path) if isinstance(value, dict) else {path: value})
    return flat


def _checked(
    leaves: dict[str, Any], prefix: str, fields: Mapping[str, Field], place: Place
) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, value in leaves.items():
        here = place.at(prefix + name)
        if name not in fields:
            here.report("is an unknown field", "a field of data/amazon/fields.yml")
        elif value is None:
            known = fields[name]
            expected = f"{known.label} in {known.unit}, or no such line where it is not known"
            here.report("has no value", expected)
        else:
            number = take_number(value, here)
            if number is not None:
                numbers[prefix + name] = number
                _report_misfit(number, fields[name], here)
    return numbers


def _report_misfit(number: float, field: Field, place: Place) -> None:
    """Report a number that cannot be in the field's unit or has the wrong sign."""
    if field.unit == "usd_m" and not number.is_integer():
        place.report(
            f"{number:.15g} is not a whole number", "usd_m: USD millions as printed, without decimals"
        )
    if number * {"positive": -1, "negative": 1, "any": 0}[field.sign] > 0:
        place.report(f"{number:.15g} has the wrong sign", f"a {field.sign} number or zero")


def _report_missing(
    raw: dict[str, Any], quarter: str, fields: Mapping[str, Field], known: Collection[str], place: Place
) -> None:
    """Report required figures that are neither ``known`` nor acknowledged as absent."""
    for name, entry in fields.items():
        if name not in known and entry.required_in(quarter) and not _given(raw, name):
            expected = f"{entry.label} in {entry.unit}, from {entry.where}"
            place.at(name).report("is missing", f"{expected}; {_OR_ABSENT}")
    if quarter.endswith("Q4") and not raw.get(YEAR):
        place.at(YEAR).report("is missing", "the year's figures as printed with the fourth quarter")
    if not quarter.endswith("Q4") and raw.get(YEAR):
        place.at(YEAR).report(f"is given for {quarter}", "the year's figures in a fourth quarter's file only")


def _given(raw: object, name: str) -> bool:
    """Whether the file has a line for a dotted path, be its value usable or not."""
    for key in name.split("."):
        if not isinstance(raw, dict) or key not in raw:
            return False
        raw = raw[key]
    return True


def _sources(
    given: Mapping[str, object], quarter: str, header: Source, numbers: dict[str, float], place: Place
) -> dict[str, Source]:
    """The source of every figure: its own where the file gives one, else the file's document."""
    own: dict[str, Source] = {}
    for name, value in given.items():
        here = place.at(name)
        if name not in numbers:
            here.report(
                "names a figure that the file does not have", "the dotted path of a figure in this file"
            )
        source = _own_source(take_mapping(value, here), header, here)
        if source is not None:
            own[name] = source
            _report_early(source.published, quarter, here.at("published"))
    return {name: replace(own.get(name, header), field=name) for name in numbers}


def _is_derived(given: object) -> bool:
    return isinstance(given, dict) and given.get("verification") == "crossfoot"


def _own_source(given: dict[str, Any], header: Source, place: Place) -> Source | None:
    """The source of one figure; an entry without a document speaks of the file's own."""
    refuse_unknown(given, schema.names(_SOURCE), place)
    own = {"document": header.document, "url": header.url, "published": header.published}
    entry = given if "document" in given else own | given
    document = take_text(entry.get("document"), place.at("document"))
    url = take_url(entry["url"], place.at("url")) if entry.get("url") is not None else None
    published = take_date(entry.get("published"), place.at("published"))
    quality = take_quality(entry.get("quality", "primary"), place.at("quality"))
    checked = take_choice(
        entry.get("verification", "sourced"), tuple(_VERIFICATIONS), place.at("verification")
    )
    note = take_text(entry["note"], place.at("note")) if entry.get("note") is not None else None
    if document is None or published is None or quality is None or checked is None:
        return None
    return Source(document, published, url, header.path, None, quality, note or _VERIFICATIONS[checked])
