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

from analysis.formats import show

Quality = Literal["primary", "secondary", "estimate", "article_claim", "assumption"]

# Factor from a unit to the next coarser unit of the same kind.
_SCALES = {("usd_m", "usd_bn"): 1e-3, ("usd_bn", "usd_m"): 1e3, ("usd", "usd_bn"): 1e-9}


# Units that carry no dimension: multiplying or dividing by them leaves the other unit as it is.
_RATIOS = ("fraction", "x", "points", "years")
# What stands in a sentence for a figure that was not public, by its unit.
_NOT_PUBLIC = {
    "usd_bn": "an amount that was not public",
    "fraction": "a share that was not public",
    "points": "a change that was not public",
    "years": "a time that was not public",
    "count": "a number that was not public",
    "quarter": "a quarter that was not public",
}


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
    Arithmetic with figures and plain numbers records formula and inputs, and gives the result a unit
    (money ÷ money is a fraction, a difference of fractions is in points) and its formula as label;
    :meth:`named` overrides both. A figure that was not public (:func:`not_public`) makes every result
    absent. In text a figure is written as the report prints it, or in the format that is named.

    >>> sales, income = Figure(200.0, "usd_bn", "sales, 2025"), Figure(20.0, "usd_bn", "income, 2025")
    >>> margin = income / sales
    >>> margin.value, margin.unit, margin.label, f"{margin}, about {margin:percent0}"
    (0.1, 'fraction', 'income ÷ sales, 2025', '10.0%, about 10%')
    >>> str(not_public("cost", "usd_bn") / sales)
    'a share that was not public'
    """

    value: float | str
    unit: str
    label: str
    source: Source | None = None
    formula: str | None = None
    inputs: tuple[Figure, ...] = ()
    binding: int = field(default=9, repr=False)  # how tightly the formula's last operator binds
    is_absent: bool = field(default=False, repr=False)

    @property
    def number(self) -> float:
        """The value as a float; raises ``UnitError`` for text."""
        if isinstance(self.value, str):
            raise UnitError(f"{self.label!r} is text ({self.value!r}), not a number")
        return self.value

    def __float__(self) -> float:
        return float(self.number)

    def __str__(self) -> str:
        return show(self.value, self.unit)

    def __format__(self, form: str) -> str:
        return show(self.value, form or self.unit)

    @property
    def is_unnamed(self) -> bool:
        """Whether label and unit only follow from the formula: a ratio may still be called a multiple."""
        return self.binding < 9

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

    def missing(self) -> tuple[str, ...]:
        """Labels of the figures that were not public, where this one is absent for want of them."""
        if not self.is_absent:
            return ()
        if not self.is_unnamed:
            return (self.label,)
        return tuple(dict.fromkeys(label for figure in self.inputs for label in figure.missing()))

    def sources(self) -> tuple[Source, ...]:
        """Every distinct source below this figure, in the order met."""
        return tuple(dict.fromkeys(f.source for f in self.walk() if f.source is not None))

    def named(self, label: str, unit: str | None = None) -> Figure:
        """The same figure under another label (and unit, the value unchanged)."""
        return replace(self, label=label, unit=self.unit if unit is None else unit, binding=9)

    def or_words(self, words: str) -> Figure:
        """The figure, or ``words`` in its place if it was not public."""
        return replace(self, value=words) if self.is_absent else self

    def at_most(self, ceiling: float) -> Figure:
        """The figure, or ``ceiling`` where that is smaller; what the figure was made of is kept."""
        formula = f"min({self.formula if self.binding < 9 else self.label}, {ceiling:g})"
        inputs = self.inputs if self.binding < 9 else (self,)
        return Figure(min(self.number, ceiling), self.unit, formula, None, formula, inputs, binding=4)

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


def not_public(label: str, unit: str, *missing: Figure) -> Figure:
    """A figure that was not public at the cut-off: a figure all the same, printed as words.

    ``missing`` are the absent figures that it would have followed from.
    """
    words = _NOT_PUBLIC.get(unit, "a figure that was not public")
    return Figure(words, unit, label, inputs=missing, binding=1 if missing else 9, is_absent=True)


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
    sides = [side for side in (left, right) if isinstance(side, Figure)]
    formula = f"{_term(left, binding, sign, False)} {sign} {_term(right, binding, sign, True)}"
    label, unit = _label(left, right, sign, formula), _unit(left, right, sign)
    inputs: dict[int, Figure] = {}
    for side in sides:
        leaves = side.inputs if side.binding < 9 else (side,)
        inputs.update((id(leaf), leaf) for leaf in leaves)
    if any(side.is_absent for side in sides):
        return not_public(label, unit, *(leaf for leaf in inputs.values() if leaf.is_absent))
    a, b = (x.number if isinstance(x, Figure) else x for x in (left, right))
    return Figure(rule(a, b), unit, label, None, formula, tuple(inputs.values()), binding)


def _term(side: Figure | float, binding: int, sign: str, is_right: bool) -> str:
    """One operand as text, in brackets where leaving them out would change the meaning."""
    if not isinstance(side, Figure):
        return f"{side:g}" if side >= 0 else f"(−{-side:g})"
    loose = side.binding < binding
    same = side.binding == binding and ((is_right and sign in "−÷") or (not is_right and sign == "^"))
    words = side.formula if side.binding < 9 and side.formula else side.label
    return f"({words})" if loose or same else words


def _label(left: Figure | float, right: Figure | float, sign: str, formula: str) -> str:
    """The formula, an ending that both sides share said once: "income ÷ sales, 2025"."""
    if isinstance(left, Figure) and isinstance(right, Figure) and left.binding == right.binding == 9:
        (first, _, ending), (second, _, same) = (side.label.rpartition(", ") for side in (left, right))
        if first and second and ending == same:
            return f"{first} {sign} {second}, {ending}"
    return formula


def _unit(left: Figure | float, right: Figure | float, sign: str) -> str:
    """The unit of a result where the sides' units decide it, else ``""``."""
    a, b = (side.unit if isinstance(side, Figure) else None for side in (left, right))
    if a is None or b is None:
        kept = a is not None or sign != "÷"
        return (a or b or "") if kept and (sign != "^" or a == "fraction") else ""
    if sign in "+−":
        same = a if a == b else "fraction" if {a, b} == {"fraction", "points"} else ""
        return "points" if sign == "−" and same == "fraction" else same
    if sign == "÷" and a == b:
        return "fraction"
    if b in _RATIOS and sign in "×÷":
        return a
    return b if a in _RATIOS and sign == "×" else a if sign == "^" and a == "fraction" else ""
