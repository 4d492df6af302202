"""What would have to be true: a lever moved until the value is a target, or words where it never is."""

import pytest

from analysis.data import open_edition
from analysis.formats import show
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.required import moved, required


@pytest.mark.parametrize("at", [0, 1])
def test_what_would_have_to_be_true_reaches_the_target(base: Group, at: int) -> None:
    target = base.edition.targets[at]
    for lever, need in required(base, target).items():
        there = moved(base, lever, need.solution.value)
        assert there.values[there.index_of(2030)] == pytest.approx(target.value_usd_bn, rel=1e-6)


def test_it_rests_on_all_that_the_value_rests_on(base: Group) -> None:
    value = set(base.value_figure(2030).sources())
    growth = {base.driver("aws.growth_change").source}
    for lever, need in required(base, base.edition.targets[0]).items():
        replaced = growth if lever == "aws_growth" else set()
        assert set(need.figure.sources()) == value - replaced
        assert set(need.assumed.sources()) <= value


def test_a_target_out_of_reach_of_a_lever_is_said_to_be() -> None:
    group = open_group(open_edition("2019Q4"), "bear")
    tiny = with_drivers(group, {"exit.multiple_aws": 0.01, "blend.sales": 0.0, "blend.earnings": 0.0})
    need = required(tiny, group.edition.targets[1])["aws_growth"]
    assert need.level is None
    assert need.is_beyond
    there = moved(tiny, "aws_growth", 0.90)
    grown = there.projection.parts["aws"].sales[there.index_of(2030)] / there.base.aws.sales
    assert need.bound == pytest.approx(grown ** (1 / 11) - 1)
    assert need.figure.value == f"more than {show(need.bound, 'fraction')}"


def test_a_target_that_every_level_of_a_lever_reaches_needs_less_than_the_lowest(base: Group) -> None:
    rich = with_drivers(base, {"exit.multiple_aws": 1000.0})
    need = required(rich, base.edition.targets[0])["aws_growth"]
    assert need.level is None
    assert not need.is_beyond
    assert str(need.figure.value).startswith("less than ")
