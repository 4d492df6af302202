"""The site on paper: each page printed by headless Chromium, and all of them bound into one PDF.

Scripts are off while a page is printed. What is on it without them is what paper can hold: still
pictures, whole tables, calculators as they stand. A PDF is tagged: it says what is a heading, a table and a
picture with its words, so that it can be read aloud and reflowed; and it carries author, subject, language
and an outline.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from analysis.build.book import Options, build
from analysis.build.pages import read_settings, read_toc
from analysis.build.tree import BuildError, Tree, write_if_changed
from analysis.charts.html import tag
from analysis.data.problems import expected_of
from analysis.formats import escape

if TYPE_CHECKING:
    from pikepdf import OutlineItem, Pdf
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

BOOK, CONTENTS = "book", "contents"
_PATIENCE = 600_000  # milliseconds for a page: what comes from disk is only ever late on a busy machine
_BROWSERS = (
    "chromium-headless-shell",  # Debian's Chromium without its windows: starts and shows pages in less time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
)


def find_chromium() -> str | None:
    """The Chromium of this machine: ``$CHROMIUM`` if set, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Printed:
    """A page as the browser printed it: the PDF, and the page's own title, description and headings."""

    content: bytes
    title: str
    subject: str
    headings: Sequence[str]


def pdf(tree: Tree, name: str | None, options: Options) -> Path:
    """Bring the site up to date, print the page ``name`` or, for ``None``, the book; returns the PDF.

    A book begins with its contents and is numbered through; it leaves a PDF of every page beside it.
    Raises ``BuildError`` where there is no Chromium and for a page that is not in the table of contents.
    """
    contents = read_toc(tree)
    chosen = [page for page in contents if name in (None, page.name)]
    if not chosen:
        expected = expected_of(str(name), [page.name for page in contents])
        raise BuildError([f"no page {name!r} in {tree.name(tree.toc)} (expected {expected})"])
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
    author = str(read_settings(tree, tree.config)["author"])
    with _paper(chromium) as tab:
        alone = {name: _printed(tab, tree.site / f"{name}.html") for name in names}
        for name, page in alone.items():
            write_if_changed(_path(tree, name), bound({name: page}, author))
        if is_book:
            titles = {name: page.title for name, page in alone.items()}
            write_if_changed(_path(tree, BOOK), bound(_book(tab, tree, titles), author))


@contextmanager
def browser(chromium: str) -> Iterator[Browser]:
    """The browser at this path, without windows.

    Raises ``BuildError`` where it does not start or does not answer, or what drives it does not start.
    """
    from playwright.sync_api import Error, sync_playwright

    def does_not_run(error: Exception) -> BuildError:
        said = str(error).splitlines()[0]
        return BuildError([f"{chromium} does not run: {said} (expected a Chromium with all that it needs)"])

    driver = sync_playwright()
    try:
        playwright = driver.start()
    except Exception as error:  # of no kind of its own
        raise does_not_run(error) from error
    try:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()
    except Error as error:
        raise does_not_run(error) from None
    finally:
        playwright.stop()


@contextmanager
def _paper(chromium: str) -> Iterator[Tab]:
    """A tab of the browser that runs no script and shows light colours."""
    with browser(chromium) as opened:
        tab = opened.new_context(java_script_enabled=False, color_scheme="light").new_page()
        tab.set_default_timeout(_PATIENCE)
        tab.emulate_media(media="print")
        yield tab


# A link leads nowhere on paper if it goes to what is not printed, or to a file that is not bound with it.
_PREPARE = """([before, bound]) => {
  document.documentElement.style.counterReset = `page ${before}`;
  document.documentElement.classList.toggle("bound", bound.length > 0);
  for (const link of document.querySelectorAll("a[href]")) {
    const goes = new URL(link.href), here = goes.href.split("#")[0] === location.href.split("#")[0];
    const name = decodeURIComponent(goes.pathname.split("/").pop());
    const place = document.getElementById(decodeURIComponent(goes.hash.slice(1)));
    const leads = here ? place?.checkVisibility() : goes.protocol !== "file:" || bound.includes(name);
    if (!leads) link.removeAttribute("href");
  }
  const said = document.querySelector('meta[name="description"]');
  const headings = document.querySelectorAll("h1, h2, h3, h4, h5, h6");
  const words = [...headings].map((heading) => heading.innerText.trim().split(/\\s+/).join(" "));
  return [document.title.split(" · ")[0], said ? said.content : "", words];
}"""


def _printed(tab: Tab, page: Path, before: int = 0, bound_with: Sequence[str] = ()) -> Printed:
    """An HTML file as the browser prints it, sheets numbered after the ``before`` first.

    ``bound_with`` names the pages of the book that it is printed for; by itself it has none.
    """
    tab.goto(page.resolve().as_uri())
    title, subject, headings = tab.evaluate(_PREPARE, [before, [f"{name}.html" for name in bound_with]])
    content = tab.pdf(
        format="A4", prefer_css_page_size=True, print_background=True, tagged=True, outline=True
    )
    return Printed(content, title, subject, headings)


def _book(tab: Tab, tree: Tree, titles: Mapping[str, str]) -> dict[str, Printed]:
    """All pages behind a sheet with the contents, numbered through."""
    with TemporaryDirectory(dir=tree.build) as folder:
        path = Path(folder) / "contents.html"
        at = _sheets(_contents(tab, tree, path, titles, dict.fromkeys(titles, 0)))  # whatever it prints
        printed, starts = {}, {}
        for name in titles:
            starts[name] = at
            printed[name] = _printed(tab, tree.site / f"{name}.html", at, list(titles))
            at += _sheets(printed[name])
        return {CONTENTS: _contents(tab, tree, path, titles, starts), **printed}


def _contents(
    tab: Tab, tree: Tree, path: Path, titles: Mapping[str, str], starts: Mapping[str, int]
) -> Printed:
    """The first sheet: title, edition, the pages and the sheets they begin on, in the look of the site."""
    first = next(iter(titles))
    tab.goto((tree.site / f"{first}.html").resolve().as_uri())
    status = " · ".join(tab.locator(".status > span").all_inner_texts())
    notice = tab.locator(".site-footer > p:not([class])").first.inner_text()
    subject = tab.locator('meta[name="description"]').first.get_attribute("content") or ""
    styles = [tree.site / "_static" / "site" / f"{name}.css" for name in ("site", "content", "print")]
    links = "".join(f'<link rel="stylesheet" href="{style.resolve().as_uri()}">' for style in styles)
    foot = f"--foot: {json.dumps(titles[first], ensure_ascii=False)}"
    parts = [tag("p", escape(titles[first]), class_="book-title"), tag("p", escape(status), class_="status")]
    parts += [
        tag("h1", "Contents"),
        *_entries(tree, titles, starts),
        tag("p", escape(notice), class_="status"),
    ]
    said = f'<meta name="description" content="{escape(subject)}">'
    head = tag("head", f'<meta charset="utf-8">{tag("title", escape(titles[first]))}{said}{links}')
    body = tag("body", tag("main", "".join(parts), class_="book-contents"))
    path.write_text("<!doctype html>" + tag("html", head + body, lang="en", style=foot), encoding="utf-8")
    return _printed(tab, path, bound_with=list(titles))


def _entries(tree: Tree, titles: Mapping[str, str], starts: Mapping[str, int]) -> list[str]:
    """Headings of the parts and lines of the pages; a line leads to its page."""
    toc = read_settings(tree, tree.toc)
    captions = {
        str(part["chapters"][0]["file"]).removeprefix("book/"): str(part["caption"])
        for part in toc.get("parts", [])
        if part.get("caption") and part.get("chapters")
    }
    made = []
    first = next(iter(titles))
    for name, title in titles.items():
        if name in captions:
            made.append(tag("p", escape(captions[name]), class_="part"))
        label = "The answer" if name == first else title
        link = tag("a", escape(label), href=(tree.site / f"{name}.html").resolve().as_uri())
        made.append(tag("p", link + tag("span", str(starts[name] + 1)), class_="line"))
    return made


def _sheets(printed: Printed) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(printed.content)) as opened:
        return len(opened.pages)


def bound(printed: Mapping[str, Printed], author: str) -> bytes:
    """One tagged PDF of the printed pages in their order, titled as the first; headings make its outline.

    A link from one of them to another leads to its first sheet, one within a page to its place.
    """
    import pikepdf

    first = next(iter(printed.values()))
    with pikepdf.new() as book, ExitStack() as kept:
        starts: dict[str, int] = {}
        trees, before = [], 0
        for number, (name, page) in enumerate(printed.items()):
            opened = kept.enter_context(pikepdf.open(io.BytesIO(page.content)))
            _number(opened, number, before)
            starts[name] = len(book.pages)
            book.add_pages_from(opened)
            tree = book.copy_foreign(opened.Root.StructTreeRoot)
            trees.append((page.headings[0], before, tree))
            before += int(tree.ParentTreeNextKey)
        _relink(book, starts)
        _tag(book, trees)
        with book.open_outline() as outline:
            _spell(outline.root, [heading for page in printed.values() for heading in page.headings])
        with book.open_metadata(set_pikepdf_as_editor=False) as described:
            described["dc:title"] = first.title
            described["dc:creator"] = [author]
            described["dc:description"] = first.subject
            described["dc:language"] = ["en"]
        buffer = io.BytesIO()
        book.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return buffer.getvalue()


def _spell(items: Sequence[OutlineItem], headings: Sequence[str]) -> None:
    """Fold each item, and spell it as the page does: the browser joins words where a line ends."""
    written = {"".join(heading.split()): heading for heading in headings}
    for item in items:
        item.title = written.get("".join(item.title.split()), item.title)
        item.is_closed = True
        _spell(item.children, headings)


def _number(opened: Pdf, number: int, before: int) -> None:
    """Raise the numbers and names by which tags are found above those of the pages bound before."""
    from pikepdf import Dictionary, Name, String

    for thing in opened.objects:
        if not isinstance(thing, Dictionary):
            continue
        for key in (Name.StructParents, Name.StructParent):
            if key in thing:
                thing[key] = int(thing[key]) + before
        if thing.get(Name.Type) == Name.StructElem:
            if Name.ID in thing:
                thing.ID = String(f"{number:03}-{thing.ID}")
            for attributes in thing.get(Name.A, []):
                if Name.Headers in attributes:
                    attributes.Headers = [String(f"{number:03}-{head}") for head in attributes.Headers]


# What the browser calls by names that came with PDF 2.0, by those that every reader knows.
_ROLES = {"Em": "Span", "Strong": "Span"}


def _tag(book: Pdf, trees: Sequence[tuple[str, int, Any]]) -> None:
    """One tree of tags: a document whose parts are the pages, given with their titles and first numbers."""
    from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, String

    whole = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array()))
    parents, names = NumberTree.new(book), NameTree.new(book)
    for title, before, tree in trees:
        part = tree.K
        part.S, part.P, part.T = Name.Part, whole, String(title)
        whole.K.append(part)
        for key, element in NumberTree(tree.ParentTree).items():
            parents[before + key] = element
        if Name.IDTree in tree:
            names.update(NameTree(tree.IDTree))
    following = before + int(tree.ParentTreeNextKey)
    roles = Dictionary({f"/{ours}": Name(f"/{theirs}") for ours, theirs in _ROLES.items()})
    root = Dictionary(Type=Name.StructTreeRoot, K=whole, ParentTree=parents.obj, ParentTreeNextKey=following)
    root.IDTree, root.RoleMap = names.obj, roles
    book.Root.StructTreeRoot = whole.P = book.make_indirect(root)
    book.Root.MarkInfo = Dictionary(Marked=True)
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    book.Root.PageMode = Name.UseOutlines
    book.Root.Lang = trees[0][-1].K.Lang


def _relink(book: Pdf, starts: Mapping[str, int]) -> None:
    """Lead what links to the file of a page to the sheet where it starts."""
    from pikepdf import Array, Dictionary, Name

    for sheet in book.pages:
        for link in sheet.get(Name.Annots, []):
            address = urlsplit(str(link.get(Name.A, Dictionary()).get(Name.URI, "")))
            if address.scheme == "file":
                target = book.pages[starts[Path(unquote(address.path)).stem]]
                del link[Name.A]
                link.Dest = Array([target.obj, Name.Fit])


def _path(tree: Tree, name: str) -> Path:
    return tree.build / "pdf" / f"{name}.pdf"
