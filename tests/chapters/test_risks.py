"""The risks page says what each risk costs in the edition and scenario at hand."""

import pytest

from analysis.chapters import Page
from tests.chapters.reading import in_editions

in_three_editions = in_editions("2025Q4 base", "2025Q1 bull", "2021Q3 bear")


@in_three_editions
def test_value_less_the_worst_cost_is_what_is_left(page: Page) -> None:
    numbers = {key: page.numbers[key].number for key in ("value", "worst_cost", "worst_left", "least_cost")}
    assert numbers["value"] - numbers["worst_cost"] == pytest.approx(numbers["worst_left"])
    assert 0 < numbers["least_cost"] <= numbers["worst_cost"] < numbers["value"]


@in_three_editions
def test_the_share_is_the_cost_over_the_value(page: Page) -> None:
    share = page.numbers["worst_cost"].number / page.numbers["value"].number
    assert page.numbers["worst_share"].number == pytest.approx(share)


@in_three_editions
def test_the_word_for_costs_together_follows_the_numbers(page: Page) -> None:
    less = page.numbers["together"].number < page.numbers["apart"].number
    assert page.numbers["together_word"].value == ("less" if less else "more")


@in_three_editions
def test_the_verdict_names_the_highest_target_reached(page: Page) -> None:
    value = page.numbers["value"].number
    expected = "above $5T" if value >= 5000 else "above $4T" if value >= 4000 else "below $4T"
    assert page.numbers["verdict"].value == expected


@in_three_editions
def test_charts_and_tables_list_the_same_risks(page: Page) -> None:
    count = int(page.numbers["count"].number)
    assert len(page.chart("costs").data) == count
    for name in ("changes", "signs"):
        assert len(page.table(name).frame) == count


@in_three_editions
def test_alt_text_names_the_costliest_risk(page: Page) -> None:
    first = page.chart("costs").data["risk"].iloc[0]
    assert f"costliest risk is “{first}”" in page.chart("costs").description


@in_three_editions
def test_all_at_once_is_the_floor_of_the_list(page: Page) -> None:
    numbers = {key: page.numbers[key].number for key in ("all_left", "together_left", "worst_left")}
    assert 0 < numbers["all_left"] < numbers["together_left"] < numbers["worst_left"]
    assert len(page.numbers["all_left"].inputs) == int(page.numbers["count"].number)
    ends = page.chart("paths").data.groupby("series")["value"].last()
    assert ends["all"] == pytest.approx(numbers["all_left"])


@in_three_editions
def test_paths_start_today_at_the_market_value(page: Page) -> None:
    first = page.chart("paths").data.groupby("series").first()
    assert set(first["year"]) == {"today"}
    assert first["value"].nunique() == 1


def test_changes_within_the_ranges_are_counted(page: Page) -> None:
    assert (page.numbers["moves"].number, page.numbers["within"].number) == (29, 23)


def test_a_change_of_margin_is_told_in_points(page: Page) -> None:
    told = page.table("changes").frame["risk"].iloc[0].plain
    assert "AWS: operating margin, change from trailing: −3.0 points → −9.0 points" in told
    assert "20.0× → 17.0×" in told
