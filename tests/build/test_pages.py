from __future__ import annotations

import re

import pytest

from analysis.build.pages import LINE, Page, read_notebook, read_settings, read_toc
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import cell, notebook, write_page


def test_pages_come_in_reading_order_with_their_files(tree: Tree) -> None:
    pages = read_toc(tree)
    assert [page.name for page in pages] == ["index", "aws", "words"]
    assert [page.is_notebook for page in pages] == [True, True, False]
    assert pages[1].path == tree.book / "aws.md"


def test_sections_below_chapters_are_pages_too(tree: Tree) -> None:
    tree.toc.write_text(
        "format: jb-book\nroot: book/index\nchapters:\n- file: book/aws\n  sections:\n  - file: book/words\n",
        encoding="utf-8",
    )
    assert [page.name for page in read_toc(tree)] == ["index", "aws", "words"]


@pytest.mark.parametrize(
    "text", ["", "just words\n", "title: [\n", "sphinx: words\n", "sphinx: {config: {html_context: [x]}}\n"]
)
def test_settings_that_are_none_are_refused(tree: Tree, text: str) -> None:
    tree.config.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"^_config.yml: .*(cannot be read|expected keys)"):
        read_settings(tree, tree.config)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("format: jb-book\n", "no root page"),
        ("root: book/a\nchapters:\n- file: book/a\n", "book/a: listed twice"),
        (
            "root: book/a\nchapters:\n- file: book/A\n",
            "book/A: listed twice (expected names that differ in more",
        ),
        ("root: book/a\nchapters:\n- file: book/Search\n", "book/Search: is a page that Sphinx adds"),
        ("root: a\n", "a: not in the folder of the book"),
        ("root: book/../book/a\n", "book/../book/a: not in the folder of the book"),
        ("root: book/a.md\n", "book/a.md: not in the folder of the book (expected book/NAME)"),
        ("root: [\n", "cannot be read"),
        ("root: " + "[" * 20_000, "cannot be read"),
        ("just words\n", "expected keys with values"),
        ("root: book/a\nparts:\n", "parts: None (expected a list of entries"),
        ("root: book/a\nparts: [words]\n", "parts: ['words'] (expected a list of entries"),
        ("root: book/a\nparts: [{caption: Words}]\n", "(expected chapters in it)"),
        ("root: book/a\nchapters: [{file: book/b, sections: words}]\n", "sections: 'words' (expected a list"),
    ],
)
def test_a_broken_table_of_contents_is_refused(tree: Tree, text: str, wrong: str) -> None:
    tree.toc.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=re.escape(wrong)):
        read_toc(tree)


def test_a_notebook_reads_the_same_every_time(tree: Tree) -> None:
    page = read_toc(tree)[0]
    assert read_notebook(page) == read_notebook(page)
    assert [c["id"] for c in read_notebook(page).cells] == ["index-1", "index-2", "index-3"]


def test_cells_know_their_line_in_the_text(tree: Tree) -> None:
    text = notebook("Title", "Some prose.\n", cell("first = 1\nsecond = 2"), "+++\n\nA block after a break.")
    write_page(tree, "index", text)
    lines = text.splitlines()
    for found in read_notebook(read_toc(tree)[0]).cells:
        assert lines[found.metadata[LINE] - 1] == found.source.splitlines()[0]


def test_a_notebook_with_a_broken_header_names_the_file(tree: Tree) -> None:
    write_page(tree, "index", "---\nkernelspec: {name: [}\n---\n# x\n")
    page = Page("index", tree.book / "index.md")
    with pytest.raises(BuildError, match="book/index.md"):
        read_notebook(page)
    with pytest.raises(BuildError, match="book/index.md: its header cannot be read"):
        assert page.is_notebook
