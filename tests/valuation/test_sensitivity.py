"""What the two answers rest on."""

import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from analysis.data import open_edition
from analysis.formats import show
from analysis.model.dcf.plausibility import ImplausibleValuation
from analysis.valuation import sensitivity
from analysis.valuation.dcf import intrinsic
from analysis.valuation.expectations import shift
from analysis.valuation.group import Group, open_group, with_drivers

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def grids(base: Group) -> dict[str, sensitivity.Grid]:
    return {
        "growth_and_margin": sensitivity.growth_and_margin(base),
        "growth_and_multiple": sensitivity.growth_and_multiple(base),
    }


def test_margins_of_a_near_horizon_stay_margins(base: Group) -> None:
    """The margin moves a fortieth of its way until then, and the rows are nearer to each other."""
    slow = with_drivers(base, {"group.convergence_years": 40 * base.exit_years})
    rows = sensitivity.growth_and_margin(slow).rows
    assert len(rows) == 7
    assert rows[1] - rows[0] < 0.01


@pytest.mark.parametrize("label", ["2025Q4", "2025Q1", "2022Q4", "2019Q4"])
@pytest.mark.parametrize("scenario", ["bear", "base", "bull"])
def test_the_kernels_give_the_values_that_other_pages_show(label: str, scenario: str) -> None:
    group = open_group(open_edition(label), scenario)
    at = group.index_of(group.horizon_year)
    assert sensitivity.horizon_kernel(group)(group.drivers) == pytest.approx(group.values[at], rel=1e-12)
    assert sensitivity.intrinsic_kernel(group)(group.drivers) == intrinsic(group).equity


def test_the_horizon_s_value_follows_the_weights_of_the_methods(base: Group) -> None:
    only = {"blend.sales": 1.0, "blend.parts": 0.0, "blend.earnings": 0.0}
    value = sensitivity.horizon_kernel(base)({**base.drivers, **only})
    assert value == pytest.approx(base.values_by_method["sales"][base.index_of(2030)])


def test_a_bar_is_the_value_with_one_driver_moved(base: Group) -> None:
    bars = {bar.name: bar for bar in sensitivity.driver_tornado(base, sensitivity.horizon_kernel(base))}
    driver = base.edition.drivers("base")["exit.multiple_aws"]
    moved = with_drivers(base, {"exit.multiple_aws": driver.high})
    at = base.index_of(base.horizon_year)
    assert bars["exit.multiple_aws"].at_high == pytest.approx(moved.values[at])


def test_drivers_that_a_value_does_not_know_have_no_bar(base: Group) -> None:
    horizon = {bar.name for bar in sensitivity.driver_tornado(base, sensitivity.horizon_kernel(base))}
    today = {bar.name for bar in sensitivity.driver_tornado(base, sensitivity.intrinsic_kernel(base))}
    assert "dcf.growth_stable" not in horizon
    assert "exit.multiple_aws" not in today
    assert {"aws.growth_change", "bridge.leases_as_debt", "bridge.anthropic_to_carried"} <= horizon & today
    assert not {name for name in horizon | today if name.startswith(("gate.", "chips.", "robotics."))}


def test_bars_come_widest_first(base: Group) -> None:
    swings = [bar.swing for bar in sensitivity.driver_tornado(base, sensitivity.intrinsic_kernel(base))]
    assert swings == sorted(swings, reverse=True)


def test_sobol_indices_add_up_and_name_only_drawn_drivers(base: Group) -> None:
    kernel = sensitivity.horizon_kernel(base)
    names = [bar.name for bar in sensitivity.driver_tornado(base, kernel)]
    found = sensitivity.sobol(base, kernel, names)
    assert sum(index.first for index in found) == pytest.approx(1.0, abs=0.06)
    assert all(index.total_interval[0] < index.total < index.total_interval[1] for index in found[:5])
    drivers = base.edition.drivers("base")
    assert all(drivers[index.driver].distribution for index in found)


def test_an_elasticity_is_the_percent_per_percent(base: Group) -> None:
    kernel = sensitivity.horizon_kernel(base)
    found = sensitivity.driver_elasticities(base, kernel, ["exit.price_to_earnings", "aws.growth_change"])
    assert list(found) == ["exit.price_to_earnings"]
    at = base.index_of(base.horizon_year)
    share = 0.25 * base.values_by_method["earnings"][at] / base.values[at]
    assert found["exit.price_to_earnings"] == pytest.approx(share, rel=1e-6)


def test_a_cell_of_the_grid_has_the_growth_and_the_margin_it_says(
    base: Group, grids: dict[str, sensitivity.Grid]
) -> None:
    grid = grids["growth_and_margin"]
    at, row, column = base.index_of(2030), 2, 5
    sales = base.base.aws.sales * (1 + grid.columns[column]) ** 5
    margin = grid.rows[row] - base.base.aws_operating_income / base.base.aws.sales

    def changed_by(growth: float) -> Group:
        """The same directly: AWS's growth and margin changed, all else the scenario's."""
        return with_drivers(base, {"aws.growth_change": growth, "aws.margin_change": margin})

    changed = changed_by(brentq(lambda x: changed_by(x).projection.parts["aws"].sales[at] - sales, -0.3, 0.9))
    assert changed.projection.parts["aws"].margin[at] == pytest.approx(grid.rows[row])
    assert grid.values[row, column] == pytest.approx(changed.values[at], rel=1e-9)


def test_at_its_break_even_a_target_is_met_exactly(base: Group, grids: dict[str, sensitivity.Grid]) -> None:
    grid, multiple = grids["growth_and_multiple"], 24.0
    growth = grid.break_evens["4T"][grid.rows.index(multiple)]
    at = base.index_of(2030)
    wanted = 716.924 * (1 + growth) ** 5
    faster = brentq(lambda x: shift(base, "growth", x).projection.sales[at] - wanted, -0.3, 0.9)
    assert shift(base, "growth", faster).values[at] == pytest.approx(4000.0, rel=1e-9)


def test_more_margin_or_a_higher_multiple_needs_less_growth(grids: dict[str, sensitivity.Grid]) -> None:
    for grid in grids.values():
        assert np.all(np.diff(grid.values, axis=0) > 0)
        assert np.all(np.diff(grid.values, axis=1) > 0)
        for target in ("4T", "5T"):
            assert len(grid.break_evens[target]) == 7
            assert np.all(np.diff(grid.break_evens[target]) < 0)


def test_in_the_scenario_s_own_row_the_target_lies_between_its_neighbours(
    grids: dict[str, sensitivity.Grid],
) -> None:
    for grid in grids.values():
        below = max(row for row in grid.rows if row <= grid.at[0].number)
        above = min(row for row in grid.rows if row >= grid.at[0].number)
        line = dict(zip(grid.rows, grid.break_evens["4T"], strict=True))
        assert line[above] <= grid.needed["4T"].number <= line[below]


def test_where_no_growth_in_range_reaches_a_target_the_line_ends() -> None:
    grid = sensitivity.growth_and_margin(open_group(open_edition("2025Q4"), "bear"))
    assert math.isnan(grid.break_evens["5T"][0])
    assert not math.isnan(grid.break_evens["5T"][-1])


def test_multiples_scaled_by_one_are_the_scenario_s(base: Group) -> None:
    for name, value in sensitivity.scaled(base, 1.0).items():
        assert value == pytest.approx(base.drivers[name])


def test_a_grid_that_does_not_change_is_refused(base: Group, grids: dict[str, sensitivity.Grid]) -> None:
    assert [result.passed for result in sensitivity.enforce_grids(base, **grids)] == [True, True]
    grid = grids["growth_and_margin"]
    still = replace(grid, values=np.ones((7, 7)))
    with pytest.raises(ImplausibleValuation, match="an axis does not change the value"):
        sensitivity.enforce_grids(base, growth_and_margin=still)


def test_a_valuation_that_is_implausible_is_not_shown(base: Group) -> None:
    with pytest.raises(ImplausibleValuation, match="terminal_share"):
        sensitivity.intrinsic_answer(with_drivers(base, {"gate.terminal_share": 0.5}))


def test_where_all_that_was_tried_reaches_a_target_it_takes_less_and_not_more(
    grids: dict[str, sensitivity.Grid], base: Group
) -> None:
    target = min(base.edition.targets, key=lambda target: target.value_usd_bn)
    grid = replace(grids["growth_and_multiple"], break_evens={target.name: (math.nan,) * 7})
    least, most = (show(rate, "percent0") for rate in grid.tried)
    assert grid.values[-1].max() > target.value_usd_bn > grid.values[0].max()
    assert str(grid.met(target, grid.rows[-1], "a high multiple")) == f"less than {least}"
    assert str(grid.met(target, grid.rows[0], "a low multiple")) == f"more than {most}"


@pytest.mark.parametrize(
    ("driver", "end", "said"),
    [
        ("group.asset_life", "value: 0\n    \\1low: 0", "group.asset_life must be above zero"),
        (
            "exit.price_to_earnings",
            "value: 24\n    \\1low: -30",
            "exit.price_to_earnings must be zero or above",
        ),
    ],
)
def test_assumptions_with_which_nothing_can_be_computed_are_named(
    tmp_path: Path, driver: str, end: str, said: str
) -> None:
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    path = data / "scenarios/base.yml"
    before, entry, after = path.read_text(encoding="utf-8").partition(f"\n  {driver}:\n")
    changed = re.sub(r"value: [^\n]*\n    ((?:unit: [^\n]*\n    )?)low: [^\n]*", end, after, count=1)
    path.write_text(before + entry + changed, encoding="utf-8")
    found = [str(problem) for problem in sensitivity.impossible(open_edition("latest", data))]
    assert any(line.startswith("data/scenarios/base.yml: drivers") and said in line for line in found)
    assert len(found) == len(set(found))


def test_no_row_of_a_grid_has_a_multiple_at_nil() -> None:
    group = with_drivers(open_group(open_edition("latest"), "base"), {"exit.price_to_earnings": 12.0})
    assert min(sensitivity.growth_and_multiple(group.plain).rows) > 0
