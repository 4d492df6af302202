"""The risks page says what each risk costs in the edition and scenario at hand."""

import pytest

from analysis.valuation.risks import shocked
from tests.notebooks import Run, run


@pytest.fixture(scope="module", params=["2025Q4 base", "2025Q1 bull", "2021Q3 bear"])
def page(request: pytest.FixtureRequest) -> Run:
    return run("risks", *request.param.split())


def test_value_less_the_worst_cost_is_what_is_left(page: Run) -> None:
    value, cost, least = (page[key].number for key in ("value", "worst_cost", "least_cost"))
    assert value - cost == pytest.approx(page["worst_left"].number)
    assert page["worst_share"].number == pytest.approx(cost / value)
    assert 0 < least <= cost < value


def test_words_follow_the_numbers(page: Run) -> None:
    assert str(page["together_word"]) == ("less" if page["together"] < page["apart"] else "more")
    reached = [name for name, at in (("$4T", 4000), ("$5T", 5000)) if page["value"] >= at]
    assert str(page["verdict"]) == (f"above {reached[-1]}" if reached else "below $4T")


def test_charts_and_tables_list_the_same_risks(page: Run) -> None:
    costs = page.parts["costs"]
    assert len(costs.data) == int(page["count"].number)
    assert {len(page.parts[name].frame) for name in ("changes", "signs")} == {len(costs.data)}
    assert f"costliest risk is “{costs.data['name'].iloc[0]}”" in costs.description


def test_all_at_once_is_the_floor_of_the_list(page: Run) -> None:
    left = [page[key].number for key in ("all_left", "together_left", "worst_left")]
    assert 0 < left[0] < left[1] < left[2]
    paths = page.parts["paths"].data
    assert paths["all"].iloc[-1] == pytest.approx(left[0])
    assert paths.iloc[0, 1:].nunique() == 1  # all start at today's market value


def test_boxes_give_what_the_model_gives_for_the_same_risks(page: Run) -> None:
    play, risks, group = page.parts["play"], page.names["risks"], page.report.group
    presets = {name: play.results(values) for name, values in play.presets.items()}
    assert presets["all"]["left"] == pytest.approx(page["all_left"].number, abs=1e-6)
    assert presets["the three costliest"]["left"] == pytest.approx(page["together_left"].number, abs=1e-6)
    assert play.results()["left"] == pytest.approx(page["value"].number, abs=1e-6)
    for some in (risks[:1], risks[1:4], risks[::3]):
        expected = shocked(group, [each.risk for each in some]).value_figure(page.report.horizon)
        ticked = play.results({each.risk.key: 1.0 for each in some})
        assert ticked["left"] == pytest.approx(expected.number, abs=1e-6)
        assert ticked["lost"] == pytest.approx(expected.number - page["value"].number, abs=1e-5)


def test_changes_are_told_in_the_units_of_their_drivers_and_counted() -> None:
    page = run("risks")
    assert (page["moves"].number, page["within"].number) == (29, 23)
    told = "\n".join(risk.plain for risk in page.parts["changes"].frame["Risk"])
    assert "AWS: operating margin, change from trailing: −3.0 points → −9.0 points" in told
    assert "20.0× → 17.0×" in told
