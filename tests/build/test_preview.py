from __future__ import annotations

import pytest

from analysis.build.preview import preview
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import notebook, numbers, write_page

pytestmark = [pytest.mark.book, pytest.mark.usefixtures("made_up_data_is_fine")]


def test_a_page_is_built_without_the_others(tree: Tree, capfd: pytest.CaptureFixture[str]) -> None:
    sales = numbers("aws", sales="$128.7bn")
    write_page(tree, "aws", notebook("AWS", sales, "Sales {num}`aws.sales`, {term}`TTM`, see [](index.md)."))
    write_page(tree, "glossary", "# Glossary\n\n```{glossary}\nTTM\n  Twelve months.\n```\n")
    write_page(tree, "index", "broken {num}`")
    html = preview(tree, "aws").read_text(encoding="utf-8")
    assert ">$128.7bn</a>" in html
    assert "cross-reference target not found: 'index.md'" in capfd.readouterr().err
    assert not tree.site.exists()


def test_a_page_of_a_book_without_a_glossary_is_built_too(tree: Tree) -> None:
    assert "Back to" in preview(tree, "words").read_text(encoding="utf-8")


def test_a_page_that_does_not_exist_is_told_with_those_that_do(tree: Tree) -> None:
    with pytest.raises(BuildError, match=r"book/awss.md: does not exist \(expected nearest: aws\)"):
        preview(tree, "awss")


def test_an_unknown_number_is_told(tree: Tree) -> None:
    write_page(tree, "words", "# Words\n\n{num}`aws.sales`\n")
    with pytest.raises(BuildError, match="book/words.md:3: no number 'aws.sales'"):
        preview(tree, "words")
