"""Quarter labels behave like whole numbers that know their calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import quarters

labels = st.builds(lambda year, quarter: f"{year}Q{quarter}", st.integers(1900, 2100), st.integers(1, 4))
counts = st.integers(-200, 200)


@given(labels, counts)
def test_going_forth_and_back_returns_to_the_same_quarter(label: str, count: int) -> None:
    assert quarters.add(quarters.add(label, count), -count) == label


@given(labels, counts)
def test_distance_is_the_inverse_of_add(label: str, count: int) -> None:
    assert quarters.distance(label, quarters.add(label, count)) == count


@given(labels, counts, counts)
def test_steps_add_up(label: str, first: int, second: int) -> None:
    assert quarters.add(quarters.add(label, first), second) == quarters.add(label, first + second)


@given(labels)
def test_labels_sort_as_their_period_ends_do(label: str) -> None:
    later = quarters.add(label, 1)
    assert label < later
    assert quarters.period_end(label) < quarters.period_end(later)


@given(labels)
def test_a_quarter_contains_its_last_day_and_not_the_next(label: str) -> None:
    last = quarters.period_end(label)
    assert quarters.containing(last) == label
    assert quarters.containing(last + timedelta(days=1)) == quarters.add(label, 1)


@given(labels)
def test_four_quarters_end_with_the_label_and_are_distinct(label: str) -> None:
    four = quarters.last_four(label)
    assert len(set(four)) == 4
    assert four[-1] == label


def test_a_year_of_quarters() -> None:
    assert quarters.last_four("2025Q4") == ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert quarters.span("2025Q2", "2025Q1") == []


@pytest.mark.parametrize(
    ("label", "end"),
    [("2024Q1", date(2024, 3, 31)), ("2024Q2", date(2024, 6, 30)), ("2025Q4", date(2025, 12, 31))],
)
def test_period_end_is_the_last_day_of_the_third_month(label: str, end: date) -> None:
    assert quarters.period_end(label) == end


@pytest.mark.parametrize("text", ["2025Q5", "2025Q0", "2025q1", "25Q1", "2025Q1 ", "", "Q1 2025"])
def test_anything_but_a_label_is_refused(text: str) -> None:
    assert not quarters.is_quarter(text)
    with pytest.raises(ValueError, match="is not a quarter"):
        quarters.add(text, 1)
