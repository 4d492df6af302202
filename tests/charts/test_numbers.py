from __future__ import annotations

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from analysis.charts.numbers import formatted, number_link, numbers_section, record
from analysis.charts.sources import caption, documents, too_late
from analysis.figures import Figure, Source, computed, kernel_result, not_public, text
from analysis.model.projection.growth import cagr, compound

OLD = Source("Release", date(2025, 2, 6), "https://example.org/r", "data/q4.yml", "segments.aws.net_sales")
NEW = Source("10-K", date(2026, 2, 6), None, "data/k.yml", "income.net_sales", "estimate")
SALES, BEFORE = Figure(200.0, "usd_bn", "sales", NEW), Figure(160.0, "usd_bn", "sales before", OLD)
GROWTH = (SALES / BEFORE - 1).named("growth", "fraction")


def test_record_holds_value_formula_inputs_sources_and_latest_date() -> None:
    kept = record(GROWTH)
    assert kept["value"] == pytest.approx(0.25)
    assert kept["text"] == "25.0%"
    assert kept["formula"] == "sales ÷ sales before − 1"
    assert kept["inputs"] == [
        {"label": "sales", "text": "$200.0bn", "kind": ""},
        {"label": "sales before", "text": "$160.0bn", "kind": ""},
    ]
    assert [s["document"] for s in kept["sources"]] == ["10-K", "Release"]
    assert kept["published"] == "2026-02-06"


def test_record_of_a_number_that_was_not_public_names_what_was_missing() -> None:
    azure = not_public("Azure, revenue", "usd_bn")
    share = azure / (azure + SALES)
    assert (record(share)["absent"], record(share)["missing"]) == (True, ("Azure, revenue",))
    assert record(share.named("Azure's share"))["missing"] == ("Azure's share",)
    assert record(GROWTH)["absent"] is False


def test_record_names_a_document_once_with_all_its_fields() -> None:
    other = Source(OLD.document, OLD.published, OLD.url, OLD.path, "segments.aws.operating_income")
    both = (BEFORE + Figure(1.0, "usd_bn", "income", other)).named("both", "usd_bn")
    sources = record(both)["sources"]
    assert [s["fields"] for s in sources] == [["segments.aws.net_sales", "segments.aws.operating_income"]]


def test_link_leads_to_a_row_that_tells_all() -> None:
    page = BeautifulSoup(numbers_section({"aws.growth": record(GROWTH)}), "html.parser")
    link = BeautifulSoup(number_link("aws.growth", "25%"), "html.parser").a
    assert link is not None
    row = page.find(id=str(link["href"]).removeprefix("#"))
    assert row is not None
    words = row.get_text(" ")
    for part in ("growth", "aws.growth", "25.0%", "sales ÷ sales before − 1", "sales before: $160.0bn",
                 "Release", "10-K", "(estimate)", "segments.aws.net_sales", "6 February 2025",
                 "6 February 2026"):  # fmt: skip
        assert part in words


def test_a_simulated_number_stands_with_its_standard_error() -> None:
    chance = Figure(0.384, "fraction", "chance").within(0.0009)
    assert record(chance)["error"] == "± 0.09 points"
    assert record(GROWTH)["error"] == ""
    value = row(chance).find("td", class_="value")
    assert value is not None
    assert value.get_text(" ").endswith("± 0.09 points, one standard error of the simulation")


def row(figure: Figure) -> BeautifulSoup:
    return BeautifulSoup(numbers_section({"a.b": record(figure)}), "html.parser")


def test_long_lists_fold_what_a_reader_rarely_wants() -> None:
    sources = [Source(f"Release {n}", date(2025, 1, n), None, None, f"field_{n}") for n in range(1, 9)]
    parts = [Figure(float(n), "usd_bn", f"part {n}", source) for n, source in enumerate(sources, 1)]
    inputs, origins = row(computed(36.0, "usd_bn", "sum", "Σ", *parts)).select("td details")
    assert inputs.get_text("|").split("|") == ["2 more inputs", "part 7: $7.0bn", "part 8: $8.0bn"]
    assert origins.get_text().startswith("5 more sources")
    short = row(computed(6.0, "usd_bn", "sum", "Σ", *parts[:4]))
    assert not short.select("td details")


def test_quarters_of_one_series_share_a_line() -> None:
    quarters = ("2025Q1", "2025Q3", "2025Q2")
    sales = [Figure(float(at), "usd_bn", f"AWS sales, {quarter}") for at, quarter in enumerate(quarters)]
    other = [Figure(7.0, "usd_bn", f"Sales, {quarter}") for quarter in quarters[:2]]
    inputs = row(computed(36.0, "usd_bn", "sum", "Σ", other[0], *sales, other[1])).select(".inputs li, td li")
    assert [item.get_text() for item in inputs] == [
        "Sales, 2025Q1: $7.0bn",
        "Sales, 2025Q3: $7.0bn",
        "AWS sales, 3 quarters from 2025Q1 to 2025Q3: $0.0bn, $2.0bn, $1.0bn",
    ]


def test_twelve_months_to_several_quarters_share_a_line_too() -> None:
    quarters = ("2024Q4", "2025Q1", "2025Q2")
    years = [Figure(float(at), "usd_bn", f"AWS sales, twelve months to {q}") for at, q in enumerate(quarters)]
    (line,) = row(computed(3.0, "usd_bn", "sum", "Σ", *years)).select("td li")
    expected = "AWS sales, twelve months to each of 3 quarters from 2024Q4 to 2025Q2: $0.0bn, $1.0bn, $2.0bn"
    assert line.get_text() == expected


def test_what_has_no_name_is_listed_by_what_it_was_made_of() -> None:
    worth = kernel_result(Figure(4.0, "usd_bn", "start") * (SALES / BEFORE), "worth", "usd_bn", cagr)
    scored = computed(0.2, "x", "score", cagr, worth, SALES - BEFORE)
    assert [item["label"] for item in record(scored)["inputs"]] == ["start", "sales", "sales before"]


def test_of_many_documents_all_but_the_latest_are_named_by_number_and_stand_once() -> None:
    days = [date(2024, 12, n) for n in range(1, 21)]
    parts = [Figure(1.0, "x", str(day), Source(f"Release {day:%d}", day, None, None)) for day in days]
    both = {f"a.{n}": record(computed(1.0, "x", str(n), "", *parts[:n])) for n in (18, 20)}
    page = BeautifulSoup(numbers_section(both), "html.parser")
    for each, count in zip(page.select("tbody tr"), (18, 20), strict=True):
        named = [p.get_text() for p in each.select("td:nth-of-type(3) > p, .origins > p")]
        assert [words.split(",")[0] for words in named] == [f"Release {count - n:02}" for n in range(3)]
        links = each.select(".refs a")
        assert len(links) == count - 3
        named = {link["href"]: page.select(str(link["href"])) for link in links}
        found = {document.get_text().split(",")[0] for (document,) in named.values()}
        assert found == {f"Release {n:02}" for n in range(1, count - 2)}
    assert len(page.select("ol li")) == 17


def test_a_kernels_result_leads_to_its_formula_and_groups_what_went_in() -> None:
    assumed = Figure(0.1, "fraction", "growth", Source("Assumption", NEW.published, quality="assumption"))
    steps, total = Figure(2.0, "years", "years ahead"), (SALES + BEFORE).named("both years' sales")
    ahead = kernel_result(total * (1 + assumed) ** steps, "sales ahead", "usd_bn", compound)
    worth = kernel_result(ahead * 2.0, "worth", "usd_bn", cagr)
    how = row(worth).select("td:nth-of-type(2)")[0]
    link = how.select_one("a")
    assert link is not None
    assert link["href"] == "formulas.html#analysis.model.projection.growth.cagr"
    assert how.get_text("|").split("|") == [
        "(end ÷ start) ^ (1 ÷ years) - 1", "Computed by ", "growth.cagr",
        "Assumed", "growth: 10.0%", "Reported", "both years’ sales: $360.0bn",
        "Other", "years ahead: 2\N{NO-BREAK SPACE}years",
    ]  # fmt: skip


def test_days_are_printed_as_the_site_prints_them_and_kept_as_they_are() -> None:
    close = Figure(2.0, "usd", "AMZN close, 2026-05-15", NEW)
    kept = record((close * 2.0).named("Worth, 2026-05-15"))
    page = BeautifulSoup(numbers_section({"a.b": kept}), "html.parser")
    assert not re.search(r"\d{4}-\d{2}-\d{2}", page.get_text())
    assert "AMZN close, 15 May 2026: $2.00" in [each.get_text() for each in page.select("li")]
    assert kept["label"] == "Worth, 2026-05-15"


def test_a_long_list_is_written_once_a_page_and_many_assumptions_are_counted() -> None:
    sources = [Source(f"Assumption {n}", NEW.published, quality="assumption") for n in range(9)]
    parts = [
        Figure(float(n), "x", f"an assumption about part {n} of what is to come", s)
        for n, s in enumerate(sources)
    ]
    both = {f"a.{name}": record(computed(36.0, "x", name, "Σ", *parts, SALES)) for name in ("one", "two")}
    both["a.three"] = record(computed(36.0, "x", "three", "Σ", *parts))
    page = BeautifulSoup(numbers_section(both), "html.parser")
    one, two, three = page.select("tbody tr")
    link = two.select_one("[data-same=inputs]")
    assert link is not None
    assert link["href"] == f"#{one['id']}"
    assert [len(each.select(".inputs li")) for each in (one, two, three)] == [10, 0, 9]
    origins = [p.get_text() for p in one.select("td:nth-of-type(3) p")]
    assert origins[0].startswith("10-K (estimate)")
    assert origins[1:] == ["9 assumptions, each with its reason on the page of the method"]


def test_documents_come_latest_first_and_before_assumptions() -> None:
    assumed = Source("Assumption; leans on sales", date(2026, 3, 31), None, None, None, "assumption")
    parts = [Figure(1.0, "x", "growth", assumed), BEFORE, SALES]
    origins = [p.get_text() for p in row(computed(1.0, "x", "all", "", *parts)).select("td:nth-of-type(3) p")]
    assert origins == [
        "10-K (estimate), 6 February 2026: income.net_sales",
        "Release, 6 February 2025: segments.aws.net_sales",
        "Assumption; leans on sales, 31 March 2026",
    ]


def test_many_statement_lines_of_a_document_are_counted() -> None:
    lines = [Source("10-Q", date(2025, 5, 2), None, None, f"income.line_{n}") for n in range(1, 7)]
    both = computed(1.0, "x", "all", "", *(Figure(1.0, "x", f"line {n}", s) for n, s in enumerate(lines)))
    assert "income.line_1, income.line_2, income.line_3 and 3 more" in row(both).get_text()


def test_words_are_marked_apart_from_numbers_and_have_no_unit() -> None:
    assert 'class="num word"' in number_link("a.b", "rose", is_word=True)
    assert 'class="num"' in number_link("a.b", "25%")
    assert row(text("rose", "direction", GROWTH)).select(".value")[0].get_text() == "rose"


def test_words_in_records_cannot_become_markup() -> None:
    figure = Figure(1.0, "x", "<b>bold</b>", Source("<i>", date(2025, 1, 1)))
    html = numbers_section({"a.b": record(figure)}) + number_link("a.b", "<u>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_formats_can_be_asked_for_by_name() -> None:
    assert formatted(record(GROWTH), "percent0") == "25%"
    assert formatted(record(text("rose", "direction", GROWTH))) == "rose"
    with pytest.raises(KeyError, match="no format"):
        formatted(record(GROWTH), "percents")


def test_caption_names_few_documents_and_counts_the_rest() -> None:
    many = [Source(f"Release {n}", date(2025, 1, n)) for n in range(1, 7)]
    words = caption(many, date(2026, 3, 31))
    assert words == "Source: Release 6; Release 5; and 4 more. Known by 31 March 2026."


def test_caption_of_two_documents_names_both() -> None:
    two = [Source(f"Release {n}", date(2025, 1, n)) for n in (1, 2)]
    assert caption(two, None) == "Source: Release 2; Release 1."


def test_documents_are_those_below_figures_each_once() -> None:
    assert documents([GROWTH, OLD, "own work"]) == (NEW, OLD, "own work")


def test_too_late_finds_sources_below_figures() -> None:
    assert too_late(GROWTH, date(2025, 12, 31)) == [NEW]
    assert too_late([GROWTH, "own work"], date(2026, 2, 6)) == []
