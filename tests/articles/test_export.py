"""The claims as files to take along: complete, in printed units, agreeing with the page."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator

from analysis.articles import JudgedClaim
from analysis.articles.export import COLUMNS, as_csv, as_json, claims_table
from analysis.articles.grade import UNCHECKED
from tests.articles.conftest import DATA


def test_the_csv_has_one_row_a_number_and_one_for_a_claim_of_words(claims: dict[str, JudgedClaim]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(claims_table(DATA, "2025Q4")))))
    assert tuple(rows[0]) == COLUMNS
    assert Counter(row["id"] for row in rows) == {
        name: max(len(claim.numbers), 1) for name, claim in claims.items()
    }
    assert {row["id"]: row["grade"] for row in rows} == {name: claim.grade for name, claim in claims.items()}


def test_each_row_says_what_was_measured_by_which_rule_as_of_when_and_from_what() -> None:
    for row in claims_table(DATA, "2025Q4"):
        assert row["topic"]
        assert row["claim"]
        assert date.fromisoformat(row["as_of"]) <= date(2026, 3, 31)
        if row["computed"] is not None:
            assert row["measure"], row["id"]
            assert row["rule"], row["id"]
            assert row["sources"], row["id"]


def test_numbers_are_in_the_printed_unit() -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in claims_table(DATA, "2025Q4"):
        found.setdefault(row["id"], []).append(row)
    first, second = found["E02"]
    assert (first["claimed"], first["unit"], first["computed"]) == ("86", "percent", 86.13101053)
    assert (second["claimed"], second["unit"], second["computed"]) == ("68.6", "usd_bn", 68.593)
    assert (found["E38"][0]["claimed"], found["E38"][0]["unit"]) == ("1.8", "usd_tn")
    assert abs(found["E38"][0]["computed"] - 2.0278) < 1e-3
    assert found["A32"][0]["claimed"] == "more than 20"
    assert found["B11"][0]["computed"] == "Wednesday"
    assert found["A24"][0]["computed"] is None


def test_every_claim_that_does_not_hold_or_cannot_be_checked_says_why() -> None:
    for entry in claims_table(DATA, "2025Q4"):
        if entry["grade"] in ("does not hold", *UNCHECKED):
            assert entry["reason"], entry["id"]


def test_the_json_is_the_table_and_says_of_what_edition_under_which_licence() -> None:
    entries = claims_table(DATA, "2025Q2")
    written = json.loads(as_json(entries, "2025Q2", {"name": "a licence"}))
    assert written["claims"] == entries
    assert (written["edition"], written["licence"]) == ("2025Q2", {"name": "a licence"})


def test_every_row_is_as_the_schema_beside_it_says() -> None:
    written = json.loads(as_json(claims_table(DATA, "2025Q4"), "2025Q4", {}))
    assert list(written["schema"]["properties"]) == list(COLUMNS)
    check = Draft202012Validator(written["schema"])
    assert [error.message for row in written["claims"] for error in check.iter_errors(row)] == []
    assert not check.is_valid({**written["claims"][0], "grade": "fine"})


def test_the_json_of_a_past_edition_holds_what_had_appeared() -> None:
    entries = claims_table(DATA, "2025Q2")
    assert {entry["id"][0] for entry in entries} == {"A", "E"}


def test_before_any_article_there_is_nothing_to_export() -> None:
    assert claims_table(DATA, "2024Q4") == []
    assert as_csv([]) == ",".join(COLUMNS) + "\n"
