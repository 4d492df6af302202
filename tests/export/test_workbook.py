"""The workbook's formulas give the kernels' numbers, in the scenario it was made for and in any other."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analysis.data import open_edition
from analysis.export.inputs import starting_figures
from analysis.export.workbook import workbook
from analysis.valuation.dcf import Conventions, intrinsic
from analysis.valuation.group import Group, open_group, with_drivers
from analysis.valuation.odds import simulate_odds
from analysis.valuation.parts import value_today
from tests.export.evaluated import Book, Place, evaluated, read, without_results

pytestmark = pytest.mark.xdist_group("workbook")  # what is computed once serves all
SELECTOR = ("INPUTS", "C2")
FORMULA_SHEETS = ("PROJECTION", "VALUES 2030", "SOTP", "DCF")
# The latest edition, one at a year's end, one that starts in mid-year and knew a single growth rate of
# advertising, and one that saw neither advertising nor a stake.
ASSUMED = ("INPUTS", "SCENARIOS", "REASONS")
LATEST = open_edition("latest").label
OTHERS = [label for label in ("2025Q4", "2022Q1", "2019Q4") if label != LATEST]
EDITIONS = (LATEST, *(pytest.param(label, marks=pytest.mark.long) for label in OTHERS))


@dataclass(frozen=True)
class Made:
    """A workbook as made for base, and with every formula computed in base and in bull."""

    label: str
    book: Book
    base: dict[Place, Any]
    bull: dict[Place, Any]

    def group(self, scenario: str) -> Group:
        return open_group(open_edition(self.label), scenario)

    def row_of(self, sheet: str, label: str, nth: int = 0) -> int:
        """The number of the nth row with that label."""
        rows = [at for (own, at), value in self.book.values.items() if own == sheet and value == label]
        return int(re.sub("[A-Z]", "", rows[nth]))

    def row(self, results: dict[Place, Any], sheet: str, label: str, nth: int = 0) -> list[float]:
        """The results of the nth line with that label, today's first."""
        number = self.row_of(sheet, label, nth)
        cells = ((at, value) for (own, at), value in results.items() if own == sheet)
        return [value for at, value in cells if re.sub("[A-Z]", "", at) == str(number)]


@cache
def bytes_of(label: str, scenario: str) -> bytes:
    return workbook(open_edition(label), scenario)


@cache
def made_of(label: str) -> Made:
    book = read(bytes_of(label, "base"))
    return Made(label, book, evaluated(book), evaluated(book, {SELECTOR: "bull"}))


@pytest.fixture(params=EDITIONS)
def made(request: pytest.FixtureRequest) -> Made:
    return made_of(request.param)


def near(value: Any) -> Any:
    return value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-9)


def test_every_formula_gives_the_result_that_was_written_with_it(made: Made) -> None:
    assert len(made.base) > 800
    wrong = {at: value for at, value in made.base.items() if value != near(made.book.values[at])}
    assert wrong == {}


def test_switching_the_scenario_gives_that_scenarios_results(made: Made) -> None:
    own = read(bytes_of(made.label, "bull")).values
    drawn = made.row_of("SUMMARY", "Simulation of base, end of 2030, one in ten to nine in ten (values)")
    wrong = {at for at, value in made.bull.items() if value != near(own[at])}
    assert {at for at in wrong if at != ("SUMMARY", f"C{drawn}")} == set()  # of base, as its label says
    moved = [at for at, value in made.bull.items() if at[0] in FORMULA_SHEETS and value != made.base[at]]
    assert len(moved) > 200


@pytest.mark.parametrize("scenario", ["base", "bull"])
def test_paths_are_those_of_the_kernels(made: Made, scenario: str) -> None:
    group, results = made.group(scenario), made.base if scenario == "base" else made.bull
    found = group.projection
    for label, path, nth in (
        ("Sales", found.sales, 0),
        ("Operating income", found.operating_income, 0),
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
            bare = re.sub(r"'[^']*'!|\$?[A-Z]+\$?\d+|(?:target|start)\.\w+", "", formula)
            assert set(re.findall(r"\d+(?:\.\d+)?", bare)) <= {"0", "1", "1000"}, formula


@pytest.mark.long
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
        value for (sheet, _), value in book.values.items() if sheet in ASSUMED and isinstance(value, str)
    }
    numbers = {value for (sheet, _), value in book.values.items() if sheet in ASSUMED}
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
    assert sheets == (
        "Summary", "README", "Inputs", "Scenarios", "Reasons", "Projection", "Values 2030", "SOTP", "DCF",
        "Sensitivity", "Odds", "Checks", "Sources",
    )  # fmt: skip


def test_the_readme_lists_the_assumptions_that_no_formula_uses() -> None:
    book = read(bytes_of("2025Q4", "base"))
    listed = next(str(v) for v in book.values.values() if isinstance(v, str) and "chips.advantage" in v)
    names = listed.split(", ")
    assert "chips.advantage" in names
    assert "aws.growth_change" not in names
    assert set(names) < set(open_edition("2025Q4").drivers("base"))


def test_cash_flow_is_discounted_as_the_report_does(made: Made) -> None:
    for scenario, results in (("base", made.base), ("bull", made.bull)):
        found = intrinsic(made.group(scenario), Conventions(leases="not_debt"))
        assert made.row(results, "DCF", "Value of the shares") == near([found.equity])
        assert made.row(results, "DCF", "Cost of capital") == near(list(found.rate_path))
        assert made.row(results, "DCF", "Free cash flow to the firm") == near(
            list(found.lines.free_cash_flow)
        )


def test_grids_are_the_kernels_at_their_levels(made: Made) -> None:
    group = made.group("base")
    (top,) = [
        at for at, value in sensitivity(made).items() if str(value).startswith("Value of the shares by disc")
    ]
    first = int(top.removeprefix("A")) + 4  # below heading, two steps and the head
    cells = {at: value for (sheet, at), value in made.base.items() if sheet == "SENSITIVITY"}
    for row in range(first, first + 5):
        for column in "DEFGH":
            changes = {
                "dcf.cost_of_capital_stable": cells[f"C{row}"],
                "dcf.growth_stable": cells[f"{column}{first - 1}"],
            }
            found = intrinsic(with_drivers(group, changes), Conventions(leases="not_debt"))
            assert cells[f"{column}{row}"] == near(found.equity)
    assert len({cells[f"{column}{row}"] for row in range(first, first + 5) for column in "DEFGH"}) == 25


def sensitivity(made: Made) -> dict[str, Any]:
    return {at: value for (sheet, at), value in made.book.values.items() if sheet == "SENSITIVITY"}


def test_a_grid_of_two_multiples_is_the_sum_of_the_parts_at_them() -> None:
    edition = open_edition("2025Q4")
    group, book = open_group(edition, "base"), read(bytes_of("2025Q4", "base"))
    cells = {at: value for (sheet, at), value in book.values.items() if sheet == "SENSITIVITY"}
    (top,) = [at for at, value in cells.items() if "by the sum of the parts" in str(value)]
    row = int(top.removeprefix("A")) + 4
    changes = {"sotp.multiple_aws": cells[f"C{row}"], "sotp.multiple_advertising": cells[f"H{row - 1}"]}
    assert cells[f"H{row}"] == near(float(value_today(with_drivers(group, changes)).equity.base))


def test_all_checks_hold_in_every_scenario_and_one_fails_when_a_number_is_typed_over(made: Made) -> None:
    for results in (made.base, made.bull):
        assert made.row(results, "SUMMARY", "All checks hold") == [1.0]
        assert set(made.row(results, "CHECKS", "All of them")) == {1.0}
    at = made.book.names["AWS.GROWTH_CHANGE"]
    changed = evaluated(made.book, {at: made.base[at] + 0.05})
    assert made.row(changed, "SUMMARY", "All checks hold") == [0.0]
    broken = [v for (sheet, at), v in changed.items() if sheet == "CHECKS" and at.startswith("E")]
    assert broken.count(0.0) == 3  # two results that are no longer the report's, and so all


def test_the_summary_names_the_scenario_in_use_and_the_ends_of_every_range(made: Made) -> None:
    assert made.base["SUMMARY", "B3"] == "base"
    assert made.bull["SUMMARY", "B3"] == "bull"
    parts = value_today(made.group("bull")).equity
    low, width, high = made.row(made.bull, "SUMMARY", "Sum of the parts today, low to high")
    assert [low, high] == sorted([low, high])
    assert (low, high, width) == near(
        (parts.low.number, parts.high.number, parts.high.number - parts.low.number)
    )


def test_odds_are_values_and_said_to_be_so(made: Made) -> None:
    odds = simulate_odds(made.group("base"))
    label = next(v for (sheet, at), v in made.book.values.items() if sheet == "ODDS" and at == "A3")
    found = made.row(made.book.values, "ODDS", str(label))
    assert found[2:] == near(list(odds.above(4000.0).value))
    assert not [at for at in made.book.formulas if at[0] == "ODDS"]
    assert "no formula" in str(made.book.values["ODDS", "A1"])


def test_labels_of_a_sheet_are_distinct(made: Made) -> None:
    for sheet in (*FORMULA_SHEETS, "SUMMARY", "CHECKS", "ODDS"):
        labels = [
            value
            for (own, at), value in made.book.values.items()
            if own == sheet and re.fullmatch(r"A\d+", at)
        ]
        if sheet in ("SUMMARY",):
            labels.remove("Market value today")  # a value, and below it the end of a range
        assert len(set(labels)) == len(labels), sheet


def test_no_sheet_is_printed_smaller_than_can_be_read() -> None:
    """Letters of 11 points, at the scale that brings all columns onto A4 across."""
    across, inch, point = 297 / 25.4, 96, 11
    with zipfile.ZipFile(io.BytesIO(bytes_of("2025Q4", "base"))) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        sizes = {}
        for number, name in enumerate(names, start=1):
            page = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            left, right = (float(re.search(rf'{side}="([\d.]+)"', page)[1]) for side in ("left", "right"))
            widths = (7 * float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', page))
            sizes[name] = point * min((across - left - right) * inch / sum(widths), 1)
    assert {name: round(size, 1) for name, size in sizes.items() if size < 7.5} == {}


def test_an_office_program_computes_the_same(tmp_path: Path) -> None:
    """From a copy whose formulas have no results, so that it must compute them."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice was found on this machine")
    wanted = read(bytes_of("2025Q4", "base"))
    (tmp_path / "model.xlsx").write_bytes(without_results(bytes_of("2025Q4", "base")))
    command = [office, f"-env:UserInstallation={(tmp_path / 'own').as_uri()}", "--headless", "--convert-to"]
    command += [
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "computed"),
        str(tmp_path / "model.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = read((tmp_path / "computed" / "model.xlsx").read_bytes())
    wrong = {
        at: found.values.get(at) for at in wanted.formulas if found.values.get(at) != near(wanted.values[at])
    }
    assert wrong == {}
