"""Notes: paragraphs with figures, under keys of their page, and parts that stay silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from analysis.chapters import Page, PageError, Unavailable
from analysis.charts.cells import Rich, Shown
from analysis.charts.html import MIME
from analysis.charts.note import Note
from analysis.figures import Figure, Source

EARLY, LATE = date(2025, 2, 6), date(2026, 2, 5)


@dataclass(frozen=True)
class _Edition:
    label: str = "2024Q4"
    cutoff: date = date(2025, 2, 7)


def note(published: date = EARLY) -> Note:
    sales = Figure(638.0, "usd_bn", "net sales", Source("Release", published))
    return Note(Rich(("<p>Sales were ", Shown(sales, "$638bn"), ".</p>")))


def page(**notes: object) -> Page:
    return Page("articles", {}, notes={k: (lambda v=v: v) for k, v in notes.items()}, edition=_Edition())  # type: ignore[arg-type]


def test_a_note_hands_over_the_numbers_it_shows() -> None:
    bundle = page(about=note()).note("about")._repr_mimebundle_()
    payload = bundle[MIME]
    assert (payload["kind"], payload["name"]) == ("note", "about")
    assert payload["numbers"]["articles.about.1"]["text"] == "$638.0bn"
    assert 'data-key="articles.about.1"' in bundle[MIME]["html"]


def test_a_note_on_later_figures_is_refused() -> None:
    with pytest.raises(PageError, match="note about: 'Release'"):
        page(about=note(LATE)).note("about")


def test_an_unknown_note_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PageError, match="no note 'what'; there are about"):
        page(about=note()).note("what")


def test_a_quiet_part_leaves_its_place_empty() -> None:
    shown = page(about=Unavailable("an article", quiet=True), told=Unavailable("an article"))
    assert shown.note("about")._repr_mimebundle_()["text/html"] == ""
    assert "an article" in shown.note("told")._repr_mimebundle_()["text/html"]
