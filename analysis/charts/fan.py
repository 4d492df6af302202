"""Fans: a middle line in bands by step, and points for what came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts import marks
from analysis.charts.frames import (
    Frame,
    Levels,
    Many,
    Steps,
    Value,
    chart_figure,
    figures_of,
    is_known,
    known,
    levels_of,
    number,
)
from analysis.charts.lines import spacing
from analysis.charts.render import ChartFigure
from analysis.charts.sources import Sources
from analysis.charts.theme import BAND, INK, INK_SOFT, SLATE
from analysis.formats import show

_OUTER = 0.55  # opacity of the outer of two bands


def fan(
    levels: Many,
    *,
    title: str,
    finding: str,
    unit: str | None = None,
    points: Mapping[str, Steps] | None = None,
    spans: Mapping[str, tuple[Any, Value, Value]] | None = None,
    targets: Levels = (),
    today: Value = None,
    named: Mapping[str, str] | None = None,
    every: int | None = None,
    step: str | None = None,
    height: int = 340,
    source: Sources = (),
) -> ChartFigure:
    """Series from the lowest to the highest: the outer pair a band, the next an inner one, the middle a line,
    projected where low and high part.

    Two series are guidance: upright bars from one to the other. ``points`` is what came, by its name;
    ``spans`` are others' ranges at a step: ``{name: (2030, low, high)}``. ``targets`` are dashed lines,
    ``today`` a thin one, with a point at the day that stands among the steps. ``named`` gives words to series
    of ``levels`` where they stand in the picture; ``"value"`` writes the last value itself.
    """
    frame = Frame.of(levels, title, unit, step)
    came = {name: known(steps) for name, steps in (points or {}).items()}
    drawing = _Drawing(frame, every or spacing(frame), SLATE if came else INK)
    layers = drawing.bands() if len(frame.names) > 2 else [drawing.bars()]
    layers += [drawing.points(values) for values in came.values() if values]
    layers += [drawing.span(name, *span) for name, span in (spans or {}).items()]
    if targets:
        layers.append(marks.target_lines(levels_of(targets)))
    layers += drawing.today(today)
    layers += [drawing.word(name, words) for name, words in (named or {}).items()]
    ends = [span[1:] for span in (spans or {}).values()]
    middle = {frame.names[len(frame.names) // 2]: drawing.ink} if len(frame.names) > 2 else {}
    return chart_figure(
        alt.layer(*layers),
        "as a fan" if len(frame.names) > 2 else "as ranges",
        title,
        finding,
        Frame({**frame.cells, **came}, frame.unit, frame.step).table(),
        [
            *frame.figures,
            *figures_of(*(values.values() for values in came.values()), *ends, targets, [today]),
        ],
        source or [*frame.latest, *figures_of(*ends)],
        read_by={"x": 0},
        colours={**dict.fromkeys(frame.names, BAND), **middle, **dict.fromkeys(came, INK)},
        height=height,
        is_dashed=len(frame.names) > 2,
    )


class _Drawing:
    """The layers over one frame of series from low to high."""

    def __init__(self, frame: Frame, every: int, ink: str) -> None:
        self.frame, self.unit, self.x, self.ink = frame, frame.unit, frame.field, ink
        steps = [frame.place(step) for step in frame.steps]
        wide = {
            name: [number(values.get(step)) for step in frame.steps] for name, values in frame.cells.items()
        }
        self.data = pd.DataFrame({self.x: steps, **wide})
        self.across = marks.across(self.x, steps, every)

    def bands(self) -> list[alt.Chart | alt.LayerChart]:
        """The bands from outside to inside, then the middle line."""
        names, layers = self.frame.names, []
        middle = names[len(names) // 2]
        for depth in range(len(names) // 2):
            low, high = names[depth], names[-1 - depth]
            band = marks.band(self._plain({low: "low", high: "high"}), self.across, self.unit)
            is_outer = depth == 0 and len(names) > 3
            layers.append(band.encode(opacity=alt.value(_OUTER)) if is_outer else band)
        data = marks.worded(self._plain({middle: "value"}), "value", self.unit)
        ahead = self.data.loc[data.index, names[0]] != self.data.loc[data.index, names[-1]]
        line = alt.Chart(marks.parted(data.assign(series=middle), list(ahead))).mark_line(color=self.ink)
        upward = marks.upward("value", self.unit)
        return [*layers, line.encode(x=self.across, y=upward, strokeDash=marks.dashed())]

    def bars(self) -> alt.Chart:
        """Upright bars from the lower to the higher of two series."""
        low, high = self.frame.names
        data = self._plain({low: "low", high: "high"})
        base = alt.Chart(data).mark_bar(color=BAND, width=alt.RelativeBandSize(0.6))
        return base.encode(x=self.across, y=marks.upward("low", self.unit), y2="high:Q")

    def points(self, values: Mapping[Any, Value]) -> alt.Chart:
        """What came, which the line above the chart names."""
        rows = [(self.frame.place(step), number(value)) for step, value in values.items()]
        data = marks.worded(pd.DataFrame(rows, columns=[self.x, "value"]), "value", self.unit)
        base = alt.Chart(data).encode(x=self.across, y="value:Q")
        return base.mark_point(color=INK, size=60, opacity=1)

    def span(self, name: str, step: Any, low: Value, high: Value) -> alt.LayerChart:
        """Somebody else's range at a step, its name at the left above it and above the middle line."""
        at = self.frame.place(step)
        row = {self.x: [at], "low": [number(low)], "high": [number(high)], "name": [name]}
        passed = self.data.loc[self.data[self.x] <= at, self.frame.names[len(self.frame.names) // 2]]
        row["top"] = [max(number(high), passed.max())] if len(passed.dropna()) else row["high"]
        base = alt.Chart(pd.DataFrame(row))
        bar = base.mark_bar(size=7, color=SLATE).encode(x=self.across, y="low:Q", y2="high:Q")
        named = base.encode(x=self.across, y="top:Q", text="name:N")
        place = {"align": "right", "dx": -7, "dy": -2, "fontWeight": "bold", "baseline": "bottom"}
        return alt.layer(bar, *marks.haloed(named, SLATE, **place))

    def today(self, value: Value) -> list[alt.Chart | alt.LayerChart]:
        """A thin line at today's value, and a point at the day that stands among the steps."""
        if value is None or not is_known(value):
            return []
        words = f"today {show(number(value), self.unit)}"
        starts = marks.starts(self.frame.curves, {words: number(value)}, 0.0)
        day = [self.frame.place(step) for step in self.frame.steps if isinstance(step, date)]
        point = alt.Chart(pd.DataFrame({self.x: day, "value": [number(value)] * len(day)}))
        return [
            marks.reference_line(number(value), words, starts=starts),
            point.mark_point(color=INK, size=45, opacity=1).encode(x=self.across, y="value:Q"),
        ]

    def word(self, name: str, words: str) -> alt.LayerChart:
        """Words at the last point of a series, those of its highest at the first."""
        is_line = name == self.frame.names[len(self.frame.names) // 2] and len(self.frame.names) > 2
        is_low = name == self.frame.names[0]
        data = self._plain({name: "value"})
        row = data.tail(1) if is_line or is_low else data.head(1)
        said = show(float(row["value"].iloc[0]), self.unit) if words == "value" else words
        align = "right" if is_line or is_low else "left"
        falls = is_line and len(data) > 1 and data["value"].iloc[-1] < data["value"].iloc[-2]
        dy = 16 if is_low or falls else -10 if is_line else -8
        dx = -4 if words == "value" else 0
        ink = self.ink if is_line else INK_SOFT
        # On a phone the line above the chart names it.
        is_left_out = is_line and words != "value"
        return _word(row.assign(words=said), self.across, align, dy, ink, dx, is_left_out)

    def _plain(self, names: Mapping[str, str]) -> pd.DataFrame:
        return self.data[[self.x, *names]].rename(columns=dict(names)).dropna()


def _word(
    row: pd.DataFrame, across: alt.X, align: str, dy: int, colour: str, dx: int, is_for_desks: bool
) -> alt.LayerChart:
    base = alt.Chart(row).encode(x=across, y=alt.Y("value:Q"), text="words:N")
    seen = alt.expr(f"{marks.NARROW_PLOT} ? 0 : 1") if is_for_desks else 1
    place = {"align": align, "dx": dx, "dy": dy, "fontWeight": "bold", "opacity": seen}
    return alt.layer(*marks.haloed(base, color=colour, **place))
