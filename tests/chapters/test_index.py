"""The first page: its answer follows from the scenario, the draws and the claims."""

from datetime import date

import pytest

from analysis.chapters import Page, Unavailable
from analysis.chapters.index import claims, likelihood, seen
from analysis.data import open_edition
from analysis.figures import Figure
from analysis.formats import show
from analysis.valuation.group import open_group, with_drivers
from analysis.valuation.required import moved, required
from tests.chapters.reading import in_editions, number, opened


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
    there = moved(tiny, "aws_growth", 0.60)
    assert need.is_beyond
    assert need.figure().value == f"more than {show(need.bound, 'fraction')}"
    assert need.bound == pytest.approx(
        (there.projection.parts["aws"].sales[there.index_of(2030)] / there.base.aws.sales) ** (1 / 11) - 1
    )


def test_a_target_that_every_level_of_a_lever_reaches_needs_less_than_the_lowest() -> None:
    group = open_group(open_edition("2025Q4"), "bull")
    rich = with_drivers(group, {"exit.multiple_aws": 1000.0})
    need = required(rich, group.edition.targets[0])["aws_growth"]
    assert need.level is None
    assert not need.is_beyond
    assert str(need.figure().value).startswith("less than ")


def test_claims_add_up() -> None:
    found = {key: figure.number for key, figure in claims(open_edition("2025Q4")).items()}
    graded = sum(found[f"claims_{grade}"] for grade in ("hold", "rounding", "fail"))
    assert graded == found["claims_checked"]
    assert found["claims_checked"] >= 95
    assert (found["claims"], found["articles"]) == (147, 5)


def test_before_any_article_had_appeared_no_claims_are_counted() -> None:
    assert isinstance(opened("index", "2024Q4").note("claims"), Unavailable)
    shown = opened("index").note("claims").html()
    assert "147" in shown
    assert "110" in shown


def test_a_holder_s_return_is_that_of_a_share_from_the_day_of_the_price(page: Page) -> None:
    years = (date(2030, 12, 31) - date(2026, 3, 31)).days / 365.25
    group = open_group(open_edition("2025Q4"), "base")
    at = group.index_of(2030)
    share = group.values[at] * 1000 / group.shares[at]
    assert number(page, "share_then") == pytest.approx(share)
    assert 208.27 * (1 + number(page, "share_a_year")) ** years == pytest.approx(share)
    assert number(page, "value") * (1 + number(page, "expected_a_year")) ** years == pytest.approx(
        group.values[at]
    )
    assert number(page, "share_a_year") < number(page, "expected_a_year")


def test_what_decides_more_follows_from_the_two_distances(page: Page) -> None:
    field = page.chart("methods").data.set_index("method")["base"]
    ways = [field[f"By {way}, 2030"] for way in ("sales", "parts", "earnings")]
    assert number(page, "ways_apart") == pytest.approx(max(ways) / min(ways))
    assert number(page, "scenarios_apart") == pytest.approx(number(page, "bull") / number(page, "bear"))
    assert number(page, "ways_apart") < number(page, "scenarios_apart")
    assert page.numbers["decides"].value == "what is assumed"


def test_a_chance_too_small_to_print_is_not_printed_as_nil() -> None:
    page = opened("index", "2021Q3", "bear")
    assert page.numbers["t5t_odds"].value == "less than 1%"
    assert page.numbers["t5t_word"].value == "unlikely too"
    assert seen(Figure(0.006, "fraction", "a chance")).value == 0.006


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


@in_editions("2025Q1 bull", "2021Q3 bear")
def test_what_is_expected_is_the_value_of_the_scenario_at_hand(page: Page) -> None:
    assert number(page, "expected") == number(page, page.scenario)
    assert page.calculator("play").results()["value"] > 0
