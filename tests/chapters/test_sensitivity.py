"""The sensitivity page: what moves the two answers, and where they flip."""

from __future__ import annotations

import pytest

from analysis.chapters import Page, open_page
from analysis.chapters import sensitivity as chapter
from analysis.chapters._driver_names import SHORT, short_name
from analysis.data import open_edition
from analysis.formats import show
from analysis.model.dcf.plausibility import ImplausibleValuation
from analysis.valuation.dcf import intrinsic
from analysis.valuation.expectations import shift
from analysis.valuation.group import Group, open_group, with_drivers
from tests.chapters.reading import alt_texts, in_editions, number

in_three_editions = in_editions("2025Q4 base", "2025Q1 bull", "2021Q3 bear")


@pytest.fixture(scope="module")
def group() -> Group:
    return open_group(open_edition("2025Q4"), "base")


@in_three_editions
def test_every_chart_tells_its_finding(page: Page) -> None:
    texts = alt_texts(page)
    assert set(texts) == {"then", "today", "shares", "margin", "multiple"}
    assert str(page.numbers["then_widest"].value) in texts["then"]
    assert show(number(page, "today_low"), "usd_bn") in texts["today"]
    assert str(page.numbers["then_driver"].value) in texts["shares"]
    for name in ("margin", "multiple"):
        values = page.chart(name).data["value"]
        assert show(float(values.min()), "usd_bn") in texts[name]
        assert "reach $4T and $5T" in texts[name]


def test_the_two_answers_are_those_of_the_other_pages(page: Page, group: Group) -> None:
    assert number(page, "then") == group.values[group.index_of(2030)]
    assert number(page, "today") == intrinsic(group).equity


def test_the_widest_bar_is_the_scenario_with_that_driver_moved(page: Page, group: Group) -> None:
    (name,) = [n for n, short in SHORT.items() if short == page.numbers["then_widest"].value]
    driver = group.edition.drivers("base")[name]
    at = group.index_of(2030)
    ends = [with_drivers(group, {name: end}).values[at] for end in (driver.low, driver.high)]
    assert sorted(ends) == pytest.approx([number(page, "then_low"), number(page, "then_high")])
    assert number(page, "then_swing") == pytest.approx(abs(ends[1] - ends[0]))


def test_shares_of_all_groups_make_those_of_all_drivers(page: Page) -> None:
    table = page.table("groups").frame
    assert sum(float(cell) for cell in table["then"]) == pytest.approx(number(page, "then_additive"))
    assert sum(float(cell) for cell in table["today"]) == pytest.approx(number(page, "today_additive"))
    assert number(page, "then_first_share") >= number(page, "then_second_share")


def test_growth_that_meets_a_target_meets_it(page: Page, group: Group) -> None:
    at, wanted = group.index_of(2030), 716.924 * (1 + number(page, "multiple_t4t")) ** 5
    low, high = -0.3, 0.9
    for _ in range(80):
        middle = (low + high) / 2
        sales = shift(group, "growth", middle).projection.sales[at]
        low, high = (middle, high) if sales < wanted else (low, middle)
    assert shift(group, "growth", middle).values[at] == pytest.approx(4000.0, rel=1e-9)


def test_a_fifth_off_every_multiple_takes_a_fifth_off_all_but_the_cash(page: Page, group: Group) -> None:
    at = group.index_of(2030)
    profits = {name: part.operating_income[at] for name, part in group.projection.parts.items()}
    worth = sum(profits[name] * group.drivers[f"exit.multiple_{name}"] for name in profits)
    cash = group.values_by_method["parts"][at] - worth
    expected = 0.2 * (number(page, "then") - 0.5 * cash)
    assert number(page, "fallen_by") == pytest.approx(expected)


@in_three_editions
def test_the_scenario_s_own_growth_falls_short_of_what_targets_beyond_it_take(page: Page) -> None:
    value = number(page, "then")
    for key, target in (("t4t", 4000.0), ("t5t", 5000.0)):
        needed = page.numbers[f"multiple_{key}"]
        if needed.unit != "text":
            assert (needed.number > number(page, "multiple_own")) == (target > value)


def test_drivers_that_cross_a_target_are_named(page: Page, group: Group) -> None:
    assert page.numbers["then_crossing"].value == "none"
    answer = chapter.Answer(
        page.numbers["then"], (chapter.Bar("exit.multiple_aws", 14.0, 27.0, 3900.0, 4100.0),), ()
    )
    assert chapter._crossing(group, answer).value == "AWS: multiple then"


def test_the_table_has_every_driver_once_with_the_swing_of_its_bar(page: Page) -> None:
    table = page.table("drivers").frame
    assert table["driver"].is_unique
    row = table[table["driver"] == page.numbers["then_widest"].value].iloc[0]
    assert abs(row["then"]) == pytest.approx(number(page, "then_swing"))
    rate = table[table["driver"] == "Long-run discount rate"].iloc[0]
    assert rate["then"] is None
    assert rate["today"] < 0


@in_three_editions
def test_every_driver_with_a_bar_has_a_short_name(page: Page) -> None:
    assert set(page.table("drivers").frame["driver"]) <= set(SHORT.values())


def test_a_new_driver_goes_by_its_label(group: Group) -> None:
    drivers = group.edition.drivers("base")
    assert short_name(drivers, "gate.gdp_share") == drivers["gate.gdp_share"].label
    assert set(SHORT) <= set(drivers)
    assert len(set(SHORT.values())) == len(SHORT)


def test_rows_of_the_needed_tables_fall(page: Page) -> None:
    for name in ("margin_needed", "multiple_needed"):
        frame = page.table(name).frame
        assert frame["row"].is_monotonic_decreasing
        assert frame["4T"].is_monotonic_increasing
        assert (frame["5T"] > frame["4T"]).all()


def test_a_valuation_that_is_implausible_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def tighter(edition: object, scenario: str) -> Group:
        return with_drivers(open_group(edition, scenario), {"gate.terminal_share": 0.5})

    monkeypatch.setattr(chapter, "open_group", tighter)
    with pytest.raises(ImplausibleValuation, match="terminal_share"):
        open_page("sensitivity", "2025Q4", "base")


def test_a_lower_multiple_asks_for_more_growth(page: Page) -> None:
    assert page.numbers["lower_row"].number < page.numbers["multiple_row"].number
    for target in ("t4t", "t5t"):
        assert page.numbers[f"lower_{target}"].number > page.numbers[f"multiple_{target}"].number


def test_the_two_growths_that_meet_a_target_are_told_apart(page: Page) -> None:
    assert page.numbers["margin_t4t"].label.startswith("Growth of AWS")
    assert page.numbers["multiple_t4t"].label.startswith("Growth of all sales")
