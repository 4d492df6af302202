"""Kernels written out as straight lines of JavaScript, for the reader's browser.

A :class:`Symbol` stands for a number that is known only there. A kernel that is called with symbols does not
compute: each operation becomes a line, the same operation on the same numbers one line only. So there is no
second implementation, and nothing that has to be evaluated from text: the lines are a script of the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

_BINARY: Mapping[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "**": np.power,
    "max": np.maximum,
    "min": np.minimum,
}
_UNARY: Mapping[str, Callable[..., Any]] = {
    "neg": np.negative,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}
_AS_PRODUCTS = range(1, 9)  # whole powers that are written out
_DONE: Mapping[str, Callable[..., Any]] = {**_BINARY, **_UNARY}
_NAMES = {ufunc: name for name, ufunc in _DONE.items()}


@dataclass
class Trace:
    """What was done to a set of inputs, one operation a line, in the order in which it was done."""

    inputs: list[str] = field(default_factory=list)
    _lines: dict[tuple[Any, ...], Symbol] = field(default_factory=dict)

    def input(self, name: str) -> Symbol:
        """The symbol that stands for an input, by its name."""
        if name not in self.inputs:
            self.inputs.append(name)
        return self._line("input", name)

    def of(self, operation: str, *arguments: Any) -> Symbol:
        """The symbol for an operation on symbols and numbers."""
        taken = [each if isinstance(each, Symbol) else float(each) for each in arguments]
        if operation == "**" and isinstance(times := taken[1], float) and times in _AS_PRODUCTS:
            return self._power(taken[0], int(times))
        return self._line(operation, *taken)

    def _power(self, base: Any, times: int) -> Symbol:
        """A whole power as products: a browser takes ten times as long for a power."""
        assert isinstance(base, Symbol)
        return base if times == 1 else self._line("*", self._power(base, times - 1), base)

    def _line(self, *what: Any) -> Symbol:
        if what not in self._lines:
            self._lines[what] = Symbol(self, what)
        return self._lines[what]


class Symbol:
    """A number that is known only in the browser; arithmetic and NumPy's functions on it are written down."""

    def __init__(self, trace: Trace, what: tuple[Any, ...]) -> None:
        self.trace, self.what = trace, what

    def to_dict(self) -> dict[str, str]:
        """Marks an expression for the kernels, as those of Altair are marked."""
        return {"expr": repr(self.what)}

    def __array_ufunc__(self, ufunc: Any, method: str, *arguments: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _NAMES:
            raise TypeError(f"{ufunc.__name__} cannot be written out for a browser")
        return self.trace.of(_NAMES[ufunc], *arguments)

    def __add__(self, other: Any) -> Symbol:
        return self.trace.of("+", self, other)

    def __radd__(self, other: Any) -> Symbol:
        return self.trace.of("+", other, self)

    def __sub__(self, other: Any) -> Symbol:
        return self.trace.of("-", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return self.trace.of("-", other, self)

    def __mul__(self, other: Any) -> Symbol:
        return self.trace.of("*", self, other)

    def __rmul__(self, other: Any) -> Symbol:
        return self.trace.of("*", other, self)

    def __truediv__(self, other: Any) -> Symbol:
        return self.trace.of("/", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self.trace.of("/", other, self)

    def __pow__(self, other: Any) -> Symbol:
        return self.trace.of("**", self, other)

    def __rpow__(self, other: Any) -> Symbol:
        return self.trace.of("**", other, self)

    def __neg__(self) -> Symbol:
        return self.trace.of("neg", self)


@dataclass(frozen=True)
class Program:
    """Lines that lead from ``inputs`` to ``outputs``, those that no output needs left out."""

    inputs: Sequence[str]
    outputs: Mapping[str, Any]

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for numbers or arrays, line by line, as the browser computes them."""
        known: dict[int, Any] = {}

        def value(each: Any) -> Any:
            return known[id(each)] if isinstance(each, Symbol) else each

        for symbol in self._needed():
            operation, *arguments = symbol.what
            if operation == "input":
                known[id(symbol)] = values[arguments[0]]
            else:
                known[id(symbol)] = _DONE[operation](*map(value, arguments))
        return {name: value(each) for name, each in self.outputs.items()}

    def lines(self, given: Callable[[str], str]) -> tuple[list[str], dict[str, str]]:
        """The lines as JavaScript, and the expression of each output; ``given`` says how an input is read."""
        names: dict[int, str] = {}
        lines = []

        def text(each: Any) -> str:
            if isinstance(each, Symbol):
                return names[id(each)]
            return repr(each) if each >= 0 else f"({each!r})"

        for count, symbol in enumerate(self._needed()):
            names[id(symbol)] = f"v{count}"
            operation, *arguments = symbol.what
            done = given(arguments[0]) if operation == "input" else _written(operation, *map(text, arguments))
            lines.append(f"const v{count}={done};")
        return lines, {name: text(each) for name, each in self.outputs.items()}

    def _needed(self) -> list[Symbol]:
        """The symbols that the outputs rest on, each after those that it rests on."""
        found: dict[int, Symbol] = {}

        def visit(symbol: Symbol) -> Iterator[Symbol]:
            yield from (each for each in symbol.what[1:] if isinstance(each, Symbol))

        waiting = [each for each in reversed(list(self.outputs.values())) if isinstance(each, Symbol)]
        while waiting:
            symbol = waiting[-1]
            missing = [each for each in visit(symbol) if id(each) not in found]
            if missing:
                waiting += missing
            else:
                found.setdefault(id(waiting.pop()), symbol)
        return list(found.values())


def _written(operation: str, *arguments: str) -> str:
    if operation == "neg":
        return f"-{arguments[0]}"
    if operation in _UNARY or operation in ("max", "min"):
        return f"Math.{operation}({','.join(arguments)})"
    return operation.join(arguments)
