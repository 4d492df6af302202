"""The page on all editions and their feed: what was published, what was rebuilt, and how each did."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from analysis.build import archive_page
from analysis.build.archive_page import Entry, article, feed, framed, tiles
from analysis.build.parameters import Parameters
from analysis.build.tree import BuildError, Tree
from analysis.build.volumes import Volume, volumes
from analysis.model.track_record.backtest import Outcome
from tests.build.tiny_book import ROOT

TREE = Tree(ROOT)
NEW, OLD = Volume(Parameters("2025Q4", "base"), True), Volume(Parameters("2024Q3", "base"))
FIRST = """
<ul class="tiles"><li><strong><a class="num" href="#n-index-value" data-key="index.value">$2.23T</a></strong>\
<span>Amazon&#x27;s market value, 31 March 2026</span></li>
<li><strong><a class="num" href="#n-index-t4t_odds" data-key="index.t4t_odds">34%</a></strong>\
<span>Chance to be above $4T</span></li></ul>
"""
CAME = Outcome("report", "2024Q3", "2025Q3", 4, "lognormal", 171.0, None, None, 180.0, 180.0, 0.05)


@pytest.fixture
def entries() -> list[Entry]:
    return [
        Entry(NEW, date(2026, 3, 31), tiles(FIRST), None),
        Entry(OLD, date(2024, 11, 1), tiles(FIRST), CAME),
    ]


def rows(entries: list[Entry]) -> list[list[str]]:
    shown = article(entries, archive_page.published(TREE, [NEW, OLD]), [])
    table = BeautifulSoup(shown, "html.parser").select("tbody tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table]


def test_a_book_is_published_if_its_vintage_was_kept_and_its_scenario_is_base() -> None:
    kept = {path.stem for path in (TREE.data / "vintages").glob("*.yml")}
    assert kept
    assert {volume.name for volume in volumes(TREE) if volume.is_published} == kept


def test_what_a_first_page_sets_large_is_read_off_it() -> None:
    assert tiles(FIRST)["index.value"] == (
        "$2.23T",
        "#n-index-value",
        "Amazon's market value, 31 March 2026",
    )


def test_only_what_was_published_says_so_and_the_rest_is_marked_as_rebuilt(entries: list[Entry]) -> None:
    assert [row[:3] for row in rows(entries)] == [
        ["2025Q4", "as published", "31 March 2026"],
        ["2025Q4", "rebuilt with today’s rules", "31 March 2026"],
        ["2024Q3", "rebuilt with today’s rules", "1 November 2024"],
    ]


def test_what_was_published_is_shown_as_its_vintage_has_it(entries: list[Entry]) -> None:
    vintage = archive_page.published(TREE, [NEW])["2025Q4"]
    assert vintage.outputs["odds.4T.above"] == 0.33518
    assert rows(entries)[0][3:5] == ["$2.23T", "34%"]


def test_an_edition_is_held_against_what_came(entries: list[Entry]) -> None:
    assert rows(entries)[2][5:] == ["171.0", "180.0", "−5.0"]
    assert rows(entries)[1][5:] == ["–", "–", "–"]


def test_a_number_leads_to_its_place_in_its_edition(entries: list[Entry]) -> None:
    shown = BeautifulSoup(article(entries, {}, []), "html.parser")
    targets = [link["href"] for link in shown.select("tbody tr:last-child a")]
    folder = "editions/2024Q3/index.html"
    assert targets == [folder, f"{folder}#n-index-value", f"{folder}#n-index-t4t_odds"]


def test_outcomes_are_those_of_the_back_test_that_have_come_due() -> None:
    found = archive_page.outcomes(TREE, "2025Q1")
    assert max(found) == "2024Q1"
    assert found["2024Q1"].target == "2025Q1"
    assert found["2024Q1"].actual == pytest.approx(155.667)


def test_the_page_stands_in_the_frame_one_folder_below_the_top() -> None:
    frame = (
        '<html data-root="./"><title>Index · The book</title><link href="_static/a.css">'
        "<article>old</article>"
        '<a href="#x">x</a><a href="https://example.org">y</a></html>'
    )
    page = framed(frame, '<h1>All</h1><a href="aws.html">AWS</a>')
    assert "<title>All editions · The book</title>" in page
    assert 'data-root="../"' in page
    links = [link["href"] for link in BeautifulSoup(page, "html.parser").find_all(["a", "link"])]
    assert links == ["../_static/a.css", "../aws.html", "#x", "https://example.org"]


def test_a_frame_without_a_text_is_refused() -> None:
    with pytest.raises(BuildError, match="the frame has 0 texts"):
        framed("<main></main>", "<h1>All</h1>")


@pytest.mark.parametrize("address", ["", "https://example.org/report/"])
def test_the_feed_has_what_atom_asks_for(entries: list[Entry], address: str) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    found = ElementTree.fromstring(feed(entries, "Amazon & 2030", "The authors", address).encode())
    assert found.tag == f"{atom}feed"
    assert found.findtext(f"{atom}title") == "Editions: Amazon & 2030"
    assert found.findtext(f"{atom}updated") == "2026-03-31T00:00:00Z"
    assert found.findtext(f"{atom}author/{atom}name") == "The authors"
    listed = found.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in listed] == [
        "Edition 2025Q4, published",
        "Edition 2024Q3, rebuilt with today’s rules",
    ]
    for entry, volume in zip(listed, (NEW, OLD), strict=True):
        link = entry.find(f"{atom}link")
        assert link is not None
        assert link.get("href") == f"{address}{volume.folder}/index.html"
        assert "Chance to be above $4T: 34%" in (entry.findtext(f"{atom}summary") or "")
    ids = [each.text for each in found.iter(f"{atom}id")]
    assert len(set(ids)) == 3
    assert all((each or "").startswith("urn:uuid:") for each in ids)
