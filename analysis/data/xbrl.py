"""Numbers out of an XBRL instance, by a declared map from our fields to concepts and dimensions.

An instance holds facts, each with a concept (``us-gaap:OperatingIncomeLoss``), a period, any number
of dimensions (``us-gaap:StatementBusinessSegmentsAxis`` is ``amzn:AmazonWebServicesSegmentMember``)
and the precision it was rounded to. See the XBRL 2.1 and Dimensions 1.0 specifications.

Kept parsers were weighed against this module on the 10-K for 2022, without a network. Arelle reads 150 of the
instance's 1,278 facts, as it fetches the taxonomies from their own sites; edgartools reads all, and brings
forty packages. The fields are few and mapped by hand anyway, so the parsing stays ours.
"""

from __future__ import annotations

import io
import json
import math
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from calendar import month_name
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from analysis.data.fields import Field
from analysis.data.problems import DataError, Problem
from analysis.data.reads import shown
from analysis.data.values import Place, refuse_unknown, take_list, take_mapping, take_number, take_text
from analysis.data.yaml_files import read_yaml

CONCEPTS_FILE = "amazon/xbrl_concepts.yml"
_XBRLI = "{http://www.xbrl.org/2003/instance}"
_XBRLDI = "{http://xbrl.org/2006/xbrldi}"
_IX = "{http://www.xbrl.org/2013/inlineXBRL}"
_HTML = "{http://www.w3.org/1999/xhtml}html"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_KEYS = ("concept", "negated", "dimensions")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_DIGITS = ("", "num-dot-decimal", "numdotdecimal")
_WHOLE = re.compile(r"-?\d+")
COMPANY = "company"
FORMS = ("10-Q", "10-K")
_INSTANCE, _PAGES, _FACTS = "_htm.xml", (".htm", ".html"), ".json"  # how names of each kind of filing end
_ENDINGS = (_INSTANCE, *_PAGES, _FACTS)
# What zipfile raises of an archive that is damaged, cut off, locked or packed as it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
EXACT = 99

# For each unit of ours: the instance's measure, the divisor, and the least precision (``decimals``).
_UNITS = {"usd_m": ("USD", 1e6, -6), "million": ("shares", 1e6, -6), "usd": ("USD/shares", 1.0, 2)}

Dimensions = frozenset[tuple[str, str]]
Period = tuple[date | None, date, Dimensions]


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
    """The numeric facts of a filing, and its form, company (CIK) and period end as it states them."""

    path: str
    form: str
    company: str
    period_end: date
    facts: tuple[Fact, ...]
    is_amended: bool = False


@dataclass(frozen=True)
class Concept:
    """Where a field may be found in an instance; ``negated`` if we print it with the other sign."""

    name: str
    dimensions: Dimensions
    negated: bool


def read_instance(path: Path) -> Instance:
    """The figures of a filing: its instance, its inline page, company facts, or a folder or zip of one.

    Raises ``DataError`` with each fact that cannot be read, or if there is no filing at ``path``.
    """
    name, content = _filing(path)
    if content.lstrip()[:1] == b"{":
        return _company_facts(name, content)
    try:
        prefixes = _prefixes(content)
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise _refused(name, f"cannot be read: {error}") from error
    if root.tag not in (f"{_XBRLI}xbrl", _HTML):
        raise _refused(name, "is not an XBRL instance")
    return _Reading(name, root, prefixes).instance()


def _filing(path: Path) -> tuple[str, bytes]:
    """The name and content of the one filing at a path."""
    try:
        if path.is_dir():
            files = sorted(each for each in path.iterdir() if each.is_file())
            found = {each.name: each.read_bytes() for each in files if each.name.endswith(_ENDINGS)}
        elif path.exists() and not path.is_file():
            raise _refused(str(path), "is neither a file nor a folder")
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = sorted(each for each in archive.namelist() if each.endswith(_ENDINGS))
                found = {each: archive.read(each) for each in names}
        else:
            return str(path), path.read_bytes()
    except (*_UNREADABLE, OSError) as error:
        raise _refused(str(path), f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    instances = [name for name in found if name.endswith(_INSTANCE)]
    pages = [name for name, text in found.items() if name.endswith(_PAGES) and b"inlineXBRL" in text]
    facts = [name for name in found if name.endswith(_FACTS)]
    chosen = instances or pages or facts
    if len(chosen) != 1:
        raise _refused(str(path), f"holds {len(chosen)} filings, {', '.join(chosen) or 'none'}")
    return f"{path}/{chosen[0]}", found[chosen[0]]


class _Reading:
    """One XML document being read: what is wrong with any of its facts is collected."""

    def __init__(self, path: str, root: ET.Element, prefixes: Mapping[str, str]) -> None:
        self.path, self.root, self.prefixes = path, root, prefixes
        self.problems: list[Problem] = []

    def instance(self) -> Instance:
        """The numeric facts and what the document says of itself; raises ``DataError``."""
        contexts = {item.get("id", ""): item for item in self.root.iter(f"{_XBRLI}context")}
        units = {item.get("id", ""): item for item in self.root.iter(f"{_XBRLI}unit")}
        self.contexts = {name: self._context(name, item) for name, item in contexts.items()}
        self.measures = {name: _measure(item) for name, item in units.items()}
        inline = self.root.tag == _HTML
        stated = self._stated_inline() if inline else self._stated()
        end, form, company = self._header(stated)
        items = self.root.iter(f"{_IX}nonFraction") if inline else iter(self.root)
        facts = tuple(fact for item in items if item.get("unitRef") and (fact := self._fact(item)))
        if self.problems:
            raise DataError(self.problems)
        is_amended = stated.get("AmendmentFlag", "false").lower() == "true"
        return Instance(self.path, form, company, end, facts, is_amended)

    def _stated(self) -> dict[str, str]:
        return {
            item.tag.rpartition("}")[2]: (item.text or "").strip()
            for item in self.root
            if "/dei/" in item.tag
        }

    def _stated_inline(self) -> dict[str, str]:
        items = self.root.iter(f"{_IX}nonNumeric")
        return {
            name.partition(":")[2]: " ".join("".join(item.itertext()).split())
            for item in items
            if (name := item.get("name", "")).startswith("dei:")
        }

    def _header(self, stated: Mapping[str, str]) -> tuple[date, str, str]:
        try:
            end = _written_day(stated["DocumentPeriodEndDate"])
            return end, stated["DocumentType"], stated["EntityCentralIndexKey"]
        except (KeyError, ValueError) as error:
            raise _refused(self.path, f"does not state {error}") from error

    def _context(self, name: str, item: ET.Element) -> Period | None:
        """Start, end and dimensions; ``None`` for one that has no day or cannot be read."""
        start, end = (item.findtext(f"{_XBRLI}period/{_XBRLI}{each}") for each in ("startDate", "endDate"))
        day = end or item.findtext(f"{_XBRLI}period/{_XBRLI}instant")
        if day is None:
            return None  # for ever: no figure of a quarter is
        explicit = {
            (m.get("dimension", ""), (m.text or "").strip()) for m in item.iter(f"{_XBRLDI}explicitMember")
        }
        typed = {(m.get("dimension", ""), "(typed)") for m in item.iter(f"{_XBRLDI}typedMember")}
        try:
            return _day(start) if start else None, _day(day), frozenset(explicit | typed)
        except ValueError:
            self._report(f"context {name}", f"{start or day!r} is not a day", "a day as year-month-day")
            return None

    def _fact(self, item: ET.Element) -> Fact | None:
        """The fact of an element; ``None`` if it is nil or has no day, or cannot be read."""
        context, unit = item.get("contextRef", ""), item.get("unitRef", "")
        concept = item.get("name") or self._named(item.tag)
        where = f"{concept}, context {context}"
        if item.get(_NIL) == "true":
            return None
        if context not in self.contexts:
            self._report(where, f"there is no context {context!r}", "a context of this document")
        if unit not in self.measures:
            self._report(where, f"there is no unit {unit!r}", "a unit of this document")
        period = self.contexts.get(context)
        try:
            value = _number_of(item)
        except ValueError as error:
            self._report(where, f"{error} is not a number", "digits with a decimal point, without commas")
            return None
        if value is None or period is None or unit not in self.measures:
            return None
        try:
            decimals = _decimals(item, value)
        except ValueError as error:
            self._report(where, f"{error} is no precision", "a whole number, or INF")
            return None
        start, end, dimensions = period
        return Fact(concept, start, end, dimensions, self.measures[unit], value, decimals)

    def _named(self, tag: str) -> str:
        uri, _, local = tag[1:].partition("}")
        return f"{self.prefixes.get(uri, uri)}:{local}"

    def _report(self, where: str, wrong: str, expected: str) -> None:
        self.problems.append(Problem(self.path, where, wrong, expected))


def _number_of(item: ET.Element) -> float | None:
    """The value of a fact, of an inline one by its format, sign and scale; ``None`` where there is none."""
    text = "".join(item.itertext()).strip()
    inline = item.tag == f"{_IX}nonFraction"
    form = (item.get("format") or "").rpartition(":")[2]
    if inline and form in ("fixed-zero", "zerodash", "numdash"):
        return 0.0
    if not text or (inline and form not in _DIGITS):
        return None  # nil, or a number in words such as a count of segments
    plain = text.replace(",", "").replace("\xa0", "") if inline else text
    if not _PLAIN.fullmatch(plain):
        raise ValueError(repr(text))
    value = float(plain) * 10.0 ** int(item.get("scale", "0")) if inline else float(plain)
    return -value if item.get("sign") == "-" else round(value, 6)


def _decimals(item: ET.Element, value: float) -> int:
    """To which power of ten a fact is rounded, ``decimals`` or worked out from ``precision``; 99 if exact."""
    precision, decimals = item.get("precision"), item.get("decimals")
    given = precision if precision is not None and decimals is None else decimals or "INF"
    if given == "INF":
        return EXACT
    if not _WHOLE.fullmatch(given):
        raise ValueError(repr(given))
    if given is not precision:
        return int(given)
    return int(given) - (math.floor(math.log10(abs(value))) + 1 if value else 1)


def _written_day(text: str) -> date:
    """A day as ``2024-12-31`` or ``December 31, 2024``.

    >>> _written_day("December 31, 2024")
    datetime.date(2024, 12, 31)
    """
    words = re.fullmatch(r"([A-Za-z]+)\s+(\d{1,2}),\s*(\d{4})", text.replace("\xa0", " "))
    if words is None:
        return date.fromisoformat(text)
    months = [name.lower() for name in month_name]
    if words[1].lower() not in months:
        raise ValueError(text)
    return date(int(words[3]), months.index(words[1].lower()), int(words[2]))


def _company_facts(path: str, content: bytes) -> Instance:
    """The newest quarter in a company-facts file, which holds figures of all filings without dimensions."""
    try:
        raw: dict[str, Any] = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"cannot be read: {error}") from error
    problems: list[Problem] = []
    place = Place(path, "", problems)
    number = str(raw.get("cik", ""))
    if not number.isdecimal():
        place.at("cik").report(f"{number!r} is no number of a company", "its CIK, up to ten digits")
    filed = [
        (take_text(entry.get("filed"), here.at("filed")), concept, unit, entry, here)
        for concept, unit, entry, here in _reported(raw.get("facts"), place.at("facts"))
        if entry.get("form") in FORMS
    ]
    if not filed and not problems:
        place.at("facts").report("holds none of a quarter or a year", f"facts of a form {' or '.join(FORMS)}")
    latest = max((day for day, *_ in filed if day), default="")
    facts: list[tuple[Fact, str]] = []
    for day, concept, unit, entry, here in filed:
        if day != latest:
            continue
        value = take_number(entry.get("val"), here.at("val"))
        days = {key: str(entry[key]) for key in ("start", "end") if key in entry}
        try:
            start, end = _day(days["start"]) if "start" in days else None, _day(days["end"])
        except (KeyError, ValueError):
            here.report(f"has the days {days}", "its end, and start unless of a day, as 2026-03-31")
            continue
        if value is not None:
            facts.append((Fact(concept, start, end, frozenset(), unit, value, EXACT), entry["form"]))
    if problems:
        raise DataError(problems)
    end, form = max((fact.end, form) for fact, form in facts)
    return Instance(path, form, f"{int(number):010d}", end, tuple(fact for fact, _ in facts))


def _reported(facts: object, place: Place) -> Iterator[tuple[str, str, dict[str, Any], Place]]:
    """Each entry of a company-facts file with its concept, unit and place; those on the document left out."""
    for family, concepts in take_mapping(facts, place).items():
        for concept, given in take_mapping(concepts, place.at(family)).items() if family != "dei" else ():
            here = place.at(family).at(concept)
            units = take_mapping(take_mapping(given, here).get("units"), here.at("units"))
            for unit, values in units.items():
                for value, where in take_list(values, here.at("units").at(unit)):
                    yield f"{family}:{concept}", unit, take_mapping(value, where), where


def load_concepts(
    root: Path, fields: Mapping[str, Field], problems: list[Problem]
) -> dict[str, tuple[Concept, ...]]:
    """For each field the concepts it may be reported under, the first choice first."""
    raw = read_yaml(root, CONCEPTS_FILE, problems) or {}
    place = Place(shown(root, CONCEPTS_FILE), "", problems)
    raw.pop(COMPANY, None)
    for name in raw:
        if name not in fields:
            place.at(name).report("is an unknown field", "a field of data/amazon/fields.yml")
    return {name: tuple(_concepts(raw[name], place.at(name))) for name in fields if name in raw}


def load_company(root: Path, problems: list[Problem]) -> str | None:
    """The company's number at the SEC (CIK), ten digits."""
    raw = read_yaml(root, CONCEPTS_FILE, problems) or {}
    return take_text(raw.get(COMPANY), Place(shown(root, CONCEPTS_FILE), COMPANY, problems))


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
    ]
    if all(fact.decimals < precision for fact in facts):
        return None
    best = max(facts, key=lambda fact: fact.decimals)
    if any(abs(fact.value - best.value) > _half_unit(fact) for fact in facts):
        given = sorted({fact.value for fact in facts})
        place.report(
            f"{concept.name} to {end} is given as {given}", "values that agree within their rounding"
        )
    value = best.value / divisor
    return -value if concept.negated and value else value


def _half_unit(fact: Fact) -> float:
    """By how much a rounded fact may be off."""
    return 0.0 if fact.decimals == EXACT else 0.5 * 10.0**-fact.decimals


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


def _prefixes(content: bytes) -> dict[str, str]:
    """The prefix of each namespace, as the file declares it."""
    events = ET.iterparse(io.BytesIO(content), events=("start-ns",))
    declared = cast("Iterator[tuple[str, tuple[str, str]]]", events)
    return {uri: prefix for _, (prefix, uri) in declared}


def _day(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])


def _measure(item: ET.Element) -> str:
    """The unit as ``USD``, ``shares`` or ``USD/shares``, prefixes left off."""
    return "/".join((m.text or "").strip().rpartition(":")[2] for m in item.iter(f"{_XBRLI}measure"))


def _refused(path: str, wrong: str) -> DataError:
    expected = (
        "a 10-Q or 10-K: its inline page .htm, its instance ending in _htm.xml, the company's facts .json,"
        " or a folder or zip of one"
    )
    return DataError([Problem(path, "(file)", wrong, expected)])
