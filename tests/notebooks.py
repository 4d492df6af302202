"""Notebooks as the tests read them: run in this process, once for each edition and scenario."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jupytext
import pytest
from _pytest.mark import ParameterSet

import analysis.report
from analysis.charts.html import DRAWN_APART, MIME
from analysis.charts.numbers import unpacked
from analysis.data import Edition
from analysis.figures import Figure
from analysis.report import Report, open_report
from analysis.report.shown import Unavailable

BOOK = Path(__file__).parents[1] / "book"
SLOW = (
    "dcf",
    "index",
    "risks",
    "scenarios",
    "sensitivity",
    "sotp",
    "track-record",
    "what-changed",
    "your-case",
)
"""Pages of which a run takes seconds: the short set has few of them, its tests share one early edition."""
EARLY = ("2019Q4", "bear")


@contextmanager
def as_built() -> Iterator[pytest.MonkeyPatch]:
    """Within, charts are put together as a build does it: neither drawn nor held against their schema."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DRAWN_APART, "1")
        yield patch


def computing() -> list[str]:
    """The names of the notebooks that compute."""
    return sorted(
        path.stem for path in BOOK.glob("*.md") if "from analysis.report import" in path.read_text("utf-8")
    )


def some(pages: Collection[str], every: Collection[str], mark: str = "long") -> list[ParameterSet]:
    """Every page; those not among ``pages`` belong to the set that ``mark`` names."""
    others = getattr(pytest.mark, mark)
    return [pytest.param(page, marks=() if page in pages else others) for page in every]


@dataclass(frozen=True)
class Run:
    """What a notebook left behind: its names, and what its cells showed, in order."""

    names: dict[str, Any]
    outputs: list[Any]

    @property
    def numbers(self) -> dict[str, Figure]:
        """The numbers published, by their key without the page's name."""
        numbers: dict[str, Figure] = self.names["page"].numbers
        return numbers

    @property
    def parts(self) -> dict[str, Any]:
        """Charts, tables, calculators, and what stands for those not public, by name."""
        return {output.name: output for output in self.outputs if getattr(output, "name", "")}

    @property
    def missing(self) -> set[str]:
        """The parts whose place a line takes, as what they need was not public."""
        return {name for name, part in self.parts.items() if isinstance(part, Unavailable)}

    @cached_property
    def payloads(self) -> list[dict[str, Any]]:
        """What the cells hand over to the build, in order."""
        with as_built():
            bundles = [getattr(output, "_repr_mimebundle_", dict)() for output in self.outputs]
        return [unpacked(bundle[MIME]) for bundle in bundles if MIME in bundle]

    @cached_property
    def records(self) -> dict[str, Any]:
        """What is handed over about each number, those of tables and charts too, by their whole key."""
        return {key: each for handed in self.payloads for key, each in handed.get("numbers", {}).items()}

    @property
    def report(self) -> Report:
        """The edition under its scenario, as the notebook opened it."""
        report: Report = self.names["report"]
        return report

    def __getitem__(self, key: str) -> Figure:
        return self.numbers[key]


def run(name: str, as_of: str = "2025Q4", scenario: str = "base", data: Path | None = None) -> Run:
    """The notebook ``book/<name>.md`` with these parameters, on another folder of data if one is given.

    Notebooks of one edition and scenario share what the report works out.
    """
    return _run(name, as_of, scenario, data)


@lru_cache(maxsize=48)  # all of the long sets would be eight gigabytes a process
def _run(name: str, as_of: str, scenario: str, data: Path | None) -> Run:
    return run_in(_report(as_of, scenario, data), name)


@lru_cache(maxsize=12)
def _report(as_of: str, scenario: str, data: Path | None) -> Report:
    return open_report(as_of, scenario, data=data)


def run_on(edition: Edition, name: str, scenario: str = "base", book: Path = BOOK) -> Run:
    """The notebook, of this book or another, on an edition that is open already."""
    return run_in(open_report(edition, scenario), name, book)


def run_in(report: Report, name: str, book: Path = BOOK) -> Run:
    """The notebook on a report that is open already."""
    names: dict[str, Any] = {"as_of": report.edition.label, "scenario": report.scenario}
    outputs = []
    with as_built() as patch:
        patch.setattr(analysis.report, "open_report", lambda *_: report)
        for cell in jupytext.read(book / f"{name}.md").cells:
            if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
                tree = ast.parse(cell.source, f"{name}.md")
                last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, f"{name}.md", "exec"), names)
                if isinstance(last, ast.Expr):
                    outputs.append(eval(compile(ast.Expression(last.value), f"{name}.md", "eval"), names))
    return Run(names, outputs)
