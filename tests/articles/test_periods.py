"""Periods are read from a few words, and nothing else passes for one."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.articles.periods import read_period


@pytest.mark.parametrize(
    ("label", "kind", "quarter"),
    [
        ("2025Q1", "quarter", "2025Q1"),
        ("FY2024", "year", "2024Q4"),
        ("2030", "year", "2030Q4"),
        ("TTM 2025Q1", "ttm", "2025Q1"),
        ("2025 to 2030", "span", ""),
        ("2023-12-29 to 2025-06-13", "span", ""),
        ("undated", "none", ""),
    ],
)
def test_the_forms_of_a_period(label: str, kind: str, quarter: str) -> None:
    period = read_period(label)
    assert (period.kind, period.quarter, period.label) == (kind, quarter, label)


def test_a_day() -> None:
    assert read_period("2025-06-13").day == date(2025, 6, 13)


@pytest.mark.parametrize(
    "label",
    [
        "2025Q5",
        "FY25",
        "TTM 2025",
        "mid-2025",
        "",
        "2025-13-01",
        "2025 to",
        "a to b",
        "1 to 2 to 3",
        "２０２５",
    ],
)
def test_anything_else_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        read_period(label)
