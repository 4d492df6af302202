"""The repository's own data: nothing wrong with it, and its best known figures are in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.data import open_edition
from analysis.data.check import check_all
from analysis.data.editions import edition_labels
from analysis.data.scenarios import scenario_names

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"


def test_the_data_have_no_problem() -> None:
    assert [str(problem) for problem in check_all(DATA)] == []


def test_every_quarter_since_2019q4_has_an_edition() -> None:
    quarters = open_edition("2025Q4", root=DATA).quarters()
    assert set(quarters[quarters.index("2019Q4") :]) <= set(edition_labels(DATA))


@pytest.mark.parametrize("label", edition_labels(DATA))
def test_every_edition_opens_under_every_scenario(label: str) -> None:
    edition = open_edition(label, root=DATA)
    for scenario in scenario_names(DATA):
        drivers = edition.drivers(scenario)
        assert drivers
        assert all(driver.figure.published <= edition.cutoff for driver in drivers.values())
    assert edition.market_value.number > 0


@pytest.mark.parametrize(
    ("field", "year", "value"),
    [
        ("income.net_sales", 2025, 716924),
        ("cash_flow.operating_cash_flow", 2025, 139514),
        ("cash_flow.operating_cash_flow", 2024, 115877),
        ("cash_flow.free_cash_flow", 2025, 11194),
        ("cash_flow.free_cash_flow", 2024, 38219),
        ("service_lines.advertising_services", 2022, 37739),
        ("segments.aws.operating_income", 2024, 39834),
    ],
)
def test_figures_that_amazon_printed_for_the_year(field: str, year: int, value: float) -> None:
    assert open_edition("2025Q4", root=DATA).year(field, year).value == value


def test_the_check_does_not_load_pandas() -> None:
    code = (
        "import sys; from pathlib import Path; from analysis.data.check import check_all;"
        f"check_all(Path({str(DATA)!r})); sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
