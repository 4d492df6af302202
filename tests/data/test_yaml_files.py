"""YAML is read strictly: lines are named, keys are unique, numbers are finite."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from analysis.data.problems import Problem
from analysis.data.yaml_files import parse_yaml, read_yaml


def parse(text: str) -> tuple[dict[str, object] | None, list[str]]:
    problems: list[Problem] = []
    return parse_yaml(text, "data/x.yml", problems), [str(problem) for problem in problems]


def test_plain_values_keep_their_types() -> None:
    value, problems = parse("a: 1\nb: -2.5\nc: 2026-02-05\nd: text\ne: true\nf:\ng: [1, two]\nh: {i: 1_000}")
    assert problems == []
    first = {"a": 1, "b": -2.5, "c": date(2026, 2, 5), "d": "text"}
    assert value == {**first, "e": True, "f": None, "g": [1, "two"], "h": {"i": 1000}}


def test_keys_stay_text_even_if_they_look_like_numbers() -> None:
    assert parse("2025: 1\n4T: 2\nno: 3")[0] == {"2025": 1, "4T": 2, "no": 3}


def test_text_that_does_not_parse_is_reported_with_its_line() -> None:
    value, problems = parse("a: 1\nb: [1, 2\nc: 3\n")
    assert value is None
    assert len(problems) == 1
    assert problems[0].startswith("data/x.yml: line 3, column ")
    assert "is not YAML" in problems[0]


def test_text_that_ends_too_early_is_reported_where_it_ends() -> None:
    for text in ("a: 1\nb: [", "a: 1\nb: [\n"):
        assert parse(text)[1][0].startswith("data/x.yml: line 3, column 1: is not YAML, ")


def test_a_tab_for_indentation_is_reported_with_its_line() -> None:
    assert parse("a:\n\tb: 1\n")[1] == [
        "data/x.yml: line 2, column 1: is indented with a tab (expected spaces, two a level)"
    ]


def test_a_key_given_twice_is_reported_with_both_lines() -> None:
    problems = parse("a:\n  b: 1\n  c: 2\n  b: 3\n")[1]
    assert problems == ["data/x.yml: a.b: is given twice, on lines 2 and 4 (expected each key once)"]


def test_the_same_key_in_two_mappings_is_no_repetition() -> None:
    assert parse("a: {x: 1}\nb: {x: 1}")[1] == []


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.inf", "+.INF"])
def test_nan_and_infinity_are_refused(text: str) -> None:
    value, problems = parse(f"a: {text}")
    assert value == {"a": None}
    assert problems == [f"data/x.yml: a: is {text} (expected a finite number)"]


@pytest.mark.parametrize("text", ["010", "0x1F", "1:30", "0b11"])
def test_numbers_that_yaml_reads_in_another_base_are_refused(text: str) -> None:
    assert parse(f"a: {text}")[1] == [
        f"data/x.yml: a: {text!r} can be misread (expected a plain decimal number)"
    ]


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-05 10:00:00"])
def test_dates_that_are_no_day_are_refused(text: str) -> None:
    assert parse(f"a: {text}")[1] == [
        f"data/x.yml: a: {text!r} can be misread (expected a date as year-month-day)"
    ]


def test_a_file_without_keys_is_refused() -> None:
    for text in ("", "- 1\n- 2\n", "just text"):
        assert parse(text)[1] == ["data/x.yml: (file): does not hold keys with values (expected a mapping)"]


def test_tags_of_other_languages_are_refused() -> None:
    assert "has the YAML tag" in parse("a: !!python/name:os.system 1")[1][0]


def test_a_control_character_is_a_problem_and_no_crash() -> None:
    assert "is not YAML" in parse("a: \x01")[1][0]


def test_a_list_entry_is_named_by_its_place() -> None:
    assert parse("a:\n  - b: .nan\n")[1][0].startswith("data/x.yml: a[0].b: ")


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_yaml(tmp_path, "gone.yml", problems) is None
    assert [problem.wrong for problem in problems] == ["does not exist"]


def test_a_file_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_bytes(b"a: caf\xe9\n")
    problems: list[Problem] = []
    assert read_yaml(tmp_path, "x.yml", problems) is None
    assert "is not UTF-8" in problems[0].wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &one 1\nb: *one", "line 1: has an anchor or an alias (expected each value written out)"),
        ("b: *none", "line 1: has an anchor or an alias (expected each value written out)"),
        ("a: " + "[" * 13 + "]" * 13, "line 1: lies more than 12 levels deep (expected fewer levels)"),
        ("a: " + "[" * 100_000, "line 1: lies more than 12 levels deep (expected fewer levels)"),
    ],
)
def test_text_that_grows_when_it_is_read_is_refused(text: str, said: str) -> None:
    assert parse(text) == (None, [f"data/x.yml: {said}"])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("folder", "is a folder, a pipe or a device (expected a text file)"),
        ("pipe", "is a folder, a pipe or a device (expected a text file)"),
        ("large", "holds 5,000,001 bytes (expected at most 5,000,000: is it the right file?)"),
    ],
)
def test_what_is_no_file_of_text_is_named(tmp_path: Path, kind: str, said: str) -> None:
    path, problems = tmp_path / "x.yml", []
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(b"#" * 5_000_001)
    assert read_yaml(tmp_path, "x.yml", problems) is None
    assert [str(problem) for problem in problems] == [f"{tmp_path.name}/x.yml: (file): {said}"]
