"""What a chart is given: figures by step, by name or both. What was not public is left out of it.

A step is a quarter, the end of a year, a day between such, a number or a name. A value is a
:class:`~analysis.figures.Figure`, which brings its unit and its sources, or a plain number, for which the
chart is told ``unit`` and ``source``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import pandas as pd

from analysis.charts.render import Chart, ChartFigure
from analysis.charts.sources import Sources, listed
from analysis.charts.table import Column
from analysis.figures import Figure
from analysis.formats import month, year_ends
from analysis.units import base_unit

Value: TypeAlias = Figure | float | None


class Series(Protocol):
    """Figures by period, as a report gives them."""

    @property
    def label(self) -> str:
        """What the figures are."""

    @property
    def unit(self) -> str:
        """The unit of them all."""

    @property
    def figures(self) -> Mapping[Any, Figure]:
        """The figures by period."""


Steps: TypeAlias = Series | Mapping[Any, Value] | pd.Series
Many: TypeAlias = Mapping[str, Steps] | pd.DataFrame
Levels: TypeAlias = Mapping[str, Value] | Sequence[Figure]

_KINDS = {"Quarter": re.compile(r"(FY)?\d{4}Q[1-4]"), "Month": re.compile(r"\d{4}-\d{2}")}


class NothingToDraw(ValueError):
    """None of a chart's figures was public."""


def is_known(value: Value) -> bool:
    """Whether there is a number to draw."""
    if isinstance(value, Figure):
        return not value.is_absent and not isinstance(value.value, str)
    return value is not None and not math.isnan(value)


def number(value: Value) -> float:
    """A value as a plain number; not a number where it was not public."""
    return float(value) if value is not None and is_known(value) else math.nan


def known(steps: Steps) -> dict[Any, Value]:
    """Values by step; those that were not public are left out."""
    cells = steps if isinstance(steps, Mapping | pd.Series) else steps.figures
    return {step: value for step, value in cells.items() if is_known(value)}


def unit_of(values: Iterable[Value], unit: str | None, title: str) -> str:
    """``unit``, or the one that all figures share; raises ``ValueError`` if there is none."""
    if unit is not None:
        return unit
    units = {value.unit for value in values if isinstance(value, Figure)}
    if len(units) != 1:
        found = ", ".join(sorted(units)) or "none"
        raise ValueError(f"chart {title!r}: expected one unit, found {found}; say which with unit=…")
    return units.pop()


def levels_of(levels: Levels) -> dict[str, float]:
    """Levels to draw as lines, by the words that name them; figures of targets name themselves.

    >>> levels_of([Figure(4000.0, "usd_bn", "Target 4T")])
    {'$4T': 4000.0}
    """
    if not isinstance(levels, Mapping):
        levels = {f"${figure.label.removeprefix('Target ')}": figure for figure in levels}
    return {name: float(value) for name, value in levels.items() if value is not None and is_known(value)}


def figures_of(*values: Iterable[Value] | Levels) -> list[Figure]:
    """The figures that were public among values, levels or rows of them."""
    found = []
    for each in values:
        cells = each.values() if isinstance(each, Mapping) else each
        found += [cell for cell in cells if isinstance(cell, Figure) and not cell.is_absent]
    return found


@dataclass(frozen=True)
class Frame:
    """Values of several series by step: tidy rows to draw, a row a step to show as a table."""

    cells: Mapping[str, Mapping[Any, Value]]
    unit: str
    step: str
    places: Sequence[Any] = ()

    @classmethod
    def of(cls, series: Many, title: str, unit: str | None = None, step: str | None = None) -> Frame:
        """The series that have values; raises :class:`NothingToDraw` if none has."""
        given = {str(name): known(steps) for name, steps in series.items()}
        cells = {name: values for name, values in given.items() if values}
        if not cells:
            raise NothingToDraw(title)
        every = [value for values in cells.values() for value in values.values()]
        first = next(iter(next(iter(cells.values()))))
        return cls(cells, unit_of(every, unit, title), step or _kind(first))

    @property
    def names(self) -> list[str]:
        """The names of the series."""
        return list(self.cells)

    @property
    def kind(self) -> str:
        """What the steps are: ``Quarter``, ``Year``, ``Month``, or any other ``Step``."""
        kinds = {_kind(step) for values in self.cells.values() for step in values}
        return kinds.pop() if len(kinds) == 1 else "Step"

    @property
    def field(self) -> str:
        """The column of :attr:`rows` that holds the steps."""
        field = self.step.lower()
        return "name" if field in ("series", "value") else field

    @cached_property
    def steps(self) -> list[Any]:
        """All steps, in the order of time where they have one."""
        met = list(dict.fromkeys(step for values in self.cells.values() for step in values))
        return met if self.kind == "Step" else sorted(met, key=year_ends if self.kind == "Year" else None)

    @property
    def axis(self) -> list[Any]:
        """The ``places``; else the steps, and the quarters between them that have no value and stay empty."""
        if self.places:
            return list(self.places)
        if self.kind != "Quarter":
            return self.steps
        before = self.steps[0][:-6]  # "FY" of a company's own years
        first, last = (4 * int(step[-6:-2]) + int(step[-1]) - 1 for step in (self.steps[0], self.steps[-1]))
        return [f"{before}{at // 4}Q{at % 4 + 1}" for at in range(first, last + 1)]

    def place(self, step: Any) -> str | float:
        """Where a step is drawn: on an axis of time if a day is among the steps, else by its words."""
        has_day = any(isinstance(each, date) for each in self.steps)
        return year_ends(step) if has_day else month(str(step))

    @property
    def along(self) -> list[Any]:
        """The places of the :attr:`axis`."""
        return [self.place(step) for step in self.axis]

    @property
    def curves(self) -> list[list[tuple[float, float]]]:
        """The series as pairs of a part of the width and a value."""
        along = self.along
        first, wide = (along[0], along[-1] - along[0]) if isinstance(along[0], float) else (0, len(along) - 1)
        parts = {
            step: ((place if isinstance(place, float) else at) - first) / (wide or 1)
            for at, (step, place) in enumerate(zip(self.axis, along, strict=True))
        }
        return [
            [(parts[step], number(value)) for step, value in cells.items() if step in parts]
            for cells in self.cells.values()
        ]

    @property
    def rows(self) -> pd.DataFrame:
        """One row a value: the step's place, ``series``, ``value`` as a plain number."""
        found = [
            (self.place(step), name, number(values[step]))
            for step in self.steps
            for name, values in self.cells.items()
            if step in values
        ]
        return pd.DataFrame(found, columns=[self.field, "series", "value"])

    @property
    def figures(self) -> list[Figure]:
        """Every figure drawn."""
        return figures_of(*(values.values() for values in self.cells.values()))

    @property
    def latest(self) -> list[Figure]:
        """The last figure of each series: what the line under the chart names the sources of."""
        return figures_of([list(values.values())[-1] for values in self.cells.values()])

    def table(self, also: Many | None = None) -> tuple[pd.DataFrame, list[Column]]:
        """One row a step, the series as columns; ``also`` gives columns that are not drawn."""
        beside = {str(name): known(steps) for name, steps in (also.items() if also is not None else ())}
        shown = {self.step: self.steps}
        columns = [Column(self.step, self.step)]
        for name, values in [*self.cells.items(), *beside.items()]:
            unit = self.unit if name in self.cells else unit_of(values.values(), None, name)
            shown[name] = [number(values.get(step)) for step in self.steps]
            columns.append(Column(name, name, base_unit(unit)))
        return pd.DataFrame(shown), columns


def chart_figure(
    drawn: Chart,
    kind: str,
    title: str,
    finding: str,
    table: tuple[pd.DataFrame, Sequence[Column]],
    figures: Sequence[Figure],
    source: Sources = (),
    **size: Any,
) -> ChartFigure:
    """A chart with its words: ``kind`` says in the alt text what is drawn; ``source`` is named below.

    Without a source the documents of ``figures`` are named.
    """
    data, columns = table
    words = f"{title}, {kind}. {finding.removesuffix('.')}."
    named = listed(source) or list(figures)
    return ChartFigure(
        drawn, title, words, data, named, columns, finding=finding, figures=tuple(figures), **size
    )


def named_table(
    head: str, rows: Mapping[str, Sequence[Value]], heads: Sequence[str], unit: str
) -> tuple[pd.DataFrame, list[Column]]:
    """A table with a row for each name and a column for each of ``heads``."""
    names = {head: list(rows)}
    cells = {each: [number(values[at]) for values in rows.values()] for at, each in enumerate(heads)}
    columns = [Column(head, head), *(Column(each, each, base_unit(unit)) for each in heads)]
    return pd.DataFrame({**names, **cells}), columns


def _kind(step: Any) -> str:
    if isinstance(step, int | date):
        return "Year"
    return next((kind for kind, form in _KINDS.items() if form.fullmatch(str(step))), "Step")
