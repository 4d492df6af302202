"""What kernels accept, and the checks they share.

A kernel argument of type :data:`Number` is one of

* a ``float`` or ``int``,
* a NumPy array, which broadcasts against the other arguments,
* a :class:`analysis.figures.Figure`, a number that records its formula,
* an Altair parameter or expression, which has no value until a browser evaluates it.

The checks below read the value of the first three and let the fourth pass: what a reader can put
into a parameter is bounded by its slider. They are recognised by what they can do rather than by
class, so that the model imports neither Altair nor the rest of the project.

Every public kernel is :func:`checked`: what no valuation can use is refused before anything is computed,
by the name of the argument. A figure that was not public is no NaN: it travels through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date
from functools import wraps
from types import NoneType
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

Number: TypeAlias = Any
"""``float | NDArray | Figure | altair.Parameter``: whatever ``+ - * / **`` are defined on."""


class InputError(ValueError):
    """Arguments that no valuation can have, such as growth at or above the cost of capital."""


_KNOWN: ContextVar[frozenset[tuple[int, int]]] = ContextVar("known", default=frozenset())
"""Mappings, sequences and records that the running kernels have looked into, each with the table used."""


def checked(kernel: Callable[P, R]) -> Callable[P, R]:
    """The kernel, refusing by name what it cannot compute with, wherever in its arguments it stands.

    Raises :class:`InputError` naming every argument, or entry of a sequence, a mapping or a record, that
    holds NaN or infinity, is an empty array, is in single precision (seven digits do not hold a
    cent of a trillion) or is a pandas object (whose index would decide what is multiplied by what: a tuple is
    a path of years, an array holds draws); every argument that must be a number, or hold numbers, and is or
    holds a word, a truth value, ``None``, a decimal or anything else that only looks like one; and arguments
    of type :data:`Number` whose shapes do not broadcast together. What a kernel hands on as it was given, to
    another one, is not looked into again.
    """
    code, hints = kernel.__code__, kernel.__annotations__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    broadcast = {name for name in names if hints.get(name) in ("Number", "Number | None")}
    looks = {name: _looks_for(str(hints.get(name))) for name in names}
    counts = {name for name in names if looks[name] is _LOOKS_AT_COUNTS}

    @wraps(kernel)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        faults: list[str] = []
        shapes: dict[str, tuple[int, ...]] = {}
        known, looked = _KNOWN.get(), []
        for name, value in (*zip(names, args, strict=False), *kwargs.items()):
            if type(value) is float and math.isfinite(value) and name not in counts:  # most are plain
                continue
            table = looks.get(name, _LOOKS)
            if _HOLDS_OTHERS[type(value)]:
                if (place := (id(value), id(table))) in known:
                    continue
                looked.append(place)
            faults += _faults(name, value, table)
            if name in broadcast and isinstance(value, np.ndarray):
                shapes[name] = value.shape
        if len(set(shapes.values())) > 1:
            faults += _shape_faults(shapes)
        if faults:
            raise InputError("; ".join(faults))
        if not looked:
            return kernel(*args, **kwargs)
        token = _KNOWN.set(known.union(looked))
        try:
            return kernel(*args, **kwargs)
        finally:
            _KNOWN.reset(token)

    return run


def is_symbolic(value: Number) -> bool:
    """Whether ``value`` is an Altair parameter or expression, which cannot be looked into.

    Such an object has ``to_dict`` (its Vega expression) but, unlike a pandas series, no array.
    """
    return _is_symbol(type(value))


def _is_symbol(kind: type) -> bool:
    return hasattr(kind, "to_dict") and not hasattr(kind, "__array__")


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


def stacked(rows: Sequence[Number]) -> NDArray[np.float64]:
    """Rows of draws as one array, rows first; expressions stay side by side in a tuple, to be read alike."""
    if any(map(is_symbolic, rows)):
        return tuple(rows)  # type: ignore[return-value]  # as said
    return np.stack([np.asarray(row, dtype=float) for row in rows])


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


def _faults(name: str, value: Any, looks: _Looks) -> list[str]:
    """What is wrong with an argument, each fault under the name of the place where it stands."""
    look = looks[type(value)]
    return [f"{name}{place} {fault}" for place, fault in look(value)] if look else []


Found: TypeAlias = Sequence[tuple[str, str]]
"""Where below a value something is wrong, such as ``.margin[3]``, and what."""
Look: TypeAlias = Callable[[Any], Found]
"""Finds what is wrong with a value, or with what it holds."""


class _Looks(dict[type, "Look | None"]):
    """How values of each type are looked into, found out once a type; ``None`` where nothing can be wrong.

    A value of a type that does not ``fit`` is refused as a whole, since it is not what was ``expected``.
    Arrays may hold what is of the ``kinds`` (of NumPy's types); ``entries`` of sequences and mappings are
    looked into by the table given, else by this one. Where ``is_one``, an array must hold one number.
    """

    def __init__(
        self,
        expected: str = "",
        fits: Callable[[type], bool] = lambda kind: True,
        kinds: str = "",
        entries: _Looks | None = None,
        is_one: bool = False,
    ) -> None:
        super().__init__()
        self.expected, self.fits, self.kinds, self.is_one = expected, fits, kinds, is_one
        self.entries = self if entries is None else entries

    def __missing__(self, kind: type) -> Look | None:
        self[kind] = self._look_of(kind) if self.fits(kind) else self._refuse
        return self[kind]

    def _refuse(self, value: Any) -> Found:
        return [("", f"must be {self.expected}, got {value!r}")]

    def _look_of(self, kind: type) -> Look | None:
        """A record that can be called is a kernel: what it holds is looked at where it computes."""
        if issubclass(kind, np.ndarray):
            return self._look_at_array
        if issubclass(kind, str | bytes) or _is_symbol(kind):
            return None
        if hasattr(kind, "iloc"):
            return _look_at_pandas
        if issubclass(kind, np.float32 | np.float16):
            return _look_at_single
        if issubclass(kind, float | np.floating):
            return _look_at_float
        if hasattr(kind, "is_absent"):
            return _look_at_figure
        if issubclass(kind, Mapping):
            return self._look_at_mapping
        if issubclass(kind, list | tuple):
            return self._look_at_sequence
        if is_dataclass(kind) and not any("__call__" in vars(base) for base in kind.__mro__):
            return _record_look(tuple(field.name for field in fields(kind)))
        return None

    def _look_at_array(self, array: NDArray[Any]) -> Found:
        if self.kinds and array.size and array.dtype.kind not in self.kinds:
            return [("", f"must hold numbers, got an array of {array.dtype}")]
        faults = list(_array_faults(array))
        if self.is_one and array.ndim and not faults:
            return [("", f"must be one number, got an array of shape {array.shape}")]
        return faults

    def _look_at_mapping(self, entries: Mapping[Any, Any]) -> Found:
        return _within(self.entries, ".{}", entries.items())

    def _look_at_sequence(self, entries: Sequence[Any]) -> Found:
        if set(map(type, entries)) == {float} and all(map(math.isfinite, entries)):  # most are
            return ()
        return _within(self.entries, "[{}]", enumerate(entries))


def _is_number(kind: type) -> bool:
    """Whether values of a type are what :data:`Number` says, or refused in words of their own."""
    if issubclass(kind, int | float | np.integer | np.floating | np.ndarray):
        return kind is not bool
    return _is_symbol(kind) or hasattr(kind, "is_absent") or hasattr(kind, "iloc")


def _is_count(kind: type) -> bool:
    return _is_number(kind) and not issubclass(kind, float | np.floating | np.ndarray)


def _holds_numbers(kind: type) -> bool:
    return not issubclass(kind, str | bytes | NoneType)


_LOOKS = _Looks()
_LOOKS_AT_NUMBERS = _Looks("a number or an array of numbers", _is_number, "fiu")
_LOOKS_AT_ONE = _Looks("a number or an array of numbers", _is_number, "fiu", is_one=True)
_LOOKS_AT_DAYS = _Looks("a date", lambda kind: issubclass(kind, date))
_LOOKS_AT_DAYS_IN_ORDER = _Looks(
    "a sequence of dates", lambda kind: issubclass(kind, list | tuple), entries=_LOOKS_AT_DAYS
)
_LOOKS_AT_COUNTS = _Looks("a whole number", _is_count)
_LOOKS_AT_PATHS = _Looks("a sequence of numbers", _holds_numbers, "fiu", _LOOKS_AT_NUMBERS)
_LOOKS_AT_ARRAYS = _Looks("an array of numbers", _holds_numbers, "fiub")
_LOOKS_AT_NESTED = _Looks("a sequence of numbers", _holds_numbers, "fiu")
_LOOKS_BY_HINT = {
    "Number": _LOOKS_AT_NUMBERS,
    "float": _LOOKS_AT_ONE,
    "int": _LOOKS_AT_COUNTS,
    "date": _LOOKS_AT_DAYS,
    "Sequence[date]": _LOOKS_AT_DAYS_IN_ORDER,
    "Array": _LOOKS_AT_ARRAYS,
    "ArrayLike": _LOOKS_AT_ARRAYS,
}
_OF_NUMBERS = re.compile(
    r"Path|tuple\[float, float\]|"
    r"(Number \| )?(Iterable|Sequence|Mapping)\[(str, )?(Number|float)\]( \| Array)?"
)
_OF_NESTED = re.compile(r"(Sequence|Mapping)\[.*\b(float|Array)\b.*")


def _looks_for(hint: str) -> _Looks:
    """How an argument with this type, as written, is looked into."""
    if hint.endswith(" | None"):
        return _or_none(_looks_for(hint.removesuffix(" | None")))
    if hint in _LOOKS_BY_HINT:
        return _LOOKS_BY_HINT[hint]
    if _OF_NUMBERS.fullmatch(hint):
        return _LOOKS_AT_PATHS
    return _LOOKS_AT_NESTED if _OF_NESTED.fullmatch(hint) else _LOOKS


def _or_none(looks: _Looks) -> _Looks:
    def fits(kind: type) -> bool:
        return kind is NoneType or looks.fits(kind)

    entries = None if looks.entries is looks else looks.entries
    return _Looks(looks.expected, fits, looks.kinds, entries, looks.is_one)


class _HoldsOthers(dict[type, bool]):
    """Whether values of a type are mappings, sequences or records, and no numbers; found out once a type."""

    def __missing__(self, kind: type) -> bool:
        is_record = is_dataclass(kind) and not _is_number(kind)
        self[kind] = is_record or issubclass(kind, Mapping | list | tuple)
        return self[kind]


_HOLDS_OTHERS = _HoldsOthers()


def _look_at_pandas(value: Any) -> Found:
    return [("", "must be a number, a tuple with one value a year or an array, got a pandas object")]


def _look_at_single(value: Any) -> Found:
    return [("", f"must be in double precision, got {value.dtype}")]


def _look_at_float(value: Any) -> Found:
    return () if math.isfinite(value) else [("", f"must be finite, got {value}")]


def _look_at_figure(figure: Any) -> Found:
    return _look_at_float(figure.value) if isinstance(figure.value, float) else ()


def _record_look(names: Sequence[str]) -> Look:
    return lambda record: _within(_LOOKS, ".{}", ((name, getattr(record, name)) for name in names))


def _within(looks: _Looks, place: str, entries: Iterable[tuple[Any, Any]]) -> Found:
    """The faults of entries, each below its entry's place, which is written only where there is one."""
    found: list[tuple[str, str]] = []
    for key, entry in entries:
        if type(entry) is float and math.isfinite(entry):  # most entries are
            continue
        if (look := looks[type(entry)]) and (faults := look(entry)):
            found += [(place.format(key) + below, fault) for below, fault in faults]
    return found


def _array_faults(array: NDArray[Any]) -> Iterator[tuple[str, str]]:
    if array.size == 0:
        yield "", f"must not be empty, got an array of shape {array.shape}"
    elif array.dtype.kind == "f":
        if array.dtype.itemsize < 8:
            yield "", f"must be in double precision, got {array.dtype}"
        elif not (finite := np.isfinite(array)).all():
            where = np.argwhere(~finite)[0]
            yield "", f"must be finite, got {array[tuple(where)]} at {where.tolist()}"


def _shape_faults(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        yield f"{given}: these shapes must broadcast together"


def _example(value: Number, array: NDArray[np.float64], wrong: NDArray[np.bool_]) -> str:
    if array.ndim == 0:
        return f"{getattr(value, 'number', value)}"
    return f"{array[wrong][0]} at {np.argwhere(wrong)[0].tolist()}"
