"""The real book, built once and read as a whole; past editions, read for what they could not know."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from analysis.build import checks, execute, generated, pages, payloads, stage
from analysis.build.book import status
from analysis.build.parameters import Parameters
from analysis.build.tree import Tree

pytestmark = pytest.mark.book
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "analysis", "book"]
PAGES = (
    "index", "your-case", "history", "aws", "chips", "robotics", "advertising", "retail", "capex",
    "projection", "sotp", "dcf", "scenarios", "sensitivity", "peers", "risks", "articles", "track-record",
    "what-changed", "method", "sources", "formulas", "api", "authors", "fields", "glossary",
    "changelog",
)  # fmt: skip
SHOWS_CODE = ("api", "authors")  # for readers to type
ROWS = re.compile(r'<tr id="(n-[^"]*)">(.*?)</tr>', re.DOTALL)
ROW = re.compile(
    r'<th scope="row">(?P<label>[^<]*)<code>(?P<key>[^<]*)</code></th>\s*'
    r'<td class="value">(?P<value>[^<]*)(?P<unit><small>[^<]*</small>)?</td>'
)
NAMES = (None, "<small>calendar year</small>")  # what has no unit, and years, are names of something
LINKS = re.compile(r'data-key="([^"]*)"')


@pytest.fixture(scope="session")
def site() -> Path:
    """The site of this checkout, brought up to date first; one worker builds, the others wait."""
    folder = ROOT / "_build"
    folder.mkdir(exist_ok=True)
    with (folder / "browser-tests.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"make book failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return folder / "html"


def read(site: Path, page: str) -> str:
    return (site / f"{page}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_plan_is_there_and_in_the_contents(site: Path, page: str) -> None:
    assert read(site, page).count("<h1") == 1
    assert page in {entry.name for entry in pages.read_toc(Tree(ROOT))}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in ("api", "authors")]
)  # which show code
def test_nothing_of_the_workshop_shows(site: Path, page: str) -> None:
    html = read(site, page)
    article = html[html.index("<article") :]
    for trace in (
        "{num}",
        "{generated}",
        "Traceback",
        "as_of =",
        "open_page(",
        "nan</",
        ">NaN<",
        "&lt;a class=",
    ):
        assert trace not in article, trace


@pytest.mark.parametrize("page", PAGES)
def test_every_number_drawn_has_its_row_with_label_value_and_key(site: Path, page: str) -> None:
    html = read(site, page)
    rows = dict(ROWS.findall(html))
    drawn = {unescape(key) for key in LINKS.findall(html)}
    for key in drawn:
        row = rows[f"n-{key.replace('.', '-')}"]
        assert f"<code>{escape(key)}</code>" in row
        assert re.search(r'<td class="value">[^<]', row), key


def test_a_quantity_has_one_value_on_the_whole_site(site: Path) -> None:
    """Numbers of sentences, by what their rows call them; words and years are names, not quantities."""
    values: dict[str, dict[str, set[str]]] = {}
    for page in PAGES:
        for found in ROW.finditer(read(site, page)):
            if (
                found["key"].count(".") == 1
                and re.search(r"\d", found["value"])
                and found["unit"] not in NAMES
            ):
                values.setdefault(found["label"], {}).setdefault(found["value"], set()).add(found["key"])
    assert len(values) > 100
    assert {label: keys for label, keys in values.items() if len(keys) > 1} == {}


def test_there_are_more_than_forty_charts_each_with_words_for_it(site: Path) -> None:
    charts = [
        chart
        for page in PAGES
        for chart in re.findall(r'<figure class="chart".*?</figure>', read(site, page), re.DOTALL)
    ]
    assert len(charts) > 40
    for chart in charts:
        labels = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]*)"', chart)
        assert labels
        assert all(len(label) > 30 for label in labels)


def test_data_are_one_click_away_and_are_data(site: Path) -> None:
    files = sorted((site / "_static" / "data").rglob("*.csv"))
    assert len(files) > 40
    for path in files:
        header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
        assert header, path.name
        assert rows, path.name


def test_notebooks_hold_little_more_than_the_pages_show(site: Path) -> None:
    sizes = {
        path.parent.name: path.stat().st_size for path in (ROOT / "_build" / "cache").rglob("notebook.ipynb")
    }
    assert {name: size for name, size in sizes.items() if size > 5_000_000} == {}


def test_a_second_build_has_nothing_to_do_and_says_so_within_a_second(site: Path) -> None:
    seconds = []
    for _ in range(3):  # other tests run beside this one: the quickest of three counts
        began = time.perf_counter()
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - began)
        assert (done.returncode, done.stderr) == (0, "_build/html/index.html is up to date\n")
    assert min(seconds) < 1


@dataclass(frozen=True)
class Past:
    """A past edition, run and staged beside the book of today."""

    cutoff: date
    numbers: Mapping[str, Mapping[str, Any]]


PAST = (Parameters("2024Q4", "base"), Parameters("2025Q1", "bull"))


@pytest.fixture(scope="session", params=PAST, ids=lambda chosen: f"{chosen.as_of} {chosen.scenario}")
def past(request: pytest.FixtureRequest) -> Past:
    chosen: Parameters = request.param
    tree = Tree(ROOT, f"_build/editions/{chosen.as_of}-{chosen.scenario}")
    contents = pages.read_toc(tree)
    executed = execute.execute(tree, chosen, [page for page in contents if page.is_notebook], quiet=True)
    cutoff = checks.cutoff(tree, chosen)
    stage.stage(tree, contents, executed, generated.texts(tree, contents, chosen), status(chosen, cutoff))
    return Past(cutoff, payloads.collect(executed).numbers)


@pytest.mark.long
def test_a_past_edition_holds_nothing_that_was_not_public(past: Past) -> None:
    dates = {
        key: max(found)
        for key, record in past.numbers.items()
        if (found := [date for date in (record["published"], *published(record)) if date])
    }
    assert len(dates) > 500
    assert {key: day for key, day in dates.items() if day > past.cutoff.isoformat()} == {}


def published(record: Mapping[str, Any]) -> list[str]:
    return [source["published"] for source in record["sources"]]


@pytest.mark.parametrize("chosen", PAST, ids=lambda chosen: f"{chosen.as_of} {chosen.scenario}")
def test_a_past_editions_lists_end_at_its_cut_off(chosen: Parameters) -> None:
    tree = Tree(ROOT)
    text = "\n".join(generated.texts(tree, pages.read_toc(tree), chosen).values())
    lists = re.sub(r"<table><caption[^>]*>Targets<.*?</table>", "", text, flags=re.DOTALL)
    shown = re.findall(r"<td[^>]*>(\d{1,2} [A-Z][a-z]+ \d{4})</td>", lists)
    assert len(shown) > 20
    assert max(datetime.strptime(each, "%d %B %Y").date() for each in shown) <= checks.cutoff(tree, chosen)
