"""The page on own chips: advantage and saving, savings in three cases, and nothing counted twice."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from tests.chapters.reading import (
    alt_texts,
    drivers,
    in_editions,
    missing,
    number,
    observed,
    opened,
    reported,
    shown,
)
from tests.notebooks import run


def driver(name: str) -> float:
    return drivers()[f"chips.{name}"]["value"]


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert shown(page, "saving") in texts["saving"]
    assert shown(page, "own_share", "percent0") in texts["adoption"]
    assert shown(page, "avoided") in texts["ladder"]
    assert shown(page, "kept") in texts["ladder"]
    assert shown(page, "kept") in texts["decides"]


def test_an_advantage_of_two_fifths_saves_less_than_three_tenths(page: Page) -> None:
    assert number(page, "claim_saves_high") == pytest.approx(0.4 / 1.4)
    assert number(page, "claim_saves_low") == pytest.approx(0.3 / 1.3)
    assert number(page, "claim_saves_high") < number(page, "claim_high")


def test_savings_follow_from_the_drivers_by_plain_arithmetic(page: Page) -> None:
    share = driver("share_ceiling") / (
        1 + 2.718281828459045 ** (-driver("steepness") * (5 - driver("midpoint")))
    )
    saving = driver("advantage") / (1 + driver("advantage"))
    compute = number(page, "cost") * driver("compute_share_of_cost")
    bought = compute / (1 - share * saving)
    assert number(page, "own_share") == pytest.approx(share)
    assert number(page, "avoided") == pytest.approx(bought - compute)
    assert number(page, "kept") == pytest.approx((bought - compute) * (1 - driver("passed_on")))


def test_a_run_rate_is_more_than_the_years_sales_behind_it(page: Page) -> None:
    stated = observed("chips", entity="Custom chips (Graviton+Trainium)", metric="run_rate")
    back = (1 + driver("run_rate_growth")) ** -0.25
    assert number(page, "run_rate") == stated
    assert number(page, "run_rate_sales") == pytest.approx(stated / 4 * (1 + back + back**2 + back**3))
    assert number(page, "run_rate_sales") < stated


def test_the_cases_lie_in_order_in_every_row_but_what_is_passed_on(page: Page) -> None:
    frame = page.table("cases").frame.set_index("item")
    rising = frame.drop(index="Passed on to customers")
    assert all(row["low"].number < row["assumed"].number < row["high"].number for _, row in rising.iterrows())
    assert frame.loc["Cost avoided", "low"].number == pytest.approx(number(page, "avoided_low"))


def test_own_chips_taken_out_and_valued_apart_add_up_to_aws(page: Page) -> None:
    assert number(page, "value") + number(page, "value_without") == pytest.approx(number(page, "value_aws"))
    points = number(page, "kept") / (number(page, "income") / run("aws")["margin_horizon"].number)
    assert number(page, "margin_points") == pytest.approx(points)


def test_only_what_is_not_in_todays_margin_can_change_it(page: Page) -> None:
    year = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
    sales, income = (reported(f"segments.aws.{item}", *year) for item in ("net_sales", "operating_income"))
    saving = driver("advantage") / (1 + driver("advantage"))
    mixed = number(page, "own_share_now") * saving
    compute = (sales - income) * driver("compute_share_of_cost")
    kept = (compute / (1 - mixed) - compute) * (1 - driver("passed_on"))
    assert number(page, "margin_points_now") == pytest.approx(kept / sales)
    added = number(page, "margin_points") - number(page, "margin_points_now")
    assert number(page, "margin_points_added") == pytest.approx(added)
    assert 0 < added < number(page, "margin_points")
    with_chips = number(page, "check_margin") + number(page, "margin_points")
    assert with_chips == pytest.approx(run("aws")["margin_horizon"].number)


def test_the_sum_of_the_parts_refuses_own_chips_beside_aws(page: Page) -> None:
    assert page.numbers["refusal"].value == "AWS and own chips both count aws.chips"


def test_the_prize_is_four_quarters_at_each_quarters_margin(page: Page) -> None:
    quarters = [f"FY2026Q{n}" for n in (1, 2, 3, 4)]
    rows = [
        [
            observed("chips", entity="Nvidia", metric=m, period=q)
            for m in ("data_center_revenue", "gaap_gross_margin")
        ]
        for q in quarters
    ]
    assert number(page, "prize_sales") == pytest.approx(sum(sales for sales, _ in rows))
    assert number(page, "prize_profit") == pytest.approx(sum(sales * margin for sales, margin in rows))


def test_an_instance_holds_a_whole_number_of_accelerators(page: Page) -> None:
    counts = [figure.number for figure in page.table("prices").frame["count"]]
    assert counts == pytest.approx([round(count) for count in counts], rel=1e-3)
    assert counts[0] == pytest.approx(16, rel=1e-3)


@in_editions("2025Q4 base", "2019Q4 base")
def test_the_calculator_starts_at_the_pages_numbers(page: Page) -> None:
    found = page.calculator("play").results()
    assert found["avoided"] == pytest.approx(number(page, "avoided"), rel=1e-12)
    assert found["kept"] == pytest.approx(number(page, "kept"), rel=1e-12)
    assert found["value"] == pytest.approx(number(page, "value"), rel=1e-12)


def test_what_is_passed_on_is_not_kept(page: Page) -> None:
    play = page.calculator("play")
    assert play.results({"passed_on": 1.0})["value"] == 0.0
    assert play.results({"passed_on": 0.0})["kept"] == pytest.approx(play.results()["avoided"])


def test_before_it_was_public_the_page_says_so() -> None:
    page = opened("chips", "2019Q4")
    assert missing(page) == {"prize", "prices", "claims"}
    assert page.numbers["run_rate"].value == "an amount not public yet"
    assert page.numbers["prize_sales"].unit == "text"
