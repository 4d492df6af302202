"""Numbers between cells and sentences: what is used is published, what is published is used."""

from __future__ import annotations

import re
import shutil

import pytest

from analysis.build import keys
from analysis.build.pages import read_toc
from analysis.build.stage import stage
from analysis.build.tree import BuildError, Tree
from tests.build.test_stage import STATUS, chart, executed, new_markdown_cell, numbers
from tests.build.tiny_book import ROOT, cell, notebook, only, write_page

OPENED = cell("page = open_report(as_of).page('aws')")
PUBLISHED = cell("page.publish(\n    sales=1,\n    margin=2,\n)")


def problems(tree: Tree, *parts: str, words: str = "# Words\n") -> list[str]:
    write_page(tree, "aws", notebook("AWS", OPENED, *parts))
    write_page(tree, "words", words)
    try:
        keys.check(only(tree, "aws", "words"))
    except BuildError as error:
        return list(error.problems)
    return []


def test_numbers_used_in_sentences_tiles_and_other_pages_are_fine(tree: Tree) -> None:
    tiles = cell('page.tiles("margin|percent0")')
    assert problems(tree, PUBLISHED, "It is {num}`aws.sales`.", tiles) == []
    assert problems(tree, PUBLISHED, tiles, words="# Words\n\nIt is {num}`aws.sales`.\n") == []


def test_a_key_that_no_cell_publishes_is_named_with_its_line_and_near_ones(tree: Tree) -> None:
    found = problems(tree, PUBLISHED, "{num}`aws.sales` {num}`aws.margin`", words="# W\n\n{num}`aws.salse`")
    assert found == ["book/words.md:3: no cell publishes 'aws.salse' (expected aws.sales)"]


def test_a_number_that_nothing_uses_is_named_where_it_is_published(tree: Tree) -> None:
    found = problems(tree, PUBLISHED, "It is {num}`aws.sales`, ``{num}`aws.margin` ``.")
    line = (tree.book / "aws.md").read_text(encoding="utf-8").split("\n").index("page.publish(") + 1
    expected = "'aws.margin' is published and never used (expected in a sentence or a tile)"
    assert found == [f"book/aws.md:{line}: {expected}"]


def test_numbers_that_a_cell_does_not_show_are_named(tree: Tree) -> None:
    both = cell("page.publish(sales=1)\npage.tiles('sales')")
    assert problems(tree, both) == [
        "book/aws.md:26: page.publish is lost (expected as the last statement of its cell)"
    ]


@pytest.mark.parametrize("way", ["report.driver", "report.low", "driver"])
def test_an_assumption_that_there_is_not_is_named_with_near_ones(tree: Tree, way: str) -> None:
    shutil.rmtree(tree.data)
    shutil.copytree(ROOT / "data", tree.data)
    near = "aws.margin_change, tax.marginal, stores.margin_change"
    asked = cell(f"growth = report.driver('aws.growth_change')\nmargin = {way}('aws.margin')")
    assert problems(tree, asked) == [f"book/aws.md:27: no assumption 'aws.margin' (expected nearest: {near})"]


def test_a_cell_that_is_no_python_is_named_by_its_line_and_no_key_is_missed_for_it(tree: Tree) -> None:
    wrong = cell("sales = 1\npage.publish(sales=)")
    (found,) = problems(tree, wrong, "It is {num}`aws.sales`.")
    assert re.fullmatch(r"book/aws\.md:27: .+ \(expected Python\)", found)


def test_what_is_ipythons_own_is_read(tree: Tree) -> None:
    assert problems(tree, cell("%precision 3\npage.publish(sales=1)"), "It is {num}`aws.sales`.") == []


def test_what_is_published_from_a_mapping_is_known_only_by_running(tree: Tree) -> None:
    assert problems(tree, cell("page.publish(**found)"), "It is {num}`aws.anything`.") == []


def test_a_whole_book_with_a_number_that_nothing_uses_is_refused(tree: Tree) -> None:
    write_page(tree, "aws", notebook("AWS", OPENED))
    run = {"aws": executed(numbers(), chart("growth")), "index": executed(new_markdown_cell("x"))}
    stage(tree, read_toc(tree), run, {"words": "# Words\n\n{num}`aws.sales`\n"}, STATUS)
    with pytest.raises(BuildError, match=r"^book/aws\.md: 'aws\.sales' is published and never used"):
        stage(tree, read_toc(tree), run, {"words": "# Words\n"}, STATUS)


def test_the_book_has_no_unknown_and_no_unused_key() -> None:
    keys.check(Tree(ROOT))
