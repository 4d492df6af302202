"""Staged pages to HTML by Jupyter Book, every warning an error."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.build import jupyter_book
from analysis.build.pages import Page, executed_places, read_notebook
from analysis.build.tree import (
    BuildError,
    Tree,
    digest,
    digests,
    files_below,
    make_folder,
    read_record,
    remove,
    write_record,
)

STABLE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}  # the environment that pages depend on
_STATE = "state.json"  # what Sphinx made its folder of, and what it made
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN_ELSEWHERE = re.compile(r"^(?:#+ .*|\([^)]*\)=)$", re.MULTILINE)


def render(
    tree: Tree, pages: Sequence[Page], today: date, lock: int | None = None, strict: bool = True
) -> Path:
    """The folder of HTML that Jupyter Book made of ``_build/stage``: see :class:`Renderer`."""
    with Renderer(tree, strict=strict) as renderer:
        renderer.begin(pages, today, lock)
        return renderer.finish()


class Renderer:
    """Jupyter Book, started beforehand: as a context, it does not outlive it.

    Our extensions are looked at before it imports them. Pages are read and written by ``jobs`` at a time; if
    ``strict``, a warning is an error. What it notes of a crash lies below ``_build`` until it starts again.
    """

    def __init__(self, tree: Tree, jobs: int = 1, strict: bool = True) -> None:
        self._tree, self._jobs, self._strict = tree, jobs, strict
        self._out = tree.render / "_build"
        self._extensions = digests(tree.root / "analysis" / "sphinx_ext")
        scratch = tree.render / "scratch"
        remove(scratch)
        make_folder(scratch)
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.build.jupyter_book", str(theirs.fileno()), str(tree.config)],
                env=os.environ | STABLE | {"PYTHONPATH": str(tree.root), "TMPDIR": str(scratch)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *exception: object) -> None:
        self._control.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # with those that read and write pages for it
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def begin(self, pages: Sequence[Page], today: date, lock: int | None = None) -> None:
        """Let Jupyter Book render ``_build/stage``; once.

        ``today`` is the day the pages say they were made on: the edition's cut-off, so that two builds of one
        edition are the same bytes. ``lock`` is the build's lock, which Jupyter Book holds too while it runs.
        """
        tree = self._tree
        self._pages = pages
        shell = _shell(tree, pages, self._extensions)
        staged = {page.name: digest(_staged(tree, page).read_bytes()) for page in pages}
        make_folder(tree.render)
        known = read_record(tree.render / _STATE)
        remove(tree.render / _STATE)  # what a build leaves that fails is not built upon
        if known.get("shell") != shell or known.get("outputs") != digests(self._out):
            remove(self._out)
        for name, content in staged.items():
            if content != known.get("pages", {}).get(name):
                remove(self._out / ".doctrees" / f"{name}.doctree")  # Sphinx reads again what it has not
        self._made_of = {"shell": shell, "pages": staged}
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
        order = {
            "source": str(tree.stage),
            "output": str(self._out),
            "epoch": str(int(midnight.timestamp())),
            "strict": self._strict,
            "jobs": self._jobs,
        }
        with suppress(BrokenPipeError):  # it has ended: what it printed says why
            socket.send_fds(self._control, [json.dumps(order).encode()], [] if lock is None else [lock])

    def finish(self) -> Path:
        """The folder of HTML, once all is rendered.

        Raises ``BuildError`` with Sphinx's errors and, if strict, with its warnings, which are printed
        otherwise.
        """
        log, _ = self._process.communicate()
        complaints = _complaints(self._tree, log, self._pages)
        if self._process.returncode:
            said = [line for line in _COLOUR.sub("", log).splitlines() if line.strip()]
            raise BuildError(complaints or said[-20:])
        for complaint in complaints:
            print(complaint, file=sys.stderr)
        write_record(self._tree.render / _STATE, {**self._made_of, "outputs": digests(self._out)})
        return self._out / "html"


def _staged(tree: Tree, page: Page) -> Path:
    places = (tree.stage / f"{page.name}{end}" for end in (".ipynb", ".md"))
    return next(path for path in places if path.is_file())


def _shell(tree: Tree, pages: Sequence[Page], extensions: Mapping[str, str]) -> str:
    """Hash of what shows on other pages than its own: headings, labels and terms, settings, our extensions
    as they were when they were imported and what they document, templates, static files; and of the packages
    and the Python that render.
    """
    parts = [(tree.stage / name).read_bytes() for name in ("_config.yml", "_toc.yml")]
    parts += [tree.text(tree.lock_file).encode(), sys.version.encode()]
    for page in pages:
        text = _staged(tree, page).read_text(encoding="utf-8")
        if page.path.is_file():
            text = page.text
        kept = [text] if "{glossary}" in text else _SHOWN_ELSEWHERE.findall(text)
        parts.append("\n".join([_staged(tree, page).name, *kept]).encode())
    parts += [json.dumps(dict(extensions)).encode(), Path(jupyter_book.__file__).read_bytes()]
    parts += [path.read_bytes() for path in files_below(tree.root / "analysis" / "model")]
    for folder in ("_templates", "_static"):
        for path in files_below(tree.stage / folder):
            if "data" not in path.relative_to(tree.stage / folder).parts:
                parts.append(path.relative_to(tree.stage).as_posix().encode() + path.read_bytes())
    return digest("\0".join(map(digest, parts)).encode())


def _complaints(tree: Tree, log: str, pages: Sequence[Page]) -> list[str]:
    plain = _COLOUR.sub("", log).replace(f"{tree.stage}{os.sep}", "book/")
    lines = [line for line in plain.splitlines() if re.search(r"WARNING|ERROR|CRITICAL|Error", line)]
    named = [page for page in pages if page.is_notebook and any(page.name in line for line in lines)]
    starts = {page.name: executed_places(read_notebook(page)) for page in named}
    return [_at_source(line, starts) for line in lines]


def _at_source(line: str, starts: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    """MyST-NB numbers lines as cell × 10,000 + line: the first line counts as 2."""

    def place(match: re.Match[str]) -> str:
        page, (cell, within) = match["page"], divmod(int(match["line"] or 0), 10_000)
        if not 1 <= cell <= len(starts.get(page, [])):
            return f"book/{page}.md"
        return f"book/{page}.md:{starts[page][cell - 1][1] + max(within - 2, 0)}"

    return re.sub(r"book/(?P<page>[\w-]+)\.ipynb(:(?P<line>\d+)|:(?=:))?", place, line)
