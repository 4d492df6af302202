"""A small copy of ``data/`` that a test may break: two years, four editions, own scenarios.

Its tables end where its last edition does, whatever has been added to the real ones since.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.data.check import check_all

Problems = Callable[[], list[str]]
REAL = Path(__file__).resolve().parents[2] / "data"
QUARTERS = [f"{year}Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]
LAST = "2026-03-31"
"""The last day of the copy: the cut-off of its last edition."""

BASE = """\
set_on: 2026-03-31
story: "A test's story."
drivers:
  aws.growth:
    label: "Growth of AWS"
    value: 0.2
    unit: fraction
    low: 0.1
    high: 0.3
    why: "as in the last year"
    source: "the test"
  shares.change:
    label: "Change of the share count"
    value: 0.01
    unit: fraction
    low: 0.0
    high: 0.02
    why: "as in the last year"
    source: "the test"
correlations:
  - pair: [aws.growth, shares.change]
    rho: -0.2
    why: "growth pays for buying back"
simulation:
  points: 64
  seed: 1
"""
BULL = """\
extends: base
story: "A better story."
drivers:
  aws.growth:
    value: 0.25
    high: 0.35
    why: "capacity arrives sooner"
"""
TARGETS = """\
4T:
  value_usd_bn: 4000
  horizon: 2030-12-31
"""
RISKS = """\
demand:
  name: "Demand falls"
  short: "Demand"
  story: "It falls."
  changes:
    shares.change: {add: 0.01}
  why: "Because."
  sign: aws_growth
  watch: "Sales."
"""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pristine") / "data"
    (root / "amazon/quarters").mkdir(parents=True)
    (root / "editions").mkdir()
    (root / "scenarios").mkdir()
    shutil.copytree(REAL / "prices", root / "prices")
    shutil.copytree(REAL / "peers", root / "peers")
    for name in ("cloud.csv", "cloud.meta.yml"):
        shutil.copy(REAL / name, root / name)
    for name in ("fields.yml", "xbrl_concepts.yml", "key_figures.csv", "key_figures.meta.yml"):
        shutil.copy(REAL / "amazon" / name, root / "amazon" / name)
    (root / "amazon/known_differences.yml").write_text("known_differences: []\n")
    for quarter in QUARTERS:
        text = (REAL / f"amazon/quarters/{quarter}.yml").read_text(encoding="utf-8")
        text = text.partition("\nacknowledged:")[0]  # two years are no past to be out of line with
        (root / f"amazon/quarters/{quarter}.yml").write_text(text.rstrip() + "\n", encoding="utf-8")
    for label in ("2024Q4", "2024Q4-2025-04-02", "2025Q3", "2025Q4"):
        shutil.copy(REAL / f"editions/{label}.yml", root / "editions")
    (root / "scenarios/base.yml").write_text(BASE)
    (root / "scenarios/bull.yml").write_text(BULL)
    (root / "targets.yml").write_text(TARGETS)
    (root / "risks.yml").write_text(RISKS)
    for path in root.rglob("*.csv"):
        path.write_text(public(path.read_text(encoding="utf-8")), encoding="utf-8")
        sidecar = path.with_suffix(".meta.yml")
        sidecar.write_text(looked_at(sidecar.read_text(encoding="utf-8")), encoding="utf-8")
    assert check_all(root) == []
    return root


@pytest.fixture
def data(pristine: Path, tmp_path: Path) -> Path:
    """The small copy, this test's own; its folder is called ``data`` as in the repository."""
    return shutil.copytree(pristine, tmp_path / "data")


@pytest.fixture
def contents(data: Path) -> Callable[[], dict[str, bytes]]:
    """Every file of the copy with its content, to be compared with a later look."""
    return lambda: snapshot(data)


@pytest.fixture
def problems(data: Path) -> Problems:
    """Every problem of the copy as printed, after a look that the check wrote nothing."""

    def run() -> list[str]:
        before = snapshot(data)
        found = [str(problem) for problem in check_all(data)]
        assert snapshot(data) == before, "the check changed the data"
        return found

    return run


def public(table: str) -> str:
    """A table without the rows that became public, or whose session was, after the copy's last day."""
    rows = list(csv.DictReader(io.StringIO(table)))
    column = next((name for name in ("published", "date") if rows and name in rows[0]), None)
    kept = [row for row in rows if column is None or row[column] <= LAST]
    if len(kept) == len(rows):
        return table
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return written.getvalue()


def looked_at(sidecar: str) -> str:
    """A sidecar without what it acknowledges of periods after the copy's last quarter."""
    later = re.compile(r' +"?[^"{]*?(\d{4}Q\d)[^"{]*"?: \{value: ')
    lines = sidecar.split("\n")
    return "\n".join(line for line in lines if not ((found := later.match(line)) and found[1] > QUARTERS[-1]))


def quarter(name: str) -> str:
    """The file of a quarter below the folder of data."""
    return f"amazon/quarters/{name}.yml"


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
