"""Notebooks as the tests read them: run in this process, once for each edition and scenario."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import pytest

import analysis.report
from analysis.data import Edition, open_edition
from analysis.figures import Figure

BOOK = Path(__file__).parents[1] / "book"


def computing() -> list[str]:
    """The names of the notebooks that compute."""
    return sorted(
        path.stem for path in BOOK.glob("*.md") if "from analysis.report import" in path.read_text("utf-8")
    )


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

    def __getitem__(self, key: str) -> Figure:
        return self.numbers[key]


@cache
def run(name: str, as_of: str = "2025Q4", scenario: str = "base", data: Path | None = None) -> Run:
    """The notebook ``book/<name>.md`` with these parameters, on another folder of data if one is given."""
    return run_on(open_edition(as_of, data), name, scenario)


def run_on(edition: Edition, name: str, scenario: str = "base") -> Run:
    """The notebook on an edition that is open already."""
    door = analysis.report.open_report
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis.report, "open_report", lambda _, scenario: door(edition, scenario))
        return _run(name, edition.label, scenario)


def _run(name: str, as_of: str, scenario: str) -> Run:
    names: dict[str, Any] = {"as_of": as_of, "scenario": scenario}
    outputs = []
    for cell in jupytext.read(BOOK / f"{name}.md").cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            tree = ast.parse(cell.source, f"{name}.md")
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, f"{name}.md", "exec"), names)
            if isinstance(last, ast.Expr):
                outputs.append(eval(compile(ast.Expression(last.value), f"{name}.md", "eval"), names))
    return Run(names, outputs)
