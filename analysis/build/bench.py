"""The benchmark table that ``make bench`` prints: what was promised, and what was measured here and now.

Times are the best of several runs, since other work on the machine only ever adds to them; of builds they are
medians of paired runs. Figures that depend on the machine less are given as ratios.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from analysis.build import checks, parameters
from analysis.build.bench_builds import Builds, builds
from analysis.build.plain_loop import plain_path
from analysis.build.promised import Row
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.model.odds.monte_carlo import Draws, Plan, draw, plan, simulate
from analysis.model.projection.segments import Path, project
from analysis.valuation.group import Group, open_group
from analysis.valuation.odds import distributions, enters

SEGMENT_DRIVERS = ("aws.", "advertising.", "stores.", "group.", "tax.")
"""How the names of the drivers begin that the segment model takes."""

POINTS, REPLICATES, WORKERS = 2**16, 16, 2
"""1,048,576 paths on two workers."""

LOOPED = 2**11
"""Paths that the plain loop is timed on; it takes the same time for each."""


def bench(tree: Tree, runs: int = 1) -> list[Row]:
    """All rows for the latest edition and the base scenario, ratios first; each paired run takes minutes."""
    chosen = parameters.choose(tree)
    group = open_group(open_edition(chosen.as_of, root=tree.data), chosen.scenario)
    return [
        *build_rows(builds(tree, runs)),
        *simulation_rows(group),
        *loop_rows(group),
        data_row(tree),
        machine_row(),
    ]


def build_rows(found: Builds) -> list[Row]:
    """Builds against those of others, and after an edit."""
    part = found.assumption / found.cold
    each = {number: seconds / number for number, seconds in found.notebooks.items()}
    least, most = min(each), max(each)
    many = ", ".join(f"{number}: {seconds:.1f} s" for number, seconds in found.notebooks.items())
    return [
        _ratio_row("a cold build; jupyter-book build takes", found.jupyter_book, 5),
        _ratio_row("a cold build; papermill, then jupyter-book build takes", found.papermill, 6),
        Row("a cold build", f"{found.cold:.1f} s"),
        _time_row("a sentence edited, to the published page", found.sentence, 2),
        Row("an assumption edited, of a cold build", f"{part:.2f}", "< 0.50", part < 0.5),
        _time_row("nothing changed, make included", found.nothing, 0.15),
        Row("memory of all processes, at its peak", f"{found.megabytes:.0f} MB", "< 1,500 MB",
            found.megabytes < 1500),
        Row("small notebooks, run from nothing", many, "linear", each[most] <= 1.2 * each[least]),
    ]  # fmt: skip


def _ratio_row(what: str, ratio: float, promised: float) -> Row:
    return Row(what, f"{ratio:.1f} × as long", f"≥ {promised:.0f} ×", ratio >= promised)


def _time_row(what: str, seconds: float, promised: float) -> Row:
    return Row(what, f"{seconds:.2f} s", f"< {promised:g} s", seconds < promised)


def machine_row() -> Row:
    """The kind of machine that all was measured on."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Row("measured on", f"{os.cpu_count()} cores, {platform.system()}, Python {version}")


def simulation_rows(group: Group) -> list[Row]:
    """A million paths through the segment model: time, and the memory that the process came to take."""
    the_plan, kernel = segment_plan(group), partial(segment_paths, group)
    run = partial(simulate, kernel, the_plan, points=POINTS, replicates=REPLICATES, workers=WORKERS)
    seconds = best_of(3, run)
    megabytes = peak_megabytes()
    paths = f"{POINTS * REPLICATES:,} paths of the segment model to {group.years[-1]}"
    drawn = f"{len(the_plan.names)} drivers drawn, {WORKERS} workers"
    return [
        Row(f"{paths}, {drawn}", f"{seconds:.2f} s", "< 0.5 s", seconds < 0.5),
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
            "≥ 100 ×",
            plain >= 100 * at_once,
        ),
        Row(
            "one path, the kernel called for each, with its checks",
            f"{_micro(checked)}, {checked / at_once:.0f} × as long",
        ),
    ]


def data_row(tree: Tree) -> Row:
    """How long all of ``data/`` takes to check."""
    return Row("check of all data", f"{best_of(2, lambda: checks.problems(tree)):.2f} s")


def segment_plan(group: Group) -> Plan:
    """The scenario's drivers that the segment model takes, with their correlations."""
    taken = {
        name: each
        for name, each in distributions(group).items()
        if name.startswith(SEGMENT_DRIVERS) and enters(name)
    }
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
