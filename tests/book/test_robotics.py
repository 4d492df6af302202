"""The page on warehouse automation: savings, capital and what the stores' margin already holds."""

from __future__ import annotations

import math

import pytest

from analysis.report import open_report
from analysis.report.shown import Unavailable
from tests.notebooks import run

PAGE, REPORT = run("robotics"), open_report("2025Q4")


def driver(name: str) -> float:
    return float(REPORT.driver(f"robotics.{name}"))


def share(time: float) -> float:
    return driver("adoption_ceiling") / (1 + math.exp(-driver("steepness") * (time - driver("midpoint"))))


def orders(time: float) -> float:
    return driver("units") / 1e9 * (1 + driver("units_growth")) ** time


def test_savings_follow_from_the_drivers_by_plain_arithmetic() -> None:
    each = orders(5) * driver("cost_per_unit") * driver("saving")
    capital = driver("sites") * driver("cost_per_site") * (share(5) - share(0))
    assert PAGE["adoption"].number == pytest.approx(share(5))
    assert PAGE["savings"].number == pytest.approx(each * share(5))
    assert PAGE["further"].number == pytest.approx(each * (share(5) - share(0)))
    assert PAGE["capital"].number == pytest.approx(capital)
    assert PAGE["payback"].number == pytest.approx(capital / PAGE["further"].number)


@pytest.mark.parametrize(("edition", "word"), [("2025Q4", "in line with"), ("2019Q4", "out of line with")])
def test_the_page_says_whether_its_drivers_fit_what_is_reported(edition: str, word: str) -> None:
    page = run("robotics", edition)
    assert page["implied_word"].value == word
    assert (abs(page["implied_ratio"].number - 1) <= 0.25) == (word == "in line with")


def test_the_value_is_after_tax_and_after_the_capital() -> None:
    worth = PAGE["further"].number * (1 - PAGE["tax"].number) * PAGE["multiple"].number
    assert PAGE["value"].number == pytest.approx(worth - PAGE["capital"].number)


def test_the_range_encloses_what_is_assumed() -> None:
    assert PAGE["further_low"].number < PAGE["further"].number < PAGE["further_high"].number
    data = PAGE.parts["savings"].data
    assert (data["low"] < data["assumed"]).all()
    assert (data["assumed"] < data["high"]).all()
    assert data["assumed"].is_monotonic_increasing


def test_estimates_stand_beside_the_scenario_on_the_same_terms() -> None:
    each = driver("cost_per_unit") * driver("saving")
    assert PAGE["bank_ours"].number == pytest.approx(orders(2) * each * PAGE["bank_share"].number)
    assert PAGE["leak_ours"].number == pytest.approx(sum(orders(t) * share(t) for t in (0, 1, 2)) * each)
    frame = PAGE.parts["estimates"].frame
    assert len(frame) == 4
    assert f"{PAGE['bank_share']:percent0}" in frame["what"].iloc[0]
    assert (PAGE["bank_year"].value, PAGE["leak_years"].value) == ("2027", "2025-2027")


def test_a_dearer_site_takes_longer_to_pay_in_proportion() -> None:
    frame = PAGE.parts["sites"].frame.set_index("site")
    years = [frame.loc[site, "years"].number for site in ("Rebuilt, a bank's figure", "New, a bank's figure")]
    assert years[1] / years[0] == pytest.approx(4.5)
    assert PAGE["dear_years"].number / PAGE["payback"].number == pytest.approx(
        PAGE["dear_cost"].number / PAGE["site_cost"].number
    )


def test_the_margin_assumed_is_set_against_the_savings() -> None:
    assert PAGE["kept_share"].number == pytest.approx(PAGE["margin_dollars"].number / PAGE["further"].number)


@pytest.mark.parametrize(("slider", "rises"), [("orders", True), ("saving", True), ("site", False)])
def test_sliders_move_the_value_the_right_way(slider: str, rises: bool) -> None:
    play = PAGE.parts["play"]
    moved = play.results({slider: play.start()[slider] * 1.2})["value"]
    assert (moved > play.results()["value"]) == rises


def test_before_it_was_public_the_page_says_so() -> None:
    page = run("robotics", "2019Q4")
    missing = {name for name, part in page.parts.items() if isinstance(part, Unavailable)}
    assert missing == {"estimates", "claims"}
    assert page["bank_low"].is_absent
    assert len(page.parts["sites"].frame) == 1
