"""Scenarios give every driver with range, reason and source; others override some of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.data import Correlation, DataError, Drivers, open_edition
from analysis.data.drivers import FAMILIES, STATED_BY
from analysis.data.problems import Problem
from analysis.data.scenarios import load_scenario, scenario_names
from analysis.data.targets import load_targets
from analysis.model.odds.elicitation import FORMS

DAY = date(2026, 3, 31)


def load(data: Path, name: str) -> Drivers:
    problems: list[Problem] = []
    drivers = load_scenario(data, name, DAY, problems)
    assert problems == []
    assert drivers is not None
    return drivers


def test_base_comes_first_and_has_all_drivers_in_the_order_of_the_file(data: Path) -> None:
    assert scenario_names(data) == ["base", "bull"]
    assert list(load(data, "base")) == ["aws.growth", "shares.change"]


def test_an_override_changes_what_it_names_and_nothing_else(data: Path) -> None:
    base, bull = load(data, "base"), load(data, "bull")
    growth = bull["aws.growth"]
    assert (growth.value, growth.low, growth.high) == (0.25, 0.1, 0.35)
    assert growth.why == "capacity arrives sooner"
    assert (growth.label, growth.unit, growth.source) == ("Growth of AWS", "fraction", "the test")
    assert growth.path == "data/scenarios/bull.yml"
    assert bull["shares.change"] == base["shares.change"]
    assert bull.story == "A better story."


def test_scenarios_may_extend_one_that_extends_another(data: Path) -> None:
    (data / "scenarios/moon.yml").write_text(
        'extends: bull\nstory: "Up."\ndrivers:\n  aws.growth: {value: 0.35, why: "all goes well"}\n'
    )
    moon = load(data, "moon")
    assert (moon["aws.growth"].value, moon["aws.growth"].high) == (0.35, 0.35)
    assert len(moon) == 2


def test_a_driver_is_a_figure_whose_source_is_the_assumption(data: Path) -> None:
    figure = load(data, "bull")["aws.growth"].figure
    assert (figure.value, figure.unit, figure.label) == (0.25, "fraction", "Growth of AWS")
    assert figure.source is not None
    assert figure.source.quality == "assumption"
    assert figure.source.path == "data/scenarios/bull.yml"
    assert figure.source.field == "drivers.aws.growth.value"
    assert figure.source.note == "capacity arrives sooner"
    assert figure.published == DAY


def test_an_unknown_driver_names_the_scenario(data: Path) -> None:
    with pytest.raises(KeyError, match="no driver of the scenario 'bull': 'aws.speed'"):
        load(data, "bull")["aws.speed"]


def test_an_unknown_scenario_is_refused(data: Path) -> None:
    with pytest.raises(DataError, match=r"data/scenarios/bear.yml: \(file\): does not exist"):
        open_edition("2025Q4", root=data).drivers("bear")


def test_a_distribution_says_what_low_value_and_high_are(data: Path) -> None:
    path = data / "scenarios/base.yml"
    given = (
        '    distribution: {family: pert, low: p10, value: mode, high: p90}\n    why: "as in the last year"'
    )
    path.write_text(path.read_text().replace('    why: "as in the last year"', given, 1))
    base = load(data, "base")
    assert base["aws.growth"].distribution == {"family": "pert", "low": "p10", "value": "mode", "high": "p90"}
    assert base["shares.change"].distribution is None


def test_families_and_figures_are_those_the_model_knows() -> None:
    assert set(FAMILIES) == {family for family, _ in FORMS}
    assert set(STATED_BY) == {figure for _, figures in FORMS for figure in figures} - {"sd"}


def test_correlations_and_simulation_are_inherited(data: Path) -> None:
    bull = load(data, "bull")
    assert bull.correlations == (
        Correlation(("aws.growth", "shares.change"), -0.2, "growth pays for buying back"),
    )
    assert bull.simulation == {"points": 64, "seed": 1}


def test_waivers_are_inherited_and_a_later_scenario_s_reason_counts(data: Path) -> None:
    waived = 'waivers:\n  terminal_share: "thin profit"\n  implied_roic: "losses"\n'
    for name, text in (("base", waived), ("bull", 'waivers: {implied_roic: "a build-out"}\n')):
        path = data / f"scenarios/{name}.yml"
        path.write_text(path.read_text() + text)
    assert load(data, "bull").waivers == {"terminal_share": "thin profit", "implied_roic": "a build-out"}
    assert load(data, "base").waivers["implied_roic"] == "losses"


@pytest.mark.parametrize(("day", "waived"), [(date(2023, 2, 3), True), (date(2023, 2, 4), False)])
def test_a_waiver_with_an_end_holds_for_cut_offs_up_to_it(data: Path, day: date, waived: bool) -> None:
    path = data / "scenarios/base.yml"
    path.write_text(path.read_text() + "waivers:\n  terminal_share: {why: thin, until: 2023-02-03}\n")
    drivers = load_scenario(data, "base", day, [])
    assert drivers is not None
    assert ("terminal_share" in drivers.waivers) is waived


def test_an_assumption_is_held_from_the_day_it_was_set(data: Path) -> None:
    late, early = (load_scenario(data, "base", day, []) for day in (date(2026, 6, 1), date(2025, 2, 7)))
    assert late is not None
    assert early is not None
    assert late.set_on == early.set_on == DAY
    assert late["aws.growth"].figure.published == DAY
    assert early["aws.growth"].figure.published == date(2025, 2, 7)


def test_targets_keep_their_order_name_value_and_horizon(data: Path) -> None:
    (data / "targets.yml").write_text(
        "5T: {value_usd_bn: 5000, horizon: 2030-12-31}\n4T: {value_usd_bn: 4000, horizon: 2029-12-31}\n"
    )
    targets = load_targets(data, [])
    assert [(target.name, target.value_usd_bn) for target in targets] == [("5T", 5000.0), ("4T", 4000.0)]
    assert targets[1].horizon == date(2029, 12, 31)
    assert open_edition("2025Q4", root=data).targets == targets
