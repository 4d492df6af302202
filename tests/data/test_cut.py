"""The cut: a figure published later than the cut-off does not exist, whichever way one asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import AbsentFigure, Edition, open_edition
from analysis.data.editions import edition_labels
from analysis.data.fields import load_fields
from analysis.data.reported import Reported

REAL = Path(__file__).resolve().parents[2] / "data"
FIRST, LAST = date(2018, 1, 1), date(2026, 4, 1)


@pytest.fixture(scope="module")
def all_files() -> Reported:
    """Everything ever reported, to be cut at any day."""
    return open_edition("2025Q4", root=REAL).reported


@pytest.fixture(scope="module", params=edition_labels(REAL))
def edition(request: pytest.FixtureRequest) -> Edition:
    return open_edition(request.param, root=REAL)


def visible(reported: Reported) -> set[tuple[str, str]]:
    """Every field and quarter of which a figure is public."""
    return {
        (field, quarter)
        for field in reported.fields
        for quarter in reported.files
        if reported.get(field, quarter)
    }


@given(days=st.lists(st.dates(FIRST, LAST), min_size=2, max_size=2).map(sorted))
def test_a_later_cutoff_never_hides_a_figure(all_files: Reported, days: list[date]) -> None:
    earlier, later = (replace(all_files, cutoff=day) for day in days)
    assert visible(earlier) <= visible(later)
    assert set(earlier.labels()) <= set(later.labels())


@given(day=st.dates(FIRST, LAST))
def test_no_figure_is_younger_than_the_cutoff(all_files: Reported, day: date) -> None:
    cut = replace(all_files, cutoff=day)
    for field, quarter in visible(cut):
        published = cut.figure(field, quarter).published
        assert published is not None
        assert published <= day


@given(day=st.dates(FIRST, LAST))
def test_no_twelve_months_are_younger_than_the_cutoff(all_files: Reported, day: date) -> None:
    cut = replace(all_files, cutoff=day)
    for field in ("service_lines.advertising_services", "cash_flow.depreciation_and_amortization"):
        for quarter in cut.labels():
            try:
                published = cut.ttm(field, quarter).published
            except AbsentFigure:
                continue
            assert published is not None
            assert published <= day


def test_an_edition_ends_with_its_quarter(edition: Edition) -> None:
    assert edition.quarters()[-1] == edition.quarter


def test_an_editions_price_and_shares_were_public(edition: Edition) -> None:
    assert edition.market_value.published is not None
    assert edition.market_value.published <= edition.cutoff


@pytest.mark.parametrize(
    "series", ["cloud", "chips", "robotics", "advertising", "base_rates", "analysts", "rates"]
)
def test_no_observation_is_younger_than_the_cutoff(edition: Edition, series: str) -> None:
    published = edition.observations(series, unconfirmed=True)["published"]
    assert not (published > str(edition.cutoff)).any()


def test_market_values_and_peers_are_cut_too() -> None:
    spring = open_edition("2024Q4-2025-04-02", root=REAL)
    late = open_edition("2025Q4", root=REAL)
    for series in ("peers/observations", "peers/market_values", "amazon/key_figures"):
        assert 0 < len(spring.observations(series)) < len(late.observations(series))
        assert spring.observations(series)["published"].max().date() <= spring.cutoff


def test_the_day_of_publication_is_public_and_the_day_before_is_not(all_files: Reported) -> None:
    released = all_files.files["2025Q3"].published
    on_the_day = replace(all_files, cutoff=released)
    before = replace(all_files, cutoff=released - timedelta(days=1))
    assert on_the_day.figure("income.net_sales", "2025Q3").published == released
    assert before.get("income.net_sales", "2025Q3") is None
    assert "2025Q3" not in before.labels()


def test_advertising_is_absent_until_it_was_printed_apart(all_files: Reported) -> None:
    field = "service_lines.advertising_services"
    source = all_files.figure(field, "2021Q2").source
    assert source is not None
    assert source.published > all_files.files["2021Q2"].published
    before = replace(all_files, cutoff=source.published - timedelta(days=1))
    assert before.get(field, "2021Q2") is None
    assert before.get("service_lines.other_incl_advertising", "2021Q2") is not None


def test_before_a_restatement_the_figure_is_the_one_first_printed(all_files: Reported) -> None:
    field = "cash_flow.depreciation_and_amortization"
    restated = all_files.figure(field, "2022Q1")
    assert restated.source is not None
    before = replace(all_files, cutoff=restated.source.published - timedelta(days=1)).figure(field, "2022Q1")
    assert (before.value, restated.value) == (8978, 9193)
    assert before.published == all_files.files["2022Q1"].published


def test_a_figure_set_to_a_later_day_disappears_from_the_edition(data: Path) -> None:
    path = data / "amazon/quarters/2025Q3.yml"
    later = "sources:\n  income.tax:\n    document: a later filing\n    published: 2026-04-15"
    path.write_text(path.read_text().replace("sources:", later, 1))
    edition = open_edition("2025Q4", root=data)
    assert edition.get("income.tax", "2025Q3") is None
    assert edition.get("income.net_income", "2025Q3") is not None
    with pytest.raises(AbsentFigure):
        edition.figure("income.tax", "2025Q3")


def test_of_two_vintages_the_edition_sees_the_one_public(data: Path) -> None:
    path = data / "amazon/key_figures.csv"
    row = "Amazon,test_metric,{},{},count,{},A release,,primary,seen,\n"
    path.write_text(
        path.read_text() + row.format("2024Q4", 111, "2025-02-06") + row.format("2024Q4", 222, "2025-06-01")
    )
    early, late = (open_edition(label, root=data) for label in ("2024Q4-2025-04-02", "2025Q4"))
    assert early.key_figure("test_metric", "2024Q4").value == 111
    assert late.key_figure("test_metric", "2024Q4").value == 222


def test_a_note_is_only_shown_where_nothing_of_its_series_is_hidden(data: Path) -> None:
    path = data / "amazon/key_figures.csv"
    path.write_text(
        path.read_text() + "Amazon,test_metric,2024Q4,1,count,2025-02-06,A release,,primary,seen,later 2\n"
    )
    early, late = (open_edition(label, root=data) for label in ("2024Q4", "2025Q4"))
    notes = [edition.key_figure("test_metric", "2024Q4").source for edition in (early, late)]
    assert [source.note for source in notes if source is not None] == [None, "later 2"]


def test_drivers_are_dated_the_cutoff(data: Path) -> None:
    for label in ("2024Q4", "2025Q4"):
        edition = open_edition(label, root=data)
        assert edition.drivers("bull")["aws.growth"].figure.published == edition.cutoff


def test_the_dictionary_is_the_same_for_every_edition(edition: Edition) -> None:
    assert edition.fields == load_fields(REAL, [])
