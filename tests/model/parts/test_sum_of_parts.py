"""Sum of the parts: values, the multiple left for one part, and profits counted twice."""

from collections.abc import Callable
from dataclasses import replace

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import Figure
from analysis.model._inputs import Number
from analysis.model.parts import sum_of_parts as sotp
from analysis.model.parts.sum_of_parts import (
    ADVERTISING,
    AWS,
    RETAIL,
    STORES,
    OverlapError,
    Part,
    Range,
    by_operating_income,
    by_sales,
    directly,
    solve_multiple,
    sum_of_parts,
    uncovered,
)


def article_parts() -> list[Part]:
    """The parts one of the articles adds up: retail with its advertising inside, and advertising again."""
    return [
        by_operating_income("AWS", 39.8, 9.0, AWS),
        by_operating_income("retail", 25.0, 6.0, RETAIL),
        directly("advertising", 120.0, ADVERTISING),
    ]


def clean_parts() -> list[Part]:
    return [
        by_operating_income("AWS", 45.0, Range(18.0, 22.0, 26.0), AWS),
        by_operating_income("advertising", 28.0, Range(14.0, 17.0, 20.0), ADVERTISING),
        by_sales("stores", 520.0, Range(0.2, 0.5, 0.8), STORES),
        directly("stake", Range(8.0, 20.0, 60.0)),
    ]


def test_the_reported_profits_share_no_pool_and_make_up_the_whole() -> None:
    pools = [AWS, sotp.NORTH_AMERICA, sotp.INTERNATIONAL]
    assert sum(len(pool) for pool in pools) == len(sotp.POOLS)
    assert frozenset().union(*pools) == sotp.POOLS == AWS | STORES | ADVERTISING


def test_the_articles_parts_make_628_when_told_to_count_advertising_twice() -> None:
    total = sum_of_parts(article_parts(), allow_overlap=True)
    assert total.enterprise_value.base == pytest.approx(628.2)
    assert [value.base for value in total.parts.values()] == pytest.approx([358.2, 150.0, 120.0])


def test_the_articles_enterprise_value_pays_38_times_the_profit_of_aws() -> None:
    multiple = solve_multiple(article_parts(), "AWS", 1800.0, allow_overlap=True)
    assert multiple == pytest.approx(38.44, abs=0.005)


def test_a_profit_counted_twice_is_refused_with_both_parts_and_the_pools_named() -> None:
    message = "retail and advertising both count international.advertising, north_america.advertising"
    with pytest.raises(OverlapError, match=f"^{message}$"):
        sum_of_parts(article_parts())
    with pytest.raises(OverlapError, match=message):
        solve_multiple(article_parts(), "AWS", 1800.0)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (AWS, sotp.CHIPS, True),
        (RETAIL, sotp.INTERNATIONAL, True),
        (STORES, ADVERTISING, False),
        (sotp.NORTH_AMERICA, sotp.INTERNATIONAL, False),
        (AWS - sotp.CHIPS, sotp.CHIPS, False),
        (frozenset(), AWS, False),
    ],
)
def test_which_profits_lie_inside_which(first: frozenset[str], second: frozenset[str], refused: bool) -> None:
    parts = [by_operating_income("one", 1.0, 10.0, first), directly("two", 5.0, second)]
    assert bool(sotp.overlaps(parts)) is refused
    if refused:
        with pytest.raises(OverlapError, match="^one and two both count "):
            sum_of_parts(parts)
    else:
        assert sum_of_parts(parts).enterprise_value.base == 15.0


def test_every_double_count_is_named_at_once() -> None:
    parts = [*article_parts(), directly("chips", 200.0, sotp.CHIPS)]
    with pytest.raises(
        OverlapError, match=r"retail and advertising .*; AWS and chips|AWS and chips .*; retail"
    ):
        sum_of_parts(parts)


def test_pools_that_nobody_values_are_listed() -> None:
    assert uncovered(clean_parts()) == frozenset()
    assert uncovered(clean_parts()[:2]) == STORES
    assert uncovered([directly("stake", 5.0)]) == sotp.POOLS


def test_low_base_and_high_add_up_apart() -> None:
    total = sum_of_parts(clean_parts()).enterprise_value
    assert (total.low, total.base, total.high) == pytest.approx(
        (45 * 18 + 28 * 14 + 104 + 8, 45 * 22 + 28 * 17 + 260 + 20, 45 * 26 + 28 * 20 + 416 + 60)
    )


@given(st.floats(0.5, 60.0), st.sampled_from(sotp.CASES))
def test_the_solved_multiple_gives_back_the_enterprise_value(multiple: float, case: sotp.Case) -> None:
    parts = [by_operating_income("AWS", 45.0, multiple, AWS), *clean_parts()[1:]]
    total = sum_of_parts(parts)
    solved = solve_multiple(parts, "AWS", getattr(total.enterprise_value, case), case=case)
    assert solved == pytest.approx(multiple, rel=1e-9)


def cases_of(total: sotp.SumOfParts) -> list[float]:
    return [getattr(total.enterprise_value, case) for case in sotp.CASES]


def in_currency(part: Part, rate: float) -> Part:
    """The same part in a currency of which a dollar buys ``rate``."""
    if part.amount is not None:
        return replace(part, amount=part.amount * rate)
    return replace(part, multiple=Range(*(getattr(part.multiple, case) * rate for case in sotp.CASES)))


@given(st.floats(0.001, 1000.0))
def test_another_currency_scales_the_values_and_leaves_the_multiple(rate: float) -> None:
    dollars, other = clean_parts(), [in_currency(part, rate) for part in clean_parts()]
    scaled = [value * rate for value in cases_of(sum_of_parts(dollars))]
    assert cases_of(sum_of_parts(other)) == pytest.approx(scaled, rel=1e-12)
    assert solve_multiple(other, "AWS", 1800.0 * rate) == pytest.approx(
        solve_multiple(dollars, "AWS", 1800.0), rel=1e-9
    )


@pytest.mark.parametrize(
    "nothing",
    [
        directly("nothing", 0.0),
        by_sales("nothing", 0.0, Range(0.1, 0.5, 9.0), frozenset()),
        by_operating_income("nothing", 0.0, 30.0, frozenset()),
    ],
    ids=lambda part: part.basis,
)
def test_a_part_of_nothing_changes_nothing(nothing: Part) -> None:
    parts = clean_parts()
    assert cases_of(sum_of_parts([*parts, nothing])) == cases_of(sum_of_parts(parts))
    assert solve_multiple([nothing, *parts], "AWS", 1800.0) == solve_multiple(parts, "AWS", 1800.0)


@given(st.permutations(clean_parts()))
def test_the_order_of_the_parts_does_not_matter(shuffled: list[Part]) -> None:
    parts = clean_parts()
    assert cases_of(sum_of_parts(shuffled)) == pytest.approx(cases_of(sum_of_parts(parts)), rel=1e-12)
    assert solve_multiple(shuffled, "AWS", 1800.0) == pytest.approx(solve_multiple(parts, "AWS", 1800.0))


@given(st.integers(0, 2), st.floats(0.001, 100.0))
def test_more_profit_or_sales_of_a_part_is_worth_more_in_every_case(at: int, more: float) -> None:
    parts = clean_parts()
    part = parts[at]
    parts[at] = replace(part, amount=part.amount * (1 + more))
    assert all(map(float.__gt__, cases_of(sum_of_parts(parts)), cases_of(sum_of_parts(clean_parts()))))


def test_steerable_values_agree_in_all_evaluators(four_ways: Callable[..., float]) -> None:
    def whole(income: Number, multiple: Number, sales: Number, ratio: Number, stake: Number) -> Number:
        parts = [by_operating_income("a", income, multiple, AWS), by_sales("s", sales, ratio, STORES)]
        return sum_of_parts([*parts, directly("k", stake)]).enterprise_value.base

    def implied(income: Number, value: Number, sales: Number, ratio: Number) -> Number:
        parts = [by_operating_income("a", income, 1.0, AWS), by_sales("s", sales, ratio, STORES)]
        return solve_multiple(parts, "a", value)

    four_ways(whole, 45 * 22 + 520 * 0.5 + 20, income=45.0, multiple=22.0, sales=520.0, ratio=0.5, stake=20.0)
    four_ways(implied, (2000 - 260) / 45, income=45.0, value=2000.0, sales=520.0, ratio=0.5)


def test_the_formula_of_a_traced_sum_names_its_parts() -> None:
    income, multiple = Figure(39.8, "usd_bn", "AWS income"), Figure(9.0, "x", "multiple")
    total = sum_of_parts([by_operating_income("AWS", income, multiple, AWS), directly("rest", 270.0)])
    assert total.enterprise_value.base.number == pytest.approx(628.2)
    assert total.enterprise_value.base.formula == "AWS income × multiple + 270"


def test_arrays_of_multiples_give_arrays_of_values() -> None:
    grid = by_operating_income("AWS", 45.0, np.array([[18.0], [22.0]]), AWS)
    other = by_operating_income("advertising", 28.0, np.array([14.0, 17.0, 20.0]), ADVERTISING)
    total = sum_of_parts([grid, other]).enterprise_value.base
    np.testing.assert_allclose(total, [[1202.0, 1286.0, 1370.0], [1382.0, 1466.0, 1550.0]])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: by_operating_income("stores", -1.0, 10.0, STORES), "stores operating_income must be zero"),
        (lambda: by_sales("stores", 1.0, -0.5, STORES), r"stores multiple \(low\) must be zero or above"),
        (lambda: by_sales("stores", 1.0, Range(1.0, 0.5, 2.0), STORES), "stores multiple base − low"),
        (lambda: by_sales("stores", 1.0, Range(0.1, 0.5, 0.4), STORES), "stores multiple high − base"),
        (lambda: directly("stake", Range(3.0, 2.0, 4.0)), "stake value base − low"),
        (lambda: directly("stake", float("nan")), "value must be finite"),
        (lambda: sum_of_parts([]), "at least one part"),
        (lambda: sum_of_parts([directly("a", 1.0), directly("a", 2.0)]), "given twice: a$"),
        (lambda: solve_multiple([directly("a", 1.0)], "a", 5.0), "a is valued directly"),
        (lambda: solve_multiple([by_sales("a", 0.0, 1.0, AWS)], "a", 5.0), "a sales must be above zero"),
        (lambda: solve_multiple([by_sales("a", 1.0, 1.0, AWS)], "a", float("inf")), "enterprise_value must"),
    ],
)
def test_impossible_parts_are_named(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_an_unknown_part_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="no part 'Azure'; known: AWS, retail, advertising"):
        solve_multiple(article_parts(), "Azure", 1800.0, allow_overlap=True)


def test_a_negative_value_may_be_given_outright() -> None:
    assert sum_of_parts([directly("pension", -5.0), directly("a", 8.0)]).enterprise_value.base == 3.0


def test_expressions_pass_the_checks() -> None:
    part = by_operating_income("AWS", alt.param(name="i"), Range(1.0, alt.param(name="m"), 9.0), AWS)
    assert sotp.value_of(part).base.to_dict()["expr"] == "(i * m)"
