from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import altair as alt
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.charts import forms, theme
from analysis.charts.drawing import Drawing, canonical, sized
from analysis.charts.html import MIME
from analysis.charts.render import LIVE, ChartFigure
from analysis.charts.table import Column
from analysis.charts.theme import SHAPES, TARGET
from tests.browser import sample

CHARTS = {chart.title: chart for chart in sample.charts()}
COLOUR = re.compile(r'(?:fill|stroke)="(#\w{3,6})"')


def simple(data: pd.DataFrame | None = None) -> ChartFigure:
    frame = pd.DataFrame({"year": [2024, 2025], "sales": [1.5, 2.5]}) if data is None else data
    chart = alt.Chart(frame).mark_bar().encode(x="year:O", y="sales:Q")
    return ChartFigure(chart, "Sales", "Sales rose to two and a half.", frame, "Filing").placed(
        "aws", "sales", date(2026, 3, 31)
    )


@pytest.mark.parametrize("title", CHARTS)
def test_charts_use_only_the_colours_of_the_theme(title: str) -> None:
    known = {
        c
        for v in vars(theme).values()
        for c in ((v,) if isinstance(v, str) else v if isinstance(v, tuple) else ())
        if isinstance(c, str)
    }
    used = {colour for svg in CHARTS[title].drawing().svgs().values() for colour in COLOUR.findall(svg)}
    assert used
    assert used <= known


@pytest.mark.parametrize(
    "title",
    [pytest.param(title, marks=pytest.mark.long if at % 3 else ()) for at, title in enumerate(CHARTS)],
)
def test_same_chart_gives_same_bytes(title: str) -> None:
    again = {chart.title: chart for chart in sample.charts()}
    assert again[title].html() == CHARTS[title].html()


def test_counted_names_do_not_depend_on_what_was_drawn_before() -> None:
    def drawn() -> ChartFigure:
        frame = pd.DataFrame({"year": [2024, 2025], "sales": [1.5, 2.5]})
        pick = alt.selection_point(fields=["year"])
        chart = alt.Chart(frame).mark_bar().encode(x="year:O", y="sales:Q").add_params(pick)
        return ChartFigure(chart, "Sales", "Sales rose.", frame)

    assert drawn().html() == drawn().html()


def test_canonical_numbers_names_from_one() -> None:
    assert canonical({"a": "param_7", "b": ["view_3", "param_7", "param_9"]}) == {
        "a": "param_1",
        "b": ["view_1", "param_1", "param_2"],
    }


def test_pictures_have_two_widths_one_description_and_own_ids() -> None:
    pictures = CHARTS["Every pair"].drawing().svgs()
    assert set(pictures) == {"wide", "narrow"}
    assert f'viewBox="0 0 {theme.WIDE} 340"' in pictures["wide"]
    assert f'viewBox="0 0 {theme.NARROW} 340"' in pictures["narrow"]
    ids = [i for svg in pictures.values() for i in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))
    assert all(i.startswith("chart-sample-chart_10-") for i in ids)
    for svg in pictures.values():
        assert svg.startswith("<svg ")
        words = "Every pair, as a grid. A multiple of four needs a tenth of growth."
        assert f'role="img" aria-label="{words}"' in svg
        assert "<title" not in svg


def test_only_the_wide_picture_shows_where_there_is_no_style_sheet() -> None:
    pictures = simple().drawing().svgs()  # as in a notebook
    assert ' display="none"' in pictures["narrow"].partition(">")[0]
    assert " display=" not in pictures["wide"].partition(">")[0]


def test_references_within_a_picture_follow_its_ids() -> None:
    frame = pd.DataFrame({"year": [2024, 2025], "sales": [1.5, 2.5]})
    chart = alt.Chart(frame).mark_line(clip=True).encode(x="year:O", y="sales:Q")
    svg = ChartFigure(chart, "Sales", "Sales rose.", frame).drawing().svgs()["wide"]
    ids, references = set(re.findall(r'\bid="([^"]+)"', svg)), set(re.findall(r"url\(#([^)]+)\)", svg))
    assert references
    assert references <= ids


def test_layout_may_depend_on_the_width() -> None:
    frame = pd.DataFrame({"year": [2024, 2025], "sales": [1.5, 2.5]})

    def chart(width: int) -> alt.Chart:
        mark = alt.Chart(frame).mark_bar()
        return mark.encode(x="year:O", y="sales:Q") if width > 500 else mark.encode(y="year:O", x="sales:Q")

    figure = ChartFigure(chart, "Sales", "Sales rose.", frame, height=300, narrow_height=420)
    assert set(figure.drawing().specs()) == {"wide", "narrow"}
    assert 'viewBox="0 0 360 420"' in figure.drawing().svgs()["narrow"]


def test_concatenated_charts_keep_their_own_size() -> None:
    frame = pd.DataFrame({"year": [2024, 2025], "sales": [1.5, 2.5]})
    part = alt.Chart(frame).mark_bar().encode(x="year:O", y="sales:Q").properties(width=200, height=100)
    figure = ChartFigure(part | part, "Sales", "Sales rose.", frame)
    spec = figure.drawing().specs()["wide"]
    assert sized(spec, 360, 200) == spec
    assert figure.drawing().svgs()["wide"].count('font-family="') >= 1


def test_bundle_has_the_page_for_the_build_and_a_live_chart_for_a_notebook() -> None:
    shown = replace(simple(), finding="Sales rose")._repr_mimebundle_()
    payload = dict(shown[MIME])
    html = payload.pop("html")
    assert Drawing(**payload.pop("drawing")) == replace(simple(), finding="Sales rose").drawing()
    assert payload == {
        "kind": "chart",
        "page": "aws",
        "name": "sales",
        "title": "Sales",
        "description": "Sales rose to two and a half.",
        "finding": "Sales rose",
        "csv": "year [number],sales [number]\n2024,1.5\n2025,2.5\n",
    }
    assert 'id="chart-aws-sales"' in html
    assert "Known by 31 March 2026." in html
    assert 'href="_static/data/aws/sales.csv"' in html
    assert html.count("<tr>") == 3
    assert "\n\n" not in html
    live = shown[LIVE]
    assert (live["title"]["text"], live["title"]["subtitle"]) == ("Sales", "Sales rose")
    assert live["datasets"]
    assert "text/html" not in shown  # JupyterLab would draw it instead of the live chart


def test_the_table_has_every_row_that_the_csv_has() -> None:
    frame = pd.DataFrame({"year": range(1000), "sales": [float(n) for n in range(1000)]})
    figure = replace(
        simple(frame), columns=(Column("year", "Year", "year"), Column("sales", "Sales", "usd_bn"))
    )
    assert figure.csv().count("\n") == figure.html().count("<tr>") == 1001


def test_specification_cannot_close_its_element() -> None:
    frame = pd.DataFrame({"year": ["</script><b>", "x"], "sales": [1.0, 2.0]})
    html = simple(frame).html()
    assert html.count("</script>") == 1
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"title": " "}, "no title"),
        ({"description": ""}, "no description"),
        ({"data": pd.DataFrame()}, "no data"),
        ({"columns": [Column("profit", "Profit")]}, "no column 'profit'"),
    ],
)
def test_incomplete_chart_is_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(simple(), **change)


def test_marks_of_the_line_above_are_drawn_as_the_series_and_none_is_like_another() -> None:
    def marks_of(*names: str, dashed: tuple[str, ...] = ()) -> list[str]:
        series = {name: {2024: 1.0, 2025: 2.0 + at} for at, name in enumerate(names)}
        colours = dict.fromkeys((name for name in names if name not in SHAPES), TARGET)
        chart = forms.lines(
            series, dashed=dashed, colours=colours, unit="usd_bn", source="a filing", title="t", finding="f"
        )
        spans = BeautifulSoup(chart.html(), "html.parser").select(".readout > span")
        return [str(span.svg.contents[0]) if span.svg else "" for span in spans]

    bear, base, bull = marks_of("bear", "base", "bull")
    assert len({bear, base, bull}) == 3
    touched, above = marks_of("touched", "above", dashed=("touched",))
    assert touched != above
    assert marks_of("one", "other") == ["", ""]
