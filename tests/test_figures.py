"""Figures carry value, unit, source and formula through arithmetic."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import Figure, Source, UnitError, computed, not_public, text, total

RELEASE = Source("release", date(2026, 2, 5), path="data/q.yml", field="a")
EARLIER = Source("earlier release", date(2025, 10, 30), path="data/p.yml", field="a")
A = Figure(6.0, "usd_bn", "a", RELEASE)
B = Figure(3.0, "usd_bn", "b", EARLIER)

numbers = st.floats(0.1, 1e6)


@pytest.mark.parametrize(
    ("figure", "value", "formula"),
    [
        (A + B, 9.0, "a + b"),
        (A - B, 3.0, "a − b"),
        (A * B, 18.0, "a × b"),
        (A / B, 2.0, "a ÷ b"),
        (A**2, 36.0, "a ^ 2"),
        (2 + A, 8.0, "2 + a"),
        (2 - A, -4.0, "2 − a"),
        (2 * A, 12.0, "2 × a"),
        (12 / A, 2.0, "12 ÷ a"),
        (2**B, 8.0, "2 ^ b"),
        (-A, -6.0, "(−1) × a"),
    ],
)
def test_each_operator_records_value_and_formula(figure: Figure, value: float, formula: str) -> None:
    assert figure.number == value
    assert figure.formula == formula


@pytest.mark.parametrize(
    ("figure", "formula"),
    [
        (A * (1 + B) ** 5, "a × (1 + b) ^ 5"),
        ((A - B) / A, "(a − b) ÷ a"),
        (A - (B - A), "a − (b − a)"),
        (A / (B / A), "a ÷ (b ÷ a)"),
        ((A - B) - A, "a − b − a"),
        ((A**2) ** 3, "(a ^ 2) ^ 3"),
        (A * B + A, "a × b + a"),
    ],
)
def test_brackets_stand_exactly_where_the_meaning_needs_them(figure: Figure, formula: str) -> None:
    assert figure.formula == formula


@given(numbers, numbers, numbers)
def test_a_formula_evaluates_to_the_value_it_stands_for(a: float, b: float, c: float) -> None:
    fa, fb, fc = (Figure(v, "", n) for v, n in ((a, "a"), (b, "b"), (c, "c")))
    figure = (fa - fb * fc) / (fa + fb) - (fb - fc / fa)
    python = figure.formula.replace("−", "-").replace("×", "*").replace("÷", "/").replace("^", "**")
    assert eval(python, {"a": a, "b": b, "c": c}) == figure.number


def test_inputs_are_the_named_figures_each_once() -> None:
    assert [f.label for f in (A * B + A).inputs] == ["a", "b"]


def test_a_named_figure_is_one_input_of_what_follows() -> None:
    ratio = (A / B).named("ratio", "x")
    doubled = 2 * ratio
    assert doubled.inputs == (ratio,)
    assert doubled.formula == "2 × ratio"


def test_published_is_the_latest_date_below() -> None:
    assert (A / B).published == date(2026, 2, 5)
    assert (2 * B).published == date(2025, 10, 30)
    assert Figure(1.0, "x", "plain").published is None


def test_sources_lists_each_document_once() -> None:
    assert (A * B + A).sources() == (RELEASE, EARLIER)


def test_conversion_scales_the_value_and_keeps_the_source() -> None:
    sales = Figure(213_386.0, "usd_m", "net sales", RELEASE).to("usd_bn")
    assert sales.number == pytest.approx(213.386)
    assert sales.source == RELEASE


def test_conversion_between_unrelated_units_names_both() -> None:
    with pytest.raises(UnitError, match="'usd_bn'.*'years'"):
        A.to("years")


def test_total_adds_and_names_what_it_added() -> None:
    both = total([A, B], "both")
    assert (both.number, both.formula, both.unit) == (9.0, "a + b", "usd_bn")


def test_total_refuses_mixed_units() -> None:
    with pytest.raises(UnitError, match="usd_bn.*x"):
        total([A, Figure(1.0, "x", "multiple")], "nonsense")


def test_text_is_not_a_number() -> None:
    word = text("above", "compares a with b", A, B)
    assert word.published == date(2026, 2, 5)
    with pytest.raises(UnitError, match="above"):
        float(word)


def test_computed_keeps_formula_and_inputs() -> None:
    solved = computed(0.1774, "fraction", "growth needed", "(b ÷ a) ^ (1 ÷ years) − 1", A, B)
    assert solved.inputs == (A, B)
    assert solved.published == date(2026, 2, 5)


NOTHING, HALF, TWO = (Figure(value, "fraction", f"{value:g}") for value in (0.0, 0.5, 2.0))


@pytest.mark.parametrize(
    ("result", "moved_by"),
    [
        (NOTHING * TWO, {"0"}),
        (TWO * NOTHING, {"0"}),
        (NOTHING / TWO, {"0"}),
        (HALF.at_most(TWO), {"0.5"}),
        (TWO.at_most(1.0), set()),
        (TWO.at_least(HALF), {"2"}),
        (TWO * (1 - TWO.at_most(1.0)) + HALF, {"0.5"}),
        (NOTHING + TWO, {"0", "2"}),
        (HALF.at_most(HALF * 1), {"0.5"}),
    ],
)
def test_what_cannot_move_a_result_is_none_of_its_inputs(result: Figure, moved_by: set[str]) -> None:
    assert {figure.label for figure in result.inputs} == moved_by


def test_a_long_chain_of_absent_figures_says_what_was_missing() -> None:
    chain = not_public("cost", "usd_bn")
    for year in range(3000):
        chain = not_public(f"cash of year {year}", "usd_bn", chain)
    assert chain.missing() == ("cost",)


CHANCE = Figure(0.25, "fraction", "chance").within(0.001)


@pytest.mark.parametrize(
    ("figure", "error"),
    [
        (CHANCE.named("another label"), 0.001),
        ((1 - CHANCE).named("the chance that it does not"), 0.001),
        (100 * CHANCE, 0.1),
        (CHANCE * -100, 0.1),
        (CHANCE.also(A).named("chosen by another"), 0.001),
        (CHANCE - CHANCE, None),
        (1 / CHANCE, None),
        (A, None),
    ],
)
def test_a_standard_error_goes_with_its_figure(figure: Figure, error: float | None) -> None:
    assert figure.standard_error == (error and pytest.approx(error))
