"""Run the notebooks: papermill with real kernels, several at a time, only those that are stale."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tqdm import tqdm

from analysis.build import cache, kernel, reads
from analysis.build.drawings import Drawings
from analysis.build.pages import Page, executed_places, read_notebook
from analysis.build.parameters import Parameters, check_declared
from analysis.build.tree import BuildError, Tree
from analysis.charts.render import DRAWN_APART

CELL_SECONDS = 300
WAIT_SECONDS = 60  # for a kernel to start, and for what it printed to arrive: a busy machine is slow
_NUMBERED_FILE = re.compile(r" \(\d+\.py, line \d+\)$")  # IPython's name for a cell
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Engine(NBClientEngine):  # type: ignore[misc]  # papermill ships no types
    """papermill's own engine with kernels of :mod:`analysis.build.kernel`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> Any:
        """Run all cells in a kernel that is started for them and ended after."""
        client = PapermillNotebookClient(
            nb_man,
            km=kernel.manager(options["kernel_start"], options["sockets"]),
            timeout=CELL_SECONDS,
            startup_timeout=WAIT_SECONDS,
            iopub_timeout=WAIT_SECONDS,
            shutdown_kernel="immediate",
        )
        try:
            return client.execute(env=options["environment"], cleanup_kc=True)
        finally:
            ensure_event_loop().close()  # nbclient opens one for this thread and leaves it open


def execute(
    tree: Tree,
    parameters: Parameters,
    pages: Sequence[Page],
    start: kernel.Start = "forked",
    workers: int = 2,
    quiet: bool = False,
) -> dict[str, Any]:
    """Every page's executed notebook by page name, from the cache where nothing changed.

    Raises ``BuildError`` listing each cell that failed, with its place in the text file.
    """
    notebooks = {page.name: read_notebook(page) for page in pages}
    for page in pages:
        check_declared(notebooks[page.name], parameters, tree.name(page.path), page.computes)
    done = {page.name: found for page in pages if (found := cache.load(tree, page, parameters)) is not None}
    stale = [page for page in pages if page.name not in done]
    with closing(Drawings(tree)) as drawings:
        for notebook in done.values():
            drawings.ask(notebook)
        if stale:
            papermill_engines.register("report", Engine)
            if start == "forked":
                kernel.start_server()
            with tempfile.TemporaryDirectory(prefix="book-") as scratch:
                runs = _Runs(tree, parameters, start, Path(scratch), drawings)
                done |= _run_all(runs, {page: notebooks[page.name] for page in stale}, workers, quiet)
        for page in pages:
            drawings.put_in(done[page.name], tree.name(page.path))
    return done


def _run_all(runs: _Runs, notebooks: Mapping[Page, Any], workers: int, quiet: bool) -> dict[str, Any]:
    done: dict[str, Any] = {}
    problems: list[str] = []
    pool = ThreadPoolExecutor(workers)
    try:
        futures: dict[Future[Any], Page] = {
            pool.submit(runs.run, number, page, notebook): page
            for number, (page, notebook) in enumerate(notebooks.items())
        }
        bar = tqdm(
            as_completed(futures), total=len(futures), desc="notebooks", unit="page", disable=quiet or None
        )
        for future in bar:
            page = futures[future]
            bar.set_postfix_str(page.name)
            try:
                done[page.name] = future.result()
            except BuildError as error:
                problems += error.problems
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C no further notebook starts
    if problems:
        raise BuildError(sorted(problems))
    return done


class _Runs:
    """What all runs of one build share."""

    def __init__(
        self, tree: Tree, parameters: Parameters, start: kernel.Start, scratch: Path, drawings: Drawings
    ) -> None:
        self.tree, self.parameters, self.start = tree, parameters, start
        self.scratch, self.drawings = scratch, drawings

    def run(self, number: int, page: Page, notebook: Any) -> Any:
        """Run one notebook in a kernel of its own and keep the result in the cache."""
        key = cache.key(self.tree, page, self.parameters)
        used = self.scratch / f"{number}.used"
        places = executed_places(notebook)
        try:
            executed = self._execute(notebook, str(self.scratch / str(number)), used)
        except PapermillExecutionError as error:
            raise BuildError([failure(self.tree, page, places, error)]) from error
        except DeadKernelError as error:
            raise BuildError([f"{self.tree.name(page.path)}: the kernel died: {error}"]) from error
        except CellTimeoutError as error:
            preview = error.args[0].partition("-------------------\n")[2].split("\n")[0]
            wrong = f"a cell took longer than {CELL_SECONDS} s: {preview}"
            raise BuildError([f"{self.tree.name(page.path)}: {wrong}"]) from error
        cache.store(self.tree, page, self.parameters, key, reads.recorded(used), executed)
        self.drawings.ask(executed)
        return executed

    def _execute(self, notebook: Any, sockets: str, used: Path) -> Any:
        """What ``papermill.execute_notebook`` does, less its two writings of the whole as a file."""
        loaded = load_notebook_node(notebook)
        ready = parameterize_notebook(loaded, self.parameters.as_dict(), engine_name="report")
        executed = papermill_engines.execute_notebook_with_engine(
            "report",
            ready,
            kernel_name="python3",
            output_path=None,
            progress_bar=False,
            autosave_cell_every=0,
            kernel_start=self.start,
            sockets=sockets,
            environment=self._environment(used),
        )
        raise_for_execution_errors(executed, None)
        return executed

    def _environment(self, used: Path) -> dict[str, str]:
        """Environment of a kernel: nothing of the user's own Jupyter settings reaches it."""
        return os.environ | {
            kernel.ROOT_VARIABLE: str(self.tree.root),
            kernel.READS_VARIABLE: str(used),
            DRAWN_APART: "1",
            "IPYTHONDIR": str(self.scratch / "ipython"),
            "PYTHONHASHSEED": kernel.HASH_SEED,
            "PYTHONPATH": str(self.tree.root),
        }


def failure(tree: Tree, page: Page, places: Sequence[tuple[int, int]], error: PapermillExecutionError) -> str:
    """One line on a failed cell: file, line, cell, source and error.

    ``places`` are the executed cells' numbers and lines in the text file.
    """
    trace = _COLOUR.sub("", "\n".join(error.traceback))
    inside = re.search(r"Cell In\[\d+\], line (\d+)", trace)
    offset = int(inside[1]) - 1 if inside else 0
    cell, line = places[error.cell_index]
    source = error.source.splitlines()
    shown = source[offset].strip() if offset < len(source) else ""
    deepest = re.findall(rf"File {re.escape(str(tree.root))}/(\S+?):(\d+)", trace)
    raised = f" (raised in {deepest[-1][0]}:{deepest[-1][1]})" if deepest else ""
    wrong = _NUMBERED_FILE.sub("", error.evalue)
    return f"{tree.name(page.path)}:{line + offset}: cell {cell}: {shown}: {error.ename}: {wrong}{raised}"
