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
VISITS = {
    "desk": budgets.desk,
    "phone": budgets.phone,
    "axe": budgets.barriers,
    "slow phone": budgets.slow_phone,
    "scripts off": budgets.scripts_off,
}
Break = Callable[[str, Path], str]


@pytest.mark.parametrize("name", [*VISITS])
@pytest.mark.parametrize(
    "page",  # the real book has pages with text and formulas too
    [
        pytest.param(page, marks=pytest.mark.long if page in ("formula.html", "words.html") else ())
        for page in PAGES
    ],
)
def test_page_keeps_its_budgets(browser: Browser, sample: Site, page: str, name: str) -> None:
    assert VISITS[name](browser, sample, page) == []


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
        " document.querySelector('article').prepend(d); }, 120);",
        encoding="utf-8",
    )
    return text.replace("</head>", '<script src="_static/late.js" defer></script></head>')


def _read_elsewhere(text: str, folder: Path) -> str:
    script = folder / "_static" / "site" / "charts.js"
    script.write_text(script.read_text(encoding="utf-8").replace(" + shift[axis]", " + 90"), encoding="utf-8")
    return text.replace("</head>", "<!-- other places --></head>")


FAINT = '<p style="color: #bbb; background: #fff">too faint</p>'
PUSHED = '<div style="height: 3000px">a long text</div>'
SMALL = "display: block; width: 30px; height: 9px; overflow: hidden"
CLOSE = f'<p><a href="#a" style="{SMALL}">a</a><a href="#b" style="{SMALL}">b</a></p>'
PICTURE = '<svg viewBox="0 0 300 60" style="width: 300px">{}</svg>'
PLOT = f'<figure id="made"><div class="plot">{PICTURE}</div></figure>'
TINY = PLOT.format('<text x="9" y="40" font-size="8">small</text>')
HEAPED = PLOT.format('<text x="9" y="40">one</text><text x="15" y="42">other</text>')
STRUCK = PLOT.format('<text x="9" y="40">struck</text><path d="M0 36L90 37" fill="none" stroke="#0b4a7c"/>')
ON_GRID = PLOT.format(
    '<line y1="36" y2="36" x2="90" stroke="#dcd8ce"/>'
    '<text x="9" y="40" stroke="#fcfbf8" stroke-width="4">struck</text><text x="9" y="40">struck</text>'
)
NOISE = " ".join(f"{i * i * 7919 % 1_000_003:x}" for i in range(60_000))


def _eager(text: str, folder: Path) -> str:
    eager = '<script src="_static/vega/vega.js" defer></script></head>'
    return _in_body(PUSHED)(text, folder).replace("</head>", eager)


BROKEN: list[tuple[str, Break, str]] = [
    ("desk", _foreign, "asks another host"),
    ("desk", _in_body('<img alt="" src="_static/nothing.png">'), "failed"),
    ("phone", _in_body('<img alt="" src="_static/nothing.png">'), "failed"),
    ("desk", _in_body("<script>window.x = 1</script>"), "security policy"),
    ("desk", _unsafe, "script-src"),
    ("desk", lambda text, folder: text.replace("Content-Security-Policy", "x"), "default-src"),
    ("desk", _late_block, "layout shift"),
    ("desk", lambda text, folder: text.replace("aria-label=", "data-label="), "no alt text"),
    ("desk", lambda text, folder: text.replace('class="csv"', ""), "no link to its data"),
    ("desk", lambda text, folder: text.replace('class="readout"', ""), "0 of 25 points answer"),
    ("desk", _read_elsewhere, "where it is pointed at"),
    ("desk", _in_body("<p>" + '<a href="#a">a link</a> ' * 40 + "</p>"), "before the first slider"),
    ("desk", _in_body("<h4>Too deep</h4><h1>Twice</h1>"), "h1"),
    ("desk", _in_body("<a>nowhere</a>"), "link without target"),
    ("axe", _in_body('<input type="text">'), "light: label"),
    ("axe", _in_body(FAINT), "light: color-contrast"),
    ("axe", _in_body(FAINT.replace("#bbb", "#333").replace("#fff", "var(--paper)")), "dark: color-contrast"),
    ("phone", _heavy, "shell weighs"),
    ("phone", _in_body(f"<p hidden>{NOISE}</p>"), "HTML weighs"),
    ("phone", _eager, "Vega is loaded before a chart comes near"),
    ("phone", _in_body('<div style="width: 420px">wide</div>'), "sideways at 320 px"),
    (
        "phone",
        lambda text, folder: text.replace("<tbody>", '<tbody style="position: relative; left: 400px">'),
        "the key column is out of sight",
    ),
    ("phone", _in_body(TINY), "px tall"),
    ("desk", _in_body(HEAPED), "“one” and “other” overlap"),
    ("desk", _in_body(STRUCK), "a line passes through “struck”"),
    ("phone", _in_body(ON_GRID), "a line passes through “struck”"),
    ("axe", _in_body(CLOSE), "dark: target-size"),
    ("slow phone", _heavy, "largest contentful paint"),
    (
        "scripts off",
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


FIRST = {broken[0]: broken for broken in reversed(BROKEN)}.values()


@pytest.mark.parametrize(
    ("name", "change", "complaint"),
    [
        pytest.param(
            *broken,
            marks=pytest.mark.pages if broken in FIRST else pytest.mark.long,
            id=f"{broken[0]}: {broken[2]}",
        )
        for broken in BROKEN
    ],
)
def test_budget_fails_on_broken_page(
    browser: Browser,
    broken: Callable[[Break], Site],
    name: str,
    change: Break,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budgets, "TRIES", 2)  # what is too slow stays so
    assert complaint in "\n".join(VISITS[name](browser, broken(change), "sample.html"))


def test_vega_waits_until_a_chart_is_near(browser: Browser, broken: Callable[[Break], Site]) -> None:
    assert budgets.phone(browser, broken(_in_body(PUSHED)), "sample.html") == []
