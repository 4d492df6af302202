from __future__ import annotations

import os
import shutil

import pytest

from analysis.build import manifest
from analysis.build.tree import Tree

OPTIONS = {"as_of": "2024Q4", "scenario": "base"}


@pytest.fixture
def built(tree: Tree) -> Tree:
    shutil.rmtree(tree.root / "analysis")
    (tree.root / "analysis").mkdir()
    (tree.root / "analysis" / "figures.py").write_text("x = 1\n", encoding="utf-8")
    (tree.site / "_static").mkdir(parents=True)
    (tree.site / "index.html").write_text("site", encoding="utf-8")
    for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
        (tree.root / name).write_text("# Title\n", encoding="utf-8")
    manifest.write(tree, OPTIONS, manifest.inputs(tree))
    return tree


def is_current(tree: Tree, options: dict[str, str] = OPTIONS) -> bool:
    known = manifest.read(tree)
    return manifest.is_current(known, options, manifest.inputs(tree), tree)


def test_nothing_changed_means_nothing_to_do(built: Tree) -> None:
    assert is_current(built)


@pytest.mark.parametrize(
    "name",
    ["book/index.md", "book/references.bib", "data/editions/2024Q4.yml", "analysis/figures.py",
     "_toc.yml", "_config.yml", "requirements.txt", "CHANGELOG.md", "CONTRIBUTING.md",
     "_build/html/index.html"],
)  # fmt: skip
def test_a_changed_file_means_a_build(built: Tree, name: str) -> None:
    path = built.root / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not is_current(built)


@pytest.mark.parametrize(
    "name",
    ["book/new.md", "data/new.csv", "analysis/new.py", "_build/html/_static/new.css",
     "_build/html/index.html~", "_build/html/__pycache__/x.pyc"],
)  # fmt: skip
def test_a_new_file_means_a_build(built: Tree, name: str) -> None:
    (built.root / name).parent.mkdir(exist_ok=True)
    (built.root / name).write_text("new", encoding="utf-8")
    assert not is_current(built)


@pytest.mark.parametrize("damage", [b"", b"\xff", b"00  html\n"])
def test_a_hash_of_the_site_that_is_none_means_a_build(built: Tree, damage: bytes) -> None:
    built.site_hash.write_bytes(damage)
    assert not is_current(built)


@pytest.mark.parametrize(
    "name",
    ["book/words.md", "analysis/figures.py", "_build/html/index.html"],
)
def test_a_removed_file_means_a_build(built: Tree, name: str) -> None:
    (built.root / name).unlink()
    assert not is_current(built)


def test_a_touched_file_with_the_same_bytes_means_nothing(built: Tree) -> None:
    os.utime(built.book / "index.md", ns=(1, 1))
    assert is_current(built)


@pytest.mark.parametrize("name", ["book/words.md", "_build/html/index.html"])
def test_a_change_that_keeps_size_and_time_is_seen(built: Tree, name: str) -> None:
    path = built.root / name
    was, text = path.stat(), path.read_text(encoding="utf-8")
    path.write_text(text.swapcase(), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    assert not is_current(built)


@pytest.mark.parametrize("options", [{**OPTIONS, "as_of": "2024Q3"}, {**OPTIONS, "scenario": "bull"}])
def test_another_edition_means_a_build(built: Tree, options: dict[str, str]) -> None:
    assert not is_current(built, options)


@pytest.mark.parametrize(
    "name", ["analysis/__pycache__/x.pyc", "book/index.md~", "book/.ipynb_checkpoints/a.md", "notes.txt"]
)
def test_files_that_no_build_reads_do_not_count(built: Tree, name: str) -> None:
    (built.root / name).parent.mkdir(exist_ok=True)
    (built.root / name).write_text("x", encoding="utf-8")
    assert is_current(built)


@pytest.mark.parametrize("damage", ["cut", "null", "{}", "[]", "", "\x80", "folder", "gone"])
def test_a_manifest_that_is_none_means_a_build_and_is_written_anew(built: Tree, damage: str) -> None:
    text = built.manifest.read_bytes()
    built.manifest.unlink()
    if damage == "folder":
        built.manifest.mkdir()
    elif damage != "gone":
        content = text[: len(text) // 2] if damage == "cut" else damage.encode("latin-1")
        built.manifest.write_bytes(content)
    assert not is_current(built)
    manifest.write(built, OPTIONS, manifest.inputs(built))
    assert is_current(built)


def test_a_file_changed_while_the_build_ran_is_built_next_time(built: Tree) -> None:
    before = manifest.inputs(built)
    (built.book / "words.md").write_text("changed meanwhile", encoding="utf-8")
    manifest.write(built, OPTIONS, before)
    assert not is_current(built)


def test_the_id_of_a_build_follows_from_inputs_and_options_alone(built: Tree) -> None:
    first = manifest.build_id(OPTIONS, manifest.inputs(built))
    os.utime(built.book / "index.md", ns=(1, 1))
    assert manifest.build_id(OPTIONS, manifest.inputs(built)) == first
    assert manifest.build_id({**OPTIONS, "scenario": "bull"}, manifest.inputs(built)) != first
    (built.book / "words.md").write_text("other", encoding="utf-8")
    assert manifest.build_id(OPTIONS, manifest.inputs(built)) != first
