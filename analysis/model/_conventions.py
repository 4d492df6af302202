"""Checks between arguments, and of the names of conventions, for the kernels of the DCF.

They add to :mod:`analysis.model._inputs`, which checks one value at a time, what concerns several:
one rate below another, a path with as many entries as there are years, a convention that exists.
Like those, they let an Altair expression pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.model._inputs import InputError, Number, is_figure, is_symbolic, require_finite

Path: TypeAlias = tuple[Number, ...]
"""One entry per forecast year; an entry is a number or an array over scenarios or draws."""


def require_order(rule: str, /, **named: Number) -> None:
    """Raise ``InputError`` unless the first argument is below the second, everywhere.

    ``rule`` says why, for the reader of the message. NaN fails.

    >>> require_order("a perpetuity needs it", growth=0.09, cost_of_capital=0.08)
    Traceback (most recent call last):
        ...
    analysis.model._inputs.InputError: growth (0.09) must be below cost_of_capital (0.08): \
a perpetuity needs it
    """
    (low_name, low), (high_name, high) = named.items()
    if is_symbolic(low) or is_symbolic(high):
        return
    small, large = np.broadcast_arrays(_array(low), _array(high))
    wrong = ~(small < large)
    if np.any(wrong):
        raise InputError(
            f"{low_name} ({small[wrong][0]:g}) must be below {high_name} ({large[wrong][0]:g}): {rule}"
        )


def require_choice(choices: Sequence[object], /, **named: object) -> None:
    """Raise ``InputError`` naming each argument that is not one of ``choices``."""
    problems = [
        f"{name} must be one of {', '.join(repr(c) for c in choices)}, got {value!r}"
        for name, value in named.items()
        if isinstance(value, bool) or value not in choices
    ]
    if problems:
        raise InputError("; ".join(problems))


def require_whole(minimum: int, /, **named: Number) -> None:
    """Raise ``InputError`` naming each argument that is no whole number or figure from ``minimum`` up."""
    problems = [
        f"{name} must be a whole number of at least {minimum}, got {value!r}"
        for name, value in named.items()
        if not _is_whole(value) or value < minimum
    ]
    if problems:
        raise InputError("; ".join(problems))


def as_path(name: str, values: Iterable[Number], years: int | None = None) -> Path:
    """``values`` as a path of finite numbers, one per year (an array's first axis is the years).

    Raises ``InputError`` naming ``name`` when it has no entry or not one per year, ``ValueError``
    naming the year that is not finite.
    """
    if is_symbolic(values) or not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise InputError(f"{name} must be a path with one value per year, got {values!r}")
    path = () if isinstance(values, np.ndarray) and not values.ndim else tuple(values)
    if not path:
        raise InputError(f"{name} must have at least one year")
    if years is not None and len(path) != years:
        raise InputError(f"{name} must have {years} years, got {len(path)}")
    require_finite(**{f"{name}[{year}]": value for year, value in enumerate(path, start=1)})
    return path


def require_same_length(**paths: Path) -> None:
    """Raise ``InputError`` naming each path whose length differs from the first one's."""
    (first, reference), *others = paths.items()
    for name, path in others:
        if len(path) != len(reference):
            raise InputError(f"{name} must have {len(reference)} years as {first} has, got {len(path)}")


def total(path: Path) -> Number:
    """The sum over the years of a path; expressions are paired, so that a long sum stays shallow."""
    if not any(map(is_symbolic, path)):
        return reduce(add, path)
    while len(path) > 1:
        odd = path[-1:] if len(path) % 2 else ()
        path = (*map(add, path[::2], path[1::2]), *odd)
    return path[0]


def _is_whole(value: Number) -> bool:
    if is_figure(value):
        return not value.is_absent and float(value).is_integer()
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _array(value: Number) -> NDArray[np.float64]:
    return np.asarray(getattr(value, "number", value), dtype=np.float64)
