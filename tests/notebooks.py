"""Notebooks as the tests read them: run in this process, once for each edition and scenario."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jupytext

from analysis.figures import Figure

BOOK = Path(__file__).parents[1] / "book"


def run(name: str, as_of: str, scenario: str) -> dict[str, Any]:
    """What the cells of a notebook leave behind, by name."""
    names: dict[str, Any] = {"as_of": as_of, "scenario": scenario}
    for cell in jupytext.read(BOOK / f"{name}.md").cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            exec(compile(cell.source, f"{name}.md", "exec"), names)
    return names


@cache
def published(name: str, as_of: str = "2025Q4", scenario: str = "base") -> dict[str, Figure]:
    """The numbers that a notebook publishes, by their key without the page's name."""
    numbers: dict[str, Figure] = dict(run(name, as_of, scenario)["page"].numbers)
    return numbers
