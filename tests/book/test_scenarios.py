"""The scenarios page: odds that follow from the draws, stories that follow from the files."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from scipy import stats

from analysis.model.odds.first_passage import touched_by
from analysis.valuation.odds import Odds
from tests.notebooks import EARLY, Run, run
from tests.reading import drivers, written

STORIES = ("bear", "base", "bull")


@pytest.fixture(scope="module")
def page() -> Run:
    return run("scenarios")


@pytest.fixture(scope="module")
def odds(page: Run) -> Odds:
    found: Odds = page.names["odds"]
    return found


def test_odds_are_shares_of_the_draws_of_two_worlds(page: Run, odds: Odds) -> None:
    weight = drivers()["base_rate.weight"]["value"]
    shares = [float((values[-1] >= 4000).mean()) for values in (odds.model, odds.prior)]
    assert [page["t4t_drivers"].number, page["t4t_prior"].number] == pytest.approx(shares)
    assert page["t4t_above"].number == pytest.approx((1 - weight) * shares[0] + weight * shares[1])
    ends = [float((values.max(axis=0) >= 4000).mean()) for values in (odds.model, odds.prior)]
    assert page["t4t_ends"].number == pytest.approx((1 - weight) * ends[0] + weight * ends[1])


def test_touching_is_counted_between_year_ends_too(page: Run, odds: Odds) -> None:
    start, volatility = 208.27 * 10.731, odds.daily_volatility
    bridged = touched_by(odds.model, start, 4000.0, volatility=volatility, steps=odds.steps)[-1].mean()
    assert bridged > float((odds.model.max(axis=0) >= 4000).mean())
    assert page["t4t_touched"].number > page["t4t_ends"].number > page["t4t_above"].number


def test_the_price_s_rank_is_the_share_of_draws_below_what_it_asks(page: Run, odds: Odds) -> None:
    asked = page["asked"].number
    below = [float((values[-1] < asked).mean()) for values in (odds.model, odds.prior)]
    assert page["price_rank"].number == pytest.approx(0.75 * below[0] + 0.25 * below[1], abs=1e-9)
    growth = (asked / page["value"].number) ** (1 / 4.75) - 1
    assert 0.08 < growth < 0.13  # the cost of equity and one percent of new shares


def test_stories_are_those_of_the_files_and_rise(page: Run) -> None:
    stories = [" ".join(written(f"scenarios/{name}.yml")["story"].split()) for name in STORIES]
    said = " ".join(f"{name.capitalize()}. {story}" for name, story in zip(STORIES, stories, strict=True))
    assert page.parts["stories"].content.plain == said
    results = page.parts["results"].frame.set_index("At the end of 2030")
    assert list(results.columns) == [name.capitalize() for name in STORIES]
    for line in ("Market value", "Odds above $4T", "Odds above $5T"):
        values = [cell.number for cell in results.loc[line]]
        assert values == sorted(values)


def test_every_driver_that_differs_is_in_the_table(page: Run) -> None:
    base, bear, bull = (drivers(name) for name in ("base", "bear", "bull"))
    changed = {
        key
        for other in (bear, bull)
        for key, entry in other.items()
        if entry.get("value", base[key]["value"]) != base[key]["value"]
    }
    frame = page.parts["drivers"].frame.set_index("Assumption")
    assert set(frame.index) == {base[key]["label"] for key in changed}
    assert page["changed_bear"].number <= len(changed)
    units = {label: frame.loc[label, "Bear"].unit for label in frame.index}
    assert units["AWS: operating margin, change from trailing"] == "points"
    assert units["Price-to-earnings at the end of the decade"] == "x1"
    assert units["Price-to-sales at the end of the decade, change from the edition's own"] == "change"


def test_crossing_years_agree_with_the_paths(page: Run) -> None:
    paths = page.parts["paths"].data.set_index("Year")
    assert paths["reported"].dropna().index.tolist() == list(range(2018, 2026))
    assert paths.loc[2025, "reported"] == pytest.approx(230.82 * 10.731)
    for name in STORIES:
        path = paths.loc[2026:, name]
        reached = path.index[path >= 4000]
        expected = f"in {reached[0]}" if len(reached) else "not by 2035"
        assert str(page[f"t4t_when_{name}"]) == expected
        assert f"{name} {expected}" in page.parts["paths"].description


def test_the_fan_starts_today_with_history_behind_it_and_widens(page: Run) -> None:
    whole = page.parts["fan"].data
    place = whole.index[whole.iloc[:, 0].map(lambda step: isinstance(step, date))][0]
    past, data = whole.iloc[:place], whole.iloc[place:]
    assert past["10 of 100 below"].tolist() == past["90 of 100 below"].tolist()
    assert past["50 of 100 below"].iloc[-1] == pytest.approx(230.82 * 10.731)
    assert (
        data.iloc[0]["10 of 100 below"] == data.iloc[0]["90 of 100 below"] == pytest.approx(208.27 * 10.731)
    )
    assert np.all(np.diff(data["90 of 100 below"] / data["10 of 100 below"]) > 0)
    assert data.iloc[-1]["50 of 100 below"] == page["middle"].number
    assert str(page["middle"]) in page.parts["fan"].description


def test_the_calculator_starts_at_the_odds_of_the_page(page: Run) -> None:
    found, error = page.parts["play"].results(), page["grid_error"].number / 100
    assert 0 < error < 0.006
    assert found["above"] == pytest.approx(page["t4t_above"].number, abs=error)
    assert found["touched"] == pytest.approx(page["t4t_touched"].number, abs=error)
    alone = page.parts["play"].results({"weight": 0.0})
    assert alone["above"] == pytest.approx(page["t4t_drivers"].number, abs=error)


def test_widths_come_from_the_back_test_where_it_is_long_enough(page: Run) -> None:
    origins = page.parts["draws"].frame.set_index("Assumption")["Width from"]
    assert origins["AWS: first-year growth, change from its record"] == "21 misses of AWS sales"
    assert origins["AWS: growth once it has faded"] == "scenario file"
    slight = abs(page["t4t_file"].number - page["t4t_above"].number) < 0.02
    assert ("hardly" in str(page["width_verdict"])) == slight
    early = run("scenarios", *EARLY)
    assert early["width_aws"].is_absent
    assert set(early.parts["draws"].frame["Width from"]) == {"scenario file"}


def test_odds_rest_on_prices_misses_and_the_base_rate(page: Run) -> None:
    fields = {source.field for source in page["t4t_touched"].sources()}
    assert {"drivers.market.swing_memory.low", "drivers.base_rate.weight.value"} <= fields
    assert {"drivers.exit.multiple_aws.value", "segments.aws.net_sales", "2018-12-31"} <= fields
    assert any(str(field).startswith("close_usd, ") for field in fields)
    alone = {source.field for source in page["t4t_drivers"].sources()}
    assert "drivers.base_rate.weight.value" not in alone


def test_choices_stand_sorted_around_the_odds_as_they_are(page: Run) -> None:
    frame = page.parts["choices_table"].frame
    apart = [abs(a.number - b.number) for a, b in zip(frame["Odds there"], frame["Odds then"], strict=True)]
    assert len(frame) == page["choices"].number >= 15
    assert apart == sorted(apart, reverse=True)
    kept = frame[frame["Defensible"]]
    ends = [each.number for column in ("Odds there", "Odds then") for each in kept[column]]
    assert [page["range_low"].number, page["range_high"].number] == [min(ends), max(ends)]
    assert min(ends) < page["t4t_above"].number < max(ends)


def test_the_line_without_a_model_has_the_mean_of_the_draws(page: Run) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    mean, sd = page["mean"].number, 0.3 * years**0.5
    law = stats.lognorm(s=sd, scale=mean * math.exp(-(sd**2) / 2))
    assert page["line_real"].number == pytest.approx(law.sf(4000.0))
    neutral = stats.lognorm(s=sd, scale=208.27 * 10.731 * 1.042**years * math.exp(-(sd**2) / 2))
    assert page["line_neutral"].number == pytest.approx(neutral.sf(4000.0), abs=2e-3)
    assert ("less" in str(page["line_word"])) == (page["line_real"] < page["t4t_above"])


def test_what_does_not_end_above_today_s_value_ends_below_it(page: Run) -> None:
    odds = page.names["odds"]
    assert page["below_today"].number == pytest.approx(1 - odds.above(208.27 * 10.731).value[-1])


def test_the_odds_settle_and_each_is_told_with_its_standard_error() -> None:
    page = run("scenarios")
    settled = page.parts["settling"].frame
    chances = [float(chance) for chance in settled.iloc[:, 1]]
    errors = [float(error) for error in settled.iloc[:, 2]]
    assert chances[-1] == pytest.approx(float(page["t4t_above"]))
    assert abs(chances[0] - chances[-1]) < 4 * errors[0] / 100
    assert errors[-1] == pytest.approx(float(page["t4t_error"]))
    assert float(page["t4t_error"]) <= float(page["error_most"]) < 0.5
    assert "standard error of the odds is at most" in page.parts["results"].caption


def test_what_parts_the_line_from_that_of_an_option_is_a_premium_only_where_one_is_paid() -> None:
    early = run("scenarios", *EARLY)
    assert early["line_real"] < early["line_neutral"]
    assert str(early["line_gap"]).startswith("no less, because the simulations expect less growth")
