"""Figures: numbers that know their unit, their source and how they were computed.

The kernels in :mod:`analysis.model` use only ``+ - * / **``. Run on :class:`Figure` instead of
``float`` they return the same value and record on the way which figures went in, so a page can
show formula, inputs, source and date for every number it prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

Quality = Literal["primary", "secondary", "estimate", "article_claim", "assumption"]

# Factor from a unit to the next coarser unit of the same kind.
_SCALES = {("usd_m", "usd_bn"): 1e-3, ("usd_bn", "usd_m"): 1e3, ("usd", "usd_bn"): 1e-9}


class UnitError(ValueError):
    """A figure was asked for in a unit that its own unit cannot be converted to."""


@dataclass(frozen=True)
class Source:
    """Where a figure was read: the document, the day it became public, the place in ``data/``.

    ``path`` and ``field`` name the file of this repository and the entry in it that hold the
    figure, so that a reader can go from a sentence to the line in the data.
    """

    document: str
    published: date
    url: str | None = None
    path: str | None = None
    field: str | None = None
    quality: Quality = "primary"
    note: str | None = None


@dataclass(frozen=True, eq=False)
class Figure:
    """A number with unit and label and, where it has them, a source or a formula with inputs.

    ``value`` is a float, or a string for words that depend on numbers (unit ``"text"``).
    Arithmetic with figures and plain numbers returns a figure of unit ``""`` whose formula and
    inputs are recorded; :meth:`named` gives the result its label and unit.

    >>> sales, income = Figure(200.0, "usd_bn", "sales"), Figure(20.0, "usd_bn", "income")
    >>> margin = (income / sales).named("margin", "fraction")
    >>> margin.value, margin.formula, [f.label for f in margin.inputs]
    (0.1, 'income ÷ sales', ['income', 'sales'])
    """

    value: float | str
    unit: str
    label: str
    source: Source | None = None
    formula: str | None = None
    inputs: tuple[Figure, ...] = ()
    binding: int = field(default=9, repr=False)  # how tightly the formula's last operator binds

    @property
    def number(self) -> float:
        """The value as a float; raises ``UnitError`` for text."""
        if isinstance(self.value, str):
            raise UnitError(f"{self.label!r} is text ({self.value!r}), not a number")
        return self.value

    def __float__(self) -> float:
        return float(self.number)

    @property
    def published(self) -> date | None:
        """The latest publication date among this figure's source and all its inputs."""
        dates = [f.source.published for f in self.walk() if f.source is not None]
        return max(dates, default=None)

    def walk(self) -> Iterator[Figure]:
        """This figure and everything it was computed from, each once, depth first."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            figure = stack.pop()
            if id(figure) not in seen:
                seen.add(id(figure))
                yield figure
                stack.extend(reversed(figure.inputs))

    def sources(self) -> tuple[Source, ...]:
        """Every distinct source below this figure, in the order met."""
        return tuple(dict.fromkeys(f.source for f in self.walk() if f.source is not None))

    def named(self, label: str, unit: str | None = None) -> Figure:
        """The same figure under another label (and unit, the value unchanged)."""
        return replace(self, label=label, unit=self.unit if unit is None else unit, binding=9)

    def to(self, unit: str) -> Figure:
        """The figure converted to ``unit``, source kept; raises ``UnitError`` if it cannot be."""
        if unit == self.unit:
            return self
        if (self.unit, unit) not in _SCALES:
            raise UnitError(f"{self.label!r} is in {self.unit!r} and cannot be given in {unit!r}")
        return replace(self, value=self.number * _SCALES[self.unit, unit], unit=unit)

    def __add__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "+", 1, lambda a, b: a + b)

    def __radd__(self, other: float) -> Figure:
        return _combine(other, self, "+", 1, lambda a, b: a + b)

    def __sub__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "−", 1, lambda a, b: a - b)

    def __rsub__(self, other: float) -> Figure:
        return _combine(other, self, "−", 1, lambda a, b: a - b)

    def __mul__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "×", 2, lambda a, b: a * b)

    def __rmul__(self, other: float) -> Figure:
        return _combine(other, self, "×", 2, lambda a, b: a * b)

    def __truediv__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "÷", 2, lambda a, b: a / b)

    def __rtruediv__(self, other: float) -> Figure:
        return _combine(other, self, "÷", 2, lambda a, b: a / b)

    def __pow__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "^", 3, lambda a, b: a**b)

    def __rpow__(self, other: float) -> Figure:
        return _combine(other, self, "^", 3, lambda a, b: a**b)

    def __neg__(self) -> Figure:
        return -1.0 * self


def computed(value: float | str, unit: str, label: str, formula: str, *inputs: Figure) -> Figure:
    """A figure whose value came from a kernel that is more than arithmetic on its inputs.

    ``formula`` says in words or symbols how ``value`` follows from ``inputs``.
    """
    return Figure(value, unit, label, formula=formula, inputs=inputs)


def text(value: str, label: str, *inputs: Figure) -> Figure:
    """A word or phrase chosen by the numbers in ``inputs``, for use in a sentence."""
    return Figure(value, "text", label, formula=label, inputs=inputs)


def total(figures: list[Figure], label: str) -> Figure:
    """The sum of figures that share one unit; raises ``UnitError`` if they do not."""
    units = {f.unit for f in figures}
    if len(units) != 1:
        raise UnitError(f"{label!r} would add {sorted(units)}")
    return Figure(
        sum(f.number for f in figures),
        units.pop(),
        label,
        formula=" + ".join(f.label for f in figures),
        inputs=tuple(figures),
    )


def _combine(
    left: Figure | float,
    right: Figure | float,
    sign: str,
    binding: int,
    rule: Callable[[float, float], float],
) -> Figure:
    a, b = (x.number if isinstance(x, Figure) else x for x in (left, right))
    inputs: dict[int, Figure] = {}
    for side in (left, right):
        if isinstance(side, Figure):
            leaves = side.inputs if side.binding < 9 else (side,)
            inputs.update((id(leaf), leaf) for leaf in leaves)
    formula = f"{_term(left, binding, sign, False)} {sign} {_term(right, binding, sign, True)}"
    return Figure(rule(a, b), "", formula, None, formula, tuple(inputs.values()), binding)


def _term(side: Figure | float, binding: int, sign: str, is_right: bool) -> str:
    """One operand as text, in brackets where leaving them out would change the meaning."""
    if not isinstance(side, Figure):
        return f"{side:g}" if side >= 0 else f"(−{-side:g})"
    loose = side.binding < binding
    same = side.binding == binding and ((is_right and sign in "−÷") or (not is_right and sign == "^"))
    return f"({side.label})" if loose or same else side.label
