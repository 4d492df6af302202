"""Notes: paragraphs with figures, under keys of their page."""

from __future__ import annotations

from datetime import date

from analysis.charts.cells import Rich, Shown
from analysis.charts.html import MIME
from analysis.charts.note import Note
from analysis.figures import Figure, Source

CUTOFF = date(2025, 2, 7)


def test_a_note_hands_over_the_numbers_it_shows_and_what_they_rest_on() -> None:
    sales = Figure(638.0, "usd_bn", "net sales", Source("Release", date(2025, 2, 6)))
    note = Note(Rich(("<p>Sales were ", Shown(sales, "$638bn"), ".</p>"))).placed("articles", "about", CUTOFF)
    payload = note._repr_mimebundle_()[MIME]
    assert (payload["kind"], payload["name"]) == ("note", "about")
    assert payload["numbers"]["articles.about.1"]["text"] == "$638.0bn"
    assert 'data-key="articles.about.1"' in payload["html"]
    assert note.evidence() == [sales]
