"""Two editions' numbers compared, and the headline numbers that a build moved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.build.diff import Difference, differences, table, tell_moved
from analysis.build.payloads import MIME
from analysis.build.tree import Tree


def number(text: str, *documents: str) -> dict[str, Any]:
    return {"text": text, "label": "Sales", "sources": [{"document": each} for each in documents]}


def test_a_number_that_prints_otherwise_names_what_is_new_behind_it() -> None:
    before, after = {"aws.sales": number("$1bn", "old")}, {"aws.sales": number("$2bn", "old", "new")}
    assert differences(before, after) == [Difference("aws.sales", "Sales", "$1bn", "$2bn", "new")]


def test_a_number_that_prints_the_same_is_left_out() -> None:
    assert differences({"a": number("$1bn", "old")}, {"a": number("$1bn", "new")}) == []


def test_without_a_new_document_it_is_the_later_day() -> None:
    (found,) = differences({"a": number("$1bn", "old")}, {"a": number("$2bn", "old")})
    assert found.why == "the same documents, seen from a later day"


def test_a_number_of_one_edition_alone_is_told() -> None:
    found = differences({"a": number("1")}, {"b": number("2")})
    assert [(each.key, each.before, each.after) for each in found] == [("b", "–", "2"), ("a", "1", "–")]


def test_the_table_is_markdown_that_no_cell_breaks() -> None:
    text = table("2025Q3", "2025Q4", [Difference("a.b", "x | y", "1", "2", "new")])
    assert text.splitlines()[-1] == "| `a.b` | x \\| y | 1 | 2 | new |"


def executed(**texts: str) -> dict[str, Any]:
    numbers = {f"index.{key}": number(text) for key, text in texts.items()}
    output = {"data": {MIME: {"kind": "numbers", "page": "index", "numbers": numbers}}}
    return {"index": SimpleNamespace(cells=[{"outputs": [output]}])}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "_build").mkdir()
    return Tree(tmp_path)


def test_a_build_tells_what_moved_since_the_one_before(tree: Tree) -> None:
    chosen = {"as_of": "2025Q4", "scenario": "base"}
    assert tell_moved(tree, chosen, executed(expected="$3.4T", value="$2.2T")) == []
    assert tell_moved(tree, chosen, executed(expected="$3.5T", value="$2.2T")) == ["expected: $3.4T → $3.5T"]
    assert tell_moved(tree, chosen, executed(expected="$3.5T", value="$2.2T")) == []


def test_another_edition_is_named_and_another_scenario_not_compared(tree: Tree) -> None:
    tell_moved(tree, {"as_of": "2025Q4", "scenario": "base"}, executed(expected="$3.4T"))
    (line,) = tell_moved(tree, {"as_of": "2026Q1", "scenario": "base"}, executed(expected="$3.6T"))
    assert line == "expected: $3.4T → $3.6T, edition 2025Q4 before"
    assert tell_moved(tree, {"as_of": "2026Q1", "scenario": "bull"}, executed(expected="$5T")) == []
