"""The back-test of an edition: past editions as they were, the report's own rule, and what came of it."""

import math
from pathlib import Path

import pytest
import yaml

from analysis.data import Edition, open_edition
from analysis.model.projection.segments import project
from analysis.model.track_record.backtest import Outcome
from analysis.valuation import backtest
from analysis.valuation.backtest import REPORT, SERIES, TrackRecord, track_record, vintage
from analysis.valuation.group import open_group
from analysis.valuation.inputs import ADVERTISING

QUARTERS = Path(__file__).parents[2] / "data/amazon/quarters"
BY_NAME = {series.name: series for series in SERIES}


def printed(quarter: str, *fields: str) -> float:
    raw = yaml.safe_load((QUARTERS / f"{quarter}.yml").read_text(encoding="utf-8"))
    added = 0.0
    for field in fields:
        entry = raw
        for key in field.split("."):
            entry = entry[key]
        added += entry
    return added / 1000


@pytest.fixture(scope="module")
def record(edition: Edition) -> TrackRecord:
    return track_record(edition)


def pick(record: TrackRecord, series: str, rule: str, origin: str, horizon: int) -> Outcome:
    found = [o for o in record.outcomes[series] if (o.rule, o.origin, o.horizon) == (rule, origin, horizon)]
    (one,) = found
    return one


def test_a_naive_forecast_is_last_year_s_quarter_grown_as_the_latest_one(record: TrackRecord) -> None:
    field = "segments.aws.net_sales"
    growth = printed("2023Q2", field) / printed("2022Q2", field)
    one = pick(record, "aws_sales", "last", "2023Q2", 2)
    assert one.forecast == pytest.approx(printed("2022Q4", field) * growth)
    assert one.actual == pytest.approx(printed("2023Q4", field))


def test_the_report_s_rule_is_the_base_scenario_s_growth(edition: Edition, record: TrackRecord) -> None:
    field, drivers = "segments.aws.net_sales", edition.drivers("base")
    quarters = [f"{year}Q{n}" for year in (2022, 2023) for n in (1, 2, 3, 4)]
    sold = [printed(quarter, field) for quarter in quarters]
    trailing, latest = sum(sold[4:]) / sum(sold[:4]) - 1, sold[7] / sold[3] - 1
    weight = drivers["group.growth_momentum"].value
    rate = trailing * (1 - weight) + latest * weight + drivers["aws.growth_change"].value
    assert pick(record, "aws_sales", REPORT, "2023Q4", 3).forecast == pytest.approx(sold[6] * (1 + rate))


@pytest.mark.parametrize("origin", ["2022Q4", "2023Q4", "2024Q4"])
def test_four_quarters_of_the_rule_are_the_first_year_of_the_projection(
    record: TrackRecord, origin: str
) -> None:
    group = open_group(record.edition.earlier(origin), "base")
    first = project(group.base, group.drivers, group.steps).sales[0]
    assert group.steps[0] == 1.0
    by_rule = sum(pick(record, "group_sales", REPORT, origin, h).forecast for h in (1, 2, 3, 4))
    assert by_rule == pytest.approx(first, rel=2e-4)  # momentum is of sums there, of quarters here


def test_group_profit_is_that_of_the_parts(edition: Edition, record: TrackRecord) -> None:
    """At an origin without separate advertising: AWS and the retail segments by their margins."""
    made = pick(record, "group_income", REPORT, "2021Q2", 1).forecast
    aws = pick(record, "aws_income", REPORT, "2021Q2", 1).forecast
    drivers = edition.drivers("base")
    sales = ["segments.north_america.net_sales", "segments.international.net_sales"]
    income = [name.replace("net_sales", "operating_income") for name in sales]
    quarters = [f"{year}Q{n}" for year in (2019, 2020, 2021) for n in (1, 2, 3, 4)][2:10]
    sold = [printed(quarter, *sales) for quarter in quarters]
    rate = (sum(sold[4:]) / sum(sold[:4]) + sold[7] / sold[3]) / 2 - 1 + drivers["stores.growth_change"].value
    margin = printed("2020Q3", *income) / printed("2020Q3", *sales)
    margin += drivers["stores.margin_change"].value / drivers["group.convergence_years"].value
    assert drivers["group.growth_momentum"].value == 0.5
    assert made - aws == pytest.approx(sold[4] * (1 + rate) * margin, rel=1e-9)


def test_advertising_s_profit_leaves_the_stores_the_rest(edition: Edition, record: TrackRecord) -> None:
    """At an origin with separate advertising: each part's sales grown, at its margin a year before."""
    drivers = {name: driver.value for name, driver in edition.drivers("base").items()}
    made, aws, advertising = (
        pick(record, name, REPORT, "2024Q4", 1).forecast
        for name in ("group_income", "aws_income", "advertising_sales")
    )
    sales = ["segments.north_america.net_sales", "segments.international.net_sales"]
    income = [name.replace("net_sales", "operating_income") for name in sales]
    quarters = [f"{year}Q{n}" for year in (2023, 2024) for n in (1, 2, 3, 4)]
    ads = [printed(quarter, ADVERTISING) for quarter in quarters]
    sold = [printed(quarter, *sales) - each for quarter, each in zip(quarters, ads, strict=True)]
    rate = (sum(sold[4:]) / sum(sold[:4]) + sold[7] / sold[3]) / 2 - 1 + drivers["stores.growth_change"]
    margin = (printed("2024Q1", *income) - drivers["advertising.operating_margin"] * ads[4]) / sold[4]
    years = drivers["group.convergence_years"]
    stores = sold[4] * (1 + rate) * (margin + drivers["stores.margin_change"] / years)
    part = drivers["advertising.operating_margin"] + drivers["advertising.margin_change"] / years
    assert made - aws == pytest.approx(stores + advertising * part, rel=1e-9)


def test_guidance_is_judged_by_its_middle(record: TrackRecord) -> None:
    one = pick(record, "group_income", "guidance", "2023Q3", 1)
    assert one.forecast == pytest.approx((7 + 11) / 2)
    assert one.actual == pytest.approx(printed("2023Q4", "income.operating_income"))
    origins = {o.origin for o in record.outcomes["group_sales"] if o.rule == "guidance"}
    assert min(origins) == "2022Q4"


def test_a_vintage_holds_nothing_that_became_public_later(edition: Edition) -> None:
    """Advertising was first given apart with 2021Q4, for the whole year before."""
    series = BY_NAME["advertising_sales"]
    assert vintage(edition.earlier("2021Q3"), series) is None
    known = vintage(edition.earlier("2021Q4"), series)
    assert known is not None
    assert len(known.values) == 4
    assert vintage(edition.earlier("2022Q3"), BY_NAME["group_sales"]).guidance == {}


@pytest.mark.parametrize("label", ["2021Q3", "2023Q4"])
def test_an_edition_scores_what_it_knows_and_forecasts_as_later_ones_remember(
    record: TrackRecord, label: str
) -> None:
    then = track_record(open_edition(label))
    for name, outcomes in then.outcomes.items():
        assert all(o.origin <= label and (o.actual is None or o.target <= label) for o in outcomes)
        later = [o for o in record.outcomes[name] if o.origin <= label]
        assert [(o.rule, o.origin, o.forecast, o.spread) for o in outcomes] == [
            (o.rule, o.origin, o.forecast, o.spread) for o in later
        ]


def test_scores_are_over_what_has_come_due(record: TrackRecord) -> None:
    for series in SERIES:
        for horizon in backtest.HORIZONS:
            score = record.score(series.name, backtest.LAST, horizon)
            due = [
                o
                for o in record.outcomes[series.name]
                if (o.rule, o.horizon) == ("last", horizon) and o.actual is not None
            ]
            assert score is not None
            assert score.forecasts == len(due) > 0
            missed = [abs(o.forecast - o.actual) / o.scale for o in due]
            assert score.error == pytest.approx(sum(missed) / len(due))
    assert record.score("aws_sales", "guidance", 1) is None


def test_an_edition_before_any_outcome_has_no_scores() -> None:
    record = track_record(open_edition("2021Q1"))
    assert all(record.scores(series.name) == () for series in SERIES)
    assert record.outcomes["advertising_sales"] == ()


def test_the_misses_of_the_first_year_are_of_four_quarters_together(edition: Edition) -> None:
    series = backtest.RETAIL_SALES
    misses = backtest.growth_misses(edition, [series])["retail_sales"]
    assert next(iter(misses)) == "2019Q4"
    assert list(misses)[-1] == "2024Q4"
    fields = ("segments.north_america.net_sales", "segments.international.net_sales")
    sold = {y: [printed(f"{y}Q{n}", *fields) for n in (1, 2, 3, 4)] for y in (2022, 2023, 2024)}
    rate = (sum(sold[2023]) / sum(sold[2022]) + sold[2023][3] / sold[2022][3]) / 2 - 1
    expected = math.log(sum(sold[2024]) / (sum(sold[2023]) * (1 + rate)))
    assert misses["2023Q4"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("series", ["group_sales", "group_income"])
def test_the_group_is_forecast_in_every_edition(record: TrackRecord, series: str) -> None:
    """Also while advertising was reported apart for less than the two years that its own rule needs."""
    origins = [o.origin for o in record.outcomes[series] if (o.rule, o.horizon) == (REPORT, 4)]
    assert origins == [f"{year}Q{n}" for year in range(2021, 2026) for n in (1, 2, 3, 4)]
