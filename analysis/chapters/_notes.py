"""Paragraphs that a chapter writes from its numbers where the text differs with what was public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from string import Formatter

from analysis.chapters.page import Unavailable
from analysis.charts.cells import Rich, Shown
from analysis.charts.note import Note
from analysis.figures import Figure
from analysis.formats import show


def paragraph(template: str, numbers: Mapping[str, Figure]) -> Note:
    """``template`` with each ``{key}`` or ``{key:format}`` replaced by that number of the page.

    Apostrophes are set as those of the pages' text. Raises ``KeyError`` for a key or a format that does not
    exist.

    >>> sales = Figure(3.1178, "x", "Market value over sales")
    >>> paragraph("It cost {sales} sales, about {sales:x0}.", {"sales": sales}).content.plain
    'It cost 3.12× sales, about 3×.'
    """
    parts: list[str | Shown] = ["<p>"]
    for literal, key, form, _ in Formatter().parse(template):
        parts += [escape(literal.replace("'", "’"), quote=False)] if literal else []
        if key is not None:
            figure = numbers[key]
            parts.append(Shown(figure, show(figure.value, form or figure.unit)))
    return Note(Rich((*parts, "</p>")))


def known(
    templates: Sequence[str], numbers: Mapping[str, Figure], unknown: str, what: str
) -> Note | Unavailable:
    """One paragraph of those ``templates`` whose numbers are all known: none is the word ``unknown``.

    A sentence without numbers stands if one with numbers does; without any, ``what`` was not public.
    """
    keys = [{key for _, key, _, _ in Formatter().parse(each) if key} for each in templates]
    told = [
        each
        for each, named in zip(templates, keys, strict=True)
        if all(numbers[key].value != unknown for key in named)
    ]
    if not any(named and each in told for each, named in zip(templates, keys, strict=True)):
        return Unavailable(what, quiet=True)
    return paragraph(" ".join(told), numbers)
