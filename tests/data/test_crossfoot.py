"""Sums over made-up figures, where the right answer is known by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import quarters
from analysis.data.amazon import Printed, QuarterFile
from analysis.data.crossfoot import (
    across_quarters,
    check_earnings_per_share,
    free_cash_flow,
    within_statements,
)
from analysis.data.fields import Field
from analysis.figures import Source

SOURCE = Source("a release", date(2025, 1, 1))
amounts = st.integers(-(10**6), 10**6).map(float)
TAX = Field("income.tax", "Tax", "usd_m", "tax", "a release", "always", "any")


def file(quarter: str = "2025Q4", **values: float) -> QuarterFile:
    """A quarter's file; ``income__tax=1`` is the figure ``income.tax``."""
    printed = {name.replace("__", "."): Printed(value, SOURCE) for name, value in values.items()}
    return QuarterFile(
        quarter, quarters.period_end(quarter), date(2026, 2, 5), None, f"{quarter}.yml", printed
    )


@given(amounts, amounts, amounts, st.integers(-3, 3).map(float))
def test_a_sum_is_reported_exactly_if_it_is_off_and_by_how_much(
    pretax: float, tax: float, equity: float, off: float
) -> None:
    figures = file(
        income__pretax_income=pretax,
        income__tax=tax,
        income__equity_method=equity,
        income__net_income=pretax + tax + equity + off,
    )
    found = list(within_statements(figures))
    assert [(one.check, one.field, one.amount) for one in found] == (
        [("net_income", "income.net_income", -off)] if off else []
    )


@given(amounts, amounts, amounts)
def test_free_cash_flow_is_the_sum_of_its_three_parts(flow: float, bought: float, sold: float) -> None:
    names = (
        "operating_cash_flow",
        "purchases_of_property_and_equipment",
        "proceeds_from_sales_and_incentives",
    )
    parts = {f"cash_flow.{name}": value for name, value in zip(names, (flow, bought, sold), strict=True)}
    assert free_cash_flow(parts) == flow + bought + sold
    del parts["cash_flow.proceeds_from_sales_and_incentives"]
    assert free_cash_flow(parts) is None


def test_a_sum_with_an_absent_part_is_not_held() -> None:
    assert list(within_statements(file(income__net_income=5.0, income__tax=1.0))) == []


def test_costs_are_taken_off_sales() -> None:
    costs = ("cost_of_sales", "fulfillment", "technology_and_infrastructure", "sales_and_marketing")
    others = ("general_and_administrative", "other_operating")
    values = {f"income__{name}": 10.0 for name in (*costs, *others)}
    good = file(income__net_sales=100.0, income__operating_income=40.0, **values)
    bad = file(income__net_sales=100.0, income__operating_income=160.0, **values)
    assert list(within_statements(good)) == []
    (found,) = within_statements(bad)
    assert (found.check, found.amount) == ("income_statement", -120.0)
    assert found.how.startswith("income.net_sales − income.cost_of_sales − ")


@pytest.mark.parametrize("block", ["trailing_twelve_months", "fiscal_year"])
def test_blocks_are_held_to_the_same_sums(block: str) -> None:
    values = {"pretax_income": 5.0, "tax": -1.0, "equity_method": 0.0, "net_income": 5.0}
    (found,) = within_statements(
        file(**{f"{block}__income__{name}": value for name, value in values.items()})
    )
    assert (found.check, found.field, found.amount) == (f"{block}.net_income", "income.net_income", -1.0)


@given(st.lists(amounts, min_size=4, max_size=4), st.integers(-3, 3).map(float))
def test_four_quarters_make_the_year(parts: list[float], off: float) -> None:
    files = {
        label: file(label, income__tax=part)
        for label, part in zip(quarters.last_four("2025Q4"), parts, strict=True)
    }
    files["2025Q4"] = file("2025Q4", income__tax=parts[-1], fiscal_year__income__tax=sum(parts) + off)
    found = [(one.key, one.amount) for one in across_quarters(files, {"income.tax": TAX})]
    assert found == ([(("2025Q4", "fiscal_year", "income.tax"), -off)] if off else [])


def test_three_quarters_prove_nothing_about_the_year() -> None:
    files = {label: file(label, income__tax=1.0) for label in ("2025Q2", "2025Q3")}
    files["2025Q4"] = file("2025Q4", income__tax=1.0, fiscal_year__income__tax=99.0)
    assert list(across_quarters(files, {"income.tax": TAX})) == []


@pytest.mark.parametrize(
    ("eps", "holds"), [(2.00, True), (2.005, True), (1.99, False), (2.02, False), (-2.0, False)]
)
def test_earnings_per_share_hold_within_a_cent(eps: float, holds: bool) -> None:
    figures = file(income__net_income=20000.0, income__diluted_shares=10000.0, income__diluted_eps=eps)
    assert (list(check_earnings_per_share(figures)) == []) is holds


def test_earnings_without_shares_are_not_held() -> None:
    assert list(check_earnings_per_share(file(income__net_income=1.0, income__diluted_eps=99.0))) == []
