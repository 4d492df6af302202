"""What every public kernel refuses by name, before it computes anything; kernels are found, not listed."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis.model
from analysis.figures import Figure, not_public

# What holds no number of its own: words, days, switches, functions, and lists of words.
NO_NUMBER = re.compile(
    r"^(str|bool|date|int|Callable\[.*|frozenset\[str\]|Sequence\[str\]|Mapping\[str, str\]|GrowthOf|Kernel"
    r"|np\.random\.Generator|NDArray\[np\.uint32\]|Sequence\[int\]|Mapping\[str, Rule\]"
    r"|Timing|Flow|Lag|Leases|Count|Cash|CashDefinition|Case|Shape)$"
)
NUMBERS = re.compile(r"^(Number|float)( \| None)?$")


@dataclass(frozen=True)
class Record:
    """Stands for any record of numbers."""

    value: float


def kernels() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.walk_packages(analysis.model.__path__, "analysis.model."):
        if not module.name.rpartition(".")[2].startswith("_"):
            found = vars(importlib.import_module(module.name))
            for name, value in found.items():
                is_own = inspect.isfunction(value) and value.__module__ == module.name
                if is_own and not name.startswith("_"):
                    yield f"{module.name.removeprefix('analysis.model.')}.{name}", value


KERNELS = dict(kernels())


def arguments_of(kernel: Callable[..., Any]) -> dict[str, str]:
    """The arguments that hold numbers, with their types as written."""
    named = {
        p.name: str(p.annotation)
        for p in inspect.signature(kernel).parameters.values()
        if p.kind is not p.VAR_KEYWORD
    }
    return {name: kind for name, kind in named.items() if not NO_NUMBER.match(kind)}


def holding(kind: str, number: Any) -> Any:
    """``number`` inside what an argument of this type takes."""
    if NUMBERS.match(kind):
        return number
    if kind.startswith(("Mapping", "Drivers")):
        return {"a": number}
    if kind.startswith(("Sequence", "Iterable", "Path")):
        return [0.5, number]
    if "Array" in kind:
        return np.array([0.5, float(number)])
    return Record(number)


def required_of(kernel: Callable[..., Any]) -> dict[str, float]:
    """A harmless number for each argument without a default."""
    given = inspect.signature(kernel).parameters.values()
    return {p.name: 0.5 for p in given if p.default is p.empty and p.kind is not p.VAR_KEYWORD}


CASES = [
    (name, argument, kind)
    for name, kernel in KERNELS.items()
    for argument, kind in arguments_of(kernel).items()
]


def not_refused(wrong: Callable[[str], Any], message: str) -> list[str]:
    """The arguments of all kernels that take ``wrong(type)``, or refuse it in other words or unnamed."""
    taken = []
    for name, argument, kind in CASES:
        said = "taken"
        try:
            KERNELS[name](**required_of(KERNELS[name]) | {argument: wrong(kind)})
        except ValueError as error:
            said = str(error)
        if not re.match(rf"{argument}\b\S* {message}", said):
            taken.append(f"{name}: {argument}: {said}")
    return taken


def test_the_kernels_are_found() -> None:
    assert len(KERNELS) > 150
    assert len(CASES) > 300


@pytest.mark.parametrize(
    "number", [math.nan, -math.inf, np.float64("inf"), Figure(math.nan, "x", "a figure")]
)
def test_every_argument_refuses_what_is_not_finite(number: Any) -> None:
    assert not_refused(lambda kind: holding(kind, number), "must be finite, got -?(nan|inf)") == []


def test_every_argument_refuses_an_array_with_one_bad_number_and_says_where() -> None:
    bad = np.array([[1.0, math.nan]])
    assert not_refused(lambda kind: bad, r"must be finite, got nan at \[0, 1\]") == []


def test_every_argument_refuses_an_empty_array() -> None:
    assert not_refused(lambda kind: np.array([]), "must not be empty") == []


@pytest.mark.parametrize("seven_digits", [np.float32(0.5), np.array([0.5], dtype=np.float32)])
def test_every_argument_refuses_single_precision(seven_digits: Any) -> None:
    assert not_refused(lambda kind: seven_digits, "must be in double precision, got float32") == []


def test_every_argument_refuses_a_series_of_pandas() -> None:
    assert not_refused(lambda kind: pd.Series([0.5, 0.6]), "must be .*, got a pandas object") == []


def test_shapes_that_do_not_fit_together_are_named() -> None:
    taken = []
    for name, kernel in KERNELS.items():
        numbers = [argument for argument, kind in arguments_of(kernel).items() if kind == "Number"]
        if len(numbers) > 1:
            first, second = numbers[:2]
            with pytest.raises(ValueError) as found:
                kernel(**required_of(kernel) | {first: np.ones(2), second: np.ones(3)})
            if f"{first} (2,), {second} (3,): these shapes must broadcast together" not in str(found.value):
                taken.append(name)
    assert taken == []


def test_what_was_not_public_is_no_nan_and_travels() -> None:
    cost = KERNELS["dcf.cost_of_capital.cost_of_equity"](0.04, not_public("beta", "x"), 0.05)
    assert cost.is_absent
    assert cost.missing() == ("beta",)


def test_large_numbers_whose_sum_overflows_are_no_fault() -> None:
    huge = np.array([1e308, 1e308, 1.0])
    assert KERNELS["parts.multiples.upside_to"](huge, huge).tolist() == [0.0] * 3
    assert not_refused(lambda kind: np.array([math.inf, -math.inf]), "must be finite, got inf") == []
