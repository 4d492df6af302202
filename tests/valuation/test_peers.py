"""Peers: companies of one day with results public by then; names and companies are rows of data."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.valuation.peers import by_month, other_days, same_day

DATA = Path(__file__).parents[2] / "data"


def test_all_companies_are_priced_on_one_day() -> None:
    companies = same_day(open_edition("2025Q4"))
    assert {peer.priced for peer in companies} == {date(2026, 3, 31)}
    assert [peer.name for peer in companies] == ["Amazon", "Meta", "Alphabet", "Apple", "Microsoft", "Nvidia"]


def test_a_company_whose_share_count_was_filed_later_is_left_out() -> None:
    assert "Nvidia" not in {peer.name for peer in same_day(open_edition("2025Q1"))}
    assert "Nvidia" in {peer.name for peer in same_day(open_edition("2025Q1-2025-06-13"))}


def test_sales_and_profit_of_a_company_are_of_the_same_twelve_months() -> None:
    apple = next(peer for peer in same_day(open_edition("2025Q4")) if peer.name == "Apple")
    assert (apple.sales_end, apple.months_behind) == ((2025, 9), 6)
    assert apple.operating_income.number / apple.sales.number == pytest.approx(133.05 / 416.161)


def test_a_price_of_before_is_held_against_results_of_before(tmp_path: Path) -> None:
    """Market values that were not renewed, while results were, pay for what had ended by their day."""
    data = shutil.copytree(DATA, tmp_path / "data")
    values, results = data / "peers/market_values.csv", data / "peers/observations.csv"
    kept = [line for line in values.read_text("utf-8").splitlines(keepends=True) if "2026-05-15" not in line]
    values.write_text("".join(kept), encoding="utf-8")
    with results.open("a", encoding="utf-8") as file:
        for metric in ("revenue", "operating_income"):
            file.write(f"WMT,{metric},TTM Apr-2027,900,usd_bn,2026-05-15,10-Q,,primary,seen,later\n")
    edition = open_edition("2026Q1", data)
    companies = {peer.name: peer for peer in (*same_day(edition), *other_days(edition))}
    assert companies["Amazon"].priced == companies["Meta"].priced == date(2026, 3, 31)
    assert companies["Amazon"].sales.label == "Net sales, twelve months to 2026Q1"
    assert companies["Walmart"].sales.number == 713.2
    values.write_text("".join(line for line in kept if "2026-03-31,2" not in line), encoding="utf-8")
    edition = open_edition("2026Q1", data)
    companies = {peer.name: peer for peer in same_day(edition)}
    assert companies["Amazon"].priced == date(2025, 12, 31)
    assert companies["Amazon"].sales.label == "Net sales, twelve months to 2025Q4"
    assert companies["Meta"].sales_end == (2025, 12)
    assert companies["Amazon"].growth.number == edition.growth("income.net_sales", "2025Q4").number


def test_before_any_peer_was_public_there_is_no_comparison() -> None:
    assert same_day(open_edition("2024Q4")) == ()


def test_other_days_hold_companies_that_no_table_of_one_day_has() -> None:
    assert [peer.name for peer in other_days(open_edition("2025Q4"))] == ["Walmart", "Oracle"]
    assert other_days(open_edition("2025Q1")) == ()


def test_a_further_peer_is_rows_in_the_data_and_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    rows = {
        "companies.csv": "AVGO,Broadcom",
        "market_values.csv": "2026-03-31,,AVGO,300,4700,1410,2025-12-31,2026-03-31,10-Q,,primary,derived,",
        "observations.csv": "\n".join(
            f"AVGO,{metric},FY2025 (Oct-2025),{value},2025-12-11,10-K,,primary,seen,"
            for metric, value in (("revenue", "64,usd_bn"), ("operating_income", "25,usd_bn"))
        ),
    }
    for name, row in rows.items():
        with (data / "peers" / name).open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    found = next(peer for peer in same_day(open_edition("2025Q4", data)) if peer.name == "Broadcom")
    assert found.market_value.number == 1410
    assert found.growth.is_absent


def test_a_quarter_or_a_stub_year_is_not_taken_for_twelve_months(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    with (data / "peers/observations.csv").open("a", encoding="utf-8") as file:
        for period in ("2026Q1", "4 months to Mar-2026"):
            for metric, value in (("revenue", 85), ("operating_income", 40)):
                file.write(f"MSFT,{metric},{period},{value},usd_bn,2026-04-29,10-Q,,primary,seen,\n")
    with_more, plain = (
        next(peer for peer in same_day(open_edition("2026Q1", root)) if peer.name == "Microsoft")
        for root in (data, DATA)
    )
    assert with_more.sales.number == plain.sales.number


def test_months_use_only_results_that_were_public_at_their_end() -> None:
    months = by_month(open_edition("2025Q4"))
    before, after = months["2026-01"], months["2026-02"]  # the results came on 5 February 2026
    assert before.sales.label == "Net sales, twelve months to 2025Q3"
    assert after.sales.label == "Net sales, twelve months to 2025Q4"
    for label, month in months.items():
        published = [each.published for each in (month.market_value, month.sales, month.operating_income)]
        assert all(f"{each:%Y-%m}" <= label for each in published)


def test_the_last_month_is_the_editions_own_price() -> None:
    edition = open_edition("2025Q4")
    assert list(by_month(edition).values())[-1].market_value is edition.market_value
