"""Every notebook in six editions: it publishes what it did, every number traced, every finding told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.build.prose import fill
from analysis.charts.numbers import record
from analysis.charts.render import ChartFigure
from analysis.figures import Figure
from analysis.report.shown import Unavailable
from tests.notebooks import BOOK, Run, computing, run

KEPT: dict[str, dict[str, tuple[float | str, str, str]]] = json.loads(
    Path(__file__).with_name("published.json").read_text(encoding="utf-8")
)
CHANGED: dict[str, str] = {
    "aws.rivals_quarter": "where no quarter is public for all, the latest is named, not described",
    "retail.break_even_without": "without a charge to add back it is the margin itself, not words for it",
    "sensitivity.lower_row": "a step of the grid, named in words as it moves in jumps",
    "scenarios.width_verdict": "the sentence around the word stands on the page",
    "robotics.leak_years": "a period is printed as its source has it",
    "robotics.shipping": "a year as stated is four quarters too, where single quarters were not public",
    "robotics.shipping_quarter": "as robotics.shipping",
    "capex.peers": "every company whose spending and free cash flow are public, no longer three by name",
}
"""Keys whose value is another now, each with the reason."""


@pytest.mark.parametrize("edition", KEPT)
@pytest.mark.parametrize("name", computing())
def test_a_page_says_what_it_did_traces_each_number_and_tells_each_finding(name: str, edition: str) -> None:
    page = run(name, *edition.split())
    problems = [
        *moved(name, page.numbers, KEPT[edition]),
        *untraced(page),
        *silent(page),
        *unfilled(name, page),
    ]
    if edition == "2025Q4 base":
        problems += [
            f"{key} is not public" for key, part in page.parts.items() if isinstance(part, Unavailable)
        ]
    assert problems == []


def moved(name: str, numbers: Mapping[str, Figure], kept: Mapping[str, Any]) -> Iterator[str]:
    """Numbers whose key still exists and whose value is another, without a reason."""
    for key, (value, _, _) in kept.items():
        page, _, own = key.partition(".")
        if page == name and own in numbers and key not in CHANGED and not same(numbers[own], value):
            yield f"{own} was {value} and is {numbers[own].value}"


def same(figure: Figure, before: float | str) -> bool:
    """Whether a number is the one kept, or prints as the words kept; those for absent ones may be others."""
    if figure.is_absent or isinstance(before, str):
        return isinstance(before, str) and (figure.is_absent or str(figure) == before)
    is_number = isinstance(figure.value, float | int)
    return is_number and figure.value == pytest.approx(before, rel=1e-12, abs=1e-12)


def unfilled(name: str, page: Run) -> list[str]:
    """Numbers that the text draws on and nobody published."""
    records = {f"{name}.{key}": record(figure) for key, figure in page.numbers.items()}
    _, used, problems = fill((BOOK / f"{name}.md").read_text("utf-8"), records, name, "a day")
    return problems if used else [*problems, "the text draws on no number"]


def untraced(page: Run) -> Iterator[str]:
    """Numbers that do not say where they come from; words and years are names."""
    for key, figure in page.numbers.items():
        is_name = isinstance(figure.value, str) or figure.unit == "year"
        if not (is_name or figure.formula or figure.source):
            yield f"{key}: {figure.label} has neither formula nor source"


def silent(page: Run) -> Iterator[str]:
    """Charts whose words for those who cannot see them hold no number, or what is none."""
    for key, part in page.parts.items():
        if isinstance(part, ChartFigure):
            words = part.description.lower().split()
            if "nan" in words or not any(letter.isdigit() for letter in part.description):
                yield f"{key}: {part.description}"
