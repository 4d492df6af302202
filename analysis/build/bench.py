"""The benchmark table that ``make bench`` prints: what was promised, and what was measured here and now.

Times are the best of several runs, since other work on the machine only ever adds to them. Figures that
depend on the machine less are given as ratios.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np

from analysis.build import checks, manifest, pages, parameters
from analysis.build.plain_loop import plain_path
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.model.odds.monte_carlo import Draws, Plan, draw, plan, simulate
from analysis.model.projection.segments import Path, project
from analysis.valuation.group import Group, open_group
from analysis.valuation.odds import distributions

SEGMENT_DRIVERS = ("aws.", "advertising.", "stores.", "group.", "tax.")
"""How the names of the drivers begin that the segment model takes."""

POINTS, REPLICATES, WORKERS = 2**16, 16, 2
"""1,048,576 paths on two workers."""

LOOPED = 2**11
"""Paths that the plain loop is timed on; it takes the same time for each."""


@dataclass(frozen=True)
class Row:
    """One line of the table; ``kept`` is ``None`` where nothing was promised."""

    what: str
    measured: str
    promised: str = ""
    kept: bool | None = None


def bench(tree: Tree) -> list[Row]:
    """All rows for the latest edition and the base scenario; takes about a minute."""
    chosen = parameters.choose(tree)
    group = open_group(open_edition(chosen.as_of, root=tree.data), chosen.scenario)
    return [
        *simulation_rows(group),
        *loop_rows(group),
        data_row(tree),
        *page_rows(tree, chosen),
        no_op_row(tree, chosen),
    ]


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text.

    >>> print(table([Row("paths", "0.7 s", "< 2 s", True), Row("pages", "3 s")]))
    what   measured  promised
    paths  0.7 s     < 2 s     kept
    pages  3 s
    """
    words = {True: "kept", False: "missed", None: ""}
    lines = [("what", "measured", "promised", "")]
    lines += [(row.what, row.measured, row.promised, words[row.kept]) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    padded = ("  ".join([*map(str.ljust, line[:3], widths), line[3]]) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def simulation_rows(group: Group) -> list[Row]:
    """A million paths through the segment model: time, and the memory that the process came to take."""
    the_plan, kernel = segment_plan(group), partial(segment_paths, group)
    run = partial(simulate, kernel, the_plan, points=POINTS, replicates=REPLICATES, workers=WORKERS)
    seconds = best_of(3, run)
    megabytes = peak_megabytes()
    paths = f"{POINTS * REPLICATES:,} paths of the segment model to {group.years[-1]}"
    drawn = f"{len(the_plan.names)} drivers drawn, {WORKERS} workers"
    return [
        Row(f"{paths}, {drawn}", f"{seconds:.2f} s", "< 2 s", seconds < 2),
        Row(
            "memory of the process that did it, at its peak",
            f"{megabytes:.0f} MB",
            "< 1,000 MB",
            megabytes < 1000,
        ),
    ]


def loop_rows(group: Group) -> list[Row]:
    """The same draws through the kernel at once, and one by one: as a plain loop, and by the kernel."""
    drawn = draw(segment_plan(group), LOOPED * 4)
    arrays = {name: value for name, value in drawn.items() if not isinstance(value, float)}
    fixed = {name: value for name, value in drawn.items() if isinstance(value, float)}
    one_by_one = [
        {**fixed, **{name: float(value[i]) for name, value in arrays.items()}} for i in range(LOOPED)
    ]
    at_once = best_of(200, lambda: segment_paths(group, drawn)) / (LOOPED * 4)
    plain = best_of(3, lambda: [plain_path(group.base, one, group.steps) for one in one_by_one]) / LOOPED
    few = one_by_one[: LOOPED // 8]
    checked = best_of(3, lambda: [segment_paths(group, one) for one in few]) / len(few)
    return [
        Row("one path, all at once, one worker", _micro(at_once)),
        Row(
            "one path, the model as a plain Python loop",
            f"{_micro(plain)}, {plain / at_once:.0f} × as long",
            "≥ 50 ×",
            plain >= 50 * at_once,
        ),
        Row(
            "one path, the kernel called for each, with its checks",
            f"{_micro(checked)}, {checked / at_once:.0f} × as long",
        ),
    ]


def data_row(tree: Tree) -> Row:
    """How long all of ``data/`` takes to check."""
    return Row("check of all data", f"{best_of(2, lambda: checks.problems(tree)):.2f} s")


def page_rows(tree: Tree, chosen: parameters.Parameters) -> list[Row]:
    """How long the pages take to compute: the numbers, charts and tables of each, without drawing."""
    notebooks = [page for page in pages.read_toc(tree) if page.is_notebook]
    if not notebooks:
        return []
    seconds = {page.name: best_of(1, partial(_run_cells, page, chosen)) for page in notebooks}
    slowest = max(seconds, key=lambda name: seconds[name])
    return [
        Row(f"a page's cells, median of {len(notebooks)}", f"{median(seconds.values()):.2f} s"),
        Row(f"a page's cells, slowest ({slowest})", f"{seconds[slowest]:.2f} s"),
    ]


def _run_cells(page: pages.Page, chosen: parameters.Parameters) -> None:
    names: dict[str, object] = {"as_of": chosen.as_of, "scenario": chosen.scenario}
    for cell in pages.read_notebook(page).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            exec(compile(cell.source, page.name, "exec"), names)


def no_op_row(tree: Tree, chosen: parameters.Parameters) -> Row:
    """How long ``make book`` takes when there is nothing to do, as a process of its own."""
    known = manifest.read(tree)
    current = manifest.inputs(tree)
    what = "a build with nothing to do"
    if not manifest.is_current(known, chosen.as_dict(), current, tree):
        return Row(what, "not measured: the site is not up to date")
    command = [sys.executable, "-m", "analysis", "book", "--quiet"]
    seconds = best_of(5, lambda: subprocess.run(command, cwd=tree.root, check=True))
    return Row(what, f"{seconds:.2f} s", "< 0.2 s", seconds < 0.2)


def segment_plan(group: Group) -> Plan:
    """The scenario's drivers that the segment model takes, with their correlations."""
    taken = {n: d for n, d in distributions(group).items() if n.startswith(SEGMENT_DRIVERS)}
    drivers = group.edition.drivers(group.scenario)
    rho = {c.pair: c.rho for c in drivers.correlations if set(c.pair) <= taken.keys()}
    return plan(taken, rho, seed=drivers.simulation["seed"])


def segment_paths(group: Group, draws: Draws) -> Mapping[str, Path]:
    """Sales, operating income and free cash flow by year for the draws."""
    projected = project(group.base, draws, group.steps)
    return {
        "sales": projected.sales,
        "operating_income": projected.operating_income,
        "free_cash_flow": projected.free_cash_flow,
    }


def best_of(runs: int, work: Callable[[], object]) -> float:
    """The shortest time in seconds that ``work`` took."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return float(np.min(seconds))


def peak_megabytes() -> float:
    """The most memory that this process has held, in MB (the system counts in kB, on macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def _micro(seconds: float) -> str:
    micro = seconds * 1e6
    return f"{micro:.0f} µs" if micro >= 10 else f"{micro:.2f} µs"
