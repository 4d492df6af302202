"""Figures: numbers that know their unit, their source and how they were computed.

The kernels in :mod:`analysis.model` use only ``+ - * / **``. Run on :class:`Figure` instead of
``float`` they return the same value and record on the way which figures went in, so a page can
show formula, inputs, source and date for every number it prints. Formula and inputs of a result are
worked out when somebody asks: a projection of many years costs little more than its arithmetic.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from numbers import Real
from typing import Any, Literal, cast

from analysis.formats import FORMATS, escape, show

Quality = Literal["primary", "secondary", "estimate", "article_claim", "assumption"]

# Factor from a unit to the next coarser unit of the same kind.
_SCALES = {("usd_m", "usd_bn"): 1e-3, ("usd_bn", "usd_m"): 1e3, ("usd", "usd_bn"): 1e-9}


# Units that carry no dimension: multiplying or dividing by them leaves the other unit as it is.
RATIOS = ("fraction", "x", "points", "years")
# What stands in a sentence for a figure that was not public, by its unit.
_NOT_PUBLIC = {
    "usd_bn": "an amount that was not public",
    "fraction": "a share that was not public",
    "points": "a change that was not public",
    "years": "a time that was not public",
    "count": "a number that was not public",
    "quarter": "a quarter that was not public",
    "text": "not known",
}


_BINDING = {"+": 1, "−": 1, "×": 2, "÷": 2, "^": 3, "min": 4, "max": 4, "ln": 4}
_RULES: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "−": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
    "^": operator.pow,
    "min": min,
    "max": max,
}
# Whether the left, the right side of an operator cannot move the result.
_STILLING: dict[str, Callable[[float, float], tuple[bool, bool]]] = {
    "×": lambda left, right: (right == 0 != left, left == 0 != right),
    "÷": lambda left, right: (False, left == 0),
    "min": lambda left, right: (left > right, left < right),
    "max": lambda left, right: (left < right, left > right),
}
_NAMED = 9  # how tightly a name binds
_WRITTEN_OUT = 40  # operations of a formula that a reader is shown; of more only the inputs are listed
_FORMULA = re.compile(r"``([^`]*[=+−×÷^Σ][^`]*)``")


class AbsentFigure(KeyError):
    """A figure that was not public at the edition's cut-off, or is not in the data at all."""

    def __str__(self) -> str:
        return str(self.args[0])


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

    ``value`` is a float, or a string for words that depend on numbers (unit ``"text"``). ``kernel`` is
    the dotted name of the function whose result it is, if it is one of :mod:`analysis.model`.
    Arithmetic with figures and plain numbers records formula and inputs, and gives the result a unit
    (money ÷ money is a fraction, a difference of fractions is in points) and its formula as label;
    :meth:`named` overrides both. A figure that was not public (:func:`not_public`) makes every result
    absent. ``standard_error`` is that of a simulated value, in the figure's unit: it stays with the figure
    under another label and moves with it by plain numbers; of several figures nothing is said. In text a
    figure is written as the report prints it, or in the format that is named.

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
    kernel: str | None = None
    is_absent: bool = False
    standard_error: float | None = None

    __array_ufunc__ = None  # a number of numpy's to the left leaves the arithmetic to the figure

    @property
    def number(self) -> float:
        """The value as a float; raises ``AbsentFigure`` if it was not public, ``UnitError`` for text."""
        if self.is_absent:
            raise AbsentFigure(f"{self.label!r} was not public")
        if isinstance(self.value, str):
            raise UnitError(f"{self.label!r} is text ({self.value!r}), not a number")
        return self.value

    def __float__(self) -> float:
        return float(self.number)

    def __str__(self) -> str:
        return show(self.value, self.unit)

    def __format__(self, form: str) -> str:
        return show(self.value, form or self.unit)

    def __repr__(self) -> str:
        """The number with its label, for a prompt: not all that it was made of."""
        return f"<{self if self.unit in FORMATS else f'{self.value} {self.unit}'}: {self.label}>"

    def _repr_html_(self) -> str:
        """The number with its label and formula, for a notebook."""
        how = f"<br><small>{escape(self.formula)}</small>" if self.formula else ""
        return f"<b>{escape(str(self))}</b> {escape(self.label)}{how}"

    @property
    def is_unnamed(self) -> bool:
        """Whether label and unit only follow from the formula: a ratio may still be called a multiple."""
        return False

    @property
    def published(self) -> date | None:
        """The latest publication date among this figure's source and all its inputs."""
        return max((source.published for source in self.sources()), default=None)

    def walk(self) -> Iterator[Figure]:
        """This figure and everything it was computed from, each once, depth first."""
        seen: set[Figure] = set()
        stack = [self]
        while stack:
            figure = stack.pop()
            if figure not in seen:
                seen.add(figure)
                yield figure
                stack.extend(reversed(figure.inputs))

    def missing(self) -> tuple[str, ...]:
        """Labels of the figures that were not public, where this one is absent for want of them."""
        ends = (figure for figure in self.walk() if figure.is_absent and not figure.inputs)
        return tuple(dict.fromkeys(figure.label for figure in ends)) if self.is_absent else ()

    def sources(self) -> tuple[Source, ...]:
        """Every distinct source below this figure, in the order met."""
        return self._sources

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        found: dict[Source, None] = {}
        seen: set[Figure] = set()
        stack = [self]
        while stack:
            figure = stack.pop()
            if figure not in seen:
                seen.add(figure)
                known = figure.__dict__.get("_sources")  # found before
                found.update(dict.fromkeys(known or ([figure.source] if figure.source else [])))
                if known is None:
                    stack.extend(reversed(figure.inputs))
        return tuple(found)

    def named(self, label: str, unit: str | None = None) -> Figure:
        """The same figure under another label (and unit, the value unchanged)."""
        if self.is_absent:
            return not_public(label, self.unit if unit is None else unit)
        return replace(self, label=label, unit=self.unit if unit is None else unit)

    def within(self, standard_error: float) -> Figure:
        """The same figure with the standard error of its simulation."""
        return replace(self, standard_error=standard_error)

    def also(self, *others: Figure) -> Figure:
        """The same figure with ``others`` among its inputs: what chose or bounded it without arithmetic."""
        known = tuple(other for other in others if not other.is_absent)
        return _Expression(self.value, self.unit, "also", (self, *known), self.is_absent) if known else self

    def at_most(self, ceiling: Figure | float) -> Figure:
        """The smaller of the two, with what it was made of."""
        return _combine(self, ceiling, "min")

    def at_least(self, floor: Figure | float) -> Figure:
        """The larger of the two, with what it was made of."""
        return _combine(self, floor, "max")

    def to(self, unit: str) -> Figure:
        """The figure converted to ``unit``, source kept; raises ``UnitError`` if it cannot be."""
        if unit == self.unit:
            return self
        if (self.unit, unit) not in _SCALES:
            raise UnitError(f"{self.label!r} is in {self.unit!r} and cannot be given in {unit!r}")
        value = self.value if self.is_absent else self.number * _SCALES[self.unit, unit]
        kept = (self.label, self.source, self.formula, self.inputs, self.kernel, self.is_absent)
        return Figure(value, unit, *kept)

    def log(self) -> Figure:
        """The natural logarithm; that of a ratio is a change, so its unit is ``fraction``."""
        value = self.value if self.is_absent else math.log(self.number)
        return _Expression(value, "fraction", "ln", (self,), self.is_absent)

    def __add__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "+")

    def __radd__(self, other: float) -> Figure:
        return _combine(other, self, "+")

    def __sub__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "−")

    def __rsub__(self, other: float) -> Figure:
        return _combine(other, self, "−")

    def __mul__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "×")

    def __rmul__(self, other: float) -> Figure:
        return _combine(other, self, "×")

    def __truediv__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "÷")

    def __rtruediv__(self, other: float) -> Figure:
        return _combine(other, self, "÷")

    def __pow__(self, other: Figure | float) -> Figure:
        return _combine(self, other, "^")

    def __rpow__(self, other: float) -> Figure:
        return _combine(other, self, "^")

    def __neg__(self) -> Figure:
        return -1.0 * self

    def __abs__(self) -> Figure:
        return -self if not self.is_absent and self.number < 0 else self

    # Of a figure that was not public nothing is known: every comparison with it is false.
    def __lt__(self, other: Figure | float) -> bool:
        return _compared(self, other, operator.lt)

    def __le__(self, other: Figure | float) -> bool:
        return _compared(self, other, operator.le)

    def __gt__(self, other: Figure | float) -> bool:
        return _compared(self, other, operator.gt)

    def __ge__(self, other: Figure | float) -> bool:
        return _compared(self, other, operator.ge)


class _Expression(Figure):
    """A result that nobody has named yet: label, formula and inputs follow from its operands when asked for.

    ``size`` counts the operations below it, so that a long formula is never written out.
    """

    def __init__(
        self, value: float | str, unit: str, sign: str, operands: tuple[Any, ...], is_absent: bool = False
    ) -> None:
        size = 1 + sum(operand.size for operand in operands if isinstance(operand, _Expression))
        own = {"value": value, "unit": unit, "is_absent": is_absent}
        self.__dict__.update(own, sign=sign, operands=operands, size=min(size, _WRITTEN_OUT + 1))

    sign: str
    operands: tuple[Any, ...]
    size: int

    @property
    def is_unnamed(self) -> bool:
        """Always: that is what makes it an expression."""
        return True

    @property
    def binding(self) -> int:
        """How tightly the last operator binds."""
        if self.sign == "also":
            return _binding(self.operands[0])
        return _BINDING[self.sign]

    @cached_property
    def formula(self) -> str | None:
        """The expression as text; the number of inputs where it would be too long to read."""
        if self.size > _WRITTEN_OUT:
            return f"arithmetic on {len(self.inputs)} figures"
        if self.sign == "also":
            return _words(self.operands[0])
        if self.sign == "ln":
            return f"ln({_words(self.operands[0])})"
        left, right = self.operands
        if self.sign in ("min", "max"):
            return f"{self.sign}({_words(left)}, {_words(right)})"
        left, right = (_term(side, self.sign, side is right) for side in (left, right))
        return f"{left} {self.sign} {right}"

    @cached_property
    def label(self) -> str:
        """The formula, an ending that both sides share said once: "income ÷ sales, 2025"."""
        if self.sign == "also":
            return str(self.operands[0].label)
        if self.sign == "ln":
            return self.formula or ""
        left, right = self.operands
        if all(isinstance(side, Figure) and not side.is_unnamed for side in (left, right)):
            (first, _, ending), (second, _, same) = (side.label.rpartition(", ") for side in (left, right))
            if first and second and ending == same:
                return f"{first} {self.sign} {second}, {ending}"
        return self.formula or ""

    @cached_property
    def standard_error(self) -> float | None:
        """That of the one figure that a plain number is added to, taken from or multiplied with."""
        error: float | None
        if self.sign == "also":
            error = self.operands[0].standard_error
            return error
        figures = [side for side in self.operands if isinstance(side, Figure)]
        numbers = [side for side in self.operands if not isinstance(side, Figure)]
        error = figures[0].standard_error if self.sign in ("+", "−", "×") and len(figures) == 1 else None
        return error if error is None or self.sign != "×" else error * abs(numbers[0])

    @property
    def live(self) -> tuple[Any, ...]:
        """The operands that can move the value."""
        if self.is_absent or self.sign not in _STILLING:
            return self.operands
        left, right = (x.number if isinstance(x, Figure) else x for x in self.operands)
        still_left, still_right = _STILLING[self.sign](left, right)
        return self.operands[still_left : 2 - still_right]

    @cached_property
    def inputs(self) -> tuple[Figure, ...]:
        """The named figures that can move it, each once, as in the formula; of an absent one those absent.

        What is multiplied by nothing, divides nothing or lies beyond a bound cannot, whatever it is.
        """
        found: dict[Figure, None] = {}
        seen: set[_Expression] = set()
        stack = list(reversed(self.live))
        while stack:
            operand = stack.pop()
            if not isinstance(operand, _Expression):
                if isinstance(operand, Figure):
                    found[operand] = None
            elif operand not in seen:
                seen.add(operand)
                known = operand.__dict__.get("inputs")  # worked out before
                stack.extend(reversed(operand.live if known is None else known))
        return tuple(leaf for leaf in found if leaf.is_absent or not self.is_absent)

    def named(self, label: str, unit: str | None = None) -> Figure:
        """The same figure under a label (and unit): from here on one input of what follows."""
        chosen = self.unit if unit is None else unit
        if self.is_absent:
            return not_public(label, chosen)
        how = (self.formula, self.inputs)
        return Figure(self.value, chosen, label, None, *how, standard_error=self.standard_error)


def computed(
    value: float | str, unit: str, label: str, formula: str | Callable[..., Any], *inputs: Figure
) -> Figure:
    """A figure whose value came from a kernel that is more than arithmetic on its inputs, each kept once.

    ``formula`` says in words or symbols how ``value`` follows from ``inputs``, or is the kernel, whose
    docstring says it.
    """
    kept = tuple(dict.fromkeys(inputs))
    if isinstance(formula, str):
        return Figure(value, unit, label, formula=formula, inputs=kept)
    return Figure(value, unit, label, None, formula_of(formula), kept, _dotted(formula))


def kernel_result(
    figure: Figure,
    label: str,
    unit: str,
    kernel: Callable[..., Any],
    formula: str | None = None,
    *also: Figure,
) -> Figure:
    """What ``kernel`` made of figures, under a name: its formula instead of its algebra, all its inputs.

    ``formula`` is, unless given, that of the kernel's docstring; ``also`` are inputs that the arithmetic
    does not show, such as those of a solver's function.
    """
    if figure.is_absent:
        return not_public(label, unit, *figure.inputs)
    leaves = figure.inputs if figure.is_unnamed else (figure,)
    inputs = tuple(dict.fromkeys(each for each in (*leaves, *also) if not each.is_absent))
    return Figure(figure.value, unit, label, None, formula or formula_of(kernel), inputs, _dotted(kernel))


def formula_of(kernel: Callable[..., Any]) -> str:
    """The first formula in a kernel's docstring; raises ``ValueError`` if it states none.

    >>> def margin(income, sales):
    ...     '''What is kept of sales: ``income ÷ sales``.'''
    >>> formula_of(margin)
    'income ÷ sales'
    """
    found = _FORMULA.search(kernel.__doc__ or "")
    if found is None:
        raise ValueError(f"{_dotted(kernel)}: its docstring states no formula")
    return " ".join(found[1].split())


def _dotted(kernel: Callable[..., Any]) -> str:
    return f"{kernel.__module__}.{kernel.__qualname__}"


def text(value: str, label: str, *inputs: Figure) -> Figure:
    """A word or phrase chosen by the numbers in ``inputs``, for use in a sentence."""
    return Figure(value, "text", label, formula=label, inputs=inputs)


def not_public(label: str, unit: str, *missing: Figure) -> Figure:
    """A figure that was not public at the cut-off: a figure all the same, printed as words.

    ``missing`` are the absent figures that it would have followed from.
    """
    words = _NOT_PUBLIC.get(unit, "a figure that was not public")
    return Figure(words, unit, label, inputs=missing, is_absent=True)


def total(figures: list[Figure], label: str) -> Figure:
    """The sum of figures that share one unit, absent if one of them is; raises ``UnitError`` for several."""
    units = {f.unit for f in figures}
    if len(units) != 1:
        raise UnitError(f"{label!r} would add {sorted(units)}")
    if any(f.is_absent for f in figures):
        return not_public(label, units.pop(), *(f for f in figures if f.is_absent))
    return Figure(
        sum(f.number for f in figures),
        units.pop(),
        label,
        formula=" + ".join(f.label for f in figures),
        inputs=tuple(figures),
    )


def _combine(left: Figure | float, right: Figure | float, sign: str) -> Figure:
    unit = _unit(left, right, sign)
    if any(isinstance(side, Figure) and side.is_absent for side in (left, right)):
        return _Expression(not_public("", unit).value, unit, sign, (left, right), is_absent=True)
    a, b = (x.number if isinstance(x, Figure) else x for x in (left, right))
    value: Any = _RULES[sign](a, b)
    is_number = value.__class__ is float or isinstance(value, Real)
    if not is_number:
        return cast(Figure, NotImplemented)  # an array, a series: its own arithmetic decides
    return _Expression(value, unit, sign, (left, right))


def _compared(left: Figure, right: Figure | float, rule: Callable[[float, float], bool]) -> bool:
    if left.is_absent or (isinstance(right, Figure) and right.is_absent):
        return False
    return bool(rule(left.number, right.number if isinstance(right, Figure) else right))


def _binding(side: Figure | float) -> int:
    return side.binding if isinstance(side, _Expression) else _NAMED


def _term(side: Figure | float, sign: str, is_right: bool) -> str:
    """One operand as text, in brackets where leaving them out would change the meaning."""
    own, around = _binding(side), _BINDING[sign]
    same = own == around and ((is_right and sign in "−÷") or (not is_right and sign == "^"))
    return f"({_words(side)})" if own < around or same else _words(side)


def _words(side: Figure | float) -> str:
    """An operand within a formula: a number, a name, or an expression written out."""
    if not isinstance(side, Figure):
        return f"{side:g}" if side >= 0 else f"(−{-side:g})"
    return side.formula or "" if isinstance(side, _Expression) else side.label


def _unit(left: Figure | float, right: Figure | float, sign: str) -> str:
    """The unit of a result where the sides' units decide it, else ``""``."""
    a, b = (side.unit if isinstance(side, Figure) else None for side in (left, right))
    if sign in ("min", "max"):
        return a or b or ""
    if a is None or b is None:
        kept = a is not None or sign != "÷"
        return (a or b or "") if kept and (sign != "^" or a == "fraction") else ""
    if sign in "+−":
        same = a if a == b else "fraction" if {a, b} == {"fraction", "points"} else ""
        return "points" if sign == "−" and same == "fraction" else same
    if sign == "÷" and a == b:
        return "fraction"
    if b in RATIOS and sign in "×÷":
        return a
    return b if a in RATIOS and sign == "×" else a if sign == "^" and a == "fraction" else ""
