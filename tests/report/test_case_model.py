"""The model of "Your case" as lines: what they give is what a report with changed assumptions gives."""

from __future__ import annotations

import json
import random
import re

import numpy as np
import pytest

from analysis.model.odds.first_passage import touched_by
from analysis.model.odds.monte_carlo import draw
from analysis.report import Report, open_report
from analysis.report.case_model import CaseModel, level
from analysis.valuation import odds
from analysis.valuation.spreads import growth_spreads
from tests.report.case_settings import changed, settings

SCENARIOS = ("bear", "base", "bull")


@pytest.fixture(scope="module")
def model() -> CaseModel:
    return CaseModel(open_report("2025Q4"))


def at_random(model: CaseModel, scenario: str, seed: int) -> tuple[Report, dict[str, float]]:
    """A case at random: the report that Python has for it, and its drivers by name."""
    moved, risks = settings(model, random.Random(seed))
    case = changed(model.report.scenarios[scenario], model, moved, risks)
    return case, {name: float(case.group.drivers[name]) for name in model.changeable}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_value_and_sliders_follow_from_the_drivers(model: CaseModel, scenario: str) -> None:
    for seed in range(5):
        case, drivers = at_random(model, scenario, seed)
        found = model.scenario(scenario).known.run(drivers)
        assert found["value"] == pytest.approx(case.value().number, rel=1e-12)
        for slider in ("aws_growth", "aws_margin", "advertising_growth", "stores_margin"):
            assert found[slider] == pytest.approx(level(case.group.plain, slider), rel=1e-12)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_simulation_is_that_of_the_report(model: CaseModel, scenario: str) -> None:
    own = model.scenario(scenario)
    base = draw(own.plan, 256, replicate=3)
    for seed in range(3):
        case, drivers = at_random(model, scenario, seed)
        group, known = case.group.plain, own.known.run(drivers)
        moved = {
            name: known[f"A.{name}"] * base[name] + known[f"B.{name}"] if f"A.{name}" in known else base[name]
            for name in own.plan.names
        }
        plan = odds.odds_plan(group, own.years, odds.distributions(group))
        drawn = draw(plan, 256, replicate=3)
        for name in own.plan.names:
            np.testing.assert_allclose(moved[name], drawn[name], rtol=1e-9, atol=1e-12, err_msg=name)
        found = own.draws.run({**drivers, **moved, **known})
        steps = odds.market_steps(group.edition.price_date, own.years)
        kernel = odds.MarketKernel(
            group,
            own.years,
            steps,
            odds.swings_of(group).number,
            odds.years_to_horizon(group),
            odds.shock_widths(growth_spreads(group)),
        )
        worlds = kernel(drawn)
        daily = group.edition.once(odds.daily_volatility).number
        for at, name in enumerate(("model", "prior")):
            values = np.asarray(worlds[name])
            np.testing.assert_allclose(found[f"ends[{at}]"], values[-1], rtol=1e-9)
            touched = touched_by(values, group.market.value, 5000.0, volatility=daily, steps=steps)[-1]
            np.testing.assert_allclose(found[f"touched[1][{at}]"], touched, rtol=1e-7, atol=1e-12)


def test_what_investors_pay_is_measured_against_base(model: CaseModel) -> None:
    assert model.paid("base") == 1.0
    assert model.paid("bear") < 1.0 < model.paid("bull")


@pytest.mark.parametrize(("edition", "sliders"), [("2025Q4", 6), ("2019Q4", 5)])
def test_script_holds_what_it_needs_and_no_more(edition: str, sliders: int) -> None:
    model = CaseModel(open_report(edition))
    script = model.script()
    told = re.search(r"\{ data: (\{.*\}), programs: \{", script)
    assert told is not None
    data = json.loads(told[1])
    assert set(data["scenarios"]) == set(SCENARIOS)
    assert len(data["nets"]) == 1, "the scenarios draw the same net"
    assert [len(each["sliders"]) for each in data["scenarios"].values()] == [sliders] * 3
    assert not re.search(r"\b(nan|inf|Infinity|eval|Function)\b", script)
    assert len(script) < 250_000
