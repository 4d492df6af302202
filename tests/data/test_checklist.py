"""The list of what a new quarter asks for, and the price rows that its edition waits for."""

from __future__ import annotations

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
