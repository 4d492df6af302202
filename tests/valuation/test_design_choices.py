"""Choices of the design moved one at a time, and the width of the fan split by cause."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.data import open_edition
from analysis.formats import NBSP
from analysis.model.odds.odds import pool
from analysis.valuation.design_choices import (
    Choice,
    Setting,
    Worlds,
    defensible_range,
    design_choices,
)
from analysis.valuation.group import Group, open_group
from analysis.valuation.odds import Odds, simulate_odds
from analysis.valuation.variance import PRICE, TOGETHER, width_of, without_shock


@pytest.fixture(scope="module")
def odds(base: Group) -> Odds:
    return simulate_odds(base)


@pytest.fixture(scope="module")
def choices(odds: Odds) -> tuple[Choice, ...]:
    return design_choices(odds, odds.group.edition.targets[0].figure)


def named(choices: tuple[Choice, ...], name: str) -> Choice:
    (found,) = (each for each in choices if each.name == name)
    return found


def test_at_least_fifteen_choices_are_moved_each_at_two_ends(choices: tuple[Choice, ...]) -> None:
    assert len(choices) >= 15
    assert len({each.name for each in choices}) == len(choices)
    assert [each.swing for each in choices] == sorted((each.swing for each in choices), reverse=True)
    for each in choices:
        assert all(0 <= end.number <= 1 for end in each.odds)


def test_what_is_left_alone_gives_the_odds_as_they_are(odds: Odds, choices: tuple[Choice, ...]) -> None:
    stated = float(odds.above(4000.0).value[-1])
    assert named(choices, "rank correlations").odds[1].number == pytest.approx(stated)


def test_the_weight_of_the_base_rate_moves_the_odds_as_weighting_does(
    odds: Odds, choices: tuple[Choice, ...]
) -> None:
    alone, none = named(choices, "base rate alone, or none").odds
    for end, weight in ((alone, 1.0), (none, 0.0)):
        assert end.number == odds.weighted(weight).above(4000.0).value[-1]


def test_a_choice_is_told_as_its_assumption_is_elsewhere(choices: tuple[Choice, ...]) -> None:
    words = [end.words for end in named(choices, "AWS: operating margin, change from trailing").settings]
    assert all(each.startswith("middle ") and each.endswith(f"{NBSP}points") for each in words)


def test_the_odds_without_the_second_shock_are_those_of_the_choice(
    odds: Odds, choices: tuple[Choice, ...]
) -> None:
    without = without_shock(odds, odds.group.edition.targets[0].figure)
    assert without is not None
    assert without.odds.number == named(choices, "second shock to growth").odds[0].number


def test_better_multiples_and_margins_raise_the_odds(choices: tuple[Choice, ...]) -> None:
    for name in ("what investors pay in 2030", "AWS: operating margin, change from trailing"):
        low, high = named(choices, name).odds
        assert low < high


def test_the_defensible_range_leaves_out_what_cannot_be_defended(choices: tuple[Choice, ...]) -> None:
    low, high = defensible_range(choices)
    kept = [end.number for each in choices if each.is_defensible for end in each.odds]
    assert (low.number, high.number) == (min(kept), max(kept))
    assert not named(choices, "no swings, or large ones").is_defensible


def test_a_moved_choice_names_the_end_it_was_moved_to(choices: tuple[Choice, ...]) -> None:
    low, high = named(choices, "AWS: operating margin, change from trailing").odds
    fields = [{source.field for source in end.sources()} for end in (low, high)]
    assert "drivers.aws.margin_change.low" in fields[0]
    assert "drivers.aws.margin_change.high" in fields[1]


def test_shares_of_the_width_add_up_to_all_of_it(odds: Odds) -> None:
    width = width_of(odds)
    assert sum(share.number for share in width.shares.values()) == pytest.approx(1.0)
    assert abs(width.shares[TOGETHER].number) < 0.05
    assert list(width.shares.values()) == sorted(width.shares.values(), key=float, reverse=True)


def test_the_width_is_that_of_the_fan(odds: Odds) -> None:
    logs = [np.log(worlds[-1]) for worlds in (odds.model, odds.prior)]
    mean = pool(logs[0].mean(), logs[1].mean(), odds.weight)
    square = pool((logs[0] ** 2).mean(), (logs[1] ** 2).mean(), odds.weight)
    assert width_of(odds).sd.number == pytest.approx((square - mean**2) ** 0.5)


def test_swings_make_the_share_that_goes_without_them(odds: Odds) -> None:
    worlds, width = Worlds(odds), width_of(odds)
    still = Setting("", {name: (0.0, 0.0) for name in worlds.draws if name.startswith("noise.")})
    left = np.concatenate([np.log(each) for each in worlds.run(still)])
    weights = np.repeat([1 - odds.weight, odds.weight], left.size // 2) / (left.size // 2)
    variance = weights @ (left - weights @ left) ** 2
    assert 1 - width.shares[PRICE].number == pytest.approx(variance / width.sd.number**2, abs=0.02)


def test_a_second_shock_widens_the_fan(odds: Odds) -> None:
    target = odds.group.edition.targets[0].figure
    without = without_shock(odds, target)
    assert without is not None
    assert without.a_year < width_of(odds).a_year
    assert without.odds.number == pytest.approx(odds.odds_figure(target).number, abs=0.05)
    filed = simulate_odds(odds.group, spreads={})
    assert without_shock(filed, target) is None


def test_a_multiple_is_not_moved_below_nothing(odds: Odds) -> None:
    worlds = Worlds(odds)
    low, lower = (
        worlds.chance(Setting("", {"exit.multiple_stores": (1.0, -shift)}), 3000.0) for shift in (1e3, 1e6)
    )
    assert low == lower


def test_growth_is_not_moved_below_the_least_there_can_be(odds: Odds) -> None:
    worlds = Worlds(odds)
    low, lower = (
        worlds.chance(Setting("", {"stores.growth_change": (1.0, -shift)}), 3000.0) for shift in (5.0, 50.0)
    )
    assert low == lower


def test_where_past_misses_are_wide_twice_their_width_has_odds_too() -> None:
    """As for the stores after the pandemic."""
    wide = simulate_odds(open_group(open_edition("2022Q3"), "base").plain)
    assert len(design_choices(wide, wide.group.edition.targets[0].figure)) >= 15
