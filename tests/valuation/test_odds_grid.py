"""The grid of odds: exact at its points, close between them, the same in a browser."""

import altair as alt
import pytest

from analysis.charts.calculator import expression
from analysis.valuation.group import Group
from analysis.valuation.odds import Odds, simulate_odds
from analysis.valuation.odds_grid import OddsGrid, odds_grid


@pytest.fixture(scope="module")
def odds(base: Group) -> Odds:
    return simulate_odds(base, points=2048)


@pytest.fixture(scope="module")
def grid(odds: Odds) -> OddsGrid:
    return odds_grid(odds, 3000.0, 8000.0)


def test_at_its_points_the_grid_is_the_simulation(odds: Odds, grid: OddsGrid) -> None:
    for target in grid.targets[::5]:
        for place, year in enumerate(grid.years):
            above, touched = odds.above(target).value[place], odds.touched(target).value[place]
            assert grid.at("above", target, float(year), odds.weight) == pytest.approx(above, abs=3e-5)
            assert grid.at("touched", target, float(year), odds.weight) == pytest.approx(touched, abs=3e-5)


def test_the_edition_s_targets_are_points_of_the_grid(odds: Odds, grid: OddsGrid) -> None:
    assert {4000.0, 5000.0} <= set(grid.targets)
    assert grid.at("touched", 4000.0, 2030.0, odds.weight) == pytest.approx(
        odds.touched(4000.0).value[-1], abs=3e-5
    )
    assert list(grid.targets) == sorted(set(grid.targets))


def test_between_its_points_it_is_off_by_no_more_than_it_says(odds: Odds, grid: OddsGrid) -> None:
    worst = grid.worst_error()
    assert 0 < worst < 0.006
    for target in (3100.0, 4000.0, 5000.0, 6900.0):
        found = grid.at("above", target, 2030.0, odds.weight)
        assert found == pytest.approx(odds.above(target).value[-1], abs=worst)
        found = grid.at("touched", target, 2026.0, odds.weight)
        assert found == pytest.approx(odds.touched(target).value[0], abs=1.5 * worst)


def test_the_weight_mixes_the_two_worlds(grid: OddsGrid) -> None:
    alone, prior, half = (grid.at("above", 4000.0, 2030.0, weight) for weight in (0.0, 1.0, 0.5))
    assert prior < alone
    assert half == pytest.approx((alone + prior) / 2)


def test_odds_fall_with_the_target_and_touching_is_likelier(grid: OddsGrid) -> None:
    chances = [grid.at("above", 3000.0 + 250 * n, 2029.0, 0.25) for n in range(21)]
    assert chances == sorted(chances, reverse=True)
    assert grid.at("touched", 4321.0, 2029.0, 0.25) > grid.at("above", 4321.0, 2029.0, 0.25)


def test_what_lies_below_today_s_value_was_touched_and_it_holds_beside_it_too(odds: Odds) -> None:
    wide = odds_grid(odds, 1000.0, 8000.0)
    worst, today = wide.worst_error(), odds.group.market.value
    assert 0 < worst < 0.006
    for target in (1200.0, 2000.0, today):
        assert wide.at("touched", target, 2026.0, odds.weight) == pytest.approx(1.0, abs=1e-3)
    for target in (1.01 * today, 1.03 * today, 1.1 * today):
        found = wide.at("touched", target, 2026.0, odds.weight)
        assert found == pytest.approx(odds.touched(target).value[0], abs=1.5 * worst)


def test_the_browser_s_expression_gives_python_s_value(grid: OddsGrid) -> None:
    names = ("target", "year", "weight")
    params = {name: alt.param(name=name, value=1.0) for name in names}
    for way in ("above", "touched"):
        text = expression(grid.at(way, **params))
        for values in ((3210.0, 2027.0, 0.3), (7990.0, 2030.0, 0.0), (5000.0, 2026.0, 1.0)):
            given = dict(zip(names, values, strict=True))
            assert eval(text, {"pow": pow, **given}) == pytest.approx(grid.at(way, *values), rel=1e-9)


def test_where_the_chance_to_touch_bends_it_is_close_too(odds: Odds) -> None:
    today = odds.group.market.value
    assert odds_grid(odds, 0.9 * today, 2.5 * today).worst_error() < 0.02


def test_an_edition_with_one_year_left_has_a_grid_too(odds: Odds) -> None:
    early = simulate_odds(odds.group, through=2026, points=256)
    grid = odds_grid(early, 3000.0, 5000.0)
    assert 0 <= grid.at("above", 3500.0, 2026.0, 0.25) <= 1
