"""Figures read straight from the data files, to hold the chapters against."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.chapters import Page, Unavailable
from analysis.charts.render import ChartFigure

DATA = Path(__file__).parents[2] / "data"
Reported = Callable[..., float]


@cache
def _quarter(label: str) -> Any:
    return yaml.safe_load((DATA / "amazon" / "quarters" / f"{label}.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def reported() -> Reported:
    """A field of the quarter files summed over quarters, in USD billions."""

    def value(field: str, *quarters: str) -> float:
        added = 0.0
        for label in quarters:
            entry = _quarter(label)
            for key in field.split("."):
                entry = entry[key]
            added += entry
        return added / 1000

    return value


@pytest.fixture(scope="session")
def observed() -> Callable[..., float]:
    """The value in the one row of a tidy file that has the given cells."""

    def value(name: str, **cells: str) -> float:
        with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if all(r[key] == cell for key, cell in cells.items())]
        (row,) = rows
        return float(row["value"] if "value" in row else row["market_value_usd_bn"])

    return value


@pytest.fixture(scope="session")
def alt_texts() -> Callable[[Page], dict[str, str]]:
    """The alt text of every chart of a page that could be drawn."""

    def texts(page: Page) -> dict[str, str]:
        shown = {name: page.chart(name) for name in page.charts}
        return {name: chart.description for name, chart in shown.items() if isinstance(chart, ChartFigure)}

    return texts


@pytest.fixture(scope="session")
def missing() -> Callable[[Page], set[str]]:
    """Charts, tables and calculators that say that their figures were not public."""

    def names(page: Page) -> set[str]:
        kinds = ((page.charts, page.chart), (page.tables, page.table), (page.calculators, page.calculator))
        return {key for parts, make in kinds for key in parts if isinstance(make(key), Unavailable)}

    return names
