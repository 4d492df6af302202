"""Charts as figures of a page: SVG first, the compiled Vega specification beside it.

The SVG is drawn at build time for two widths; the style sheet shows the one that fits. When the
reader scrolls to it, the site's script draws the same specification live.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from analysis.charts.drawing import FIT, Drawing, canonical, filled
from analysis.charts.html import DATA, PICTURES, bundle, fragment, slug, tag
from analysis.charts.sources import Sources, caption, listed
from analysis.charts.table import Column, csv_text, table_html
from analysis.charts.theme import NARROW, WIDE, config
from analysis.figures import Figure

Chart = Any  # any Altair chart: alt.Chart, alt.LayerChart, alt.HConcatChart, …
# What the renderer that comes with JupyterLab 4 takes.
LIVE = "application/vnd.vegalite.v5+json"
_LIVE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
DRAWN_APART = "REPORT_DRAWN_APART"
"""Set where a build runs the notebooks: no chart is drawn there, nor checked against Vega-Lite's schema."""


@dataclass(frozen=True)
class ChartFigure:
    """A chart with all that a reader needs around it, to show in a notebook.

    ``chart`` is an Altair chart, or a function of the width in pixels that returns one, for charts
    whose layout must change on a phone. ``description`` is the alt text: one sentence with the
    finding. ``data`` is what the chart shows, offered as table and CSV; ``columns`` gives its
    labels and units. ``finding`` is what the chart shows, in a sentence, ``figures`` are those drawn.
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
            layout: vega_lite(self._at(width), width, heights[layout], padding)
            for layout, width in widths.items()
        }
        return Drawing(self._id, self.description, charts, heights)

    def _at(self, width: int) -> Chart:
        return self.chart(width) if callable(self.chart) else self.chart

    def live(self) -> dict[str, Any]:
        """The Vega-Lite specification for a notebook, with the title and the finding above the picture."""
        spec = _as_dict(self._at(WIDE))
        spec |= {"$schema": _LIVE_SCHEMA, "config": merged(spec.get("config", {}), config())}
        spec["title"] = {"text": self.title, "subtitle": self.finding, "anchor": "start"}
        return canonical(spec | {"width": WIDE, "height": self.height} if _is_single(spec) else spec)

    def html(self) -> str:
        """The figure: title, pictures, caption, table view and specification."""
        return filled(self._frame(), self.drawing().parts())

    def _frame(self) -> str:
        link = f"_static/data/{self.page}/{self.name}.csv" if self.name else None
        plot = tag("div", PICTURES, class_="plot", data_height=self.height)
        note = tag("div", caption(self.source, self.cutoff, link), class_="source")
        below = tag("figcaption", note + self._table_view())
        title = tag("p", escape(self.title), class_="chart-title", id=f"{self._id}-title")
        parts = fragment([title, plot, below, DATA])
        return tag("figure", parts, class_="chart", id=self._id, aria_labelledby=f"{self._id}-title")

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


def _column(frame: pd.DataFrame, name: str) -> Column:
    is_number = pd.api.types.is_numeric_dtype(frame[name])
    return Column(name, name.replace("_", " "), "number" if is_number else "text")


def vega_lite(chart: Chart, width: int, height: int, padding: Mapping[str, int]) -> dict[str, Any]:
    """An Altair chart as a Vega-Lite specification that fills ``width`` by ``height`` pixels.

    Single and layered charts are fitted to the size; concatenated and faceted ones keep the size
    that their parts were given and are scaled as a picture.
    """
    spec = _as_dict(chart)
    spec["config"] = merged(spec.get("config", {}), config())
    if _is_single(spec):
        spec |= {"width": width, "height": height, "autosize": FIT}
    return {**spec, "padding": dict(padding)}


def is_drawn_apart() -> bool:
    """Whether a build runs this notebook, which then hands over what is to be drawn and draws nothing."""
    return DRAWN_APART in os.environ


def _as_dict(chart: Chart) -> dict[str, Any]:
    return dict(chart.to_dict(validate=not is_drawn_apart()))


def _is_single(spec: Mapping[str, Any]) -> bool:
    return "mark" in spec or "layer" in spec


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the entries of ``over`` laid upon it, mappings key by key."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result
