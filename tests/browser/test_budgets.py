"""The budgets hold on a page with every kind of part, and each one's check fails on a broken page."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import budgets
from tests.browser.visit import Site

pytestmark = pytest.mark.browser
PAGES = ("sample.html", "formula.html", "words.html", "search.html?q=cloud", "genindex.html")
CHECKS = {
    "quiet": budgets.quiet,
    "policy": budgets.policy,
    "weights": budgets.weights,
    "paint": budgets.paint,
    "steadiness": budgets.steadiness,
    "sideways": budgets.sideways,
    "described": budgets.described,
    "without_scripts": budgets.without_scripts,
}
Break = Callable[[str, Path], str]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", CHECKS)
def test_page_keeps_budget(browser: Browser, sample: Site, page: str, name: str) -> None:
    assert CHECKS[name](browser, sample, page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_page_is_accessible(browser: Browser, sample: Site, page: str, scheme: str) -> None:
    assert budgets.accessible(browser, sample, page, scheme) == []


def test_page_is_quiet_from_disk(browser: Browser, sample: Site) -> None:
    assert budgets.quiet(browser, sample, "sample.html", from_disk=True) == []


def test_search_is_quiet_from_disk(browser: Browser, sample: Site) -> None:
    assert budgets.quiet(browser, sample, "search.html?q=cloud", from_disk=True) == []


def _in_body(html: str) -> Break:
    return lambda text, folder: text.replace("<article>", f"<article>{html}")


def _unsafe(text: str, folder: Path) -> str:
    return text.replace("script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'")


def _foreign(text: str, folder: Path) -> str:
    policy = text.replace("img-src 'self'", "img-src *")
    return policy.replace("<article>", '<article><img alt="" src="http://other.invalid/pixel.png">')


def _heavy(text: str, folder: Path) -> str:
    noise = random.Random(1).randbytes(200_000).hex()
    (folder / "_static" / "heavy.css").write_text(f"/*{noise}*/", encoding="utf-8")
    return text.replace("</head>", '<link rel="stylesheet" href="_static/heavy.css"></head>')


def _late_block(text: str, folder: Path) -> str:
    (folder / "_static" / "late.js").write_text(
        "setTimeout(() => { const d = document.createElement('div'); d.style.height = '400px';"
        " document.querySelector('article').prepend(d); }, 700);",
        encoding="utf-8",
    )
    return text.replace("</head>", '<script src="_static/late.js" defer></script></head>')


BROKEN: list[tuple[str, Break, str]] = [
    ("quiet", _foreign, "asks another host"),
    ("quiet", _in_body('<img alt="" src="_static/nothing.png">'), "failed"),
    ("quiet", _in_body("<script>window.x = 1</script>"), "security policy"),
    ("policy", _unsafe, "script-src"),
    ("policy", lambda text, folder: text.replace("Content-Security-Policy", "x"), "default-src"),
    ("weights", _heavy, "shell weighs"),
    ("paint", _heavy, "largest contentful paint"),
    ("steadiness", _late_block, "layout shift"),
    ("sideways", _in_body('<div style="width: 420px">wide</div>'), "sideways at 320 px"),
    ("described", lambda text, folder: text.replace("aria-label=", "data-label="), "no alt text"),
    ("described", lambda text, folder: text.replace('class="csv"', ""), "no link to its data"),
    ("described", _in_body("<h4>Too deep</h4><h1>Twice</h1>"), "h1"),
    ("described", _in_body("<a>nowhere</a>"), "link without target"),
    (
        "without_scripts",
        lambda text, folder: text.replace("<svg class=", '<svg style="display: none" class='),
        "no picture",
    ),
]


@pytest.fixture
def broken(sample: Site, serve: Callable[[Path], Site], tmp_path: Path) -> Callable[[Break], Site]:
    """A copy of the sample site whose page ``sample.html`` was changed."""

    def copy(change: Break) -> Site:
        shutil.copytree(sample.folder, tmp_path / "site")
        page = tmp_path / "site" / "sample.html"
        before = page.read_text(encoding="utf-8")
        after = change(before, page.parent)
        assert after != before
        page.write_text(after, encoding="utf-8")
        return serve(page.parent)

    return copy


@pytest.mark.parametrize(("name", "change", "complaint"), BROKEN)
def test_budget_fails_on_broken_page(
    browser: Browser, broken: Callable[[Break], Site], name: str, change: Break, complaint: str
) -> None:
    site = broken(change)
    assert complaint in "\n".join(CHECKS[name](browser, site, "sample.html"))


def test_accessibility_fails_on_broken_page(browser: Browser, broken: Callable[[Break], Site]) -> None:
    faint = '<p style="color: #bbb; background: #fff">too faint</p><input type="text">'
    site = broken(_in_body(faint))
    complaints = "\n".join(budgets.accessible(browser, site, "sample.html", "light"))
    assert "color-contrast" in complaints
    assert "label" in complaints


def test_html_budget_fails_on_heavy_page(browser: Browser, broken: Callable[[Break], Site]) -> None:
    noise = " ".join(f"{i * i * 7919 % 1_000_003:x}" for i in range(60_000))
    site = broken(_in_body(f"<p hidden>{noise}</p>"))
    assert "HTML weighs" in "\n".join(budgets.weights(browser, site, "sample.html"))


def test_vega_waits_until_a_chart_is_near(browser: Browser, broken: Callable[[Break], Site]) -> None:
    pushed = _in_body('<div style="height: 3000px">a long text</div>')
    site = broken(pushed)
    assert budgets.weights(browser, site, "sample.html") == []

    eager = '<script src="_static/vega/vega.js"></script></head>'
    page = site.folder / "sample.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", eager), encoding="utf-8")
    assert "Vega is loaded before a chart comes near" in budgets.weights(browser, site, "sample.html")
