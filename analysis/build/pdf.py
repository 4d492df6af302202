"""The site on paper: each page printed by headless Chromium, and all of them bound into one PDF.

Scripts are off while a page is printed. What is on it without them is what paper can hold: still
pictures, whole tables, calculators as they stand.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import yaml

from analysis.build.book import Options, build
from analysis.build.pages import read_toc
from analysis.build.tree import BuildError, Tree, write_if_changed
from analysis.charts.html import tag

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab
    from pypdf import PdfReader, PdfWriter

BOOK, CONTENTS = "book", "contents"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """The Chromium of this machine: ``$CHROMIUM`` if set, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def pdf(tree: Tree, name: str | None, options: Options) -> Path:
    """Bring the site up to date, print the page ``name`` or, for ``None``, the book; returns the PDF.

    A book begins with its contents and is numbered through; it leaves a PDF of every page beside it.
    Raises ``BuildError`` where there is no Chromium and for a page that is not in the table of contents.
    """
    contents = read_toc(tree)
    chosen = [page for page in contents if name in (None, page.name)]
    if not chosen:
        known = ", ".join(page.name for page in contents)
        raise BuildError([f"no page {name!r} in {tree.name(tree.toc)} (expected one of {known})"])
    chromium = find_chromium()
    if chromium is None:
        needed = f"one of {', '.join(_BROWSERS)} on the path, or its path in CHROMIUM"
        raise BuildError([f"no Chromium to print with was found (expected {needed})"])
    build(tree, options)
    with ThreadPoolExecutor(1) as apart:  # Playwright refuses a thread in which an event loop runs
        apart.submit(_print, tree, [page.name for page in chosen], chromium, name is None).result()
    return _path(tree, name or BOOK)


def _print(tree: Tree, names: Sequence[str], chromium: str, is_book: bool) -> None:
    """Write the PDF of each page of the finished site, and that of the book if it is asked for."""
    with _paper(chromium) as tab:
        alone = {name: _printed(tab, tree.site / f"{name}.html") for name in names}
        for name, content in alone.items():
            write_if_changed(_path(tree, name), bound({name: content}))
        if is_book:
            write_if_changed(_path(tree, BOOK), _book(tab, tree, alone))


@contextmanager
def _paper(chromium: str) -> Iterator[Tab]:
    """A tab of the browser that runs no script and shows light colours."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_context(java_script_enabled=False, color_scheme="light").new_page()
        browser.close()


def _printed(tab: Tab, page: Path, before: int = 0) -> bytes:
    """The PDF of an HTML file as the browser gives it, sheets numbered after the ``before`` first."""
    tab.goto(page.resolve().as_uri())
    tab.evaluate("before => { document.documentElement.style.counterReset = `page ${before}`; }", before)
    return tab.pdf(format="A4", prefer_css_page_size=True, print_background=True)


def _book(tab: Tab, tree: Tree, alone: Mapping[str, bytes]) -> bytes:
    """All pages behind a sheet with the contents, numbered through; ``alone`` holds each by itself."""
    readers = {name: _read(content) for name, content in alone.items()}
    titles = {name: _title(reader) for name, reader in readers.items()}
    first = next(iter(alone))
    with TemporaryDirectory(dir=tree.build) as folder:
        listed = partial(_contents, tab, tree, Path(folder) / "contents.html", titles)
        starts = dict.fromkeys(alone, 0)
        at = len(_read(listed(starts)).pages)  # the numbers it prints do not change its length
        for name, reader in readers.items():
            starts[name] = at
            at += len(reader.pages)
        printed = {CONTENTS: listed(starts)}
    for name in alone:
        printed[name] = _printed(tab, tree.site / f"{name}.html", starts[name])
    return bound(printed, titles[first])


def _contents(
    tab: Tab, tree: Tree, path: Path, titles: Mapping[str, str], starts: Mapping[str, int]
) -> bytes:
    """The printed list of pages with the sheets they begin on, in the look of the site."""
    first = next(iter(titles))
    tab.goto((tree.site / f"{first}.html").resolve().as_uri())
    status = " · ".join(tab.locator(".status > span").all_inner_texts())
    styles = [tree.site / "_static" / "site" / f"{name}.css" for name in ("site", "content", "print")]
    links = "".join(f'<link rel="stylesheet" href="{style.resolve().as_uri()}">' for style in styles)
    foot = f"--foot: {json.dumps(titles[first], ensure_ascii=False)}"
    parts = [tag("h1", escape(titles[first])), tag("p", escape(status), class_="status")]
    parts += _entries(tree, titles, starts)
    head = tag("head", f'<meta charset="utf-8">{tag("title", "Contents")}{links}')
    body = tag("body", tag("main", "".join(parts), class_="book-contents"))
    path.write_text("<!doctype html>" + tag("html", head + body, lang="en", style=foot), encoding="utf-8")
    return _printed(tab, path)


def _entries(tree: Tree, titles: Mapping[str, str], starts: Mapping[str, int]) -> list[str]:
    """Headings of the parts and lines of the pages; a line leads to its page."""
    toc = yaml.safe_load(tree.toc.read_text(encoding="utf-8"))
    captions = {
        str(part["chapters"][0]["file"]).removeprefix("book/"): str(part["caption"])
        for part in toc.get("parts", [])
        if part.get("caption") and part.get("chapters")
    }
    made = []
    first = next(iter(titles))
    for name, title in titles.items():
        if name in captions:
            made.append(tag("h2", escape(captions[name])))
        label = "The answer" if name == first else title
        link = tag("a", escape(label), href=(tree.site / f"{name}.html").resolve().as_uri())
        made.append(tag("p", link + tag("span", str(starts[name] + 1)), class_="line"))
    return made


def _read(content: bytes) -> PdfReader:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(content))


def bound(printed: Mapping[str, bytes], title: str | None = None) -> bytes:
    """One PDF of the printed pages in their order, with an outline of their titles; named by the first.

    A link from one of them to another leads to its first sheet; one to any other file of the site is
    dropped, for it would name a folder of this machine. Links to the web stay.
    """
    from pypdf import PdfWriter

    readers = {name: _read(content) for name, content in printed.items()}
    writer = PdfWriter()
    starts = {}
    for name, reader in readers.items():
        starts[name] = len(writer.pages)
        writer.append(reader, import_outline=False)
        writer.add_outline_item(_title(reader), starts[name])
    for name, reader in readers.items():
        for number in range(starts[name], starts[name] + len(reader.pages)):
            _relink(writer, number, starts, (reader, starts[name]))
    writer.add_metadata({"/Title": title or _title(readers[next(iter(readers))])})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _title(reader: PdfReader) -> str:
    """The page's own title; the browser takes it from the HTML, where the book's follows."""
    title = reader.metadata.title if reader.metadata else None
    return (title or "").split(" · ")[0]


def _relink(writer: PdfWriter, number: int, starts: Mapping[str, int], origin: tuple[PdfReader, int]) -> None:
    """Settle the links on sheet ``number``, which came from the reader whose first sheet is given with it."""
    from pypdf.generic import ArrayObject, NameObject

    sheet = writer.pages[number]
    kept = ArrayObject()
    for reference in sheet.get("/Annots", ()):
        link = reference.get_object()
        address = str(link.get("/A", {}).get("/URI", ""))
        if address.startswith("file:"):
            target = _sheet_of(address, starts)
        else:
            target = _place(str(link.get("/Dest", "")), origin)
        if target is not None:
            link.pop("/A", None)
            link[NameObject("/Dest")] = ArrayObject(
                [writer.pages[target].indirect_reference, NameObject("/Fit")]
            )
        if target is not None or not address.startswith("file:"):
            kept.append(reference)
    if "/Annots" in sheet:
        sheet[NameObject("/Annots")] = kept


def _sheet_of(address: str, starts: Mapping[str, int]) -> int | None:
    path = Path(unquote(urlsplit(address).path))
    return starts.get(path.stem) if path.suffix == ".html" else None


def _place(name: str, origin: tuple[PdfReader, int]) -> int | None:
    """The sheet of a place that the page names; pages may use one name for different places."""
    reader, start = origin
    place = reader.named_destinations.get(name)
    within = None if place is None else reader.get_destination_page_number(place)
    return None if within is None else start + within


def _path(tree: Tree, name: str) -> Path:
    return tree.build / "pdf" / f"{name}.pdf"
