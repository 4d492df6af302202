"""Charts compiled to Vega and drawn as SVG for the two widths of a page, apart from what describes them.

A figure's HTML has two marks where its pictures and its specification go. The build draws all charts of the
book in one place; a notebook that an author runs draws its own. Nothing here is random, so the same chart
gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from analysis.charts.html import DATA, PICTURES, data_script, fragment, tag
from analysis.charts.theme import FONT, NARROW, WIDE

FONTS = Path(__file__).parent / "fonts"
FIT = {"type": "fit", "contains": "padding"}
# Altair and Vega-Lite number these as they meet them; here they are numbered within one chart.
_COUNTED = re.compile(r"\b(view|param|layer|concat)_(\d+)\b")
_VERSION = re.compile(r"/v(\d+\.\d+)")


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn of a chart or a calculator; as a mapping it is plain JSON.

    ``charts`` are Vega-Lite specifications by layout: ``wide``, ``narrow`` if it differs by more than its
    size, none for a calculator without a chart. ``heights`` are in pixels by layout. ``signals`` are Vega's
    own, laid beside those of the chart; ``calculator`` is what its script needs besides the specification.
    """

    id: str
    description: str
    charts: Mapping[str, dict[str, Any]]
    heights: Mapping[str, int]
    signals: Sequence[dict[str, Any]] = ()
    calculator: Mapping[str, Any] | None = None

    def specs(self) -> dict[str, dict[str, Any]]:
        """The compiled Vega specifications by layout; ``narrow`` is left out where only its size differs."""
        compiled = {layout: self._compiled(chart) for layout, chart in self.charts.items()}
        return compiled or {"wide": {"signals": list(self.signals)}}

    def _compiled(self, chart: dict[str, Any]) -> dict[str, Any]:
        version = _VERSION.search(chart["$schema"])
        if version is None:
            raise ValueError(f"{self.id}: {chart['$schema']!r} names no version of Vega-Lite")
        vega = canonical(vl_convert.vegalite_to_vega(canonical(chart), vl_version=version[1]))
        return {**vega, "signals": [*vega["signals"], *self.signals]} if self.signals else vega

    def svgs(self, specs: Mapping[str, dict[str, Any]] | None = None) -> dict[str, str]:
        """The static pictures by layout, ``wide`` and ``narrow``, ids unique to this drawing."""
        specs = specs or self.specs()
        pictures = {}
        for layout, width in (("wide", WIDE), ("narrow", NARROW)) if self.charts else ():
            spec = specs.get(layout) or sized(specs["wide"], width, self.heights[layout])
            pictures[layout] = static_svg(spec, f"{self.id}-{layout}", self.description, layout)
        return pictures

    def parts(self) -> dict[str, str]:
        """HTML of the pictures and of the specification, by the mark in whose place each goes."""
        specs = self.specs()
        pictures = fragment(list(self.svgs(specs).values()))
        if self.calculator is None:
            return {PICTURES: pictures, DATA: data_script(specs, "vega-spec")}
        data = data_script({"spec": specs["wide"], **self.calculator}, "calculator-spec")
        return {PICTURES: pictures, DATA: data}


def filled(html: str, parts: Mapping[str, str]) -> str:
    """A figure's HTML with its pictures and its specification in their places."""
    for mark, part in parts.items():
        html = html.replace(mark, part)
    return html


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
    return {**spec, "width": width, "height": height} if spec.get("autosize") == FIT else spec


def static_svg(spec: dict[str, Any], prefix: str, description: str, class_: str) -> str:
    """``spec`` drawn as an SVG element: scales with its box, labelled, ids begin with ``prefix``."""
    with_fonts()
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


@cache
def with_fonts() -> None:
    """Draw with the report's own fonts, so that no picture differs by what a machine has."""
    vl_convert.register_font_directory(str(FONTS))


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
