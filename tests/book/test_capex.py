"""The page on capital expenditure: cash, depreciation, what pays back, and the peers."""

from __future__ import annotations

import pytest

from tests.notebooks import Run, run


@pytest.fixture
def page() -> Run:
    return run("capex")


def twelve_months(field: str, quarter: str = "2025Q4") -> float:
    return float(run("capex").report.quarterly(f"cash_flow.{field}").twelve_months()[quarter])


def net_purchases(quarter: str = "2025Q4") -> float:
    fields = ("purchases_of_property_and_equipment", "proceeds_from_sales_and_incentives")
    return -sum(twelve_months(field, quarter) for field in fields)


def test_net_purchases_are_what_operating_cash_flow_leaves_over_free_cash_flow(page: Run) -> None:
    assert page["spent"].number == pytest.approx(net_purchases())
    assert page["spent"].number == pytest.approx(twelve_months("operating_cash_flow") - page["free"].number)
    assert page["spent_growth"].number == pytest.approx(net_purchases() / net_purchases("2024Q4") - 1)
    assert page["free_word"].value == "fell"


def test_each_definition_takes_its_part_away(page: Run) -> None:
    stock, leases = (
        twelve_months("stock_based_compensation"),
        twelve_months("principal_repayments_finance_leases"),
    )
    assert page["after_leases"].number == pytest.approx(page["free"].number + leases)
    assert page["after_stock"].number == pytest.approx(page["free"].number - stock)
    assert page["after_both"].number == pytest.approx(page["free"].number + leases - stock)


def test_the_plans_growth_is_over_net_purchases(page: Run) -> None:
    assert page["plan_growth"].number == pytest.approx(page["plan"].number / page["spent"].number - 1)
    assert page["last_spent"].number == pytest.approx(page["spent"].number)
    assert page["check_spent"].number > page["plan"].number


def test_depreciation_follows_the_perpetual_inventory(page: Run) -> None:
    worn = page["worn"].number
    for year in range(2026, 2031):
        spent = float(page.report.projected("group.capex")[year])
        worn += (spent - worn) / float(page.report.driver("group.asset_life"))
    assert page["worn_horizon"].number == pytest.approx(worn)
    assert page["worn_added"].number == pytest.approx(worn - page["worn"].number)


def test_free_cash_flow_of_the_projection_adds_up(page: Run) -> None:
    path = {year: float(flow) for year, flow in page.report.projected("group.free_cash_flow").figures.items()}
    assert page["free_until"].number == pytest.approx(sum(path[year] for year in range(2026, 2031)))
    assert page["lowest"].number == min(path.values())
    assert page["above_year"].number == next(
        year for year, flow in path.items() if flow > page["free"].number
    )


def test_more_building_leaves_less_cash_and_wears_more(page: Run) -> None:
    frame = page.parts["paths"].frame.set_index("item")
    lines = (frame.loc[f"{line} 2030"] for line in ("Free cash flow", "Depreciation"))
    free, worn = ([figure.number for figure in line] for line in lines)
    assert free == sorted(free, reverse=True)
    assert worn == sorted(worn)
    assert free[1] == pytest.approx(page["free_horizon"].number)


def test_a_dollar_returns_its_operating_income_after_tax(page: Run) -> None:
    income = page["sales_per_dollar"].number * page["margin"].number
    assert page["rate"].number == pytest.approx(income * (1 - page["tax"].number))
    assert page["cash_per_dollar"].number == pytest.approx(page["rate"].number + 1 / page["life"].number)


def test_at_the_break_even_a_dollar_is_worth_a_dollar(page: Run) -> None:
    play = page.parts["play"]
    assert play.results({"full": page["break_even"].number})["worth"] == pytest.approx(1.0)
    assert play.results({"margin": page["break_even_margin"].number})["worth"] == pytest.approx(1.0)


def test_returns_rise_with_margin_and_use(page: Run) -> None:
    grid = page.parts["returns"].data.pivot_table("value", "row", "column")
    assert (grid.diff().iloc[1:] > 0).all(axis=None)
    assert (grid.T.diff().iloc[1:] > 0).all(axis=None)


def test_sales_added_are_held_against_net_investment(page: Run) -> None:
    sales = page.report.quarterly("segments.aws.net_sales").twelve_months()
    added = float(sales["2025Q4"]) - float(sales["2024Q4"])
    for key, quarter in (("observed_same", "2025Q4"), ("observed_lag", "2024Q4")):
        worn = twelve_months("depreciation_and_amortization", quarter)
        assert page[key].number == pytest.approx(added / (net_purchases(quarter) - worn))


def test_every_peer_whose_figures_are_public_stands_beside_amazon(page: Run) -> None:
    frame = page.parts["peers"].frame
    names = ["Amazon", "Microsoft", "Alphabet", "Meta", "Apple", "Walmart", "Oracle"]
    assert [cell.plain.split()[0] for cell in frame["company"]] == names
    for company, (_, row) in zip(names, frame.iterrows(), strict=True):
        assert row["operating"].number == pytest.approx(row["spent"].number + row["free"].number)
        assert company == "Amazon" or f"{company} {row['share']:percent0}" in page["peers"].value


def test_peers_are_drawn_by_the_latest_year_of_which_their_spending_is_known() -> None:
    page = run("capex", "2026Q1")
    drawn = page.parts["spenders"].data.set_index("name")["value"]
    table = {cell.plain.split()[0]: cell.plain for cell in page.parts["peers"].frame["company"]}
    latest = page.report.stated("peers/observations", "MSFT", "capex")
    assert str(latest.latest_period) == "TTM Mar-2026"
    assert drawn["Microsoft"] == latest.latest.number
    assert table["Microsoft"] == "Microsoft CY2025"  # the latest of which free cash flow is known too


@pytest.mark.parametrize(
    ("edition", "scenario"), [("2025Q4", "base"), ("2021Q3", "bear"), ("2019Q4", "base")]
)
def test_the_chart_of_cash_tells_what_purchases_leave(edition: str, scenario: str) -> None:
    page = run("capex", edition, scenario)
    told = page.parts["cash"].description
    assert str(page["free"]) in told
    assert str(page.names["free"].highest) in told


def test_what_was_spent_is_known_where_the_plan_is_not() -> None:
    page = run("capex", "2019Q4")
    assert page["last_spent"].number > 0
    assert page["observed_same"].value == "no meaningful amount"
