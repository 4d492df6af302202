"""Numbers out of an XBRL instance, by a declared map from our fields to concepts and dimensions.

An instance holds facts, each with a concept (``us-gaap:OperatingIncomeLoss``), a period, any number
of dimensions (``us-gaap:StatementBusinessSegmentsAxis`` is ``amzn:AmazonWebServicesSegmentMember``)
and the precision it was rounded to. See the XBRL 2.1 and Dimensions 1.0 specifications.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from analysis.data.fields import Field
from analysis.data.problems import DataError, Problem
from analysis.data.reads import shown
from analysis.data.values import Place, refuse_unknown, take_list, take_mapping, take_text
from analysis.data.yaml_files import read_yaml

CONCEPTS_FILE = "amazon/xbrl_concepts.yml"
_XBRLI = "{http://www.xbrl.org/2003/instance}"
_XBRLDI = "{http://xbrl.org/2006/xbrldi}"
_KEYS = ("concept", "negated", "dimensions")

# For each unit of ours: the instance's measure, the divisor, and the least precision (``decimals``).
_UNITS = {"usd_m": ("USD", 1e6, -6), "million": ("shares", 1e6, -6), "usd": ("USD/shares", 1.0, 2)}

Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Fact:
    """One number: ``start`` is ``None`` for a day's balance; ``decimals`` as in XBRL, 99 if exact."""

    concept: str
    start: date | None
    end: date
    dimensions: Dimensions
    measure: str
    value: float
    decimals: int


@dataclass(frozen=True)
class Instance:
    """The numeric facts of a filing, and its form and period end as it states them."""

    path: str
    form: str
    company: str
    period_end: date
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Concept:
    """Where a field may be found in an instance; ``negated`` if we print it with the other sign."""

    name: str
    dimensions: Dimensions
    negated: bool


def read_instance(path: Path) -> Instance:
    """The instance at ``path``; raises ``DataError`` if it is not one."""
    try:
        prefixes = _prefixes(path)
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError) as error:
        raise _refused(path, f"cannot be read: {error}") from error
    if root.tag != f"{_XBRLI}xbrl":
        raise _refused(path, "is not an XBRL instance")
    contexts = {item.attrib["id"]: _context(item) for item in root.findall(f"{_XBRLI}context")}
    measures = {item.attrib["id"]: _measure(item) for item in root.findall(f"{_XBRLI}unit")}
    stated = {item.tag.rpartition("}")[2]: (item.text or "").strip() for item in root if "/dei/" in item.tag}
    try:
        end = date.fromisoformat(stated["DocumentPeriodEndDate"])
        form, company = stated["DocumentType"], stated["EntityCentralIndexKey"]
    except (KeyError, ValueError) as error:
        raise _refused(path, f"does not state {error}") from error
    facts = (_fact(item, prefixes, contexts, measures) for item in root if item.get("unitRef"))
    return Instance(str(path), form, company, end, tuple(fact for fact in facts if fact is not None))


def load_concepts(
    root: Path, fields: Mapping[str, Field], problems: list[Problem]
) -> dict[str, tuple[Concept, ...]]:
    """For each field the concepts it may be reported under, the first choice first."""
    raw = read_yaml(root, CONCEPTS_FILE, problems) or {}
    place = Place(shown(root, CONCEPTS_FILE), "", problems)
    for name in raw:
        if name not in fields:
            place.at(name).report("is an unknown field", "a field of data/amazon/fields.yml")
    return {name: tuple(_concepts(raw[name], place.at(name))) for name in fields if name in raw}


def values_for(
    instance: Instance,
    concepts: Mapping[str, tuple[Concept, ...]],
    fields: Mapping[str, Field],
    start: date | None,
    end: date,
) -> dict[str, float]:
    """Each field's value over a period (``start`` ``None``: on the day ``end``), in the field's unit.

    Fields without a fact precise enough are left out. Raises ``DataError`` if facts contradict.
    """
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for name, choices in concepts.items():
        place = Place(instance.path, name, problems)
        for concept in choices:
            value = _value(instance, concept, fields[name], start, end, place)
            if value is not None:
                found[name] = value
                break
    if problems:
        raise DataError(problems)
    return found


def _value(
    instance: Instance, concept: Concept, field: Field, start: date | None, end: date, place: Place
) -> float | None:
    measure, divisor, precision = _UNITS[field.unit]
    wanted = (concept.name, start, end, concept.dimensions, measure)
    facts = [
        fact
        for fact in instance.facts
        if (fact.concept, fact.start, fact.end, fact.dimensions, fact.measure) == wanted
        and fact.decimals >= precision
    ]
    if not facts:
        return None
    finest = max(fact.decimals for fact in facts)
    values = {fact.value for fact in facts if fact.decimals == finest}
    if len(values) > 1:
        place.report(f"{concept.name} to {end} is given as {sorted(values)}", "one value")
    value = max(values) / divisor
    return -value if concept.negated and value else value


def _concepts(entries: object, place: Place) -> Iterator[Concept]:
    for value, here in take_list(entries, place):
        entry = take_mapping(value, here)
        refuse_unknown(entry, _KEYS, here)
        name = take_text(entry.get("concept"), here.at("concept"))
        dimensions = take_mapping(entry.get("dimensions", {}), here.at("dimensions"))
        negated = entry.get("negated", False)
        if not isinstance(negated, bool):
            here.at("negated").report(f"{negated!r} is neither true nor false", "true or false")
        if name is not None:
            yield Concept(
                name, frozenset((axis, str(member)) for axis, member in dimensions.items()), negated is True
            )


def _prefixes(path: Path) -> dict[str, str]:
    """The prefix of each namespace, as the file declares it."""
    declared = cast("Iterator[tuple[str, tuple[str, str]]]", ET.iterparse(path, events=("start-ns",)))
    return {uri: prefix for _, (prefix, uri) in declared}


def _context(item: ET.Element) -> tuple[date | None, date, Dimensions]:
    start, end = (item.findtext(f"{_XBRLI}period/{_XBRLI}{name}") for name in ("startDate", "endDate"))
    day = end or item.findtext(f"{_XBRLI}period/{_XBRLI}instant") or ""
    explicit = {
        (m.get("dimension", ""), (m.text or "").strip()) for m in item.iter(f"{_XBRLDI}explicitMember")
    }
    typed = {(m.get("dimension", ""), "(typed)") for m in item.iter(f"{_XBRLDI}typedMember")}
    return _day(start) if start else None, _day(day), frozenset(explicit | typed)


def _day(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])


def _measure(item: ET.Element) -> str:
    """The unit as ``USD``, ``shares`` or ``USD/shares``, prefixes left off."""
    return "/".join((m.text or "").strip().rpartition(":")[2] for m in item.iter(f"{_XBRLI}measure"))


def _fact(
    item: ET.Element,
    prefixes: Mapping[str, str],
    contexts: Mapping[str, tuple[date | None, date, Dimensions]],
    measures: Mapping[str, str],
) -> Fact | None:
    """The fact of an element; ``None`` if it is nil."""
    text = (item.text or "").strip()
    if not text:
        return None
    uri, _, local = item.tag[1:].partition("}")
    start, end, dimensions = contexts[item.attrib["contextRef"]]
    decimals = item.get("decimals", "INF")
    return Fact(
        f"{prefixes[uri]}:{local}",
        start,
        end,
        dimensions,
        measures[item.attrib["unitRef"]],
        float(text),
        99 if decimals == "INF" else int(decimals),
    )


def _refused(path: Path, wrong: str) -> DataError:
    expected = "the XBRL instance of a 10-Q or 10-K, the filing's file that ends in _htm.xml"
    return DataError([Problem(str(path), "(file)", wrong, expected)])
