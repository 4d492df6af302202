"""What every public kernel refuses by name, before it computes anything; kernels are found, not listed."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis.model
from analysis.figures import Figure, not_public
from analysis.model.dcf.terminal_value import ValueDriver
from tests.model.dcf.lines import operating_lines

# What holds no number of its own: words, days, switches, functions, and lists of words.
NO_NUMBER = re.compile(
    r"^(str|bool|date|int|Callable\[.*|frozenset\[str\]|Sequence\[str\]|Mapping\[str, str\]|GrowthOf|Kernel"
    r"|Sequence\[date\]|np\.random\.Generator|NDArray\[np\.uint32\]|Sequence\[int\]|Mapping\[str, Rule\]"
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
    needed = [p for p in given if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return {p.name: 1 if str(p.annotation) == "int" else 0.5 for p in needed}


CASES = [
    (name, argument, kind)
    for name, kernel in KERNELS.items()
    for argument, kind in arguments_of(kernel).items()
]


def not_refused(wrong: Callable[[str], Any], message: str, of: str = "") -> list[str]:
    """The arguments of all kernels that take ``wrong(type)``, or refuse it in other words or unnamed.

    Only those whose type as written begins as ``of``, a pattern, says.
    """
    taken = []
    for name, argument, kind in CASES:
        if not re.match(of, kind):
            continue
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


ONE = r"(Number|float)$"
MANY = r"((Iterable|Sequence|Mapping)\[(str, )?(Number|float)\]|Path)( \| Array)?$"
LOOKS_LIKE_ONE = ["0.5", True, np.True_, None, Decimal("0.5"), Fraction(1, 2), 0.5j, date(2026, 1, 1)]


@pytest.mark.parametrize("wrong", [*LOOKS_LIKE_ONE, [0.5, 0.6], {0.5}], ids=repr)
def test_every_number_refuses_what_only_looks_like_one(wrong: Any) -> None:
    message = r"must be a number or an array of numbers, got"
    assert not_refused(lambda kind: wrong, message, ONE) == []
    assert not_refused(lambda kind: holding(kind, wrong), message, MANY) == []


@pytest.mark.parametrize(
    "held", [np.array([0.5, math.nan], object), np.array(["0.5"]), np.array([0.5j])], ids=repr
)
def test_every_argument_refuses_an_array_of_anything_but_numbers(held: Any) -> None:
    assert (
        not_refused(
            lambda kind: held, f"must hold numbers, got an array of {held.dtype}", f"{ONE}|{MANY}|Array"
        )
        == []
    )


@pytest.mark.parametrize("wrong", ["4", True, 4.0, None], ids=repr)
def test_every_count_refuses_what_is_no_whole_number(wrong: Any) -> None:
    taken = []
    for name, kernel in KERNELS.items():
        for argument in inspect.signature(kernel).parameters.values():
            if str(argument.annotation) == "int":
                with pytest.raises(ValueError) as found:
                    kernel(**required_of(kernel) | {argument.name: wrong})
                if f"{argument.name} must be a whole number, got {wrong!r}" not in str(found.value):
                    taken.append(f"{name}: {argument.name}: {found.value}")
    assert taken == []


PATH = re.compile(r"((Iterable|Sequence)\[(Number|float)\]|Path)( \| Array)?( \| None)?$")
YEARS = (0.25, 0.5, 0.75)
BESIDE: dict[str, Any] = {
    "lines": operating_lines(100.0, YEARS, [0.2] * 3, [0.25] * 3, 2.0),
    "terminal": ValueDriver(growth=0.03, roic=0.12, cost_of_capital=0.08),
    "days": [date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)],
    "life": 1,
    "model": np.ones((1, 4)),
    "prior": np.ones((1, 4)),
    "values": np.ones((1, 4)),
    "replicates": 2,
    "ranges": [(0.0, 1.0)] * 3,
}
"""What stands beside a path, by the argument's name, where a harmless number would not do."""


def plain(value: Any) -> list[Any]:
    """All that a result holds, in one list."""
    if is_dataclass(value):
        return plain(list(vars(value).values()))
    if isinstance(value, list | tuple) or np.ndim(value):
        return [held for each in value for held in plain(each)]
    return [value]


def said_of(kernel: Callable[..., Any], given: dict[str, Any]) -> list[Any]:
    """What a kernel gives, or says against what it was given."""
    try:
        return plain(kernel(**given))
    except (ValueError, TypeError, AttributeError) as refused:
        return [str(refused)]


def test_a_path_of_years_given_as_an_array_is_the_path_given_as_a_tuple() -> None:
    """Its entries are years, never draws; what cannot be used is refused in the same words."""
    other, answered = [], 0
    for name, kernel in KERNELS.items():
        wanted = inspect.signature(kernel).parameters
        paths = [argument for argument, kind in arguments_of(kernel).items() if PATH.match(kind)]
        own = {argument: given for argument, given in BESIDE.items() if argument in wanted}
        given = required_of(kernel) | own | dict.fromkeys(paths, YEARS)
        for argument in paths:
            expected = said_of(kernel, given)
            found = said_of(kernel, given | {argument: np.array(YEARS)})
            answered += len(expected) > 1 or not isinstance(expected[0], str)
            is_same = len(found) == len(expected) and all(
                a == b or a == pytest.approx(b, rel=1e-12) for a, b in zip(found, expected, strict=True)
            )
            if not is_same:
                other.append(f"{name}: {argument}: {found} instead of {expected}")
    assert other == []
    assert answered > 40


def test_one_number_is_no_array_of_several() -> None:
    message = r"must be one number, got an array of shape \(2,\)"
    assert not_refused(lambda kind: np.array([0.5, 0.6]), message, "float$") == []


@pytest.mark.parametrize(
    ("kernel", "given", "message"),
    [
        ("dcf.discounting.discount", {"rates": np.array(0.1)}, "cost_of_capital must have at least one year"),
        (
            "dcf.given_flows.xnpv",
            {"rate": 0.1, "flows": [1.0], "days": ["2026-01-01"]},
            r"days\[0\] must be a date",
        ),
        (
            "dcf.given_flows.xnpv",
            {"rate": 0.1, "flows": [1.0], "days": np.array(["2026-01-01"], "M8[D]")},
            "days must be a sequence of dates",
        ),
        (
            "dcf.given_flows.rates_of_return",
            {"flows": [-1.0] * 1001, "years": [*map(float, range(1001))]},
            "low must be nearer to 0 for flows 1000 years away, got -0.9",
        ),
        ("odds.correlation.copula_correlation", {"spearman": 1.5}, "spearman must be between -1 and 1"),
        ("odds.correlation.rank_correlation", {"pearson": -2.0}, "pearson must be between -1 and 1"),
        (
            "odds.first_passage.touched_by",
            {"values": [], "start": 1.0, "barrier": 2.0, "volatility": 0.3, "steps": []},
            "values must have at least one date",
        ),
        (
            "odds.market_paths.multiple_volatility",
            {"multiples": [1.0, 2.0], "per_year": 0},
            "multiples must span",
        ),
        (
            "projection.growth.linear_growth_path",
            {"value": 1.0, "first": 0.1, "last": 0.1, "steps": []},
            "steps must hold at least one",
        ),
        (
            "projection.growth.years_between",
            {"start": "2026-01-01", "end": date(2026, 1, 1)},
            "start must be a date",
        ),
        (
            "track_record.comparison.diebold_mariano",
            {"ours": [1.0, 2.0, 3.0], "theirs": [2.0, 1.0, 5.0], "horizon": 9},
            "horizon must be shorter against 3",
        ),
        (
            "track_record.probabilities.crps_of_draws",
            {"actual": 1.0, "draws": np.ones((2, 2))},
            "draws must hold",
        ),
        (
            "track_record.probabilities.lognormal_log_median",
            {"start": 1.0, "years": -1.0, "growth": 0.0, "volatility": 0.3},
            "years must be above zero",
        ),
        (
            "track_record.probabilities.reliability",
            {"probabilities": [0.1, 0.2], "came": [0, 1], "due": ["a"], "edges": [0.0, 1.0], "seed": 1},
            "due must have one day for each of 2 calls, got 1",
        ),
        (
            "track_record.scores.mean_absolute_error",
            {"forecasts": [1.0], "actuals": [1.0, 2.0]},
            "forecasts must hold at least one for each of actuals",
        ),
    ],
)
def test_what_a_kernel_cannot_mean_is_refused_by_name(
    kernel: str, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        KERNELS[kernel](**given)


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
