"""Findings: figures out of line with their own past, which an author looks at again and then acknowledges.

A file acknowledges a finding with the value that was looked at and a reason::

    acknowledged:
      income.other_income: {value: -8934, why: "the stake in Rivian lost half of its price"}

Another value is another finding, and an entry without a finding is a problem too: none outlives its reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.data import schema
from analysis.data.problems import Problem
from analysis.data.splits import SPLITS_FILE
from analysis.data.values import Place, refuse_unknown, take_mapping, take_number, take_text

ACKNOWLEDGED = "acknowledged"
ABSENT = "absent"
_ENTRY = schema.having({"value": schema.either(schema.NUMBER, schema.one_of([ABSENT])), "why": schema.TEXT})
ACKNOWLEDGMENTS = schema.mapping(_ENTRY)


@dataclass(frozen=True)
class Finding:
    """One figure out of line, with words for each measure that does not fit; no value if it is left out.

    ``per_share`` is so of counts of shares and of prices, which a split moves.
    """

    path: str
    field: str
    value: float | None
    how: tuple[str, ...]
    per_share: bool = False


def take_acknowledged(raw: Mapping[str, object], place: Place) -> dict[str, float | None]:
    """The values that a file acknowledges, by field; an entry without a reason is a problem."""
    found: dict[str, float | None] = {}
    here = place.at(ACKNOWLEDGED)
    for field, given in take_mapping(raw.get(ACKNOWLEDGED, {}), here).items():
        entry = take_mapping(given, here.at(field))
        refuse_unknown(entry, schema.names(_ENTRY), here.at(field))
        given_value = entry.get("value")
        value = None if given_value == ABSENT else take_number(given_value, here.at(field).at("value"))
        why = take_text(entry.get("why"), here.at(field).at("why"))
        if why is not None and (value is not None or given_value == ABSENT):
            found[field] = value
    return found


def report_findings(
    findings: Iterable[Finding],
    acknowledged: Mapping[str, float | None],
    path: str,
    problems: list[Problem],
    kept_in: str | None = None,
) -> None:
    """Report each finding of the file at ``path`` that is not acknowledged, and each entry that is not one.

    ``kept_in`` names the file that acknowledges, where it is another (a series' sidecar).
    """
    kept_in = kept_in or path
    left = dict(acknowledged)
    for finding in findings:
        if left.pop(finding.field, math.nan) != finding.value:
            value = ABSENT if finding.value is None else f"{finding.value:.15g}"
            said = "is" if finding.value is None else f"{value} is out of line with its past:"
            wrong = f"{said} {'; '.join(finding.how)}"
            entry = f'{_key(finding.field)}: {{value: {value}, why: "…"}}'
            where = "" if kept_in == path else f" of {kept_in}"
            line = f"in line, a split being in {SPLITS_FILE}" if finding.per_share else "in line"
            expected = f"a figure {line}, or below `{ACKNOWLEDGED}`{where} the reason: `{entry}`"
            problems.append(Problem(finding.path, finding.field, wrong, expected))
    for field in left:
        wrong = "acknowledges a figure that is not out of line"
        problems.append(Problem(kept_in, f"{ACKNOWLEDGED}.{field}", wrong, "only findings that still occur"))


def _key(field: str) -> str:
    return f'"{field}"' if not field.replace(".", "").replace("_", "").isalnum() else field
