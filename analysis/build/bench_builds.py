"""Builds timed against what others do with the same notebooks, in the same environment, from nothing.

Each side starts without caches, and each page has its charts drawn in its HTML. The peers run the staged
notebooks, whose prose has its numbers already, and draw in the notebooks; ours also checks the data and the
site and writes the downloads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import nbformat
import yaml

from analysis.build import manifest
from analysis.build.tree import Tree

_COPIED = (*manifest.FOLDERS, *manifest.FILES, "Makefile")
_LOCKS = "requirements*.txt"  # the environment is that of any of them
_PAPERMILL = """
import sys, papermill
for name in sys.argv[1:]:
    papermill.execute_notebook(name, name, progress_bar=False)
"""
# In the first cell of a peer's notebook: without it a chart is a specification that its page cannot show.
_DRAWN = """
from analysis.charts.render import ChartFigure
get_ipython().display_formatter.formatters["text/html"].for_type(ChartFigure, ChartFigure.html)
"""
_BOOK = "from jupyter_book.cli.main import main; main()"


@dataclass(frozen=True)
class Timed:
    """Seconds that something took, and the most memory that its processes held together, in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Builds:
    """Medians over the paired runs; ``jupyter_book`` and ``papermill`` are ratios to the cold build."""

    cold: float
    jupyter_book: float
    papermill: float
    megabytes: float
    sentence: float
    assumption: float
    nothing: float
    notebooks: dict[int, float]


def builds(tree: Tree, runs: int) -> Builds:
    """Build a copy of the checkout in every way, ``runs`` times each in turn."""
    with copied(tree) as copy:
        paired = [_paired(copy) for _ in range(runs)]
        ours, jupyter_book, papermill = zip(*paired, strict=True)
        return Builds(
            median(each.seconds for each in ours),
            median(peer.seconds / each.seconds for peer, each in zip(jupyter_book, ours, strict=True)),
            median(peer.seconds / each.seconds for peer, each in zip(papermill, ours, strict=True)),
            max(each.megabytes for each in ours),
            median(_edited(copy, _sentence) for _ in range(runs)),
            median(_edited(copy, _assumption) for _ in range(runs)),
            median(timed(copy, "make", "--silent").seconds for _ in range(max(runs, 5))),
            {number: _many(copy, number) for number in (8, 16, 32, 64)},
        )


@contextmanager
def copied(tree: Tree) -> Iterator[Tree]:
    """A copy of what a build reads, with the checkout's environment."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        copy = Tree(Path(folder) / "report")
        copy.root.mkdir()
        for name in {*_COPIED, *(path.name for path in tree.root.glob(_LOCKS))}:
            if (tree.root / name).is_dir():
                shutil.copytree(tree.root / name, copy.root / name)
            elif (tree.root / name).is_file():
                shutil.copyfile(tree.root / name, copy.root / name)
        (copy.root / ".venv").symlink_to((tree.root / ".venv").resolve())
        yield copy


def timed(tree: Tree, *command: str) -> Timed:
    """A command run in the checkout; raises ``CalledProcessError`` if it fails."""
    environment = os.environ | {"PYTHONPATH": str(tree.root)}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=tree.root, env=environment, stderr=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    watcher.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return Timed(seconds, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Keep the most memory that a process and its descendants held, what they share counted once."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    while process.poll() is None:
        held = 0
        try:
            top = psutil.Process(process.pid)
            for each in (top, *top.children(recursive=True)):
                held += each.memory_full_info().pss if sys.platform == "linux" else each.memory_info().rss
        except psutil.Error:
            continue
        peak[0] = max(peak[0], held / 1e6)
        time.sleep(0.1)


def _ours(tree: Tree) -> Timed:
    return timed(tree, sys.executable, "-m", "analysis", "book", "--quiet")


def _paired(tree: Tree) -> tuple[Timed, Timed, Timed]:
    shutil.rmtree(tree.build, ignore_errors=True)
    ours = _ours(tree)
    staged = _unexecuted(tree)
    jupyter_book = _rendered(tree, staged, "force")
    notebooks = [str(path) for path in sorted(staged.glob("*.ipynb"))]
    papermill = timed(tree, sys.executable, "-c", _PAPERMILL, *notebooks)
    rendered = _rendered(tree, staged, "off")
    both = Timed(papermill.seconds + rendered.seconds, max(papermill.megabytes, rendered.megabytes))
    return ours, jupyter_book, both


def _unexecuted(tree: Tree) -> Path:
    """The staged notebooks as they were before they ran."""
    staged = tree.build / "peers"
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(tree.stage, staged)
    for path in staged.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell in code:
            cell["outputs"] = []
        code[0]["source"] += _DRAWN
        nbformat.write(notebook, path)
    return staged


def _rendered(tree: Tree, staged: Path, execute: str) -> Timed:
    config = yaml.safe_load((staged / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] |= {"execute_notebooks": execute, "timeout": 600}
    (staged / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.rmtree(staged / "_build", ignore_errors=True)
    return timed(tree, sys.executable, "-c", _BOOK, "build", str(staged), "-q")


def _edited(tree: Tree, edit: Callable[[Tree], None]) -> float:
    """Seconds of the build after an edit."""
    edit(tree)
    return _ours(tree).seconds


def _sentence(tree: Tree) -> None:
    page = tree.book / "aws.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")


def _assumption(tree: Tree) -> None:
    path = tree.data / "scenarios" / "base.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip() == "aws.growth_change:")
    value = next(n for n in range(place, len(lines)) if lines[n].strip().startswith("value:"))
    head, _, number = lines[value].partition("value:")
    lines[value] = f"{head}value: {float(number) + 0.0001:.6f}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _many(tree: Tree, number: int) -> float:
    """Seconds to run a number of small notebooks, from nothing."""
    script = (
        "import sys; from pathlib import Path\n"
        "from analysis.build.execute import execute\n"
        "from analysis.build.pages import Page\nfrom analysis.build.parameters import choose\n"
        "from analysis.build.tree import Tree\ntree = Tree(Path(sys.argv[1]))\n"
        "pages = [Page(path.stem, path) for path in sorted(Path(sys.argv[2]).glob('*.md'))]\n"
        "execute(tree, choose(tree), pages, quiet=True)\n"
    )
    folder = tree.build / "many"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = (tree.book / "aws.md").read_text(encoding="utf-8")
    head = text[: text.index("```", text.index("```{code-cell}") + 3) + 4]
    for place in range(number):
        cell = f"```{{code-cell}} ipython3\nimport pandas\npandas.DataFrame({{'n': [{place}]}})\n```\n"
        (folder / f"many-{place}.md").write_text(f"{head}\n{cell}", encoding="utf-8")
    return timed(tree, sys.executable, "-c", script, str(tree.root), str(folder)).seconds
