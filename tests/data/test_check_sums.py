"""The check holds printed figures to the sums they must satisfy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edit
from tests.data.conftest import Problems, quarter

Q = "data/amazon/quarters/"


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        (
            "    net_sales: 106267",
            "    net_sales: 106268",
            {"income.net_sales": "segments_net_sales", "segments.north_america.net_sales": "fiscal_year"},
        ),
        (
            "    operating_income: 4789",
            "    operating_income: 4788",
            {
                "income.operating_income": "segments_operating_income",
                "segments.north_america.operating_income": "fiscal_year",
            },
        ),
        (
            "  online_stores: 67407",
            "  online_stores: 67408",
            {"income.net_sales": "service_lines", "service_lines.online_stores": "fiscal_year"},
        ),
        (
            "  fulfillment: 27679",
            "  fulfillment: 27678",
            {"income.operating_income": "income_statement", "income.fulfillment": "fiscal_year"},
        ),
    ],
)
def test_a_figure_off_by_one_breaks_every_sum_it_is_in(
    edit: Edit, problems: Problems, old: str, new: str, fields: dict[str, str]
) -> None:
    edit(quarter("2025Q3"), old, new)
    found = problems()
    named = {line.split(": ")[1]: line.split("check ")[1].split(" ")[0] for line in found}
    assert named == fields
    assert all("differs by" in line for line in found)


def test_the_problem_of_a_sum_says_both_numbers(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "\n  free_cash_flow: 1297", "\n  free_cash_flow: 1298")
    assert problems()[0] == (
        f"{Q}2025Q3.yml: cash_flow.free_cash_flow: 1298 differs by -1 from cash_flow.operating_cash_flow"
        " + cash_flow.purchases_of_property_and_equipment + cash_flow.proceeds_from_sales_and_incentives,"
        " check free_cash_flow (expected 1297, or an entry in data/amazon/known_differences.yml)"
    )


def test_four_quarters_that_do_not_make_the_year_are_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q4"), "      net_sales: 426305", "      net_sales: 426306")
    lines = problems()
    assert any(
        line.startswith(
            f"{Q}2025Q4.yml: segments.north_america.net_sales: 426306 differs by -1 from the four quarters"
        )
        for line in lines
    )
    assert any("check fiscal_year.segments_net_sales" in line for line in lines)


def test_large_numbers_are_said_in_full(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q4"), "      net_sales: 426305", "      net_sales: 4263059")
    assert any("4263059 differs by -3836754 from the four quarters" in line for line in problems())


def test_printed_twelve_months_that_are_not_the_sum_of_quarters_are_named(
    edit: Edit, problems: Problems
) -> None:
    edit(quarter("2025Q3"), "    stock_based_compensation: 20065", "    stock_based_compensation: 20064")
    lines = problems()
    assert len(lines) == 1
    assert lines[0].startswith(f"{Q}2025Q3.yml: cash_flow.stock_based_compensation: 20064 differs by 1 ")
    assert "from the four quarters, check trailing_twelve_months" in lines[0]


def test_earnings_per_share_that_do_not_follow_are_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  diluted_eps: 1.95", "  diluted_eps: 1.97")
    lines = problems()
    assert len(lines) == 1
    assert "income.diluted_eps: 1.97 differs" in lines[0]
    assert "net income ÷ diluted shares" in lines[0]


def test_a_part_larger_than_the_whole_is_named(edit: Edit, problems: Problems) -> None:
    edit(quarter("2025Q3"), "  cash_and_equivalents: ", "  cash_and_equivalents: 9")
    assert any(
        "balance.cash_and_equivalents: " in line and "is more than balance.total_assets" in line
        for line in problems()
    )


def known(quarter_label: str, check: str, field: str, difference: float) -> str:
    return (
        f"known_differences:\n  - quarter: {quarter_label}\n    check: {check}\n    field: {field}\n"
        f"    difference: {difference}\n    reason: a test\n"
    )


def test_a_known_difference_is_let_pass(edit: Edit, data: Path, problems: Problems) -> None:
    edit(quarter("2025Q3"), "    stock_based_compensation: 20065", "    stock_based_compensation: 20064")
    (data / "amazon/known_differences.yml").write_text(
        known("2025Q3", "trailing_twelve_months", "cash_flow.stock_based_compensation", 1)
    )
    assert problems() == []


def test_a_known_difference_of_another_size_is_not_let_pass(
    edit: Edit, data: Path, problems: Problems
) -> None:
    edit(quarter("2025Q3"), "    stock_based_compensation: 20065", "    stock_based_compensation: 20064")
    (data / "amazon/known_differences.yml").write_text(
        known("2025Q3", "trailing_twelve_months", "cash_flow.stock_based_compensation", 2)
    )
    assert "differs by 1 " in problems()[0]


def test_a_known_difference_that_does_not_occur_is_named(data: Path, problems: Problems) -> None:
    (data / "amazon/known_differences.yml").write_text(
        known("2025Q3", "trailing_twelve_months", "cash_flow.stock_based_compensation", 1)
    )
    assert problems() == [
        "data/amazon/known_differences.yml: known_differences[0]: the difference in"
        " cash_flow.stock_based_compensation of 2025Q3 (trailing_twelve_months) does not occur"
        " (expected only differences that the quarters' files still have)"
    ]


def test_a_known_difference_listed_twice_is_named(edit: Edit, data: Path, problems: Problems) -> None:
    edit(quarter("2025Q3"), "    stock_based_compensation: 20065", "    stock_based_compensation: 20064")
    entry = known("2025Q3", "trailing_twelve_months", "cash_flow.stock_based_compensation", 1)
    again = entry.removeprefix("known_differences:\n")
    (data / "amazon/known_differences.yml").write_text(entry + again)
    assert problems() == [
        "data/amazon/known_differences.yml: known_differences[1]: is listed twice"
        " (expected each difference once)"
    ]


def test_a_known_difference_without_reason_is_named(data: Path, problems: Problems) -> None:
    text = known("2025Q3", "fiscal_year", "income.tax", 1).replace("    reason: a test\n", "")
    (data / "amazon/known_differences.yml").write_text(text)
    assert problems() == [
        "data/amazon/known_differences.yml: known_differences[0].reason: is missing (expected text)"
    ]
