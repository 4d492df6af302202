"""The first page: its answer follows from the scenario, the draws and the claims."""

from datetime import date

import pytest

from analysis.figures import Figure
from tests.notebooks import EARLY, Run, run


@pytest.fixture(scope="module")
def page() -> Run:
    return run("index")


LONG = pytest.mark.long  # the page takes seconds in every edition


@pytest.mark.parametrize(
    "edition", ["2025Q4 base", *(pytest.param(each, marks=LONG) for each in ("2025Q1 bull", "2021Q3 bear"))]
)
def test_the_scenarios_stand_in_order_around_the_expected_value(edition: str) -> None:
    page = run("index", *edition.split())
    value, order = page.report.value().number, ("bear", "expected", "bull")
    low, expected, high = (page[key].number for key in order)
    assert low <= expected <= high
    assert expected == value
    assert page.parts["play"].results()["value"] > 0


@pytest.mark.parametrize(
    "edition", ["2025Q4 base", *(pytest.param(each, marks=LONG) for each in ("2025Q4 bull", "2021Q3 bear"))]
)
def test_presets_of_the_calculator_give_the_value_that_the_page_names(edition: str) -> None:
    page = run("index", *edition.split())
    report = page.report
    play = page.parts["play"]
    assert play.results()["value"] == pytest.approx(page["expected"].number, rel=1e-12)
    assert report.scenario in play.presets
    for name, preset in play.presets.items():
        assert play.results(preset)["value"] == pytest.approx(report.scenarios[name].value().number, rel=1e-9)


def test_what_the_page_needs_for_a_target_reaches_it_in_the_calculator(page: Run) -> None:
    play = page.parts["play"]
    assert play.results({"growth": page["t4t_aws_growth"].number})["value"] == pytest.approx(4000, rel=0.005)
    margin = page["t4t_margin"].number - page["base_margin"].number
    assert play.results({"margin": margin})["value"] == pytest.approx(4000, rel=0.005)
    assert play.results({"paid": 1 + page["t4t_dearer"].number})["value"] == pytest.approx(4000, rel=1e-6)


def test_odds_are_chances_and_the_higher_target_is_less_likely(page: Run) -> None:
    assert 0 < page["t5t_odds"].number < page["t4t_odds"].number < page["t4t_touch"].number < 1
    assert str(page["t4t_word"]) == "possible but not likely"


def test_a_chance_too_small_to_print_is_not_printed_as_nil() -> None:
    page = run("index", *EARLY)
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
    assert page.parts["spread"].data["50 of 100 below"].iloc[-1] == page["middle"].number
    assert str(page["middle"]) in page.parts["spread"].description


def test_claims_add_up_and_are_absent_before_any_article_had_appeared(page: Run) -> None:
    found = {key: page[key].number for key in ("claims_hold", "claims_rounding", "claims_fail")}
    assert sum(found.values()) == page["claims_checked"].number >= 95
    assert (page["claims"].number, page["articles"].number) == (147, 5)
    assert run("index", *EARLY)["claims"].is_absent


def test_a_share_is_worth_its_part_of_the_scenario_s_value(page: Run) -> None:
    table = page.parts["scenarios"].frame.set_index("At the end of 2030")
    assert list(table.columns) == ["Bear", "Base", "Bull"]
    assert table.at["A share", "Base"].number == pytest.approx(page["share_then"].number)


def test_a_share_that_does_as_well_as_the_fund_makes_the_company_that_the_page_names(page: Run) -> None:
    years = page.report.years_held.number
    fund, even = page["fund"].number, page["fund_even"].number
    assert fund == pytest.approx(page["risk_free_rate"].number + page["equity_risk_premium"].number)
    shares = page.report.shares()[page.report.horizon].number
    assert even / shares * 1000 == pytest.approx(208.27 * (1 + fund) ** years)
    above = page.report.odds().odds_figure(page["fund_even"]).number
    assert page["fund_beaten"].number == pytest.approx(above, abs=1e-9)
    table = page.parts["fund"].frame.set_index("what")
    assert table.at["An index fund", "becomes"].number == pytest.approx(100 * (1 + fund) ** years)
    assert table["rate"].map(float).is_monotonic_decreasing


def test_a_chance_that_prints_as_half_is_as_likely_as_not(page: Run) -> None:
    chances = [Figure(chance, "fraction", "A chance") for chance in (0.49, 0.496, 0.504, 0.51)]
    words = [str(page.names["likelihood"](chance, page["horizon"])) for chance in chances]
    assert words == ["possible but not likely", *["as likely as not"] * 2, "more likely than not"]


def test_the_same_word_for_the_higher_target_is_not_said_twice(page: Run) -> None:
    chances = [Figure(chance, "fraction", "A chance") for chance in (0.1, 0.3, 0.6)]
    alone = [page.names["likelihood"](chance, page["horizon"]) for chance in chances]
    again = [str(page.names["likelihood"](*both)) for both in zip(chances, alone, strict=True)]
    assert again == ["unlikely too", "possible too, and less likely", "more likely than not too"]
