"""The benchmark's plain loop is the same model; its rows say what was measured and what was promised."""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analysis.build import bench, bench_builds, environment
from analysis.build.bench import best_of, loop_rows, peak_megabytes, segment_paths, segment_plan
from analysis.build.bench_builds import Builds
from analysis.build.plain_loop import plain_path
from analysis.build.promised import Row, table
from analysis.build.tree import Tree
from analysis.data import open_edition
from analysis.model.odds.monte_carlo import draw
from analysis.model.projection.segments import project
from analysis.valuation.group import Group, open_group


@pytest.fixture(scope="module")
def group() -> Group:
    return open_group(open_edition("2025Q4"), "base")


@pytest.mark.parametrize("edition", ["2025Q4", "2025Q1", "2020Q4", "2020Q2"])
def test_the_plain_loop_is_the_kernel(edition: str) -> None:
    """With and without a broken first year, guidance, and advertising reported apart."""
    group = open_group(open_edition(edition), "base")
    drawn = draw(segment_plan(group), 8)
    for i in range(8):
        one = {name: v if isinstance(v, float) else float(v[i]) for name, v in drawn.items()}
        plain, kernel = plain_path(group.base, one, group.steps), project(group.base, one, group.steps)
        for name in ("sales", "operating_income", "free_cash_flow"):
            assert getattr(plain, name) == pytest.approx(list(getattr(kernel, name)), rel=1e-12)


def test_all_at_once_is_one_by_one(group: Group) -> None:
    drawn = draw(segment_plan(group), 16)
    at_once = segment_paths(group, drawn)
    for i in range(16):
        one = {name: v if isinstance(v, float) else float(v[i]) for name, v in drawn.items()}
        plain = plain_path(group.base, one, group.steps)
        for name, path in at_once.items():
            assert [float(np.broadcast_to(year, 16)[i]) for year in path] == pytest.approx(
                getattr(plain, name), rel=1e-12
            )


def test_the_plan_draws_what_the_segment_model_takes(group: Group) -> None:
    the_plan = segment_plan(group)
    assert {"aws.growth_change", "stores.margin_change", "group.capex_stable"} <= set(the_plan.names)
    assert not [name for name in the_plan.names if name.startswith(("exit.", "dcf.", "chips."))]
    rho = group.edition.drivers("base").correlations
    assert any(set(c.pair) <= set(the_plan.names) for c in rho)
    assert np.count_nonzero(np.tril(the_plan.factor, -1)) > 0


def test_simulation_rows_state_paths_time_and_memory(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "POINTS", 64)
    monkeypatch.setattr(bench, "REPLICATES", 2)
    paths, memory = bench.simulation_rows(group)
    assert paths.what.startswith("128 paths of the segment model to 2035")
    assert paths.kept is True
    assert memory.measured.endswith("MB")


def test_a_missed_promise_is_said(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "POINTS", 64)
    monkeypatch.setattr(bench, "best_of", lambda runs, work: 2.5)
    monkeypatch.setattr(bench, "peak_megabytes", lambda: 1200.0)
    assert [row.kept for row in bench.simulation_rows(group)] == [False, False]


def test_the_loop_is_far_slower(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other work on the machine can halve the ratio, so the test asks for less than the promise."""
    monkeypatch.setattr(bench, "LOOPED", 512)
    at_once, plain, kernel = loop_rows(group)
    ratio, checked = (float(row.measured.split(", ")[1].split()[0]) for row in (plain, kernel))
    assert ratio > 20
    assert checked > ratio
    assert plain.kept is (ratio >= 100)
    assert at_once.kept is None


def test_build_rows_put_ratios_first_and_say_what_was_missed() -> None:
    found = Builds(20.0, 5.5, 5.9, 900.0, 1.9, 11.0, 0.1, {8: 2.0, 64: 15.0})
    rows = bench.build_rows(found)
    assert [row.measured for row in rows[:2]] == ["5.5 × as long", "5.9 × as long"]
    assert [row.kept for row in rows] == [True, False, None, True, False, True, True, True]


def test_a_copy_of_the_checkout_needs_no_other_environment() -> None:
    """Its locks are all there, so that ``make`` there finds the environment made."""
    checkout = Tree(Path(__file__).resolve().parents[2])
    with bench_builds.copied(checkout) as copy:
        locks = {path.name for path in copy.root.glob("requirements*.txt")}
    assert locks >= set(environment.SETS.values())


def test_time_and_memory_of_a_command_count_its_children(tree: Tree) -> None:
    hold = "held = bytearray(80_000_000); held[::4096] = b'x' * len(held[::4096]); import time; time.sleep(1)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    took = bench_builds.timed(tree, sys.executable, "-c", nested)
    assert took.seconds > 1
    assert took.megabytes > 80


def test_the_best_of_several_runs_is_the_shortest() -> None:
    waits = iter([0.03, 0.0, 0.03])
    assert best_of(3, lambda: time.sleep(next(waits))) < 0.02


def test_peak_memory_counts_what_was_held() -> None:
    before = peak_megabytes()
    held = np.ones(int((before + 50) * 1e6 / 8))
    assert peak_megabytes() - before > 40
    assert held.size


def test_the_table_is_aligned_and_names_what_was_missed() -> None:
    lines = table([Row("a", "1 s", "< 2 s", True), Row("longer", "30 s", "< 2 s", False)]).splitlines()
    assert lines[1:] == ["a       1 s       < 2 s     kept", "longer  30 s      < 2 s     missed"]
    assert dataclasses.astuple(Row("a", "b")) == ("a", "b", "", None)
