"""The peers page: one day, one definition, and only what was public."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bump import DATA
from tests.notebooks import Run, run


def others(page: Run, name: str) -> list[float]:
    """A measure of the five companies beside Amazon, in order."""
    return sorted(figure.number for who, figure in page.names[name].figures.items() if who != "Amazon")


def test_medians_are_the_middle_of_the_five_others() -> None:
    page = run("peers")
    assert page["median_sales"].number == others(page, "paid_for_sales")[2]
    assert page["median_profit"].number == others(page, "paid_for_income")[2]


def test_a_company_with_a_loss_is_left_out(tmp_path: Path) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    path = data / "peers/observations.csv"
    old = path.read_text("utf-8")
    lost = old.replace("META,operating_income,TTM Mar-2026,", "META,operating_income,TTM Mar-2026,-")
    assert lost != old
    path.write_text(lost, encoding="utf-8")
    page = run("peers", "2026Q1", "base", data)
    assert "Meta" not in page.names["paid_for_income"].figures
    assert str(page["sales_rank"]) == "the lowest of five"
    assert page.names["paid_for_income"].lowest > 0


def test_a_low_multiple_of_sales_goes_with_a_low_margin_not_with_a_low_multiple_of_profit() -> None:
    page = run("peers")
    assert page["sales_rank"].value == page["margin_rank"].value == "the lowest of six"
    assert page["profit_rank"].value == "the third highest of six"
    assert page["at_median_sales"].number > 2 * page["at_median_profit"].number


def test_profit_for_a_target_is_worth_it_at_todays_multiple() -> None:
    page = run("peers")
    assert page["profit_4t"].number * page["income_multiple"].number == pytest.approx(4000)
    assert page["profit_growth_5t"] > page["profit_growth_4t"]


def test_past_medians_are_told_in_the_other_measure_at_todays_margin() -> None:
    page = run("peers")
    told = page["sales_median_told"].number * page["margin"].number
    assert told == pytest.approx(page["sales_median"].number)
    assert page["first_margin"] < page["margin"]
    assert page["profit_cheaper"].value == "in none of the months"


def test_the_past_is_drawn_over_its_own_median_and_stands_in_the_table_as_it_was() -> None:
    page = run("peers")
    table = page.parts["own_past"].data
    highest = page["sales_high"].number, page["profit_high"].number
    assert [str(page[f"{name}_high_month"]) for name in ("sales", "profit")] == ["August 2020", "July 2023"]
    assert highest == pytest.approx((5.4, 102.7), abs=0.05)
    for over, raw, median in ((1, 3, "sales_median"), (2, 4, "profit_median")):
        assert table.iloc[-1, over] == pytest.approx(table.iloc[-1, raw] / page[median].number)
        assert float(table.iloc[:, raw].max()) == pytest.approx(highest[over - 1])


def test_the_scenario_moves_the_multiple_at_the_end_of_the_decade() -> None:
    bear, base, bull = (
        run("peers", "2025Q4", name)["exit_multiple"].number for name in ("bear", "base", "bull")
    )
    assert bear < base <= bull


@pytest.mark.parametrize(
    ("part", "told"),
    [("both", "Investors pay 3.1× Amazon's sales, the lowest of six, and 27.9× its operating income"),
     ("margin", "Of the 5 others 2 are paid more"),
     ("growth", "Nvidia grows fastest"), ("own_past", "By sales Amazon is paid")],
)  # fmt: skip
def test_every_chart_tells_its_finding(part: str, told: str) -> None:
    assert told in run("peers").parts[part].description


def test_one_company_is_and_none_are(tmp_path: Path) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    table = data / "peers/market_values.csv"
    table.write_text(
        table.read_text("utf-8").replace(",14681.14,3725.9,", ",14681.14,1000,"), encoding="utf-8"
    )
    page = run("peers", "2025Q4", data=data)
    assert "Of the 5 others 1 is paid more" in page.parts["margin"].description
    assert str(page["ranks"]).startswith("The two disagree because")


def test_companies_of_another_day_are_in_the_table_and_in_no_chart() -> None:
    page = run("peers")
    assert list(page.parts["companies"].frame["company"])[-2:] == [
        "Walmart, 16 January 2026", "Oracle, 13 January 2026",
    ]  # fmt: skip
    assert "Walmart" not in set(page.parts["both"].data["Company"])


def test_giants_that_arrived_are_drawn_with_what_took_them_there() -> None:
    page = run("peers", "2026Q1")
    took = {giant.name: round(giant.took("4T").number, 2) for giant in page.names["arrived"]}
    assert took == {"Nvidia": 2.08, "Alphabet": 5.99, "Microsoft": 6.5, "Apple": 7.24}
    assert page["giants"].value == (
        "Nvidia, Alphabet, Microsoft and Apple, 2.1 to 7.2 years after their first close above $1T; "
        "Microsoft has fallen back below it"
    )
    assert page["others"].value == "Meta, Tesla and Broadcom"
    path = page.names["ways"]["for $4T"]
    assert [float(path[end]) for end in (min(path), max(path))] == pytest.approx(
        [page["worth"].number, 4000.0]
    )
    assert max(path) == pytest.approx(page["years_in_all"].number)


def test_an_edition_sees_only_the_giants_that_had_arrived() -> None:
    page = run("peers")
    assert str(page["giants"]).endswith("; Alphabet, Microsoft and Apple have fallen back below it")
    before = run("peers", "2024Q4", "bull")
    assert before["giants"].value == "none"
    assert before.missing >= {"giants"}


def test_a_company_without_a_growth_is_left_out_of_what_growth_is_paid(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    table = data / "peers/observations.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    grown = [line for line in lines if line.startswith("NVDA,revenue_growth_yoy,FY2026")]
    table.write_text("".join(line for line in lines if line not in grown), encoding="utf-8")
    page = run("peers", "2025Q4", data=data)
    assert len(grown) == 1
    assert page["fastest"].value == "Meta"
    assert page.parts["companies"].frame.set_index("company")["growth"]["Nvidia"].is_absent
    assert "Nvidia" not in set(page.parts["growth"].data["name"])


def test_a_scenario_set_by_its_button_has_the_value_of_the_report() -> None:
    play = run("peers").parts["play"]
    for name, case in run("peers").report.scenarios.items():
        assert play.results(play.presets[name])["value_then"] == pytest.approx(case.value().number, rel=1e-12)


def test_before_any_peer_was_public_only_amazon_is_left() -> None:
    page = run("peers", "2024Q4", "bull")
    assert page.missing >= {"both", "margin", "growth", "companies"}
    for key in ("day", "sales_rank", "median_sales", "at_median_profit", "fastest", "dated"):
        assert page[key].is_absent
    assert page["first_month"].value == "January 2019"
