"""Books put together into one site: what they have in common once, and from each page the way to the others.

A book below the top of the site is the site of its own build but for this. A file that is the same at the
top, pages left out, is not there again, and links lead to the one at the top. A page names its edition and
leads to the same page of the others (:data:`SWITCHER`), and names in its head the style of that and the feed
of editions (:data:`HEAD`). Where the address of the site is known, a page's own is the one that it has there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from analysis.build.parameters import BASE
from analysis.build.tree import BuildError, digests
from analysis.build.volumes import FOLDER, Volume
from analysis.charts.html import tag

PAGE, FEED = f"{FOLDER}/index.html", "editions.xml"  # on all editions, and of them
STYLE = "_static/editions.css"
CARD = "_static/site/card.png"  # whoever shows a shared link asks for that of the page's own book
SWITCHER = re.compile(r'<nav class="editions".*?</nav>\n', re.DOTALL)
HEAD = re.compile(r"<link data-editions [^>]*>\n")
_MAIN = re.compile(r"<main\b[^>]*>\n")
_LINK = re.compile(r'(\b(?:href|src)=")([^":#?]+)(?=["#?])')
_OWN_ADDRESS = r'((?:rel="canonical" href|property="og:(?:url|image)" content)="{})'


def bind(ready: Path, books: Mapping[Volume, Path], address: str = "") -> None:
    """Write below ``ready`` all books, the first of them at the top and in its folder too; ``address`` is
    that of the site, if it is known.

    Raises ``BuildError`` for a page without a place for the way to the others.
    """
    latest = next(iter(books))
    files = {volume: digests(site) for volume, site in books.items()}
    problems = []
    for volume, folder in [(latest, ""), *((volume, f"{volume.folder}/") for volume in books)]:
        shared = shared_files(files[volume], files[latest]) if folder else set()
        for name in sorted(files[volume].keys() - shared):
            source, target = books[volume] / name, ready / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not name.endswith(".html"):
                shutil.copyfile(source, target)
                continue
            html = with_ways(source.read_text(encoding="utf-8"), folder + name, switcher(name, volume, files))
            if not SWITCHER.search(html):
                problems.append(f"{folder}{name}: no <main> to name the other editions in")
            target.write_text(at_its_place(html, name, folder, shared, address), encoding="utf-8")
    if problems:
        raise BuildError(problems)
    shutil.copyfile(Path(__file__).with_name("editions.css"), ready / STYLE)


def shared_files(files: Mapping[str, str], top: Mapping[str, str]) -> set[str]:
    """The files of a book, by their hash, that are the same at the top."""
    return {
        name
        for name, content in files.items()
        if top.get(name) == content and not name.endswith(".html") and name != CARD
    }


def at_its_place(html: str, name: str, folder: str, shared: Collection[str], address: str) -> str:
    """A page of a book as it is in the book's folder: ``shared`` files are those at the top of the site.

    >>> at_its_place('<img src="_static/a.svg">', "aws.html", "editions/2024Q4/", {"_static/a.svg"}, "")
    '<img src="../../_static/a.svg">'
    """
    if not folder:
        return html
    within, above = "../" * name.count("/"), "../" * folder.count("/")

    def moved(match: re.Match[str]) -> str:
        is_shared = match[2].startswith(within) and match[2].removeprefix(within) in shared
        return f"{match[1]}{above}{match[2]}" if is_shared else match[0]

    html = _LINK.sub(moved, html)
    return re.sub(_OWN_ADDRESS.format(re.escape(address)), rf"\1{folder}", html) if address else html


def with_ways(html: str, path: str, ways: str) -> str:
    """The page at ``path`` with ``ways``, whose links begin at the top of the site, before its text."""
    up = "../" * path.count("/")
    feed = (
        f'<link data-editions rel="alternate" type="application/atom+xml" title="Editions" href="{up}{FEED}">'
    )
    style = f'<link data-editions rel="stylesheet" href="{up}{STYLE}">'
    html = html.replace("</head>", f"{style}\n{feed}\n</head>", 1)
    return _MAIN.sub(lambda match: match[0] + ways.replace('href="', f'href="{up}'), html, count=1)


def switcher(name: str, here: Volume, files: Mapping[Volume, Collection[str]]) -> str:
    """The book's edition and scenario, and links to the page ``name`` of the others, from the site's top.

    A book without that page is entered by its first.
    """
    latest = next(iter(files))

    def entry(volume: Volume, words: str) -> str:
        if volume == here:
            return tag("li", tag("strong", words, aria_current="true"))
        folder = "" if volume == latest else f"{volume.folder}/"
        return tag("li", tag("a", words, href=folder + (name if name in files[volume] else "index.html")))

    def ways(words: str, entries: list[str]) -> str:
        return tag("p", words) + tag("ul", "".join(entries))

    cases = [volume for volume in files if volume.chosen.as_of == latest.chosen.as_of]
    editions = [volume for volume in files if volume.chosen.scenario == BASE]
    summary = tag("summary", here.title + (", the latest" if here == latest else ""))
    scenarios = ways(
        f"{latest.chosen.as_of} by scenario:", [entry(each, each.chosen.scenario) for each in cases]
    )
    others = ways("This page in other editions:", [entry(each, each.name) for each in editions])
    archive = tag("p", tag("a", "All editions, and how they did", href=PAGE))
    content = tag("details", summary + scenarios + others + archive)
    return tag("nav", content, class_="editions", aria_label="Editions and scenarios") + "\n"
