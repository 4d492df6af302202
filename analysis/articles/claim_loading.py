"""One claim read from its article's file; everything wrong is reported under the claim's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.articles.grade import RELATIONS, Unchecked
from analysis.articles.printed import Printed, units
from analysis.articles.records import (
    NATURES,
    SLIPS,
    TOPICS,
    BandRecord,
    Claim,
    Explanation,
    Forecast,
    Number,
    Shown,
    SinceThen,
    Stake,
)
from analysis.articles.taking import take_expression, take_period, take_printed, take_sentence
from analysis.data import schema
from analysis.data.values import (
    Place,
    refuse_unknown,
    take_choice,
    take_date,
    take_list,
    take_mapping,
    take_number,
    take_text,
)

_WHY_NOT: Mapping[str, Unchecked] = {"no_source": "no source here", "nobody_can": "nobody can say"}
"""What an entry says in place of a computation: why there is none, and whether anybody could."""
_UNIT = schema.one_of(units())
_POSITION: schema.Schema = {"type": "integer", "minimum": 1}
_REASONS = dict.fromkeys(_WHY_NOT, schema.TEXT)
_SHOWN = schema.having({"computed": schema.TEXT, "unit": _UNIT})
_SINCE = schema.having({"computed": schema.TEXT, "unit": _UNIT, "sentence": schema.TEXT})
_STAKE = schema.having({"headline": schema.TEXT, "computed": schema.TEXT})
_FORECAST = schema.having({"due": schema.DAY}, {"outcome": schema.TEXT, "of": _POSITION, "needs": _SINCE})
_BEHIND = schema.having(
    {"kind": schema.one_of(SLIPS), "sentence": schema.TEXT},
    {"computed": schema.TEXT, "of": _POSITION, "with": schema.mapping(_SHOWN)},
)
_BAND = schema.having(
    {"why": schema.TEXT},
    {"within": schema.NUMBER, "plus_minus": schema.TEXT, "low": schema.TEXT, "high": schema.TEXT},
)
_NUMBER = schema.exactly_one(
    schema.having(
        {
            "says": schema.either(schema.TEXT, schema.list_of(schema.TEXT, minItems=2, maxItems=2)),
            "unit": _UNIT,
        },
        {
            "relation": schema.one_of(RELATIONS),
            "measure": schema.TEXT,
            "computed": schema.TEXT,
            **_REASONS,
            "band": _BAND,
            "words": schema.TEXT,
        },
    ),
    (*_WHY_NOT, "computed"),
)
CLAIM = schema.exactly_one(
    schema.having(
        {
            "id": schema.TEXT,
            "topic": schema.one_of(TOPICS),
            "chapters": schema.list_of(schema.TEXT),
            "text": schema.TEXT,
            "period": schema.TEXT,
        },
        {
            "nature": schema.one_of(NATURES),
            "numbers": schema.list_of(_NUMBER),
            **_REASONS,
            "behind": schema.list_of(_BEHIND),
            "since_then": _SINCE,
            "forecast": _FORECAST,
            "translation_slip": schema.TEXT,
            "stake": _STAKE,
        },
    ),
    (*_WHY_NOT, "numbers"),
)


def take_claim(name: str, entry: dict[str, Any], place: Place) -> Claim | None:
    """A claim; ``None`` if it cannot be used, after reporting why."""
    before = len(place.problems)
    refuse_unknown(entry, schema.names(CLAIM), place)
    chapters = [
        take_text(value, here) for value, here in take_list(entry.get("chapters"), place.at("chapters"))
    ]
    numbers = _numbers(entry.get("numbers"), place.at("numbers")) if "numbers" in entry else ()
    usual = "forecast" if "forecast" in entry else "fact"
    claim = Claim(
        id=name,
        topic=take_choice(entry.get("topic"), tuple(TOPICS), place.at("topic")) or "",
        nature=take_choice(entry.get("nature", usual), NATURES, place.at("nature")) or "fact",
        chapters=tuple(chapter for chapter in chapters if chapter),
        text=take_text(entry.get("text"), place.at("text")) or "",
        period=take_period(entry.get("period"), place.at("period")),  # type: ignore[arg-type] # else a problem
        numbers=numbers,
        unchecked=_unchecked(entry),
        why=_reason(entry, place),
        behind=_behind(entry.get("behind", []), len(numbers), place.at("behind")),
        since_then=_since(entry["since_then"], place.at("since_then")) if "since_then" in entry else None,
        forecast=_forecast(entry["forecast"], len(numbers), place.at("forecast"))
        if "forecast" in entry
        else None,
        translation_slip=_optional_sentence(entry, "translation_slip", place),
        stake=_stake(entry["stake"], place.at("stake")) if "stake" in entry else None,
    )
    if claim.nature == "forecast" and "forecast" not in entry:
        place.at("forecast").report("is missing", "the day on which it is due, as the claim is a forecast")
    if sum(key in entry for key in (*_WHY_NOT, "numbers")) != 1:
        place.report("needs exactly one of the three", "numbers, or no_source or nobody_can with a reason")
    return claim if len(place.problems) == before else None


def _unchecked(entry: dict[str, Any]) -> Unchecked | None:
    return next((grade for key, grade in _WHY_NOT.items() if key in entry), None)


def _reason(entry: dict[str, Any], place: Place) -> str | None:
    return next((take_sentence(entry[key], place.at(key)) for key in _WHY_NOT if key in entry), None)


def _optional_sentence(entry: dict[str, Any], name: str, place: Place) -> str | None:
    return take_sentence(entry[name], place.at(name)) if name in entry else None


def _stake(raw: object, place: Place) -> Stake | None:
    entry = take_mapping(raw, place)
    refuse_unknown(entry, schema.names(_STAKE), place)
    headline = take_text(entry.get("headline"), place.at("headline"))
    computed = take_expression(entry.get("computed"), place.at("computed"))
    return Stake(headline, computed) if headline and computed else None


def _numbers(raw: object, place: Place) -> tuple[Number, ...]:
    found = []
    for value, here in take_list(raw, place):
        entry = take_mapping(value, here)
        refuse_unknown(entry, schema.names(_NUMBER), here)
        relation = take_choice(entry.get("relation", "equals"), tuple(RELATIONS), here.at("relation"))
        printed = _printed(entry, relation, here)
        measure = take_text(entry.get("measure"), here.at("measure")) if "computed" in entry else ""
        computed = take_expression(entry["computed"], here.at("computed")) if "computed" in entry else None
        if sum(key in entry for key in (*_WHY_NOT, "computed")) != 1:
            here.report("needs exactly one of the three", "computed, or no_source or nobody_can with why")
        if relation is not None and printed:
            found.append(
                Number(
                    printed=printed,
                    relation=relation,
                    measure=measure or "",
                    computed=computed,
                    unchecked=_unchecked(entry),
                    why=_reason(entry, here),
                    band=_band(entry["band"], printed[0], here.at("band")) if "band" in entry else None,
                    words=take_text(entry["words"], here.at("words")) if "words" in entry else None,
                )
            )
    return tuple(found)


def _printed(entry: dict[str, Any], relation: str | None, place: Place) -> tuple[Printed, ...]:
    says = entry.get("says")
    texts = says if isinstance(says, list) else [says]
    if relation is not None and len(texts) != (2 if relation == "between" else 1):
        place.at("says").report(f"has {len(texts)} numbers", "two for between, else one")
        return ()
    found = [take_printed(text, entry.get("unit"), place) for text in texts]
    if relation is not None and (entry.get("unit") == "text") != (relation == "is"):
        place.at("relation").report(
            f"{relation!r} does not go with {entry.get('unit')!r}", "words with 'is' only"
        )
    return tuple(printed for printed in found if printed is not None)


def _band(raw: object, printed: Printed, place: Place) -> BandRecord | None:
    entry = take_mapping(raw, place)
    refuse_unknown(entry, schema.names(_BAND), place)
    why = take_sentence(entry.get("why"), place.at("why"))
    given = {key for key in entry if key != "why"}
    if given not in ({"within"}, {"plus_minus"}, {"low", "high"}):
        place.report(
            f"has {', '.join(sorted(given)) or 'no width'}", "within, or plus_minus, or low and high"
        )
        return None
    within = take_number(entry["within"], place.at("within")) if "within" in given else None
    distance = take_printed(entry["plus_minus"], printed.unit, place) if "plus_minus" in given else None
    ends = {end: take_expression(entry[end], place.at(end)) for end in ("low", "high") if end in given}
    return BandRecord(why or "", within, distance, ends.get("low"), ends.get("high"))


def _behind(raw: object, numbers: int, place: Place) -> tuple[Explanation, ...]:
    found = []
    for value, here in take_list(raw, place):
        entry = take_mapping(value, here)
        refuse_unknown(entry, schema.names(_BEHIND), here)
        kind = take_choice(entry.get("kind"), tuple(SLIPS), here.at("kind"))
        named = take_mapping(entry.get("with", {}), here.at("with"))
        with_ = {name: _shown(value, here.at(f"with.{name}")) for name, value in named.items()}
        computed = take_expression(entry["computed"], here.at("computed")) if "computed" in entry else None
        of = _position(entry.get("of", 1), numbers, here.at("of"))
        names = frozenset(with_) | {"claimed", "computed"} | ({"found"} if computed else set())
        sentence = take_sentence(entry.get("sentence"), here.at("sentence"), names)
        if kind and sentence and of:
            known = {name: shown for name, shown in with_.items() if shown is not None}
            found.append(Explanation(kind, sentence, computed, of, known))
    return tuple(found)


def _position(value: object, numbers: int, place: Place) -> int | None:
    if isinstance(value, int) and 1 <= value <= numbers:
        return value
    place.report(f"{value!r} is none of the claim's numbers", f"a whole number from 1 to {numbers}")
    return None


def _shown(raw: object, place: Place, known: schema.Schema = _SHOWN) -> Shown | None:
    entry = take_mapping(raw, place)
    refuse_unknown(entry, schema.names(known), place)
    computed = take_expression(entry.get("computed"), place.at("computed"))
    unit = take_choice(entry.get("unit"), tuple(units()), place.at("unit"))
    return Shown(computed, unit) if computed and unit else None


def _since(raw: object, place: Place) -> SinceThen | None:
    found = _shown(raw, place, _SINCE)
    text = raw.get("sentence") if isinstance(raw, dict) else None
    sentence = take_sentence(text, place.at("sentence"), frozenset({"found"}))
    return SinceThen(found, sentence) if found and sentence else None


def _forecast(raw: object, numbers: int, place: Place) -> Forecast | None:
    entry = take_mapping(raw, place)
    refuse_unknown(entry, schema.names(_FORECAST), place)
    due = take_date(entry.get("due"), place.at("due"))
    outcome = take_expression(entry["outcome"], place.at("outcome")) if "outcome" in entry else None
    of = _position(entry.get("of", 1), numbers, place.at("of")) if "outcome" in entry else 1
    needs = _since(entry["needs"], place.at("needs")) if "needs" in entry else None
    return Forecast(due, outcome, of, needs) if due is not None and of is not None else None
