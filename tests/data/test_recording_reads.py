"""What was read is on record, by the names that the repository uses."""

from __future__ import annotations

import contextvars
from pathlib import Path

import pytest

from analysis.data import AbsentFigure, DataError, open_edition, recording_reads
from analysis.data.problems import Problem
from analysis.data.reads import data_root, read_text


def test_opening_an_edition_records_its_files(data: Path) -> None:
    with recording_reads() as names:
        open_edition("2025Q4", root=data)
    assert {"data/editions/2025Q4.yml", "data/amazon/fields.yml", "data/amazon/quarters/2024Q1.yml"} <= names
    assert "data/cloud.csv" not in names


def test_a_series_is_recorded_when_it_is_read(data: Path) -> None:
    edition = open_edition("2025Q4", root=data)
    with recording_reads() as names:
        edition.observations("cloud")
    assert names == {"data/cloud.csv", "data/cloud.meta.yml"}


def test_a_scenario_is_recorded_with_what_it_extends(data: Path) -> None:
    edition = open_edition("2025Q4", root=data)
    with recording_reads() as names:
        edition.drivers("bull")
    assert names == {"data/scenarios/bull.yml", "data/scenarios/base.yml"}


def test_quarters_after_the_cutoff_are_not_read(data: Path) -> None:
    with recording_reads() as names:
        open_edition("2024Q4", root=data)
    assert "data/amazon/quarters/2024Q4.yml" in names
    assert "data/amazon/quarters/2025Q2.yml" not in names


def test_a_file_that_was_looked_for_in_vain_is_recorded(data: Path) -> None:
    with recording_reads() as names, pytest.raises(DataError):
        open_edition("2031Q1", root=data)
    assert "data/editions/2031Q1.yml" in names


def test_an_outer_record_holds_what_an_inner_one_saw(data: Path) -> None:
    with recording_reads() as outer:
        read_text(data, "targets.yml", [])
        with recording_reads() as inner:
            read_text(data, "cloud.csv", [])
    assert inner == {"data/cloud.csv"}
    assert outer == {"data/targets.yml", "data/cloud.csv"}


def test_nothing_is_recorded_after_the_block_or_in_another_context(data: Path) -> None:
    other = contextvars.copy_context()
    with recording_reads() as names:
        other.run(read_text, data, "targets.yml", [])
    read_text(data, "cloud.csv", [])
    assert names == set()


def test_a_record_ends_even_if_the_block_fails(data: Path) -> None:
    with pytest.raises(AbsentFigure), recording_reads() as names:
        raise AbsentFigure("x")
    read_text(data, "targets.yml", [])
    assert names == set()


def test_a_missing_file_is_a_problem_with_its_shown_name(data: Path) -> None:
    problems: list[Problem] = []
    assert read_text(data, "gone.csv", problems) is None
    assert str(problems[0]) == "data/gone.csv: (file): does not exist (expected a file of that name)"


def test_the_folder_given_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_DATA", str(tmp_path / "other"))
    assert data_root() == tmp_path / "other"
    assert data_root(tmp_path) == tmp_path
    monkeypatch.delenv("ANALYSIS_DATA")
    assert data_root() == Path(__file__).resolve().parents[2] / "data"
