"""An edition answers with figures that are traced to what was printed."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from analysis.data import AbsentFigure, DataError, Edition, open_edition

REAL = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return open_edition("2025Q4", root=REAL)


@pytest.fixture(scope="module")
def spring() -> Edition:
    return open_edition("2024Q4-2025-04-02", root=REAL)


def test_the_label_quarter_and_cutoff_come_from_the_file(spring: Edition) -> None:
    assert (spring.label, spring.quarter, spring.cutoff) == ("2024Q4-2025-04-02", "2024Q4", date(2025, 4, 2))


def test_market_value_is_price_times_shares_and_says_so(edition: Edition) -> None:
    value = edition.market_value
    assert value.unit == "usd_bn"
    assert value.number == pytest.approx(edition.price.number * edition.shares.number / 1000, rel=1e-12)
    assert {figure.label for figure in value.inputs} == {edition.price.label, edition.shares.label}
    assert edition.price.unit == "usd"
    assert edition.shares.unit == "million"
    assert edition.price_date == date(2026, 3, 31)


def test_a_quarters_figure_has_unit_label_and_source(edition: Edition) -> None:
    figure = edition.figure("segments.aws.net_sales", "2025Q4")
    assert (figure.value, figure.unit, figure.label) == (35579, "usd_m", "AWS net sales, 2025Q4")
    assert figure.source is not None
    assert figure.source.field == "segments.aws.net_sales"


def test_the_latest_quarter_is_the_default(edition: Edition) -> None:
    assert edition.figure("income.net_sales") is edition.figure("income.net_sales", "2025Q4")
    assert edition.ttm("income.net_sales").value == edition.ttm("income.net_sales", "2025Q4").value
    assert edition.get("income.net_sales") is edition.figure("income.net_sales", "2025Q4")


def test_twelve_months_are_traced_to_their_four_quarters(edition: Edition) -> None:
    ttm = edition.ttm("cash_flow.free_cash_flow", "2025Q4")
    quarters = [edition.figure("cash_flow.free_cash_flow", f"2025Q{number}") for number in (1, 2, 3, 4)]
    assert ttm.value == sum(figure.number for figure in quarters) == 11194
    assert list(ttm.inputs) == quarters
    assert ttm.unit == "usd_m"


def test_a_year_is_the_twelve_months_to_its_fourth_quarter(edition: Edition) -> None:
    for field in ("segments.aws.operating_income", "income.net_income", "cash_flow.operating_cash_flow"):
        assert edition.year(field, 2024).value == edition.ttm(field, "2024Q4").value


def test_a_year_without_its_quarters_is_the_printed_year(edition: Edition) -> None:
    advertising = edition.year("service_lines.advertising_services", 2020)
    assert advertising.value == 19773
    assert advertising.inputs == ()
    assert edition.get("service_lines.advertising_services", "2020Q3") is None


def test_a_restated_year_is_the_printed_one_and_not_the_sum(edition: Edition) -> None:
    sellers = edition.year("service_lines.third_party_seller_services", 2020)
    added = sum(
        edition.figure("service_lines.third_party_seller_services", f"2020Q{number}").number
        for number in (1, 2, 3, 4)
    )
    assert sellers.value == 80461
    assert sellers.value != added
    assert sellers.source is not None


def test_balances_and_per_share_figures_of_a_year(edition: Edition) -> None:
    assert edition.year("balance.long_term_debt", 2025).value == 65648
    assert edition.year("income.diluted_eps", 2025).value == 7.17


@pytest.mark.parametrize("field", ["balance.total_assets", "income.diluted_eps", "income.diluted_shares"])
def test_what_does_not_add_up_has_no_twelve_months(edition: Edition, field: str) -> None:
    with pytest.raises(ValueError, match="do not add up to a year"):
        edition.ttm(field)


def test_growth_is_on_the_year_before(edition: Edition) -> None:
    quarter = edition.growth("segments.aws.net_sales", "2025Q4", basis="quarter")
    now, then = (edition.figure("segments.aws.net_sales", label).number for label in ("2025Q4", "2024Q4"))
    assert quarter.value == pytest.approx(now / then - 1)
    assert quarter.unit == "fraction"
    ttm = edition.growth("segments.aws.net_sales")
    assert ttm.value == pytest.approx(
        edition.ttm("segments.aws.net_sales", "2025Q4").number
        / edition.ttm("segments.aws.net_sales", "2024Q4").number
        - 1
    )


def test_growth_from_a_negative_base_is_refused(edition: Edition) -> None:
    with pytest.raises(ValueError, match="growth needs a base above zero"):
        edition.growth("cash_flow.free_cash_flow", "2023Q2")


def test_an_unknown_basis_is_refused(edition: Edition) -> None:
    with pytest.raises(ValueError, match="no basis 'yearly'"):
        edition.growth("income.net_sales", basis="yearly")  # type: ignore[arg-type]  # what is refused


def test_an_absent_figure_raises_and_says_what_and_when(edition: Edition) -> None:
    with pytest.raises(AbsentFigure, match=r"advertising_services of 2020Q3 was not public on 2026-03-31"):
        edition.figure("service_lines.advertising_services", "2020Q3")
    with pytest.raises(KeyError):
        edition.figure("service_lines.advertising_services", "2020Q3")


def test_an_unknown_field_is_no_absent_figure(edition: Edition) -> None:
    with pytest.raises(KeyError, match="no field 'segments.aws.sales'") as caught:
        edition.get("segments.aws.sales", "2025Q4")
    assert not isinstance(caught.value, AbsentFigure)


def test_a_frame_has_a_row_a_public_quarter_and_nan_where_absent(edition: Edition) -> None:
    frame = edition.frame(["segments.aws.net_sales", "service_lines.advertising_services"])
    assert list(frame.index) == edition.quarters()
    assert [str(kind) for kind in frame.dtypes] == ["float64", "float64"]
    assert frame.loc["2025Q4", "segments.aws.net_sales"] == 35579
    assert math.isnan(frame.loc["2019Q1", "service_lines.advertising_services"])


def test_a_frame_of_twelve_months_agrees_with_the_figures(edition: Edition) -> None:
    frame = edition.frame(["income.net_sales"], basis="ttm")
    assert frame.loc["2025Q4", "income.net_sales"] == 716924
    assert math.isnan(frame.loc["2018Q3", "income.net_sales"])


def test_the_same_number_is_the_same_figure(edition: Edition) -> None:
    assert edition.ttm("income.net_sales") is edition.ttm("income.net_sales")
    growth = edition.growth("income.net_sales", "2024Q4")
    assert edition.ttm("income.net_sales", "2024Q4") in growth.inputs


def test_a_close_is_of_the_last_session_at_or_before_the_day(edition: Edition) -> None:
    saturday, friday = edition.close(date(2025, 1, 4)), edition.close(date(2025, 1, 3))
    assert saturday.value == friday.value
    assert saturday.published == date(2025, 1, 3)
    assert saturday.unit == "usd"


def test_a_close_after_the_cutoff_or_before_the_first_session_is_absent(spring: Edition) -> None:
    with pytest.raises(AbsentFigure, match="not public"):
        spring.close(date(2025, 4, 3))
    with pytest.raises(AbsentFigure, match="at or before 2018-01-02"):
        spring.close(date(2018, 1, 2))


def test_prices_end_at_the_cutoff(spring: Edition) -> None:
    prices = spring.prices()
    assert prices.index[-1].date() == date(2025, 4, 2)
    assert prices["close_usd"].iloc[-1] == spring.price.value
    assert prices.index.is_monotonic_increasing


def test_observations_leave_out_what_was_not_confirmed(edition: Edition) -> None:
    confirmed, all_rows = edition.observations("cloud"), edition.observations("cloud", unconfirmed=True)
    assert len(all_rows) > len(confirmed) > 0
    assert set(confirmed["check"]) == {"seen", "derived"}
    assert str(edition.observations("advertising")["value"].dtype) == "float64"  # no row of it is words


def test_an_observation_is_a_figure_with_its_source(edition: Edition) -> None:
    figure = edition.observation("cloud", entity="Google Cloud", metric="revenue", period="2022Q1")
    assert (figure.value, figure.unit, figure.label) == (5.821, "usd_bn", "Google Cloud, revenue, 2022Q1")
    assert figure.source is not None
    assert figure.source.path == "data/cloud.csv"
    assert figure.source.field == "Google Cloud / revenue / 2022Q1"


def test_the_latest_observation_is_of_the_latest_period(edition: Edition) -> None:
    table = edition.observations("cloud")
    rows = table[(table["entity"] == "Google Cloud") & (table["metric"] == "revenue")]
    assert edition.latest("cloud", entity="Google Cloud", metric="revenue").label.endswith(
        max(rows["period"])
    )


def test_an_observation_that_is_not_there_is_absent(edition: Edition) -> None:
    with pytest.raises(
        AbsentFigure, match=r"cloud.csv: nothing public on 2026-03-31 with entity 'Google Cloud'"
    ):
        edition.observation("cloud", entity="Google Cloud", metric="revenue", period="1999Q1")


def test_key_figures_come_in_the_order_of_their_periods(edition: Edition) -> None:
    table = edition.key_figures("performance_obligations_usd_bn")
    assert list(table["period"]) == sorted(table["period"])
    last = edition.key_figure("performance_obligations_usd_bn", table["period"].iloc[-1])
    assert last.value == table["value"].iloc[-1]
    assert last.unit == "usd_bn"


def test_a_series_of_prices_holds_no_observations(edition: Edition) -> None:
    with pytest.raises(ValueError, match="no column 'published'"):
        edition.observations("prices/amzn")
    with pytest.raises(ValueError, match="no column 'published'"):
        edition.latest("prices/amzn", entity="AMZN", metric="close_usd")


def test_an_edition_that_is_not_there_lists_those_that_are(data: Path) -> None:
    with pytest.raises(DataError) as caught:
        open_edition("2031Q1", root=data)
    assert str(caught.value) == (
        "data/editions/2031Q1.yml: (file): does not exist"
        " (expected an edition; nearest: 2025Q4, 2025Q3, 2024Q4)"
    )


def test_opening_lists_every_problem_of_the_files_it_reads(data: Path) -> None:
    (data / "amazon/quarters/2025Q2.yml").write_text("quarter: [\n")
    path = data / "amazon/quarters/2025Q3.yml"
    path.write_text(path.read_text().replace("\nincome:", "\nincomes:"))
    with pytest.raises(DataError) as caught:
        open_edition("2025Q4", root=data)
    found = {problem.path for problem in caught.value.problems}
    assert found == {"data/amazon/quarters/2025Q2.yml", "data/amazon/quarters/2025Q3.yml"}


def test_the_data_folder_can_be_named_by_the_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data / "editions/2025Q4.yml"
    path.write_text(path.read_text().replace("cut_off: 2026-03-31", "cut_off: 2026-03-30"))
    monkeypatch.setenv("ANALYSIS_DATA", str(data))
    assert open_edition("2025Q4").cutoff == date(2026, 3, 30)


def test_without_a_cutoff_an_edition_sees_the_day_after_the_release(data: Path) -> None:
    path = data / "editions/2025Q4.yml"
    path.write_text(path.read_text().replace("cut_off: 2026-03-31\n", ""))
    assert open_edition("2025Q4", root=data).cutoff == date(2026, 2, 6)
