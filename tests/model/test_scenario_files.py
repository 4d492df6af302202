"""The published scenarios: complete, ordered, explained without typed figures, and coherent."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from analysis.data import open_edition
from analysis.data.drivers import Drivers
from analysis.model.odds.correlation import cholesky, copula_matrix
from analysis.model.odds.distributions import quantile
from analysis.model.odds.elicitation import from_driver
from analysis.model.parts import market_value
from analysis.model.parts.equity_bridge import Balance
from analysis.model.parts.market_value import METHODS, Market, values_by_method
from analysis.model.projection.segments import Base, Projection, project
from analysis.valuation.inputs import base_figures, driver_values, plain, steps_of, ttm, years_of

DATA = Path(__file__).parents[2] / "data"
SCENARIOS = ("base", "bull", "bear")
EDITIONS = ("2019Q4", "2021Q4", "2022Q4", "2024Q4", "2024Q4-2025-04-02", "2025Q1", "2025Q4")
AREAS = {
    "aws", "advertising", "stores", "group", "tax", "shares", "exit", "blend", "market", "sotp", "bridge",
    "dcf", "research", "chips", "robotics", "base_rate", "economy", "gate",
}  # fmt: skip


@cache
def drivers(scenario: str) -> Drivers:
    return open_edition("2025Q4").drivers(scenario)


@cache
def raw(scenario: str) -> dict[str, Any]:
    return yaml.safe_load((DATA / f"scenarios/{scenario}.yml").read_text())


@cache
def base_of(label: str) -> Base:
    return plain(base_figures(open_edition(label)))


@cache
def projected(scenario: str, label: str = "2025Q4") -> Projection:
    edition = open_edition(label)
    return project(base_of(label), driver_values(edition, scenario), steps_of(edition))


@cache
def values(scenario: str) -> dict[str, tuple[float, ...]]:
    edition = open_edition("2025Q4")
    balance = Balance(
        cash=edition.figure("balance.cash_and_equivalents").to("usd_bn").number,
        securities=edition.figure("balance.marketable_securities").to("usd_bn").number,
        debt=edition.figure("balance.long_term_debt").to("usd_bn").number,
    )
    market = Market(edition.market_value.number, balance)
    given = driver_values(edition, scenario)
    found = values_by_method(projected(scenario), base_of("2025Q4"), given, market, exit_years=5.0)
    return {**found, "blend": market_value.blend(found, given)}


def texts() -> Iterator[tuple[str, str]]:
    for scenario in SCENARIOS:
        yield f"{scenario} story", raw(scenario)["story"]
        for name, driver in raw(scenario)["drivers"].items():
            yield f"{scenario} {name}", f"{driver['why']} {driver.get('label', '')}"
    for entry in raw("base")["correlations"]:
        yield " ".join(entry["pair"]), entry["why"]


def test_reasons_stories_and_labels_hold_no_typed_figure() -> None:
    assert [where for where, text in texts() if re.search(r"\d", text)] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_value_lies_within_its_range(scenario: str) -> None:
    outside = [n for n, d in drivers(scenario).items() if not d.low <= d.value <= d.high or d.low == d.high]
    assert outside == []
    assert {name.split(".")[0] for name in drivers(scenario)} == AREAS


@pytest.mark.parametrize("scenario", ["bull", "bear"])
def test_overrides_say_why_and_move_the_value(scenario: str) -> None:
    for name, entry in raw(scenario)["drivers"].items():
        assert entry["value"] != drivers("base")[name].value, name
        assert entry["why"].strip() != drivers("base")[name].why.strip(), name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_drawn_drivers_have_their_range_as_quantiles(scenario: str) -> None:
    drawn = {name: driver for name, driver in drivers(scenario).items() if driver.distribution}
    assert len(drawn) > 30
    for name, driver in drawn.items():
        assert not name.endswith("_years"), name
        lopsided = (driver.high - driver.value) / (driver.value - driver.low)
        assert 0.3 < lopsided < 3, f"{name}: an override that moves the value must move its range"
        distribution = from_driver(driver.distribution, low=driver.low, value=driver.value, high=driver.high)
        are_ends = driver.distribution["low"] == "low"  # its low and high are the very ends
        ends = quantile(distribution, [1e-12, 1 - 1e-12] if are_ends else [0.1, 0.9])
        near = 1e-3 if are_ends else 1e-6
        assert ends == pytest.approx([driver.low, driver.high], rel=near, abs=1e-9), name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_draw_is_impossible(scenario: str) -> None:
    """Six standard deviations out, further than a million draws go, every kernel still accepts the value."""
    given = drivers(scenario)
    for name, driver in given.items():
        if not driver.distribution:
            continue
        distribution = from_driver(driver.distribution, low=driver.low, value=driver.value, high=driver.high)
        far = distribution.at_score(np.array([-6.0, 6.0]))
        if driver.unit in ("x", "years", "usd", "usd_bn", "count"):
            assert far[0] > 0, name
        elif name.endswith(("_change", "growth_stable", "drift")):
            assert far[0] > -0.9, name
        elif name.endswith(("share", "margin", "saving", "ceiling", "passed_on", "effective", "marginal")):
            assert 0 <= far[0] < far[1] <= 1, name


def test_correlated_drivers_are_drawn_and_the_matrix_is_possible() -> None:
    drawn = [name for name, driver in drivers("base").items() if driver.distribution]
    pairs = {entry.pair: entry.rho for entry in drivers("base").correlations}
    assert len(pairs) == len(raw("base")["correlations"]) > 10
    assert {name for pair in pairs for name in pair} <= set(drawn)
    cholesky(copula_matrix(drawn, pairs), drawn)


class Asked(dict[str, float]):
    """Drivers that remember which of them were read."""

    def __init__(self, given: dict[str, float]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self.names.add(name)
        return super().__getitem__(name)


def test_the_projection_reads_every_driver_of_the_parts_and_the_group() -> None:
    asked = Asked(driver_values(open_edition("2025Q4"), "base"))
    base = base_of("2025Q4")
    market = Market(2000.0, Balance(1.0, 1.0, 1.0))
    found = values_by_method(project(base, asked, [1.0] * 6), base, asked, market, exit_years=5.0)
    market_value.blend(found, asked)
    prefixes = ("aws.", "advertising.", "stores.", "group.", "tax.", "exit.", "blend.")
    capital = {"aws.sales_to_capital", "advertising.sales_to_capital", "stores.sales_to_capital"}
    unread = {name for name in asked if name.startswith(prefixes)} - asked.names - capital
    assert unread == set()


def test_sources_name_files_fields_and_key_figures_that_exist() -> None:
    fields = yaml.safe_load((DATA / "amazon/fields.yml").read_text())
    with (DATA / "amazon/key_figures.csv").open() as lines:
        figures = {row["metric"] for row in csv.DictReader(lines)}
    for name, driver in drivers("base").items():
        for path in re.findall(r"data/[\w/]+\.csv", driver.source):
            assert (DATA.parent / path).is_file(), f"{name}: {path}"
        for field in re.findall(
            r"\b(?:segments|income|balance|cash_flow|service_lines)\.[\w.]+", driver.source
        ):
            assert field in fields, f"{name}: {field}"
        named = re.findall(r"\b\w+_usd_bn|ww_paid_units_growth|performance_obligations\w+", driver.source)
        assert set(named) <= figures, name
        assert driver.source.startswith("Assumption"), name


def test_metrics_in_brackets_stand_in_the_file_named_before_them() -> None:
    pattern = re.compile(r"data/([\w/]+)\.csv \(([^)]*)\)")
    cited = [(name, *found) for name, d in drivers("base").items() for found in pattern.findall(d.source)]
    assert len(cited) > 20
    for name, stem, words in cited:
        content = (DATA / f"{stem}.csv").read_text()
        for metric in re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", words):
            assert metric in content, f"{name}: {metric} is not in {stem}.csv"


@pytest.mark.parametrize("method", [*METHODS, "blend"])
def test_bear_lies_below_base_and_base_below_bull(method: str) -> None:
    bear, base, bull = (values(scenario)[method] for scenario in ("bear", "base", "bull"))
    assert all(low < mid < high for low, mid, high in zip(bear, base, bull, strict=True))


def test_the_ways_to_value_the_base_case_tell_one_story() -> None:
    by_method = [values("base")[method][4] for method in METHODS]
    assert max(by_method) / min(by_method) < 1.15


def test_net_investment_of_the_parts_agrees_with_capital_expenditure_less_depreciation() -> None:
    """The promise in the reason given for ``aws.sales_to_capital``."""
    result, given = projected("base"), driver_values(open_edition("2025Q4"), "base")
    base = base_of("2025Q4")
    assert base.advertising is not None
    today = {"aws": base.aws.sales, "advertising": base.advertising.sales, "stores": base.stores.sales}
    parts = sum(
        (part.sales[4] - today[name]) / given[f"{name}.sales_to_capital"]
        for name, part in result.parts.items()
    )
    spent = sum(result.capex[:5]) - sum(result.depreciation[:5])
    assert parts == pytest.approx(spent, rel=0.1)


def test_the_life_of_assets_reproduces_last_years_depreciation() -> None:
    """The promise in the reason given for ``group.asset_life``."""
    edition, life = open_edition("2025Q4"), drivers("base")["group.asset_life"].value
    before, now = (
        ttm(edition, "cash_flow.depreciation_and_amortization", quarter).number
        for quarter in ("2024Q4", "2025Q4")
    )
    assert before + (base_of("2025Q4").capex - before) / life == pytest.approx(now, rel=0.02)


def test_stable_capital_expenditure_is_the_five_year_average_share() -> None:
    """The promise in the reason given for ``group.capex_stable``."""
    edition = open_edition("2025Q4")
    shares = []
    for year in range(2021, 2026):
        flows = ("purchases_of_property_and_equipment", "proceeds_from_sales_and_incentives")
        net = sum(ttm(edition, f"cash_flow.{flow}", f"{year}Q4").number for flow in flows)
        shares.append(-net / ttm(edition, "income.net_sales", f"{year}Q4").number)
    assert drivers("base")["group.capex_stable"].value == pytest.approx(sum(shares) / 5, abs=0.005)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rates_keep_the_distance_that_the_gates_ask_for(scenario: str) -> None:
    value = {name: driver.value for name, driver in drivers(scenario).items()}
    gap = value["dcf.cost_of_capital_stable"] - value["dcf.growth_stable"]
    assert gap >= value["gate.rate_over_growth"]
    assert value["dcf.growth_stable"] <= value["dcf.risk_free_rate"]
    for part in ("aws", "advertising", "stores"):
        assert value["dcf.growth_stable"] < value[f"dcf.roic_stable_{part}"]
    assert value["tax.effective"] < value["tax.marginal"]
    product = value["economy.gdp"] * (1 + value["economy.growth"]) ** 10
    assert projected(scenario).sales[-1] / product < value["gate.gdp_share"]


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("label", EDITIONS)
def test_every_scenario_runs_on_earlier_editions(scenario: str, label: str) -> None:
    edition, result = open_edition(label), projected(scenario, label)
    assert len(result.sales) == len(years_of(edition))
    assert years_of(edition)[-1] == 2035
    assert all(later > earlier > 0 for earlier, later in zip(result.sales, result.sales[1:], strict=False))
    assert all(0 < spent < sales for spent, sales in zip(result.capex, result.sales, strict=True))
    assert ("advertising" in result.parts) == (label >= "2021Q4")


def test_the_first_year_spends_what_the_company_announced() -> None:
    edition = open_edition("2025Q4")
    guided = edition.key_figure("capex_guidance_usd_bn", "FY2026").number
    assert projected("base").capex[0] == pytest.approx(guided)


def test_targets_name_their_level() -> None:
    targets = {target.name: target for target in open_edition("2025Q4").targets}
    assert {name: target.value_usd_bn for name, target in targets.items()} == {"4T": 4000.0, "5T": 5000.0}
    assert {target.horizon.isoformat() for target in targets.values()} == {"2030-12-31"}
