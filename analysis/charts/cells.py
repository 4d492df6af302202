"""Table cells that hold more than one value: sentences with figures in them, each leading to its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from analysis.charts.html import tag
from analysis.charts.numbers import number_link
from analysis.figures import Figure
from analysis.formats import escape

_TAG = re.compile(r"<[^>]+>")
_LOOSE = re.compile(r" ([.,;:])")  # a space that a tag left before a mark


@dataclass(frozen=True)
class Shown:
    """A figure in a cell and the text it is printed as."""

    figure: Figure
    text: str


@dataclass(frozen=True)
class Rich:
    """A cell of several parts in turn: HTML, and figures printed as text.

    A figure that is a number becomes a link to what is behind it; words are printed as they are.

    >>> Rich(("<p>about ", Shown(Figure(25.0, "usd_bn", "sales"), "$25bn"), "</p>")).plain
    'about $25bn'
    """

    parts: tuple[str | Shown, ...]

    def figures(self) -> dict[int, Figure]:
        """The figures that are numbers, by the place of their part."""
        shown = {place: part.figure for place, part in enumerate(self.parts) if isinstance(part, Shown)}
        return {place: figure for place, figure in shown.items() if not isinstance(figure.value, str)}

    def html(self, key: Callable[[int], str | None]) -> str:
        """The cell's content; ``key`` gives the number's key for a part, or ``None`` for plain text."""
        return "".join(_part(part, key(place)) for place, part in enumerate(self.parts))

    @property
    def plain(self) -> str:
        """The cell without markup and as it was typed, for the CSV."""
        text = "".join(part if isinstance(part, str) else escape(part.text) for part in self.parts)
        typed = unescape(_TAG.sub(" ", text)).replace("’", "'")
        return _LOOSE.sub(r"\1", " ".join(typed.split()))


def opening(summary: str, why: str, source: str) -> Rich:
    """A cell that opens: ``summary``, and below it the reason and where it is from.

    >>> opening("not drawn", "A guess.", "this report").plain
    'not drawn A guess. this report'
    """
    below = tag("p", escape(" ".join(why.split()))) + tag("p", escape(source), class_="source")
    return Rich((tag("details", tag("summary", escape(summary)) + below),))


def noted(words: str, note: str) -> Rich:
    """A cell with a note in small letters after its words, if there is one.

    >>> noted("2025Q4", "31 March 2026").plain
    '2025Q4 31 March 2026'
    """
    return Rich((escape(words), " " + tag("small", escape(note)) if note else ""))


def two(first: Figure, second: Figure, form: str = "", between: str = " to ") -> Rich:
    """A cell of two figures, printed in a form of :mod:`analysis.units` or each as it is.

    >>> low, high = Figure(25.0, "usd_bn", "low"), Figure(40.0, "usd_bn", "high")
    >>> two(low, high, "usd_bn0").plain
    '$25bn to $40bn'
    """
    return Rich((Shown(first, f"{first:{form}}"), between, Shown(second, f"{second:{form}}")))


def around(base: Figure, low: Figure, high: Figure, form: str = "") -> Rich:
    """A cell of a figure and its range: ``24.0× (17.0× to 32.0×)``."""
    return Rich((Shown(base, f"{base:{form}}"), " (", *two(low, high, form).parts, ")"))


def _part(part: str | Shown, key: str | None) -> str:
    if isinstance(part, str):
        return part
    return number_link(key, part.text) if key is not None else escape(part.text)
