"""What holds for every page in every edition: text finds its numbers, nothing is too late, charts speak."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.build.prose import fill
from analysis.chapters import Page, Unavailable
from analysis.chapters.page import chapters
from analysis.charts.numbers import record
from analysis.charts.render import ChartFigure
from tests.chapters.reading import opened

BOOK = Path(__file__).parents[2] / "book"
EDITIONS = [
    ("2025Q4", "base"),
    ("2025Q1", "bull"),
    ("2024Q4", "base"),
    ("2021Q3", "bear"),
    ("2019Q4", "base"),
]
KINDS = ("chart", "table", "calculator", "note")
CELLS = re.compile(rf"^page\.({'|'.join(KINDS)})\(\"(\w+)\"\)", re.MULTILINE)
NAMED = ("text", "year")  # words, and years by which something is called
NAMES = [chapter.replace("_", "-") for chapter in chapters()]


@pytest.fixture(
    scope="module",
    params=[(name, *edition) for name in NAMES for edition in EDITIONS],
    ids=lambda chosen: " ".join(chosen),
)
def page(request: pytest.FixtureRequest) -> Page:
    return opened(*request.param)


def test_the_text_finds_every_number_it_draws_on(page: Page) -> None:
    text = (BOOK / f"{page.name}.md").read_text(encoding="utf-8")
    records = {f"{page.name}.{key}": record(figure) for key, figure in page.numbers.items()}
    _, used, problems = fill(text, records, page.name)
    assert problems == []
    assert used


def test_nothing_was_published_after_the_cut_off(page: Page) -> None:
    assert page.edition is not None
    published = {key: figure.published for key, figure in page.numbers.items() if figure.published}
    assert {key: day for key, day in published.items() if day > page.edition.cutoff} == {}


def test_every_number_says_where_it_comes_from(page: Page) -> None:
    plain = [key for key, f in page.numbers.items() if not (f.formula or f.source) and f.unit not in NAMED]
    assert plain == []


def test_every_part_that_is_shown_is_there_or_says_why_not(page: Page) -> None:
    shown = CELLS.findall((BOOK / f"{page.name}.md").read_text(encoding="utf-8"))
    assert shown
    for kind, name in shown:
        part = getattr(page, kind)(name)  # raises if anything in it became public later
        if isinstance(part, Unavailable):
            assert page.edition is not None
            assert page.edition.label != "2025Q4", f"{kind} {name}: {part.what}"
            assert part.quiet or len(part.what) > 10
        if isinstance(part, ChartFigure):
            assert re.search(r"\d", part.description), f"{name}: {part.description}"
            assert "nan" not in part.description.lower().split()


def test_no_part_is_made_for_nothing(page: Page) -> None:
    shown = CELLS.findall((BOOK / f"{page.name}.md").read_text(encoding="utf-8"))
    made = [(kind, name) for kind in KINDS for name in getattr(page, f"{kind}s")]
    assert [part for part in made if part not in shown] == []
