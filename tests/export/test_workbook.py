"""The workbook's formulas give the kernels' numbers, in the scenario it was made for and in any other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest

from analysis.data import open_edition
from analysis.export.inputs import starting_figures
from analysis.export.workbook import workbook
from analysis.valuation.group import Group, open_group
from analysis.valuation.parts import value_today
from tests.export.evaluated import Book, Place, evaluated, read

SELECTOR = ("INPUTS", "C2")
FORMULA_SHEETS = ("PROJECTION", "VALUES 2030", "SOTP")
# The published edition, one that saw neither advertising nor a stake, and one that starts in mid-year and
# knew a single growth rate of advertising.
EDITIONS = ("2025Q4", "2019Q4", "2022Q1")


@dataclass(frozen=True)
class Made:
    """A workbook as made for base, and with every formula computed in base and in bull."""

    label: str
    book: Book
    base: dict[Place, float]
    bull: dict[Place, float]

    def group(self, scenario: str) -> Group:
        return open_group(open_edition(self.label), scenario)

    def row(self, results: dict[Place, Any], sheet: str, label: str, nth: int = 0) -> list[float]:
        """The results of the nth line with that label, today's first."""
        rows = [at for (own, at), value in self.book.values.items() if own == sheet and value == label]
        number = int(re.sub("[A-Z]", "", rows[nth]))
        cells = ((at, value) for (own, at), value in results.items() if own == sheet)
        return [value for at, value in cells if re.sub("[A-Z]", "", at) == str(number)]


@cache
def bytes_of(label: str, scenario: str) -> bytes:
    return workbook(open_edition(label), scenario)


@pytest.fixture(scope="module", params=EDITIONS)
def made(request: pytest.FixtureRequest) -> Made:
    book = read(bytes_of(request.param, "base"))
    return Made(request.param, book, evaluated(book), evaluated(book, {SELECTOR: "bull"}))


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def test_every_formula_gives_the_result_that_was_written_with_it(made: Made) -> None:
    assert len(made.base) > 800
    wrong = {at: value for at, value in made.base.items() if value != near(made.book.values[at])}
    assert wrong == {}


def test_switching_the_scenario_gives_that_scenarios_results(made: Made) -> None:
    own = read(bytes_of(made.label, "bull")).values
    wrong = {at: value for at, value in made.bull.items() if value != near(own[at])}
    assert wrong == {}
    moved = [at for at, value in made.bull.items() if at[0] in FORMULA_SHEETS and value != made.base[at]]
    assert len(moved) > 200


@pytest.mark.parametrize("scenario", ["base", "bull"])
def test_paths_are_those_of_the_kernels(made: Made, scenario: str) -> None:
    group, results = made.group(scenario), made.base if scenario == "base" else made.bull
    found = group.projection
    for label, path, nth in (
        ("Sales", found.sales, len(found.parts)),
        ("Operating income", found.operating_income, len(found.parts)),
        ("Capital expenditure", found.capex, 0),
        ("Depreciation", found.depreciation, 0),
        ("Free cash flow as the company defines it", found.free_cash_flow, 0),
        ("Shares outstanding", group.shares, 0),
    ):
        assert made.row(results, "PROJECTION", label, nth)[1:] == near(list(path)), label
    values = made.row(results, "VALUES 2030", "The three, weighted")
    assert values == near([group.market.value, *group.values])


@pytest.mark.parametrize("scenario", ["base", "bull"])
def test_the_sum_of_the_parts_is_the_chapters(made: Made, scenario: str) -> None:
    results = made.base if scenario == "base" else made.bull
    equity = value_today(made.group(scenario)).equity
    found = made.row(results, "SOTP", "Equity")
    assert found == near([equity.low.number, equity.base.number, equity.high.number])


def test_a_target_reached_at_its_own_multiple_is_worth_the_target(made: Made) -> None:
    sales = made.group("base").projection.sales[made.group("base").index_of(2030)]
    multiples = made.row(made.base, "VALUES 2030", "Price-to-sales on the scenario's sales")
    assert [multiple * sales for multiple in multiples] == near([4000.0, 5000.0])


def test_sheets_of_formulas_hold_no_typed_number(made: Made) -> None:
    typed = [
        at
        for at, value in made.book.values.items()
        if at[0] in FORMULA_SHEETS and isinstance(value, float) and at not in made.book.formulas
    ]
    assert typed == []


def test_formulas_hold_no_number_of_the_world(made: Made) -> None:
    for place, formula in made.book.formulas.items():
        if place[0] in FORMULA_SHEETS:
            bare = re.sub(r"'[^']*'!|\$?[A-Z]+\$?\d+|target\.\w+", "", formula)
            assert set(re.findall(r"\d+(?:\.\d+)?", bare)) <= {"0", "1", "1000"}, formula


def test_an_assumption_typed_over_moves_the_value() -> None:
    book = read(bytes_of("2025Q4", "base"))
    at = book.names["AWS.GROWTH_CHANGE"]
    assert book.formulas[at].startswith("INDEX(")
    base = evaluated(book)
    changed = evaluated(book, {at: base[at] + 0.05})
    value = next(a for a, v in base.items() if a[0] == "VALUES 2030" and v == near(made_value()))
    assert changed[value] > base[value] * 1.02


def made_value() -> float:
    group = open_group(open_edition("2025Q4"), "base")
    return float(group.values[group.index_of(2030)])


def test_every_assumption_of_every_scenario_is_there_with_its_reason() -> None:
    book, edition = read(bytes_of("2025Q4", "base")), open_edition("2025Q4")
    texts = {
        value for (sheet, _), value in book.values.items() if sheet == "INPUTS" and isinstance(value, str)
    }
    numbers = {value for (sheet, _), value in book.values.items() if sheet == "INPUTS"}
    for scenario in ("base", "bull", "bear"):
        for driver in edition.drivers(scenario).values():
            assert {driver.label, driver.source, " ".join(driver.why.split())} <= texts
            assert {driver.value, driver.low, driver.high} <= numbers


def test_every_reported_figure_names_its_document_and_day(made: Made) -> None:
    edition = open_edition(made.label)
    texts = {v for (sheet, _), v in made.book.values.items() if sheet == "SOURCES" and isinstance(v, str)}
    for figure in starting_figures(made.group("base")).values():
        for source in figure.sources():
            assert source.document in texts
            assert source.published <= edition.cutoff


def test_no_day_in_it_is_after_the_cut_off(made: Made) -> None:
    latest = (open_edition(made.label).cutoff - date(1899, 12, 30)).days
    days = [v for (sheet, at), v in made.book.values.items() if sheet == "SOURCES" and at.startswith("B")]
    serials = [day for day in days if isinstance(day, float)]
    assert serials
    assert max(serials) <= latest


def test_two_runs_give_the_same_bytes() -> None:
    assert workbook(open_edition("2025Q4"), "base") == bytes_of("2025Q4", "base")


def test_sheets_stand_in_the_order_of_reading() -> None:
    sheets = read(bytes_of("2025Q4", "base")).sheets
    assert sheets == ("README", "Inputs", "Projection", "Values 2030", "SOTP", "Sources")


def test_the_readme_lists_the_assumptions_that_no_formula_uses() -> None:
    book = read(bytes_of("2025Q4", "base"))
    listed = next(str(v) for v in book.values.values() if isinstance(v, str) and "dcf.roic_stable" in v)
    names = listed.split(", ")
    assert "chips.advantage" in names
    assert "aws.growth_change" not in names
    assert set(names) < set(open_edition("2025Q4").drivers("base"))
