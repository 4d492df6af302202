"""The back-test of an edition: past editions as they were, the report's own rule, and what came of it."""

import math
from pathlib import Path

import pytest
import yaml

from analysis.data import Edition, open_edition
from analysis.model.projection.segments import project
from analysis.model.track_record.backtest import Outcome
from analysis.model.track_record.forecast import margin_ahead
from analysis.valuation import backtest, first_years, inputs
from analysis.valuation.backtest import REPORT, SERIES, TrackRecord, track_record, vintage
from analysis.valuation.first_years import forecast_parts
from analysis.valuation.group import open_group

QUARTERS = Path(__file__).parents[2] / "data/amazon/quarters"
PARTS = ("aws", "advertising", "stores")
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


def test_the_report_s_rule_is_what_the_projection_takes_for_two_years(record: TrackRecord) -> None:
    then = record.edition.earlier("2024Q1")
    made = forecast_parts(then)
    assert set(made) == {"aws", "advertising", "stores"}
    for part in made:
        for horizon in (1, 4, 8):
            found = pick(record, f"{part}_sales", REPORT, "2024Q1", horizon).forecast
            assert found == pytest.approx(made[part][horizon - 1].number)
    base, aws = inputs.base_figures(then), made["aws"]
    sold = [printed(quarter, "segments.aws.net_sales") for quarter in ("2023Q4", "2024Q1")]
    assert base.aws.ahead[1].number == pytest.approx(sum(sold) + aws[0].number + aws[1].number)


def test_a_quarter_ahead_of_guidance_is_last_year_s_at_the_latest_growth(record: TrackRecord) -> None:
    field = "segments.aws.net_sales"
    growth = printed("2022Q2", field) / printed("2021Q2", field)
    made = pick(record, "aws_sales", REPORT, "2022Q2", 1).forecast
    assert made == pytest.approx(printed("2021Q3", field) * growth)


def test_the_parts_add_up_to_guidance_raised_by_past_beats(record: TrackRecord) -> None:
    made = sum(pick(record, f"{part}_sales", REPORT, "2023Q4", 1).forecast for part in PARTS)
    group = pick(record, "group_sales", REPORT, "2023Q4", 1).forecast
    ranges = first_years.ranges(record.edition.earlier("2023Q4"), "net_sales")
    ends = {quarter: (a.number + b.number) / 2 for quarter, (a, b) in ranges.items()}
    assert ends.pop("2024Q1") == pytest.approx(140.75)
    beaten = [printed(quarter, "income.net_sales") / middle for quarter, middle in ends.items()]
    assert made == pytest.approx(group)
    assert group == pytest.approx(140.75 * math.prod(beaten) ** (1 / (len(beaten) + 1)))


@pytest.mark.parametrize("origin", ["2022Q4", "2023Q4", "2024Q4"])
def test_eight_quarters_of_the_rule_are_the_first_years_of_the_projection(
    record: TrackRecord, origin: str
) -> None:
    group = open_group(record.edition.earlier(origin), "base")
    made = project(group.base, group.drivers, group.steps).sales
    assert group.steps[:2] == (1.0, 1.0)
    for year, ahead in ((0, range(1, 5)), (1, range(5, 9))):
        by_rule = sum(forecast_parts(group.edition)[part][h - 1].number for part in PARTS for h in ahead)
        assert by_rule == pytest.approx(made[year])


def test_group_profit_is_that_of_the_parts(edition: Edition, record: TrackRecord) -> None:
    """AWS and the retail segments by their margins, on the way to what the scenario adds to them."""
    made = pick(record, "group_income", REPORT, "2021Q2", 4).forecast
    aws = pick(record, "aws_income", REPORT, "2021Q2", 4).forecast
    drivers = edition.drivers("base")
    then = edition.earlier("2021Q2")
    known = first_years.known_series(then, first_years.RETAIL, (), first_years.RETAIL_INCOME)
    margin = margin_ahead(
        known,
        4,
        change=drivers["stores.margin_change"].value,
        convergence_years=drivers["group.convergence_years"].value,
    )
    assert made - aws == pytest.approx(forecast_parts(then)["retail"][3].number * float(margin))


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
    came = sum(printed(f"2022Q{n}", *fields) for n in (1, 2, 3, 4))
    ahead = sum(each.number for each in forecast_parts(edition.earlier("2021Q4"))["retail"][:4])
    assert misses["2021Q4"] == pytest.approx(math.log(came / ahead), abs=1e-9)


@pytest.mark.parametrize("series", ["group_sales", "group_income"])
def test_the_group_is_forecast_in_every_edition(record: TrackRecord, series: str) -> None:
    """Also while advertising was reported apart for less than the two years that its own rule needs."""
    origins = [o.origin for o in record.outcomes[series] if (o.rule, o.horizon) == (REPORT, 4)]
    assert origins == [f"{year}Q{n}" for year in range(2021, 2026) for n in (1, 2, 3, 4)]
