"""A hundred equal dots on an axis of market value: each is one in a hundred of the simulations.

Drawn as SVG at build time for the two widths of a page, without a plotting library: where each dot stands
is the picture. Dot ``i`` is the middle of the i-th hundredth of the simulations, so that counting the dots
above a value reads the chance to end above it.

Source: quantile dotplots: Kay, Kola, Hullman and Munson (2016), "When (ish) is my bus?".
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from analysis.charts.html import NUMBERED, bundle, fragment, slug, tag, title_html
from analysis.charts.sources import Sources, caption, links
from analysis.charts.table import Column, csv_text, table_html
from analysis.charts.theme import AXIS, BEYOND, INK, MISS, PAPER, TARGET
from analysis.figures import Figure
from analysis.formats import escape, show

STEP = 250.0  # $bn in a column of dots; targets are whole numbers of it, so that no line cuts a dot there
_FROM, _TO = 500.0, 8000.0  # $bn at the ends of the axis
_ROUND = 4000.0  # $bn by which the upper end moves on where too many dots lie beyond it
_MOST_BEYOND = 30
_BLOCK = 3  # columns for the dots beyond the end
_SIDE_BY_SIDE = (1, 2, 3, 4)  # dots in a row of a column
_GAP = 0.6  # of a column between the axis and those


@dataclass(frozen=True)
class Target:
    """A level that the dots are counted above: its name, and the chances to end above and to touch it."""

    name: str
    level: float
    above: Figure
    touched: Figure


@dataclass(frozen=True)
class Layout:
    """Sizes of one drawing in pixels."""

    width: float
    height: float
    ground: float
    top: float
    letters: float
    large: float


WIDE = Layout(760, 292, 246, 92, 13, 30)
NARROW = Layout(358, 216, 172, 96, 12, 22)
_COLOURS = {
    "low": f'fill="{PAPER}" stroke="{MISS}"',
    "mid": f'fill="{MISS}"',
    "ring": f'fill="none" stroke="{TARGET}"',
    "hit": f'fill="{TARGET}"',
    "top": f'fill="{BEYOND}"',
    "axis": f'fill="none" stroke="{AXIS}"',
    "target": f'stroke="{TARGET}"',
    "today": f'stroke="{INK}" stroke-dasharray="2 3"',
}


@dataclass(frozen=True)
class Hundred:
    """The dots to show in a notebook.

    ``values`` are the hundred market values in $bn from the lowest, held to a tenth, ``touched`` the share of
    each hundredth that touched the lowest target on its way, held to four digits, ``targets`` from the
    lowest, ``today`` the market value now, ``middle`` what half of the simulations exceed.
    """

    title: str
    drawn: str
    values: Sequence[float]
    touched: Sequence[float]
    targets: Sequence[Target]
    today: Figure
    middle: Figure
    source: Sources = ()
    cutoff: date | None = None
    page: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.values) != 100 or len(self.touched) != 100:
            raise ValueError(
                f"{self.title!r}: {len(self.values)} values, {len(self.touched)} shares (expected 100)"
            )
        if list(self.values) != sorted(self.values):
            raise ValueError(f"{self.title!r}: the values fall (expected them from the lowest)")
        # Rounded before anything is drawn, so that scripts draw anew from the same numbers.
        object.__setattr__(self, "values", [round(value, 1) for value in self.values])
        object.__setattr__(self, "touched", [round(share, 4) for share in self.touched])

    def placed(self, page: str, name: str, cutoff: date) -> Hundred:
        """The dots under their name on a page."""
        return replace(self, page=page, name=name, cutoff=self.cutoff or cutoff)

    def evidence(self) -> Sources:
        """What the dots rest on, to be held against the cut-off."""
        chances = [chance for target in self.targets for chance in (target.above, target.touched)]
        return [self.today, self.middle, *chances]

    @property
    def ringed(self) -> frozenset[int]:
        """The dots that end below the lowest target and touched it: as many as make its chance to be touched.

        From the line down, a ring whenever the running sum of shares passes a half beyond a whole number.
        """
        level = self.targets[0].level
        below = [at for at in reversed(range(100)) if self.values[at] < level]
        found: set[int] = set()
        running = 0.0
        for at in below:
            running += self.touched[at]
            if running >= len(found) + 0.5:
                found.add(at)
        return frozenset(found)

    def counts(self) -> dict[str, int]:
        """How many dots there are of each state, by its class."""
        states = [self._state(at) for at in range(100)]
        return {"low": states.count("low"), "mid": states.count("mid"), "ring": len(self.ringed),
                "hit": states.count("hit"), "top": states.count("top")}  # fmt: skip

    def _state(self, at: int) -> str:
        value = self.values[at]
        if value >= self.targets[-1].level and len(self.targets) > 1:
            return "top"
        if value >= self.targets[0].level:
            return "hit"
        return "low" if value < self.today.number else "mid"

    @property
    def _is_passed(self) -> bool:
        """Whether today's value stands above the lowest target."""
        return self.today.number >= self.targets[0].level

    @property
    def _below_today(self) -> int:
        return sum(value < self.today.number for value in self.values)

    def csv(self) -> str:
        """The hundred values and which of them touched the lowest target."""
        return csv_text(*self._dots())

    def html(self) -> str:
        """The figure: number, title, both drawings, the states of the dots in words, source, a table."""
        head = tag("p", NUMBERED.format("figure"), class_="figure-number")
        title = tag("p", title_html(self.title), class_="chart-title", id=f"{self._id}-title")
        drawn = tag("p", escape(self.drawn), class_="chart-subtitle")
        line = tag("p", "Point, touch or use the arrow keys to read any value.", class_="readout")
        pictures = [self._svg(layout, kind) for layout, kind in ((WIDE, "wide"), (NARROW, "narrow"))]
        values = json.dumps(self.values)
        told = {"data_values": values, "data_from": f"{_FROM:g}", "data_step": f"{STEP:g}"}
        plot = tag("div", fragment(pictures), class_="plot", **told)
        below = tag("div", caption(self.source or self.evidence(), self.cutoff), class_="source")
        table = table_html(*self._counted(), self.title)
        below += links(self.page, self.name, self._id)
        below += tag("details", tag("summary", "Show as table") + table, class_="chart-table")
        parts = [head, title, drawn, line, plot, self._legend(), tag("figcaption", below)]
        return fragment([tag("figure", fragment(parts), class_="hundred", id=self._id,
                             aria_labelledby=f"{self._id}-title")])  # fmt: skip

    @property
    def _id(self) -> str:
        return f"chart-{slug(self.page)}-{slug(self.name)}"

    @property
    def description(self) -> str:
        """What the picture shows, for those who do not see it."""
        ends = "; ".join(
            f"{_whole(t.above)} end above {t.name}, {_whole(t.touched)} touch it" for t in self.targets
        )
        return (
            f"A hundred dots on an axis of market value. {ends}. {self._below_today} end below today’s "
            f"{self.today}; half end above {self.middle}."
        )

    def _dots(self) -> tuple[pd.DataFrame, list[Column]]:
        rows = {"dot": range(1, 101), "value": self.values}
        level = self.targets[0]
        isin = ["yes" if v >= level.level or at in self.ringed else "no" for at, v in enumerate(self.values)]
        columns = [Column("dot", "Dot", "count"), Column("value", "Market value", "usd_bn")]
        return pd.DataFrame({**rows, "touched": isin}), [*columns, Column("touched", f"Touched {level.name}")]

    def _counted(self) -> tuple[pd.DataFrame, list[Column]]:
        """How many dots lie above each round value."""
        levels = [_FROM + 2 * STEP * n for n in range(int((_TO - _FROM) / STEP / 2) + 1)]
        above = [sum(value >= level for value in self.values) for level in levels]
        frame = pd.DataFrame({"level": [show(level, "usd_bn") for level in levels], "above": above})
        return frame, [Column("level", "Market value"), Column("above", "Of a hundred end above", "count")]

    def _legend(self) -> str:
        counts, first, last = self.counts(), self.targets[0].name, self.targets[-1].name
        words = {
            "low": f"{counts['low']} below {first if self._is_passed else 'today’s value'}",
            "mid": f"{counts['mid']} up to {first}",
            "ring": f"{counts['ring']} of these touched {first}",
            "hit": f"{counts['hit']} from {first} to {last}"
            if first != last
            else f"{counts['hit']} above {first}",
            "top": f"{counts['top']} above {last}",
        }
        always = ("low",) if self._is_passed else ("low", "mid")
        shown = [state for state in words if state in always or counts[state]]
        items = [tag("li", _key(state) + escape(words[state])) for state in shown]
        return tag("ul", "".join(items), class_="dot-key")

    # --- One drawing ----------------------------------------------------------------------------------------

    def _end(self) -> float:
        """The upper end of the axis: the usual one unless too many dots lie beyond it."""
        end = _TO
        while sum(value >= end for value in self.values) > _MOST_BEYOND:
            end += _ROUND
        return end

    def _svg(self, layout: Layout, kind: str) -> str:
        end = self._end()
        columns = (end - _FROM) / STEP
        wide = layout.width / (columns + _GAP + _BLOCK)
        stacks = self._stacks(end)
        tallest = max(len(stack) for stack in stacks.values())
        pitches = {
            side: min(0.93 * wide / side, (layout.ground - layout.top) / math.ceil(tallest / side))
            for side in _SIDE_BY_SIDE
        }
        side = max(pitches, key=pitches.__getitem__)  # in a high stack, so that dots stay to be seen
        pitch = pitches[side]
        radius = min(0.77 * wide / side, 0.96 * pitch) / 2
        axis_end = columns * wide

        def at(value: float) -> float:
            return (min(max(value, _FROM), end) - _FROM) / STEP * wide

        ground, block = layout.ground + 0.5, axis_end + _GAP * wide
        parts = [
            f'<path {_drawn("axis")} d="M0 {ground}H{axis_end:.1f}M{block:.1f} {ground}H{layout.width}"/>'
        ]
        every = 1000.0 if end <= _TO else 2000.0
        for level in [every * n for n in range(1, int(end / every))]:
            parts.append(f'<path {_drawn("axis")} d="M{at(level):.1f} {layout.ground}v5"/>')
            parts.append(
                _words(at(level), layout.ground + 19, layout.letters, show(level, "usd_bn"), "soft", "middle")
            )
        beyond = f"beyond {show(end, 'usd_bn')}" if layout is WIDE else "beyond"
        parts.append(_words(layout.width, layout.ground + 19, layout.letters, beyond, "soft", "end"))
        parts += self._flags(layout, at, stacks, pitch)
        x = at(self.middle.number)
        parts.append(f'<path class="middle" d="M{x:.1f} {layout.ground + 1}l4 6h-8z"/>')
        parts.append(_words(min(max(x, 70), layout.width - 70), layout.ground + 38, layout.letters,
                            f"half end above {self.middle}", "", "middle"))  # fmt: skip
        ringed = self.ringed
        for column, stack in stacks.items():
            x = (
                (column + 0.5) * wide
                if column < columns
                else axis_end + (_GAP + column - columns + 0.5) * wide
            )
            for place, dot in enumerate(sorted(stack, key=lambda each: (each in ringed, each))):
                height, beside = divmod(place, side)
                y = layout.ground - 3 - pitch * (height + 0.5)
                apart = 0.93 * wide / side * (beside - (side - 1) / 2)
                parts.append(_dot(x + apart, y, radius, self._state(dot), dot in ringed))
        size = f'viewBox="0 0 {layout.width:g} {layout.height:g}"'
        label = escape(self.description)
        return (
            f'<svg class="{kind}" role="img" aria-label="{label}" {size} data-column="{wide:.3f}" '
            f'data-ground="{layout.ground:g}" data-end="{end:g}" data-top="{layout.top:g}" '
            f'data-letters="{layout.letters:g}" data-large="{layout.large:g}">{"".join(parts)}</svg>'
        )

    def _stacks(self, end: float) -> dict[int, list[int]]:
        """The dots by column, those beyond the end spread evenly over a block."""
        columns = int((end - _FROM) / STEP)
        stacks: dict[int, list[int]] = {}
        beyond = 0
        for at, value in enumerate(self.values):
            column = int(max(0.0, math.floor((value - _FROM) / STEP)))
            if value >= end:
                column = columns + beyond % _BLOCK
                beyond += 1
            stacks.setdefault(column, []).append(at)
        return stacks

    def _flags(self, layout: Layout, at: Any, stacks: Mapping[int, Sequence[int]], pitch: float) -> list[str]:
        """Lines at today's value and the targets, with the counts of both readings beside their tops."""
        parts = []
        is_wide = layout is WIDE
        for row, target in enumerate(self.targets[:2]):
            x, top = at(target.level), (2.0 if row == 0 else 48.0)
            parts.append(f'<path {_drawn("target")} d="M{x:.1f} {top}V{layout.ground}"/>')
            large = layout.large - (6 if row else 0)
            small = layout.letters + (2 if is_wide and row == 0 else 1)
            first = top + (24 if row == 0 else 22) if is_wide else top + 18
            parts.append(
                _count(x + 8, first, large, _whole(target.above), f"end above {target.name}", small, "on")
            )
            words = "touch it on the way" if row == 0 else "touch it"
            if is_wide:
                parts.append(
                    _count(
                        layout.width - (170 if row else 215),
                        first,
                        large,
                        _whole(target.touched),
                        words,
                        small,
                        "",
                    )
                )
            else:
                parts.append(_count(x + 8, first + 19, large - 5, _whole(target.touched), words, small, ""))
        x = at(self.today.number)
        top = layout.top - 44 if is_wide else layout.top - 46
        parts.append(f'<path {_drawn("today")} d="M{x:.1f} {top}V{layout.ground}"/>')
        is_left = x > 90
        place, anchor = (x - 8, "end") if is_left else (x + 8, "start")
        lines = (
            [f"today {self.today}", f"{self._below_today} end below it"]
            if is_wide
            else ["today", str(self.today)]
        )
        for n, words in enumerate(lines):
            kind = "strong" if n == 0 or not is_wide else "soft"
            parts.append(_words(place, top + 12 + 16 * n, layout.letters, words, kind, anchor))
        return parts

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "hundred", "page": self.page, "name": self.name, "title": self.title}
        return bundle(self.html(), {**payload, "description": self.description, "csv": self.csv()})


def _whole(chance: Figure) -> int:
    return round(100 * chance.number)


def _words(x: float, y: float, size: float, words: str, kind: str, anchor: str) -> str:
    class_ = f' class="{kind}"' if kind else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
    return f"<text{class_} {place}>{escape(words)}</text>"


def _count(x: float, y: float, large: float, count: int, words: str, small: float, kind: str) -> str:
    """A large number with its words; ``kind`` "on" is in the target's colour."""
    class_ = f' class="{kind}"' if kind else ""
    number = f'<tspan class="strong" font-size="{large:g}">{count}</tspan>'
    said = f'<tspan dx="6" font-size="{small:g}">{escape(words)}</tspan>'
    return f'<text{class_} x="{x:.1f}" y="{y:.1f}">{number}{said}</text>'


def _drawn(kind: str) -> str:
    """Class and colours of a mark: the site's style sheet has its own, a notebook those that stand here."""
    return f'class="{kind}" {_COLOURS[kind]}'


def _dot(x: float, y: float, radius: float, state: str, is_ringed: bool) -> str:
    if not is_ringed:
        inner = radius - 0.7 if state == "low" else radius
        return f'<circle {_drawn(state)} cx="{x:.1f}" cy="{y:.1f}" r="{inner:.1f}"/>'
    core = (
        f'<circle {_drawn(state)} cx="{x:.1f}" cy="{y:.1f}" r="{0.5 * radius:.1f}"/>'
        if state == "mid"
        else ""
    )
    return f'<circle {_drawn("ring")} cx="{x:.1f}" cy="{y:.1f}" r="{radius - 0.8:.1f}"/>{core}'


def _key(state: str) -> str:
    drawn = _dot(6.5, 6.5, 6, "mid" if state == "ring" else state, state == "ring")
    return f'<svg width="13" height="13" viewBox="0 0 13 13" aria-hidden="true">{drawn}</svg>'
