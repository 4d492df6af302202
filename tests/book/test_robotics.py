"""The page on warehouse automation: savings, capital and what the stores' margin already holds."""

from __future__ import annotations

import itertools
import math

import pytest

from tests.notebooks import Run, run


@pytest.fixture
def page() -> Run:
    return run("robotics")


def driver(name: str) -> float:
    return float(run("robotics").report.driver(f"robotics.{name}"))


def share(time: float) -> float:
    return driver("adoption_ceiling") / (1 + math.exp(-driver("steepness") * (time - driver("midpoint"))))


def orders(time: float) -> float:
    return driver("units") / 1e9 * (1 + driver("units_growth")) ** time


def test_savings_follow_from_the_drivers_by_plain_arithmetic(page: Run) -> None:
    each = orders(5) * driver("cost_per_unit") * driver("saving")
    capital = driver("sites") * driver("cost_per_site") * (share(5) - share(0))
    assert page["adoption"].number == pytest.approx(share(5))
    assert page["savings"].number == pytest.approx(each * share(5))
    assert page["further"].number == pytest.approx(each * (share(5) - share(0)))
    assert page["capital"].number == pytest.approx(capital)
    assert page["payback"].number == pytest.approx(capital / page["further"].number)


@pytest.mark.parametrize(("edition", "word"), [("2025Q4", "in line with"), ("2019Q4", "out of line with")])
def test_the_page_says_whether_its_drivers_fit_what_is_reported(edition: str, word: str) -> None:
    page = run("robotics", edition)
    assert page["implied_word"].value == word
    assert (abs(page["implied_ratio"].number - 1) <= 0.25) == (word == "in line with")


def test_the_value_is_after_tax_and_after_the_capital(page: Run) -> None:
    worth = page["further"].number * (1 - page["tax"].number) * page["multiple"].number
    assert page["value"].number == pytest.approx(worth - page["capital"].number)


def test_the_range_encloses_what_is_assumed(page: Run) -> None:
    assert page["further_low"].number < page["further"].number < page["further_high"].number
    data = page.parts["savings"].data
    assert (data["low"] < data["assumed"]).all()
    assert (data["assumed"] < data["high"]).all()
    assert data["assumed"].is_monotonic_increasing


def test_estimates_stand_beside_the_scenario_on_the_same_terms(page: Run) -> None:
    each = driver("cost_per_unit") * driver("saving")
    assert page["bank_ours"].number == pytest.approx(orders(2) * each * page["bank_share"].number)
    assert page["leak_ours"].number == pytest.approx(sum(orders(t) * share(t) for t in (0, 1, 2)) * each)
    frame = page.parts["estimates"].frame
    assert len(frame) == 4
    assert f"{page['bank_share']:percent0}" in frame["what"].iloc[0]
    assert (page["bank_year"].value, page["leak_years"].value) == ("2027", "2025-2027")


def test_a_dearer_site_takes_longer_to_pay_in_proportion(page: Run) -> None:
    frame = page.parts["sites"].frame.set_index("site")
    years = [frame.loc[site, "years"].number for site in ("Rebuilt, a bank's figure", "New, a bank's figure")]
    assert years[1] / years[0] == pytest.approx(4.5)
    assert page["dear_years"].number / page["payback"].number == pytest.approx(
        page["dear_cost"].number / page["site_cost"].number
    )


def test_the_margin_assumed_is_set_against_the_savings(page: Run) -> None:
    assert page["kept_share"].number == pytest.approx(page["margin_dollars"].number / page["further"].number)


@pytest.mark.parametrize(("slider", "rises"), [("orders", True), ("saving", True), ("site", False)])
def test_sliders_move_the_value_the_right_way(page: Run, slider: str, rises: bool) -> None:
    play = page.parts["play"]
    moved = play.results({slider: play.start()[slider] * 1.2})["value"]
    assert (moved > play.results()["value"]) == rises


@pytest.mark.parametrize(
    ("edition", "scenario"), [("2025Q4", "base"), ("2021Q3", "bear"), ("2026Q1", "bull")]
)
def test_no_slider_undoes_what_is_automated_today(edition: str, scenario: str) -> None:
    play = run("robotics", edition, scenario).parts["play"]
    ends = {slider.name: (slider.min, slider.max) for slider in play.sliders}
    corners = itertools.product(*(ends[name] for name in ("today", "steepness", "ceiling")))
    for today, steepness, ceiling in corners:
        found = play.results({"today": today, "steepness": steepness, "ceiling": ceiling})
        assert today < found["adoption"] <= ceiling
        assert found["further"] > 0
        assert found["payback"] == pytest.approx(play.results()["payback"])
    dearest = {"orders": 0, "cost": 0, "saving": 0, "site": 1}
    assert play.results({name: ends[name][end] for name, end in dearest.items()})["payback"] < 60


def test_more_of_the_saving_comes_the_more_is_automated() -> None:
    play = run("robotics", "2026Q1").parts["play"]
    low, high = (play.results({"steepness": steepness}) for steepness in (0.5, 1.5))
    for name in ("adoption", "further", "capital", "value"):
        assert low[name] < high[name]


def test_a_site_is_listed_once_it_was_public() -> None:
    assert len(run("robotics", "2019Q4").parts["sites"].frame) == 1
