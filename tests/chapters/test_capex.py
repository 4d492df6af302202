"""The page on capital expenditure: cash, depreciation, what pays back, and the peers."""

from __future__ import annotations

import pytest

from analysis.chapters import Page
from analysis.formats import show
from analysis.valuation.group import open_group
from tests.chapters.reading import (
    BEFORE,
    YEAR,
    alt_texts,
    drivers,
    in_editions,
    missing,
    number,
    observed,
    opened,
    reported,
    shown,
)

BOUGHT = "cash_flow.purchases_of_property_and_equipment"
SOLD = "cash_flow.proceeds_from_sales_and_incentives"
WORN = "cash_flow.depreciation_and_amortization"


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert shown(page, "spent") in texts["cash"]
    assert shown(page, "worn_horizon") in texts["depreciation"]
    assert all(shown(page, f"free_{name}") in texts["ahead"] for name in ("bear", "base", "bull"))
    assert show(number(page, "break_even"), "percent0") in texts["returns"]
    assert "spenders" not in texts or shown(page, "spent") in texts["spenders"]


def test_flows_are_those_of_the_quarter_files(page: Page) -> None:
    spent = -reported(BOUGHT, *YEAR) - reported(SOLD, *YEAR)
    before = -reported(BOUGHT, *BEFORE) - reported(SOLD, *BEFORE)
    assert number(page, "spent") == pytest.approx(spent, abs=1e-9)
    assert number(page, "spent_growth") == pytest.approx(spent / before - 1, abs=1e-12)
    assert number(page, "free") == pytest.approx(reported("cash_flow.free_cash_flow", *YEAR), abs=1e-9)
    assert number(page, "operating") - number(page, "spent") == pytest.approx(number(page, "free"), abs=1e-9)
    assert page.numbers["free_word"].value == "fell"


def test_each_definition_takes_its_part_away(page: Page) -> None:
    free = number(page, "free")
    stock = reported("cash_flow.stock_based_compensation", *YEAR)
    leases = -reported("cash_flow.principal_repayments_finance_leases", *YEAR)
    assert number(page, "after_leases") == pytest.approx(free - leases)
    assert number(page, "after_stock") == pytest.approx(free - stock)
    assert number(page, "after_both") == pytest.approx(free - leases - stock)


def test_the_plan_is_the_companys_and_its_growth_is_over_net_purchases(page: Page) -> None:
    plan = observed("amazon/key_figures", metric="capex_guidance_usd_bn", period="FY2026")
    assert number(page, "plan") == plan
    assert number(page, "plan_growth") == pytest.approx(plan / number(page, "spent") - 1)
    assert number(page, "last_spent") == pytest.approx(number(page, "spent"))


def test_depreciation_follows_the_perpetual_inventory(page: Page) -> None:
    assert page.edition is not None
    worn = reported(WORN, *YEAR)
    for spent in open_group(page.edition, "base").projection.capex[:5]:
        worn += (spent - worn) / drivers()["group.asset_life"]["value"]
    assert number(page, "worn_horizon") == pytest.approx(worn)
    assert number(page, "worn_added") == pytest.approx(worn - reported(WORN, *YEAR))


def test_free_cash_flow_of_the_projection_adds_up(page: Page) -> None:
    assert page.edition is not None
    path = open_group(page.edition, "base").projection.free_cash_flow
    assert number(page, "free_until") == pytest.approx(sum(path[:5]))
    assert number(page, "lowest") == pytest.approx(min(path))
    first = next(
        year for year, flow in zip(range(2026, 2036), path, strict=True) if flow > number(page, "free")
    )
    assert number(page, "above_year") == first


def test_more_building_leaves_less_cash(page: Page) -> None:
    frame = page.table("paths").frame
    assert [figure.number for figure in frame["free"]] == sorted(
        (f.number for f in frame["free"]), reverse=True
    )
    assert frame["free"].iloc[1].number == pytest.approx(number(page, "free_horizon"))
    assert (
        frame["worn"].is_monotonic_increasing or frame["worn"].iloc[0].number < frame["worn"].iloc[2].number
    )


def test_a_dollar_returns_its_operating_income_after_tax(page: Page) -> None:
    income = number(page, "sales_per_dollar") * number(page, "margin")
    assert number(page, "income_per_dollar") == pytest.approx(income)
    assert number(page, "rate") == pytest.approx(income * (1 - number(page, "tax")), abs=1e-9)
    cash = income * (1 - number(page, "tax")) + 1 / number(page, "life")
    assert number(page, "cash_per_dollar") == pytest.approx(cash)


def test_at_the_break_even_a_dollar_is_worth_a_dollar(page: Page) -> None:
    play = page.calculator("play")
    assert play.results({"full": number(page, "break_even")})["worth"] == pytest.approx(1.0)
    assert play.results({"margin": number(page, "break_even_margin")})["worth"] == pytest.approx(1.0)
    sold = number(page, "sales_per_dollar") * number(page, "break_even")
    assert number(page, "break_even_sales") == pytest.approx(sold)


@in_editions("2025Q4 base", "2019Q4 base")
def test_the_calculator_starts_at_the_pages_numbers(page: Page) -> None:
    found = page.calculator("play").results()
    assert found["rate"] == pytest.approx(number(page, "rate"), abs=1e-9)
    assert found["cash"] == pytest.approx(number(page, "cash_per_dollar"))
    assert found["least"] == pytest.approx(number(page, "break_even"))


def test_returns_rise_with_margin_and_use(page: Page) -> None:
    grid = page.chart("returns").data.pivot_table("rate", "margin", "utilisation", sort=False, observed=True)
    assert (grid.diff().iloc[1:] > 0).all(axis=None)
    assert (grid.T.diff().iloc[1:] > 0).all(axis=None)


def test_sales_added_are_held_against_net_investment(page: Page) -> None:
    sales = "segments.aws.net_sales"
    added = reported(sales, *YEAR) - reported(sales, *BEFORE)
    for key, quarters in (("observed_same", YEAR), ("observed_lag", BEFORE)):
        invested = -reported(BOUGHT, *quarters) - reported(SOLD, *quarters) - reported(WORN, *quarters)
        assert number(page, key) == pytest.approx(added / invested)


def test_peers_cash_is_what_they_spend_and_keep(page: Page) -> None:
    frame = page.table("peers").frame.set_index("company")
    assert list(frame.index) == ["Amazon", "Alphabet", "Microsoft", "Meta"]
    spent = observed("peers/observations", entity="GOOGL", metric="capex", period="FY2025")
    free = observed("peers/observations", entity="GOOGL", metric="free_cash_flow", period="FY2025")
    assert frame.loc["Alphabet", "operating"].number == pytest.approx(spent + free)
    assert frame.loc["Alphabet", "share"].number == pytest.approx(spent / (spent + free))
    shares = [figure.number for figure in frame["share"][1:]]
    said = [show(share, "percent0") for share in shares]
    words = f"Alphabet {said[0]}, Microsoft {said[1]} and Meta {said[2]}"
    assert page.numbers["peers"].value == words
    assert max(shares) < number(page, "own_share")


def test_an_edition_without_plan_or_peers_says_so() -> None:
    page = opened("capex", "2019Q4")
    assert missing(page) == {"spenders", "peers", "claims"}
    assert page.numbers["plan"].value == "an amount that was not public"
    assert page.numbers["last_spent"].number > 0  # what was spent is known where the plan is not
    assert page.numbers["observed_same"].value == "no meaningful amount"
    assert page.numbers["peers"].value == "none whose figures were public"


def test_the_threshold_lies_above_the_plan(page: Page) -> None:
    assert number(page, "check_spent") > number(page, "plan")
