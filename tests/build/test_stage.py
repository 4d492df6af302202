from __future__ import annotations

import json
import re
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.build.kept import Kept
from analysis.build.pages import Page, read_toc
from analysis.build.payloads import MIME
from analysis.build.stage import stage, staged_notebook
from analysis.build.tree import BuildError, Tree
from analysis.charts.html import NUMBERED

STATUS = {"edition": "2024Q4", "cutoff": "7 February 2025", "scenario": "base", "build": "{build-id}"}
RECORD = {
    "value": 128.7, "unit": "usd_bn", "text": "$128.7bn", "label": "AWS sales", "formula": "a < b",
    "published": "2025-02-06", "kernel": None, "inputs": [], "sources": [],
}  # fmt: skip


def numbers(page: str = "aws", *keys: str) -> Any:
    payload = {
        "kind": "numbers",
        "page": page,
        "numbers": {f"{page}.{key}": RECORD for key in keys or ("sales",)},
    }
    return new_code_cell("page", outputs=[new_output("display_data", {MIME: payload, "text/html": ""})])


def chart(name: str, csv: str = "x\n1\n") -> Any:
    html = f"<figure class='chart'>{name}</figure>"
    payload = {"kind": "chart", "page": "aws", "name": name, "csv": csv, "html": html}
    data = {MIME: payload, "application/vnd.vegalite.v5+json": {}, "text/plain": "<Chart at 0x7f>"}
    return new_code_cell(
        f"page.chart({name!r})", outputs=[new_output("execute_result", data, execution_count=7)]
    )


def executed(*cells: Any) -> Any:
    """A notebook as papermill leaves it: times, counts and ids of its own."""
    notebook = new_notebook(cells=[from_dict(cell) for cell in cells])
    notebook.metadata |= {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "papermill": {"start_time": "2026-11-21T09:00"},
    }
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata |= {"line": 10 * number + 1, "papermill": {"duration": 0.1}}
    return notebook


def run(tree: Tree, aws: Any, index: Any = None, words: str = "# Words\n") -> list[str]:
    notebooks = {"aws": aws, "index": index or executed(new_markdown_cell("# x"))}
    changed = stage(tree, read_toc(tree), notebooks, {"words": words}, STATUS)
    return sorted(path.relative_to(tree.stage).as_posix() for path in changed)


def staged(tree: Tree, page: str = "aws") -> Any:
    return nbformat.read(tree.stage / f"{page}.ipynb", as_version=4)


def test_only_what_is_the_same_in_every_run_is_kept(tree: Tree) -> None:
    run(tree, executed(new_markdown_cell("# AWS"), numbers(), chart("growth")))
    notebook = staged(tree)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info
    assert [cell.id for cell in notebook.cells] == ["aws-1", "aws-2", "aws-3", "aws-numbers"]
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}
        assert cell.get("execution_count") is None
        for output in cell.get("outputs", []):
            assert output == {"output_type": "display_data", "metadata": {}, "data": output.data}
    assert "0x7f" not in json.dumps(notebook)


def test_figures_and_tables_are_numbered_through_each_chapter(tree: Tree) -> None:
    kinds = ("figure", "table", "figure")
    parts = [chart(f"part_{at}") for at in range(len(kinds))]
    for part, kind in zip(parts, kinds, strict=True):
        part.outputs[0].data[MIME]["html"] = f"<p>{NUMBERED.format(kind)}</p>"
    run(tree, executed(new_markdown_cell("# AWS"), *parts))
    shown = [cell.outputs[0].data["text/html"] for cell in staged(tree).cells if cell.get("outputs")]
    assert shown == ["<p>Figure 1.1</p>", "<p>Table 1.1</p>", "<p>Figure 1.2</p>"]


def test_code_is_hidden_on_the_page_and_whole_in_the_download(tree: Tree) -> None:
    parameters = new_code_cell('as_of = "2024Q4"', metadata={"tags": ["parameters"]})
    injected = new_code_cell('as_of = "2024Q3"', metadata={"tags": ["injected-parameters"]})
    shown = new_code_cell("1 + 1", metadata={"tags": ["show-input"]})
    run(tree, executed(parameters, injected, numbers(), chart("growth"), shown))
    tags = [cell.metadata.get("tags") for cell in staged(tree).cells[:5]]
    assert tags == [
        ["parameters", "remove-cell"],
        ["remove-cell"],
        ["remove-cell"],
        ["remove-input"],
        ["show-input"],
    ]
    sources = [cell.source for cell in staged(tree).cells[:5]]
    assert sources == ['as_of = "2024Q4"', 'as_of = "2024Q3"', "page", "page.chart('growth')", "1 + 1"]


def test_the_page_ends_with_all_its_numbers_once(tree: Tree) -> None:
    run(
        tree,
        executed(new_markdown_cell("# AWS\n\nSales {num}`aws.sales`."), numbers("aws", "sales", "margin")),
    )
    prose, *_, ending = staged(tree).cells
    assert 'href="#n-aws-sales"' in prose.source
    assert re.findall(r'<tr id="([^"]*)"', ending.source) == ["n-aws-sales", "n-aws-margin"]
    assert "<script" not in ending.source, "popovers read the rows; a second copy doubles the page"
    assert "a < b" not in ending.source
    assert "\n\n" not in ending.source, "a blank line would end the block of HTML"


def test_numbers_of_another_page_are_listed_where_they_are_drawn(tree: Tree) -> None:
    index = executed(new_markdown_cell("# x\n\n{num}`aws.sales`"))
    run(tree, executed(numbers()), index, "# Words\n\nAlso {num}`aws.sales`.\n")
    assert 'id="n-aws-sales"' in staged(tree, "index").cells[-1].source
    assert 'id="n-aws-sales"' in (tree.stage / "words.md").read_text(encoding="utf-8")


def test_the_numbers_in_a_table_are_listed_with_those_of_the_page(tree: Tree) -> None:
    payload = {"kind": "table", "page": "aws", "name": "years", "csv": "x\n1\n",
               "numbers": {"aws.years.2025q4.0": RECORD}}  # fmt: skip
    table = new_code_cell(
        "page", outputs=[new_output("display_data", {MIME: payload, "text/html": "<table>"})]
    )
    run(tree, executed(numbers(), table))
    found = re.findall(r'<tr id="([^"]*)"', staged(tree).cells[-1].source)
    assert found == ["n-aws-sales", "n-aws-years-2025q4-0"]


def test_a_page_without_numbers_ends_as_it_was_written(tree: Tree) -> None:
    run(tree, executed(new_markdown_cell("# AWS")))
    assert [cell.source for cell in staged(tree).cells] == ["# AWS"]
    assert (tree.stage / "words.md").read_text(encoding="utf-8") == "# Words\n"


def test_data_of_charts_become_files(tree: Tree) -> None:
    run(tree, executed(chart("growth"), chart("margin", "y\n2\n")))
    files = {
        path.name: path.read_text(encoding="utf-8-sig")
        for path in (tree.stage / "_static/data/aws").iterdir()
    }
    assert files == {"growth.csv": "x\n1\n", "margin.csv": "y\n2\n"}


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (
            [new_markdown_cell("# x\n\n{num}`aws.salse`"), numbers()],
            "book/aws.md:3: no number 'aws.salse' (expected aws.sales)",
        ),
        ([numbers(), numbers()], "book/aws.md: number 'aws.sales' is given a second time"),
        ([chart("growth"), chart("growth")], "book/aws.md: chart 'growth' is shown twice"),
        (
            [
                new_code_cell(
                    "x", outputs=[new_output("stream", name="stderr", text="FutureWarning: no\nmore")]
                )
            ],
            "book/aws.md:1: the cell prints to stderr: FutureWarning: no (expected nothing printed)",
        ),
        (
            [new_code_cell("x", outputs=[new_output("execute_result", {"text/plain": "<Group at 0x7f3a>"})])],
            "book/aws.md:1: the cell shows an object by its place in memory: <Group at 0x7f3a>"
            " (expected a chart or table of the report, or words)",
        ),
    ],
)
def test_pages_that_no_reader_should_see_are_refused(tree: Tree, cells: list[Any], wrong: str) -> None:
    with pytest.raises(BuildError) as caught:
        run(tree, executed(*cells))
    assert caught.value.problems == (wrong,)
    assert not tree.stage.exists()


def test_problems_of_all_pages_are_told_together(tree: Tree) -> None:
    bad = executed(new_markdown_cell("{num}`no.such`"))
    with pytest.raises(BuildError) as caught:
        run(tree, bad, bad, "# Words\n\n{num}`no.more`")
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "book/index.md",
        "book/aws.md",
        "book/words.md",
    ]


def test_only_files_whose_bytes_change_are_written(tree: Tree) -> None:
    first = run(tree, executed(numbers(), chart("growth")))
    assert "aws.ipynb" in first
    stamps = {path: path.stat().st_mtime_ns for path in tree.stage.rglob("*") if path.is_file()}
    assert run(tree, executed(numbers(), chart("growth"))) == []
    assert stamps == {path: path.stat().st_mtime_ns for path in tree.stage.rglob("*") if path.is_file()}
    assert run(tree, executed(numbers(), chart("growth", "x\n2\n"))) == ["_static/data/aws/growth.csv"]


def test_files_of_no_page_are_removed(tree: Tree) -> None:
    run(tree, executed(chart("growth")))
    (tree.stage / "old.ipynb").write_text("{}", encoding="utf-8")
    assert run(tree, executed(new_markdown_cell("# AWS"))) == [
        "_static/data/aws/growth.csv",
        "aws.ipynb",
        "old.ipynb",
    ]
    assert not (tree.stage / "_static" / "data").exists()


def test_what_editors_leave_beside_a_file_is_not_staged(tree: Tree) -> None:
    for name in ("references.bib~", "_static/site.css.swp", "_templates/.ipynb_checkpoints/page.html"):
        (tree.book / name).parent.mkdir(exist_ok=True)
        (tree.book / name).write_text("old", encoding="utf-8")
    run(tree, executed(new_markdown_cell("# AWS")))
    assert [path for path in tree.stage.rglob("*") if path.name.endswith(("~", ".swp", "_checkpoints"))] == []


def test_settings_move_with_the_book_and_say_what_was_built(tree: Tree) -> None:
    (tree.book / "_static" / "own.css").write_text("p {}", encoding="utf-8")
    run(tree, executed(new_markdown_cell("# AWS")))
    toc = yaml.safe_load((tree.stage / "_toc.yml").read_text(encoding="utf-8"))
    assert (toc["root"], toc["parts"][0]["chapters"]) == ("index", [{"file": "aws"}, {"file": "words"}])
    config = yaml.safe_load((tree.stage / "_config.yml").read_text(encoding="utf-8"))
    assert config["bibtex_bibfiles"] == ["references.bib"]
    assert config["sphinx"]["config"]["html_context"]["report"] == STATUS
    assert (tree.stage / "_static" / "own.css").read_text(encoding="utf-8") == "p {}"


def test_two_runs_of_one_notebook_are_staged_alike(tree: Tree) -> None:
    page = Page("aws", tree.book / "aws.md")
    one, other = executed(numbers(), chart("growth")), executed(numbers(), chart("growth"))
    assert one != other
    assert staged_notebook(
        one, page, {"aws.sales": RECORD}, "x", "7 February 2025", Kept()
    ) == staged_notebook(other, page, {"aws.sales": RECORD}, "x", "7 February 2025", Kept())
