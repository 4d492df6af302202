"""Grades follow from the numbers: properties of the grading, and its edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles.grade import (
    CHECKED,
    GRADES,
    UNCHECKED,
    Band,
    Grade,
    Relation,
    agrees,
    difference,
    grade_number,
    worst,
)
from analysis.articles.printed import Printed

NUMBERS = st.decimals(min_value=-9999, max_value=9999, places=2, allow_nan=False).map(lambda d: f"{d:f}")
FLOATS = st.floats(-1e5, 1e5, allow_nan=False)


def bn(text: str) -> Printed:
    return Printed(text, "usd_bn")


@pytest.mark.parametrize(
    ("relation", "printed", "computed", "grade"),
    [
        ("equals", ["25"], 25.4999, "holds"),
        ("equals", ["25"], 24.5, "holds"),
        ("equals", ["25"], 25.51, "does not hold"),
        ("equals", ["25.0"], 25.4, "does not hold"),
        ("equals", ["-0.419"], -0.4193, "holds"),
        ("between", ["175", "185"], 180.0, "holds"),
        ("between", ["175", "185"], 185.4, "holds"),
        ("between", ["175", "185"], 186.0, "does not hold"),
        ("at_least", ["2"], 1.6, "holds"),
        ("at_least", ["2"], 1.4, "does not hold"),
        ("at_most", ["3"], 3.0, "holds"),
        ("at_most", ["3"], 5.0, "does not hold"),
        ("more_than", ["10"], 10.0, "does not hold"),
        ("more_than", ["10"], 10.01, "holds"),
        ("less_than", ["0"], 0.0, "does not hold"),
        ("less_than", ["0"], -0.1, "holds"),
    ],
)
def test_each_relation_at_its_edge(
    relation: Relation, printed: list[str], computed: float, grade: Grade
) -> None:
    assert grade_number(relation, [bn(text) for text in printed], computed) == grade


@given(text=NUMBERS)
def test_a_number_holds_against_itself(text: str) -> None:
    assert grade_number("equals", [bn(text)], bn(text).value) == "holds"


@given(tenths=st.integers(-99_999, 99_999), off=st.floats(-0.2, 0.2))
def test_fewer_digits_never_make_a_claim_harder_to_keep(tenths: int, off: float) -> None:
    coarse, fine = bn(f"{tenths / 10:.1f}"), bn(f"{tenths / 10:.2f}")
    computed = fine.value + off
    if grade_number("equals", [fine], computed) == "holds":
        assert grade_number("equals", [coarse], computed) == "holds"


@given(text=NUMBERS, computed=FLOATS, width=st.floats(0, 1e4), more=st.floats(0, 1e4))
def test_a_wider_band_never_lowers_a_grade(text: str, computed: float, width: float, more: float) -> None:
    value = bn(text).value
    narrow, wide = (Band(value - w, value + w, "why") for w in (width, width + more))
    found = [grade_number("equals", [bn(text)], computed, band) for band in (None, narrow, wide)]
    ranks = [GRADES.index(grade) for grade in found]
    assert ranks == sorted(ranks, reverse=True)


@given(text=NUMBERS, computed=FLOATS, band=st.floats(0, 1e5))
def test_a_band_never_turns_rounding_into_holding(text: str, computed: float, band: float) -> None:
    value = bn(text).value
    plain = grade_number("equals", [bn(text)], computed)
    banded = grade_number("equals", [bn(text)], computed, Band(value - band, value + band, "why"))
    assert (plain == "holds") == (banded == "holds")


@given(text=NUMBERS, computed=FLOATS)
def test_the_grade_does_not_depend_on_the_unit(text: str, computed: float) -> None:
    fraction = grade_number("equals", [Printed(text, "percent")], computed / 100)
    assert fraction == grade_number("equals", [bn(text)], computed)


@given(text=NUMBERS, computed=FLOATS)
def test_a_bound_and_its_opposite_are_never_both_broken(text: str, computed: float) -> None:
    above = grade_number("at_least", [bn(text)], computed)
    below = grade_number("at_most", [bn(text)], computed)
    assert "holds" in (above, below)


def test_a_band_of_the_computation_must_hold_the_claim() -> None:
    band = Band(2100.0, 2300.0, "the weeks it fits", of_computation=True)
    assert grade_number("equals", [bn("2,190")], 2251.0, band) == "holds with rounding"
    assert grade_number("equals", [bn("2,400")], 2251.0, band) == "does not hold"


def test_words_are_compared_as_words() -> None:
    assert grade_number("is", [Printed("Wednesday", "text")], "Wednesday") == "holds"
    assert grade_number("is", [Printed("Wednesday", "text")], "Thursday") == "does not hold"
    with pytest.raises(ValueError, match="can only be compared by 'is'"):
        grade_number("equals", [bn("3")], "three")


def test_between_takes_two_numbers_and_the_others_one() -> None:
    with pytest.raises(ValueError, match="does not take 1"):
        grade_number("between", [bn("3")], 3.0)
    with pytest.raises(ValueError, match="does not take 2"):
        grade_number("equals", [bn("3"), bn("4")], 3.0)


@given(st.lists(st.sampled_from((*CHECKED, *UNCHECKED)), min_size=1))
def test_a_claim_is_no_better_than_its_worst_part(grades: list[Grade]) -> None:
    found = worst(grades)
    assert found in grades
    assert (found == "does not hold") == ("does not hold" in grades)
    assert (found == "holds") == (set(grades) == {"holds"})


def test_a_part_that_was_not_computed_keeps_a_claim_from_holding() -> None:
    assert worst(["holds", "no source here"]) == "no source here"
    assert worst(["holds with rounding", "nobody can say"]) == "nobody can say"
    assert worst(["no source here", "does not hold"]) == "does not hold"


@given(low=st.floats(-1e4, 1e4), width=st.floats(0, 1e4), computed=FLOATS)
def test_the_difference_from_a_range_is_that_from_its_nearer_end(
    low: float, width: float, computed: float
) -> None:
    ends = [bn(f"{low:.2f}"), bn(f"{low + width:.2f}")]
    found = difference("between", ends, computed)
    if ends[0].value <= computed <= ends[1].value:
        assert found == 0.0
    else:
        assert abs(found) == pytest.approx(min(abs(computed - end.value) for end in ends))


def test_an_explanation_must_give_the_printed_number_or_lie_close_beyond_its_bound() -> None:
    assert agrees("equals", [bn("25")], 25.037)
    assert not agrees("equals", [bn("25")], 29.3)
    assert agrees("more_than", [Printed("70", "percent")], 0.719)
    assert not agrees("more_than", [Printed("70", "percent")], 0.9)
    assert not agrees("more_than", [Printed("70", "percent")], 0.65)
    assert agrees("between", [Printed("3", "percent"), Printed("4", "percent")], 0.037)
