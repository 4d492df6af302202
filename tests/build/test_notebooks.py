"""Every page can be taken along as a notebook: offered at its foot, whole, the same at every build."""

from __future__ import annotations

import re

import jupytext
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from analysis.build.book import Options, build
from analysis.build.pages import read_toc
from analysis.build.tree import Tree
from tests.build.tiny_book import ROOT, cell, notebook, numbers, write_page

OFFER = re.compile(r'<a href="(?P<path>[^"]+)" download>(?P<words>[^<]+)</a>')


def offered(tree: Tree, name: str) -> tuple[str, str]:
    """Path and words of the one download in the foot of a page."""
    foot = (tree.site / f"{name}.html").read_text(encoding="utf-8").partition("<footer")[2]
    (found,) = OFFER.finditer(foot)
    return found["path"], found["words"]


def test_each_page_offers_itself_as_what_it_is(built: Tree) -> None:
    for page in read_toc(built):
        path, words = offered(built, page.name)
        assert (built.site / path).is_file()
        assert path.endswith(f"/{page.name}.ipynb" if page.is_notebook else f"/{page.name}.md")
        assert words == ("This page as a notebook" if page.is_notebook else "The text of this page")


def test_saving_a_page_in_jupyterlab_changes_nothing() -> None:
    """It writes the kernel's name, its title and its language, in this order, as the kernel states them."""
    kernel = KernelSpecManager().get_kernel_spec("python3")
    stated = {"name": "python3", "display_name": kernel.display_name, "language": kernel.language}
    notebooks = [page for page in read_toc(Tree(ROOT)) if page.is_notebook]
    assert len(notebooks) > 10
    for page in notebooks:
        text = page.path.read_text(encoding="utf-8")
        opened = jupytext.reads(text, fmt="md:myst")
        opened.metadata["kernelspec"] = stated
        assert jupytext.writes(opened, fmt="md:myst") == text, page.name


@pytest.mark.book
def test_the_notebook_is_whole_and_has_run(built: Tree) -> None:
    sales = numbers("aws", sales="$128.7bn", word="rise")
    sold = cell('from IPython.display import HTML\nHTML("<p>seen by readers</p>")')
    write_page(
        built,
        "aws",
        notebook("AWS", sales, "Sales {num}`aws.word` to {num}`aws.sales`, see [](index.md).", sold),
    )
    build(built, Options(quiet=True))
    taken = nbformat.read(built.site / offered(built, "aws")[0], as_version=4)
    nbformat.validate(taken)
    assert taken.metadata.kernelspec.language == "python"
    assert (
        ".venv/bin/papermill aws.ipynb aws-run.ipynb -p as_of 2024Q4 -p scenario base"
        in taken.cells[0].source
    )
    assert taken.cells[1].source == "# AWS"
    code = [each for each in taken.cells if each.cell_type == "code"]
    assert any('as_of = "2024Q4"' in each.source for each in code)
    (shown,) = (each for each in code if "seen by readers" in each.source)
    assert shown.outputs[0].data["text/html"] == "<p>seen by readers</p>"
    prose = "\n".join(each.source for each in taken.cells if each.cell_type == "markdown")
    assert r"Sales rise to \$128.7bn, see The answer." in prose


@pytest.mark.book
def test_a_build_from_nothing_gives_the_same_bytes(built: Tree) -> None:
    path = built.site / offered(built, "aws")[0]
    before = path.read_bytes()
    for folder in (built.stage, built.render, built.cache):
        for file in sorted(folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
    built.manifest.unlink()
    build(built, Options(quiet=True))
    assert path.read_bytes() == before
