"""Paragraphs written from numbers: formats, and sentences that wait until their numbers are known."""

import pytest

from analysis.chapters import Unavailable
from analysis.chapters._notes import known, paragraph
from analysis.charts.note import Note
from analysis.figures import Figure, text

UNKNOWN = "not known"
NUMBERS = {
    "sales": Figure(12.34, "usd_bn", "Sales"),
    "missed": text(UNKNOWN, "Miss"),
    "who": text("<the rule>", "Who"),
}


def test_numbers_are_printed_in_their_unit_or_in_the_format_asked_for() -> None:
    note = paragraph("About {sales:usd_bn0}, exactly {sales}.", NUMBERS)
    assert note.content.plain == "About $12bn, exactly $12.3bn."
    assert len(note.content.figures()) == 2


def test_words_are_printed_as_text_not_as_markup() -> None:
    html = paragraph("By {who} & others' rules.", NUMBERS).content.html(lambda place: None)
    assert html == "<p>By &lt;the rule&gt; &amp; others’ rules.</p>"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="profit"):
        paragraph("{profit}", NUMBERS)


def test_a_sentence_waits_until_its_numbers_are_known() -> None:
    told = known(
        ("Sales were {sales}.", "It missed by {missed}.", "So it goes."), NUMBERS, UNKNOWN, "a record"
    )
    assert isinstance(told, Note)
    assert told.content.plain == "Sales were $12.3bn. So it goes."


def test_without_any_number_known_nothing_is_told() -> None:
    told = known(("It missed by {missed}.", "So it goes."), NUMBERS, UNKNOWN, "a record")
    assert isinstance(told, Unavailable)
    assert told.quiet
