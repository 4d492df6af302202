"""Pages that readers take along: notebooks whose sentences have their numbers and whose cells can be run.

They are written for Jupyter, which knows no roles and none of this site's pages: what is a link there
is text here, and every dollar is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.build import payloads, prose
from analysis.build.pages import Page
from analysis.build.parameters import Parameters

FOLDER = "_sources"  # where the foot of a page looks for what it was made from
_HOW = """\
*This is the page “{title}”, edition {edition}, scenario {scenario}, as a notebook: with its numbers, and with
the code that computes them. To run it, put it into the top folder of a checkout of the report, run
`make book` there once, and then*

```sh
.venv/bin/papermill {name}.ipynb {name}-run.ipynb -p as_of {edition} -p scenario {scenario}
```

*with `as_of` any edition in `data/editions` and `scenario` any in `data/scenarios`. To read and change it,
`make lab` opens JupyterLab.*"""
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_MATH_BLOCK = re.compile(r"^```\{math\}\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_ROLE = re.compile(r"\{(?P<role>[\w:]+)\}`(?P<text>[^`<]*?)\s*(?:<[^`>]*>)?`")
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?!https?:)(?P<page>[\w-]*)[^)]*\)")


def write(
    site: Path, pages: Sequence[Page], executed: Mapping[str, Any], chosen: Parameters, cutoff: str
) -> None:
    """Put the notebook of each page in ``executed`` where the page offers it."""
    records = payloads.collect(executed).numbers
    titles = {page.name: _title(page) for page in pages}
    for name in executed:
        notebook = taken(executed[name], name, records, titles, chosen, cutoff)
        path = site / FOLDER / f"{name}.ipynb"
        path.write_text(json.dumps(notebook, ensure_ascii=False) + "\n", encoding="utf-8")


def taken(
    executed: Any,
    name: str,
    records: prose.Records,
    titles: Mapping[str, str],
    chosen: Parameters,
    cutoff: str,
) -> Any:
    """An executed notebook with its numbers in its sentences, and how to run it before all else."""
    how = _HOW.format(title=titles[name], name=name, edition=chosen.as_of, scenario=chosen.scenario)
    cells: list[Any] = [new_markdown_cell(how, id=f"{name}-run")]
    for number, cell in enumerate(executed.cells):
        clean = {"cell_type": cell.cell_type, "id": f"{name}-{number + 1}", "metadata": {}}
        if cell.cell_type == "markdown":
            filled, _, _ = prose.fill(cell.source, records, name, cutoff, plain=True)
            clean["source"] = _spoken(filled, titles)
        else:
            tags = cell.metadata.get("tags", [])
            clean |= {"metadata": {"tags": tags} if tags else {}, "source": cell.source}
            clean |= {"execution_count": None, "outputs": [_output(each) for each in cell.get("outputs", [])]}
        cells.append(NotebookNode(clean))
    metadata = {"kernelspec": dict(executed.metadata["kernelspec"]), "language_info": {"name": "python"}}
    return NotebookNode({**new_notebook(metadata=metadata), "cells": cells})


def _title(page: Page) -> str:
    match = _TITLE.search(page.text)
    return match[1] if match else page.name


def _output(output: Any) -> Any:
    data = {kind: content for kind, content in output.data.items() if kind != payloads.MIME}
    return NotebookNode({"output_type": "display_data", "metadata": {}, "data": data})


def _spoken(text: str, titles: Mapping[str, str]) -> str:
    r"""Text without what only this site knows: formulas for Jupyter, links into the site as their words.

    >>> _spoken("See [](aws.md): {term}`WACC <w>` {math}`k` {cite:p}`koller2020` of $4T.", {"aws": "AWS"})
    'See AWS: WACC $k$ Koller 2020 of \\$4T.'
    """
    text = text.replace("$", "\\$")
    text = _MATH_BLOCK.sub(lambda match: f"$$\n{match[1]}\n$$", text)
    text = _LINK.sub(lambda match: match["text"] or titles.get(match["page"], match["page"]), text)
    return _ROLE.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    if match["role"] == "math":
        return f"${match['text']}$"
    if match["role"].startswith("cite"):
        return re.sub(r"([a-z]+)(\d{4})", lambda key: f"{key[1].capitalize()} {key[2]}", match["text"])
    return match["text"]
