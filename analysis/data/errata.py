"""What published editions said wrongly, and what is right: mistakes of the report, mended since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.data.problems import Problem
from analysis.data.reads import exists, shown
from analysis.data.values import Place, refuse_unknown, take_date, take_mapping, take_text
from analysis.data.yaml_files import read_yaml

ERRATA_FILE = "errata.yml"
_WORDS = ("edition", "page", "said", "right", "why")


@dataclass(frozen=True)
class Erratum:
    """One mistake by its key: edition and page, what stood there, what is right, when it was mended."""

    key: str
    edition: str
    page: str
    mended: date
    said: str
    right: str
    why: str


def load_errata(root: Path, problems: list[Problem]) -> tuple[Erratum, ...]:
    """All mistakes, the last mended first; none where no file keeps any."""
    if not exists(root, ERRATA_FILE):
        return ()
    raw = read_yaml(root, ERRATA_FILE, problems) or {}
    place = Place(shown(root, ERRATA_FILE), "", problems)
    found = (_erratum(key, value, place.at(key)) for key, value in raw.items())
    return tuple(
        sorted((each for each in found if each is not None), key=lambda each: each.mended, reverse=True)
    )


def _erratum(key: str, value: object, place: Place) -> Erratum | None:
    entry = take_mapping(value, place)
    refuse_unknown(entry, (*_WORDS, "mended"), place)
    texts = {name: take_text(entry.get(name), place.at(name)) for name in _WORDS}
    mended = take_date(entry.get("mended"), place.at("mended"))
    words = {name: text for name, text in texts.items() if text is not None}
    if mended is None or len(words) < len(_WORDS):
        return None
    return Erratum(key=key, mended=mended, **words)
