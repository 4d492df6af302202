"""Vintages: what an edition said when it was published, kept in ``data/vintages/`` and never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from analysis.data import quarters
from analysis.data.editions import edition_file, edition_labels, load_edition
from analysis.data.problems import Problem
from analysis.data.reads import exists, shown
from analysis.data.sizes import MISPLACED
from analysis.data.values import Place, refuse_unknown, take_date, take_mapping, take_number, take_text
from analysis.data.yaml_files import read_yaml
from analysis.figures import Figure, Source

VINTAGES_FOLDER = "vintages"
HEADER = ("edition", "cut_off", "horizon")
MONEY = ("market_value_usd_bn", "values_usd_bn", "sum_of_the_parts_usd_bn", "discounted_cash_flow_usd_bn")
ODDS = "odds"
FORECASTS = "forecasts_usd_bn"
ASSUMPTIONS = "assumptions"
CHANCES = ("above", "touched")
CASES = ("low", "base", "high")
BANDS = ("low", "value", "high")
REQUIRED = (
    MONEY[0],
    *(
        f"{name}.{case}"
        for name, case in ((MONEY[1], "base.blended"), (MONEY[2], "base"), (MONEY[3], "base"))
    ),
)
ROUNDED = 0.001  # USD billions are kept to the million


@dataclass(frozen=True)
class Vintage:
    """The headline outputs of one published edition by dotted name, money in USD billions.

    ``forecasts_usd_bn.2026Q1.aws.low`` and the like are the sales that it forecast for the quarter
    after its own; the first vintages have none. ``assumptions`` are the base scenario's by driver: what it
    took, and the ends of its range; the first vintages have none of those either.
    """

    edition: str
    cutoff: date
    horizon: date
    outputs: Mapping[str, float]
    path: str
    assumptions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def figure(self, name: str, label: str) -> Figure:
        """One output as it was published; raises ``KeyError``."""
        unit = "fraction" if name.startswith(f"{ODDS}.") else "usd_bn"
        document = f"This report, edition {self.edition} as published"
        source = Source(document, self.cutoff, None, self.path, name, "estimate")
        return Figure(self.outputs[name], unit, label, source)


def vintage_file(label: str) -> str:
    """Where the vintage of an edition lies below the data folder."""
    return f"{VINTAGES_FOLDER}/{label}.yml"


def load_vintages(root: Path, cutoff: date, problems: list[Problem]) -> tuple[Vintage, ...]:
    """The vintages of all editions that had been published by ``cutoff``, oldest first."""
    labels = (label for label in edition_labels(root) if exists(root, vintage_file(label)))
    found = (load_vintage(root, label, problems) for label in labels)
    return tuple(vintage for vintage in found if vintage is not None and vintage.cutoff <= cutoff)


def load_vintage(root: Path, label: str, problems: list[Problem]) -> Vintage | None:
    """One vintage; ``None`` if its header is unusable, with everything wrong reported."""
    raw = read_yaml(root, vintage_file(label), problems)
    if raw is None:
        return None
    place = Place(shown(root, vintage_file(label)), "", problems)
    refuse_unknown(raw, (*HEADER, *MONEY, ODDS, FORECASTS, ASSUMPTIONS), place)
    edition = take_text(raw.get("edition"), place.at("edition"))
    if edition is not None and edition != label:
        place.at("edition").report(f"is {edition!r}", f"{label!r}, as the file is named")
    cutoff, horizon = (take_date(raw.get(key), place.at(key)) for key in ("cut_off", "horizon"))
    kept = (*MONEY, ODDS, *(key for key in (FORECASTS,) if key in raw))
    outputs = _numbers({key: raw.get(key) for key in kept}, place)
    if cutoff is None or horizon is None:
        return None
    assumptions = _assumptions(raw.get(ASSUMPTIONS, {}), place.at(ASSUMPTIONS))
    return Vintage(label, cutoff, horizon, outputs, place.path, assumptions)


def check_vintages(root: Path, problems: list[Problem]) -> None:
    """Report all that is wrong with any vintage: numbers that cannot be, an edition that it is not of."""
    for file in sorted((root / VINTAGES_FOLDER).glob("*.yml")):
        vintage = load_vintage(root, file.stem, problems)
        if vintage is not None:
            place = Place(vintage.path, "", problems)
            _check_edition(root, vintage, place)
            _check_money(vintage, place)
            _check_odds(vintage.outputs, place)


def _numbers(raw: Mapping[str, Any], place: Place) -> dict[str, float]:
    """Numbers in nested mappings by dotted name."""
    found: dict[str, float] = {}
    for key, value in raw.items():
        here = place.at(key)
        if isinstance(value, dict):
            found |= {f"{key}.{name}": number for name, number in _numbers(value, here).items()}
        elif key == MONEY[0] or here.field != key:
            number = take_number(value, here)
            found |= {} if number is None else {key: number}
        else:
            take_mapping(value, here)
    return found


def _assumptions(raw: object, place: Place) -> dict[str, dict[str, float]]:
    """The three numbers of each assumption by driver."""
    found: dict[str, dict[str, float]] = {}
    for name, value in take_mapping(raw, place).items():
        here = place.at(name)
        entry = take_mapping(value, here)
        refuse_unknown(entry, BANDS, here)
        numbers = [take_number(entry.get(end), here.at(end)) for end in BANDS]
        known = [number for number in numbers if number is not None]
        if known != sorted(known):
            here.report(f"does not rise from {BANDS[0]} to {BANDS[-1]}", " ≤ ".join(BANDS))
        elif len(known) == len(BANDS):
            found[name] = dict(zip(BANDS, known, strict=True))
    return found


def _check_edition(root: Path, vintage: Vintage, place: Place) -> None:
    known = edition_labels(root)
    if vintage.edition not in known:
        place.at("edition").report(f"{vintage.edition!r} is no edition", f"one of {', '.join(known)}")
        return
    record = load_edition(root, vintage.edition, [])
    if record is None:
        return
    if record.cutoff != vintage.cutoff:
        wrong = f"{vintage.cutoff} is not the edition's cut-off"
        place.at("cut_off").report(wrong, f"{record.cutoff}, from {shown(root, edition_file(record.label))}")
    worth, kept = record.price.number * record.shares.number / 1000, vintage.outputs.get(MONEY[0])
    if kept is not None and abs(kept - worth) > ROUNDED:
        wrong = f"{kept:g} is not the edition's price × shares"
        place.at(MONEY[0]).report(wrong, f"{worth:.3f}, from {shown(root, edition_file(record.label))}")
    following = quarters.add(record.quarter, 1)
    for quarter in {name.split(".")[1] for name in vintage.outputs if name.startswith(f"{FORECASTS}.")}:
        if quarter != following:
            place.at(FORECASTS).at(quarter).report("is not the quarter forecast", following)


def _check_money(vintage: Vintage, place: Place) -> None:
    """Amounts above zero, of the size of the market value or of a quarter's sales, in their order."""
    outputs, worth = vintage.outputs, vintage.outputs.get(MONEY[0])
    for name, value in outputs.items():
        if not name.startswith(f"{ODDS}.") and value <= 0:
            place.at(name).report(f"is {value:g}", "an amount above zero, in $bn")
        elif name.startswith(MONEY[1:]) and worth and not 1 / MISPLACED < value / worth < MISPLACED:
            wrong = f"{value:g} is {value / worth:.3g} times the market value, {worth:g}"
            place.at(name).report(wrong, "a value of its size")
    for missing in (name for name in REQUIRED if name not in outputs):
        place.at(missing).report("is missing", "what the edition said")
    if not any(name.startswith(f"{ODDS}.") for name in outputs):
        place.at(ODDS).report("holds none", "the chances of each target")
    if vintage.horizon <= vintage.cutoff:
        place.at("horizon").report(f"{vintage.horizon} is not after the cut-off", "the targets' day")
    ranges = {MONEY[2]: CASES}
    ranges |= {name.rpartition(".")[0]: BANDS for name in outputs if name.startswith(f"{FORECASTS}.")}
    for above, names in ranges.items():
        ends = [outputs[f"{above}.{name}"] for name in names if f"{above}.{name}" in outputs]
        if ends != sorted(ends) or (ends and ends[-1] > MISPLACED * ends[0]):
            wrong = f"does not rise from {names[0]} to {names[-1]}, or too far"
            place.at(above).report(wrong, f"{' ≤ '.join(names)}, within one digit")


def _check_odds(outputs: Mapping[str, float], place: Place) -> None:
    for name, value in outputs.items():
        if name.startswith(f"{ODDS}.") and not 0 <= value <= 1:
            place.at(name).report(f"is {value:g}", "a probability from 0 to 1")
        if name.startswith(f"{ODDS}.") and name.rpartition(".")[2] not in CHANCES:
            place.at(name).report("is an unknown field", f"one of {', '.join(CHANCES)}")
    for target in {name.split(".")[1] for name in outputs if name.startswith(f"{ODDS}.")}:
        above, touched = (outputs.get(f"{ODDS}.{target}.{chance}") for chance in CHANCES)
        if above is not None and touched is not None and above > touched:
            wrong = f"above, {above:g}, is likelier than touched, {touched:g}"
            place.at(f"{ODDS}.{target}").report(wrong, "a value above the target has touched it")
