"""Two editions' numbers compared, and the headline numbers that a build moved."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.build.diff import KEPT, Difference, differences, table, tell_moved
from analysis.build.payloads import MIME
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT


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
    numbers = {f"index.{key}": number(text) | {"label": f"The {key}"} for key, text in texts.items()}
    output = {"data": {MIME: {"kind": "numbers", "page": "index", "numbers": numbers}}}
    return {"index": SimpleNamespace(cells=[{"outputs": [output]}])}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "_build").mkdir()
    return Tree(tmp_path)


BASE = {"as_of": "2025Q4", "scenario": "base"}
CUTOFF = date(2026, 3, 31)


def told(tree: Tree, chosen: dict[str, str], **texts: str) -> list[str]:
    return tell_moved(tree, chosen, executed(**texts), CUTOFF)


def test_a_build_tells_what_moved_since_the_one_before(tree: Tree) -> None:
    told(tree, BASE, expected="$3.4T", value="$2.2T")
    moved = told(tree, BASE, expected="$3.5T", value="$2.2T")
    assert moved == ["The expected: $3.4T → $3.5T, against the last build"]
    assert told(tree, BASE, expected="$3.5T", value="$2.2T") == ["no headline number, against the last build"]


def test_another_edition_is_named_and_another_scenario_not_compared(tree: Tree) -> None:
    told(tree, BASE, expected="$3.4T")
    (line,) = told(tree, BASE | {"as_of": "2026Q1"}, expected="$3.6T")
    assert line == "The expected: $3.4T → $3.6T, against the last build, edition 2025Q4"
    (line,) = told(tree, BASE | {"scenario": "bull"}, expected="$5T")
    assert line == "nothing to compare the headline numbers with"


def test_the_first_build_is_held_against_the_edition_published_last(tree: Tree) -> None:
    """A fresh checkout has no build before it, and whoever adds a quarter wants to see what it moved."""
    shutil.copytree(ROOT / "data", tree.data)
    assert (tree.data / "vintages/2026Q1.yml").exists()  # published after the cut-off
    same = {"expected": "$3.42T", "value": "$2.23T", "bear": "$1.69T", "t4t_odds": "33.5%"}
    assert told(tree, BASE, **same) == ["no headline number, against edition 2025Q4 as published"]
    (tree.build / KEPT).write_text("[]", encoding="utf-8")
    moved = told(tree, BASE, **same | {"bear": "$1.7T", "t4t_odds": "40.0%"})
    assert moved == [
        "The bear: $1.69T → $1.7T, against edition 2025Q4 as published",
        "The t4t_odds: 33.5% → 40.0%, against edition 2025Q4 as published",
    ]
    bear = {"as_of": "2025Q4", "scenario": "bear"}
    (line,) = told(tree, bear, expected="$1.69T", t4t_odds="1.0%")
    assert line == "no headline number, against edition 2025Q4 as published"
