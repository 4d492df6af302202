"""Numbers print the same wherever they are printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import formats


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (716.924, "usd_bn", "$716.9bn"),
        (999.94, "usd_bn", "$999.9bn"),
        (999.96, "usd_bn", "$1.00T"),
        (2239.7, "usd_bn", "$2.24T"),
        (4000.0, "usd_bn", "$4T"),
        (4000.1, "usd_bn", "$4.00T"),
        (-4.27, "usd_bn", "−$4.3bn"),
        (4.27, "usd_bn_change", "+$4.3bn"),
        (1204.0, "usd_bn_change", "+$1.20T"),
        (213386.0, "usd_m", "$213,386m"),
        (208.27, "usd", "$208.27"),
        (0.2364, "fraction", "23.6%"),
        (0.2364, "percent0", "24%"),
        (0.2364, "chance", "24%"),
        (0.0049, "chance", "<1%"),
        (0.996, "chance", ">99%"),
        (0.0, "chance", "0%"),
        (1.0, "chance", "100%"),
        (0.05, "change", "+5.0%"),
        (-0.05, "change", "−5.0%"),
        (0.0, "change", "0.0%"),
        (0.013, "points", "+1.3\u00a0points"),
        (3.456, "x", "3.46×"),
        (3.456, "x1", "3.5×"),
        (1578000.0, "count", "1,578,000"),
        (10731.0, "million", "10,731\u00a0million"),
        (1.4, "million", "1.4\u00a0million"),
        (4.75, "years", "4.8\u00a0years"),
        (5.0, "years", "5\u00a0years"),
        (2030.0, "year", "2030"),
    ],
)
def test_each_unit_prints_as_stated(value: float, unit: str, shown: str) -> None:
    assert formats.show(value, unit) == shown


def test_text_passes_through() -> None:
    assert formats.show("does not hold", "text") == "does not hold"


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="no format 'furlongs'.*usd_bn"):
        formats.show(1.0, "furlongs")


def test_a_date_prints_without_leading_zero() -> None:
    assert formats.day(date(2026, 3, 1)) == "1 March 2026"


@given(st.floats(-0.04, 0.04))
def test_what_rounds_to_zero_has_no_sign(value: float) -> None:
    assert formats.usd_bn(value) == "$0.0bn"


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(formats.FORMATS)))
def test_no_format_lets_a_line_break_or_an_ascii_minus_in(value: float, unit: str) -> None:
    shown = formats.show(value, unit)
    assert " " not in shown
    if unit != "year":
        assert "-" not in shown
