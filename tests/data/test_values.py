"""Single values are taken if they are of the kind asked for, and reported otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from analysis.data import values
from analysis.data.problems import DataError, Problem, stop_on
from analysis.data.values import Place


def said(take: Callable[[object, Place], object], value: object) -> str:
    """What is reported of a value that is refused."""
    problems: list[Problem] = []
    assert take(value, Place("f.yml", "x", problems)) is None
    assert len(problems) == 1
    return str(problems[0])


@pytest.mark.parametrize("text", ["1,234", "35.6", "$5", "12%", "1e3", " 7 ", "nan"])
def test_a_number_written_as_text_is_told_apart_from_words(text: str) -> None:
    assert (
        said(values.take_number, text)
        == f"f.yml: x: {text!r} is text (expected a number without quotes, commas or units)"
    )


@pytest.mark.parametrize("value", ["about ten", True, [1], date(2025, 1, 1)])
def test_what_is_no_number_is_refused(value: object) -> None:
    assert "is not a number (expected a number)" in said(values.take_number, value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_nan_and_infinity_are_no_numbers(value: float) -> None:
    assert said(values.take_number, value).endswith("(expected a finite number)")


def test_a_missing_value_is_called_missing() -> None:
    takes = (values.take_number, values.take_text, values.take_url, values.take_date, values.take_quarter)
    for take in takes:
        assert said(take, None).startswith("f.yml: x: is missing (expected ")


def test_blank_text_is_refused() -> None:
    assert "'  ' is not text that says something" in said(values.take_text, "  ")


@pytest.mark.parametrize("value", ["www.sec.gov", "ftp://sec.gov", "https://a b", 7])
def test_what_is_no_address_is_refused(value: object) -> None:
    assert "is not an address" in said(values.take_url, value)


def test_a_word_outside_the_choices_lists_them() -> None:
    problems: list[Problem] = []
    values.take_choice("bilions", ("usd_bn", "usd_m"), Place("f.yml", "unit", problems))
    assert str(problems[0]) == "f.yml: unit: 'bilions' is not known (expected one of usd_bn, usd_m)"


def test_good_values_are_given_back_without_a_problem() -> None:
    problems: list[Problem] = []
    place = Place("f.yml", "x", problems)
    assert values.take_number(3, place) == 3.0
    assert values.take_text(" word ", place) == "word"
    assert values.take_date(date(2025, 1, 1), place) == date(2025, 1, 1)
    assert values.take_quarter("2025Q4", place) == "2025Q4"
    assert values.take_mapping({"a": 1}, place) == {"a": 1}
    assert values.take_quality("estimate", place) == "estimate"
    assert problems == []


def test_a_day_in_quotes_is_told_apart_from_words() -> None:
    assert said(values.take_date, "2026-07-30").endswith(
        "'2026-07-30' is a date in quotes (expected 2026-07-30 without them)"
    )
    assert "'soon' is not a date" in said(values.take_date, "soon")


def test_an_error_lists_every_problem_once_in_order() -> None:
    later, earlier = Problem("b.yml", "x", "is wrong", "right"), Problem("a.yml", "y", "is odd", "even")
    with pytest.raises(DataError) as caught:
        stop_on([later, earlier, later])
    assert str(caught.value) == "a.yml: y: is odd (expected even)\nb.yml: x: is wrong (expected right)"


def test_no_problem_raises_nothing() -> None:
    stop_on([])
