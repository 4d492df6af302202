"""The site on paper: each page printed by headless Chromium, and all of them bound into one PDF.

Scripts are off while a page is printed. What is on it without them is what paper can hold: still
pictures, whole tables, calculators as they stand.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from analysis.build.book import Options, build
from analysis.build.pages import Page, read_toc
from analysis.build.tree import BuildError, Tree, write_if_changed

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

BOOK = "book"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """The Chromium of this machine: ``$CHROMIUM`` if set, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def pdf(tree: Tree, name: str | None, options: Options) -> Path:
    """Bring the site up to date, print the page ``name`` or, for ``None``, the book; returns the PDF.

    A book leaves a PDF of every page beside it. Raises ``BuildError`` where there is no Chromium and
    for a page that is not in the table of contents.
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
    printed = printed_pages(tree.site, chosen, chromium)
    for page, content in printed.items():
        write_if_changed(_path(tree, page), bound({page: content}))
    if name is None:
        write_if_changed(_path(tree, BOOK), bound(printed))
    return _path(tree, name or BOOK)


def printed_pages(site: Path, pages: Sequence[Page], chromium: str) -> dict[str, bytes]:
    """The PDF of each page of the finished site, by name, as the browser gives it."""
    from playwright.sync_api import sync_playwright

    printed = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_context(java_script_enabled=False, color_scheme="light").new_page()
        for page in pages:
            tab.goto((site / f"{page.name}.html").resolve().as_uri())
            printed[page.name] = tab.pdf(format="A4", prefer_css_page_size=True, print_background=True)
        browser.close()
    return printed


def bound(printed: Mapping[str, bytes]) -> bytes:
    """One PDF of the printed pages in their order, with an outline of their titles.

    A link from one of them to another leads to its first sheet; one to any other file of the site is
    dropped, for it would name a folder of this machine. Links to the web stay.
    """
    from pypdf import PdfReader, PdfWriter

    readers = {name: PdfReader(io.BytesIO(content)) for name, content in printed.items()}
    writer = PdfWriter()
    starts = {}
    for name, reader in readers.items():
        starts[name] = len(writer.pages)
        writer.append(reader, import_outline=False)
        writer.add_outline_item(_title(reader), starts[name])
    for name, reader in readers.items():
        for number in range(starts[name], starts[name] + len(reader.pages)):
            _relink(writer, number, starts, (reader, starts[name]))
    writer.add_metadata({"/Title": _title(readers[next(iter(readers))])})
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
