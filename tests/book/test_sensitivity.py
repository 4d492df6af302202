"""The sensitivity page: what moves the two answers, and where they flip."""

from __future__ import annotations

import pytest
from scipy.optimize import brentq

from analysis.data import open_edition
from analysis.report.drivers import SHORT, short_name
from analysis.valuation.dcf import intrinsic
from analysis.valuation.expectations import shift
from analysis.valuation.group import Group, open_group, with_drivers
from tests.notebooks import EARLY, Run, run

EDITIONS = [
    ("2025Q4", "base"),
    EARLY,
    pytest.param("2024Q4", "bull", marks=pytest.mark.long),
    pytest.param("2021Q3", "base", marks=pytest.mark.long),
]


@pytest.fixture(scope="module")
def page() -> Run:
    return run("sensitivity")


@pytest.fixture(scope="module")
def group() -> Group:
    return open_group(open_edition("2025Q4"), "base")


@pytest.mark.parametrize(("label", "scenario"), EDITIONS)
def test_the_two_answers_are_those_of_the_other_pages(label: str, scenario: str) -> None:
    page, group = run("sensitivity", label, scenario), open_group(open_edition(label), scenario)
    assert page["then"].number == pytest.approx(group.values[group.index_of(2030)], rel=1e-12)
    assert page["today"].number == pytest.approx(intrinsic(group).equity, rel=1e-12)
    for key, target in (("t4t", 4000.0), ("t5t", 5000.0)):
        needed = page[f"multiple_{key}"]
        if needed.unit != "text":
            assert (needed > page["multiple_own"]) == (target > page["then"].number)


def test_the_widest_bar_is_the_scenario_with_that_driver_moved(page: Run, group: Group) -> None:
    (name,) = [n for n, short in SHORT.items() if short == page["then_widest"].value]
    driver, at = group.edition.drivers("base")[name], group.index_of(2030)
    ends = [with_drivers(group, {name: end}).values[at] for end in (driver.low, driver.high)]
    assert sorted(ends) == pytest.approx([page["then_low"].number, page["then_high"].number])
    assert page["then_swing"].number == pytest.approx(abs(ends[1] - ends[0]))
    fields = {source.field for source in page["then_low"].sources()}
    assert f"drivers.{name}.low" in fields
    assert f"drivers.{name}.value" not in fields


def test_shares_of_all_groups_make_those_of_all_drivers(page: Run) -> None:
    table = page.parts["groups"].frame
    assert sum(float(cell) for cell in table["then"]) == pytest.approx(page["then_additive"].number)
    assert page["then_first_share"].number >= page["then_second_share"].number
    shown = page.parts["width"].data
    assert shown.iloc[:, 1].astype(float).sum() == pytest.approx(1.0)
    assert page["shares_sum"].number == pytest.approx(1.0)
    assert page["today_first_share"].number >= page["today_second_share"].number


def test_growth_that_meets_a_target_meets_it(page: Run, group: Group) -> None:
    at, wanted = group.index_of(2030), 716.924 * (1 + page["multiple_t4t"].number) ** 5
    faster = brentq(lambda x: shift(group, "growth", x).projection.sales[at] - wanted, -0.3, 0.9)
    assert shift(group, "growth", faster).values[at] == pytest.approx(4000.0, rel=1e-9)


def test_a_fifth_off_every_multiple_takes_a_fifth_off_all_but_the_cash(page: Run, group: Group) -> None:
    at = group.index_of(2030)
    profits = {name: part.operating_income[at] for name, part in group.projection.parts.items()}
    worth = sum(profits[name] * group.drivers[f"exit.multiple_{name}"] for name in profits)
    cash = group.values_by_method["parts"][at] - worth
    assert page["fallen_by"].number == pytest.approx(0.2 * (page["then"].number - 0.5 * cash))


def test_charts_tell_their_finding(page: Run) -> None:
    told = {"then": page.parts["then"].description, "today": page.parts["today"].caption}
    for name, said in told.items():
        assert str(page[f"{name}_widest"]) in said
        assert str(page[f"{name}_low"]) in said
    assert str(page["then_driver"]) in page.parts["shares"].description
    for name, what in (("margin", "growth of AWS a year"), ("multiple", "growth of all sales a year")):
        found = page.parts[name].finding  # two grids, told apart by their titles
        assert f"$4T takes {what} of {page[f'{name}_t4t']}" in found
        assert str(page[f"{name}_own"]) in found


def test_the_table_has_every_driver_once_with_the_swing_of_its_bar(page: Run) -> None:
    table = page.parts["drivers"].frame.set_index("driver")
    assert table.index.is_unique
    assert abs(table.loc[str(page["then_widest"]), "then"]) == pytest.approx(page["then_swing"].number)
    assert table.loc["Long-run discount rate", "then"] is None
    assert table.loc["Long-run discount rate", "today"] < 0


@pytest.mark.parametrize(("label", "scenario"), EDITIONS)
def test_every_driver_with_a_bar_has_a_short_name(label: str, scenario: str) -> None:
    assert set(run("sensitivity", label, scenario).parts["drivers"].frame["driver"]) <= set(SHORT.values())


def test_a_new_driver_goes_by_its_label(group: Group) -> None:
    drivers = group.edition.drivers("base")
    assert short_name(drivers, "gate.gdp_share") == drivers["gate.gdp_share"].label
    assert set(SHORT) <= set(drivers)
    assert len(set(SHORT.values())) == len(SHORT)


def test_rows_of_the_needed_tables_fall(page: Run) -> None:
    for name in ("margin_needed", "multiple_needed"):
        frame = page.parts[name].frame
        assert frame.iloc[:, 0].is_monotonic_decreasing
        assert frame["For $4T"].is_monotonic_increasing
        assert (frame["For $5T"] > frame["For $4T"]).all()
    assert page["lower_t4t"] > page["multiple_t4t"]


def test_sliders_of_the_widest_bars_meet_the_scenario_and_the_ends_of_each_bar(page: Run) -> None:
    play, then = page.parts["play"], page.names["then"]
    assert play.results()["value"] == pytest.approx(then.value.number, rel=1e-9)
    for slider, (driver, ends) in zip(play.sliders, then.bars.items(), strict=False):
        assert slider.name == driver.replace(".", "_")
        low = play.results({slider.name: slider.min})["value"]
        assert low == pytest.approx(ends[0].number, rel=1e-9)
    worse, better = (play.results(preset)["value"] for preset in play.presets.values())
    assert worse < then.value.number < better


@pytest.mark.long
def test_lines_and_titles_are_those_of_the_scenario() -> None:
    page = run("sensitivity", "2025Q4", "bull")
    drawn = str(page.parts["then"].chart.to_dict())
    assert "'bull'" in drawn
    assert "'base'" not in drawn
