"""Your case: sliders, risks to tick and the hundred dots, on the whole model; as shown without scripts.

The results of the scenarios stand in the page. For anything else a worker runs the simulation: see
:mod:`analysis.report.case_model` and the site's scripts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analysis.charts.calculator import Slider, slider_html
from analysis.charts.html import NUMBERED, bundle, data_script, fragment, slug, tag
from analysis.charts.hundred import Hundred
from analysis.charts.sources import Sources, listed
from analysis.figures import Figure
from analysis.formats import escape, show

SIGNS = {"bear": "▽", "base": "●", "bull": "△"}
NAME = "case"  # that its part of an address begins with


@dataclass(frozen=True)
class Tick:
    """A risk that can be ticked: its name, and what it alone takes from the scenario's value."""

    key: str
    name: str
    cost: Figure


@dataclass(frozen=True)
class Told:
    """One result: its figure in each scenario, and for the chance of a target that to touch it."""

    name: str
    label: str
    unit: str
    by_scenario: Mapping[str, Figure]
    touched: Mapping[str, Figure] | None = None


@dataclass(frozen=True)
class Case:
    """The page's tool, for a notebook; ``settings`` are where the sliders stand in each scenario."""

    sliders: Sequence[Slider]
    settings: Mapping[str, Mapping[str, float]]
    colours: Mapping[str, str]
    ticks: Sequence[Tick]
    results: Sequence[Told]
    dots: Mapping[str, Hundred]
    start: str
    script: str
    page: str = ""
    name: str = ""

    def placed(self, page: str, name: str, cutoff: date) -> Case:
        """The tool under its name on a page."""
        dots = {each: figure.placed(page, name, cutoff) for each, figure in self.dots.items()}
        return replace(self, page=page, name=name, dots=dots)

    def evidence(self) -> Sources:
        """What the tool rests on, to be held against the cut-off."""
        told = [figure for result in self.results for figure in result.by_scenario.values()]
        return [*told, *(tick.cost for tick in self.ticks), *listed(self.dots[self.start].evidence())]

    def html(self) -> str:
        """Dots, sliders, risks and results as they stand in the report's scenario."""
        id_ = f"case-{slug(self.page)}-{slug(self.name)}"
        form = tag("form", self._controls() + self._risks(), autocomplete="off")
        results = tag("dl", fragment([self._result(each) for each in self.results]), class_="outputs")
        off = tag("p", "The sliders need scripts. Without them this shows the scenario.", class_="source")
        live = tag("p", "", class_="visually-hidden", role="status")
        source = f"_static/data/{self.page}/{self.name}.js"
        spec = data_script(self._spec(), "case-spec")
        # The dots are no figure of a chapter, and have no number.
        dots = self.dots[self.start].html().replace(NUMBERED.format("figure"), "")
        parts = [dots, form, results, live, tag("noscript", off), spec]
        shown = {"data_name": NAME, "data_model": source, "aria_label": "Your case"}
        return fragment([tag("section", fragment(parts), class_="case", id=id_, **shown)])

    def _controls(self) -> str:
        presets = [self._preset(name) for name in self.settings]
        group = tag(
            "div", fragment(presets), class_="presets", role="group", aria_label="Start from a scenario"
        )
        reset = tag("button", "Reset", type="button", class_="reset", disabled=True)
        link = tag("button", "Copy link", type="button", class_="share", disabled=True)
        buttons = tag("div", tag("span", "Start from") + group + reset + link, class_="buttons")
        many = ["No", "One", "Two", "Three", "Four", "Five", "Six"][len(self.sliders)]
        legend = tag("legend", f"{many} assumptions")
        state = tag("p", escape(f"{self.start.capitalize()} scenario"), class_="case-state")
        sliders = tag("div", fragment([self._slider(each) for each in self.sliders]), class_="sliders")
        return tag("div", state + buttons + tag("fieldset", legend + sliders), class_="case-controls")

    def _preset(self, name: str) -> str:
        words = tag("span", SIGNS.get(name, "○"), aria_hidden="true") + f" {escape(name.capitalize())}"
        pressed = str(name == self.start).lower()
        return tag("button", words, type="button", data_preset=name, disabled=True, aria_pressed=pressed)

    def _slider(self, slider: Slider) -> str:
        def left(value: float) -> str:
            return f"left:{100 * (value - slider.min) / (slider.max - slider.min):.2f}%"

        marks = [
            tag("span", SIGNS.get(name, "○"), style=left(settings[slider.name]))
            for name, settings in self.settings.items()
        ]
        colour = f"--own:var({self.colours.get(slider.name, '--ink')})"
        track = tag("div", "".join(marks), class_="marks", aria_hidden="true")
        return slider_html(slider, f"case-{slug(slider.name)}", track, colour)

    def _risks(self) -> str:
        most = max(-tick.cost.number for tick in self.ticks)
        rows = []
        for tick in self.ticks:
            box = f'<input type="checkbox" name="{escape(tick.key)}" disabled>'
            bar = tag("i", style=f"width:{max(-tick.cost.number / most, 0):.0%}")
            cost = tag("em", escape(show(tick.cost.number, "usd_bn0")))
            rows.append(tag("label", box + tag("span", escape(tick.name)) + tag("b", bar) + cost))
        note = f"what each alone takes from the {self.start} value"
        legend = tag("legend", "And if it goes wrong " + tag("span", escape(note)))
        return tag("fieldset", legend + tag("div", fragment(rows), class_="ticks"), class_="case-risks")

    def _result(self, told: Told) -> str:
        figure = told.by_scenario[self.start]
        value = tag("dd", escape(show(figure.number, told.unit)), data_output=told.name, data_unit=told.unit,
                    data_value=repr(figure.number))  # fmt: skip
        touched = ""
        if told.touched is not None:
            chance = told.touched[self.start].number
            said = tag("span", show(chance, told.unit), data_touched=told.name, data_value=repr(chance))
            touched = said + " touch it on the way; "
        base = f"{self.start} {show(figure.number, told.unit)}"
        note = tag("dd", touched + tag("span", escape(base), data_beside=told.name), class_="note")
        return tag("div", tag("dt", escape(told.label)) + value + note, class_="output")

    def _spec(self) -> dict[str, Any]:
        dots = self.dots[self.start]
        return {
            "start": self.start,
            "targets": [{"name": each.name, "level": each.level} for each in dots.targets],
            "today": {"value": dots.today.number, "text": str(dots.today)},
            "settings": {name: dict(each) for name, each in self.settings.items()},
            "title": dots.title,
            "scenarios": {
                name: {
                    "results": {each.name: each.by_scenario[name].number for each in self.results},
                    "touched": [each.touched.number for each in dots.targets],
                    "values": dots.values,
                    "shares": dots.touched,
                    "middle": dots.middle.number,
                }
                for name, dots in self.dots.items()
            },
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {"kind": "case", "page": self.page, "name": self.name, "title": self.dots[self.start].title}
        csv = self.dots[self.start].csv()
        return bundle(self.html(), {**payload, "csv": csv, "script": self.script})
