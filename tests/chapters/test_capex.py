"""The page on capital expenditure: cash, depreciation, what pays back, and the peers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from analysis.chapters import Page, open_page
from analysis.formats import show
from analysis.valuation.group import open_group

YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
BEFORE = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")
BOUGHT = "cash_flow.purchases_of_property_and_equipment"
SOLD = "cash_flow.proceeds_from_sales_and_incentives"
WORN = "cash_flow.depreciation_and_amortization"
EDITIONS = [
    ("2025Q4", "base"),
    ("2024Q4", "base"),
    ("2025Q1", "bull"),
    ("2021Q3", "bear"),
    ("2019Q4", "bear"),
]
BASE = Path(__file__).parents[2] / "data" / "scenarios" / "base.yml"
DRIVERS = yaml.safe_load(BASE.read_text(encoding="utf-8"))["drivers"]


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("capex", "2025Q4", "base")


def value(page: Page, key: str) -> float:
    return page.numbers[key].number


def shown(page: Page, key: str) -> str:
    return show(page.numbers[key].value, page.numbers[key].unit)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_nothing_on_the_page_was_published_after_the_cut_off(edition: str, scenario: str) -> None:
    page = open_page("capex", edition, scenario)
    assert page.edition is not None
    assert max(f.published for f in page.numbers.values() if f.published) <= page.edition.cutoff


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_every_chart_tells_its_finding(
    edition: str, scenario: str, alt_texts: Callable[[Page], dict[str, str]]
) -> None:
    page = open_page("capex", edition, scenario)
    texts = alt_texts(page)
    assert shown(page, "spent") in texts["cash"]
    assert shown(page, "worn_horizon") in texts["depreciation"]
    assert all(shown(page, f"free_{name}") in texts["ahead"] for name in ("bear", "base", "bull"))
    assert show(value(page, "break_even"), "percent0") in texts["returns"]
    assert "spenders" not in texts or shown(page, "spent") in texts["spenders"]


def test_flows_are_those_of_the_quarter_files(page: Page, reported: Callable[..., float]) -> None:
    spent = -reported(BOUGHT, *YEAR) - reported(SOLD, *YEAR)
    before = -reported(BOUGHT, *BEFORE) - reported(SOLD, *BEFORE)
    assert value(page, "spent") == pytest.approx(spent, abs=1e-9)
    assert value(page, "spent_growth") == pytest.approx(spent / before - 1, abs=1e-12)
    assert value(page, "free") == pytest.approx(reported("cash_flow.free_cash_flow", *YEAR), abs=1e-9)
    assert value(page, "operating") - value(page, "spent") == pytest.approx(value(page, "free"), abs=1e-9)
    assert page.numbers["free_word"].value == "fell"


def test_each_definition_takes_its_part_away(page: Page, reported: Callable[..., float]) -> None:
    free = value(page, "free")
    stock = reported("cash_flow.stock_based_compensation", *YEAR)
    leases = -reported("cash_flow.principal_repayments_finance_leases", *YEAR)
    assert value(page, "after_leases") == pytest.approx(free - leases)
    assert value(page, "after_stock") == pytest.approx(free - stock)
    assert value(page, "after_both") == pytest.approx(free - leases - stock)


def test_the_plan_is_the_companys_and_its_growth_is_over_net_purchases(
    page: Page, observed: Callable[..., float]
) -> None:
    plan = observed("amazon/key_figures", metric="capex_guidance_usd_bn", period="FY2026")
    assert value(page, "plan") == plan
    assert value(page, "plan_growth") == pytest.approx(plan / value(page, "spent") - 1)
    assert value(page, "last_spent") == pytest.approx(value(page, "spent"))


def test_depreciation_follows_the_perpetual_inventory(page: Page, reported: Callable[..., float]) -> None:
    assert page.edition is not None
    worn = reported(WORN, *YEAR)
    for spent in open_group(page.edition, "base").projection.capex[:5]:
        worn += (spent - worn) / DRIVERS["group.asset_life"]["value"]
    assert value(page, "worn_horizon") == pytest.approx(worn)
    assert value(page, "worn_added") == pytest.approx(worn - reported(WORN, *YEAR))


def test_free_cash_flow_of_the_projection_adds_up(page: Page) -> None:
    assert page.edition is not None
    path = open_group(page.edition, "base").projection.free_cash_flow
    assert value(page, "free_until") == pytest.approx(sum(path[:5]))
    assert value(page, "lowest") == pytest.approx(min(path))
    first = next(
        year for year, flow in zip(range(2026, 2036), path, strict=True) if flow > value(page, "free")
    )
    assert value(page, "above_year") == first


def test_more_building_leaves_less_cash(page: Page) -> None:
    frame = page.table("paths").frame
    assert [figure.number for figure in frame["free"]] == sorted(
        (f.number for f in frame["free"]), reverse=True
    )
    assert frame["free"].iloc[1].number == pytest.approx(value(page, "free_horizon"))
    assert (
        frame["worn"].is_monotonic_increasing or frame["worn"].iloc[0].number < frame["worn"].iloc[2].number
    )


def test_a_dollar_returns_its_operating_income_after_tax(page: Page) -> None:
    income = value(page, "sales_per_dollar") * value(page, "margin")
    assert value(page, "income_per_dollar") == pytest.approx(income)
    assert value(page, "rate") == pytest.approx(income * (1 - value(page, "tax")), abs=1e-9)
    cash = income * (1 - value(page, "tax")) + 1 / value(page, "life")
    assert value(page, "cash_per_dollar") == pytest.approx(cash)


def test_at_the_break_even_a_dollar_is_worth_a_dollar(page: Page) -> None:
    play = page.calculator("play")
    assert play.results({"full": value(page, "break_even")})["worth"] == pytest.approx(1.0)
    assert play.results({"margin": value(page, "break_even_margin")})["worth"] == pytest.approx(1.0)
    sold = value(page, "sales_per_dollar") * value(page, "break_even")
    assert value(page, "break_even_sales") == pytest.approx(sold)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_calculator_starts_at_the_pages_numbers(edition: str, scenario: str) -> None:
    page = open_page("capex", edition, scenario)
    found = page.calculator("play").results()
    assert found["rate"] == pytest.approx(value(page, "rate"), abs=1e-9)
    assert found["cash"] == pytest.approx(value(page, "cash_per_dollar"))
    assert found["least"] == pytest.approx(value(page, "break_even"))


def test_returns_rise_with_margin_and_use(page: Page) -> None:
    grid = page.chart("returns").data.pivot_table("rate", "margin", "utilisation", sort=False, observed=True)
    assert (grid.diff().iloc[1:] > 0).all(axis=None)
    assert (grid.T.diff().iloc[1:] > 0).all(axis=None)


def test_sales_added_are_held_against_net_investment(page: Page, reported: Callable[..., float]) -> None:
    sales = "segments.aws.net_sales"
    added = reported(sales, *YEAR) - reported(sales, *BEFORE)
    for key, quarters in (("observed_same", YEAR), ("observed_lag", BEFORE)):
        invested = -reported(BOUGHT, *quarters) - reported(SOLD, *quarters) - reported(WORN, *quarters)
        assert value(page, key) == pytest.approx(added / invested)


def test_peers_cash_is_what_they_spend_and_keep(page: Page, observed: Callable[..., float]) -> None:
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
    assert max(shares) < value(page, "own_share")


def test_an_edition_without_plan_or_peers_says_so(missing: Callable[[Page], set[str]]) -> None:
    page = open_page("capex", "2019Q4", "bear")
    assert missing(page) == {"spenders", "peers", "claims"}
    assert page.numbers["plan"].value == "an amount that was not public"
    assert page.numbers["last_spent"].number > 0  # what was spent is known where the plan is not
    assert page.numbers["observed_same"].value == "no meaningful amount"
    assert page.numbers["peers"].value == "none whose figures were public"


def test_the_threshold_lies_above_the_plan(page: Page) -> None:
    assert value(page, "check_spent") > value(page, "plan")
