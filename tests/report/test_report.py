"""What a report offers a notebook beside Amazon's own quarters: others' periods, and years as a clock."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.figures import UnitError
from analysis.report import open_report
from analysis.report.report import Report

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


@pytest.mark.parametrize(("year", "years"), [(2030, 5.0), (2026, 1.0), (2024, -1.0)])
def test_the_clock_starts_at_the_latest_quarter(year: int, years: float) -> None:
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


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda r: r, "<Report 2025Q4, base: public by 2026-03-31, $2.23T today>"),
        (
            lambda r: r.value(),
            "<$3.23T: Market value at the end of 2030, base scenario, three ways, weighted>",
        ),
        (lambda r: r.closes, "<Price of a share, 29 periods: 2018Q4 $75.10 to 2025Q4 $230.82>"),
        (lambda r: r.edition, "<Edition 2025Q4: public by 2026-03-31>"),
        (lambda r: r.group, "<Group 2025Q4, base>"),
    ],
)
def test_at_a_prompt_each_is_one_line(asked: Callable[[Report], object], said: str) -> None:
    assert repr(asked(REPORT)) == said


def test_what_is_made_of_a_report_can_be_shown_at_a_prompt() -> None:
    for each in (REPORT.dcf(), REPORT.odds(), REPORT.projection, REPORT.parts_today()):
        assert len(repr(each)) < 100_000


def test_a_report_can_be_sent_to_another_process_whatever_was_asked_of_it() -> None:
    report = open_report("2025Q4")
    report.judge.claims(lambda claim: claim.id == "A01")
    asked = {"aws.margin_change": 0.05}
    for other in (pickle.loads(pickle.dumps(report)), copy.deepcopy(report)):
        assert other.change(asked).value().number == report.change(asked).value().number


def test_a_series_reckons_with_numbers_on_either_side() -> None:
    sales = REPORT.quarterly("segments.aws.net_sales")
    last, factor = sales.latest.number, sales.first
    for series, value in [
        (2 * sales, 2 * last),
        (np.float64(2) * sales, 2 * last),
        (1 - sales, 1 - last),
        (1 + sales, 1 + last),
        (1 / sales, 1 / last),
        (-sales, -last),
        (factor * sales, factor.number * last),
        (factor - sales, factor.number - last),
    ]:
        assert series.periods == sales.periods
        assert series.latest.number == pytest.approx(value)


def test_a_frame_has_numbers_and_days() -> None:
    sales = REPORT.quarterly("segments.aws.net_sales")
    for series in (
        sales,
        sales / sales.year_before,
        sales.map(lambda _, each: each - EARLY.closes["1990Q1"]),
    ):
        frame = series.frame()
        assert frame["value"].dtype == "float64"
        assert frame["published"].dtype.kind == "M"


SALES = REPORT.quarterly("segments.aws.net_sales")


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (lambda r: open_report(2025), ValueError, "nearest: 2025Q4, 2025Q3, 2025Q2"),
        (lambda r: open_report("2025Q4", "BASE"), ValueError, "nearest: base, bear, bull"),
        (lambda r: open_report("2025Q4", None), ValueError, "nearest: base, bear, bull"),
        (lambda r: open_report(pd.Timestamp("2025-12-31")), ValueError, "nearest: 2025Q4-2026-03-09"),
        (lambda r: r.value(0), ValueError, "year must be one of 2026 to 2035, got 0"),
        (lambda r: r.value("2030"), ValueError, "year must be one of 2026 to 2035, got '2030'"),
        (lambda r: r.odds(0), ValueError, "year must be one of 2026 to 2035, got 0"),
        (lambda r: r.value(2030, "part"), KeyError, "no way to value 'part' (nearest: parts)"),
        (lambda r: r.forecast("nopats"), KeyError, "(nearest: nopat)"),
        (lambda r: r.observed("clod", "AWS", "revenue"), KeyError, "no series 'clod' (nearest: cloud)"),
        (lambda r: r.quarterly(None), KeyError, "no field None (nearest: "),
        (lambda r: r.change({"tax.marginal": "0.2"}), TypeError, "tax.marginal: '0.2' is no number"),
        (lambda r: r.change({"tax.marginal": None}), TypeError, "tax.marginal: None is no number"),
        (lambda r: r.change({"tax.marginal": np.array([0.2])}), TypeError, "is no number"),
        (
            lambda r: r.change({"tax.marginal": float("nan")}).value(),
            ValueError,
            "tax.marginal must be finite",
        ),
        (lambda r: r.change({"tax.marginal": r.market_value}), UnitError, "tax.marginal is in 'fraction'"),
        (lambda r: SALES["2025q4"], KeyError, "'2025q4' is no period of AWS net sales"),
        (lambda r: SALES[-1], KeyError, ".latest is 2025Q4"),
        (lambda r: SALES[2024], KeyError, "2024 is no period of AWS net sales (nearest: 2024Q1, 2024Q2,"),
        (lambda r: SALES["2024"], KeyError, "'2024' is no period of AWS net sales (nearest: 2024Q1, "),
        (lambda r: r.projected("aws.sales")["2030Q4"], KeyError, "(nearest: 2030; .latest is 2035)"),
        (
            lambda r: r.observed("chips", "Nvidia", "data_center_revenue")["2025Q4"],
            KeyError,
            "(nearest: FY2025Q",
        ),
        (lambda r: r.article_inputs("capx"), KeyError, "no input 'capx' (nearest: "),
        (lambda r: SALES[pd.Timestamp("2025-12-31")], KeyError, "is no period of AWS net sales"),
        (lambda r: SALES.latest * np.array([1.0, 2.0]), TypeError, "Figure"),
        (lambda r: np.array([1.0, 2.0]) * SALES.latest, TypeError, "Figure"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    asked: Callable[[Any], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=re.escape(said)):
        asked(REPORT)


@pytest.mark.parametrize("target", [4000, 4000.0, REPORT.targets[0], REPORT.edition.targets[0]])
def test_what_is_required_for_a_value_can_be_asked_by_number_figure_or_target(target: Any) -> None:
    found = REPORT.required(target)
    assert found["margin"].level == REPORT.required(REPORT.edition.targets[0])["margin"].level


def test_a_quarter_of_pandas_names_an_edition() -> None:
    assert open_report(pd.Period("2025Q4")).edition.label == "2025Q4"
