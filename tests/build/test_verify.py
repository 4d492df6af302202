from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from analysis.build.pages import Page
from analysis.build.tree import BuildError
from analysis.build.verify import verify

PAGES = [Page("index", Path("index.md")), Page("aws", Path("aws.md"))]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.css").write_text("p { background: url(dot.svg) }", encoding="utf-8")
    (tmp_path / "_static" / "site.js").write_text(
        "const ns = 'http://www.w3.org/2000/svg';", encoding="utf-8"
    )
    (tmp_path / "_static" / "a b.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "aws.html").write_text('<h1 id="aws">AWS</h1><p id="größe"></p>', encoding="utf-8")
    write(tmp_path, '<a href="aws.html#aws">AWS</a>')
    return tmp_path


def write(site: Path, body: str) -> None:
    (site / "index.html").write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")


def problems(site: Path, data: Path | None = None, **options: int) -> list[str]:
    try:
        verify(site, PAGES, data, **options)
    except BuildError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    "body",
    [
        '<a href="aws.html">x</a><a href="#top">x</a><a href="./aws.html#gr%C3%B6%C3%9Fe">x</a>',
        '<a href="https://example.org/">elsewhere</a><a href="mailto:a@b.c">write</a>',
        '<img src="_static/a%20b.svg" alt=""><img src="data:image/png;base64,AA" alt="x">',
        '<link rel="stylesheet" href="_static/site.css?v=1"><link rel="canonical" href="https://example.org/">',
        '<script src="_static/site.js"></script>',
        '<figure class="chart" aria-label="Sales rose."></figure><svg role="img" aria-label="x"></svg>',
        '<svg aria-hidden="true"></svg><svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<svg><defs><path id="p"/></defs><use href="#p"/></svg>',
        "<p>Text<br>of <b>two</b> lines</p><svg><path d='M0'/></svg><pre>{x} ][</pre><code>`</code>",
        '<form role="search" action="search.html"></form><form autocomplete="off"></form>',
        "<a name='old'></a><a href='#old'>x</a>",
    ],
)
def test_a_sound_page_passes(site: Path, body: str) -> None:
    write(site, body)
    assert problems(site) == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ('<a href="awss.html">x</a>', "link without target: awss.html"),
        ('<a href="_static/data/x.csv" download>x</a>', "link without target: _static/data/x.csv"),
        ('<a href="aws.html#growth">x</a>', "link to a place that is not there: aws.html#growth"),
        ('<a href="#n-aws-sales">x</a>', "link to a place that is not there: #n-aws-sales"),
        ('<img src="_static/none.png" alt="">', "link without target: _static/none.png"),
        ('<script src="none.js"></script>', "link without target: none.js"),
        ('<img src="_static/a b.svg">', "no description (alt or aria-label): <img src='_static/a b.svg'>"),
        (
            '<figure class="chart wide"></figure>',
            "no description (alt or aria-label): <figure class='chart wide'>",
        ),
        ('<svg role="img"></svg>', "no description (alt or aria-label): <svg role='img'>"),
        ('<script src="https://cdn.example/x.js"></script>', "asks another host: https://cdn.example/x.js"),
        ('<script src="//cdn.example/x.js"></script>', "asks another host: //cdn.example/x.js"),
        ('<link rel="stylesheet" href="https://x.org/a.css">', "asks another host: https://x.org/a.css"),
        ('<link rel="preconnect" href="https://x.org">', "asks another host: https://x.org"),
        (
            '<img srcset="_static/a%20b.svg 1x, https://x.org/b.png 2x" alt="x">',
            "asks another host: https://x.org/b.png",
        ),
        ('<svg><image href="https://x.org/a.png"/></svg>', "asks another host: https://x.org/a.png"),
        ("<style>p { }</style>", "<style> (expected no such element)"),
        ("<h1>One</h1><h1>Two</h1>", "2 titles, which are <h1> (expected one)"),
        ('<b id="x">one</b><i id="x">two</i>', "id 'x' stands twice"),
        ('<iframe src="aws.html"></iframe>', "<iframe> (expected no such element)"),
        ('<b onclick="go()">x</b>', "an attribute that runs: onclick='go()'"),
        (
            '<a href=" JavaScript:go()">x</a>',
            "a link to  JavaScript:go() (expected http, https, mailto or a page)",
        ),
        (
            '<svg><a xlink:href="data:text/html,x">x</a></svg>',
            "a link to data:text/html,x (expected http, https, mailto or a page)",
        ),
        (
            '<form action="https://x.org/"></form>',
            "<form> that leads to https://x.org/ (expected the search)",
        ),
        ('<a href="aws.html">see <b><a href="#top">x</a></b></a>', "a link within the text of a link: #top"),
        ("<p>build {build-id}</p>", "'{build-id}' is left in the text"),
        ("<svg><text>{x}</text></svg>", "'{x}' is left in the text"),
        ('<img src="_static/a%20b.svg" alt="{num}`a.b`">', "'{num}`a.b`' is left in the text"),
        ("<p>A claim[^note] here</p>", "'[^note]' is left in the text"),
        ("<p>[a link][nowhere]</p>", "'][nowhere]' is left in the text"),
        ("<p>:::{note}</p>", "':::{note}' is left in the text"),
        ("<p>an **important word</p>", "'**important' is left in the text"),
        ("<details><p>x</p>", "</body> ends <details> (expected each element closed where it was opened)"),
        ("<p>x</p></div>", "</div> ends <body> (expected each element closed where it was opened)"),
        ('<p style="background: url(//x.org/a.png)"></p>', "style asks another host: //x.org/a.png"),
    ],
)
def test_a_page_that_is_not_sound_is_told(site: Path, body: str, wrong: str) -> None:
    write(site, body)
    assert problems(site) == [f"index.html: {wrong}"]


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("site.css", "@import url('https://x.org/a.css');", "asks another host: https://x.org/a.css"),
        ("site.css", "p { src: url(https://x.org/f.woff) }", "asks another host: https://x.org/f.woff"),
        ("site.js", 'fetch("https://x.org/data.json")', 'asks another host: fetch("https://'),
        ("site.js", "script.src = '//x.org/a.js'", "asks another host: .src = '//"),
        ("site.js", 'import("https://x.org/a.js")', 'asks another host: import("https://'),
    ],
)
def test_styles_and_scripts_that_ask_other_hosts_are_told(
    site: Path, name: str, text: str, wrong: str
) -> None:
    (site / "_static" / name).write_text(text, encoding="utf-8")
    assert problems(site) == [f"_static/{name}: {wrong}"]


def test_what_a_text_of_the_data_has_is_text(site: Path, tmp_path: Path) -> None:
    write(site, "<p>Sales of {num}`aws.sales`, and {build-id}</p>")
    (tmp_path / "data" / "articles").mkdir(parents=True)
    (tmp_path / "data" / "articles" / "a.yml").write_text("text: |\n  {num}`aws.sales`", encoding="utf-8")
    assert problems(site, tmp_path / "data") == ["index.html: '{build-id}' is left in the text"]


def test_a_page_of_the_contents_that_is_missing_is_told(site: Path) -> None:
    write(site, "")
    (site / "aws.html").unlink()
    assert problems(site) == ["aws.html: missing from the site"]


def test_a_page_over_its_budget_is_told(site: Path) -> None:
    write(site, random.Random(1).randbytes(3000).hex())
    (problem,) = problems(site, budget=1000)
    assert re.fullmatch(r"index.html: weighs 3,\d+ bytes gzipped \(expected at most 1,000\)", problem)
    assert problems(site, budget=4000) == []


def test_a_machine_whose_clock_is_centuries_off_weighs_pages_too(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(site, "")
    monkeypatch.setattr(time, "time", lambda: 1e10)
    assert problems(site) == []


def test_all_problems_are_told_at_once(site: Path) -> None:
    write(site, '<a href="x.html"></a><img src="_static/a b.svg"><script src="//x.org/a.js"></script>')
    assert len(problems(site)) == 3


@pytest.mark.parametrize(("kind", "left"), [("sig sig-object py", []), ("term", ["'{}'"])])
def test_the_signature_of_a_function_is_code(site: Path, kind: str, left: list[str]) -> None:
    write(site, f'<dl><dt class="{kind}">f(a={{}})</dt><dd>It takes none.</dd></dl>')
    assert problems(site) == [f"index.html: {sign} is left in the text" for sign in left]
