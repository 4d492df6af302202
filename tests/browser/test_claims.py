"""The filter of the claims: by article, topic and grade, kept in the address, none without scripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.charts.table import Column, Table
from tests.browser.visit import Site, visit

pytestmark = pytest.mark.browser
SITE = Path(__file__).parents[2] / "book" / "_static" / "site"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'"
CLAIMS = {
    "one": [("A01", "AWS", "holds"), ("A02", "chips", "does not hold"), ("A03", "AWS", "does not hold")],
    "two": [("B01", "AWS", "nobody can say"), ("B02", "chips", "holds")],
}


def table(article: str) -> str:
    rows = [
        {"id": f"claim-{name}", "data_article": article, "data_topic": topic, "data_grade": grade}
        for name, topic, grade in CLAIMS[article]
    ]
    columns = ["claim", "grade", "claimed", "computed", "difference", "found"]
    frame = pd.DataFrame(
        [(name, grade, "1", "2", "1", "…") for name, _, grade in CLAIMS[article]], columns=columns
    )
    shown = [Column(c, c.capitalize(), "grade" if c == "grade" else "text") for c in columns]
    return Table(frame, shown, f"Every claim of {article}", rows=rows).html()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("claims")
    for name in ("site.css", "content.css", "figures.css", "claims.css", "claims.js"):
        shutil.copy(SITE / name, made / name)
    styles = "".join(f'<link rel="stylesheet" href="{p.name}">' for p in sorted(made.glob("*.css")))
    (made / "page.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Claims</title>'
        f'<meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{styles}'
        f'<script src="claims.js" defer></script></head>'
        f"<body><main><h1>Claims</h1><div data-claim-filter></div>"
        f"<h2>One</h2>{table('one')}<h2>Two</h2>{table('two')}</main></body></html>",
        encoding="utf-8",
    )
    return made


@pytest.fixture
def site(folder: Path, serve: Callable[[Path], Site]) -> Site:
    return serve(folder)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with visit(browser, site, "page.html") as opened:
        yield opened.page
        assert opened.errors == []
        assert opened.watched()["violations"] == []


def shown(page: Page) -> list[str]:
    return [str(row.get_attribute("id"))[-3:] for row in page.locator("tbody tr:visible").all()]


def choose(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f".claim-filter select[name={name}]").select_option(value)


def test_at_first_all_claims_are_shown(page: Page) -> None:
    assert shown(page) == ["A01", "A02", "A03", "B01", "B02"]
    expect(page.locator(".claim-filter output")).to_have_text("5 of 5 claims")


def test_the_filters_work_together(page: Page) -> None:
    choose(page, grade="does not hold")
    assert shown(page) == ["A02", "A03"]
    choose(page, topic="AWS")
    assert shown(page) == ["A03"]
    expect(page.locator(".claim-filter output")).to_have_text("1 of 5 claims")
    choose(page, grade="", article="two")
    assert shown(page) == ["B01"]


def test_a_table_without_a_match_goes_and_all_comes_back(page: Page) -> None:
    choose(page, grade="does not hold")
    expect(page.get_by_role("region", name="Every claim of two")).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("region", name="Every claim of two")).to_be_visible()
    assert len(shown(page)) == 5


def test_the_choice_is_kept_in_the_address(page: Page, browser: Browser, site: Site) -> None:
    choose(page, grade="does not hold", topic="chips")
    query = page.url.partition("?")[2]
    with visit(browser, site, f"page.html?{query}") as again:
        assert shown(again.page) == ["A02"]


def test_an_unknown_choice_in_the_address_filters_nothing(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html?grade=perfect") as opened:
        assert len(shown(opened.page)) == 5


def test_a_link_to_a_hidden_claim_shows_it(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html?grade=holds#claim-A02") as opened:
        assert "A02" in shown(opened.page)


def test_a_broken_address_shows_all_claims(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html#%") as opened:
        assert len(shown(opened.page)) == 5
        assert opened.errors == []


def test_cards_keep_the_roles_of_a_table(page: Page) -> None:
    found = page.get_by_role("table", name="Every claim of one")
    assert found.get_by_role("row").count() == 4
    assert found.get_by_role("rowheader").count() == 3
    assert found.get_by_role("cell").count() == 15


def test_a_card_on_a_phone_gives_its_claim_the_whole_width(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html", width=390) as opened:
        row, claim = (opened.page.locator(f"tbody tr{part}").first.bounding_box() for part in ("", " > th"))
        assert row
        assert claim
        assert claim["width"] > 0.9 * row["width"]


def test_it_works_from_the_disk(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html", from_disk=True) as opened:
        choose(opened.page, grade="holds")
        assert shown(opened.page) == ["A01", "B02"]
        assert opened.errors == []


def test_without_scripts_all_claims_are_shown_and_no_filter(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html", scripts=False) as opened:
        assert opened.page.locator("tbody tr:visible").count() == 5
        assert opened.page.locator(".claim-filter").count() == 0


def test_nothing_is_wider_than_a_small_phone(browser: Browser, site: Site) -> None:
    with visit(browser, site, "page.html", width=320) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 320
