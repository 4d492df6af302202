"""The check of the data before a build: its verdict holds for the same data and the same code only."""

from __future__ import annotations

import re
import shutil

import pytest

from analysis.build import checks
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import ROOT


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What checks will find; a check takes one."""
    waiting: list[list[str]] = []
    monkeypatch.setattr(checks, "problems", lambda tree: waiting.pop())
    return waiting


def is_checked(tree: Tree, found: list[list[str]], *problems: str) -> bool:
    """Whether the data are checked, when that would find the problems."""
    found[:] = [list(problems)]
    checks.check(tree)
    return not found


def test_data_in_order_are_checked_once(tree: Tree, found: list[list[str]]) -> None:
    assert is_checked(tree, found)
    assert not is_checked(tree, found)


@pytest.mark.parametrize("place", ["data/new.yml", "analysis/new.py", "requirements.txt", "_toc.yml"])
def test_data_or_code_that_changed_are_checked_again(tree: Tree, found: list[list[str]], place: str) -> None:
    assert is_checked(tree, found)
    (tree.root / place).parent.mkdir(exist_ok=True)
    (tree.root / place).write_text("changed: 1", encoding="utf-8")
    assert is_checked(tree, found)


def test_problems_are_found_at_every_build(tree: Tree, found: list[list[str]]) -> None:
    for _ in range(2):
        with pytest.raises(BuildError, match="wrong"):
            is_checked(tree, found, "data/a.yml: wrong")


def test_what_changes_during_the_check_is_checked_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake that was mended before it was looked at is found when it is made again."""
    path = tree.data / "mistake.yml"

    def mended(tree: Tree) -> list[str]:
        path.unlink()
        return []

    path.write_text("a mistake", encoding="utf-8")
    monkeypatch.setattr(checks, "problems", mended)
    checks.check(tree)
    path.write_text("a mistake", encoding="utf-8")
    monkeypatch.setattr(checks, "problems", lambda tree: ["data/mistake.yml: wrong"])
    with pytest.raises(BuildError, match="wrong"):
        checks.check(tree)


@pytest.mark.parametrize(
    ("place", "named", "slip", "wrong"),
    [
        (
            "errata.yml",
            "page: chips",
            "page: chip",
            "nvidia_gross_profit.page: 'chip' is no page of the book",
        ),
        pytest.param(
            "articles/results-fourth-quarter-2025.yml",
            "chapters: [aws]",
            "chapters: [asw]",
            "claims.B01.chapters: 'asw' is no page of the book",
            marks=pytest.mark.pages,
        ),
    ],
)
def test_a_page_that_data_name_is_one_of_the_book(
    real: Tree, place: str, named: str, slip: str, wrong: str
) -> None:
    shutil.copy(ROOT / "_toc.yml", real.toc)
    for page in (ROOT / "book").glob("*.md"):
        (real.book / page.name).touch()
    assert checks.problems(real) == []
    path = real.data / place
    path.write_text(path.read_text(encoding="utf-8").replace(named, slip, 1), encoding="utf-8")
    (found,) = checks.problems(real)
    assert found.startswith(f"data/{place}: {wrong} (expected nearest: ")


def test_a_page_of_the_contents_that_there_is_not_is_told_before_anything_runs(real: Tree) -> None:
    real.toc.write_text(
        real.toc.read_text(encoding="utf-8").replace("book/words", "book/gone"), encoding="utf-8"
    )
    assert "_toc.yml: book/gone: there is no such page (expected book/gone.md)" in checks.problems(real)


@pytest.mark.parametrize(
    "change",
    [
        ("horizon: 2030-12-31", "horizon: 2031-12-31"),
        ("5T:\n  value_usd_bn: 5000", "3T:\n  value_usd_bn: 3000"),
        ("5T:\n  value_usd_bn: 5000", "4.5T:\n  value_usd_bn: 4500"),
        ("4T:", "6T:\n  value_usd_bn: 6000\n  horizon: 2030-12-31\n4T:"),
        ("4T:", "4000bn:"),
        ("4T:\n  value_usd_bn: 4000", "2T:\n  value_usd_bn: 2000"),
    ],
)
def test_targets_that_the_pages_cannot_ask_about_are_told(real: Tree, change: tuple[str, str]) -> None:
    path = real.data / "targets.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    told = [line for line in checks.problems(real) if "are not the targets that the pages ask about" in line]
    assert len(told) == 1
    assert told[0].startswith("data/targets.yml: ")


def test_a_scenario_that_the_book_tells_and_that_has_no_file_is_named(real: Tree) -> None:
    (real.data / "scenarios/bull.yml").rename(real.data / "scenarios/upside.yml")
    (told,) = [line for line in checks.problems(real) if line.startswith("data/scenarios/bull.yml: ")]
    assert told.startswith(
        "data/scenarios/bull.yml: (file): does not exist (expected the scenario of that name"
    )


@pytest.mark.parametrize("driver", ["blend.parts", "gate.cloud_share", "economy.gdp"])
def test_an_assumption_that_the_value_needs_and_that_there_is_not_is_named(real: Tree, driver: str) -> None:
    path = real.data / "scenarios" / "base.yml"
    whole = path.read_text("utf-8")
    left, count = re.subn(rf"^  {re.escape(driver)}:\n(?:    .*\n)+", "", whole, flags=re.M)
    assert count == 1
    path.write_text(left, "utf-8")
    (said,) = checks.implausible(real)
    assert said.startswith(f"data/scenarios/base.yml: drivers.{driver}: is missing (expected ")
