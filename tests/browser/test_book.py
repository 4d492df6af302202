"""Every page of the real book keeps the budgets; pictures of each are kept."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analysis.build.pages import read_toc
from analysis.build.tree import Tree
from analysis.formats import show
from tests.browser import budgets
from tests.browser.look import picture
from tests.browser.test_calculators import moved
from tests.browser.visit import Site, visit

pytestmark = [pytest.mark.browser, pytest.mark.book]
PAGES = [f"{page.name}.html" for page in read_toc(Tree(Path(__file__).parents[2]))]


@pytest.mark.parametrize("page", PAGES)
def test_page_at_a_desk(browser: Browser, book: Site, page: str) -> None:
    assert budgets.desk(browser, book, page) == []
    picture(browser, book, page, 1280, "light")


@pytest.mark.parametrize("page", PAGES)
def test_page_on_a_phone(browser: Browser, book: Site, page: str) -> None:
    assert budgets.phone(browser, book, page) == []
    picture(browser, book, page, 390, "dark")


@pytest.mark.parametrize("page", PAGES)
def test_page_paints_in_time_on_a_slow_phone(browser: Browser, book: Site, page: str) -> None:
    assert budgets.slow_phone(browser, book, page) == []


@pytest.mark.parametrize("page", PAGES)
def test_page_without_scripts(browser: Browser, book: Site, page: str) -> None:
    assert budgets.scripts_off(browser, book, page) == []


@pytest.mark.parametrize("page", PAGES)
def test_page_from_the_disk(browser: Browser, book: Site, page: str) -> None:
    assert budgets.from_disk(browser, book, page) == []


@pytest.mark.parametrize("page", PAGES)
def test_calculators_answer_as_at_build_time(browser: Browser, book: Site, page: str) -> None:
    """In the browser, starting values give the printed results, and each preset sets its own values."""
    with visit(browser, book, page) as opened:
        for section in opened.page.query_selector_all(".calculator"):
            name = str(section.get_attribute("data-name"))
            stated = {
                str(cell.get_attribute("data-output")): float(str(cell.get_attribute("data-value")))
                for cell in section.query_selector_all("[data-output]")
            }
            printed = [cell.inner_text() for cell in section.query_selector_all("[data-output]")]
            units = [
                str(cell.get_attribute("data-unit")) for cell in section.query_selector_all("[data-output]")
            ]
            assert printed == [show(value, unit) for value, unit in zip(stated.values(), units, strict=True)]
            assert moved(opened.page, name, {})["outputs"] == pytest.approx(stated, rel=1e-9)
            presets = json.loads(section.query_selector(".calculator-spec").text_content())["presets"]
            for preset, values in presets.items():
                section.query_selector(f'[data-preset="{preset}"]').click()
                assert moved(opened.page, name, {})["outputs"].keys() == stated.keys()
                on = section.query_selector_all('[data-preset][aria-pressed="true"]')
                assert preset in [button.get_attribute("data-preset") for button in on]
                assert (
                    f"{name}." in opened.page.url
                    or values
                    == json.loads(section.query_selector(".calculator-spec").text_content())["start"]
                )
        assert opened.errors == []


def test_every_number_in_the_text_has_its_row(book: Site) -> None:
    from bs4 import BeautifulSoup

    missing = []
    for page in PAGES:
        soup = BeautifulSoup((book.folder / page).read_text(encoding="utf-8"), "html.parser")
        ids = {tag["id"] for tag in soup.find_all(id=True)}
        missing += [f"{page}: {a['href']}" for a in soup.select("a.num") if str(a["href"])[1:] not in ids]
    assert missing == []


def test_no_file_of_the_theme_is_left(book: Site) -> None:
    names = [path.name for path in (book.folder / "_static").rglob("*")]
    assert [name for name in names if "fontawesome" in name or "bootstrap" in name or "thebe" in name] == []


def test_pages_have_distinct_titles(book: Site) -> None:
    titles = [
        (book.folder / page).read_text(encoding="utf-8").split("<title>")[1].split("</title>")[0]
        for page in PAGES
    ]
    assert [a for a, b in itertools.combinations(titles, 2) if a == b] == []
