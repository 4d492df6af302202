"""The examples of CONTRIBUTING.md, tried one after another on a copy of what an author edits."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from analysis.build.checks import problems
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.data.add_quarter import add_quarter
from analysis.data.amazon import quarter_labels
from analysis.data.checklist import checklist
from analysis.data.quarters import add
from analysis.report import open_report
from tests.notebooks import run_on

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"^(?P<how>At the end of|A new file|In) `(?P<path>[^`]+)`(?:, below (?P<below>[^\n]+))?:\n\n"
    r"(?P<fence>`{3,})\w+\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the report in which an author has done everything that the guide shows."""
    root = tmp_path_factory.mktemp("author")
    for name in ("data", "book"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "_toc.yml", root)
    for example in EXAMPLE.finditer(GUIDE):
        path, text = root / example["path"], example["text"]
        if example["how"] == "A new file":
            assert not path.exists()
            path.write_text(text, "utf-8")
        elif example["how"] == "At the end of":
            path.write_text(path.read_text("utf-8") + text, "utf-8")
        else:
            path.write_text(below(path.read_text("utf-8"), example["below"], text), "utf-8")
    return Tree(root)


def below(text: str, anchors: str, added: str) -> str:
    """A text with lines added below the first line that has the last anchor, after those with the others."""
    at = 0
    for anchor in re.findall(r"`([^`]+)`", anchors):
        at = text.index("\n", text.index(anchor, at)) + 1
    return text[:at] + added + text[at:]


def test_every_block_of_the_guide_is_an_example() -> None:
    outside = EXAMPLE.sub("", GUIDE)
    assert "```" not in outside
    assert len(EXAMPLE.findall(GUIDE)) == 10


def test_the_examples_pass_the_check(tried: Tree) -> None:
    assert problems(tried) == []


def test_a_look_holds_from_its_day_on(tried: Tree) -> None:
    """The edition whose cut-off lies before it keeps the number that it had."""

    def margin(edition: str, data: Path) -> float:
        return open_report(edition, "bull", data=data).driver("aws.margin_change").number

    assert margin("2025Q4", tried.data) == margin("2025Q4", ROOT / "data") != 0.015
    assert margin("2026Q1", tried.data) == 0.015


def test_a_scenario_a_claim_and_a_series_are_there(tried: Tree) -> None:
    report = open_report("2026Q1", data=tried.data)
    assert "crash" in report.scenarios
    assert "An example: AWS grew by 3%." in [each.said for each in report.edition.errata()]
    assert report.observed("parcels", "Example carrier", "parcels").latest.number == 1.7
    assert any(judged.claim.id == "B99" for judged in report.judge.claims())


def test_a_chapter_runs(tried: Tree) -> None:
    page = run_on(open_edition("2026Q1", tried.data), "weather", book=tried.book)
    assert 0.1 < page["share"].number < 0.4
    assert f"made {page['share']} of" in page.parts["share"].finding


def test_a_quarter_starts_with_what_it_asks_for(tried: Tree) -> None:
    following = add(quarter_labels(tried.data)[-1], 1)
    path = add_quarter(tried.data, following)
    assert path.is_file()
    assert open_edition("2025Q4", tried.data)
    assert checklist(tried.data, following)[0] == f"To fill in for {following}:"
