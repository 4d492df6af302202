"""Calculators from a notebook: sliders whose ranges follow from the presets, results, a chart they steer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.charts import steered
from analysis.charts.calculator import Calculator, Output, Slider
from analysis.charts.frames import Levels, Value, levels_of, number
from analysis.charts.grid import Grid, Ticks
from analysis.charts.sources import Sources


@dataclass(frozen=True)
class Lever:
    """A slider before its range is known; ``low`` and ``high`` are ends that no value lies beyond yet."""

    label: str
    unit: str
    step: float
    low: float | None = None
    high: float | None = None
    lowest: float = -math.inf
    note: str = ""
    is_tick: bool = False

    def over(self, name: str, values: Sequence[float], start: float) -> Slider:
        """The slider that spans ``values``: as much again on either side, or to the end given at least."""
        if self.is_tick:
            return Slider(name, self.label, self.unit, 0.0, 1.0, 1.0, start, self.note, is_tick=True)
        least, most = min(values), max(values)
        width = max(most - least, 10 * self.step)
        low = least - width if self.low is None else min(self.low, least)
        high = most + width if self.high is None else max(self.high, most)
        if low != self.low:
            low = max(math.floor(round(low / self.step, 6)) * self.step, self.lowest)
        if high != self.high:
            high = math.ceil(round(high / self.step, 6)) * self.step
        low, high = round(low, 6), round(high, 6)
        return Slider(name, self.label, self.unit, low, high, self.step, start, self.note)


def slider(
    label: str,
    unit: str,
    *,
    step: float,
    low: float | None = None,
    high: float | None = None,
    lowest: float = -math.inf,
    note: str = "",
) -> Lever:
    """An input of a calculator from ``low`` to ``high``, or farther where a preset lies beyond.

    An end that is not given follows from the presets, never below ``lowest``.
    """
    return Lever(label, unit, step, low, high, lowest, note)


def tick(label: str, *, note: str = "") -> Lever:
    """A box to tick, as an input of a calculator: 0, or 1 where it is ticked."""
    return Lever(label, "number0", 1.0, note=note, is_tick=True)


def result(
    label: str,
    unit: str,
    kernel: Callable[..., Any] | Grid | Ticks,
    *,
    name: str = "",
    targets: Levels = (),
    note: str = "",
) -> Output:
    """A result of a calculator, a function of some of its sliders; the page says which targets it reaches.

    The result is called as its function is; a grid or ticks, which have no name, and a lambda need ``name``.
    """
    return Output(name or getattr(kernel, "__name__", ""), label, unit, kernel, levels_of(targets), note)


def calculator(
    *,
    title: str,
    sliders: Mapping[str, Lever],
    results: Sequence[Output],
    presets: Mapping[str, Mapping[str, Value]],
    start: Mapping[str, Value],
    finding: str = "",
    columns: Callable[..., Mapping[Any, Any]] | None = None,
    bars: Callable[..., Mapping[Any, Any]] | None = None,
    chart: Callable[..., Any] | None = None,
    targets: Levels = (),
    height: int = 300,
    source: Sources = (),
) -> Calculator:
    """Sliders that the functions of ``results`` take by name, and buttons for ``presets``.

    The functions run in the reader's browser on what the sliders say: ``+ - * / **`` only. Sliders stand at
    ``start``, and where no ends are given span the presets and as much again on either side. ``columns``
    and ``bars`` are functions of the sliders that give amounts in $bn by year or name, drawn upright
    against ``targets`` or as rows; ``chart`` is one that returns any Altair chart; without all three there
    is no picture. ``finding`` goes into its alt text.
    """
    settings = {
        name: {key: number(value) for key, value in preset.items()} for name, preset in presets.items()
    }
    begin = {key: number(value) for key, value in start.items()}
    spans = {key: [preset[key] for preset in settings.values() if key in preset] for key in sliders}
    if lacking := [key for key in sliders if key not in begin]:
        raise ValueError(f"calculator {title!r}: say with start=… where {', '.join(lacking)} begin")

    def drawn(values: Mapping[str, Any]) -> Any:
        if chart is not None:
            return chart(**values)
        if bars is not None:
            return steered.bars(_by_name(bars(**values)))
        assert columns is not None
        return steered.columns(_by_name(columns(**values)), levels_of(targets))

    beside = ", with the targets as lines" if targets else ""
    kind = "A chart" if chart else "Bars, one a row" if bars else f"Bars side by side{beside}"
    return Calculator(
        title,
        [lever.over(key, [*spans[key], begin[key]], begin[key]) for key, lever in sliders.items()],
        results,
        settings,
        drawn if chart or bars or columns else None,
        f"{kind}. {finding.removesuffix('.')}.",
        height,
        source=source,
    )


def _by_name(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in values.items()}


def _numbers(values: Mapping[str, Value]) -> dict[str, float]:
    return {name: number(value) for name, value in values.items()}
