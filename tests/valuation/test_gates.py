"""The plausibility checks of a valuation: measured, limited by drivers, waived only in writing."""

import pytest

from analysis.data import open_edition
from analysis.data.drivers import GATES
from analysis.data.editions import edition_labels
from analysis.data.reads import data_root
from analysis.model.dcf.plausibility import ImplausibleValuation
from analysis.valuation import gates
from analysis.valuation.dcf import Intrinsic, intrinsic
from analysis.valuation.group import Group, open_group, with_drivers


@pytest.fixture(scope="module")
def value(base: Group) -> Intrinsic:
    return intrinsic(base)


def test_every_check_passes_in_the_edition_to_publish(value: Intrinsic) -> None:
    results = gates.enforced(value)
    assert [result.name for result in results if not result.passed] == []
    assert {result.name for result in results} == set(GATES) - {
        "grid_growth_and_margin",
        "grid_growth_and_multiple",
    }


def test_checks_have_names_that_scenario_files_know() -> None:
    assert set(gates.LABELS) == set(GATES)


@pytest.mark.parametrize("label", edition_labels(data_root()))
@pytest.mark.parametrize("scenario", ["bear", "base", "bull"])
def test_every_edition_can_be_shown_under_every_scenario(label: str, scenario: str) -> None:
    results = gates.enforced(intrinsic(open_group(open_edition(label), scenario)))
    assert all(result.passed or result.waived_by for result in results)
    if label >= "2023Q4":
        assert all(result.passed for result in results)


def test_a_valuation_that_fails_without_a_reason_is_refused(value: Intrinsic) -> None:
    tight = with_drivers(value.group, {"dcf.growth_stable": 0.0425, "dcf.cost_of_capital_stable": 0.05})
    with pytest.raises(ImplausibleValuation, match="rate_over_growth"):
        gates.enforced(intrinsic(tight))


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ({"gate.terminal_share": 0.5}, "terminal_share"),
        ({"gate.roic_most": 0.15}, "implied_roic"),
        ({"gate.cloud_share": 0.3}, "share_of_cloud"),
        ({"gate.gdp_share": 0.03}, "share_of_gdp"),
        ({"gate.rate_over_growth": 0.05}, "rate_over_growth"),
        ({"dcf.risk_free_rate": 0.03}, "growth_below_economy"),
    ],
)
def test_each_limit_is_the_scenario_s(value: Intrinsic, limit: dict[str, float], name: str) -> None:
    results = gates.check(intrinsic(with_drivers(value.group, limit)))
    assert name in [result.name for result in results if not result.passed]


def test_what_is_measured_is_what_it_says(value: Intrinsic) -> None:
    measured = {result.name: result.value for result in gates.check(value)}
    assert measured["terminal_share"] == value.valuation.terminal_share
    assert measured["rate_over_growth"] == pytest.approx(0.082 - 0.035)
    capital = value.economic_profit().invested_capital[-2]
    assert measured["implied_roic"] == pytest.approx(value.lines.nopat[-1] / capital)


def test_the_market_for_cloud_is_the_sum_of_four_quarters_grown_to_the_horizon(value: Intrinsic) -> None:
    edition = value.group.edition
    spending, quarter = gates.cloud_market(edition)
    assert len(spending.inputs) == 4
    assert spending.published <= edition.cutoff
    assert quarter == "2025Q4"
    growth = value.group.drivers["economy.cloud_market_growth"]
    expected = spending.number * (1 + growth) ** 5
    assert gates.cloud_market_at_horizon(value) == pytest.approx(expected, rel=1e-3)


def test_before_market_figures_were_public_the_share_is_not_checked() -> None:
    results = gates.check(intrinsic(open_group(open_edition("2019Q4"), "base")))
    assert "share_of_cloud" not in {result.name for result in results}
