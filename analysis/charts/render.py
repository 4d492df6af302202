"""Charts as figures of a page: SVG first, the compiled Vega specification beside it.

The SVG is drawn at build time for two widths; the style sheet shows the one that fits. When the
reader scrolls to it, the site's script draws the same specification live. Nothing here is random,
so the same chart gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from analysis.charts.html import bundle, data_script, fragment, slug, tag
from analysis.charts.sources import Sources, caption, listed
from analysis.charts.table import Column, csv_text, table_html
from analysis.charts.theme import FONT, NARROW, WIDE, config
from analysis.figures import Figure

Chart = Any  # any Altair chart: alt.Chart, alt.LayerChart, alt.HConcatChart, …
# What the renderer that comes with JupyterLab 4 takes.
LIVE = "application/vnd.vegalite.v5+json"
_LIVE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_FIT = {"type": "fit", "contains": "padding"}
# Altair and Vega-Lite number these as they meet them; here they are numbered within one chart.
_COUNTED = re.compile(r"\b(view|param|layer|concat)_(\d+)\b")


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

    def specs(self) -> dict[str, dict[str, Any]]:
        """The compiled Vega specifications by layout: ``wide``, and ``narrow`` if it differs.

        Specifications without ``narrow`` only need another width and height.
        """
        if not callable(self.chart):
            return {"wide": self._compile(self.chart, WIDE, self.height)}
        narrow = self.narrow_height or self.height
        return {
            "wide": self._compile(self.chart(WIDE), WIDE, self.height),
            "narrow": self._compile(self.chart(NARROW), NARROW, narrow),
        }

    def _compile(self, chart: Chart, width: int, height: int) -> dict[str, Any]:
        padding = {"left": 2, "top": 6, "bottom": 2, "right": self.space_right}
        return compile_chart(chart, width, height, padding)

    def live(self) -> dict[str, Any]:
        """The Vega-Lite specification for a notebook, with the title and the finding above the picture."""
        spec = (self.chart(WIDE) if callable(self.chart) else self.chart).to_dict()
        spec |= {"$schema": _LIVE_SCHEMA, "config": merged(spec.get("config", {}), config())}
        spec["title"] = {"text": self.title, "subtitle": self.finding, "anchor": "start"}
        return canonical(spec | {"width": WIDE, "height": self.height} if _is_single(spec) else spec)

    def svgs(self) -> dict[str, str]:
        """The static pictures by layout, ``wide`` and ``narrow``, ids unique to this chart."""
        return self._drawn(self.specs())

    def _drawn(self, specs: Mapping[str, dict[str, Any]]) -> dict[str, str]:
        pictures = {}
        sizes = {"wide": (WIDE, self.height), "narrow": (NARROW, self.narrow_height or self.height)}
        for layout, (width, height) in sizes.items():
            spec = specs.get(layout) or sized(specs["wide"], width, height)
            pictures[layout] = static_svg(spec, f"{self._id}-{layout}", self.description, layout)
        return pictures

    def html(self) -> str:
        """The figure: title, pictures, caption, table view and specification."""
        link = f"_static/data/{self.page}/{self.name}.csv" if self.name else None
        specs = self.specs()
        pictures = self._drawn(specs)
        plot = tag("div", fragment(list(pictures.values())), class_="plot", data_height=self.height)
        note = tag("div", caption(self.source, self.cutoff, link), class_="source")
        below = tag("figcaption", note + self._table_view())
        title = tag("p", escape(self.title), class_="chart-title", id=f"{self._id}-title")
        parts = [title, plot, below, data_script(specs, "vega-spec")]
        return tag(
            "figure", fragment(parts), class_="chart", id=self._id, aria_labelledby=f"{self._id}-title"
        )

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
        shown = bundle(self.html(), payload)
        del shown["text/html"]  # JupyterLab would prefer it to the live chart
        return {LIVE: self.live(), **shown}


def _column(frame: pd.DataFrame, name: str) -> Column:
    is_number = pd.api.types.is_numeric_dtype(frame[name])
    return Column(name, name.replace("_", " "), "number" if is_number else "text")


def compile_chart(
    chart: Chart, width: int, height: int, padding: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """An Altair chart as a Vega specification that fills ``width`` by ``height`` pixels.

    Single and layered charts are fitted to the size; concatenated and faceted ones keep the size
    that their parts were given and are scaled as a picture.
    """
    spec = chart.to_dict()
    spec["config"] = merged(spec.get("config", {}), config())
    if _is_single(spec):
        spec |= {"width": width, "height": height, "autosize": _FIT}
    if padding:
        spec["padding"] = dict(padding)
    vega = vl_convert.vegalite_to_vega(canonical(spec), vl_version=_vl_version())
    return dict(canonical(vega))


def _is_single(spec: Mapping[str, Any]) -> bool:
    return "mark" in spec or "layer" in spec


def _vl_version() -> str:
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the entries of ``over`` laid upon it, mappings key by key."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result


def canonical(spec: dict[str, Any]) -> dict[str, Any]:
    """``spec`` with counted names (``param_17``) numbered from 1 in the order they appear."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        if match[0] not in names:
            counts[match[1]] = counts.get(match[1], 0) + 1
            names[match[0]] = f"{match[1]}_{counts[match[1]]}"
        return names[match[0]]

    return dict(json.loads(_COUNTED.sub(rename, json.dumps(spec))))


def sized(spec: dict[str, Any], width: int, height: int) -> dict[str, Any]:
    """A fitted specification for another size; others unchanged."""
    return {**spec, "width": width, "height": height} if spec.get("autosize") == _FIT else spec


def static_svg(spec: dict[str, Any], prefix: str, description: str, class_: str) -> str:
    """``spec`` drawn as an SVG element: scales with its box, labelled, ids begin with ``prefix``."""
    svg = vl_convert.vega_to_svg(spec)
    head, _, body = svg.partition(">")
    view_box = re.search(r'viewBox="[^"]*"', head)
    if view_box is None:
        raise ValueError(f"{prefix}: the SVG has no viewBox: {head[:200]}")
    body = re.sub(r'(\bid="|url\(#)', rf"\g<1>{prefix}-", slimmed(body))
    hidden = "none" if class_ == "narrow" else None  # the style sheet shows it; a notebook has none
    label = tag("svg", "", class_=class_, role="img", aria_label=description, display=hidden)
    label = label.removesuffix("></svg>")
    return f'{label} {view_box[0]} font-family="{FONT}">{body}'


def slimmed(svg: str) -> str:
    """An SVG's inner markup without what a still picture does not need.

    Drops empty paths, roles and classes (the picture has one label as a whole), defaults written
    out, and digits beyond a hundredth of a pixel.

    >>> slimmed('<g class="mark"><path d=""/><path d="M0,0h0v0h0Z"/><text opacity="1">1.2345</text></g>')
    '<g><text>1.2345</text></g>'
    """
    svg = re.sub(r' (?:class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"', "", svg)
    svg = re.sub(r' (?:opacity="1"|font-weight="normal"|[xy]2="0")', "", svg)
    svg = re.sub(r'<path(?=[^>]* d="(?:M0,0h0v0h0Z)?")[^>]*/>', "", svg)
    svg = re.sub(r'<path(?=[^>]* opacity="0")[^>]*/>', "", svg)
    digits = re.compile(r"(\d+\.\d{2})\d+")
    svg = re.sub(r'="[^"]*"', lambda value: digits.sub(r"\g<1>", value[0]), svg)
    while "<g></g>" in svg:
        svg = svg.replace("<g></g>", "")
    return svg
