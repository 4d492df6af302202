"""The history page: what the quarter files say, and the split of the change in market value."""

from __future__ import annotations

import pytest

from tests.notebooks import run

EDITIONS = [("2025Q4", "base"), ("2021Q3", "bear"), ("2019Q4", "base")]


@pytest.mark.parametrize(("as_of", "scenario"), EDITIONS)
def test_every_chart_tells_its_finding_with_the_latest_quarter(as_of: str, scenario: str) -> None:
    page = run("history", as_of, scenario)
    for part, key in (("sales", "sales"), ("income", "aws_income")):
        assert str(page[key]) in page.parts[part].description
    assert f"{page['online_share']:percent0}" in page.parts["mix"].description


def test_growth_a_year_leads_from_the_first_year_to_the_last() -> None:
    page = run("history")
    grown = page.names["sales"]["2020Q4"].number * (1 + page["sales_rate"].number) ** 5
    assert grown == pytest.approx(page["sales"].number, rel=1e-12)


@pytest.mark.parametrize(("as_of", "scenario"), EDITIONS)
def test_lowest_and_highest_margins_enclose_todays(as_of: str, scenario: str) -> None:
    page = run("history", as_of, scenario)
    assert page["margin_lowest"] <= page["margin"] <= page["margin_highest"]


def test_growth_margin_and_multiple_add_up_to_the_change_in_market_value() -> None:
    page = run("history")
    parts = sum(page[f"from_{name}"].number for name in ("growth", "margin", "multiple"))
    assert parts == pytest.approx(page["value"].number - page["value_then"].number, rel=1e-12)
    assert str(page["then_day"]) == "3 February 2021"
    assert page["multiple"].number == pytest.approx(208.27 * 10731 / 1000 / 79.975)


def test_the_table_has_the_latest_year_first_and_agrees_with_the_text() -> None:
    page = run("history")
    table = page.parts["years"].frame.set_index("series")
    assert list(table.columns) == ["2025Q4", "2024Q4", "2023Q4", "2022Q4"]
    assert table.at["Net sales", "2025Q4"].number == page["sales"].number
    assert table.at["Market value", "2025Q4"].number == pytest.approx(230.82 * 10731 / 1000)


def test_the_first_edition_has_nothing_to_compare_with() -> None:
    page = run("history", "2019Q4", "base")
    missing = "an earlier edition to compare the market value with"
    assert page["from_growth"].missing() == page["then_day"].missing() == (missing,)
    assert page.parts["change"].what == "what moved the market value"


def test_before_it_was_reported_apart_advertising_stands_with_other() -> None:
    page = run("history", "2021Q3", "bear")
    assert page["advertising_share"].is_absent
    drawn = set(page.parts["mix"].data.columns)
    assert "Advertising and other" in drawn
    assert "Advertising" not in drawn
    assert "Advertising" in run("history").parts["mix"].data.columns


def test_spending_is_the_companys_plan_where_there_is_one() -> None:
    page = run("history")
    assert page["cash_flow"].number * (1 + page["cash_needed"].number) == pytest.approx(200.0)
    before = run("history", "2021Q3", "bear")
    assert before["spending"].number == before["bought"].number
    assert before["guidance"].is_absent
