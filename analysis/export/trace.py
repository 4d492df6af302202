"""Figures as lines of a sheet: what was reported is typed in, what follows from it is a formula.

A figure records the sum it came from in words (``sales, 2025Q1 + sales, 2025Q2 + …``); with the cell of each
input in the place of its label, that is the formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.figures import Figure

_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})
_ARITHMETIC = re.compile(r"[A-Z0-9$.()+*/^ -]*")


@dataclass(frozen=True)
class Line:
    """One line: the figure, its value in the line's own unit, and its formula if it has one."""

    figure: Figure
    value: float
    unit: str
    formula: str | None


@dataclass
class Ledger:
    """Lines in which every figure stands below its inputs, each once; line n is in row ``first + n``.

    Money is in the unit that the formula gives: a figure in USD billions made of figures in USD millions has
    its line in millions, and :meth:`ref` divides.
    """

    column: str
    first: int
    lines: list[Line] = field(default_factory=list)
    _rows: dict[tuple[object, ...], int] = field(default_factory=dict)

    def ref(self, figure: Figure) -> str:
        """A formula for the figure in its own unit; adds the lines that it needs.

        Raises ``ValueError`` for a figure whose formula is more than arithmetic on its inputs.
        """
        key = _key(figure)
        if key not in self._rows:
            line = self._typed(figure) if not figure.inputs else self._computed(figure)
            self._rows[key] = len(self.lines)
            self.lines.append(line)
        at = self._rows[key]
        cell = f"{self.column}{self.first + at}"
        return f"({cell}/1000)" if (self.lines[at].unit, figure.unit) == ("usd_m", "usd_bn") else cell

    def _typed(self, figure: Figure) -> Line:
        """What was read in a document, in the unit in which the statements print it."""
        path = figure.source.path if figure.source is not None else None
        if figure.unit == "usd_bn" and path is not None and "/quarters/" in path:
            return Line(figure, round(figure.number * 1000, 6), "usd_m", None)
        return Line(figure, figure.number, figure.unit, None)

    def _computed(self, figure: Figure) -> Line:
        refs: dict[str, str] = {}
        for item in figure.inputs:
            ref = self.ref(item)
            if refs.setdefault(item.label, ref) != ref:
                raise ValueError(f"{figure.label!r} has two inputs that are called {item.label!r}")
        labels = sorted(refs, key=len, reverse=True)
        pattern = re.compile("|".join(re.escape(label) for label in labels))
        formula = pattern.sub(lambda match: refs[match[0]], figure.formula or "").translate(_SIGNS)
        if not _ARITHMETIC.fullmatch(formula):
            raise ValueError(f"{figure.label!r} is no arithmetic on its inputs: {figure.formula!r}")
        if figure.unit == "usd_bn" and {item.unit for item in figure.inputs} == {"usd_m"}:
            return Line(figure, figure.number * 1000, "usd_m", formula)
        return Line(figure, figure.number, figure.unit, formula)


def _key(figure: Figure) -> tuple[object, ...]:
    """What makes two figures the same line, whatever the unit they are given in."""
    source = figure.source
    where = (source.document, source.path, source.field) if source is not None else ()
    return (figure.label, figure.formula, *where, *(_key(item) for item in figure.inputs))
