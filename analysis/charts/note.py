"""Notes: paragraphs that are written from data, with figures in them that lead to their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analysis.charts.cells import Rich
from analysis.charts.html import bundle, slug, tag
from analysis.charts.numbers import packed
from analysis.charts.sources import Sources
from analysis.figures import Figure


@dataclass(frozen=True)
class Note:
    """Paragraphs to show in a notebook, their figures under keys of the page, ``<page>.<name>.<part>``."""

    content: Rich
    page: str = ""
    name: str = ""
    numbers: Mapping[str, Figure] = field(default_factory=dict, repr=False)

    def placed(self, page: str, name: str, cutoff: date) -> Note:
        """The note under its name on a page."""
        numbers = {f"{page}.{name}.{place}": figure for place, figure in self.content.figures().items()}
        return replace(self, page=page, name=name, numbers=numbers)

    def evidence(self) -> Sources:
        """What the note rests on, to be held against the cut-off."""
        return list(self.numbers.values())

    def html(self) -> str:
        """The paragraphs; each number leads to what is behind it."""
        content = self.content.html(lambda place: self._key(place))
        return tag("div", content, class_="note", id=f"note-{slug(self.page)}-{slug(self.name)}")

    def _key(self, place: int) -> str | None:
        key = f"{self.page}.{self.name}.{place}"
        return key if key in self.numbers else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "note", "page": self.page, "name": self.name}
        return bundle(self.html(), {**payload, **packed(self.numbers)})
