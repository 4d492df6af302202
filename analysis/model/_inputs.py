"""What kernels accept, and the checks they share.

A kernel argument of type :data:`Number` is one of

* a ``float`` or ``int``,
* a NumPy array, which broadcasts against the other arguments,
* a :class:`analysis.figures.Figure`, a number that records its formula,
* an Altair parameter or expression, which has no value until a browser evaluates it.

The checks below read the value of the first three and let the fourth pass: what a reader can put
into a parameter is bounded by its slider. They are recognised by what they can do rather than by
class, so that the model imports neither Altair nor the rest of the project.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Number: TypeAlias = Any
"""``float | NDArray | Figure | altair.Parameter``: whatever ``+ - * / **`` are defined on."""


def is_symbolic(value: Number) -> bool:
    """Whether ``value`` is an Altair parameter or expression, which cannot be looked into.

    Such an object has ``to_dict`` (its Vega expression) but, unlike a pandas series, no array.
    """
    return hasattr(type(value), "to_dict") and not hasattr(type(value), "__array__")


def is_absent(value: Number) -> bool:
    """Whether ``value`` is a figure that was not public: what is computed with it is absent too."""
    return getattr(value, "is_absent", False) is True


def at_most(value: Number, ceiling: float) -> Number:
    """The smaller of the two; a figure keeps on record what it was made of."""
    return value.at_most(ceiling) if hasattr(value, "at_most") else min(value, ceiling)


def is_figure(value: Number) -> bool:
    """Whether ``value`` is a figure, a number that keeps on record what it was made of."""
    return isinstance(getattr(value, "is_absent", None), bool)


def also(value: Number, *chosen_by: Number) -> Number:
    """``value`` with the figures that chose it, without arithmetic, on record among its inputs."""
    figures = [each for each in chosen_by if is_figure(each)]
    if not figures:
        return value
    return (value if is_figure(value) else 0 * figures[0] + value).also(*figures)


def log(value: Number) -> Number:
    """The natural logarithm of a number, an array or a figure."""
    return value.log() if is_figure(value) else np.log(value)


def numeric(**named: Number) -> tuple[Any, ...]:
    """The plain values of the arguments, in order: a float for each scalar, else an array.

    For kernels that need a logarithm or a solver and so cannot run on an expression.
    Raises ``TypeError`` naming the arguments that are Altair expressions, ``ValueError`` naming
    those that are not finite.

    >>> numeric(sales=650, growth=0.1)
    (650.0, 0.1)
    """
    symbolic = [name for name, value in named.items() if is_symbolic(value)]
    if symbolic:
        raise TypeError(f"{', '.join(symbolic)}: must be a number here, not an Altair expression")
    require_finite(**named)
    arrays = (_array(value) for value in named.values())
    return tuple(float(array) if array.ndim == 0 else array for array in arrays)


def require_finite(**named: Number) -> None:
    """Raise ``ValueError`` naming each argument that holds NaN or infinity."""
    _require(named, lambda array: np.isfinite(array), "must be finite")


def require_positive(**named: Number) -> None:
    """Raise ``ValueError`` naming each argument that is not finite and above zero throughout.

    >>> require_positive(sales=650.0, years=0)
    Traceback (most recent call last):
        ...
    ValueError: years must be above zero, got 0
    """
    _require(named, lambda array: array > 0, "must be above zero")


def require_non_negative(**named: Number) -> None:
    """Raise ``ValueError`` naming each argument that is not finite and at least zero throughout."""
    _require(named, lambda array: array >= 0, "must be zero or above")


def require_fraction(**named: Number) -> None:
    """Raise ``ValueError`` naming each argument that is not within 0 and 1, ends included."""
    _require(named, lambda array: (array >= 0) & (array <= 1), "must be a fraction between 0 and 1")


def require_above(limit: float, /, **named: Number) -> None:
    """Raise ``ValueError`` naming each argument that is not finite and above ``limit``.

    >>> require_above(-1, growth=-1.0)
    Traceback (most recent call last):
        ...
    ValueError: growth must be above -1, got -1.0
    """
    _require(named, lambda array: array > limit, f"must be above {limit:g}")


def require_below(limit: float, /, **named: Number) -> None:
    """Raise ``ValueError`` naming each argument that is not finite and below ``limit``."""
    _require(named, lambda array: array < limit, f"must be below {limit:g}")


def _require(named: dict[str, Number], holds: Callable[[Any], Any], what: str) -> None:
    problems = []
    for name, value in named.items():
        is_plain = type(value) is float and math.isfinite(value)
        if is_plain and holds(value):  # most values are plain: no need of arrays
            continue
        if is_symbolic(value) or is_absent(value):
            continue
        array = _array(value)
        wrong = ~(np.isfinite(array) & holds(array))
        if np.any(wrong):
            problems.append(f"{name} {what}, got {_example(value, array, wrong)}")
    if problems:
        raise ValueError("; ".join(problems))


def _array(value: Number) -> NDArray[np.float64]:
    return np.asarray(getattr(value, "number", value), dtype=np.float64)


def _example(value: Number, array: NDArray[np.float64], wrong: NDArray[np.bool_]) -> str:
    if array.ndim == 0:
        return f"{getattr(value, 'number', value)}"
    return f"{array[wrong][0]} at {np.argwhere(wrong)[0].tolist()}"
