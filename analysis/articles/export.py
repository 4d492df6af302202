"""Every claim with its grade, as rows for whoever wants to check or reuse them: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from analysis.articles.grade import RELATIONS
from analysis.articles.judge import JudgedClaim, JudgedNumber, open_judge
from analysis.articles.loading import article_slugs
from analysis.articles.printed import units
from analysis.articles.records import Number
from analysis.data import open_edition

COLUMNS = ("id", "article", "claimed", "computed", "unit", "grade", "reason")
_DIGITS = 10  # significant digits of a computed value


def claims_table(root: Path, as_of: str) -> list[dict[str, Any]]:
    """One entry a claim of the articles that had appeared by the edition's cut-off.

    ``claimed``, ``computed`` and ``unit`` have one entry a number, with the printed digits and in the
    printed unit (``percent``, not fractions); ``computed`` is ``None`` where nothing could be. ``reason``
    says why a claim could not be checked, or what is likely behind one that does not hold.
    """
    if not article_slugs(root):
        return []
    judge = open_judge(open_edition(as_of, root), root)
    return [_entry(claim) for claim in judge.claims()]


def as_csv(entries: list[dict[str, Any]]) -> str:
    """The entries as CSV; several numbers of one claim stand in one cell with semicolons between."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_cell(entry[column]) for column in COLUMNS])
    return text.getvalue()


def as_json(entries: list[dict[str, Any]]) -> str:
    """The entries as JSON."""
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(judged: JudgedClaim) -> dict[str, Any]:
    claim, behind = judged.claim, judged.behind
    return {
        "id": claim.id,
        "article": judged.article.title,
        "topic": claim.topic,
        "claim": claim.text,
        "period": claim.period.label,
        "claimed": [_claimed(number.number) for number in judged.numbers],
        "words": [number.number.words or "" for number in judged.numbers],
        "computed": [_computed(number) for number in judged.numbers],
        "unit": [number.number.printed[0].unit for number in judged.numbers],
        "measure": [number.number.measure for number in judged.numbers],
        "grade": judged.grade,
        "reason": judged.reason or (behind.text if behind is not None else ""),
        "translation_slip": claim.translation_slip or "",
        "since_then": judged.since_then.text if judged.since_then is not None else "",
        "judged_as_of": judged.article.judged_as_of,
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


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join("" if item is None else str(item) for item in value)
    return str(value)
