"""Every number of every claim with its grade, as rows for whoever wants to check or reuse them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.articles.grade import GRADES, RELATIONS
from analysis.articles.judge import JudgedClaim, JudgedNumber, open_judge
from analysis.articles.loading import article_slugs
from analysis.articles.printed import units
from analysis.articles.records import NATURES, TOPICS, Number
from analysis.data import open_edition, schema

MEANINGS = {
    "id": "Claim: the article's letter and a number",
    "article": "Title of the article",
    "topic": "What the claim is about",
    "nature": "Whether it states a fact, or is a forecast, an assumption or an opinion",
    "claim": "The claim in this report's words",
    "period": "Period that the claim is about",
    "as_of": "Last day whose figures were used",
    "measure": "What was computed; empty where nothing was",
    "rule": "What the computed number is held against",
    "claimed": "The digits as printed, in the printed unit",
    "computed": "The computed number in that unit, a word, or null where nothing was computed",
    "unit": "Printed unit: percent, not a fraction",
    "number_grade": "Grade of the number",
    "grade": "Grade of the claim, the worst of its numbers; of a forecast that of its outcome",
    "reason": "Why something was not computed, or what is likely behind a claim that does not hold",
    "due": "Day on which a forecast falls due",
    "since_then": "The same by later figures",
    "translation_slip": "What was lost in translation",
    "sources": "Documents behind the computed number",
}
COLUMNS = tuple(MEANINGS)
_ENUMS = {"topic": TOPICS, "nature": NATURES, "unit": ("", *units()), "number_grade": GRADES, "grade": GRADES}
_DIGITS = 10  # significant digits of a computed value


def claims_table(root: Path, as_of: str) -> list[dict[str, Any]]:
    """One row a number of each claim of the articles that had appeared by the edition's cut-off.

    A claim of words alone has one row without a number. ``claimed`` has the printed digits in the printed
    ``unit`` (``percent``, not fractions), ``rule`` what the computed number is held against and, where the
    article used a word, for which word it stands; ``computed`` is ``None`` where nothing was. ``as_of`` is
    the last day whose figures were used, ``number_grade`` how the number compares and ``grade`` the grade of
    the claim, which only facts (``nature``) and forecasts that have fallen due can have; ``reason`` says why
    something was not computed, or what is likely behind a claim that does not hold; ``due`` is the day a
    forecast falls due; ``sources`` are the documents behind ``computed``.
    """
    if not article_slugs(root):
        return []
    judge = open_judge(open_edition(as_of, root), root)
    return [row for claim in judge.claims() for row in _rows(claim)]


def as_csv(rows: list[dict[str, Any]]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_json(rows: list[dict[str, Any]], as_of: str, licence: Mapping[str, str]) -> str:
    """The rows as JSON below ``claims``, with the edition, the licence and the JSON Schema of a row."""
    found = {"edition": as_of, "licence": licence, "schema": _row_schema(), "claims": rows}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _row_schema() -> schema.Schema:
    columns: dict[str, schema.Schema] = {}
    for name, meaning in MEANINGS.items():
        kind: schema.Schema = {"type": ["number", "string", "null"] if name == "computed" else "string"}
        words = _ENUMS.get(name)
        columns[name] = schema.saying(schema.one_of(words) if words else kind, meaning)
    return schema.having(columns)


def _rows(judged: JudgedClaim) -> list[dict[str, Any]]:
    claim, behind, forecast = judged.claim, judged.behind, judged.claim.forecast
    of_claim = {
        "id": claim.id,
        "article": judged.article.title,
        "topic": claim.topic,
        "nature": claim.nature,
        "claim": claim.text,
        "period": claim.period.label,
        "as_of": judged.cutoff.isoformat(),
        "grade": judged.grade,
        "due": forecast.due.isoformat() if forecast is not None else "",
        "since_then": judged.since_then.text if judged.since_then is not None else "",
        "translation_slip": claim.translation_slip or "",
    }
    why = (behind.text if behind is not None else judged.reason) or ""
    rows = [
        {**of_claim, **_of_number(number), "reason": number.number.why or why} for number in judged.numbers
    ]
    empty = dict.fromkeys(("measure", "rule", "claimed", "unit", "sources"), "")
    alone = {**of_claim, **empty, "computed": None, "number_grade": judged.grade, "reason": why}
    return [{column: row[column] for column in COLUMNS} for row in rows or [alone]]


def _of_number(judged: JudgedNumber) -> dict[str, Any]:
    number, found = judged.number, judged.computed
    sources = found.sources() if found is not None else ()
    return {
        "measure": number.measure,
        "rule": number.rule,
        "claimed": _claimed(number),
        "computed": _computed(judged),
        "unit": number.printed[0].unit,
        "number_grade": judged.grade,
        "sources": "; ".join(dict.fromkeys(source.document for source in sources)),
    }


def _claimed(number: Number) -> str:
    digits = " and ".join(printed.text for printed in number.printed)
    return f"{RELATIONS[number.relation]} {digits}".strip()


def _computed(number: JudgedNumber) -> float | str | None:
    if number.computed is None:
        return None
    if isinstance(number.computed.value, str):
        return number.computed.value
    value = number.computed.number / units()[number.number.printed[0].unit].scale
    return float(f"{value:.{_DIGITS}g}")
