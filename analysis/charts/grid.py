"""Results on a grid, for calculators whose kernel is more than an expression: solves and odds.

The kernel is run at build time on every point of a regular grid; between the points the page
interpolates linearly in each direction. How far that is from the kernel is measured, and stated. Of boxes
to tick every combination is a point, so that nothing is interpolated.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Grid:
    """Values on a regular grid: ``axes`` gives (first, last, number of points) by slider name.

    ``values`` run through the last axis first. Points outside the grid take the value at its edge.
    """

    axes: Mapping[str, tuple[float, float, int]]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        wanted = math.prod(count for _, _, count in self.axes.values())
        if any(count < 2 or not first < last for first, last, count in self.axes.values()):
            raise ValueError(f"axes {dict(self.axes)} (expected first < last and at least two points each)")
        if len(self.values) != wanted or not all(math.isfinite(value) for value in self.values):
            raise ValueError(f"{len(self.values)} values (expected {wanted} finite ones)")

    @classmethod
    def of(cls, kernel: Callable[..., Any], **axes: tuple[float, float, int]) -> Grid:
        """The grid of ``kernel``, which takes the axes by name, all points of them as arrays.

        ``np.vectorize`` makes such a kernel of one that takes numbers.
        """
        return cls(axes, tuple(_results(kernel, {name: _points(*axis) for name, axis in axes.items()})))

    def at(self, inputs: Mapping[str, float]) -> float:
        """The interpolated value: Σ over a cell's corners of the corner's value × its weight."""
        cells = [_cell(float(inputs[name]), *axis) for name, axis in self.axes.items()]
        return sum(
            self.values[self._index([low + step for (low, _), step in zip(cells, corner, strict=True)])]
            * math.prod(part if step else 1 - part for (_, part), step in zip(cells, corner, strict=True))
            for corner in itertools.product((0, 1), repeat=len(cells))
        )

    def expression(self, signal: str) -> str:
        """:meth:`at` as a Vega expression; the signal ``signal`` holds the values, sliders their names."""
        places = {
            name: f"clamp(({name} - {first!r}) / {(last - first) / (count - 1)!r}, 0, {count - 1})"
            for name, (first, last, count) in self.axes.items()
        }
        lows = {n: f"min(floor({place}), {self.axes[n][2] - 2})" for n, place in places.items()}
        terms = []
        for corner in itertools.product((0, 1), repeat=len(places)):
            index, weight = "0", []
            for (name, place), step in zip(places.items(), corner, strict=True):
                index = f"({index}) * {self.axes[name][2]} + {lows[name]} + {step}"
                part = f"({place} - {lows[name]})"
                weight.append(part if step else f"(1 - {part})")
            terms.append(f"{signal}[{index}] * {' * '.join(weight)}")
        return " + ".join(terms)

    def error(self, kernel: Callable[..., Any]) -> float:
        """Largest distance from ``kernel`` at the centres of all cells, where interpolation is worst."""
        steps = {name: [(a + b) / 2 for a, b in itertools.pairwise(_points(*axis))]
                 for name, axis in self.axes.items()}  # fmt: skip
        centres = (dict(zip(steps, point, strict=True)) for point in itertools.product(*steps.values()))
        found = zip(centres, _results(kernel, steps), strict=True)
        return max(abs(self.at(centre) - value) for centre, value in found)

    def _index(self, place: list[int]) -> int:
        index = 0
        for position, (_, _, count) in zip(place, self.axes.values(), strict=True):
            index = index * count + position
        return index


@dataclass(frozen=True)
class Ticks:
    """A result for each combination of boxes: ``values`` in binary order, the first of ``names`` leading.

    A box is 1 where it is ticked, else 0. Raises ``ValueError`` unless there are 2 ^ boxes values.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != 2 ** len(self.names):
            raise ValueError(f"{len(self.values)} values (expected {2 ** len(self.names)})")

    def at(self, inputs: Mapping[str, float]) -> float:
        """The value for boxes that are ticked or not."""
        return self.values[sum(round(inputs[name]) * place for name, place in self._places())]

    def expression(self, signal: str) -> str:
        """:meth:`at` as a Vega expression; the signal ``signal`` holds the values, boxes their names."""
        return f"{signal}[{' + '.join(f'{name} * {place}' for name, place in self._places())}]"

    def _places(self) -> list[tuple[str, int]]:
        last = len(self.names) - 1
        return [(name, 2 ** (last - at)) for at, name in enumerate(self.names)]


def _results(kernel: Callable[..., Any], steps: Mapping[str, list[float]]) -> list[float]:
    """The kernel at every combination of steps, the last axis first."""
    points = np.array(list(itertools.product(*steps.values()))).T
    return [float(value) for value in kernel(**dict(zip(steps, points, strict=True)))]


def _points(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * step / (count - 1) for step in range(count)]


def _cell(value: float, first: float, last: float, count: int) -> tuple[int, float]:
    place = min(max((value - first) / ((last - first) / (count - 1)), 0.0), float(count - 1))
    low = min(math.floor(place), count - 2)
    return low, place - low
