"""Past editions rebuilt: the same as if they had been opened then, and what became of their projections."""

import math

import pytest

from analysis.data import Edition, open_edition
from analysis.valuation import odds
from analysis.valuation.group import open_group
from analysis.valuation.rebuilt import Rebuilt, rebuilt_editions, year_forecasts
from analysis.valuation.spreads import all_misses, growth_spreads


@pytest.fixture(scope="module")
def edition() -> Edition:
    return open_edition("2024Q1")


@pytest.fixture(scope="module")
def past(edition: Edition) -> tuple[Rebuilt, ...]:
    return rebuilt_editions(edition)


def test_every_quarter_since_the_first_edition_is_there(past: tuple[Rebuilt, ...]) -> None:
    expected = [f"{year}Q{n}" for year in (2020, 2021, 2022, 2023) for n in (1, 2, 3, 4)]
    assert [each.edition.label for each in past] == ["2019Q4", *expected]


@pytest.mark.parametrize("label", ["2021Q2", "2023Q4"])
def test_a_rebuilt_edition_says_what_the_opened_one_says(past: tuple[Rebuilt, ...], label: str) -> None:
    (one,) = (each for each in past if each.edition.label == label)
    group = open_group(open_edition(label), "base")
    assert one.value.number == group.value_figure(group.horizon_year).number
    full = odds.simulate_odds(group)
    assert one.odds.above(4000.0).value[-1] == pytest.approx(full.above(4000.0).value[-1], abs=0.01)
    assert one.odds.above(4000.0).standard_error[-1] < 0.005


def test_misses_of_a_later_edition_give_the_width_of_then(edition: Edition) -> None:
    later = all_misses(open_edition("2025Q4"))
    group = open_group(edition, "base")
    own, borrowed = growth_spreads(group), growth_spreads(group, later)
    assert own.keys() == borrowed.keys() != set()
    assert [s.sd for s in own.values()] == pytest.approx([s.sd for s in borrowed.values()])


def test_projected_years_are_held_against_reported_ones(edition: Edition, past: tuple[Rebuilt, ...]) -> None:
    found = {(f.edition, f.year, f.item): f for f in year_forecasts(edition, past)}
    assert {(origin, year) for origin, year, _ in found if origin > "2021"} == {
        ("2021Q4", 2022),
        ("2021Q4", 2023),
        ("2022Q4", 2023),
    }
    one = found["2022Q4", 2023, "sales"]
    assert one.actual.number == pytest.approx(574.785)
    assert one.error.number == pytest.approx(one.forecast.number / 574.785 - 1)
    assert one.forecast.number == pytest.approx(
        open_group(open_edition("2022Q4"), "base").projection.sales[0], rel=1e-12
    )
    assert found["2021Q4", 2022, "capex"].actual.number == pytest.approx(58.321, abs=1e-3)


def test_no_edition_before_the_first_is_rebuilt() -> None:
    assert rebuilt_editions(open_edition("2019Q4")) == ()
    (only,) = rebuilt_editions(open_edition("2020Q1"))
    assert only.edition.label == "2019Q4"
    assert math.isfinite(only.value.number)


def test_an_assumption_changed_since_is_drawn_as_it_was_known_then() -> None:
    """The edition 2025Q4, which knew none of the looks of May 2026, seen from the one that does."""
    later = open_edition("2026Q1")
    name = "exit.price_to_sales_change"
    assert later.drivers("base")[name].value != open_edition("2025Q4").drivers("base")[name].value
    (one,) = (each for each in rebuilt_editions(later) if each.edition.label == "2025Q4")
    full = odds.simulate_odds(open_group(open_edition("2025Q4"), "base"))
    for target in (4000.0, 5000.0):
        assert one.odds.above(target).value[-1] == pytest.approx(full.above(target).value[-1], abs=0.01)
