"""Mistakes of published editions: read whole, the last mended first."""

from __future__ import annotations

from pathlib import Path

from analysis.data.errata import load_errata
from analysis.data.problems import Problem

ENTRY = "{{edition: 2025Q4, page: aws, mended: {day}, said: a, right: b, why: c}}"


def test_the_last_mended_comes_first(tmp_path: Path) -> None:
    days = {"one": "2026-05-15", "two": "2026-08-01"}
    text = "\n".join(f"{key}: {ENTRY.format(day=day)}" for key, day in days.items())
    (tmp_path / "errata.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    assert [str(each.mended) for each in load_errata(tmp_path, problems)] == ["2026-08-01", "2026-05-15"]
    assert problems == []


def test_what_is_missing_or_unknown_is_named(tmp_path: Path) -> None:
    (tmp_path / "errata.yml").write_text("one: {page: aws, mended: soon, wrong: x}\n", encoding="utf-8")
    problems: list[Problem] = []
    assert load_errata(tmp_path, problems) == ()
    fields = {problem.field for problem in problems}
    assert {"one.edition", "one.said", "one.right", "one.why", "one.mended"} <= fields
    assert load_errata(tmp_path / "nowhere", []) == ()
