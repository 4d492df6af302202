"""Pictures of built pages: ``python -m tests.browser.look aws 390 dark`` after ``make book``."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from analysis.build.pdf import find_chromium
from tests.browser.visit import Site, visit

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "_build" / "screenshots"
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")


def target(page: str, width: int, scheme: str) -> Path:
    """Where the picture of ``page`` is kept: ``<page>-<width>-<scheme>.png``."""
    return PICTURES / f"{page.removesuffix('.html')}-{width}-{scheme}.png"


def picture(browser: Browser, site: Site, page: str, width: int, scheme: str) -> Path:
    """A picture of the whole of ``page`` with its charts drawn live."""
    kept = target(page, width, scheme)
    with visit(browser, site, page, width=width, scheme=scheme, from_disk=True) as opened:
        opened.read_through()
        opened.picture(kept)
    return kept


def main(arguments: Sequence[str] | None = None) -> None:
    """Pictures of the pages named, in the widths and schemes named (by default all)."""
    html = ROOT / "_build" / "html"
    every = sorted(path.stem for path in html.glob("*.html"))
    command = argparse.ArgumentParser(prog="python -m tests.browser.look", description=main.__doc__)
    command.add_argument("names", nargs="*", help="pages, widths in pixels, light or dark")
    names = command.parse_args(arguments).names
    widths = [int(n) for n in names if n.isdigit()] or list(WIDTHS)
    schemes = [n for n in names if n in SCHEMES] or list(SCHEMES)
    pages = [n for n in names if not n.isdigit() and n not in SCHEMES]
    if unknown := sorted(set(pages) - set(every)):
        command.error(
            f"no page {', '.join(unknown)} in {html} (expected {', '.join(every) or 'a built book'})"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for page, width, scheme in itertools.product(pages or every, widths, schemes):
            print(picture(browser, Site(html, ""), f"{page}.html", width, scheme))
        browser.close()


if __name__ == "__main__":
    main()
