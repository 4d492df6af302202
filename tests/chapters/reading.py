"""Pages and data files as the tests read them: each page opened once, each figure by its key."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.chapters import Page, Unavailable, open_page
from analysis.charts.render import ChartFigure
from analysis.formats import show

DATA = Path(__file__).parents[2] / "data"
YEAR = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
BEFORE = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")
PARTS = ("charts", "tables", "calculators", "notes")


@cache
def opened(name: str, as_of: str = "2025Q4", scenario: str = "base") -> Page:
    """The page, opened once for all tests; each of its parts is made when it is first shown, and kept."""
    page = open_page(name, as_of, scenario)
    return replace(
        page, **{kind: {key: cache(make) for key, make in getattr(page, kind).items()} for kind in PARTS}
    )


def in_editions(*editions: str) -> pytest.MarkDecorator:
    """Run a test on its ``page`` of each edition and scenario, such as ``"2019Q4 bear"``."""
    return pytest.mark.parametrize("page", editions, indirect=True)


def number(page: Page, key: str) -> float:
    """The value of a number of the page; raises if words stand in its place."""
    return page.numbers[key].number


def shown(page: Page, key: str, form: str | None = None) -> str:
    """A number of the page as the text prints it."""
    return show(page.numbers[key].value, form or page.numbers[key].unit)


def alt_texts(page: Page) -> dict[str, str]:
    """The alt text of every chart of a page that could be drawn."""
    charts = {name: page.chart(name) for name in page.charts}
    return {name: chart.description for name, chart in charts.items() if isinstance(chart, ChartFigure)}


def missing(page: Page) -> set[str]:
    """Charts, tables and calculators that say that their figures were not public."""
    kinds: tuple[tuple[Any, Callable[[str], Any]], ...] = (
        (page.charts, page.chart),
        (page.tables, page.table),
        (page.calculators, page.calculator),
    )
    return {key for parts, make in kinds for key in parts if isinstance(make(key), Unavailable)}


@cache
def written(path: str) -> Any:
    """A YAML file below ``data/`` as it is written."""
    return yaml.safe_load((DATA / path).read_text(encoding="utf-8"))


def reported(field: str, *quarters: str) -> float:
    """A field of the quarter files summed over quarters, in USD billions."""
    added = 0.0
    for label in quarters:
        entry = written(f"amazon/quarters/{label}.yml")
        for key in field.split("."):
            entry = entry[key]
        added += entry
    return added / 1000


def observed(name: str, **cells: str) -> float:
    """The value in the one row of a tidy file that has the given cells."""
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if all(r[key] == cell for key, cell in cells.items())]
    (row,) = rows
    return float(row["value"] if "value" in row else row["market_value_usd_bn"])


def drivers(scenario: str = "base") -> dict[str, dict[str, Any]]:
    """The drivers of a scenario's file: of bull and bear, only what they change."""
    found: dict[str, dict[str, Any]] = written(f"scenarios/{scenario}.yml")["drivers"]
    return found
