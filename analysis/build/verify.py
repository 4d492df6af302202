"""What must hold of every page before it is published: links, descriptions, no foreign requests, size, and
nothing left in it of markup that nobody understood.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from analysis.build.kept import Kept
from analysis.build.markup import unsafe
from analysis.build.pages import Page
from analysis.build.tree import BuildError, files_below

PAGE_BUDGET = 150_000  # bytes of one page's HTML, gzipped
# Attributes that make a browser fetch something, by element.
_FETCHES = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# <link> relations that fetch nothing.
_NO_FETCH = {"canonical", "alternate", "next", "prev", "index", "search", "author", "license"}
_STYLE_FETCH = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
_SCRIPT_FETCH = re.compile(r"(?:\bfetch\(|\bimport\s*\(?|\bimportScripts\(|\.src\s*=)\s*['\"](https?:)?//")
# What is left in a page's words of markup that Markdown or Sphinx did not understand.
_LEFT = re.compile(r"(?:[{}`]|\[\^|\]\[|\]\(|\*\*|:::)[\w:.{}`\]-]{0,30}")
_NO_WORDS = {"script", "style", "pre", "code", "math"}
_WORDS = {"alt", "aria-label", "title", "content", "placeholder", "data-title"}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Contents:
    """What one HTML file defines, leads to, fetches, leaves undescribed, and what is wrong with it.

    ``weight`` is in bytes, gzipped.
    """

    weight: int = 0
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    undescribed: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Contents()
        self._open: list[str] = []
        self._titles, self._own, self._twice = 0, set[str](), list[str]()
        self._in_signature = False  # of a function: Python, though it is set as words

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._titles += tag == "h1"
        if (own := values.get("id")) in self._own:
            self._twice.append(str(own))
        self._own |= {own} if own else set()
        for name in ("id", "name") if tag == "a" else ("id",):
            if values.get(name):
                self.found.ids.append(values[name])
        if tag == "a" and "href" in values:
            self.found.links.append(values["href"])
        self.found.fetched += _fetches(tag, values)
        if "style" in values:
            self.found.styles.append(values["style"])
        self.found.wrong += unsafe(tag, values)
        for name in _WORDS.intersection(values):
            self.found.left += _LEFT.findall(values[name])
        if tag == "form" and values.get("action", "#").split("/")[-1] not in ("#", "search.html"):
            self.found.wrong.append(f"<form> that leads to {values['action']} (expected the search)")
        if tag == "a" and "a" in self._open:
            self.found.wrong.append(f"a link within the text of a link: {values.get('href', '')}")
        if tag == "dt":
            self._in_signature = "sig" in values.get("class", "").split()
        if tag not in _VOID:
            self._open.append(tag)
        if _lacks_description(tag, values):
            self.found.undescribed.append(
                f"<{tag}{''.join(f' {k}={v!r}' for k, v in list(values.items())[:3])}>"
            )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        self._in_signature = self._in_signature and tag != "dt"
        if self._open[-1:] == [tag]:
            self._open.pop()
        elif tag not in _VOID:
            opened = f"<{self._open[-1]}>" if self._open else "nothing"
            self.found.wrong.append(
                f"</{tag}> ends {opened} (expected each element closed where it was opened)"
            )
            if tag in self._open:
                del self._open[len(self._open) - self._open[::-1].index(tag) - 1 :]

    def handle_data(self, data: str) -> None:
        if not self._in_signature and not _NO_WORDS.intersection(self._open):
            self.found.left += _LEFT.findall(data)

    def close(self) -> None:
        super().close()
        self.found.wrong += [f"<{tag}> is never closed" for tag in self._open]
        if self._titles > 1:
            self.found.wrong.append(f"{self._titles} titles, which are <h1> (expected one)")
        self.found.wrong += [f"id {name!r} stands twice" for name in dict.fromkeys(self._twice)]


def read_page(html: str) -> Contents:
    """What one HTML text holds."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.found.weight = len(gzip.compress(html.encode(), 6, mtime=0))
    return reader.found


def _as_json(html: str) -> dict[str, Any]:
    """What was found, each once."""
    return {
        name: list(dict.fromkeys(found)) if isinstance(found, list) else found
        for name, found in asdict(read_page(html)).items()
    }


def _fetches(tag: str, values: Mapping[str, str]) -> Iterator[str]:
    if tag == "link" and set(values.get("rel", "").split()) & _NO_FETCH:
        return
    for name in _FETCHES.get(tag, ()):
        if name == "srcset":
            yield from (part.split()[0] for part in values.get(name, "").split(",") if part.split())
        elif name in values:
            yield values[name]


def _lacks_description(tag: str, values: Mapping[str, str]) -> bool:
    if values.get("aria-hidden") == "true" or values.get("role") == "presentation":
        return False
    if tag == "img":
        return "alt" not in values
    is_chart = tag == "figure" and "chart" in values.get("class", "").split()
    is_picture = tag == "svg" and values.get("role") == "img"
    return (is_chart or is_picture) and not (values.get("aria-label") or values.get("aria-labelledby"))


def verify(
    site: Path,
    pages: Sequence[Page],
    data: Path | None = None,
    kept: Kept | None = None,
    budget: int = PAGE_BUDGET,
) -> None:
    """Raises ``BuildError`` listing everything that is wrong with the finished site.

    Signs of markup are text where a text of the folder ``data`` has them. ``kept`` are pages read before.
    """
    files = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    kept = kept or Kept()
    contents = {
        name: Contents(**kept.of("contents", path.read_text(encoding="utf-8"), _as_json))
        for name, path in files.items()
        if name.endswith(".html") and not name.startswith("_static")
    }
    places = {name: {*found.ids, "top"} for name, found in contents.items()}
    problems = [
        f"{page.name}.html: missing from the site" for page in pages if f"{page.name}.html" not in files
    ]
    left = dict.fromkeys(sign for found in contents.values() for sign in found.left)
    said = _said(data) if left and data else ""
    for name, found in contents.items():
        problems += [f"{name}: {sign!r} is left in the text" for sign in found.left if sign not in said]
        problems += [f"{name}: {wrong}" for wrong in wrong_on(name, found, files, places)]
        if found.weight > budget:
            problems.append(f"{name}: weighs {found.weight:,} bytes gzipped (expected at most {budget:,})")
    for name, path in files.items():
        if name.endswith((".css", ".js")):
            problems += [
                f"{name}: {wrong}"
                for wrong in _foreign_in(name, path.read_text(encoding="utf-8", errors="replace"))
            ]
    if problems:
        raise BuildError(problems)


def _said(data: Path) -> str:
    """All texts of a folder."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files_below(data))


def wrong_on(
    name: str, found: Contents, files: Mapping[str, Path], places: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """What is wrong on the page ``name`` of a site with these files, and these places on its pages."""
    yield from found.wrong
    yield from (f"no description (alt or aria-label): {element}" for element in found.undescribed)
    for style in found.styles:
        yield from (
            f"style asks another host: {target}" for target in _style_targets(style) if is_foreign(target)
        )
    for target in found.fetched:
        if is_foreign(target):
            yield f"asks another host: {target}"
        elif not target.startswith("data:"):
            yield from _missing(name, target, files, places)
    for target in found.links:
        if not urlsplit(target).scheme and not target.startswith("//"):
            yield from _missing(name, target, files, places)


def _missing(
    name: str, target: str, files: Mapping[str, Path], places: Mapping[str, Collection[str]]
) -> Iterator[str]:
    parts = urlsplit(target)
    path = unquote(parts.path)
    folder = name.rpartition("/")[0]
    full = name if not path else _joined(folder, path)
    if full not in files:
        yield f"link without target: {target}"
    elif parts.fragment and full in places and unquote(parts.fragment) not in places[full]:
        yield f"link to a place that is not there: {target}"


def _joined(folder: str, path: str) -> str:
    steps: list[str] = [] if path.startswith("/") else [step for step in folder.split("/") if step]
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join([*steps, "index.html"] if path.endswith("/") else steps)


def is_foreign(target: str) -> bool:
    """Whether fetching ``target`` would ask another host.

    >>> is_foreign("//cdn.example/x.js"), is_foreign("_static/x.js"), is_foreign("data:image/png;base64,")
    (True, False, False)
    """
    parts = urlsplit(target.strip())
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ws", "wss", "ftp")


def _style_targets(style: str) -> Iterator[str]:
    for match in _STYLE_FETCH.finditer(style):
        yield (match[1] or match[2]).strip()


def _foreign_in(name: str, text: str) -> Iterator[str]:
    if name.endswith(".css"):
        yield from (f"asks another host: {target}" for target in _style_targets(text) if is_foreign(target))
    else:
        yield from (f"asks another host: {match[0]}" for match in _SCRIPT_FETCH.finditer(text))
