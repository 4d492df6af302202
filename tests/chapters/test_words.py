"""Words that depend on numbers say what the numbers say."""

import pytest

from analysis.chapters import _words as words
from analysis.data import AbsentFigure, open_edition
from analysis.figures import Figure


def absent() -> Figure:
    raise AbsentFigure("nothing public")


def test_a_figure_that_was_not_public_is_replaced_by_words() -> None:
    found = words.or_words(absent, "an amount not yet public", "sales")
    assert (found.value, found.unit) == ("an amount not yet public", "text")


def test_a_public_figure_stays_itself() -> None:
    figure = Figure(2.0, "usd_bn", "sales")
    assert words.or_words(lambda: figure, "nothing", "sales") is figure


def test_a_convention_leads_to_the_page_on_the_method() -> None:
    years = words.convention(15, "years", "Years of forecast")
    assert (years.value, years.unit, years.formula) == (15.0, "years", "a convention: see the method")


@pytest.mark.parametrize(("change", "word"), [(0.1, "rose"), (-0.1, "fell"), (0.0, "did not change")])
def test_direction_follows_the_sign(change: float, word: str) -> None:
    assert words.direction(Figure(change, "fraction", "change"), "rose", "fell", "change").value == word


def test_the_ends_of_a_range_are_those_of_the_assumptions_file() -> None:
    driver = open_edition("2025Q4").drivers("base")["advertising.operating_margin"]
    low, value, high = words.three_ways(driver)
    assert [low.value, value.value, high.value] == [driver.low, driver.value, driver.high]
    assert low.source is not None
    assert low.source.field == "drivers.advertising.operating_margin.low"
