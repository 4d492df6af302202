"""The page on discounted cash flow: a value, what the price implies, and the choices behind it."""

from __future__ import annotations

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters import dcf as chapter
from analysis.chapters._dcf_play import TwoStage
from analysis.chapters._dcf_tables import gates as gates_table
from analysis.data import open_edition
from analysis.formats import show
from analysis.model.dcf.plausibility import ImplausibleValuation
from analysis.model.dcf.two_stage import two_stage_value
from analysis.valuation import dcf
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.expectations import NONE
from analysis.valuation.gates import enforced
from analysis.valuation.group import Group, open_group, with_drivers
from tests.chapters.reading import alt_texts, in_editions, number, opened


@in_editions("2025Q4 base", "2019Q4 base")
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert set(texts) == {"flows", "bridge", "frontier", "choices"}
    assert show(number(page, "flow_last"), "usd_bn") in texts["flows"]
    assert show(number(page, "value"), "usd_bn") in texts["bridge"]
    assert show(number(page, "own_margin"), "fraction") in texts["frontier"]
    assert str(page.numbers["choice_up"].value) in texts["choices"]


def test_the_value_is_that_of_the_shared_layer(page: Page) -> None:
    value = intrinsic(open_group(open_edition("2025Q4"), "base"))
    assert number(page, "value") == value.equity
    assert number(page, "share") == pytest.approx(value.equity * 1000 / 10731)
    assert number(page, "value_bear") < number(page, "value_base") < number(page, "value_bull")


def test_operations_and_net_assets_make_the_shares(page: Page) -> None:
    assert number(page, "operations") + number(page, "net_assets") == pytest.approx(number(page, "value"))
    assert number(page, "capital") + number(page, "profit_above") == pytest.approx(number(page, "operations"))


def test_the_years_of_the_table_add_up_to_the_value(page: Page) -> None:
    years, scenarios = page.table("years").frame, page.table("scenarios").frame
    base = scenarios[scenarios["scenario"] == "base"].iloc[0]
    assert years["present"].sum() == pytest.approx(base["forecast"].number)
    assert base["forecast"].number + base["after"].number == pytest.approx(number(page, "operations"))
    assert (years["nopat"] - years["invested"]).tolist() == pytest.approx(years["flow"].tolist())


def test_investment_to_be_checked_is_about_that_of_the_capital_spending_path(page: Page) -> None:
    """The two ways to state investment must agree over the years that the drivers were set for."""
    projection = open_group(open_edition("2025Q4"), "base").projection
    spent = sum(projection.capex[:5]) - sum(projection.depreciation[:5])
    assert page.numbers["check_until"].value == "2030Q4"
    assert number(page, "check_investment") == pytest.approx(spent, rel=0.05)


def test_a_price_above_the_value_implies_more_than_the_scenario(page: Page) -> None:
    assert number(page, "market_value") > number(page, "value")
    assert page.numbers["gap_word"].value == "less"
    assert number(page, "price_growth") > number(page, "own_growth")
    assert number(page, "price_margin") > number(page, "own_margin")
    assert number(page, "price_rate") < number(page, "own_rate")
    assert number(page, "price_growth") < number(page, "t4t_growth") < number(page, "t5t_growth")


def test_what_no_length_of_forecast_reaches_is_said_to_have_no_solution(page: Page) -> None:
    assert page.numbers["t5t_years"].value == NONE
    table = page.table("implied").frame
    assert table.iloc[-1]["years"].value == NONE


def test_a_sentence_has_words_for_a_level_that_was_not_found() -> None:
    early = opened("dcf", "2019Q4").numbers
    assert early["price_growth"].value == NONE
    assert early["said_growth"].value == "a rate outside those searched"
    assert early["said_years"].value == "no length searched"
    assert early["said_margin"] == early["price_margin"]


def test_what_a_margin_would_prove_depends_on_the_price_against_the_value(page: Page) -> None:
    assert page.numbers["check_side"].value == "or more"
    assert page.numbers["check_verdict"].value == "not too high"
    cheap = opened("dcf", "2025Q1", "bull")
    assert number(cheap, "market_value") < number(cheap, "value")
    assert cheap.numbers["check_side"].value == "or less"
    assert cheap.numbers["check_verdict"].value == "too high"


@pytest.mark.parametrize("scenario", ["bear", "base", "bull"])
def test_pairs_on_the_curve_of_a_price_are_worth_it(scenario: str) -> None:
    value = intrinsic(open_group(open_edition("2025Q4"), scenario))
    pair = chapter._pair(value, value.equity, 0.0)
    assert pair is not None
    data = opened("dcf", "2025Q4", scenario).chart("frontier").data
    own = data[data["price"] == scenario].iloc[0]
    assert pair == pytest.approx((own["growth"], own["margin"]))


def test_a_curve_falls(page: Page) -> None:
    data = page.chart("frontier").data
    for name in ("today's price", "$4T", "$5T"):
        curve = data[data["price"] == name].sort_values("growth")
        assert curve["margin"].is_monotonic_decreasing
        assert len(curve) > 4


def test_each_choice_changes_the_value_by_what_the_table_says(page: Page) -> None:
    frame = page.table("meanings").frame.set_index("choice")
    group = open_group(open_edition("2025Q4"), "base")
    end = intrinsic(group, dcf.Conventions(timing="end")).equity
    assert frame.loc["Flows at year end", "change"].number == pytest.approx(end - number(page, "value"))
    diluted = number(page, "value") * (10731 / 10863 - 1)
    assert frame.loc["Diluted share count", "change"].number == pytest.approx(diluted)


def test_choices_on_figures_that_were_not_public_are_left_out(page: Page) -> None:
    early = set(opened("dcf", "2019Q4").table("meanings").frame["choice"])
    late = set(page.table("meanings").frame["choice"])
    assert late - early == {"Research as an investment", "Shares and all awards"}


@in_editions("2025Q4 base", "2022Q4 base", "2019Q4 base")
def test_the_calculator_gives_each_scenario_its_own_value(page: Page) -> None:
    assert page.edition is not None
    calculator = page.calculator("play")
    for name in ("bear", "base", "bull"):
        value = intrinsic(open_group(page.edition, name))
        assert calculator.results(calculator.presets[name])["equity"] == pytest.approx(value.equity, rel=1e-9)


def test_the_calculator_carries_the_value_to_the_day_of_the_price() -> None:
    value = intrinsic(open_group(open_edition("2025Q4"), "base"))
    rules = TwoStage(value)
    given = rules.preset(value)
    start = two_stage_value(
        716.924, given["growth"], given["stable"], given["margin"], value.group.drivers["tax.marginal"],
        given["capital"], given["rate"], start_margin=79.975 / 716.924, convergence_year=5,
        stable_roic=given["roic"], timing="mid",
    )  # fmt: skip
    carried = start * (1 + given["rate"]) ** (90 / 365.25)
    assert rules.equity(**given) == pytest.approx(carried + value.net_assets)


@in_editions("2025Q4 base", "2022Q4 base", "2019Q4 base")
def test_sliders_keep_growth_below_every_rate_and_return(page: Page) -> None:
    assert page.edition is not None
    calculator = page.calculator("play")
    sliders = {slider.name: slider for slider in calculator.sliders}
    lowest = {name: slider.min for name, slider in sliders.items()}
    ends = {**calculator.start(), "stable": sliders["stable"].max}
    worst = {**ends, "rate": lowest["rate"] - 0.01, "roic": lowest["roic"]}
    rules = TwoStage(intrinsic(open_group(page.edition, "base")))
    assert rules.equity(**worst) > rules.equity(**calculator.start())


def test_a_passing_check_says_so_and_a_waived_one_says_why(page: Page) -> None:
    assert set(page.table("gates").frame["result"]) == {"passes"}
    early = opened("dcf", "2022Q4").table("gates").frame
    waived = early[early["check"] == "Share of the value after the forecast"].iloc[0]["result"]
    assert waived.startswith("waived: Until 2023 the stores earned little")


def test_the_gates_table_shows_measure_and_limit() -> None:
    value: Intrinsic = intrinsic(open_group(open_edition("2025Q4"), "base"))
    frame = gates_table(value, enforced(value)).frame.set_index("check")
    row = frame.loc["Share of the value after the forecast"]
    assert row["value"].number == value.valuation.terminal_share
    assert row["limit"] == value.group.drivers["gate.terminal_share"]


def test_a_page_whose_valuation_is_implausible_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def faster(edition: object, scenario: str) -> Group:
        return with_drivers(open_group(edition, scenario), {"gate.terminal_share": 0.5})

    monkeypatch.setattr(chapter, "open_group", faster)
    with pytest.raises(ImplausibleValuation, match="terminal_share"):
        open_page("dcf", "2025Q4", "base")


def test_a_page_whose_two_methods_disagree_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chapter, "CENT", 0.0)
    with pytest.raises(ValueError, match="economic profit and free cash flow differ"):
        open_page("dcf", "2025Q4", "base")
