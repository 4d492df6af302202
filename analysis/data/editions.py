"""Editions: a quarter, the day up to which everything public may be used, price and share count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analysis.data.amazon import quarter_file
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
_KEYS = ("label", "quarter", "cut_off", "why", "price", "shares")
_PRICE_KEYS = ("date", "close_usd", "source", "url")
_SHARES_KEYS = ("value", "as_of", "field", "document", "url", "published", "note")


@dataclass(frozen=True)
class EditionRecord:
    """One edition's file. ``price`` is in usd, ``shares`` in million; each carries its source.

    ``shares_field`` and ``shares_as_of`` name the reported figure that the share count is.
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


def edition_file(label: str) -> str:
    """Where an edition's file lies below the data folder."""
    return f"{EDITIONS_FOLDER}/{label}.yml"


def edition_labels(root: Path) -> list[str]:
    """The labels of all editions, oldest first."""
    return sorted(path.stem for path in (root / EDITIONS_FOLDER).glob("*.yml"))


def load_edition(root: Path, label: str, problems: list[Problem]) -> EditionRecord | None:
    """One edition's file; ``None`` if something in it is unusable.

    Without ``cut_off`` the edition sees what was public the day after its quarter's release.
    """
    relative = edition_file(label)
    raw = read_yaml(root, relative, problems)
    if raw is None:
        return None
    place = Place(shown(root, relative), "", problems)
    refuse_unknown(raw, _KEYS, place)
    if raw.get("label") != label:
        place.at("label").report(f"is {raw.get('label')!r}", f"{label!r}, as the file is named")
    quarter = take_quarter(raw.get("quarter"), place.at("quarter"))
    cutoff = _cutoff(root, raw.get("cut_off"), quarter, place.at("cut_off"))
    why = take_text(raw["why"], place.at("why")) if "why" in raw else None
    price = _price(take_mapping(raw.get("price"), place.at("price")), place.at("price"))
    shares = _shares(take_mapping(raw.get("shares"), place.at("shares")), place.at("shares"))
    if quarter is None or cutoff is None or price is None or shares is None:
        return None
    (close, price_date), (count, field, as_of) = price, shares
    return EditionRecord(label, quarter, cutoff, why, close, price_date, count, field, as_of, place.path)


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
    refuse_unknown(entry, _PRICE_KEYS, place)
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
    refuse_unknown(entry, _SHARES_KEYS, place)
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
