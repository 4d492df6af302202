"""Charts as figures of a page: SVG first, the compiled Vega specification beside it.

The SVG is drawn at build time for two widths; the style sheet shows the one that fits. When the
reader scrolls to it, the site's script draws the same specification live.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
from altair.utils.schemapi import debug_mode

from analysis.charts.drawing import FIT, Drawing, canonical, filled
from analysis.charts.html import (
    DATA,
    DRAWN_APART,
    NUMBERED,
    PICTURES,
    bundle,
    fragment,
    slug,
    tag,
    title_html,
)
from analysis.charts.sources import Sources, caption, links, listed
from analysis.charts.table import ABSENT, Column, cell_text, csv_text, table_html
from analysis.charts.theme import BAND, NARROW, SHAPES, WIDE, config
from analysis.figures import Figure
from analysis.formats import apostrophes, escape, show
from analysis.units import UNITS, words_of

Chart = Any  # any Altair chart: alt.Chart, alt.LayerChart, alt.HConcatChart, …
_PERIOD = re.compile(r"(?:(?:FY)?\d{4}(?:Q[1-4])?|[A-Z][a-z]+ \d{4})")
_HOW_TO_READ = "Point, touch or use the arrow keys to read a value."
_SIGNS = {  # shapes of the theme in a square of twelve
    "triangle-down": "M0,1h12L6,11.5Z",
    "circle": "M1,6a5,5 0 1,1 10,0a5,5 0 1,1 -10,0Z",
    "triangle-up": "M0,11h12L6,0.5Z",
}
# What the renderer that comes with JupyterLab 4 takes.
LIVE = "application/vnd.vegalite.v5+json"
_LIVE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


@dataclass(frozen=True)
class ChartFigure:
    """A chart with all that a reader needs around it, to show in a notebook.

    ``chart`` is an Altair chart, or a function of the width in pixels that returns one, for charts
    whose layout must change on a phone. ``description`` is the alt text: one sentence with the
    finding. ``data`` is what the chart shows, offered as table and CSV; ``columns`` gives its
    labels and units. ``finding`` is what the chart shows, in a sentence: it stands above the chart, with
    ``title``, what is drawn, below it. ``figures`` are those drawn.
    ``read_by`` gives the table's column that stands along ``x`` or ``y``: pointing at the chart reads the
    nearest row, those of its columns that have one of ``colours`` by label, if any has; a drawing that
    ``is_keyed`` names its colours itself. Of the coloured ``dashed`` are drawn so
    throughout. Where a line ``is_dashed``, the words below the finding say why.
    ``height`` (``narrow_height`` on a phone) is in pixels at the drawn width;
    ``space_right`` keeps room there for labels at line ends.
    """

    chart: Chart | Callable[[int], Chart]
    title: str
    description: str
    data: pd.DataFrame
    source: Sources = ()
    columns: Sequence[Column] = ()
    height: int = 340
    narrow_height: int | None = None
    space_right: int = 8
    finding: str = ""
    figures: Sequence[Figure] = ()
    read_by: Mapping[str, int] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    is_keyed: bool = False
    dashed: Collection[str] = ()
    is_dashed: bool = False
    cutoff: date | None = None
    page: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        problems = [f"no {part}" for part in ("title", "description") if not getattr(self, part).strip()]
        problems += [f"no column {c.field!r} in the data" for c in self.columns if c.field not in self.data]
        problems += ["no data"] if self.data.empty else []
        if problems:
            raise ValueError(f"chart {self.title!r}: {'; '.join(problems)}")

    def placed(self, page: str, name: str, cutoff: date) -> ChartFigure:
        """The chart under its name on a page, with the edition's cut-off in the caption."""
        return replace(self, page=page, name=name, cutoff=self.cutoff or cutoff)

    def evidence(self) -> Sources:
        """What the chart rests on, to be held against the cut-off."""
        return [*listed(self.source), *self.figures]

    def csv(self) -> str:
        """The chart's data, every row, as CSV."""
        return csv_text(*self._table())

    def drawing(self) -> Drawing:
        """What is to be drawn: ``narrow`` only if the chart is another at that width, not just smaller."""
        heights = {"wide": self.height, "narrow": self.narrow_height or self.height}
        widths = {"wide": WIDE, "narrow": NARROW} if callable(self.chart) else {"wide": WIDE}
        padding = {"left": 2, "top": 6, "bottom": 2, "right": self.space_right}
        charts = {
            layout: fitted(self._specs[layout], width, heights[layout], padding)
            for layout, width in widths.items()
        }
        return Drawing(self._id, self.description, charts, heights)

    @cached_property
    def _specs(self) -> dict[str, dict[str, Any]]:
        """Vega-Lite by layout, as Altair writes it: what takes most of a chart's time, so once."""
        if not callable(self.chart):
            return {"wide": as_dict(self.chart)}
        return {"wide": as_dict(self.chart(WIDE)), "narrow": as_dict(self.chart(NARROW))}

    def live(self) -> dict[str, Any]:
        """The Vega-Lite specification for a notebook, with the title and the finding above the picture."""
        spec = self._specs["wide"]
        spec = {**spec, "$schema": _LIVE_SCHEMA, "config": merged(spec.get("config", {}), config())}
        spec["title"] = {"text": self.title, "subtitle": self.finding, "anchor": "start"}
        return canonical(spec | {"width": WIDE, "height": self.height} if _is_single(spec) else spec)

    def html(self) -> str:
        """The figure: number, finding, what is drawn, pictures, caption, links, table view, specification."""
        return filled(self._frame(), self.drawing().parts())

    def _frame(self) -> str:
        number = tag("p", NUMBERED.format("figure"), class_="figure-number")
        words = self.finding.removesuffix(".") or self.title
        title = tag("p", title_html(words), class_="chart-title", id=f"{self._id}-title")
        drawn = tag("p", escape(self._drawn()), class_="chart-subtitle") if self.finding else ""
        places: dict[str, str | int] = {f"data_{axis}": column for axis, column in self.read_by.items()}
        if self.colours:
            places["data_colours"] = json.dumps(dict(self.colours), ensure_ascii=False)
        plot = tag("div", PICTURES, class_="plot", data_height=self.height, **places)
        note = tag("div", caption(self.source, self.cutoff), class_="source")
        below = tag("figcaption", note + links(self.page, self.name, self._id) + self._table_view())
        parts = fragment([number, title, drawn, self._readout(), plot, below, DATA])
        return tag("figure", parts, class_="chart", id=self._id, aria_labelledby=f"{self._id}-title")

    def _readout(self) -> str:
        """The line above the chart that says a step's values: the latest, or how to ask for others."""
        frame, (first, *others) = self._table()
        if not self.read_by:
            return ""
        last = {column.field: frame[column.field].iloc[-1] for column in (first, *others)}
        if self.read_by != {"x": 0} or not _PERIOD.fullmatch(cell_text(last[first.field], first)):
            marks = {} if self.is_keyed else {name: self._swatch(name) for name in self.colours}
            legend = [tag("span", mark + escape(name)) for name, mark in marks.items() if mark]
            return tag("p", "".join([*legend, tag("span", _HOW_TO_READ, class_="how")]), class_="readout")
        said = [column for column in others if column.label in self.colours or not self.colours]
        values = [(column, _printed(last[column.field], column)) for column in said]
        shown = [self._swatch(column.label) + escape(f"{column.label} ") + tag("b", escape(text))
                 for column, text in values if text != ABSENT]  # fmt: skip
        at = tag("b", escape(cell_text(last[first.field], first)))
        return tag("p", at + "".join(tag("span", part) for part in shown), class_="readout")

    def _swatch(self, name: str) -> str:
        """A mark as a series is drawn, which the style sheet colours as it does in pictures.

        None where it would be as another's: their names stand at what they name.
        """
        looks = {each: self._look(each) for each in self.colours}
        look = looks.get(name)
        if look is None or (list(looks.values()).count(look) > 1 and self.colours[name] != BAND):
            return ""
        return tag("svg", look, viewBox="0 0 12 12", aria_hidden="true")

    def _look(self, name: str) -> str:
        """A scenario's sign, a piece of line where some are dashed, a dot elsewhere."""
        colour = self.colours[name]
        if name in SHAPES:
            return tag("path", d=_SIGNS[SHAPES[name]], fill=colour)
        if self.dashed:
            line = "M0,6h5M7,6h5" if name in self.dashed else "M0,6h12"
            return tag("path", d=line, stroke=colour, stroke_width=4, fill="none")
        return tag("circle", cx=6, cy=6, r=5, fill=colour)

    def _drawn(self) -> str:
        """What is drawn, and in which unit where all of it has one that the words do not name."""
        units = {words_of(column.unit) for column in self._table()[1] if column.is_number} - {""}
        unit = units.pop() if len(units) == 1 else ""
        names = {"fraction, shown as percent": "%", "calendar year": "", "billions of dollars": "US dollars"}
        said = names.get(unit, unit)  # values and axes say whether they are billions or trillions
        is_said = said == "%" or said.split(" ")[0] in self.title
        drawn = self.title if not said or is_said else f"{self.title}, {said}"
        return f"{drawn}; dashed where projected" if self.is_dashed else drawn

    @property
    def _id(self) -> str:
        return f"chart-{slug(self.page)}-{slug(self.name or self.title)}".replace("--", "-")

    def _table(self) -> tuple[pd.DataFrame, Sequence[Column]]:
        if self.columns:
            return self.data, self.columns
        frame = self.data.reset_index() if self.data.index.name else self.data
        return frame, [_column(frame, str(name)) for name in frame.columns]

    def _table_view(self) -> str:
        frame, columns = self._table()
        table = table_html(frame, columns, self.title)
        return tag("details", tag("summary", "Show as table") + table, class_="chart-table")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "chart", "page": self.page, "name": self.name, "title": self.title}
        payload |= {"description": self.description, "finding": self.finding, "csv": self.csv()}
        shown = bundle(self._frame(), {**payload, "drawing": asdict(self.drawing())})
        del shown["text/html"]  # JupyterLab would prefer it to the live chart
        return {LIVE: self.live(), **shown}


def _printed(value: object, column: Column) -> str:
    """A cell as a sentence prints it, with its unit; the site's script prints the same."""
    is_plain = column.unit in UNITS and cell_text(value, column) != ABSENT
    return show(float(str(value)), column.unit) if is_plain else cell_text(value, column)


def _column(frame: pd.DataFrame, name: str) -> Column:
    is_number = pd.api.types.is_numeric_dtype(frame[name])
    return Column(name, name.replace("_", " "), "number" if is_number else "text")


def fitted(written: Mapping[str, Any], width: int, height: int, padding: Mapping[str, int]) -> dict[str, Any]:
    """A chart as Altair writes it (:func:`as_dict`), filling ``width`` by ``height`` pixels.

    Single and layered charts are fitted to the size; concatenated and faceted ones keep the size
    that their parts were given and are scaled as a picture.
    """
    spec = {**written, "config": merged(written.get("config", {}), config())}
    if _is_single(spec):
        spec |= {"width": width, "height": height, "autosize": FIT}
    return {**spec, "padding": dict(padding)}


def is_drawn_apart() -> bool:
    """Whether a build runs this notebook, which then hands over what is to be drawn and draws nothing."""
    return DRAWN_APART in os.environ


def checked() -> AbstractContextManager[None]:
    """Within, Altair checks each part of a chart while it is put together, but where a build runs."""
    checks: AbstractContextManager[None] = debug_mode(not is_drawn_apart())
    return checks


def as_dict(chart: Chart) -> dict[str, Any]:
    """An Altair chart as a Vega-Lite specification, checked against its schema but where a build runs.

    Its words have the apostrophes of print, as those around the chart.
    """
    return dict(_words_printed(chart.to_dict(validate=not is_drawn_apart())))


def _words_printed(part: Any) -> Any:
    """A part of a specification with its words as printed: in data, their names and expressions alike."""
    if isinstance(part, str):
        return apostrophes(part)
    if isinstance(part, Mapping):
        return {_words_printed(key): _words_printed(value) for key, value in part.items()}
    return [_words_printed(each) for each in part] if isinstance(part, list) else part


def _is_single(spec: Mapping[str, Any]) -> bool:
    return "mark" in spec or "layer" in spec


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the entries of ``over`` laid upon it, mappings key by key."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result
