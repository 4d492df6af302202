from __future__ import annotations

import itertools
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from analysis.build import execute, stage
from analysis.build.pages import read_toc
from analysis.build.render import render
from analysis.build.tree import BuildError, Tree, digests
from tests.build.tiny_book import BASE, notebook, write_book, write_page

pytestmark = pytest.mark.book
STATUS = {"edition": "2024Q4", "cutoff": "7 February 2025", "scenario": "base", "build": "{build-id}"}


@pytest.fixture
def tree(built: Tree) -> Tree:
    """The tiny book, whose notebooks have run."""
    return built


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tiny book that is rendered; who changes anything brings it back."""
    tree = write_book(tmp_path_factory.mktemp("rendered"))
    run(tree)
    return tree


def run(tree: Tree) -> Path:
    pages = read_toc(tree)
    executed: dict[str, Any] = execute.execute(tree, BASE, [p for p in pages if p.is_notebook], quiet=True)
    texts = {p.name: p.path.read_text(encoding="utf-8") for p in pages if not p.is_notebook}
    stage.stage(tree, pages, executed, texts, STATUS)
    return render(tree, pages, date(2025, 2, 7))


def test_pages_are_rendered_with_numbers_and_without_code(rendered: Tree) -> None:
    html = (rendered.render / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    assert '<a class="num word" href="#n-aws-sales" data-key="aws.sales">$128.7bn</a>' in html
    assert '<tr id="n-aws-sales">' in html
    assert 'href="aws.html"' in html
    assert "as_of" not in html
    assert "display(" not in html


def heads(tree: Tree) -> dict[str, str]:
    """What the first page and another say of where they are, and where one can run them."""
    site = run(tree)
    found = {}
    for name in ("index", "words"):
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for key, value in (("property", "og:image"), ("property", "og:url"), ("rel", "canonical")):
            for element in page.find_all(attrs={key: value}):
                found[f"{name} {value}"] = str(element.get("content") or element.get("href"))
        for link in page.find_all("a", string="Run it on Binder"):
            found[f"{name} binder"] = str(link["href"])
    return found


def test_what_needs_an_address_is_on_the_pages_once_there_is_one(tree: Tree) -> None:
    assert heads(tree) == dict.fromkeys(("index og:image", "words og:image"), "_static/site/card.png")
    settings = tree.config.read_text(encoding="utf-8")
    settings = settings.replace('  baseurl: ""', "  baseurl: https://example.org/report")
    tree.config.write_text(settings.replace('repository: ""', "repository: some/report"), encoding="utf-8")
    at = "https://example.org/report"
    assert heads(tree) == {
        "index og:image": f"{at}/_static/site/card.png",
        "index og:url": f"{at}/index.html",
        "index canonical": f"{at}/index.html",
        "index binder": "https://mybinder.org/v2/gh/some/report/HEAD?urlpath=lab/tree/book/index.md",
        "words og:image": f"{at}/_static/site/card.png",
        "words og:url": f"{at}/words.html",
        "words canonical": f"{at}/words.html",
    }


def test_every_warning_is_an_error_with_its_place(tree: Tree) -> None:
    write_page(tree, "index", notebook("x", "First line.\n\nSee [](nowhere.md).\n\n![](nothing.png)"))
    write_page(tree, "words", "# Words\n\n{term}`missing`\n")
    with pytest.raises(BuildError) as caught:
        run(tree)
    lines = (tree.book / "index.md").read_text(encoding="utf-8").splitlines()
    line = lines.index("See [](nowhere.md).") + 1
    image, index, words = sorted(caught.value.problems)
    assert image == "book/index.md: WARNING: image file not readable: nothing.png"
    assert index.startswith(
        f"book/index.md:{line}: WARNING: 'myst' cross-reference target not found: 'nowhere.md'"
    )
    assert words.startswith("book/words.md:3: WARNING: term not in glossary: 'missing'")


def test_what_sphinx_keeps_of_a_crash_is_not_left_among_the_files_of_others(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.root)  # where the extensions are the book's own
    (tmp_path / "theirs").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "theirs"))
    extension = tree.root / "analysis" / "sphinx_ext" / "mathml.py"
    extension.write_text("def setup(app):\n    app.registry = None\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BuildError):
            run(tree)
    assert list((tmp_path / "theirs").iterdir()) == []
    assert len(list(tree.render.rglob("sphinx-err-*"))) == 1


def test_a_failed_rendering_is_not_taken_for_done(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\n{term}`missing`\n")
    for _ in range(2):
        with pytest.raises(BuildError, match="missing"):
            run(tree)


def test_a_mistake_that_is_undone_is_undone(tree: Tree) -> None:
    before = digests(run(tree))
    words = (tree.book / "words.md").read_text(encoding="utf-8")
    write_page(tree, "words", f"{words}\n# A second title\n\n{{term}}`missing`\n")
    with pytest.raises(BuildError):
        run(tree)
    write_page(tree, "words", words)
    assert digests(run(tree)) == before


_DAMAGES = [
    ("_build/html/stray.html", "new"),
    *itertools.product(
        ["_build/html/aws.html", "_build/.doctrees/aws.doctree", "_build/.doctrees/environment.pickle",
         "state.json"],
        ["cut", "gone", "folder"],
    ),
]  # fmt: skip
_SOME = [_DAMAGES[at] for at in (0, 5, 9)]  # each kind of damage once


@pytest.mark.parametrize(
    ("name", "damage"),
    [pytest.param(*each, marks=() if each in _SOME else pytest.mark.long) for each in _DAMAGES],
)
def test_what_was_rendered_and_is_no_longer_so_is_rendered_again(
    rendered: Tree, name: str, damage: str
) -> None:
    before = digests(rendered.render / "_build" / "html")
    path = rendered.render / name
    if damage == "new":
        path.write_text("stray", encoding="utf-8")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    else:
        path.unlink()
    if damage == "folder":
        path.mkdir()
    assert digests(run(rendered)) == before


def test_a_section_renamed_is_renamed_where_it_is_named(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\n(place)=\n## A place\n\nText.\n")
    write_page(tree, "index", notebook("The answer", "See {ref}`place` and [](aws.md) and [](words.md)."))
    assert "A place" in (run(tree) / "index.html").read_text(encoding="utf-8")
    write_page(tree, "words", "# Words\n\n(place)=\n## Another place\n\nText.\n")
    assert "Another place" in (run(tree) / "index.html").read_text(encoding="utf-8")


def test_a_clock_that_ran_ahead_hides_no_change(tree: Tree) -> None:
    run(tree)
    for path in (tree.render / "_build" / ".doctrees").iterdir():
        os.utime(path, (4e9, 4e9))
    write_page(tree, "words", "# Words\n\nAnother sentence.\n")
    assert "Another sentence" in (run(tree) / "words.html").read_text(encoding="utf-8")


def test_other_packages_render_every_page_again(tree: Tree) -> None:
    site = run(tree)
    was = (site / "words.html").stat().st_mtime_ns
    tree.lock_file.write_text("numpy==2.1\n", encoding="utf-8")
    assert (run(tree) / "words.html").stat().st_mtime_ns != was


def test_a_new_title_is_seen_on_every_page(tree: Tree) -> None:
    assert "Vocabulary" not in (run(tree) / "aws.html").read_text(encoding="utf-8")
    write_page(tree, "words", "# Vocabulary\n\nBack to [](index.md).\n")
    assert "Vocabulary" in (run(tree) / "aws.html").read_text(encoding="utf-8")


def test_a_changed_page_alone_is_rendered_again(tree: Tree) -> None:
    site = run(tree)
    stamps = {name: (site / f"{name}.html").stat().st_mtime_ns for name in ("index", "aws", "words")}
    write_page(tree, "words", "# Words\n\nAnother sentence.\n")
    run(tree)
    changed = [name for name, stamp in stamps.items() if (site / f"{name}.html").stat().st_mtime_ns != stamp]
    assert changed == ["index", "words"], "Sphinx writes the page with the contents again, and no other"


def test_today_is_the_day_the_edition_ends(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\nMade on {sub-ref}`today`.\n")
    assert "Made on Feb 07, 2025." in (run(tree) / "words.html").read_text(encoding="utf-8")
