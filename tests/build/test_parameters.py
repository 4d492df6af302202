from __future__ import annotations

import re

import pytest

from analysis.build import parameters
from analysis.build.pages import Page, read_notebook
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from tests.build.tiny_book import BASE, HEADER, cell, notebook, write_page


@pytest.mark.parametrize("as_of", [None, "latest"])
def test_the_latest_quarter_and_the_base_scenario_are_the_default(tree: Tree, as_of: str | None) -> None:
    assert parameters.choose(tree, as_of) == Parameters("2024Q4", "base")


def test_an_edition_seen_from_another_day_can_be_chosen(tree: Tree) -> None:
    assert parameters.choose(tree, "2024Q4-2025-04-02", "bull") == Parameters("2024Q4-2025-04-02", "bull")


def test_wrong_values_are_refused_together_with_the_allowed_ones(tree: Tree) -> None:
    with pytest.raises(BuildError) as caught:
        parameters.choose(tree, "2031Q9", "bul")
    assert caught.value.problems == (
        "AS_OF: '2031Q9' is not an edition in data/editions (expected nearest: 2024Q4, 2024Q3)",
        "SCENARIO: 'bul' is not a scenario in data/scenarios (expected nearest: bull)",
    )


def test_a_name_without_letters_is_no_default(tree: Tree) -> None:
    for asked in (("", None), (None, "")):
        with pytest.raises(BuildError, match="'' is not "):
            parameters.choose(tree, *asked)


def test_data_without_editions_says_so(tree: Tree) -> None:
    for path in (tree.data / "editions").iterdir():
        path.unlink()
    with pytest.raises(BuildError, match="AS_OF: '' is not an edition .*the folder is empty"):
        parameters.choose(tree)


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('as_of = "2024Q4"', "parameter 'scenario' is not declared"),
        ('as_of = "x"\nscenario = "base"\nhorizon = "2030"', "unknown parameter 'horizon'"),
        ('as_off = "x"\nscenario = "base"', "unknown parameter 'as_off' (expected as_of, scenario)"),
        ('as_of = str(1)\nscenario = "base"', "'as_of = str(1)' in the parameters cell"),
        ("as_of = 1\nscenario = 'base'", "'as_of = 1' in the parameters cell"),
        ("as_of =", "the parameters cell is no Python"),
    ],
)
def test_a_notebook_with_other_parameters_is_refused(tree: Tree, source: str, wrong: str) -> None:
    write_page(tree, "index", HEADER + "# x\n\n" + cell(f":tags: [parameters]\n\n{source}"))
    notebook = read_notebook(Page("index", tree.book / "index.md"))
    with pytest.raises(BuildError, match=re.escape(wrong)):
        parameters.check_declared(notebook, Parameters("2024Q4", "base"), "book/index.md")


def test_a_notebook_that_computes_is_of_the_latest_edition_by_itself(tree: Tree) -> None:
    page = Page("index", tree.book / "index.md")
    write_page(tree, "index", notebook("x"))
    with pytest.raises(
        BuildError, match=r'book/index\.md: as_of = "2024Q4" by default \(expected "latest"\)'
    ):
        parameters.check_declared(read_notebook(page), BASE, "book/index.md", computes=True)
    write_page(tree, "index", notebook("x").replace('as_of = "2024Q4"', 'as_of = "latest"'))
    parameters.check_declared(read_notebook(page), BASE, "book/index.md", computes=True)


def test_a_notebook_without_parameters_cell_is_refused(tree: Tree) -> None:
    write_page(tree, "index", HEADER + "# x\n\n" + cell("1 + 1"))
    notebook = read_notebook(Page("index", tree.book / "index.md"))
    with pytest.raises(BuildError, match="book/index.md: 0 cells tagged 'parameters'"):
        parameters.declared(notebook, "book/index.md")
