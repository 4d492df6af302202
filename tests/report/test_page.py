"""What a notebook's page shows: charts of any form, tables of rows and of series, calculators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analysis.charts.render import ChartFigure
from analysis.figures import Figure, Source
from analysis.report import TimeSeries, open_report, result, slider
from analysis.report.shown import PageError, Unavailable
from analysis.report.tables import series_table

PAGE = open_report("2025Q4").page("aws")
WORDS: dict[str, Any] = {"title": "Sales", "finding": "They rose"}
LATE = Figure(1.0, "usd_bn", "sales", Source("A later filing", date(2030, 1, 1)))
SALES = replace(LATE, source=Source("A filing", date(2025, 1, 1)))


def test_a_form_is_placed_under_its_name_with_the_editions_cutoff() -> None:
    chart = PAGE.columns("sales", {"a": SALES}, **WORDS)
    assert isinstance(chart, ChartFigure)
    assert (chart.page, chart.name, chart.cutoff) == ("aws", "sales", PAGE.report.edition.cutoff)


def test_a_chart_without_any_public_figure_gives_way_to_a_note() -> None:
    shown = PAGE.lines("sales", {"a": TimeSeries("a", "usd_bn", {})}, **WORDS)
    assert isinstance(shown, Unavailable)
    assert (shown.what, shown.name) == ("sales", "sales")


def test_no_figure_drawn_became_public_after_the_cutoff() -> None:
    with pytest.raises(PageError, match="'A later filing' became public on 2030-01-01"):
        PAGE.bars("sales", {"a": LATE}, source="somebody", **WORDS)


def test_any_altair_chart_gets_the_frame_and_its_data_as_table_and_sources() -> None:
    chart = alt.Chart(pd.DataFrame({"a": [1.0]})).mark_bar().encode(x="a:Q")
    data = pd.DataFrame({"part": ["AWS"], "sales": [SALES]})
    shown = PAGE.show(chart, "own", data=data, columns={"part": "Part", "sales": "Sales"}, **WORDS)
    assert shown.csv() == "Part,Sales [usd_bn]\nAWS,1.0\n"
    assert shown.description == "Sales. They rose."
    assert "A filing" in shown.html()


def test_a_table_takes_rows_as_they_come() -> None:
    rows = [{"part": "AWS", "sales": SALES, "note": "grew"}, {"part": "Stores", "sales": None, "note": ""}]
    shown = PAGE.table("parts", rows, columns={"part": "Part", "sales": "Sales"}, title="Parts")
    assert not isinstance(shown, Unavailable)
    assert shown.csv() == "Part,Sales [usd_bn]\nAWS,1.0\nStores,\n"
    assert list(shown.numbers) == ["aws.parts.sales.0"]


def test_a_table_without_rows_gives_way_to_a_note() -> None:
    assert isinstance(PAGE.table("parts", [], columns={"part": "Part"}, title="Parts"), Unavailable)


@pytest.mark.parametrize(("over", "head"), [("{}", "Quarter"), ("twelve months to {}", "Twelve months to")])
def test_periods_are_headed_by_what_they_stand_for(over: str, head: str) -> None:
    sales = TimeSeries("Sales", "usd_bn", {"2025Q4": Figure(1.0, "usd_bn", "sales")}, over)
    _, heads = series_table({"Sales": sales, "Twice": sales * 2.0}, ["2025Q4"])
    assert heads[0].label == head


def test_series_across_may_have_units_of_their_own() -> None:
    money = TimeSeries("Sales", "usd_bn", {2024: SALES, 2025: SALES})
    share = TimeSeries("Growth", "fraction", {2025: Figure(0.1, "fraction", "growth")})
    shown = PAGE.table(
        "years", {"Sales": money, "Growth": share}, periods=[2024, 2025], across="Item", title="t"
    )
    assert not isinstance(shown, Unavailable)
    assert [column.unit for column in shown.columns] == ["text", "figure", "figure"]
    assert ">10.0%<" in shown.html()


def growth_then(rate: Any) -> Any:
    return 100 * (1 + rate)


def by_name(rate: Any) -> dict[str, Any]:
    return {"now": 100.0, "then": growth_then(rate)}


PRESETS = {"bear": {"rate": 0.1}, "base": {"rate": 0.2}}
GROWTH = {
    "title": "Growth",
    "results": [result("Then", "usd_bn", growth_then)],
    "presets": PRESETS,
}


def test_a_calculator_begins_at_the_reports_scenario_and_spans_the_presets() -> None:
    made = PAGE.calculator(
        "play", sliders={"rate": slider("Rate", "fraction", step=0.01)}, columns=by_name, **GROWTH
    )
    (rate,) = made.sliders
    assert (rate.min, rate.max, rate.value) == (0.0, 0.3, 0.2)
    assert made.results() == {"growth_then": 120.0}
    assert made.chart is not None


def test_ends_and_beginning_may_be_given_and_a_chart_is_not_needed() -> None:
    lever = slider("Rate", "fraction", step=0.01, low=0.0, high=0.5, note="a year")
    made = PAGE.calculator("play", sliders={"rate": lever}, start={"rate": 0.25}, **GROWTH)
    (rate,) = made.sliders
    assert (rate.min, rate.max, rate.value, rate.note) == (0.0, 0.5, 0.25, "a year")
    assert made.chart is None


def test_a_slider_that_no_preset_sets_needs_a_beginning() -> None:
    levers = {"rate": slider("Rate", "fraction", step=0.01), "years": slider("Years", "years", step=1.0)}
    with pytest.raises(ValueError, match="say with start=… where years begin"):
        PAGE.calculator("play", sliders=levers, **GROWTH)


def test_what_was_not_public_is_told_in_words_and_names_keep_their_capital() -> None:
    with pytest.raises(PageError, match="no words for what was not public"):
        PAGE.put("capex_finding", None)
    told = [PAGE.put("chips", None, words) for words in ("Nvidia's sales", "Sales by quarter")]
    assert [each.what for each in told if isinstance(each, Unavailable)] == [
        "Nvidia's sales",
        "sales by quarter",
    ]
