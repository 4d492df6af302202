"""Publishing an edition: everything written at once when all is clean, nothing when anything is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.build import publish_edition as verb
from analysis.build.tree import BuildError, Tree
from analysis.data import open_edition, quarters
from analysis.data.edition import latest_label
from tests.build.tiny_book import ROOT

LATEST = open_edition(latest_label(ROOT / "data"))
VINTAGE = f"data/vintages/{LATEST.label}.yml"
FILES = ("README.md", "CHANGELOG.md", "CITATION.cff", "docs/first-page.png")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A checkout whose latest edition is not published, its book built; the pages themselves are not run."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("vintages"))
    (tmp_path / "docs").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    (tmp_path / "book").mkdir()
    for page in (ROOT / "book").glob("*.md"):
        (tmp_path / "book" / page.name).touch()
    tree = Tree(tmp_path)
    tree.site.mkdir(parents=True)
    (tree.site / "index.html").write_text("<title>The report</title><p>The answer</p>", encoding="utf-8")
    monkeypatch.setattr(verb, "build", lambda tree, options: True)
    monkeypatch.setattr(verb.lint, "check", lambda tree: None)
    monkeypatch.setattr(verb.keys, "check", lambda tree: None)
    monkeypatch.setattr(verb.readme, "current", lambda tree: (tree.root / "README.md", "the answer\n"))
    return tree


def contents(tree: Tree) -> dict[str, bytes]:
    return {
        path.relative_to(tree.root).as_posix(): path.read_bytes()
        for path in tree.root.rglob("*")
        if path.is_file()
    }


@pytest.mark.browser
def test_everything_is_written_at_once(tree: Tree, chromium: str) -> None:
    before = contents(tree)
    written = verb.publish_edition(tree, lambda tree: True)
    after = contents(tree)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {tree.name(path) for path in written} == {*FILES, VINTAGE}
    vintage = after[VINTAGE].decode()
    following = quarters.add(LATEST.quarter, 1)
    assert f"forecasts_usd_bn:\n  {following}:\n    aws:\n      low: " in vintage
    version = verb.next_version(before["CHANGELOG.md"].decode())
    head = f"## {version} – edition {LATEST.label}, {LATEST.cutoff}"
    told = f"{head}\n\n### The answer\n\n- **Edition {LATEST.label}**"
    assert told in after["CHANGELOG.md"].decode()
    assert f'version: "{version}"\ndate-released: {LATEST.cutoff}' in after["CITATION.cff"].decode()
    assert after["docs/first-page.png"].startswith(b"\x89PNG")


@pytest.mark.long
@pytest.mark.browser
def test_tests_that_fail_leave_every_file_as_it_was(tree: Tree, chromium: str) -> None:
    before = contents(tree)
    with pytest.raises(BuildError, match="tests: not all pass, so nothing was published"):
        verb.publish_edition(tree, lambda tree: False)
    assert contents(tree) == before


@pytest.mark.long
def test_a_browser_that_does_not_run_leaves_every_file_as_it_was(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "/bin/false")
    before = contents(tree)
    with pytest.raises(BuildError, match="/bin/false does not run"):
        verb.publish_edition(tree, lambda tree: True)
    assert contents(tree) == before


def test_data_with_a_problem_are_not_published(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "find_chromium", lambda: "chromium")
    path = tree.data / "targets.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("4000", "40000"), encoding="utf-8")
    before = contents(tree)
    with pytest.raises(BuildError, match=r"data/targets\.yml: 4T\.value_usd_bn"):
        verb.publish_edition(tree, lambda tree: True)
    assert contents(tree) == before


def test_a_book_that_does_not_build_is_not_published(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(tree: Tree, options: object) -> bool:
        raise BuildError(["book/aws.md: cell 3 failed"])

    monkeypatch.setattr(verb, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(verb, "build", fails)
    with pytest.raises(BuildError, match="cell 3 failed"):
        verb.publish_edition(tree, lambda tree: True)
    assert not (tree.data / "vintages").exists()


def test_an_edition_is_published_once(tree: Tree) -> None:
    (tree.data / "vintages").mkdir()
    (tree.root / VINTAGE).write_text("edition: a test\n", encoding="utf-8")
    before = contents(tree)
    with pytest.raises(BuildError, match=f"{LATEST.label} was published already"):
        verb.publish_edition(tree, lambda tree: True)
    assert contents(tree) == before


def test_over_what_a_killed_run_has_left_nothing_is_published(tree: Tree) -> None:
    tree.build.mkdir(exist_ok=True)
    (tree.build / "publishing").touch()
    before = contents(tree)
    with pytest.raises(BuildError, match=f"has not ended .*`git checkout README.md .* and `rm {VINTAGE} "):
        verb.publish_edition(tree, lambda tree: True)
    assert contents(tree) == before


def test_without_a_browser_nothing_is_published(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "find_chromium", lambda: None)
    with pytest.raises(BuildError, match="no Chromium was found to take the picture"):
        verb.publish_edition(tree, lambda tree: True)


def test_what_was_unreleased_goes_under_the_edition_s_heading() -> None:
    edition = open_edition("2025Q4")
    text = verb.with_release("# C\n\n## Unreleased\n\n### Added\n\n- x\n", "1.1.0", edition, "- line\n")
    heading = "## 1.1.0 – edition 2025Q4, 2026-03-31"
    assert text == f"# C\n\n## Unreleased\n\n{heading}\n\n### The answer\n\n- line\n\n### Added\n\n- x\n"


def test_a_changelog_without_the_heading_and_a_citation_without_the_line_are_refused() -> None:
    edition = open_edition("2025Q4")
    with pytest.raises(BuildError, match="Unreleased"):
        verb.with_release("# C\n", "1.1.0", edition, "")
    with pytest.raises(BuildError, match="date-released is given 0 times"):
        verb.cited('version: "1.0.0"\n', "1.1.0", edition)
