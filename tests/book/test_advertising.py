"""The advertising page splits reported profit without making any, and says what was not public."""

from __future__ import annotations

import pytest

from analysis.charts.render import ChartFigure
from tests.notebooks import Run, run

ENDS = ("low", "base", "high")


@pytest.fixture(scope="module")
def page() -> Run:
    return run("advertising")


def test_the_stores_are_the_retail_segments_less_advertising(page: Run) -> None:
    assert page["sales"].number == pytest.approx(68.635)
    stores = 426.305 + 161.894 - 68.635  # North America, International, less advertising
    assert page["stores_share"].number == pytest.approx(68.635 / stores)


def test_advertising_and_stores_earn_together_what_the_segments_reported(page: Run) -> None:
    reported = sum(page.names[name].number for name in ("north_america", "international"))
    for end in ENDS:
        both = page.names["incomes"][end].number + page.names["left"][end].number
        assert both == pytest.approx(reported)
    assert page["break_even"].number * page["sales"].number == pytest.approx(reported)


def test_a_higher_margin_raises_the_value_and_leaves_the_stores_less(page: Run) -> None:
    values = [page[f"value_{end}"].number for end in ENDS]
    left = [page.names["left_margins"][end].number for end in ENDS]
    assert values == sorted(values)
    assert left == sorted(left, reverse=True)


def test_value_is_sales_times_margin_times_multiple_and_moves_less_by_the_margin_alone(page: Run) -> None:
    sales, multiple = page["sales"].number, page["multiple_base"].number
    for key, end in (("value_margin_low", "low"), ("value_base", "base"), ("value_margin_high", "high")):
        assert page[key].number == pytest.approx(sales * page[f"margin_{end}"].number * multiple)
    order = ("value_low", "value_margin_low", "value_base", "value_margin_high", "value_high")
    assert [page[key].number for key in order] == sorted(page[key].number for key in order)
    assert page["value_share"].number == pytest.approx(page["value_base"].number / (208.27 * 10731 / 1000))


@pytest.mark.parametrize("edition", ["2025Q4 base", "2025Q1 bull", "2021Q4 bear"])
def test_the_calculator_s_presets_are_the_scenarios(edition: str) -> None:
    page = run("advertising", *edition.split())
    play = page.parts["play"]
    for name, values in play.presets.items():
        assert play.results(values)["value"] == pytest.approx(page[f"value_ahead_{name}"].number)


def test_scenarios_are_in_order_and_shares_of_the_targets_follow(page: Run) -> None:
    worth = [page[f"value_ahead_{name}"].number for name in ("bear", "base", "bull")]
    assert worth == sorted(worth)
    assert page["of_4t"].number == pytest.approx(worth[1] / 4000)


def test_years_reported_without_their_quarters_stand_apart_in_the_chart(page: Run) -> None:
    sales = page.parts["size"].data.set_index("Quarter")["Sales"]
    assert sales.loc["2019Q4"] == pytest.approx(12.625)
    assert sales.loc["2020Q1":"2020Q3"].isna().all()


def test_every_chart_tells_its_finding(page: Run) -> None:
    texts = {name: part.description for name, part in page.parts.items() if isinstance(part, ChartFigure)}
    assert str(page["sales"]) in texts["size"]
    assert f"{page['google_grew']} at Google".removeprefix("grew by ") in texts["growth"]
    assert str(page["stores_share"]) in texts["share"]
    assert str(page["value_ahead_bull"]) in texts["value"]


def test_the_evidence_holds_only_what_was_public() -> None:
    table = run("advertising", "2024Q4").parts["evidence"]
    assert not any("Google Services" in about for about in table.frame["About"])
    assert list(table.frame["Margin"].map(float)) == [0.35, 0.4, 0.5]
    assert table.frame["About"].iloc[0].endswith(", estimate, low end")
