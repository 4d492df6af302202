"""What a notebook shows besides charts, tables and calculators: tiles, and words for what was not public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.charts.html import bundle, fragment, tag
from analysis.charts.numbers import number_link
from analysis.figures import Figure
from analysis.formats import day, escape, show


class PageError(ValueError):
    """A page that cannot be shown; the message lists every problem found."""


@dataclass(frozen=True)
class Unavailable:
    """Stands for a chart, table, calculator or note whose figures were not public at the cut-off.

    ``what`` completes the sentence "Not public by 31 January 2020: …".
    """

    what: str
    page: str = ""
    name: str = ""
    cutoff: date | None = None

    def html(self) -> str:
        """The note that stands in the place of the missing part."""
        until = f"Not public by {day(self.cutoff)}: " if self.cutoff else "Not public: "
        return tag("p", escape(until + self.what), class_="unavailable")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "unavailable", "page": self.page, "name": self.name, "what": self.what}
        return bundle(self.html(), payload)


@dataclass(frozen=True)
class Tiles:
    """A row of numbers set large, each with its label."""

    page: str
    figures: Mapping[str, tuple[Figure, str | None]]

    def html(self) -> str:
        """The tiles as a list; each number leads to what is behind it."""
        items = [
            tag("li", tag("strong", number_link(key, _large(figure, form), figure.is_absent))
                + tag("span", escape(figure.label)))
            for key, (figure, form) in self.figures.items()
        ]  # fmt: skip
        return tag("ul", fragment(items), class_="tiles")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle(self.html(), {"kind": "tiles", "page": self.page, "keys": list(self.figures)})


def _large(figure: Figure, form: str | None) -> str:
    return "not public" if figure.is_absent else show(figure.value, form or figure.unit)
