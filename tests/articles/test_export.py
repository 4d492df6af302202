"""The claims as files to take along: complete, in printed units, agreeing with the page."""

from __future__ import annotations

import csv
import io
import json

from analysis.articles import JudgedClaim
from analysis.articles.export import COLUMNS, as_csv, as_json, claims_table
from tests.articles.conftest import DATA


def test_the_csv_has_one_row_a_claim_with_the_columns_promised(claims: dict[str, JudgedClaim]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(claims_table(DATA, "2025Q4")))))
    assert tuple(rows[0]) == COLUMNS == ("id", "article", "claimed", "computed", "unit", "grade", "reason")
    assert [row["id"] for row in rows] == list(claims)
    assert {row["id"]: row["grade"] for row in rows} == {name: claim.grade for name, claim in claims.items()}


def test_numbers_are_in_the_printed_unit() -> None:
    found = {entry["id"]: entry for entry in claims_table(DATA, "2025Q4")}
    assert (found["E02"]["claimed"], found["E02"]["unit"]) == (["86", "68.6"], ["percent", "usd_bn"])
    assert found["E02"]["computed"] == [86.13101053, 68.593]
    assert (found["E38"]["claimed"], found["E38"]["unit"]) == (["1.8"], ["usd_tn"])
    assert abs(found["E38"]["computed"][0] - 2.0278) < 1e-3
    assert found["A32"]["claimed"] == ["more than 20"]
    assert found["B11"]["computed"] == ["Wednesday"]
    assert found["A24"]["computed"] == [None]


def test_every_claim_that_does_not_hold_or_cannot_be_checked_says_why() -> None:
    for entry in claims_table(DATA, "2025Q4"):
        if entry["grade"] in ("does not hold", "not checkable"):
            assert entry["reason"], entry["id"]


def test_the_json_is_the_table() -> None:
    entries = claims_table(DATA, "2025Q2")
    assert json.loads(as_json(entries)) == entries
    assert {entry["id"][0] for entry in entries} == {"A", "E"}


def test_before_any_article_there_is_nothing_to_export() -> None:
    assert claims_table(DATA, "2024Q4") == []
    assert as_csv([]) == ",".join(COLUMNS) + "\n"
