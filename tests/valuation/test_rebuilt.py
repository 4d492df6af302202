"""Past editions rebuilt: the same as if they had been opened then, and what became of their projections."""

import math

import numpy as np
import pytest

from analysis.data import Edition, open_edition
from analysis.valuation import odds
from analysis.valuation.group import open_group
from analysis.valuation.rebuilt import Rebuilt, known_then, rebuilt_editions, year_forecasts
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


def test_multiples_and_stable_growth_of_then_are_taken_from_the_edition_s_own_day() -> None:
    """2022Q4 seen from 2025Q4, whose cut-off is the day on which the judgements were set."""
    now, then = open_edition("2025Q4"), open_edition("2022Q4")
    group = open_group(then, "base")
    found = known_then(group, [then, now])
    paid = [each.market_value.number / each.ttm("income.net_sales").number for each in (then, now)]
    ratio = paid[0] / paid[1]
    assert ratio == pytest.approx(0.66, abs=0.005)
    assert found["exit.multiple_aws"].number == pytest.approx(20 * ratio)
    assert found["exit.price_to_earnings"].number == pytest.approx(24 * ratio)
    assert found["stores.growth_stable"].number == pytest.approx(0.04 + 0.0388 - 0.0418)
    assert len(found) == 7
    assert max(figure.published for figure in found.values()) == now.cutoff


def test_an_edition_that_knew_the_judgements_keeps_them() -> None:
    """What was set after the present edition's cut-off counts as set on it."""
    later = open_edition("2026Q1")
    (one,) = (each for each in rebuilt_editions(later) if each.edition.label == "2025Q4")
    assert known_then(one.group, [one.edition, later]) == {}
    assert one.known is one.odds
    early = open_edition("2021Q4")
    assert known_then(open_group(early, "base"), [early]) == {}


def test_odds_with_what_was_known_then_have_the_same_luck(past: tuple[Rebuilt, ...]) -> None:
    (one,) = (each for each in past if each.edition.label == "2021Q2")
    assert one.known.group.drivers["exit.multiple_aws"].number > one.group.drivers["exit.multiple_aws"]
    own, other = np.log(one.odds.model[-1]), np.log(one.known.model[-1])
    assert np.abs(other - own).min() > 0
    assert np.corrcoef(own, other)[0, 1] > 0.999
    assert one.known.swings.number == one.odds.swings.number


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
