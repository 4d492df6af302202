"""Notebooks outside the build: saved from JupyterLab, taken along, run with papermill's own command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest

from analysis.build.pages import Page, read_notebook, read_toc
from analysis.build.parameters import Parameters
from analysis.build.payloads import MIME
from analysis.build.taken import taken
from analysis.build.tree import Tree
from tests.notebooks import run

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [page for page in read_toc(Tree(ROOT)) if page.is_notebook]
AWS = next(page for page in NOTEBOOKS if page.name == "aws")


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.name)
def test_a_notebook_opened_run_and_saved_is_the_same_bytes(page: Page) -> None:
    text = page.path.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="md:myst")
    for count, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell["execution_count"] = count
            cell["outputs"] = [nbformat.v4.new_output("stream", text="shown")]
    assert jupytext.writes(notebook, fmt="md:myst") == text


@pytest.mark.parametrize(
    "page", [page for page in NOTEBOOKS if page.name != "api"], ids=lambda page: page.name
)
def test_a_chapter_speaks_of_simulations_and_assumptions_and_keeps_names_of_fields_for_the_method(
    page: Page,
) -> None:
    text = "".join(cell.source for cell in jupytext.read(page.path).cells if cell.cell_type == "markdown")
    said = re.sub(r"\{(?:num|term)\}`[^`]*`", "", text)
    words = r"\b[Dd]rivers?\b|\b[Kk]ernels?\b|\b(?:the|of|many|all|[Hh]alf of) draws\b"
    field = r"`[a-z_]+\.[a-z_]+`"
    assert re.findall(words if page.name == "method" else f"{words}|{field}", said) == []


def as_taken() -> Any:
    titles = {page.name: page.name for page in NOTEBOOKS}
    return taken(read_notebook(AWS), "aws", {}, titles, Parameters("2025Q4", "base"), str(date.max))


@pytest.mark.book
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda: jupytext.read(AWS.path), id="text", marks=pytest.mark.long),
        pytest.param(as_taken, id="taken", marks=pytest.mark.pages),
    ],
)
def test_papermill_runs_a_notebook_in_a_checkout_from_top_to_bottom(source: Any, tmp_path: Path) -> None:
    nbformat.write(source(), tmp_path / "aws.ipynb")
    command = [sys.executable, "-m", "papermill", str(tmp_path / "aws.ipynb"), str(tmp_path / "run.ipynb")]
    done = subprocess.run(
        [*command, "-p", "as_of", "2024Q4", "--no-progress-bar"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "run.ipynb").read_text(encoding="utf-8"))["cells"]
    data = [output["data"] for cell in cells for output in cell.get("outputs", []) if "data" in output]
    numbers: dict[str, Any] = {}
    for each in data:
        numbers |= each.get(MIME, {}).get("numbers", {})
    assert numbers["aws.sales_ttm"]["value"] == run("aws", "2024Q4")["sales_ttm"].value
    assert not [each["text/html"] for each in data if 'href="#' in "".join(each.get("text/html", ""))]
