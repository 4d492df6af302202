"""The page on discounted cash flow: a value, what the price implies, and the choices behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.model.dcf.plausibility import ImplausibleValuation
from analysis.model.dcf.two_stage import two_stage_value
from analysis.report import open_report
from analysis.valuation.expectations import NONE
from tests.bump import BASE, Input, raised_copy
from tests.notebooks import EARLY, run, run_in, some


def test_operations_and_net_assets_make_the_shares() -> None:
    page = run("dcf")
    (net_assets,) = page["net_assets_say"].inputs
    assert net_assets > 0
    assert str(page["net_assets_say"]) == f"add {net_assets}"
    assert float(page["operations"] + net_assets) == pytest.approx(float(page["value"]))
    assert float(page["capital"] + page["profit_above"]) == pytest.approx(float(page["operations"]))
    assert float(page["share"]) == pytest.approx(float(page["value"]) * 1000 / 10731)
    assert page["value_bear"] < page["value_base"] < page["value_bull"]


@pytest.mark.parametrize("page", some(["sotp"], ["dcf", "sotp"], "pages"))
def test_with_leases_as_debt_the_parts_are_told_apart_without_them(page: str) -> None:
    changed = open_report("2025Q4").change({"bridge.leases_as_debt": 1.0})
    ran, plain = run_in(changed, page), run(page)
    assert float(ran["value" if page == "dcf" else "today"]) < float(
        plain["value" if page == "dcf" else "today"]
    )
    told = "returns" if page == "dcf" else "methods"
    assert list(ran.parts[told].frame["Part"]) == list(plain.parts[told].frame["Part"])


def test_the_years_of_the_table_add_up_to_the_value() -> None:
    page = run("dcf")
    years, scenarios = page.parts["years"].frame, page.parts["scenarios"].frame
    base = scenarios.set_index("")["Base"]
    assert sum(map(float, years["Worth today"])) == pytest.approx(float(base["In the forecast"]))
    assert float(base["In the forecast"] + base["After it"]) == pytest.approx(float(page["operations"]))
    profit, spent = (page.report.forecast(line) for line in ("nopat", "reinvestment"))
    left = [float(profit[year] - spent[year]) for year in page.report.forecast("nopat").periods]
    assert left == pytest.approx(list(map(float, years["Free cash"])))


def test_investment_to_be_checked_is_about_that_of_the_capital_spending_path() -> None:
    """The two ways to state investment agree as the driver says, over the years that it was set for."""
    page, projection = run("dcf"), run("dcf").report.group.plain.projection
    spent = sum(projection.capex[:5]) - sum(projection.depreciation[:5])
    assert str(page["check_until"]) == "2030Q4"
    assert float(page["check_investment"]) == pytest.approx(spent, rel=0.1)


def test_a_price_above_the_value_implies_more_than_the_scenario() -> None:
    page = run("dcf")
    assert page["market_value"] > page["value"]
    assert str(page["gap_word"]) == "less"
    assert page["price_growth"] > page["own_growth"]
    assert page["price_margin"] > page["own_margin"]
    assert page["said_rate"] < page["own_rate"]
    growth = page.parts["implied"].frame["Sales growth"]
    assert list(growth) == sorted(growth, key=float)


def test_a_level_that_was_not_found_is_said_in_words() -> None:
    (*_, highest) = run("dcf").names["solved"].values()
    assert highest["years"].implied.value == NONE
    early = run("dcf", *EARLY)
    assert early["price_growth"].value == NONE
    assert early["said_growth"].value == "a rate outside those searched"
    assert early["said_years"].value == "no length searched"
    assert early["said_margin"].number == early["price_margin"].number


@pytest.mark.parametrize(
    ("edition", "scenario", "side", "verdict"),
    [
        ("2025Q4", "base", "or more", "not too high"),
        pytest.param("2025Q1", "bull", "or less", "too high", marks=pytest.mark.long),
    ],
)
def test_what_a_margin_would_prove_depends_on_the_price_against_the_value(
    edition: str, scenario: str, side: str, verdict: str
) -> None:
    page = run("dcf", edition, scenario)
    assert (page["market_value"] > page["value"]) is (side == "or more")
    assert (str(page["check_side"]), str(page["check_verdict"])) == (side, verdict)


def test_each_curve_of_equal_value_falls() -> None:
    data = run("dcf").parts["frontier"].data
    for name in ("today's price", "$4T in 2030", "$5T in 2030"):
        curve = data[data["name"] == name].sort_values("x")
        assert curve["y"].is_monotonic_decreasing
        assert len(curve) > 4


def test_each_choice_changes_the_value_by_what_the_table_says() -> None:
    page, report = run("dcf"), run("dcf").report
    change = page.parts["meanings"].frame.set_index("In place of the report's choice")["Change"]
    end = report.dcf(timing="end").equity - report.dcf().equity
    assert float(change["Flows at year end"]) == pytest.approx(float(end))
    diluted = float(page["value"]) * (10731 / 10863 - 1)
    assert float(change["Diluted share count"]) == pytest.approx(diluted)
    assert list(change) == sorted(change, key=float, reverse=True)


def test_choices_on_figures_that_were_not_public_are_left_out() -> None:
    late, early = (
        set(run("dcf", *edition).parts["meanings"].frame.iloc[:, 0]) for edition in (("2025Q4",), EARLY)
    )
    assert late - early == {"Research as an investment", "Shares and all awards"}


@pytest.mark.parametrize(
    "edition", ["2025Q4", pytest.param("2022Q4", marks=pytest.mark.long), " ".join(EARLY)]
)
def test_the_calculator_gives_each_scenario_its_own_value(edition: str) -> None:
    page = run("dcf", *edition.split())
    report = page.report
    play = page.parts["play"]
    for name, case in report.scenarios.items():
        found = play.results(play.presets[name])
        assert found["equity"] == pytest.approx(float(case.dcf().equity), rel=1e-9)
        assert found["share"] == pytest.approx(float(case.dcf().per_share()), rel=1e-9)
    lowest = {slider.name: slider.min for slider in play.sliders}
    highest = {slider.name: slider.max for slider in play.sliders}
    assert highest["stable"] < min(lowest["rate"] - 0.01, lowest["roic"])  # a point is taken off the rate


def test_the_calculator_carries_the_value_to_the_day_of_the_price() -> None:
    page, plain = run("dcf"), run("dcf").report.dcf().plain
    play = page.parts["play"]
    given = play.presets["base"]
    start = two_stage_value(
        716.924, given["growth"], given["stable"], given["margin"], plain.group.drivers["tax.marginal"],
        given["capital"], given["rate"], start_margin=79.975 / 716.924, convergence_year=5,
        stable_roic=given["roic"], timing="mid",
    )  # fmt: skip
    carried = start * (1 + given["rate"]) ** (90 / 365.25)
    assert play.results(given)["equity"] == pytest.approx(carried + plain.net_assets)


def test_a_passing_check_says_so_and_a_waived_one_says_why() -> None:
    assert set(run("dcf").parts["gates"].frame["Result"]) == {"passes"}
    early = run("dcf", *EARLY).parts["gates"].frame
    waived = early[early["Check"] == "Share of the value after the forecast"].iloc[0]["Result"]
    assert waived.startswith("waived: Until 2023 the stores earned little")


def test_a_page_whose_valuation_is_implausible_does_not_run(tmp_path: Path) -> None:
    limit = re.compile(r"(gate\.terminal_share:\n.*\n +value: )[\d.]+")
    data = raised_copy([Input(BASE, (), lambda text: limit.sub(r"\g<1>0.75", text))], tmp_path)
    with pytest.raises(
        ImplausibleValuation, match=r"terminal_share: .*/2025Q4\.yml `waivers: {base: {terminal"
    ):
        run("dcf", data=data)


def test_what_aws_earned_on_its_assets_is_computed_from_the_note_on_segments() -> None:
    page, edition = run("dcf"), open_edition("2025Q4")
    assets = {
        year: edition.key_figure("segment_assets_aws", f"FY{year}").number for year in (2020, 2024, 2025)
    }
    income = edition.ttm("segments.aws.operating_income").number * (1 - 0.24)
    sold = [edition.ttm("segments.aws.net_sales", quarter).number for quarter in ("2020Q4", "2025Q4")]
    assert page["measured_return"].number == pytest.approx(income / ((assets[2024] + assets[2025]) / 2))
    assert page["measured_ratio"].number == pytest.approx((sold[1] - sold[0]) / (assets[2025] - assets[2020]))


def test_the_measured_ratio_of_aws_stands_beside_the_assumed_one_with_what_it_costs() -> None:
    page = run("dcf", "2026Q1")
    report = page.report
    held = report.change({"aws.sales_to_capital": page["measured_ratio"]}).dcf()
    assert page["aws_held"].number == pytest.approx(float(held.part_values["aws"]))
    assert float(page["aws_value"] - page["aws_held"]) > 0.2 * float(page["aws_value"])
    assert page["held_change"].number == pytest.approx(float(report.dcf().equity - held.equity))
    assert page["ratio_since"] < page["measured_ratio"] < page["ratio_before"]
    low, assumed = report.low("aws.sales_to_capital"), page["assumed_ratio"]
    assert float(low) <= float(page["measured_ratio"]) < float(assumed) <= float(page["ratio_before"])
    assert run("dcf", *EARLY)["ratio_before"].is_absent  # one year of assets was public


def test_parts_at_the_rates_of_their_industries_stand_beside_one_rate_for_all() -> None:
    page = run("dcf", "2026Q1")
    table = page.parts["part_rates"].frame.set_index("Part")
    assert float(table.loc["Operations", "At one rate"]) == pytest.approx(float(page["operations"]))
    assert sum(map(float, table["At its own"].drop("Operations"))) == pytest.approx(float(page["apart"]))
    for column, total in (("highest", "apart_least"), ("lowest", "apart_most")):
        *parts, whole = page.names[column].values()
        assert sum(map(float, parts)) == pytest.approx(float(whole)) == pytest.approx(float(page[total]))
    assert page["apart_least"] < page["operations"] < page["apart_most"]
    assert page["apart_least"].sources()[0].document
    assert "part_rates" in run("dcf", *EARLY).parts  # and says that the betas were not public


def test_what_prints_as_the_scenario_has_it_is_told_in_more_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    names = run("dcf").names
    found = names["by_price"]["growth"]
    assert names["told"]("growth") == {"said_growth": found.said, "own_growth": found.assumed}
    near = replace(found, implied=(found.assumed + 0.0002).named(found.implied.label))
    monkeypatch.setitem(names["by_price"], "growth", near)
    said, own = map(str, names["told"]("growth").values())
    assert said != own
    assert all(len(each.partition(".")[2]) == len("00%") for each in (said, own))
