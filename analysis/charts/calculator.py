"""Calculators: sliders that run a kernel in the reader's browser.

An output is one function of the sliders. Called with floats it gives the value that the page shows
before any script runs; called with Altair parameters it gives the expression that Vega evaluates
when a slider moves. There is no second implementation.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import altair as alt

from analysis.charts.drawing import Drawing, filled
from analysis.charts.grid import Grid, Ticks
from analysis.charts.html import DATA, PICTURES, bundle, fragment, slug, tag
from analysis.charts.render import as_dict, fitted, is_drawn_apart
from analysis.charts.sources import Sources, caption
from analysis.charts.theme import WIDE
from analysis.formats import escape, show

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Vega has signals or variables of these names.
_RESERVED = {
    "width",
    "height",
    "padding",
    "autosize",
    "background",
    "datum",
    "event",
    "item",
    "parent",
    "cell",
}


@dataclass(frozen=True)
class Slider:
    """One input: its range, step and starting value in the unit's own measure (fractions, $bn).

    One that ``is_tick`` is a box to tick: 0 or 1.
    """

    name: str
    label: str
    unit: str
    min: float
    max: float
    step: float
    value: float
    note: str = ""
    is_tick: bool = False

    def problems(self) -> list[str]:
        """What is wrong with the slider, one line each."""
        found = []
        if not _NAME.fullmatch(self.name) or self.name in _RESERVED:
            found.append(
                f"slider {self.name!r}: expected lower-case words joined by '_', not a name of Vega's own"
            )
        if not self.min <= self.max or self.step <= 0:  # one that has one value stands still
            found.append(f"slider {self.name!r}: expected min ≤ max and a positive step")
        if not self.min <= self.value <= self.max:
            found.append(f"slider {self.name!r}: {self.value} is outside {self.min}…{self.max}")
        return found


@dataclass(frozen=True)
class Output:
    """One result: ``kernel`` takes sliders by their names, of which it may use only some.

    A :class:`~analysis.charts.grid.Grid` stands for a kernel that is no expression; ``note`` then
    states how far the interpolated result may be off. :class:`~analysis.charts.grid.Ticks` are exact.
    ``targets`` are levels to hold the result against, by the words that name them; the page says
    of each whether the result reaches it.
    """

    name: str
    label: str
    unit: str
    kernel: Callable[..., Any] | Grid | Ticks
    targets: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def value(self, inputs: Mapping[str, float]) -> float:
        """The result for the slider values ``inputs``."""
        if isinstance(self.kernel, Grid | Ticks):
            return self.kernel.at(inputs)
        return float(self.kernel(**_taken(self.kernel, inputs)))

    def expression(self, params: Mapping[str, alt.Parameter]) -> str:
        """The same result as an expression that Vega evaluates."""
        if isinstance(self.kernel, Grid | Ticks):
            return self.kernel.expression(f"grid_{self.name}")
        return expression(self.kernel(**_taken(self.kernel, params)))

    def signals(self, params: Mapping[str, alt.Parameter]) -> list[dict[str, Any]]:
        """The Vega signals that hold the result, ``output_<name>``, and what it is read from."""
        read = self.kernel.values if isinstance(self.kernel, Grid | Ticks) else ()
        held = [{"name": f"grid_{self.name}", "value": list(read)}] if read else []
        return [*held, {"name": f"output_{self.name}", "update": self.expression(params)}]


def _taken(kernel: Callable[..., Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The sliders that a kernel names, or all of them where it takes any (``**sliders``)."""
    named = inspect.signature(kernel).parameters
    takes_any = any(each.kind is each.VAR_KEYWORD for each in named.values())
    return dict(inputs) if takes_any else {name: inputs[name] for name in named}


@dataclass(frozen=True)
class Calculator:
    """Sliders, results and, where given, a chart steered by the same sliders, for a notebook.

    ``presets`` give slider values by scenario name; a slider that a preset leaves out keeps its
    starting value. ``chart`` is a function of the sliders' parameters (by name) that returns an
    Altair chart. ``description`` is the alt text of that chart as first shown.
    """

    title: str
    sliders: Sequence[Slider]
    outputs: Sequence[Output]
    presets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    chart: Callable[[Mapping[str, alt.Parameter]], Any] | None = None
    description: str = ""
    height: int = 300
    space_right: int = 8
    source: Sources = ()
    cutoff: date | None = None
    page: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if problems := self._problems():
            raise ValueError("\n".join(f"calculator {self.title!r}: {line}" for line in problems))

    def _problems(self) -> list[str]:
        found = [line for slider in self.sliders for line in slider.problems()]
        known = {slider.name: slider for slider in self.sliders}
        for preset, values in self.presets.items():
            for name, value in values.items():
                slider = known.get(name)
                if slider is None:
                    found.append(f"preset {preset!r}: no slider {name!r} (expected {', '.join(known)})")
                elif not slider.min <= value <= slider.max:
                    found.append(f"preset {preset!r}: {name} {value} is outside {slider.min}…{slider.max}")
        if not self.outputs:
            found.append("no outputs")
        if self.chart is not None and not self.description.strip():
            found.append("a chart without a description")
        return found

    def placed(self, page: str, name: str, cutoff: date) -> Calculator:
        """The calculator under its name on a page."""
        return replace(self, page=page, name=name, cutoff=self.cutoff or cutoff)

    def evidence(self) -> Sources:
        """What the calculator rests on, to be held against the cut-off."""
        return self.source

    def start(self) -> dict[str, float]:
        """The sliders' starting values."""
        return {slider.name: float(slider.value) for slider in self.sliders}

    def results(self, inputs: Mapping[str, float] | None = None) -> dict[str, float]:
        """Each output's value for ``inputs``, by default for the starting values."""
        values = {**self.start(), **(inputs or {})}
        return {output.name: output.value(values) for output in self.outputs}

    def drawing(self) -> Drawing:
        """What evaluates, and where there is a chart draws, the calculator.

        Each slider is a signal under its name, each output a signal ``output_<name>``.
        """
        params = {s.name: alt.param(name=s.name, value=float(s.value)) for s in self.sliders}
        signals = [signal for output in self.outputs for signal in output.signals(params)]
        charts = {}
        if self.chart is None:
            signals = [{"name": s.name, "value": float(s.value)} for s in self.sliders] + signals
        else:
            padding = {"left": 2, "top": 6, "bottom": 2, "right": self.space_right}
            drawn = self.chart(params).add_params(*params.values())
            charts = {"wide": fitted(as_dict(drawn), WIDE, self.height, padding)}
        presets = {name: {**self.start(), **values} for name, values in self.presets.items()}
        heights = {"wide": self.height, "narrow": self.height}
        settings = {"start": self.start(), "presets": presets}
        return Drawing(self._id, self.description, charts, heights, signals, settings)

    def html(self) -> str:
        """The calculator as the page shows it before any script runs."""
        return filled(self._frame(), self.drawing().parts())

    def _frame(self) -> str:
        title = tag("p", escape(self.title), class_="calculator-title", id=f"{self._id}-title")
        sliders = tag("div", fragment([self._slider(s) for s in self.sliders]), class_="sliders")
        form = tag("form", fragment([sliders, self._buttons()]), autocomplete="off")
        results = self.results()
        outputs = tag("dl", fragment([_output(o, results[o.name]) for o in self.outputs]), class_="outputs")
        plot = tag("div", PICTURES, class_="plot") if self.chart else ""
        parts = [title, form, outputs, plot, *self._foot(), DATA]
        return tag("section", fragment(parts), class_="calculator", id=self._id,
                   aria_labelledby=f"{self._id}-title", data_name=self.name)  # fmt: skip

    @property
    def _id(self) -> str:
        return f"calculator-{slug(self.page)}-{slug(self.name or self.title)}".replace("--", "-")

    def _slider(self, slider: Slider) -> str:
        return slider_html(slider, f"{self._id}-{slug(slider.name)}")

    def _buttons(self) -> str:
        presets = [
            tag("button", escape(name.capitalize()), type="button", data_preset=name, disabled=True)
            for name in self.presets
        ]
        group = tag("div", fragment(presets), class_="presets", role="group", aria_label="Set to")
        reset = tag("button", "Reset", type="button", class_="reset", disabled=True)
        link = tag("button", "Copy link", type="button", class_="share", disabled=True)
        return tag("div", (group if presets else "") + reset + link, class_="buttons")

    def _foot(self) -> list[str]:
        note = caption(self.source, self.cutoff)
        off = tag(
            "p", "The sliders need scripts. Without them this shows the starting values.", class_="source"
        )
        live = tag("p", "", class_="visually-hidden", role="status")
        return [live, tag("p", note, class_="source") if note else "", tag("noscript", off)]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload: dict[str, Any] = {"kind": "calculator", "page": self.page, "name": self.name}
        payload |= {"title": self.title, "start": self.start(), "results": self.results()}
        if is_drawn_apart():
            return bundle(self._frame(), {**payload, "drawing": asdict(self.drawing())})
        return bundle(self.html(), payload)


def slider_html(slider: Slider, key: str, marks: str = "", style: str | None = None) -> str:
    """A slider with its name, its value and what stands below its track, under an id of the page."""
    note = f"{key}-note" if slider.note else None
    if slider.is_tick:
        return _tick_html(slider, key, note)
    text = show(float(slider.value), slider.unit)
    label = tag("label", escape(slider.label), for_=key)
    value = tag("output", escape(text), for_=key, aria_live="off")  # the slider says its value itself
    field_ = f"<input{_range(slider, key, text, note)}>"
    hint = tag("small", escape(slider.note), id=note) if slider.note else ""
    return tag("div", label + value + field_ + marks + hint, class_="slider", style=style)


def _tick_html(slider: Slider, key: str, note: str | None) -> str:
    """A box to tick with its name and note; all of it can be pressed."""
    parts = {"type": "checkbox", "id": key, "name": slider.name}
    written = "".join(f' {name}="{escape(value)}"' for name, value in parts.items())
    told = f' aria-describedby="{note}"' if note else ""
    ticked = " checked" if slider.value else ""
    hint = tag("small", escape(slider.note), id=note) if slider.note else ""
    return tag(
        "div",
        f"<input{written}{told}{ticked} disabled>" + tag("label", escape(slider.label), for_=key) + hint,
        class_="slider tick",
    )


def expression(result: Any) -> str:
    """What a kernel returned for Altair parameters, as a Vega expression.

    Raises ``TypeError`` if it returned neither an expression nor a number.
    """
    if isinstance(result, alt.Parameter):
        return str(result.name)
    if isinstance(result, int | float) and math.isfinite(result):
        return repr(float(result))
    written = result.to_dict() if hasattr(result, "to_dict") else result
    text = written.get("expr") if isinstance(written, Mapping) else written
    if not isinstance(text, str):
        raise TypeError(f"the kernel gave {result!r} for Altair parameters (expected an expression)")
    return text


def _range(slider: Slider, key: str, text: str, note: str | None) -> str:
    parts = {"type": "range", "id": key, "name": slider.name, "min": slider.min, "max": slider.max}
    parts |= {"step": slider.step, "value": slider.value, "data-unit": slider.unit, "aria-valuetext": text}
    written = "".join(f' {name}="{escape(str(value))}"' for name, value in parts.items())
    return written + (f' aria-describedby="{note}"' if note else "") + " disabled"


def _output(output: Output, value: float) -> str:
    marks = [
        tag("li", escape(name), data_target=repr(float(level)), data_reached=str(value >= level).lower())
        for name, level in output.targets.items()
    ]
    shown = tag("dd", escape(show(value, output.unit)), data_output=output.name, data_unit=output.unit,
                data_value=repr(value))  # fmt: skip
    reached = tag("dd", tag("ul", "".join(marks)), class_="targets") if marks else ""
    note = tag("dd", escape(output.note), class_="note") if output.note else ""
    return tag("div", tag("dt", escape(output.label)) + shown + reached + note, class_="output")
