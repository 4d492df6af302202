"""The method page says what the code does: its numbers, its conventions and every assumption."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest

from analysis.chapters import Page
from analysis.chapters._method_tables import drawn
from analysis.data import open_edition
from analysis.valuation import odds
from analysis.valuation.dcf import Conventions
from analysis.valuation.group import open_group
from analysis.valuation.spreads import growth_spreads
from tests.chapters.reading import drivers, in_editions, opened, written

ROOT = Path(__file__).parents[2]


@in_editions("2025Q4 base", "2025Q1 bull", "2019Q4 base")
def test_first_year_growth_is_the_stated_mean_of_two_rates(page: Page) -> None:
    numbers = {key: page.numbers[f"growth_{key}"].number for key in ("year", "quarter", "first")}
    momentum = page.numbers["momentum"].number
    change = drivers(page.scenario)["aws.growth_change"]["value"]
    mixed = numbers["year"] * (1 - momentum) + numbers["quarter"] * momentum
    assert numbers["first"] == pytest.approx(mixed + change, rel=1e-12)


@in_editions("2025Q4 base", "2025Q1 bull", "2019Q4 base")
def test_the_weighted_value_lies_between_the_three_and_is_their_mean(page: Page) -> None:
    ways = ("sales", "parts", "earnings")
    pairs = [(page.numbers[f"by_{way}"].number, page.numbers[f"weight_{way}"].number) for way in ways]
    mean = sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)
    assert page.numbers["blended"].number == pytest.approx(mean, rel=1e-12)


def test_the_example_is_the_printed_figure(page: Page) -> None:
    file = written("amazon/quarters/2025Q4.yml")
    assert page.numbers["example"].value == file["segments"]["aws"]["net_sales"]
    assert page.numbers["example_document"].value == file["document"]
    assert page.numbers["example_published"].value == "5 February 2026"
    assert page.numbers["example_year"].number == pytest.approx(128.725, rel=1e-12)


def test_capital_expenditure_of_the_first_year_follows_guidance_where_there_is_one(page: Page) -> None:
    group = open_group(open_edition("2025Q4"), "base")
    assert page.numbers["capex_first"].number == pytest.approx(200.0 / group.projection.sales[0], rel=1e-12)
    assert "the company's own figure" in str(page.numbers["capex_source"].value)
    before = opened("method", "2019Q4").numbers
    assert "no figure by the cut-off" in str(before["capex_source"].value)


def test_assumptions_are_counted(page: Page) -> None:
    base = drivers("base")
    assert page.numbers["assumptions"].number == len(base)
    assert page.numbers["drawn"].number == sum("distribution" in driver for driver in base.values())


def test_fewer_figures_were_public_earlier() -> None:
    counts = [
        opened("method", label, "base").numbers["printed"].number for label in ("2019Q4", "2024Q4", "2025Q4")
    ]
    assert 100 < counts[0] < counts[1] < counts[2]


def test_every_assumption_has_its_row_with_range_reason_and_source(page: Page) -> None:
    frame = page.table("drivers").frame
    base = frame[frame["scenario"] == "base"]
    assert list(base["label"]) == [driver["label"] for driver in drivers("base").values()]
    for reason, driver in zip(base["reason"], drivers("base").values(), strict=True):
        assert " ".join(driver["why"].split()) in unescape(reason.plain)
        assert driver["source"] in unescape(reason.parts[0])
    growth = base[base["label"] == "AWS: first-year growth, change from trailing"].iloc[0]
    assert (growth["value"], growth["low"], growth["high"]) == ("0.0%", "−6.0%", "6.0%")


def test_other_scenarios_have_rows_for_what_they_change_alone(page: Page) -> None:
    frame = page.table("drivers").frame
    labels = {name: driver["label"] for name, driver in drivers("base").items()}
    for name in ("bull", "bear"):
        changed = {
            labels[driver]
            for driver, entry in drivers(name).items()
            if any(entry.get(end, drivers("base")[driver][end]) != drivers("base")[driver][end]
                   for end in ("value", "low", "high"))
        }  # fmt: skip
        assert set(frame[frame["scenario"] == name]["label"]) == changed


def test_growth_is_said_to_be_drawn_as_it_was_missed() -> None:
    edition = open_edition("2025Q4")
    group = open_group(edition, "base")
    spreads, drivers = growth_spreads(group), edition.drivers("base")
    assert drawn(drivers["aws.growth_change"], spreads).startswith("normal, sd 7.3")
    assert drawn(drivers["aws.growth_change"], {}).startswith("skewed: low p10, value p50")
    assert drawn(drivers["dcf.roic_stable"], spreads) == "not drawn in the odds"
    fixed = set(odds.odds_plan(group, group.years[:5]).fixed)
    said = {name for name, driver in drivers.items() if drawn(driver, spreads) == "not drawn in the odds"}
    assert said == fixed


def test_the_conventions_table_has_every_choice_of_the_cash_flow(page: Page) -> None:
    rows = page.table("conventions").frame
    assert sum(rows["where"].str.startswith("Conventions in ")) == len(fields(Conventions)) - 2
    here = dict(zip(rows["choice"], rows["here"], strict=True))
    assert here["When a year's cash arrives"] == "in the middle of its year"
    assert here["Lease liabilities"].startswith("not debt")


def test_places_that_the_conventions_name_exist(page: Page) -> None:
    for where in page.table("conventions").frame["where"]:
        for path in re.findall(r"(?:analysis|data)/[\w/.]*\w", where):
            assert (ROOT / path).exists(), where
        found = re.match(r"(\w+)(?: of (\w+))? in (analysis/\S+)", where)
        if found is not None:
            code = (ROOT / found[3]).read_text(encoding="utf-8")
            assert all(re.search(rf"\b{name}\b", code) for name in found.groups()[:2] if name), where
