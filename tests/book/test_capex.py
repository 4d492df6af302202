"""The page on capital expenditure: cash, depreciation, what pays back, and the peers."""

from __future__ import annotations

import pytest

from analysis.report import open_report
from analysis.report.shown import Unavailable
from tests.notebooks import run

PAGE, REPORT = run("capex"), open_report("2025Q4")


def twelve_months(field: str, quarter: str = "2025Q4") -> float:
    return float(REPORT.quarterly(f"cash_flow.{field}").twelve_months()[quarter])


def net_purchases(quarter: str = "2025Q4") -> float:
    fields = ("purchases_of_property_and_equipment", "proceeds_from_sales_and_incentives")
    return -sum(twelve_months(field, quarter) for field in fields)


def test_net_purchases_are_what_operating_cash_flow_leaves_over_free_cash_flow() -> None:
    assert PAGE["spent"].number == pytest.approx(net_purchases())
    assert PAGE["spent"].number == pytest.approx(twelve_months("operating_cash_flow") - PAGE["free"].number)
    assert PAGE["spent_growth"].number == pytest.approx(net_purchases() / net_purchases("2024Q4") - 1)
    assert PAGE["free_word"].value == "fell"


def test_each_definition_takes_its_part_away() -> None:
    stock, leases = (
        twelve_months("stock_based_compensation"),
        twelve_months("principal_repayments_finance_leases"),
    )
    assert PAGE["after_leases"].number == pytest.approx(PAGE["free"].number + leases)
    assert PAGE["after_stock"].number == pytest.approx(PAGE["free"].number - stock)
    assert PAGE["after_both"].number == pytest.approx(PAGE["free"].number + leases - stock)


def test_the_plans_growth_is_over_net_purchases() -> None:
    assert PAGE["plan_growth"].number == pytest.approx(PAGE["plan"].number / PAGE["spent"].number - 1)
    assert PAGE["last_spent"].number == pytest.approx(PAGE["spent"].number)
    assert PAGE["check_spent"].number > PAGE["plan"].number


def test_depreciation_follows_the_perpetual_inventory() -> None:
    worn = PAGE["worn"].number
    for year in range(2026, 2031):
        spent = float(REPORT.projected("group.capex")[year])
        worn += (spent - worn) / float(REPORT.driver("group.asset_life"))
    assert PAGE["worn_horizon"].number == pytest.approx(worn)
    assert PAGE["worn_added"].number == pytest.approx(worn - PAGE["worn"].number)


def test_free_cash_flow_of_the_projection_adds_up() -> None:
    path = {year: float(flow) for year, flow in REPORT.projected("group.free_cash_flow").figures.items()}
    assert PAGE["free_until"].number == pytest.approx(sum(path[year] for year in range(2026, 2031)))
    assert PAGE["lowest"].number == min(path.values())
    assert PAGE["above_year"].number == next(
        year for year, flow in path.items() if flow > PAGE["free"].number
    )


def test_more_building_leaves_less_cash_and_wears_more() -> None:
    frame = PAGE.parts["paths"].frame
    free, worn = ([figure.number for figure in frame[column]] for column in ("free", "worn"))
    assert free == sorted(free, reverse=True)
    assert worn == sorted(worn)
    assert free[1] == pytest.approx(PAGE["free_horizon"].number)


def test_a_dollar_returns_its_operating_income_after_tax() -> None:
    income = PAGE["sales_per_dollar"].number * PAGE["margin"].number
    assert PAGE["rate"].number == pytest.approx(income * (1 - PAGE["tax"].number))
    assert PAGE["cash_per_dollar"].number == pytest.approx(PAGE["rate"].number + 1 / PAGE["life"].number)


def test_at_the_break_even_a_dollar_is_worth_a_dollar() -> None:
    play = PAGE.parts["play"]
    assert play.results({"full": PAGE["break_even"].number})["worth"] == pytest.approx(1.0)
    assert play.results({"margin": PAGE["break_even_margin"].number})["worth"] == pytest.approx(1.0)


def test_returns_rise_with_margin_and_use() -> None:
    grid = PAGE.parts["returns"].data.pivot_table("value", "row", "column")
    assert (grid.diff().iloc[1:] > 0).all(axis=None)
    assert (grid.T.diff().iloc[1:] > 0).all(axis=None)


def test_sales_added_are_held_against_net_investment() -> None:
    sales = REPORT.quarterly("segments.aws.net_sales").twelve_months()
    added = float(sales["2025Q4"]) - float(sales["2024Q4"])
    for key, quarter in (("observed_same", "2025Q4"), ("observed_lag", "2024Q4")):
        worn = twelve_months("depreciation_and_amortization", quarter)
        assert PAGE[key].number == pytest.approx(added / (net_purchases(quarter) - worn))


def test_every_peer_whose_figures_are_public_stands_beside_amazon() -> None:
    frame = PAGE.parts["peers"].frame.set_index("company")
    assert list(frame.index) == ["Amazon", "Microsoft", "Alphabet", "Meta", "Apple", "Walmart", "Oracle"]
    for company, row in frame.iterrows():
        assert row["operating"].number == pytest.approx(row["spent"].number + row["free"].number)
        assert company == "Amazon" or f"{company} {row['share']:percent0}" in PAGE["peers"].value


def test_an_edition_without_plan_or_peers_says_so() -> None:
    page = run("capex", "2019Q4")
    missing = {name for name, part in page.parts.items() if isinstance(part, Unavailable)}
    assert missing == {"spenders", "peers", "claims"}
    assert page["plan"].is_absent
    assert page["peers"].is_absent
    assert page["last_spent"].number > 0  # what was spent is known where the plan is not
    assert page["observed_same"].value == "no meaningful amount"
