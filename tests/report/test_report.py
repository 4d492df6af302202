"""What a report offers a notebook beside Amazon's own quarters: others' periods, and years as a clock."""

from __future__ import annotations

import pytest

from analysis.report import open_report

REPORT, EARLY = open_report("2025Q4"), open_report("2019Q4")


def test_quarters_of_a_companys_own_year_are_a_series_like_any_other() -> None:
    sales = REPORT.observed("chips", "Nvidia", "data_center_revenue")
    four = [sales[f"FY2026Q{n}"].number for n in (1, 2, 3, 4)]
    assert sales.twelve_months()["FY2026Q4"].number == pytest.approx(sum(four))
    assert sales.year_before["FY2026Q1"] is sales["FY2025Q1"]


def test_what_is_stated_for_days_and_years_is_in_the_order_in_which_they_end() -> None:
    robots = REPORT.stated("robotics", "Amazon", "robots_deployed")
    assert robots.periods == ["2013", "2019", "2021", "2022", "2023", "2025-07"]
    assert robots.latest is not robots.first
    assert REPORT.latest("robotics", "Amazon", "robots_deployed").number == robots.latest.number
    assert EARLY.stated("robotics", "Amazon", "savings_cumulative").latest.is_absent


def test_a_key_figure_for_years_is_by_year() -> None:
    assert REPORT.key_figure("capex_guidance_usd_bn").periods == [2025, 2026]
    assert EARLY.key_figure("capex_guidance_usd_bn")[2020].is_absent


def test_a_rule_at_each_period_keeps_the_periods() -> None:
    robots = REPORT.stated("robotics", "Amazon", "robots_deployed")
    doubled = robots.map(lambda period, figure: figure * 2)
    assert doubled.periods == robots.periods
    assert doubled.latest.number == 2 * robots.latest.number
    assert EARLY.stated("robotics", "Amazon", "savings_cumulative").map(lambda _, each: each).latest.is_absent


@pytest.mark.parametrize(("year", "years"), [(2030, 5.0), (2026, 1.0), (2024, 0.0)])
def test_the_clock_starts_at_the_latest_quarter_and_does_not_run_back(year: int, years: float) -> None:
    assert REPORT.years_to(year).number == years


@pytest.mark.parametrize(
    ("case", "ends"),
    [
        ("high", {"chips.advantage": "high", "chips.passed_on": "low"}),
        ("low", {"chips.advantage": "low", "chips.passed_on": "high"}),
    ],
)
def test_ranges_at_their_ends_help_or_hurt_together(case: str, ends: dict[str, str]) -> None:
    found = REPORT.at_ends(list(ends), lowers=["chips.passed_on"])[case]
    assert found.driver("chips.steepness") is REPORT.driver("chips.steepness")
    for name, end in ends.items():
        (source,) = found.driver(name).sources()
        assert source.field == f"drivers.{name}.{end}"
        assert found.driver(name).number != REPORT.driver(name).number
