"""Run the notebooks: papermill with processes of our own, several at a time, only those that are stale."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from copy import deepcopy
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine as PapermillEngine
from papermill.engines import NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tqdm import tqdm

from analysis.build import cache, imports, kernel, payloads, reads
from analysis.build.drawings import Drawings
from analysis.build.pages import Page, executed_places, read_notebook
from analysis.build.parameters import Parameters, check_declared
from analysis.build.tree import BuildError, Tree, digest, read_record, remove, write_record
from analysis.build.waiting import finished
from analysis.charts.html import DRAWN_APART

CELL_SECONDS = 300
WAIT_SECONDS = 60  # for a kernel to start, and for what it printed to arrive: a busy machine is slow
# All of the environment that a run gets, but for its own folders; what is passed on is part of its key.
SETTINGS = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",  # pages share the machine, and sums do not depend on its cores
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "TZ": "UTC",
    DRAWN_APART: "1",
}
_READERS = ("execute", "imports", "pages", "parameters")  # modules that decide what a run is made of
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # some Pythons do not start without
_NUMBERED_FILE = re.compile(r" \(\d+\.py, line \d+\)$")  # IPython's name for a cell
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Engine(PapermillEngine):  # type: ignore[misc]  # papermill ships no types
    """papermill's engine with the processes of :mod:`analysis.build.kernel`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> Any:
        """Run all cells in a process that is started for them and ended after."""
        runners, job = options["runners"], options["job"]
        if runners.start == "plain":
            return cls._in_kernel(nb_man, runners, job)
        with _told_if_dead():
            connection = runners.page()
        with connection:
            with _told_if_dead():
                connection.send_bytes(json.dumps(job).encode())
                leader = json.loads(connection.recv_bytes())
            runners.runs(leader)
            try:
                cls._in_process(nb_man, connection)
            finally:
                runners.end(leader)

    @classmethod
    def _in_process(cls, nb_man: NotebookExecutionManager, connection: Connection) -> None:
        cells = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
        told: int | list[Any] = -1
        while isinstance(told, int):
            running = cells[min(told + 1, len(cells) - 1)]
            if not connection.poll(CELL_SECONDS):
                raise CellTimeoutError.error_from_timeout_and_cell("", CELL_SECONDS, running)
            with _told_if_dead():
                told = json.loads(connection.recv_bytes())
        for cell, outputs in zip(cells, told, strict=True):
            cell["outputs"] = [nbformat.from_dict(output) for output in outputs]

    @classmethod
    def _in_kernel(
        cls, nb_man: NotebookExecutionManager, runners: kernel.Runners, job: Mapping[str, Any]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="book-", dir=kernel.SHORT) as sockets:
            manager = runners.kernel(f"{sockets}/k")
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                timeout=CELL_SECONDS,
                startup_timeout=WAIT_SECONDS,
                iopub_timeout=WAIT_SECONDS,
                shutdown_kernel="immediate",
            )
            try:
                client.execute(
                    env=runners.environment | {kernel.JOB_VARIABLE: json.dumps(job)}, cleanup_kc=True
                )
            finally:
                ensure_event_loop().close()  # nbclient opens one for this thread and leaves it open


@contextmanager
def _told_if_dead() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise DeadKernelError("its process ended") from error


def execute(
    tree: Tree,
    parameters: Parameters,
    pages: Sequence[Page],
    start: kernel.Start = kernel.START,
    workers: int = 2,
    quiet: bool = False,
) -> dict[str, Any]:
    """Every page's executed notebook by page name: see :class:`Execution`."""
    with Execution(tree, parameters, pages, start) as execution:
        return execution.run(workers, quiet)


class Execution:
    """The notebooks of a build: which have to run, and the processes that they run in, started beforehand.

    The modules are looked at before any process imports them. Raises ``BuildError`` for a notebook that
    cannot be read or whose parameters are not the build's.
    """

    def __init__(
        self, tree: Tree, parameters: Parameters, pages: Sequence[Page], start: kernel.Start = kernel.START
    ) -> None:
        self.tree, self._parameters = tree, parameters
        papermill_engines.register("report", Engine)
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        settings = SETTINGS | passed_on
        code = imports.read(tree)
        self.runs = _runs(tree, parameters, pages, code)
        self.keys = {run.page.name: run.key(tree, settings) for run in self.runs}
        self.done: dict[str, Any] = {}
        for run in self.runs:
            outputs = cache.load(tree, run, self.keys[run.page.name])
            if outputs is not None:
                self.done[run.page.name] = run.put_in(outputs)
        self._scratch = tree.build / "scratch"
        self._environment = settings | {"PYTHONPATH": str(tree.root)}
        self._start, self._open = start, ExitStack()

    def __enter__(self) -> Execution:
        self._drawings = self._open.enter_context(closing(Drawings(self.tree)))
        remove(self._scratch)  # a build that was killed has left it
        if len(self.done) < len(self.runs):
            self._scratch.mkdir(parents=True)
            self._open.callback(remove, self._scratch)
            stale = [run for run in self.runs if run.page.name not in self.done]
            modules = sorted({imports.name(file) for run in stale for file in run.modules})
            processes = kernel.Runners(
                self._start, self.tree.root, self._environment, self._parameters, modules
            )
            self._runners = self._open.enter_context(processes)
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def run(self, workers: int = 2, quiet: bool = False) -> dict[str, Any]:
        """Every page's executed notebook by page name, with the pictures of its charts.

        Raises ``BuildError`` listing each cell that failed, with its place in the text file.
        """
        for notebook in self.done.values():
            self._drawings.ask(notebook)
        stale = [run for run in self.runs if run.page.name not in self.done]
        if stale:
            self._run_all(stale, workers, quiet)
        for run in self.runs:
            self._drawings.put_in(self.done[run.page.name], self.tree.name(run.page.path))
        return self.done

    def forget_unused(self) -> None:
        """Keep no drawing that no page uses, once the pages of a whole book have run."""
        self._drawings.keep_only(self._parameters)

    def _run_all(self, runs: Sequence[cache.Run], workers: int, quiet: bool) -> None:
        problems: list[str] = []
        # The longest first, so that none is left to run alone.
        longest_first = sorted(runs, key=lambda run: -sum(map(len, run.sources)))
        pool = ThreadPoolExecutor(workers)
        try:
            futures: dict[Future[Any], cache.Run] = {
                pool.submit(self._run_one, number, run): run for number, run in enumerate(longest_first)
            }
            bar = tqdm(
                finished(futures),
                total=len(futures),
                desc="notebooks",
                unit="page",
                disable=quiet or None,
            )
            for future in bar:
                page = futures[future].page
                bar.set_postfix_str(page.name)
                try:
                    self.done[page.name] = future.result()
                except BuildError as error:
                    problems += error.problems
        except BaseException:
            self._runners.close()  # after Ctrl-C nothing runs on
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        if problems:
            raise BuildError(sorted(problems))

    def _run_one(self, number: int, run: cache.Run) -> Any:
        page, where = run.page, self.tree.name(run.page.path)
        log, scratch = self._scratch / f"{number}.used", self._scratch / str(number)
        scratch.mkdir()
        job = {
            "root": str(self.tree.root),
            "scratch": str(scratch),
            "log": str(log),
            "modules": [str(self.tree.root / file) for file in run.modules],
            "cells": run.sources,
        }
        places = executed_places(read_notebook(page))
        try:
            executed = papermill_engines.execute_notebook_with_engine(
                "report",
                deepcopy(run.notebook),
                kernel_name="python3",
                output_path=None,
                progress_bar=False,
                autosave_cell_every=0,
                runners=self._runners,
                job=job,
            )
            _raise_first_error(executed)
        except PapermillExecutionError as error:
            raise BuildError([failure(self.tree, page, places, error)]) from error
        except DeadKernelError as error:
            raise BuildError([f"{where}: the kernel died: {error}"]) from error
        except CellTimeoutError as error:
            preview = error.args[0].partition("-------------------\n")[2].split("\n")[0]
            raise BuildError([f"{where}: a cell took longer than {CELL_SECONDS} s: {preview}"]) from error
        payloads.check(executed, where)
        outputs = [cell.outputs for cell in executed.cells if cell.cell_type == "code"]
        cache.store(self.tree, run, self.keys[page.name], reads.recorded(log), outputs)
        notebook = run.put_in(outputs)
        self._drawings.ask(notebook)
        return notebook


def _runs(tree: Tree, parameters: Parameters, pages: Sequence[Page], code: imports.Code) -> list[cache.Run]:
    """The notebooks with their parameters in, remembered by what they are made of."""
    path = tree.build / "notebooks.json"
    known = read_record(path)
    readers = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in _READERS]
    version = digest(b"\0".join([tree.text(tree.lock_file).encode(), sys.version.encode(), *readers]))
    kept, runs = dict(known), []
    for page in pages:
        text = page.text
        key = digest(json.dumps([version, parameters.as_dict(), text]).encode())
        made = known.get(page.name, {})
        if made.get("key") != key:
            made = {"key": key, **_prepared(tree, parameters, page)}
            if page.text == text:  # else it is of a text that came in between
                kept[page.name] = made
        notebook = nbformat.from_dict(made["notebook"])
        runs.append(cache.Run(page, parameters, notebook, code.reached_from(made["imports"])))
    if kept != known:
        write_record(path, kept)
    return runs


def _prepared(tree: Tree, parameters: Parameters, page: Page) -> dict[str, Any]:
    notebook = read_notebook(page)
    check_declared(notebook, parameters, tree.name(page.path))
    ready = parameterize_notebook(load_notebook_node(notebook), parameters.as_dict(), engine_name="report")
    for number, cell in enumerate(ready.cells, 1):
        cell["id"] = f"{page.name}-{number}"  # papermill gives the cell that it adds another at each run
    sources = [cell.source for cell in ready.cells if cell.cell_type == "code"]
    return {"notebook": ready, "imports": imports.of_all(sources)}


def _raise_first_error(executed: Any) -> None:
    """Raises ``PapermillExecutionError``, ``sys.exit`` in a cell included, which papermill lets pass."""
    for index, cell in enumerate(executed.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                told = output.ename, output.evalue, output.traceback
                raise PapermillExecutionError(index, cell.execution_count, cell.source, *told)


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
