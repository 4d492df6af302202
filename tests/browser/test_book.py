"""Every page of the real book keeps the budgets."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analysis.build import parameters
from analysis.build.pages import read_toc
from analysis.build.tree import Tree
from analysis.charts.calculator import Calculator
from tests.browser import budgets
from tests.browser.test_calculators import moved
from tests.browser.visit import Site, visit
from tests.notebooks import run, some

pytestmark = [pytest.mark.browser, pytest.mark.book]
TREE = Tree(Path(__file__).parents[2])
PAGES = [f"{page.name}.html" for page in read_toc(TREE)]
CHOSEN = parameters.choose(TREE)
EDITION, SCENARIO = CHOSEN.as_of, CHOSEN.scenario
PLAYED = [
    f"{name}.html"
    for name in (
        "index", "projection", "aws", "chips", "robotics", "advertising", "retail", "capex", "sotp", "dcf",
        "scenarios", "sensitivity", "peers", "risks", "articles",
    )
]  # fmt: skip
SLOW = ("index.html", "articles.html", "history.html")  # the first page, the heaviest, one full of charts
EVERY_KIND = ("index.html", "aws.html", "robotics.html", "glossary.html")  # of part that a page may have
_POINTS = 40  # settings of the sliders that are compared with the kernel


@pytest.mark.parametrize("page", some(EVERY_KIND, PAGES, "pages"))
def test_page_at_a_desk(browser: Browser, book: Site, page: str) -> None:
    assert budgets.desk(browser, book, page) == []


@pytest.mark.parametrize("page", some(EVERY_KIND, PAGES, "pages"))
def test_page_on_a_phone(browser: Browser, book: Site, page: str) -> None:
    assert budgets.phone(browser, book, page) == []


@pytest.mark.parametrize("page", some(SLOW[:1], PAGES))  # the sample has every kind of part
def test_page_has_no_barriers(browser: Browser, book: Site, page: str) -> None:
    assert budgets.barriers(browser, book, page) == []


@pytest.mark.parametrize("page", some(SLOW, PAGES))
def test_page_paints_in_time_on_a_slow_phone(browser: Browser, book: Site, page: str) -> None:
    assert budgets.slow_phone(browser, book, page) == []


@pytest.mark.parametrize("page", some(EVERY_KIND, PAGES))
def test_page_without_scripts(browser: Browser, book: Site, page: str) -> None:
    assert budgets.scripts_off(browser, book, page) == []


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("as_of", "scenario"), [("2021Q3", "base"), (EDITION, "bull")])
def test_page_of_another_book(
    browser: Browser, book_of: Callable[..., Site], as_of: str, scenario: str, page: str
) -> None:
    """Other numbers stand elsewhere in a chart and are of other lengths."""
    folder = f"_build/tests-{as_of}-{scenario}"
    site = book_of(folder, "--as-of", as_of, "--scenario", scenario)
    assert budgets.desk(browser, site, page) + budgets.phone(browser, site, page) == []


def points(calculator: Calculator) -> list[dict[str, float]]:
    """Ends and middle of sliders, ends of boxes, in all combinations, at most ``_POINTS`` of them."""
    steps = {
        s.name: (s.min, s.max) if s.is_tick else (s.min, (s.min + s.max) / 2, s.max)
        for s in calculator.sliders
    }
    every = [dict(zip(steps, values, strict=True)) for values in itertools.product(*steps.values())]
    return random.Random(5).sample(every, min(_POINTS, len(every)))


def test_calculators_are_where_they_belong(book: Site) -> None:
    found = [p for p in PAGES if 'class="calculator"' in (book.folder / p).read_text(encoding="utf-8")]
    assert sorted(found) == sorted(PLAYED)


@pytest.mark.parametrize("page", some(EVERY_KIND, PLAYED, "pages"))
def test_calculators_give_what_the_kernel_gives(browser: Browser, book: Site, page: str) -> None:
    with visit(browser, book, page) as opened:
        names = [str(s.get_attribute("data-name")) for s in opened.page.query_selector_all(".calculator")]
        built = run(page.removesuffix(".html"), EDITION, SCENARIO).parts
        assert names
        for name in names:
            calculator = built[name]
            assert isinstance(calculator, Calculator)
            assert moved(opened.page, name, {})["outputs"] == pytest.approx(calculator.results(), rel=1e-9)
            for point in points(calculator):
                read = moved(opened.page, name, point)
                assert read["outputs"] == pytest.approx(
                    calculator.results(read["sliders"]), rel=1e-9, abs=1e-12
                )
            for preset, values in calculator.presets.items():
                opened.page.locator(f'[data-name="{name}"] [data-preset="{preset}"]').click()
                outputs = moved(opened.page, name, {})["outputs"]
                assert outputs == pytest.approx(calculator.results(values), rel=1e-9, abs=1e-12)
        assert opened.errors == []


def test_no_file_of_the_theme_is_left(book: Site) -> None:
    names = [path.name for path in (book.folder / "_static").rglob("*")]
    assert [name for name in names if "fontawesome" in name or "bootstrap" in name or "thebe" in name] == []


def test_pages_have_distinct_titles(book: Site) -> None:
    titles = [
        (book.folder / page).read_text(encoding="utf-8").split("<title>")[1].split("</title>")[0]
        for page in PAGES
    ]
    assert [a for a, b in itertools.combinations(titles, 2) if a == b] == []
