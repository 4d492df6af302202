"""The last touch on rendered pages: what no page needs is removed, and the search index is written.

The site has its own frame (``book/_templates``); what extensions put into pages beside it is taken
out here. A script written into a page would break the content-security policy, so one that is left is
an error.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from analysis.build.kept import Kept
from analysis.build.tree import BuildError
from analysis.charts.card import card_png
from analysis.charts.numbers import NUMBERS

# Pages on how the report is made: found after what it says and what others claimed.
_HOW_MADE = {f"{name}.html" for name in ("api", "authors", "changelog", "fields", "formulas", "sources")}
# What the site does not need, beside files in ``_static`` that no page names; everything else stays.
_UNUSED = ("_sphinx_design_static", "_static/vega/build.sh")
_THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>\s*<script>kernelName.*?</script>', re.DOTALL
)
_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_REFERENCE = re.compile(r'_static/([^"?#/]+)[?#"]')
_ANSWER = re.compile(r"<article>.*?<p>\s*<strong>(.*?)</strong>", re.DOTALL)
_DOTS = re.compile(
    r'<figure class="hundred".*?<svg class="wide"[^>]*viewBox="([^"]*)"[^>]*>(.*?)</svg>', re.DOTALL
)
_STATUS = re.compile(r'<p class="status">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_DESCRIPTION = 180  # letters of a page's description
_SKIPPED = {"script", "style", "svg", "figure", "details", "noscript", "button", "math"}
_ASIDE = {"headerlink", "tiles", "viewcode-link"}
_BLOCKS = {"p", "li", "td", "th", "dd", "div", "caption"}
_HEADINGS = {"h1", "h2", "h3"}


def postprocess(site: Path, kept: Kept | None = None) -> None:
    """Finish the rendered pages in ``site``; doing so twice changes nothing more. ``kept`` were read before.

    Raises ``BuildError`` naming the pages that still carry a script of their own.
    """
    kept = kept or Kept()
    pages = {path: _cleaned(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    problems = [problem for path, text in pages.items() for problem in _inline_scripts(path.name, text)]
    if problems:
        raise BuildError(problems)
    found = {}
    for path, text in pages.items():
        name = path.relative_to(site).as_posix()
        found[path] = kept.of(name, text, partial(sections, name))
    for path, text in pages.items():
        path.write_text(_described(text, found[path]), encoding="utf-8")
    _remove_unused(site, "\n".join(pages.values()))
    entries = [entry for parts in found.values() for entry in parts]
    index = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    folder = site / "_static" / "site"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "search-index.js").write_text(f"window.reportIndex={index};\n", encoding="utf-8")
    if (answer := site / "index.html") in pages:
        (folder / "card.png").write_bytes(_card(pages[answer], found[answer]))


def _cleaned(text: str) -> str:
    text = text.replace('role="doc-biblioentry"', 'role="listitem"')  # the former is no longer a role
    text = text.replace("<pre>", '<pre tabindex="0">')  # code may be wide: the keyboard has to reach it
    return _THEBE.sub("", text)


def _described(text: str, parts: list[dict[str, Any]]) -> str:
    """The page with its first sentences as description, unless it states one itself."""
    if '<meta name="description"' in text or not parts or not parts[0]["text"]:
        return text
    words = textwrap.shorten(parts[0]["text"], _DESCRIPTION, placeholder=" …")
    names = ('name="description"', 'property="og:description"')
    entry = "\n".join(f'<meta {name} content="{escape(words)}">' for name in names)
    return text.replace('<meta name="color-scheme"', f'{entry}\n<meta name="color-scheme"', 1)


def _card(text: str, parts: list[dict[str, Any]]) -> bytes:
    """The picture for shared links: the first page's title, its answer and its dots."""
    answer, dots = _ANSWER.search(text), _DOTS.search(text)
    status = _STATUS.search(text)
    foot = " · ".join(_words(part) for part in status[1].split("</span>")[:-1]) if status else ""
    title = parts[0]["heading"] if parts else ""
    said = _words(answer[1]) if answer else ""
    return card_png(title, said, (dots[1], dots[2]) if dots else None, foot)


def _words(html: str) -> str:
    return _plain([unescape(_TAG.sub("", html))])


def _inline_scripts(name: str, text: str) -> Iterator[str]:
    for match in _SCRIPT.finditer(text):
        attributes = match["attributes"]
        if " src=" not in attributes and "application/json" not in attributes:
            code = match["code"].strip()[:60]
            yield f"{name}: a script is written into the page: {code!r} (expected a file)"


def _remove_unused(site: Path, pages: str) -> None:
    for name in _UNUSED:
        path = site / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    used = set(_REFERENCE.findall(pages))
    for path in sorted((site / "_static").glob("*")):
        if path.is_file() and path.name not in used:
            path.unlink()


@dataclass
class _Section:
    url: str
    is_claim: bool = False
    heading: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the text below each heading and glossary term, and of each claim, of a page's article."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[_Section] = []
        self._skipping: list[str] = []
        self._in_article = False
        self._in_heading = False
        self._anchors: list[str] = []
        self._section: _Section | None = None  # of the last heading or term
        self._claim: _Section | None = None  # of the row that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "article":
            self._in_article = True
        if not self._in_article:
            return
        if self._skipping:
            if tag == self._skipping[0]:
                self._skipping.append(tag)
            return
        if tag in _SKIPPED or _ASIDE & set(values.get("class", "").split()):
            self._skipping = [tag]
        elif tag == "section":
            self._anchors.append(values.get("id", ""))
        elif tag == "tr" and values.get("id") and "data-grade" in values:
            self._claim = _Section(f"{self.name}#{values['id']}", is_claim=True)
            self.found.append(self._claim)
        elif tag == "th" and self._claim:
            self._in_heading = True
        elif tag in _HEADINGS or (tag == "dt" and values.get("id")):
            anchor = values.get("id") or (self._anchors[-1] if self._anchors else "")
            self._section = _Section(f"{self.name}#{anchor}" if anchor and tag != "h1" else self.name)
            self.found.append(self._section)
            self._in_heading = True

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[0]:
                self._skipping.pop()
            return
        if tag == "article":
            self._in_article = False
        elif tag == "section" and self._anchors:
            self._anchors.pop()
        elif tag == "tr" and self._claim:
            self._claim = None
        elif tag in _HEADINGS or tag == "dt" or (tag == "th" and self._claim):
            self._in_heading = False
        elif tag in _BLOCKS:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        section = self._claim or self._section
        if self._in_article and not self._skipping and section:
            (section.heading if self._in_heading else section.text).append(data)


def sections(name: str, html: str) -> list[dict[str, Any]]:
    """The searchable parts of one page: address, page title, heading and text of each section.

    A part has a ``tier`` where others come before it: 1 what was claimed, 2 how the report is made.

    >>> sections("a.html", '<article><h1>Chips</h1><p>What they save.</p></article>')
    [{'url': 'a.html', 'page': 'Chips', 'heading': 'Chips', 'text': 'What they save.'}]
    """
    if "noindex" in html or name.startswith(("genindex", "_modules/")):
        return []
    reader = _Reader(name)
    reader.feed(html.partition(NUMBERS)[0])  # most of a page's markup, and the last of its article
    reader.close()
    title = _plain(reader.found[0].heading) if reader.found else ""
    return [
        {"url": part.url, "page": title, "heading": _plain(part.heading), "text": _plain(part.text)}
        | ({"tier": 2} if name in _HOW_MADE else {"tier": 1} if part.is_claim else {})
        for part in reader.found
    ]


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())
