"""The method page says what the code does: its numbers, its conventions and every assumption."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.formats import apostrophes
from analysis.valuation import odds
from analysis.valuation.dcf import Conventions
from analysis.valuation.spreads import growth_spreads
from tests.notebooks import run
from tests.reading import written

ROOT = Path(__file__).parents[2]
EDITIONS = [("2025Q4", "base"), ("2025Q1", "bull"), ("2019Q4", "base")]


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_growth_on_the_path_starts_at_the_stated_mean_of_two_rates(edition: str, scenario: str) -> None:
    page = run("method", edition, scenario)
    momentum = float(page["momentum"])
    mixed = float(page["growth_year"]) * (1 - momentum) + float(page["growth_quarter"]) * momentum
    change = float(page.report.driver("aws.growth_change"))
    assert float(page["growth_first"]) == pytest.approx(mixed + change, rel=1e-12)


@pytest.mark.parametrize(("edition", "scenario"), EDITIONS)
def test_the_weighted_value_is_the_mean_of_the_three(edition: str, scenario: str) -> None:
    page = run("method", edition, scenario)
    weights = {way: float(page[f"weight_{way}"]) for way in ("sales", "parts", "earnings")}
    mean = sum(float(page[f"by_{way}"]) * weight for way, weight in weights.items()) / sum(weights.values())
    assert float(page["blended"]) == pytest.approx(mean, rel=1e-12)


def test_the_example_is_the_printed_figure() -> None:
    page, file = run("method"), written("amazon/quarters/2025Q4.yml")
    assert page["example"].value == file["segments"]["aws"]["net_sales"]
    assert page["example_document"].value == file["document"]
    assert page["example_published"].value == "5 February 2026"
    assert float(page["example_year"]) == pytest.approx(128.725, rel=1e-12)


def test_capital_expenditure_of_the_first_year_follows_guidance_where_there_is_one() -> None:
    page = run("method")
    sales = run("method").report.group.plain.projection.sales[0]
    assert float(page["capex_first"]) == pytest.approx(200.0 / sales, rel=1e-12)
    assert "the company's own figure" in str(page["capex_source"])
    assert "no figure by the cut-off" in str(run("method", "2019Q4")["capex_source"])


def test_assumptions_and_figures_are_counted() -> None:
    page, drivers = run("method"), written("scenarios/base.yml")["drivers"]
    assert float(page["assumptions"]) == len(drivers)
    assert float(page["drawn"]) == sum("distribution" in driver for driver in drivers.values())
    counts = [float(run("method", edition)["printed"]) for edition in ("2019Q4", "2024Q4", "2025Q4")]
    assert 100 < counts[0] < counts[1] < counts[2]


def test_a_width_that_no_misses_give_is_absent() -> None:
    assert float(run("method")["aws_width"]) > 0
    assert run("method", "2019Q4")["aws_width"].is_absent


def test_every_assumption_has_its_row_with_range_reason_and_source() -> None:
    frame, drivers = run("method").parts["drivers"].frame, written("scenarios/base.yml")["drivers"]
    base = frame[frame["name"] == "base"]
    assert list(base["label"]) == [driver["label"] for driver in drivers.values()]
    for reason, driver in zip(base["reason"], drivers.values(), strict=True):
        assert " ".join(driver["why"].split()) in unescape(reason.plain)
        assert apostrophes(driver["source"]) in unescape(reason.parts[0])
    growth = base[base["label"] == "AWS: first-year growth, change from its record"].iloc[0]
    shown = [growth[end] for end in ("value", "low", "high")]
    assert shown == ["0.0\xa0points", "−6.0\xa0points", "+6.0\xa0points"]


@pytest.mark.parametrize("name", ["bear", "bull"])
def test_other_scenarios_have_rows_for_what_they_change_alone(name: str) -> None:
    frame, edition = run("method").parts["drivers"].frame, open_edition("2025Q4")
    base, other = edition.drivers("base"), edition.drivers(name)
    changed = {
        base[driver].label
        for driver in base
        if any(getattr(base[driver], end) != getattr(other[driver], end) for end in ("value", "low", "high"))
    }
    assert set(frame[frame["name"] == name]["label"]) == changed


def test_growth_is_said_to_be_drawn_as_it_was_missed() -> None:
    group, drivers = run("method").report.group.plain, open_edition("2025Q4").drivers("base")
    spreads = growth_spreads(group)
    said = {name: odds.drawn_in_words(driver, spreads) for name, driver in drivers.items()}
    assert said["aws.growth_change"].startswith("normal, sd 6.7%, from past misses")
    assert odds.drawn_in_words(drivers["aws.growth_change"], {}).startswith("skewed: low p10, value p50")
    fixed = set(odds.odds_plan(group, group.years[:5]).fixed)
    assert {name for name, words in said.items() if words == "not drawn in the odds"} == fixed


def test_the_conventions_table_has_every_choice_of_the_cash_flow() -> None:
    rows = run("method").parts["conventions"].frame
    assert sum(rows["To change it"].str.startswith("Conventions in ")) == len(fields(Conventions)) - 2
    here = dict(zip(rows["Choice"], rows["Here"], strict=True))
    assert here["When a year's cash arrives"] == "in the middle of its year"
    assert here["Lease liabilities"].startswith("not debt")


def test_places_that_the_conventions_name_exist() -> None:
    for where in run("method").parts["conventions"].frame["To change it"]:
        for path in re.findall(r"(?:analysis|data)/[\w/.]*\w", where):
            assert (ROOT / path).exists(), where
        found = re.match(r"(\w+)(?: of (\w+))? in (analysis/\S+)", where)
        if found is not None:
            code = (ROOT / found[3]).read_text(encoding="utf-8")
            assert all(re.search(rf"\b{name}\b", code) for name in found.groups()[:2] if name), where
