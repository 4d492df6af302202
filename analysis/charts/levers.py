"""Levers: where each stands now and in the scenario, and where a target needs it, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analysis.charts.html import bundle, fragment, slug, tag
from analysis.charts.sources import Sources
from analysis.figures import Figure
from analysis.formats import escape, show


@dataclass(frozen=True)
class Lever:
    """One lever: its name, what is measured, where it stands now (if that is one figure) and in the scenario.

    ``needed`` are the levels that targets need, by their names; words where no level searched is enough.
    ``colour`` is the style sheet's name of the thing's own.
    """

    name: str
    measure: str
    unit: str
    now: Figure | None
    base: Figure
    needed: Mapping[str, Figure]
    colour: str = "--ink-soft"


@dataclass(frozen=True)
class Levers:
    """Levers to show in a notebook; a bar repeats the scenario in grey and sets the gap to a target off."""

    title: str
    note: str
    levers: Sequence[Lever]
    page: str = ""
    name: str = ""
    cutoff: date | None = field(default=None, repr=False)

    def placed(self, page: str, name: str, cutoff: date) -> Levers:
        """The levers under their name on a page."""
        return replace(self, page=page, name=name, cutoff=self.cutoff or cutoff)

    def evidence(self) -> Sources:
        """What the levers rest on, to be held against the cut-off."""
        now = [lever.now for lever in self.levers if lever.now is not None]
        return [*now, *(figure for each in self.levers for figure in (each.base, *each.needed.values()))]

    def html(self) -> str:
        """A heading and a column of bars for each lever."""
        head = tag("p", escape(self.title) + tag("span", escape(self.note)), class_="levers-title")
        columns = fragment([_column(lever) for lever in self.levers])
        id_ = f"levers-{slug(self.page)}-{slug(self.name)}"
        return fragment([tag("div", head + tag("div", columns, class_="columns"), class_="levers", id=id_)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "levers", "page": self.page, "name": self.name, "title": self.title}
        return bundle(self.html(), payload)


def _column(lever: Lever) -> str:
    known = [each for each in (lever.now, lever.base, *lever.needed.values()) if each is not None]
    longest = max(each.number for each in known if not isinstance(each.value, str))
    rows = []
    if lever.now is not None:
        rows.append(_row("Now", "", _bar(lever.now.number / longest, "now", lever.colour), lever.now, lever))
    rows.append(_row("Scenario", "", _bar(lever.base.number / longest, "base"), lever.base, lever))
    for at, (name, figure) in enumerate(lever.needed.items()):
        kind = "beyond" if at else "target"
        bars = "" if isinstance(figure.value, str) else _gap(lever.base.number, figure.number, longest, kind)
        rows.append(_row(f"For {name}", kind, bars, figure, lever))
    words = tag("p", escape(lever.name), class_="lever-name") + tag(
        "p", escape(lever.measure), class_="lever-measure"
    )
    return tag("div", words + tag("dl", fragment(rows)), class_="lever")


def _row(name: str, kind: str, bars: str, figure: Figure, lever: Lever) -> str:
    said = figure.value if isinstance(figure.value, str) else show(figure.number, lever.unit)
    value = tag("span", escape(str(said)), class_="lever-value")
    return tag("div", tag("dt", escape(name)) + tag("dd", bars + value), class_=kind or None)


def _bar(share: float, kind: str, colour: str = "") -> str:
    own = f";--own:var({colour})" if colour else ""
    return tag("i", class_=f"bar {kind}", style=f"width:{70 * max(share, 0):.1f}%{own}")


def _gap(base: float, needed: float, longest: float, kind: str) -> str:
    """The scenario in grey up to where both reach, then what is missing, or what could be lost."""
    both, gap = min(base, needed) / longest, abs(needed - base) / longest
    end = kind if needed >= base else "spare"
    return _bar(both, "same") + _bar(gap, end)
