"""The scenarios page: odds that follow from the draws, stories that follow from the files."""

import numpy as np
import pytest

from analysis.chapters import Page
from analysis.data import open_edition
from analysis.model.odds.first_passage import touched_by
from analysis.valuation.group import open_group
from analysis.valuation.odds import Odds, simulate_odds
from tests.chapters.reading import drivers, in_editions, number, opened, written

FILE = "as in the scenario's file"


@pytest.fixture(scope="module")
def odds() -> Odds:
    return simulate_odds(open_group(open_edition("2025Q4"), "base"))


def test_odds_are_shares_of_the_draws(page: Page, odds: Odds) -> None:
    shares = [float((values[-1] >= 4000).mean()) for values in (odds.model, odds.prior)]
    weight = drivers()["base_rate.weight"]["value"]
    assert number(page, "t4t_drivers") == pytest.approx(shares[0])
    assert number(page, "t4t_prior") == pytest.approx(shares[1])
    assert number(page, "t4t_above") == pytest.approx((1 - weight) * shares[0] + weight * shares[1])


def test_touching_is_counted_between_year_ends_too(page: Page, odds: Odds) -> None:
    at_year_ends = float((odds.model.max(axis=0) >= 4000).mean())
    bridged = touched_by(
        odds.model, 208.27 * 10.731, 4000.0, volatility=odds.daily_volatility, steps=odds.steps
    )[-1].mean()
    assert bridged > at_year_ends > number(page, "t4t_drivers")
    pooled = 0.75 * at_year_ends + 0.25 * float((odds.prior.max(axis=0) >= 4000).mean())
    assert number(page, "t4t_ends") == pytest.approx(pooled)
    assert number(page, "t4t_touched") > number(page, "t4t_above")


def test_the_price_s_rank_is_the_share_of_draws_below_what_it_asks(page: Page, odds: Odds) -> None:
    asked = number(page, "asked")
    below = [float((values[-1] < asked).mean()) for values in (odds.model, odds.prior)]
    assert number(page, "price_rank") == pytest.approx(0.75 * below[0] + 0.25 * below[1], abs=1e-9)
    growth = (asked / number(page, "value")) ** (1 / 4.75) - 1
    assert 0.08 < growth < 0.13  # the cost of equity and one percent of new shares


def test_the_stories_are_those_of_the_files_and_their_values_rise(page: Page) -> None:
    stories = [cell.plain for cell in page.table("stories").frame["story"]]
    for name, story in zip(("bear", "base", "bull"), stories, strict=True):
        raw = written(f"scenarios/{name}.yml")
        assert story == f"{name.capitalize()}. {' '.join(raw['story'].split())}"
    values = [number(page, f"value_{name}") for name in ("bear", "base", "bull")]
    assert values == sorted(values)
    chances = [number(page, f"t5t_{name}") for name in ("bear", "base", "bull")]
    assert chances == sorted(chances)


def test_every_driver_that_differs_is_in_the_table(page: Page) -> None:
    base, bear, bull = (drivers(name) for name in ("base", "bear", "bull"))
    changed = {
        key
        for other in (bear, bull)
        for key, entry in other.items()
        if entry.get("value", base[key]["value"]) != base[key]["value"]
    }
    frame = page.table("drivers").frame
    assert set(frame["driver"]) == {base[key]["label"] for key in changed}
    row = frame[frame["driver"] == base["exit.multiple_aws"]["label"]].iloc[0]
    assert [row[n].number for n in ("bear", "base", "bull")] == [
        drivers["exit.multiple_aws"]["value"] for drivers in (bear, base, bull)
    ]


def test_crossing_years_agree_with_the_paths(page: Page) -> None:
    data = page.chart("paths").data
    for name in ("bear", "base", "bull"):
        path = data[(data["series"] == name) & (data["year"] > 2025)].set_index("year")["value"]
        reached = path.index[path >= 4000]
        expected = f"in {reached[0]}" if len(reached) else "not by 2035"
        assert page.numbers[f"t4t_when_{name}"].value == expected


def test_the_path_starts_at_reported_market_values(page: Page) -> None:
    data = page.chart("paths").data
    reported = data[data["series"] == "reported"].set_index("year")["value"]
    assert reported[2025] == pytest.approx(230.82 * 10.731)
    assert list(reported.index) == list(range(2018, 2026))


def test_the_fan_starts_today_and_widens(page: Page) -> None:
    data = page.chart("fan").data
    assert data.iloc[0]["p10"] == data.iloc[0]["p90"] == pytest.approx(208.27 * 10.731)
    width = (data["p90"] / data["p10"]).to_numpy()
    assert np.all(np.diff(width) > 0)
    assert data.iloc[-1]["p50"] == number(page, "middle")


def test_the_calculator_starts_at_the_odds_of_the_page(page: Page) -> None:
    found = page.calculator("play").results()
    error = number(page, "grid_error") / 100  # in percentage points on the page
    assert 0 < error < 0.006
    assert found["above"] == pytest.approx(number(page, "t4t_above"), abs=error)
    assert found["touched"] == pytest.approx(number(page, "t4t_touched"), abs=error)
    alone = page.calculator("play").results({"weight": 0.0, "target": 5000.0})
    assert alone["above"] == pytest.approx(number(page, "t5t_drivers"), abs=0.006)


def test_alt_texts_hold_the_finding(page: Page) -> None:
    assert f"${number(page, 'middle') / 1000:.2f}T" in page.chart("fan").description
    assert f"{number(page, 't4t_above') * 100:.0f}%" in page.chart("odds").description
    assert f"{100 - number(page, 'price_rank') * 100:.0f}%" in page.chart("curve").description
    assert f"base {page.numbers['t4t_when_base'].value}" in page.chart("paths").description


def test_widths_come_from_the_back_test_where_it_is_long_enough(page: Page) -> None:
    assert page.numbers["width_from"].value == "AWS, advertising and the stores"
    origins = dict(zip(page.table("draws").frame["driver"], page.table("draws").frame["origin"], strict=True))
    assert origins["AWS: first-year growth, change from trailing"] == "21 misses of AWS sales"
    assert origins["AWS: growth once it has faded"] == "scenario file"
    early = opened("scenarios", "2021Q3", "bear")
    assert early.numbers["width_aws"].value == FILE
    assert set(early.table("draws").frame["origin"]) == {"scenario file"}


def test_the_verdict_on_width_follows_from_the_odds(page: Page) -> None:
    slight = abs(number(page, "t4t_file") - number(page, "t4t_above")) < 0.02
    assert ("hardly" in str(page.numbers["width_verdict"].value)) == slight


@in_editions("2025Q1 bull", "2019Q4 base")
def test_the_page_stands_in_other_editions(page: Page) -> None:
    assert number(page, "t4t_above") == number(page, f"t4t_{page.scenario}")
    assert number(page, "t4t_above") >= number(page, "t5t_above")
    for name in page.charts:
        assert page.chart(name).description
    assert 0 <= page.calculator("play").results()["above"] <= 1
    for name in page.tables.keys() - {"claims"}:
        assert len(page.table(name).frame) > 2


def test_changes_are_told_in_points_and_large_multiples_with_one_decimal(page: Page) -> None:
    cells = page.table("drivers").frame.set_index("driver")["bear"]
    margin, priced = (
        cells["AWS: operating margin, change from trailing"],
        cells["Price-to-earnings at the end of the decade"],
    )
    relative = cells["Price-to-sales at the end of the decade, change from the edition's own"]
    assert (margin.unit, priced.unit, relative.unit) == ("points", "x1", "change")
    drawn = page.table("draws").frame.set_index("driver")
    assert drawn.loc["AWS: operating margin, change from trailing", "middle"].endswith("points")
