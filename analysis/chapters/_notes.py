"""Paragraphs that a chapter writes from its numbers where the text differs with what was public."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from string import Formatter

from analysis.charts.cells import Rich, Shown
from analysis.charts.note import Note
from analysis.figures import Figure
from analysis.formats import show


def paragraph(template: str, numbers: Mapping[str, Figure]) -> Note:
    """``template`` with each ``{key}`` or ``{key:format}`` replaced by that number of the page.

    Raises ``KeyError`` for a key or a format that does not exist.

    >>> sales = Figure(3.1178, "x", "Market value over sales")
    >>> paragraph("It cost {sales} sales, about {sales:x0}.", {"sales": sales}).content.plain
    'It cost 3.12× sales, about 3×.'
    """
    parts: list[str | Shown] = ["<p>"]
    for literal, key, form, _ in Formatter().parse(template):
        parts += [escape(literal)] if literal else []
        if key is not None:
            figure = numbers[key]
            parts.append(Shown(figure, show(figure.value, form or figure.unit)))
    return Note(Rich((*parts, "</p>")))
