"""Printed numbers keep their digits, and say how exact they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles.printed import Printed, in_unit, printed_as, units
from analysis.figures import Figure, UnitError


@pytest.mark.parametrize(
    ("text", "unit", "value", "half"),
    [
        ("25", "usd_bn", 25.0, 0.5),
        ("35.6", "usd_bn", 35.6, 0.05),
        ("49.16", "percent", 0.4916, 0.00005),
        ("1,100", "usd_bn", 1100.0, 0.5),
        ("1.8", "usd_tn", 1800.0, 50.0),
        ("-0.419", "usd_bn", -0.419, 0.0005),
        ("3.40", "x", 3.4, 0.005),
    ],
)
def test_value_and_exactness_follow_from_the_digits(text: str, unit: str, value: float, half: float) -> None:
    printed = Printed(text, unit)
    assert printed.value == pytest.approx(value)
    assert printed.half_digit == pytest.approx(half)


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [
        ("35.6", "usd_bn", "$35.6bn"),
        ("-0.419", "usd_bn", "−$0.419bn"),
        ("70", "percent", "70%"),
        ("4.5", "x", "4.5×"),
        ("Wednesday", "text", "Wednesday"),
    ],
)
def test_it_is_shown_with_its_unit(text: str, unit: str, shown: str) -> None:
    assert Printed(text, unit).shown == shown


@pytest.mark.parametrize("text", ["", "25bn", "1,10", "1e3", "nan", "٣", "1.", ".5", "10,000,00", "+3"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no number as printed"):
        Printed(text, "usd_bn")


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'dollars' is no unit \(expected one of usd_tn, usd_bn"):
        Printed("25", "dollars")


def test_a_word_has_no_value() -> None:
    with pytest.raises(ValueError, match="is a word"):
        _ = Printed("Wednesday", "text").value


@given(
    value=st.floats(-1e4, 1e4, allow_nan=False),
    digits=st.integers(0, 2),
    unit=st.sampled_from(["usd_bn", "percent", "usd"]),
)
def test_a_computed_number_is_shown_a_digit_finer_than_the_printed_one(
    value: float, digits: int, unit: str
) -> None:
    like = Printed(f"{1:.{digits}f}", unit)
    shown = printed_as(value, like)
    number = shown.replace("−", "-").replace("$", "").replace("bn", "").replace("%", "").replace(",", "")
    step = like.half_digit * 2 / (10 if digits < 2 else 1)
    assert abs(float(number) * units()[unit].scale - value) <= step / 2 * (1 + 1e-6)


def test_a_difference_shows_its_sign_and_zero_has_none() -> None:
    like = Printed("10", "usd_bn")
    assert [printed_as(v, like, plus=True) for v in (1.5, -1.5, 0.01, -0.01)] == [
        "+$1.5bn", "−$1.5bn", "$0.0bn", "$0.0bn",
    ]  # fmt: skip


def test_results_of_arithmetic_take_the_unit_on_and_others_are_converted() -> None:
    assert in_unit(Figure(0.5, "", "share"), "percent").unit == "fraction"
    assert in_unit(Figure(419.0, "usd_m", "loss"), "usd_bn").number == pytest.approx(0.419)
    with pytest.raises(UnitError):
        in_unit(Figure(0.5, "fraction", "share"), "usd_bn")
