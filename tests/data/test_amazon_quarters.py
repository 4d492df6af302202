"""A quarter's file becomes figures that know document, date and place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from analysis.data.amazon import QuarterFile, load_quarter, quarter_labels
from analysis.data.fields import Field, load_fields
from analysis.data.problems import Problem

Load = Callable[[str], QuarterFile]


@pytest.fixture
def load(data: Path) -> Load:
    def run(quarter: str) -> QuarterFile:
        problems: list[Problem] = []
        file = load_quarter(data, quarter, load_fields(data, problems), problems)
        assert problems == []
        assert file is not None
        return file

    return run


def test_a_figure_keeps_the_number_as_printed(load: Load) -> None:
    printed = load("2025Q4").printed
    assert printed["segments.aws.net_sales"].value == 35579
    assert printed["cash_flow.purchases_of_property_and_equipment"].value == -39522
    assert printed["fiscal_year.income.net_sales"].value == 716924
    assert printed["trailing_twelve_months.cash_flow.free_cash_flow"].value == 11194


def test_a_source_names_the_file_the_field_and_the_documents_date(load: Load) -> None:
    source = load("2025Q4").printed["segments.aws.net_sales"].source
    assert source.path == "data/amazon/quarters/2025Q4.yml"
    assert source.field == "segments.aws.net_sales"
    assert source.published == date(2026, 2, 5)
    assert source.document == "Amazon.com, Inc., press release on the fourth quarter of 2025"
    assert source.quality == "primary"


def test_a_figure_with_its_own_source_does_not_take_the_files(load: Load) -> None:
    source = load("2025Q4").printed["service_lines.advertising_services"].source
    assert "Form 10-K for 2025" in source.document
    assert source.field == "service_lines.advertising_services"
    assert source.note is not None
    assert "nine months" in source.note


def test_an_own_source_without_document_speaks_of_the_files(load: Load, edit: Callable[..., None]) -> None:
    edit("amazon/quarters/2025Q3.yml", "sources:", "sources:\n  income.tax:\n    verification: crossfoot")
    source = load("2025Q3").printed["income.tax"].source
    assert source.document == load("2025Q3").printed["income.net_sales"].source.document
    assert source.note == "follows from other printed figures"


def test_an_absent_figure_is_not_there_at_all(load: Load) -> None:
    assert "cash_flow.depreciation_and_amortization_as_first_printed" not in load("2025Q4").printed


def test_quarters_are_listed_oldest_first(data: Path) -> None:
    labels = quarter_labels(data)
    assert labels == sorted(labels)
    assert (labels[0], labels[-1]) == ("2024Q1", "2025Q4")


@pytest.mark.parametrize(
    ("required", "yes", "no"),
    [
        ("always", ["2018Q1", "2025Q4"], []),
        ("optional", [], ["2018Q1", "2025Q4"]),
        ("from 2021Q1", ["2021Q1", "2021Q2"], ["2020Q4"]),
        ("until 2021Q3", ["2018Q1", "2021Q3"], ["2021Q4"]),
    ],
)
def test_the_dictionary_says_in_which_quarters_a_field_must_be_there(
    required: str, yes: list[str], no: list[str]
) -> None:
    field = Field("income.x", "X", "usd_m", "an X", "a release", required, "any")
    assert all(field.required_in(quarter) for quarter in yes)
    assert not any(field.required_in(quarter) for quarter in no)


def test_a_field_is_retired_after_its_last_quarter() -> None:
    field = Field("income.x", "X", "usd_m", "an X", "a release", "until 2021Q3", "any")
    assert not field.retired_in("2021Q3")
    assert field.retired_in("2021Q4")


@pytest.mark.parametrize(
    ("name", "unit", "flow"),
    [
        ("income.net_sales", "usd_m", True),
        ("balance.total_assets", "usd_m", False),
        ("income.diluted_eps", "usd", False),
        ("income.diluted_shares", "million", False),
    ],
)
def test_only_money_over_a_period_adds_up_to_a_year(name: str, unit: str, flow: bool) -> None:
    assert Field(name, "X", unit, "an X", "a release", "always", "any").is_flow is flow
