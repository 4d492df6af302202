from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.build.postprocess import postprocess, sections
from analysis.build.tree import BuildError

PAGE = """<html><head><link rel="stylesheet" href="_static/pygments.css?v=1"></head><body><nav>Menu</nav>
<article>
<section id="aws"><h1>AWS<a class="headerlink" href="#aws">#</a></h1><p>Cloud &amp; more.</p>
<section id="backlog"><h2>Backlog</h2><p>Contracts.</p>
<figure>hidden</figure><details>rows</details></section>
<table><caption>Claims</caption><tbody><tr id="claim-A1" data-grade="holds"><th><b>A1</b> Sales doubled.</th>
<td>● holds</td><td><p>They did.</p><details>How</details></td></tr></tbody></table><p>Source: releases.</p>
<dl><dt id="term-ttm">TTM</dt><dd><p>Twelve months.</p></dd></dl></section>
<script type="text/x-thebe-config">{}</script>
<script>kernelName = 'python3'</script>
<script type="application/json" class="vega-spec">{}</script></article></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in (
        "pygments.css",
        "unused.css",
        "site/site.css",
        "data/aws/a.csv",
    ):
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    (tmp_path / "_sphinx_design_static").mkdir()
    (tmp_path / "aws.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_no_page_uses_is_removed(site: Path) -> None:
    postprocess(site)
    assert files(site) == {
        "aws.html", "_static/pygments.css", "_static/site/site.css", "_static/data/aws/a.csv",
        "_static/site/search-index.js",
    }  # fmt: skip


def test_wide_code_can_be_scrolled_with_the_keyboard(site: Path) -> None:
    fold = (
        '<details class="how"><summary>How</summary><div class="highlight"><pre>x = 1</pre></div></details>'
    )
    (site / "aws.html").write_text(PAGE.replace("<figure>", f"{fold}<pre>y</pre><figure>"), encoding="utf-8")
    source = site / "_modules" / "growth.html"
    source.parent.mkdir()
    source.write_text("<article><h1>Source code for growth</h1><div><pre>def f():</pre></div></article>")
    postprocess(site)
    page = (site / "aws.html").read_text(encoding="utf-8")
    assert '<pre tabindex="0">x = 1</pre>' in page
    assert '<pre tabindex="0">y</pre>' in page
    assert '<pre tabindex="0">def f():</pre>' in source.read_text(encoding="utf-8")
    assert "def f()" not in (site / "_static" / "site" / "search-index.js").read_text(encoding="utf-8")


def test_scripts_of_extensions_are_taken_out_and_data_stay(site: Path) -> None:
    postprocess(site)
    text = (site / "aws.html").read_text(encoding="utf-8")
    assert "kernelName" not in text
    assert "thebe" not in text
    assert 'class="vega-spec"' in text


def test_script_left_in_a_page_is_an_error(site: Path) -> None:
    (site / "index.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    with pytest.raises(BuildError, match=r"index.html: a script is written into the page: 'alert\(1\)'"):
        postprocess(site)


def test_second_run_changes_nothing(site: Path) -> None:
    postprocess(site)
    before = {name: (site / name).read_bytes() for name in files(site)}
    postprocess(site)
    assert {name: (site / name).read_bytes() for name in files(site)} == before


def test_index_has_sections_and_terms_without_data(site: Path) -> None:
    postprocess(site)
    text = (site / "_static" / "site" / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.reportIndex=").removesuffix(";\n"))
    found = [(entry["url"], entry["heading"], entry["text"]) for entry in entries]
    assert found == [
        ("aws.html", "AWS", "Cloud & more."),
        ("aws.html#backlog", "Backlog", "Contracts. Claims Source: releases."),
        ("aws.html#claim-A1", "A1 Sales doubled.", "● holds They did."),
        ("aws.html#term-ttm", "TTM", "Twelve months."),
    ]
    assert {entry["page"] for entry in entries} == {"AWS"}
    assert [entry["heading"] for entry in entries if entry.get("tier") == 1] == ["A1 Sales doubled."]


def test_lists_without_terms_belong_to_their_section() -> None:
    html = "<article><h1>Chips</h1><dl><dt>Price</dt><dd>Low.</dd></dl><p>More.</p></article>"
    assert [(e["heading"], e["text"]) for e in sections("a.html", html)] == [("Chips", "PriceLow. More.")]


FIRST = """<meta name="color-scheme" content="light"><article><h1>The question</h1><p><strong>It is
&lt; <a class="num" href="#n">five</a>.</strong></p><figure class="hundred">
<div class="plot"><svg class="wide" role="img" viewBox="0 0 9 5"><circle/></svg></div></figure>
</article><p class="status"><span>Edition 2025Q4</span>
<span>base</span></p>"""


def test_shared_links_show_the_answer(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(
        "analysis.build.postprocess.card_png", lambda *parts: drawn.append(parts) or b"picture"
    )
    (site / "index.html").write_text(FIRST, encoding="utf-8")
    postprocess(site)
    assert drawn == [("The question", "It is < five.", ("0 0 9 5", "<circle/>"), "Edition 2025Q4 · base")]
    assert (site / "_static" / "site" / "card.png").read_bytes() == b"picture"


def test_page_is_described_by_its_first_words_once(site: Path) -> None:
    (site / "index.html").write_text(FIRST, encoding="utf-8")
    postprocess(site)
    postprocess(site)
    text = (site / "index.html").read_text(encoding="utf-8")
    assert text.count('<meta name="description" content="It is &lt; five.">') == 1


def test_pages_not_meant_to_be_found_are_left_out() -> None:
    assert sections("genindex.html", PAGE) == []
    assert sections("search.html", '<meta name="robots" content="noindex">' + PAGE) == []
