"""The check lists all mistakes at once, names file and field, and changes nothing."""

from __future__ import annotations

import time
from pathlib import Path

from analysis.data.check import check_all
from analysis.data.problems import Problem
from tests.conftest import Edit
from tests.data.conftest import Problems, quarter

Q = "data/amazon/quarters/"


def test_good_data_has_no_problem(problems: Problems) -> None:
    assert problems() == []


def test_yaml_that_does_not_parse_is_named_with_its_line(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "balance:", "balance: [")
    lines = problems()
    assert any(line.startswith(f"{Q}2025Q3.yml: line ") and "is not YAML" in line for line in lines)


def test_a_key_given_twice_is_named_with_both_lines(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631\n", "  stockholders_equity: 369631\n" * 2)
    lines = problems()
    assert len(lines) == 1
    assert lines[0].startswith(f"{Q}2025Q3.yml: balance.stockholders_equity: is given twice, on lines ")


def test_any_other_yaml_file_must_parse_too(data: Path, problems: Problems) -> None:
    (data / "articles").mkdir()
    (data / "articles/000.yml").write_text("title: x\ntitle: y\n")
    assert problems() == [
        "data/articles/000.yml: title: is given twice, on lines 1 and 2 (expected each key once)"
    ]


def test_problems_of_several_files_come_all_at_once_in_order(
    edit: Edit, data: Path, problems: Problems
) -> None:
    edit(quarter("2025Q3"), "  stockholders_equity: 369631", '  stockholders_equity: "369631"')
    edit(quarter("2025Q2"), "balance:", "balance: [")
    edit("editions/2025Q3.yml", "  date: 2025-10-31", "  date: 2025-11-03")
    edit("scenarios/bull.yml", "value: 0.25", "value: 0.4")
    (data / "cloud.csv").write_text((data / "cloud.csv").read_text() + "x\n")
    found = problems()
    assert found == sorted(found)
    files = {line.split(": ")[0].removeprefix("data/") for line in found}
    assert files == {
        quarter("2025Q3"),
        quarter("2025Q2"),
        "editions/2025Q3.yml",
        "scenarios/bull.yml",
        "cloud.csv",
    }


def test_an_empty_folder_is_all_problems_and_no_crash(tmp_path: Path) -> None:
    for folder in ("amazon/quarters", "editions", "scenarios"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    found = check_all(tmp_path / "data")
    assert all(isinstance(problem, Problem) for problem in found)
    assert {"data/amazon/fields.yml", "data/targets.yml", "data/scenarios/base.yml"} <= {
        problem.path for problem in found
    }


def test_a_folder_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert "data/amazon/quarters" in {problem.path for problem in check_all(tmp_path / "data")}


def test_the_check_is_quick(data: Path) -> None:
    started = time.process_time()
    check_all(data)
    assert time.process_time() - started < 1.0
