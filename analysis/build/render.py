"""Staged pages to HTML by Jupyter Book, every warning an error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.build.pages import Page, executed_places, read_notebook
from analysis.build.tree import (
    BuildError,
    Tree,
    digest,
    digests,
    files_below,
    read_record,
    remove,
    write_record,
)

_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
_STATE = "state.json"  # what Sphinx made its folder of, and what it made
_SHOWN_ELSEWHERE = re.compile(r"^(?:#+ .*|\([^)]*\)=)$", re.MULTILINE)


def render(
    tree: Tree, pages: Sequence[Page], today: date, lock: int | None = None, strict: bool = True
) -> Path:
    """The folder of HTML that Jupyter Book made of ``_build/stage``.

    ``today`` is the day the pages say they were made on: the edition's cut-off, so that two builds
    of one edition are the same bytes. ``lock`` is the build's lock, which Sphinx holds too while it
    runs. Raises ``BuildError`` with Sphinx's errors and, if ``strict``, with its warnings, which are
    printed otherwise.
    """
    shell, out = _shell(tree, pages), tree.render / "_build"
    staged = {page.name: digest(_staged(tree, page).read_bytes()) for page in pages}
    known = read_record(tree.render / _STATE)
    (tree.render / _STATE).unlink(missing_ok=True)  # what a build leaves that fails is not built upon
    if known.get("shell") != shell or known.get("outputs") != digests(out):
        remove(out)
    for name, content in staged.items():
        if content != known.get("pages", {}).get(name):
            remove(out / ".doctrees" / f"{name}.doctree")  # Sphinx reads again what it has not
    result = subprocess.run(
        _command(tree, strict),
        env=os.environ | _environment(tree, today),
        capture_output=True,
        text=True,
        check=False,
        pass_fds=() if lock is None else (lock,),
    )
    log = result.stdout + result.stderr
    complaints = _complaints(tree, log, pages)
    if result.returncode:
        raise BuildError(complaints or log.splitlines()[-20:])
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    write_record(tree.render / _STATE, {"shell": shell, "pages": staged, "outputs": digests(out)})
    return out / "html"


def _command(tree: Tree, strict: bool) -> list[str]:
    command = [
        sys.executable,
        "-c",
        _JUPYTER_BOOK,
        "build",
        str(tree.stage),
        "--path-output",
        str(tree.render),
    ]
    command += ["-n", "-q"]
    return command + (["-W", "--keep-going"] if strict else [])


def _environment(tree: Tree, today: date) -> dict[str, str]:
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    epoch = str(int(midnight.timestamp()))
    stable = {"SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return stable | {"PYTHONPATH": str(tree.root)}


def _staged(tree: Tree, page: Page) -> Path:
    places = (tree.stage / f"{page.name}{end}" for end in (".ipynb", ".md"))
    return next(path for path in places if path.is_file())


def _shell(tree: Tree, pages: Sequence[Page]) -> str:
    """Hash of what shows on other pages than its own: headings, labels and terms, settings, our extensions
    and what they document, templates, static files.
    """
    parts = [(tree.stage / name).read_bytes() for name in ("_config.yml", "_toc.yml")]
    for page in pages:
        text = _staged(tree, page).read_text(encoding="utf-8")
        if page.path.is_file():
            text = page.path.read_text(encoding="utf-8")
        kept = [text] if "{glossary}" in text else _SHOWN_ELSEWHERE.findall(text)
        parts.append("\n".join([_staged(tree, page).name, *kept]).encode())
    for folder in ("sphinx_ext", "model"):
        parts += [path.read_bytes() for path in files_below(tree.root / "analysis" / folder)]
    for folder in ("_templates", "_static"):
        for path in files_below(tree.stage / folder):
            if "data" not in path.relative_to(tree.stage / folder).parts:
                parts.append(path.relative_to(tree.stage).as_posix().encode() + path.read_bytes())
    return digest("\0".join(map(digest, parts)).encode())


def _complaints(tree: Tree, log: str, pages: Sequence[Page]) -> list[str]:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log).replace(f"{tree.stage}{os.sep}", "book/")
    lines = [line for line in plain.splitlines() if re.search(r"WARNING|ERROR|CRITICAL|Error", line)]
    starts = {page.name: executed_places(read_notebook(page)) for page in pages if page.is_notebook}
    return [_at_source(line, starts) for line in lines]


def _at_source(line: str, starts: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    """MyST-NB numbers lines as cell × 10,000 + line: the first line counts as 2."""

    def place(match: re.Match[str]) -> str:
        page, (cell, within) = match["page"], divmod(int(match["line"]), 10_000)
        if not 1 <= cell <= len(starts.get(page, [])):
            return f"book/{page}.md"
        return f"book/{page}.md:{starts[page][cell - 1][1] + max(within - 2, 0)}"

    return re.sub(r"book/(?P<page>[\w-]+)\.ipynb:(?P<line>\d+)", place, line)
