"""What holds for every page in every edition: text finds its numbers, parts are there, charts speak."""

from __future__ import annotations

import re

import pytest

from analysis.build.prose import fill
from analysis.charts.numbers import record
from analysis.charts.render import ChartFigure
from analysis.report.shown import Unavailable
from tests.book.test_published import KEPT
from tests.notebooks import BOOK, Run, computing, run

NAMED = ("text", "year", "quarter", "count")  # words, periods, and counts, whose label says what is counted


@pytest.fixture(params=[(name, edition) for name in computing() for edition in KEPT], ids=" ".join)
def page(request: pytest.FixtureRequest) -> tuple[str, str, Run]:
    """A page's name, the edition and scenario, and the run."""
    name, edition = request.param
    return name, edition, run(name, *edition.split())


def test_the_text_finds_every_number_it_draws_on(page: tuple[str, str, Run]) -> None:
    name, _, found = page
    records = {f"{name}.{key}": record(figure) for key, figure in found.numbers.items()}
    _, used, problems = fill((BOOK / f"{name}.md").read_text("utf-8"), records, name, "a day")
    assert problems == []
    assert used


def test_every_number_says_where_it_comes_from(page: tuple[str, str, Run]) -> None:
    numbers = {key: each for key, each in page[2].numbers.items() if each.unit not in NAMED}
    plain = [key for key, each in numbers.items() if not (each.formula or each.source or each.is_absent)]
    assert plain == []


def test_every_part_is_there_or_says_why_not(page: tuple[str, str, Run]) -> None:
    _, edition, found = page
    for name, part in found.parts.items():
        if isinstance(part, Unavailable):
            assert not edition.startswith("2025Q4"), f"{name}: {part.what}"
            assert len(part.what) > 10
        if isinstance(part, ChartFigure):
            assert re.search(r"\d", part.description), f"{name}: {part.description}"
            assert "nan" not in part.description.lower().split()
