"""Pages as Sphinx reads them: executed, cleaned by allow-list, with numbers filled into the prose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat.v4 import new_markdown_cell

from analysis.build import keys, payloads, prose
from analysis.build.kept import Kept
from analysis.build.pages import LINE, Page, read_settings
from analysis.build.parameters import TAG
from analysis.build.tree import BuildError, Tree, files_below, write_if_changed
from analysis.charts.html import NUMBERED
from analysis.charts.numbers import numbers_section

# What a reader sees of an output, best first; everything else in it is dropped.
_SHOWN = ("text/html", "image/svg+xml", "text/markdown", "text/latex", "text/plain")
_ADDRESS = re.compile(r"<[\w. ]+ at 0x[0-9a-f]+>")  # another in each build
_METADATA = ("html_meta",)
SHOW_INPUT = "show-input"
_SECTION = re.compile(r"^## ", re.MULTILINE)


def stage(
    tree: Tree,
    pages: Sequence[Page],
    notebooks: Mapping[str, Any],
    texts: Mapping[str, str],
    status: Mapping[str, str],
    toc: Mapping[str, Any] | None = None,
    kept: Kept | None = None,
) -> list[Path]:
    """Write all of ``_build/stage`` and return the files that changed; files of no page are removed.

    ``notebooks`` are the executed ones by page name, ``texts`` the Markdown of pages that are none,
    ``status`` what templates may say of this build, as ``report`` in Sphinx's ``html_context``,
    ``toc`` a table of contents to take instead of ``_toc.yml`` for some of the pages, and ``kept`` the
    lists of numbers drawn before. Raises ``BuildError`` for numbers that nobody computed, of a whole book
    for those that nobody uses, and for outputs no reader should see.
    """
    kept = kept or Kept()
    found = payloads.collect(notebooks)
    problems = list(found.problems)
    files: dict[str, bytes] = {}
    chapters = ["", *_chapters(flattened(read_settings(tree, tree.toc)))]
    for page in pages:
        where = tree.name(page.path)
        if page.name in notebooks:
            notebook, wrong = staged_notebook(
                notebooks[page.name], page, found.numbers, where, status["cutoff"], kept
            )
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    cell["source"] = prose.relink(cell.source, notebooks)
            number_figures(notebook, chapters.index(page.name) if page.name in chapters else 0)
            files[f"{page.name}.ipynb"] = json.dumps(notebook, ensure_ascii=False).encode() + b"\n"
        else:
            text, wrong = staged_text(texts[page.name], found.numbers, where, status["cutoff"])
            files[f"{page.name}.md"] = prose.relink(text, notebooks).encode()
        problems += wrong
    if toc is None:
        problems += keys.unused(pages, notebooks, texts)
    if problems:
        raise BuildError(problems)
    # Spreadsheets take a CSV without a byte-order mark for an old code page.
    files |= {
        f"_static/data/{path}": text.encode("utf-8-sig" if path.endswith(".csv") else "utf-8")
        for path, text in found.files.items()
    }
    files |= _supplements(tree) | _settings(tree, status, toc)
    return _write(tree.stage, files)


def staged_notebook(
    executed: Any, page: Page, records: prose.Records, where: str, cutoff: str, kept: Kept
) -> tuple[Any, list[str]]:
    """A notebook with nothing in it that differs between two runs, and the problems met."""
    notebook = nbformat.v4.new_notebook(metadata=_metadata(executed))
    problems: list[str] = []
    drawn: list[str] = payloads.of_page(executed)
    folds = _Folds() if page.computes else None
    for number, cell in enumerate(executed.cells):
        line = cell.metadata.get(LINE, 0)
        clean = {"cell_type": cell.cell_type, "id": f"{page.name}-{number + 1}", "metadata": {}}
        if cell.cell_type == "markdown":
            clean["source"], used, wrong = prose.fill(cell.source, records, where, cutoff, line)
            drawn += used
            if folds is not None:
                clean["source"] = folds.at_section_ends(clean["source"])
        else:
            outputs, wrong = _outputs(cell, f"{where}:{line}")
            clean |= {"source": cell.source, "execution_count": None, "outputs": outputs}
            clean["metadata"] = {"tags": _tags(cell, outputs)}
            if folds is not None and not set(clean["metadata"]["tags"]) & {TAG, SHOW_INPUT}:
                folds.add(cell.source)
        problems += wrong
        notebook.cells.append(nbformat.from_dict(clean))
    if folds is not None:
        notebook.cells.append(new_markdown_cell(folds.take(), id=f"{page.name}-code"))
    if drawn and not problems:
        shown = {key: records[key] for key in dict.fromkeys(drawn)}
        own = set(payloads.of_page(executed))
        of_others = {key: record for key, record in shown.items() if key not in own}
        text = json.dumps([list(shown), payloads.packed_numbers(executed), of_others])
        ending = kept.of("numbers", text, lambda _: numbers_section(shown))
        notebook.cells.append(new_markdown_cell(ending, id=f"{page.name}-numbers"))
    return notebook, problems


def number_figures(notebook: Any, chapter: int) -> None:
    """Put "Figure 2.1" and "Table 2.1" where they belong; on the first page "Figure 1"."""
    prefix = f"{chapter}." if chapter else ""
    counts = {kind: _numbers(f"{kind.capitalize()} {prefix}") for kind in ("figure", "table")}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind, numbers in counts.items():
                if "text/html" in output.data:
                    output.data["text/html"] = _put_in(output.data["text/html"], kind, numbers)


def _numbers(words: str) -> Iterator[str]:
    return (f"{words}{number}" for number in count(1))


def _put_in(html: str, kind: str, numbers: Iterator[str]) -> str:
    return re.sub(re.escape(NUMBERED.format(kind)), lambda mark: next(numbers), html)


class _Folds:
    """The code of each section, folded at the section's end: the cells in the order in which they ran."""

    def __init__(self) -> None:
        self.waiting: list[str] = []

    def add(self, code: str) -> None:
        """A cell of the section that is being read."""
        self.waiting.append(code)

    def at_section_ends(self, text: str) -> str:
        """``text`` with what is waiting folded before its first heading."""
        heading = _SECTION.search(text)
        if heading is None or not self.waiting:
            return text
        return f"{text[: heading.start()].rstrip()}\n\n{self.take()}\n\n{text[heading.start() :]}"

    def take(self) -> str:
        """What is waiting as a block to unfold; nothing waits after it."""
        code, self.waiting = "\n\n".join(self.waiting), []
        if not code:
            return ""
        opening = '<details class="how"><summary>How this is computed</summary>'
        return f"{opening}\n\n```python\n{code}\n```\n\n</details>"


def staged_text(text: str, records: prose.Records, where: str, cutoff: str) -> tuple[str, list[str]]:
    """A page without code, filled likewise, and the problems met."""
    filled, used, problems = prose.fill(text, records, where, cutoff)
    ending = numbers_section({key: records[key] for key in used}) if used else ""
    return filled.rstrip("\n") + "\n" + (f"\n{ending}\n" if ending else ""), problems


def _metadata(executed: Any) -> dict[str, Any]:
    kept = {name: executed.metadata[name] for name in _METADATA if name in executed.metadata}
    language = {"name": "python", "pygments_lexer": "ipython3"}
    return kept | {"kernelspec": dict(executed.metadata["kernelspec"]), "language_info": language}


def _tags(cell: Any, outputs: Sequence[Any]) -> list[str]:
    tags = cell.metadata.get("tags", [])
    if SHOW_INPUT in tags:
        return [SHOW_INPUT]
    return ["remove-input"] if outputs else [*(tag for tag in tags if tag == TAG), "remove-cell"]


def _outputs(cell: Any, where: str) -> tuple[list[Any], list[str]]:
    outputs: list[Any] = []
    problems: list[str] = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            text = "".join(output.text).strip().split("\n")[0]
            problems.append(f"{where}: the cell prints to {output.name}: {text} (expected nothing printed)")
            continue
        payload = output.data.get(payloads.MIME, {})
        shown = {**output.data, "text/html": payload.get("html") or output.data.get("text/html")}
        best = next((kind for kind in _SHOWN if shown.get(kind)), None)
        if best and not (payload and best == "text/plain"):
            data = {best: shown[best]}
            if found := _ADDRESS.search("".join(data[best])):
                wrong = f"the cell shows an object by its place in memory: {found[0]}"
                problems.append(f"{where}: {wrong} (expected a chart or table of the report, or words)")
            outputs.append({"output_type": "display_data", "metadata": {}, "data": data})
    return outputs, problems


def _settings(tree: Tree, status: Mapping[str, str], toc: Mapping[str, Any] | None) -> dict[str, bytes]:
    config = flattened(read_settings(tree, tree.config))
    context = config.setdefault("sphinx", {}).setdefault("config", {}).setdefault("html_context", {})
    context["report"] = dict(status)
    context["chapters"] = _chapters(flattened(read_settings(tree, tree.toc)))
    return {"_toc.yml": _yaml(flattened(toc or read_settings(tree, tree.toc))), "_config.yml": _yaml(config)}


def _chapters(toc: Mapping[str, Any]) -> dict[str, str]:
    """What stands above each chapter's title: its part of the book and its number.

    In a book of named parts, what stands in none is no chapter.

    >>> parts = [{"chapters": [{"file": "play"}]}, {"caption": "The business", "chapters": [{"file": "aws"}]}]
    >>> _chapters({"parts": parts})
    {'aws': 'The business · chapter 1'}
    """
    every = [(part.get("caption", ""), entry) for part in toc.get("parts", []) for entry in part["chapters"]]
    parts = [each for each in every if each[0]] or every
    return {
        entry["file"]: f"{caption} · chapter {number}" if caption else f"Chapter {number}"
        for number, (caption, entry) in enumerate(parts, 1)
    }


def _yaml(settings: Any) -> bytes:
    return str(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)).encode()


def flattened(settings: Any) -> Any:
    """Settings for the staged tree, where what was in ``book/`` is at the top.

    >>> flattened({"root": "book/index", "parts": [{"caption": "a book", "logo": "book/_static/logo.svg"}]})
    {'root': 'index', 'parts': [{'caption': 'a book', 'logo': '_static/logo.svg'}]}
    """
    match settings:
        case dict():
            return {key: flattened(value) for key, value in settings.items()}
        case list():
            return [flattened(value) for value in settings]
        case str():
            return settings.removeprefix("book/")
        case _:
            return settings


def _supplements(tree: Tree) -> dict[str, bytes]:
    """Static files, templates, pictures and references: everything in ``book/`` that is no page.

    What Sphinx reads as a text is one, or ``BuildError`` names it.
    """
    files = [path for path in files_below(tree.book) if not path.name.startswith((".", "lint_"))]
    for path in files:
        if path.suffix in (".bib", ".html"):
            tree.text(path)
    return {
        path.relative_to(tree.book).as_posix(): path.read_bytes() for path in files if path.suffix != ".md"
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    changed = [folder / name for name, content in files.items() if write_if_changed(folder / name, content)]
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in files:
            path.unlink()
            changed.append(path)
    return changed
