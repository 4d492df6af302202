from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType

import altair as alt
import pandas as pd
import pytest

import analysis.chapters.page as pages
from analysis.chapters.page import Page, PageError, Unavailable, open_page
from analysis.charts.html import MIME
from analysis.charts.render import ChartFigure
from analysis.charts.table import Column, Table
from analysis.data import DataError, open_edition
from analysis.figures import Figure, Source

CUTOFF = date(2025, 2, 7)
KNOWN = Source("Release", date(2025, 2, 6), None, "data/q4.yml", "income.net_sales")
LATER = Source("10-K for 2025", date(2026, 2, 6), None, "data/later.yml", "income.net_sales")
SALES = Figure(638.0, "usd_bn", "net sales", KNOWN)
FRAME = pd.DataFrame({"year": [2023, 2024], "sales": [574.8, 638.0]})


@dataclass(frozen=True)
class _Edition:
    label: str = "2024Q4"
    cutoff: date = CUTOFF


def chart(source: Source = KNOWN) -> ChartFigure:
    drawn = alt.Chart(FRAME).mark_bar().encode(x="year:O", y="sales:Q")
    return ChartFigure(drawn, "Sales", "Sales rose to $638.0bn.", FRAME, source)


def page(**parts: object) -> Page:
    return Page("history", **{"numbers": {"sales": SALES}, "edition": _Edition(), **parts})


def test_numbers_are_shown_under_the_name_of_the_page() -> None:
    payload = page()._repr_mimebundle_()[MIME]
    assert payload["kind"] == "numbers"
    assert (payload["edition"], payload["cutoff"], payload["scenario"]) == ("2024Q4", "2025-02-07", "base")
    assert payload["numbers"]["history.sales"]["text"] == "$638.0bn"


def test_parts_carry_page_name_and_cutoff() -> None:
    table = Table(FRAME, [Column("year", "Year", "year")], "Years", KNOWN)
    shown = page(charts={"sales": chart}, tables={"years": lambda: table})
    placed, listed = shown.chart("sales"), shown.table("years")
    assert isinstance(placed, ChartFigure)
    assert isinstance(listed, Table)
    assert (placed.page, placed.name, placed.cutoff) == ("history", "sales", CUTOFF)
    assert (listed.page, listed.name, listed.cutoff) == ("history", "years", CUTOFF)


@pytest.mark.parametrize("kind", ["chart", "table", "calculator"])
def test_unknown_part_is_refused_with_the_known_ones(kind: str) -> None:
    shown = page(charts={"sales": chart}, tables={"sales": chart}, calculators={"sales": chart})
    with pytest.raises(PageError, match=rf"history: no {kind} 'salse'; there are sales"):
        getattr(shown, kind)("salse")


def test_missing_part_says_what_was_not_public() -> None:
    shown = page(charts={"lines": lambda: Unavailable("advertising as a line of its own")})
    note = shown.chart("lines")
    assert isinstance(note, Unavailable)
    words = "Not public by 7 February 2025: advertising as a line of its own"
    assert words in note._repr_mimebundle_()["text/html"]
    assert note._repr_mimebundle_()[MIME]["name"] == "lines"


def test_tiles_set_numbers_large_in_the_format_asked_for() -> None:
    shown = page().tiles("sales|usd_bn0")
    assert ">$638bn</a>" in shown.html()
    assert 'data-key="history.sales"' in shown.html()
    with pytest.raises(PageError, match="no number 'profit'"):
        page().tiles("profit")


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        ({"sales": 638.0}, r"history.sales: expected a Figure, found float"),
        ({"history.sales": SALES}, r"number key 'history.sales': expected lower-case words"),
        ({"Sales": SALES}, r"number key 'Sales'"),
        ({"sales": replace(SALES, value=float("nan"))}, r"history.sales: 'net sales' is nan"),
        (
            {"growth": (SALES / replace(SALES, source=LATER)).named("growth", "x")},
            r"history.growth: '10-K for 2025' \(data/later.yml: income.net_sales\) became public "
            r"on 2026-02-06 \(expected by 2025-02-07\)",
        ),
    ],
)
def test_wrong_numbers_are_named(numbers: dict[str, Figure], problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        assert page(numbers=numbers).problems() == []


def test_what_became_public_on_the_day_of_the_cutoff_may_be_used() -> None:
    that_day = replace(SALES, source=replace(KNOWN, published=CUTOFF))
    assert page(numbers={"sales": that_day}).problems() == []
    assert page(charts={"sales": lambda: chart(replace(KNOWN, published=CUTOFF))}).chart("sales")


def test_sound_page_has_no_problems() -> None:
    assert page(charts={"sales": chart}).problems() == []


def test_all_problems_are_told_at_once() -> None:
    assert len(page(numbers={"A": SALES, "b": 1.0}, charts={"C": chart}).problems()) == 3


def test_chart_that_rests_on_what_came_later_is_refused() -> None:
    with pytest.raises(PageError, match="history: chart sales: '10-K for 2025'.*2026-02-06"):
        page(charts={"sales": lambda: chart(LATER)}).chart("sales")


def test_table_whose_cells_came_later_is_refused() -> None:
    frame = pd.DataFrame({"sales": [SALES, replace(SALES, source=LATER)]})
    table = Table(frame, [Column("sales", "Sales", "usd_bn")], "Sales")
    with pytest.raises(PageError, match="history: table sales: '10-K for 2025'"):
        page(tables={"sales": lambda: table}).table("sales")


@pytest.fixture
def chapter(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("analysis.chapters.made_up")
    monkeypatch.setitem(sys.modules, "analysis.chapters.made_up", module)
    monkeypatch.setattr(pages, "chapters", lambda: ["made_up"])
    return module


def test_page_is_built_for_its_edition_and_scenario(chapter: ModuleType) -> None:
    def build(edition: object, scenario: str) -> Page:
        sales = open_edition("2024Q4").figure("income.net_sales", "2024Q4")
        return Page("made-up", {"sales": sales, "story": Figure(scenario, "text", "scenario")})

    chapter.build = build
    opened = open_page("made-up", "2024Q4", "bull")
    assert (opened.name, opened.scenario) == ("made-up", "bull")
    assert opened.numbers["story"].value == "bull"
    assert opened.edition is not None
    assert opened.edition.label == "2024Q4"


def test_page_with_a_later_figure_is_not_opened(chapter: ModuleType) -> None:
    later = open_edition("2025Q4").figure("income.net_sales", "2025Q4")
    chapter.build = lambda edition, scenario: Page("made-up", {"sales": later})
    with pytest.raises(PageError, match=r"made-up.sales: .* became public on 2026-02-05 \(expected by"):
        open_page("made-up", "2024Q4", "base")


def test_unknown_chapter_edition_and_scenario_are_refused() -> None:
    with pytest.raises(PageError, match=r"no chapter 'histroy' \(expected one of .*history"):
        open_page("histroy", "2024Q4", "base")
    with pytest.raises(DataError, match="expected an edition; nearest"):
        open_page("history", "2031Q4", "base")
    with pytest.raises(DataError, match="data/scenarios/wild.yml"):
        open_page("history", "2024Q4", "wild")
