"""The list of what a new quarter asks for, and the price rows that its edition waits for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.data.add_quarter import add_quarter
from analysis.data.checklist import checklist
from tests.conftest import Edit
from tests.data.conftest import Problems


@pytest.fixture
def lines(data: Path) -> list[str]:
    add_quarter(data, "2026Q1")
    return checklist(data, "2026Q1")


@pytest.mark.parametrize(
    "said",
    [
        "data/amazon/quarters/2026Q1.yml: 45 figures as printed",
        "below `year_ago` what the release prints otherwise than 2025Q1's did",
        "data/prices/amzn.csv ends on 2026-03-31: a row for each session after it",
        "data/editions/2026Q1.yml: cut-off, the close of its last session",
        "data/amazon/key_figures.csv, period 2026Q1: ",
        "performance_obligations_usd_bn, performance_obligations_weighted_life_years",
        "and for 2026Q2: guidance_net_sales_high_usd_bn",
        "data/cloud.csv, 2026Q1, once it is public: AWS, Azure, ",
        "data/peers/observations.csv, TTM Mar-2026, once it is public: AAPL",
        "with what each gave before: ",
        "data/peers/market_values.csv: close and shares on the edition's last session: AMZN, MSFT, ",
        "employees, ",
        "2 assumptions to look at again",
    ],
)
def test_the_list_names_what_is_to_be_filled_in_and_where(lines: list[str], said: str) -> None:
    assert any(said in line for line in lines), lines


def added(lines: list[str], rows: str) -> str:
    """The line that asks for a table's rows, with the one below it that says which."""
    place = next(place for place, line in enumerate(lines) if rows in line)
    return f"{lines[place]} {lines[place + 1].strip()}"


@pytest.mark.parametrize(
    ("table", "left_out", "asked", "of"),
    [
        ("cloud.csv", "synergy_market_share,2025Q4", "cloud.csv, 2026Q1", "synergy_market_share"),
        ("cloud.csv", "Cloud infrastructure market,synergy_spend,2025Q4", "cloud.csv, 2026Q1", "Cloud infra"),
        ("peers/observations.csv", "AAPL,.*,TTM Dec-2025", "observations.csv, TTM Mar-2026", "AAPL"),
    ],
)
def test_what_was_left_out_once_is_asked_for_again(
    data: Path, table: str, left_out: str, asked: str, of: str
) -> None:
    rows = (data / table).read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not re.search(left_out, row)]
    assert len(kept) < len(rows)
    (data / table).write_text("".join(kept), encoding="utf-8")
    add_quarter(data, "2026Q1")
    assert of in added(checklist(data, "2026Q1"), asked)


def test_twelve_months_that_were_given_once_go_on(data: Path) -> None:
    with (data / "peers/observations.csv").open("a", encoding="utf-8") as file:
        file.write("ACME,revenue,TTM Sep-2025,9,usd_bn,2025-10-30,10-Q,,primary,seen,\n")
    add_quarter(data, "2026Q1")
    assert "ACME" in added(checklist(data, "2026Q1"), "observations.csv, TTM Mar-2026")


def test_a_peer_left_out_of_one_day_is_asked_for_on_the_next(data: Path) -> None:
    path = data / "peers/market_values.csv"
    rows = path.read_text("utf-8").splitlines(keepends=True)
    last = max(row.partition(",")[0] for row in rows[1:])
    path.write_text("".join(row for row in rows if not re.match(f"{last},.*,MSFT,", row)), encoding="utf-8")
    add_quarter(data, "2026Q1")
    asked = next(line for line in checklist(data, "2026Q1") if "market_values.csv" in line)
    assert "MSFT" in asked


def test_plans_and_values_of_a_day_are_asked_for_where_they_are_said_anew(data: Path) -> None:
    with (data / "peers/observations.csv").open("a", encoding="utf-8") as file:
        for year, day in (("2025", "2025-07-23"), ("2026", "2026-02-04")):
            file.write(f"GOOGL,capex_plan,{year},80,usd_bn,{day},call,,primary,seen,made up\n")
        file.write("MSFT,capex_plan,2026,80,usd_bn,2026-01-28,call,,primary,seen,made up\n")
        file.write("ORCL,capex_plan,2024,80,usd_bn,2024-01-28,call,,primary,seen,made up\n")
    add_quarter(data, "2026Q1")
    lines = checklist(data, "2026Q1")
    assert "observations.csv, where it was said anew: GOOGL, MSFT of capex_plan" in added(
        lines, "GOOGL, MSFT"
    )


def test_figures_of_a_whole_year_are_asked_for_after_its_fourth_quarter(data: Path) -> None:
    assert not any(", FY2026:" in line for line in checklist(data, "2026Q3"))
    lines = checklist(data, "2026Q4")
    assert "segment_assets_aws" in added(lines, "key_figures.csv, FY2026: Amazon")


def test_a_price_from_before_the_cut_off_is_never_suggested(data: Path, lines: list[str]) -> None:
    text = (data / "editions/2026Q1.yml").read_text(encoding="utf-8")
    assert "208.27" not in text
    assert "2026-03-31\n  close" not in text


def test_the_rows_between_the_last_session_and_the_cut_off_are_asked_for(
    edit: Edit, problems: Problems
) -> None:
    edit("editions/2025Q4.yml", "cut_off: 2026-03-31", "cut_off: 2026-05-15")
    assert (
        "data/editions/2025Q4.yml: price.date: prices/amzn.csv ends on 2026-03-31, before the cut-off"
        " 2026-05-15 (expected the 32 sessions from 2026-04-01 to 2026-05-15 added there)"
    ) in problems()


def test_a_cut_off_on_a_day_without_trading_asks_for_nothing(edit: Edit, problems: Problems) -> None:
    edit("editions/2025Q4.yml", "cut_off: 2026-03-31", "cut_off: 2026-03-29")
    edit(
        "editions/2025Q4.yml",
        "  date: 2026-03-31\n  close_usd: 208.27",
        "  date: 2026-03-27\n  close_usd: 199.34",
    )
    assert problems() == []
