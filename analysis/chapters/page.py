"""A chapter's page: its numbers, charts, tables and calculators under the keys that its text uses.

A notebook opens its page with :func:`open_page` and shows the parts by name. Whatever a page holds
is checked once more against the edition's cut-off before anything is shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from analysis.charts.calculator import Calculator
from analysis.charts.html import bundle
from analysis.charts.note import Note
from analysis.charts.numbers import record
from analysis.charts.render import ChartFigure
from analysis.charts.sources import too_late
from analysis.charts.table import Table
from analysis.data import Edition, open_edition
from analysis.figures import Figure, Source
from analysis.report.shown import PageError, Tiles, Unavailable

__all__ = ["Page", "PageError", "Unavailable", "open_page"]

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NOT_CHAPTERS = {"page"}
Part = TypeVar("Part", ChartFigure, Table, Calculator, Note)


@dataclass(frozen=True)
class Page:
    """What a chapter's ``build`` returns.

    Keys are lower-case words joined by ``_``; the text names a number ``<page>.<key>``. Charts,
    tables, calculators and notes are functions without arguments, called when the notebook shows them;
    one whose figures were not public yet returns :class:`Unavailable`.
    """

    name: str
    numbers: Mapping[str, Figure]
    charts: Mapping[str, Callable[[], ChartFigure | Unavailable]] = field(default_factory=dict)
    tables: Mapping[str, Callable[[], Table | Unavailable]] = field(default_factory=dict)
    calculators: Mapping[str, Callable[[], Calculator | Unavailable]] = field(default_factory=dict)
    notes: Mapping[str, Callable[[], Note | Unavailable]] = field(default_factory=dict)
    edition: Edition | None = None
    scenario: str = "base"

    def chart(self, name: str) -> ChartFigure | Unavailable:
        """The chart ``name``, ready to show."""
        return self._place(self.charts, name, "chart")

    def table(self, name: str) -> Table | Unavailable:
        """The table ``name``, ready to show."""
        return self._place(self.tables, name, "table")

    def calculator(self, name: str) -> Calculator | Unavailable:
        """The calculator ``name``, ready to show."""
        return self._place(self.calculators, name, "calculator")

    def note(self, name: str) -> Note | Unavailable:
        """The note ``name``, ready to show."""
        return self._place(self.notes, name, "note")

    def tiles(self, *keys: str) -> Tiles:
        """The numbers ``keys`` set large; ``"key|format"`` prints one in another format."""
        chosen: dict[str, tuple[Figure, str | None]] = {}
        for item in keys:
            key, _, form = item.partition("|")
            if key not in self.numbers:
                raise PageError(
                    f"{self.name}: no number {key!r}; there are {', '.join(sorted(self.numbers))}"
                )
            chosen[f"{self.name}.{key}"] = (self.numbers[key], form or None)
        return Tiles(self.name, chosen)

    def _place(
        self, parts: Mapping[str, Callable[[], Part | Unavailable]], name: str, kind: str
    ) -> Part | Unavailable:
        if name not in parts:
            raise PageError(
                f"{self.name}: no {kind} {name!r}; there are {', '.join(sorted(parts)) or 'none'}"
            )
        part, cutoff = parts[name](), self._cutoff
        if isinstance(part, Unavailable):
            return replace(part, page=self.name, name=name, cutoff=cutoff)
        placed = part.placed(self.name, name, cutoff)
        late = too_late(placed.evidence(), cutoff)
        if late:
            raise PageError("\n".join(_late(f"{self.name}: {kind} {name}", s, cutoff) for s in late))
        return placed

    @property
    def _cutoff(self) -> date:
        if self.edition is None:
            raise PageError(f"{self.name}: opened without an edition; use open_page")
        return self.edition.cutoff

    def problems(self) -> list[str]:
        """Everything that keeps this page from being shown, one line each."""
        wanted = "expected lower-case words joined by '_', without the page's name"
        found = [
            f"{self.name}: {kind} key {key!r}: {wanted}"
            for kind, parts in self._parts().items()
            for key in parts
            if not _KEY.fullmatch(key)
        ]
        entries: Mapping[str, object] = self.numbers
        for key, figure in entries.items():
            if not isinstance(figure, Figure):
                found.append(f"{self.name}.{key}: expected a Figure, found {type(figure).__name__}")
                continue
            late = [s for s in figure.sources() if s.published > self._cutoff]
            found += [_late(f"{self.name}.{key}", source, self._cutoff) for source in late]
            if not isinstance(figure.value, str) and not math.isfinite(figure.value):
                found.append(f"{self.name}.{key}: {figure.label!r} is {figure.value}")
        return found

    def _parts(self) -> dict[str, Mapping[str, Any]]:
        return {
            "number": self.numbers,
            "chart": self.charts,
            "table": self.tables,
            "calculator": self.calculators,
            "note": self.notes,
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        numbers = {f"{self.name}.{key}": record(figure) for key, figure in self.numbers.items()}
        edition = {"edition": self.edition.label, "cutoff": self._cutoff.isoformat()} if self.edition else {}
        payload = {"kind": "numbers", "page": self.name, "scenario": self.scenario, **edition}
        return bundle("", {**payload, "numbers": numbers})


def open_page(name: str, as_of: str, scenario: str) -> Page:
    """The page ``name`` built for the edition ``as_of`` and the scenario.

    Raises ``PageError`` if there is no such chapter or if anything on the page is wrong or was not
    public at the edition's cut-off; ``DataError`` if there is no such edition or scenario.
    """
    module = name.replace("-", "_")
    if module not in chapters():
        raise PageError(f"no chapter {name!r} (expected one of {', '.join(chapters())})")
    edition = open_edition(as_of)
    edition.drivers(scenario)
    page: Page = import_module(f"analysis.chapters.{module}").build(edition, scenario)
    page = replace(page, name=name, edition=edition, scenario=scenario)
    if problems := page.problems():
        raise PageError("\n".join(problems))
    return page


def chapters() -> list[str]:
    """The names of all chapter modules."""
    stems = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return sorted(stem for stem in stems if stem not in _NOT_CHAPTERS)


def _late(where: str, source: Source, cutoff: date) -> str:
    entry = f" ({source.path}: {source.field})" if source.path else ""
    return (
        f"{where}: {source.document!r}{entry} became public on {source.published.isoformat()} "
        f"(expected by {cutoff.isoformat()})"
    )
