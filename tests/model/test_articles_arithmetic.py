"""The articles' own inputs, in USD billions, through the kernels: what they said must come out."""

import pytest

from analysis.model.parts import multiples
from analysis.model.projection import growth


def test_650_grown_at_10_percent_is_1046_8_after_five_years() -> None:
    assert round(growth.compound(650, 0.10, 5), 1) == 1046.8


def test_650_grown_at_10_percent_is_1151_5_after_six_years() -> None:
    assert round(growth.compound(650, 0.10, 6), 1) == 1151.5


def test_1100_in_2030_lies_between_five_and_six_years_of_10_percent() -> None:
    assert growth.compound(650, 0.10, 5) < 1100 < growth.compound(650, 0.10, 6)


def test_1100_of_sales_at_3_4_times_are_3740() -> None:
    assert multiples.market_value(1100, 0, 0, 3.4) == pytest.approx(3740)


def test_5000_on_1100_of_sales_takes_a_multiple_of_4_545() -> None:
    assert round(multiples.multiple_required(5000, 1100), 3) == 4.545


def test_5000_at_a_constant_3_4_takes_sales_of_1470_6() -> None:
    assert round(multiples.sales_required(5000, 3.4), 1) == 1470.6


def test_sales_of_1470_6_take_growth_of_17_74_percent_over_five_years() -> None:
    assert round(multiples.growth_required(5000, 650, 3.4, 5), 4) == 0.1774
    assert round(growth.cagr(650, multiples.sales_required(5000, 3.4), 5), 4) == 0.1774


def test_4000_is_74_percent_above_2298_9() -> None:
    assert round(multiples.value_before(4000, 0.74), 1) == 2298.9


def test_market_value_of_2190_is_3_4_times_sales_of_650() -> None:
    assert round(multiples.multiple_required(2190, 650), 1) == 3.4
