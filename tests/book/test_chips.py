"""The page on own chips: advantage and saving, savings in three cases, and nothing counted twice."""

from __future__ import annotations

import math

import pytest

from tests.notebooks import Run, run


@pytest.fixture
def page() -> Run:
    return run("chips")


def driver(name: str) -> float:
    return float(run("chips").report.driver(f"chips.{name}"))


def test_savings_follow_from_the_drivers_by_plain_arithmetic(page: Run) -> None:
    share = driver("share_ceiling") / (1 + math.exp(-driver("steepness") * (5 - driver("midpoint"))))
    saving = driver("advantage") / (1 + driver("advantage"))
    compute = page["cost"].number * driver("compute_share_of_cost")
    bought = compute / (1 - share * saving)
    assert page["own_share"].number == pytest.approx(share)
    assert page["avoided"].number == pytest.approx(bought - compute)
    assert page["kept"].number == pytest.approx((bought - compute) * (1 - driver("passed_on")))


def test_a_run_rate_is_more_than_the_years_sales_behind_it(page: Run) -> None:
    back = (1 + driver("run_rate_growth")) ** -0.25
    year = page["run_rate"].number / 4 * (1 + back + back**2 + back**3)
    assert page["run_rate_sales"].number == pytest.approx(year)
    assert year < page["run_rate"].number


def test_the_cases_lie_in_order_in_every_row_but_what_is_passed_on(page: Run) -> None:
    frame = page.parts["cases"].frame.set_index("item")
    rising = frame.drop(index="Passed on to customers")
    assert all(row["low"].number < row["assumed"].number < row["high"].number for _, row in rising.iterrows())
    assert frame.loc["Cost avoided", "low"].number == page["avoided_low"].number


def test_own_chips_taken_out_and_valued_apart_add_up_to_aws(page: Run) -> None:
    assert page["value"].number + page["value_without"].number == pytest.approx(page["value_aws"].number)
    assert page["check_margin"].number + page["margin_points"].number == pytest.approx(
        run("aws")["margin_horizon"].number
    )


def test_only_what_is_not_in_todays_margin_can_change_it(page: Run) -> None:
    saving = driver("advantage") / (1 + driver("advantage"))
    sales = page.report.quarterly("segments.aws.net_sales").twelve_months().latest.number
    income = page.report.quarterly("segments.aws.operating_income").twelve_months().latest.number
    compute = (sales - income) * driver("compute_share_of_cost")
    kept = (compute / (1 - page["own_share_now"].number * saving) - compute) * (1 - driver("passed_on"))
    assert page["margin_points_now"].number == pytest.approx(kept / sales)
    assert 0 < page["margin_points_added"].number < page["margin_points"].number


def test_the_sum_of_the_parts_refuses_own_chips_beside_aws(page: Run) -> None:
    assert page["refusal"].value == "AWS and own chips both count what own chips earn"


def test_the_prize_is_four_quarters_at_each_quarters_margin(page: Run) -> None:
    sales, margin = (
        page.report.observed("chips", "Nvidia", metric)
        for metric in ("data_center_revenue", "gaap_gross_margin")
    )
    year = [f"FY2026Q{quarter}" for quarter in (1, 2, 3, 4)]
    assert page["prize_profit"].number == pytest.approx(sum(float(sales[q]) * float(margin[q]) for q in year))


def test_an_instance_holds_a_whole_number_of_accelerators(page: Run) -> None:
    counts = [figure.number for figure in page.parts["prices"].frame["count"]]
    assert counts == pytest.approx([round(count) for count in counts], rel=1e-3)


def test_what_is_passed_on_is_not_kept(page: Run) -> None:
    play = page.parts["play"]
    assert play.results({"passed_on": 1.0})["value"] == 0.0
    assert play.results({"passed_on": 0.0})["kept"] == pytest.approx(play.results()["avoided"])
