"""The plausibility checks of a valuation: measured, limited by drivers, waived only in writing."""

import re
import shutil
from pathlib import Path

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
    assert all(result.passed or result.waived_by for result in results)
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


def copy_with(tmp_path: Path, file: str, old: str, new: str) -> Path:
    root = shutil.copytree(data_root(), tmp_path / "data")
    text = (root / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new), encoding="utf-8")
    return root


CLOUD = """    label: "Largest share of the cloud infrastructure market"
    value: 0.4
    unit: fraction
    low: 0.35"""


def test_the_check_names_scenario_driver_value_limit_and_the_way_out(tmp_path: Path) -> None:
    lower = CLOUD.replace("0.4\n", "0.26\n").replace("0.35", "0.2")
    root = copy_with(tmp_path, "scenarios/base.yml", CLOUD, lower)
    lines = [str(problem) for problem in gates.failures(open_edition("2025Q4", root))]
    assert [line.split(": ")[:2] for line in lines] == [
        ["data/editions/2025Q4.yml", f"waivers.{scenario}.share_of_cloud"] for scenario in ("base", "bull")
    ]
    assert "and gate.cloud_share allows 0.26" in lines[0]
    assert 'waivers: {base: {share_of_cloud: "why it is shown all the same"}}' in lines[0]


def test_an_edition_waives_with_a_reason_and_only_for_itself(tmp_path: Path) -> None:
    lower = CLOUD.replace("0.4\n", "0.26\n").replace("0.35", "0.2")
    root = copy_with(tmp_path, "scenarios/base.yml", CLOUD, lower)
    file = root / "editions/2025Q4.yml"
    reason = 'waivers:\n  base: {share_of_cloud: "seen"}\n  bull: {share_of_cloud: "seen"}\n'
    file.write_text(file.read_text(encoding="utf-8") + reason, encoding="utf-8")
    edition = open_edition("2025Q4", root)
    assert gates.failures(edition) == []
    noted = {
        result.name: result.waived_by for result in gates.enforced(intrinsic(open_group(edition, "base")))
    }
    assert noted["share_of_cloud"] == "seen"
    assert gates.failures(open_edition("2025Q4-2026-03-09", root)) != []


def test_a_valuation_that_fails_without_a_reason_is_refused(value: Intrinsic) -> None:
    tight = with_drivers(value.group, {"dcf.growth_stable": 0.0425, "dcf.cost_of_capital_stable": 0.05})
    with pytest.raises(ImplausibleValuation, match="rate_over_growth"):
        gates.enforced(intrinsic(tight))


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ({"gate.terminal_share": 0.5}, "terminal_share"),
        ({"gate.roic_most": 0.15}, "implied_roic"),
        ({"gate.cloud_share": 0.26}, "share_of_cloud"),
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
    capital = value.invested_capital[-2]
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


def test_a_figure_without_which_nothing_can_be_valued_is_named(tmp_path: Path) -> None:
    data, needed = tmp_path / "data", "balance.long_term_lease_liabilities"
    shutil.copytree(data_root(), data)
    latest = data / "amazon/quarters/2025Q4.yml"
    text = latest.read_text("utf-8").replace("  long_term_lease_liabilities: 87339\n", "")
    line = f'{needed}: {{value: absent, why: "an example"}}'
    latest.write_text(re.sub(r"^acknowledged:.*$", f"acknowledged:\n  {line}", text, flags=re.M), "utf-8")
    (problem,) = gates.failures(open_edition("2025Q4", data))
    assert problem.wrong.startswith(f"{needed} of 2025Q4 was not public")
    assert "nothing can be valued without it" in problem.wrong


def test_a_waiver_of_a_check_that_passes_is_a_problem(tmp_path: Path) -> None:
    label = 'label: "2025Q4"\n'
    waiver = 'waivers: {base: {share_of_gdp: "a guess"}}\n'
    root = copy_with(tmp_path, "editions/2025Q4.yml", label, label + waiver)
    (problem,) = gates.failures(open_edition("2025Q4", root))
    assert problem.field == "waivers.base.share_of_gdp"
    assert problem.wrong == "waives a check that passes"


PRICE_TO_EARNINGS = "    value: 24.0\n    unit: x\n    low: 17.0\n    high: 31.0\n"


def test_a_digit_too_many_in_an_assumption_moves_the_value_too_far(tmp_path: Path) -> None:
    wrong = PRICE_TO_EARNINGS.replace("24.0", "240.0").replace("17.0", "170.0").replace("31.0", "310.0")
    root = copy_with(tmp_path, "scenarios/base.yml", PRICE_TO_EARNINGS, wrong)
    found = {problem.field: problem.wrong for problem in gates.failures(open_edition("2026Q1", root))}
    assert "times the 3419 that 2025Q4 published" in found["values_usd_bn.base"]
    known = (
        f'  {field}: {{value: {wrong.partition(" ")[0]}, why: "seen"}}\n' for field, wrong in found.items()
    )
    file = root / "editions/2026Q1.yml"
    text = file.read_text(encoding="utf-8") + "acknowledged:\n" + "".join(known)
    file.write_text(text, encoding="utf-8")
    assert gates.failures(open_edition("2026Q1", root)) == []


def test_a_scenario_that_leaves_base_is_named_by_itself(tmp_path: Path) -> None:
    old = "  exit.price_to_earnings:\n    value: 28.0\n    low: 21.0\n    high: 35.0\n"
    new = old.replace("28.0", "280.0").replace("21.0", "210.0").replace("35.0", "350.0")
    root = copy_with(tmp_path, "scenarios/bull.yml", old, new)
    found = [problem.field for problem in gates.failures(open_edition("2026Q1", root))]
    assert "values_usd_bn.bull" in found
    assert not {"values_usd_bn.base", "values_usd_bn.bear"} & set(found)
