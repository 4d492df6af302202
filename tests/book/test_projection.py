"""Growth times multiple: the numbers follow from sales, growth and multiple alone."""

from datetime import date

import pytest

from tests.notebooks import Run, run

EDITIONS = ["2025Q4 base", "2025Q1 bull", "2021Q3 bear"]
TARGETS = [("t4t", 4000.0), ("t5t", 5000.0)]
SALES = 716.924  # of 2025, in $bn


@pytest.fixture(scope="module")
def page() -> Run:
    return run("projection")


def test_the_trend_keeps_growth_and_multiple(page: Run) -> None:
    worth = 208.27 * 10731 / 1000
    assert page["multiple"].number == pytest.approx(worth / SALES, rel=1e-12)
    assert page["trend_value"].number == pytest.approx(worth * (716924 / 637959) ** 5, rel=1e-12)


@pytest.mark.parametrize(("key", "target"), TARGETS)
def test_what_a_target_needs_reaches_it_exactly(page: Run, key: str, target: float) -> None:
    grown = SALES * (1 + page[f"{key}_growth"].number) ** 5
    assert grown == pytest.approx(page[f"{key}_sales"].number)
    assert grown * page["multiple"].number == pytest.approx(target)
    assert page["scenario_sales"].number * page[f"{key}_multiple"].number == pytest.approx(target)


@pytest.mark.parametrize(("key", "target"), TARGETS)
def test_the_rise_a_year_counts_from_the_day_of_the_price(page: Run, key: str, target: float) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    assert page["value"].number * (1 + page[f"{key}_return"].number) ** years == pytest.approx(target)
    results = page.parts["play"].results()
    assert page["value"].number * (1 + results["a_year"]) ** years == pytest.approx(results["value"])


@pytest.mark.parametrize("edition", EDITIONS)
def test_words_follow_from_the_numbers(edition: str) -> None:
    page = run("projection", *edition.split())
    growth = "less" if page["scenario_growth"] < page["growth"] else "more"
    is_lower = page["scenario_multiple"] < page["multiple"]
    assert str(page["scenario_expects"]) == (
        f"{growth} of both"
        if is_lower == (growth == "less")
        else f"{growth} growth and a {'lower' if is_lower else 'higher'} multiple"
    )
    reached = [name for name, value in (("$4T", 4000), ("$5T", 5000)) if page["trend_value"] >= value]
    assert str(page["trend_verdict"]) == (f"reaches {reached[-1]}" if reached else "falls short of $4T")


def test_every_point_of_a_curve_reaches_its_target(page: Run) -> None:
    data = page.parts["frontier"].data
    for name, target in (("$4T", 4000.0), ("$5T", 5000.0)):
        curve = data[data["name"] == name]
        assert len(curve) > 20
        assert (SALES * (1 + curve["x"]) ** 5 * curve["y"]).to_numpy() == pytest.approx(target)


def test_the_share_of_firms_lies_between_the_steps_of_the_table(page: Run) -> None:
    grew = dict(page.parts["base_rates"].data.iloc[:, :2].itertuples(index=False))
    ten, fifteen = grew["10%"], grew["15%"]
    assert grew[f"base {page['scenario_growth']}"] == page["share_as_scenario"].number
    assert fifteen < page["share_as_t4t"].number < ten
    assert str(page["share_as_t5t"]) == f"fewer than {fifteen * 100:.1f}%"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_calculator_s_presets_are_the_scenarios(edition: str) -> None:
    page = run("projection", *edition.split())
    play, table = page.parts["play"], page.parts["targets"].frame.set_index("In 2030")
    for name, preset in play.presets.items():
        assert play.results(preset)["value"] == pytest.approx(
            table.at["Value at it", name.capitalize()].number
        )


def test_first_sales_to_be_checked_lie_between_the_bear_s_and_the_bull_s(page: Run) -> None:
    assert page["test_low"] < page["test_sales"]
    assert page["test_sales"] < page["test_high"]


def test_alt_texts_hold_the_finding(page: Run) -> None:
    assert f"{page['t4t_multiple']} for $4T" in page.parts["multiples"].description
    assert "in the base scenario" in page.parts["sales"].description
