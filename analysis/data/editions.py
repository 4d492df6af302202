"""Editions: a quarter, the day up to which everything public may be used, price and share count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.data import schema
from analysis.data.amazon import quarter_file
from analysis.data.drivers import GATES
from analysis.data.findings import ACKNOWLEDGED, ACKNOWLEDGMENTS, take_acknowledged
from analysis.data.problems import Problem
from analysis.data.reads import shown
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_date,
    take_mapping,
    take_number,
    take_quarter,
    take_text,
    take_url,
)
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure, Source

EDITIONS_FOLDER = "editions"
_ABOVE_ZERO = schema.NUMBER | {"exclusiveMinimum": 0}
_PRICE = schema.having(
    {"date": schema.DAY, "close_usd": _ABOVE_ZERO, "source": schema.TEXT}, {"url": schema.ADDRESS}
)
_SHARES = schema.having(
    {
        "value": schema.saying(_ABOVE_ZERO, "million"),
        "as_of": schema.DAY,
        "field": schema.TEXT,
        "document": schema.TEXT,
        "published": schema.DAY,
    },
    {"url": schema.ADDRESS, "note": schema.TEXT},
)
SCHEMA = schema.having(
    {"label": schema.TEXT, "quarter": schema.QUARTER, "price": _PRICE, "shares": _SHARES},
    {
        "cut_off": schema.saying(schema.DAY, "by default the day after the quarter's release"),
        "why": schema.TEXT,
        "waivers": schema.mapping(schema.mapping(schema.TEXT, GATES)),
        ACKNOWLEDGED: ACKNOWLEDGMENTS,
    },
)


@dataclass(frozen=True)
class EditionRecord:
    """One edition's file. ``price`` is in usd, ``shares`` in million; each carries its source.

    ``shares_field`` and ``shares_as_of`` name the reported figure that the share count is. ``waivers`` are
    the reasons, by scenario and plausibility check, why the edition may fail it.
    """

    label: str
    quarter: str
    cutoff: date
    why: str | None
    price: Figure
    price_date: date
    shares: Figure
    shares_field: str
    shares_as_of: date
    path: str
    acknowledged: Mapping[str, float | None] = field(default_factory=dict)
    waivers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def edition_file(label: str) -> str:
    """Where an edition's file lies below the data folder."""
    return f"{EDITIONS_FOLDER}/{label}.yml"


def edition_labels(root: Path) -> list[str]:
    """The labels of all editions, oldest first."""
    return sorted(path.stem for path in (root / EDITIONS_FOLDER).glob("*.yml"))


def load_editions(root: Path) -> list[EditionRecord | None]:
    """Every edition's record, the oldest first; ``None`` for one that cannot be read: others tell why."""
    return [load_edition(root, label, []) for label in edition_labels(root)]


def load_edition(root: Path, label: str, problems: list[Problem]) -> EditionRecord | None:
    """One edition's file; ``None`` if something in it is unusable.

    Without ``cut_off`` the edition sees what was public the day after its quarter's release.
    """
    relative = edition_file(label)
    raw = read_yaml(root, relative, problems)
    if raw is None:
        return None
    place = Place(shown(root, relative), "", problems)
    refuse_unknown(raw, schema.names(SCHEMA), place)
    if raw.get("label") != label:
        place.at("label").report(f"is {raw.get('label')!r}", f"{label!r}, as the file is named")
    quarter = take_quarter(raw.get("quarter"), place.at("quarter"))
    cutoff = _cutoff(root, raw.get("cut_off"), quarter, place.at("cut_off"))
    why = take_text(raw["why"], place.at("why")) if "why" in raw else None
    price = _price(take_mapping(raw.get("price"), place.at("price")), place.at("price"))
    shares = _shares(take_mapping(raw.get("shares"), place.at("shares")), place.at("shares"))
    acknowledged = take_acknowledged(raw, place)
    waivers = _waivers(root, raw.get("waivers", {}), place.at("waivers"))
    if quarter is None or cutoff is None or price is None or shares is None:
        return None
    (close, price_date), (count, counted, as_of) = price, shares
    return EditionRecord(
        label,
        quarter,
        cutoff,
        why,
        close,
        price_date,
        count,
        counted,
        as_of,
        place.path,
        acknowledged,
        waivers,
    )


def _waivers(root: Path, raw: object, place: Place) -> dict[str, dict[str, str]]:
    """Reasons by scenario and plausibility check."""
    known = sorted(path.stem for path in (root / "scenarios").glob("*.yml"))
    found: dict[str, dict[str, str]] = {}
    for scenario, given in take_mapping(raw, place).items():
        here = place.at(scenario)
        if scenario not in known:
            here.report("is no scenario", f"one of {', '.join(known)}")
        reasons = {}
        for gate, why in take_mapping(given, here).items():
            if gate not in GATES:
                here.at(gate).report("is no plausibility check", f"one of {', '.join(GATES)}")
            reasons[gate] = take_text(why, here.at(gate)) or ""
        found[scenario] = {gate: why for gate, why in reasons.items() if why}
    return found


def _cutoff(root: Path, given: object, quarter: str | None, place: Place) -> date | None:
    """The day given, else the day after the quarter's release."""
    if given is not None or quarter is None:
        return take_date(given, place)
    released = (read_yaml(root, quarter_file(quarter), []) or {}).get("published")
    if isinstance(released, date):
        return released + timedelta(days=1)
    place.report("is missing", f"a date, or the day of publication in data/{quarter_file(quarter)}")
    return None


def _price(entry: dict[str, Any], place: Place) -> tuple[Figure, date] | None:
    refuse_unknown(entry, schema.names(_PRICE), place)
    day = take_date(entry.get("date"), place.at("date"))
    close = take_number(entry.get("close_usd"), place.at("close_usd"))
    document = take_text(entry.get("source"), place.at("source"))
    url = take_url(entry["url"], place.at("url")) if "url" in entry else None
    if close is not None and close <= 0:
        place.at("close_usd").report(f"is {close:g}", "a price above zero")
    if day is None or close is None or document is None:
        return None
    source = Source(document, day, url, place.path, f"{place.field}.close_usd")
    return Figure(close, "usd", f"AMZN close, {day}", source), day


def _shares(entry: dict[str, Any], place: Place) -> tuple[Figure, str, date] | None:
    refuse_unknown(entry, schema.names(_SHARES), place)
    value = take_number(entry.get("value"), place.at("value"))
    as_of = take_date(entry.get("as_of"), place.at("as_of"))
    field = take_text(entry.get("field"), place.at("field"))
    document = take_text(entry.get("document"), place.at("document"))
    published = take_date(entry.get("published"), place.at("published"))
    url = take_url(entry["url"], place.at("url")) if "url" in entry else None
    note = take_text(entry["note"], place.at("note")) if "note" in entry else None
    if value is not None and value <= 0:
        place.at("value").report(f"is {value:g}", "a share count above zero, in millions")
    if value is None or as_of is None or field is None or document is None or published is None:
        return None
    source = Source(document, published, url, place.path, f"{place.field}.value", "primary", note)
    return Figure(value, "million", f"Shares outstanding, {as_of}", source), field, as_of
