"""The first page: its answer follows from the scenario, the draws and the claims."""

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters.index import likelihood
from analysis.data import open_edition
from analysis.valuation.group import open_group, with_drivers
from analysis.valuation.required import moved, required


@pytest.fixture(scope="module")
def page() -> Page:
    return open_page("index", "2025Q4", "base")


def number(page: Page, key: str) -> float:
    return page.numbers[key].number


def test_today_s_value_is_price_times_shares(page: Page) -> None:
    assert number(page, "value") == pytest.approx(208.27 * 10731 / 1000)


def test_the_scenarios_stand_in_order_around_the_expected_value(page: Page) -> None:
    assert number(page, "bear") < number(page, "base") < number(page, "bull")
    assert number(page, "expected") == number(page, "base")


def test_odds_are_chances_and_the_higher_target_is_less_likely(page: Page) -> None:
    assert 0 < number(page, "t5t_odds") < number(page, "t4t_odds") < number(page, "t4t_touch") < 1


@pytest.mark.parametrize("key", ["t4t", "t5t"])
def test_the_word_for_a_chance_follows_from_it(page: Page, key: str) -> None:
    assert page.numbers[f"{key}_word"].value == likelihood(number(page, f"{key}_odds"))


@pytest.mark.parametrize(("name", "value"), [("4T", 4000.0), ("5T", 5000.0)])
def test_what_would_have_to_be_true_reaches_the_target(name: str, value: float) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    target = next(t for t in group.edition.targets if t.name == name)
    for lever, need in required(group, target).items():
        there = moved(group, lever, need.solution.value)
        assert there.values[there.index_of(2030)] == pytest.approx(value, rel=1e-6)


def test_a_target_out_of_reach_of_a_lever_is_said_to_be() -> None:
    group = open_group(open_edition("2019Q4"), "bear")
    tiny = with_drivers(group, {"exit.multiple_aws": 0.01, "blend.sales": 0.0, "blend.earnings": 0.0})
    need = required(tiny, group.edition.targets[1])["aws_growth"]
    assert need.level is None
    assert need.figure().value == "no level in the range searched"


def test_claims_add_up(page: Page) -> None:
    graded = sum(number(page, f"claims_{grade}") for grade in ("hold", "rounding", "fail"))
    assert graded == number(page, "claims_checked")
    assert number(page, "claims_checked") >= 95
    assert number(page, "claims") == 147


def test_an_edition_counts_only_articles_that_had_appeared() -> None:
    assert number(open_page("index", "2024Q4", "base"), "claims") == 0


def test_the_football_field_has_the_scenarios_at_its_ends(page: Page) -> None:
    field = page.chart("methods").data.set_index("method")
    assert field.loc["All three, 2030", "low"] == pytest.approx(number(page, "bear"))
    assert field.loc["All three, 2030", "high"] == pytest.approx(number(page, "bull"))
    assert (field["low"] <= field["base"]).all()
    assert (field["base"] <= field["high"]).all()


def test_alt_text_of_the_fan_holds_its_middle(page: Page) -> None:
    middle = page.chart("spread").data["p50"].iloc[-1]
    assert f"${middle / 1000:.2f}T" in page.chart("spread").description
    assert middle == pytest.approx(number(page, "middle"))


@pytest.mark.parametrize(("label", "scenario"), [("2025Q1", "bull"), ("2021Q3", "base"), ("2019Q4", "bear")])
def test_the_page_stands_in_other_editions(label: str, scenario: str) -> None:
    page = open_page("index", label, scenario)
    assert number(page, "expected") == number(page, scenario)
    for figure in page.numbers.values():
        assert figure.published is None or figure.published <= page.edition.cutoff
    assert page.calculator("play").results()["value"] > 0
