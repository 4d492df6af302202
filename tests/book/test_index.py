"""The first page: its answer follows from the scenario, the draws and the claims."""

from datetime import date

import pytest

from analysis.report import open_report
from tests.notebooks import Run, run


@pytest.fixture(scope="module")
def page() -> Run:
    return run("index")


@pytest.mark.parametrize("edition", ["2025Q4 base", "2025Q1 bull", "2021Q3 bear"])
def test_the_scenarios_stand_in_order_around_the_expected_value(edition: str) -> None:
    page = run("index", *edition.split())
    value, order = open_report(*edition.split()).value().number, ("bear", "expected", "bull")
    low, expected, high = (page[key].number for key in order)
    assert low <= expected <= high
    assert expected == value
    assert page.parts["play"].results()["value"] > 0


def test_odds_are_chances_and_the_higher_target_is_less_likely(page: Run) -> None:
    assert 0 < page["t5t_odds"].number < page["t4t_odds"].number < page["t4t_touch"].number < 1
    assert str(page["t4t_word"]) == "possible but not likely"


def test_a_chance_too_small_to_print_is_not_printed_as_nil() -> None:
    page = run("index", "2021Q3", "bear")
    assert str(page["t5t_odds"]) == "less than 1%"
    assert str(page["t5t_word"]) == "unlikely too"


def test_a_holder_s_return_is_that_of_a_share_from_the_day_of_the_price(page: Run) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    share, value = page["share_then"].number, page["value"].number
    assert value == pytest.approx(208.27 * 10731 / 1000)
    assert 208.27 * (1 + page["share_a_year"].number) ** years == pytest.approx(share)
    assert value * (1 + page["expected_a_year"].number) ** years == pytest.approx(page["expected"].number)
    assert page["share_a_year"] < page["expected_a_year"]


def test_what_decides_more_follows_from_the_two_distances(page: Run) -> None:
    field = page.parts["methods"].data.set_index("Method")["Base"]
    ways = [field[f"By {way}, 2030"] for way in ("sales", "parts", "earnings")]
    assert page["ways_apart"].number == pytest.approx(max(ways) / min(ways))
    assert page["scenarios_apart"].number == pytest.approx(page["bull"].number / page["bear"].number)
    assert page["ways_apart"] < page["scenarios_apart"]
    assert str(page["decides"]) == "what is assumed"


def test_the_football_field_has_the_scenarios_at_its_ends(page: Run) -> None:
    field = page.parts["methods"].data.set_index("Method")
    ends = field.loc["All three, 2030", ["Low", "High"]].tolist()
    assert ends == [page["bear"].number, page["bull"].number]
    assert (field["Low"] <= field["Base"]).all()
    assert (field["Base"] <= field["High"]).all()


def test_alt_text_of_the_fan_holds_its_middle(page: Run) -> None:
    assert page.parts["spread"].data["50th percentile"].iloc[-1] == page["middle"].number
    assert str(page["middle"]) in page.parts["spread"].description


def test_claims_add_up_and_are_absent_before_any_article_had_appeared(page: Run) -> None:
    found = {key: page[key].number for key in ("claims_hold", "claims_rounding", "claims_fail")}
    assert sum(found.values()) == page["claims_checked"].number >= 95
    assert (page["claims"].number, page["articles"].number) == (147, 5)
    assert run("index", "2024Q4")["claims"].is_absent


def test_a_share_is_worth_its_part_of_the_scenario_s_value(page: Run) -> None:
    table = page.parts["scenarios"].frame.set_index("Scenario")
    assert list(table.index) == ["bear", "base", "bull"]
    assert table.at["base", "A share"].number == pytest.approx(page["share_then"].number)
