"""Every edition in one site: the latest at its top, each edition and the latest's scenarios in folders below.

Each book is built as ``make book`` builds it, in a folder of its own that lasts from one time to the next, so
that a book whose inputs did not change is not built again. :mod:`analysis.build.binding` puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from analysis.build import archive_page, checks, manifest
from analysis.build.archive_page import Entry
from analysis.build.binding import FEED, PAGE, SWITCHER, bind
from analysis.build.builders import COMMAND, Here
from analysis.build.cluster import Away
from analysis.build.pages import read_settings
from analysis.build.parameters import BASE
from analysis.build.publish import empty, only_build, publish
from analysis.build.tree import BuildError, Tree, files_below, remove
from analysis.build.verify import read_page, wrong_on
from analysis.build.volumes import Volume, book_of, volumes, whole
from analysis.build.waiting import finished


@dataclass(frozen=True)
class Options:
    """What a build of every edition can be asked for: how many books are built at a time on this machine, or
    the Dask cluster that builds them, as ``dask://HOST:PORT``; and to print problems only.
    """

    executor: str | None = None
    workers: int = 2
    quiet: bool = False


def build(tree: Tree, options: Options = Options(), command: Sequence[str] = COMMAND) -> bool:
    """Bring ``_build/editions/html`` up to date; says whether there was anything to do.

    ``command`` is what runs a verb in the folder that it is called in. Raises ``BuildError`` with every
    problem of the books that failed; the old site then stays.
    """
    above, books = whole(tree), volumes(tree)
    told = {volume.name: volume.status for volume in books}
    with only_build(tree) as lock:
        before = manifest.inputs(tree)
        if manifest.is_current(manifest.read(above), told, before, above):
            return False
        _remove_others(tree, books)
        stale = [volume for volume in books if not _is_current(tree, volume, before)]
        if stale:
            with closing(_builder(tree, options, command, lock, before)) as builder:
                _build_books(tree, stale, builder, options.quiet)
        if changed := [volume.name for volume in books if not _is_current(tree, volume, before)]:
            wrong = "an input changed while the editions were built (expected none to); build them again"
            raise BuildError([f"{name}: {wrong}" for name in changed])
        ready = empty(above)
        bind(ready, {volume: book_of(tree, volume).site for volume in books}, _settings(tree)["address"])
        _add_archive(tree, books, ready)
        publish(above, ready)
        manifest.write(above, told, before)
    return True


def _is_current(tree: Tree, volume: Volume, before: Mapping[str, str]) -> bool:
    book = book_of(tree, volume)
    return manifest.is_current(manifest.read(book), volume.chosen.as_dict(), before, book)


def _remove_others(tree: Tree, books: Sequence[Volume]) -> None:
    """An edition that is gone leaves nothing."""
    names = {volume.name for volume in books}
    for path in (whole(tree).build / "books").glob("*"):
        if path.name not in names:
            remove(path)


def _builder(
    tree: Tree, options: Options, command: Sequence[str], lock: int, inputs: Mapping[str, str]
) -> Here | Away:
    if options.executor:
        return Away(tree, options.executor, command, inputs)
    return Here(tree, options.workers, command, lock)


def _build_books(tree: Tree, stale: Sequence[Volume], builder: Here | Away, quiet: bool) -> None:
    asked = {builder.submit(volume.chosen, book_of(tree, volume)): volume for volume in stale}
    done = tqdm(finished(asked), "editions", len(asked), unit="book", disable=quiet or None)
    for future in done:
        volume = asked[future]
        done.set_postfix_str(volume.name)
        try:
            builder.keep(future, volume.chosen, book_of(tree, volume))
        except BuildError as error:  # the others would fail alike: the author waits for none of them
            raise BuildError([f"{volume.name}: {problem}" for problem in error.problems]) from error


def _add_archive(tree: Tree, books: Sequence[Volume], ready: Path) -> None:
    """Write the page on all editions and their feed into the finished site; raises ``BuildError``."""
    settings = _settings(tree)
    latest, *_ = editions = [volume for volume in books if volume.chosen.scenario == BASE]
    made = archive_page.outcomes(tree, latest.name)
    entries = []
    for volume in editions:
        first = (ready / volume.folder / "index.html").read_text(encoding="utf-8")
        cutoff = checks.cutoff(tree, volume.chosen)
        entries.append(Entry(volume, cutoff, archive_page.tiles(first), made.get(volume.name)))
    scenarios = [volume for volume in books if volume.chosen.scenario != BASE]
    text = archive_page.article(entries, archive_page.published(tree, editions), scenarios)
    frame = SWITCHER.sub("", (ready / "genindex.html").read_text(encoding="utf-8"))
    page = archive_page.framed(frame, text)
    (ready / PAGE).write_text(page, encoding="utf-8")
    feed = archive_page.feed(entries, settings["title"], settings["author"], settings["address"])
    (ready / FEED).write_text(feed, encoding="utf-8")
    files = {path.relative_to(ready).as_posix(): path for path in files_below(ready)}
    problems = wrong_on(PAGE, read_page(page), files, {})
    if found := [f"{PAGE}: {problem}" for problem in problems]:
        raise BuildError(found)


def _settings(tree: Tree) -> dict[str, str]:
    """What the settings say of the site: title, author, and the address where it is published, if they do."""
    settings = read_settings(tree, tree.config)
    address = settings.get("html", {}).get("baseurl") or ""
    return {"title": settings["title"], "author": settings["author"], "address": address}
