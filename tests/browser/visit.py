"""One visit of a page: what it asked for, what it complained about, how it moved."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, ElementHandle, Page, Request, Route

# A phone on a slow connection: 1.6 Mbit/s, 150 ms, a quarter of this processor.
_SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
_SLOW_PROCESSOR = 4
# Milliseconds of the script below on the machine that the budgets are set for.
_WORK_TAKES = 30.0
_WORK = """() => {
  const began = performance.now();
  const rows = [];
  for (let at = 0; at < 200000; at += 1) rows.push({ at, name: String(at), half: at / 2 });
  rows.sort((one, other) => (one.name < other.name ? -1 : 1));
  return performance.now() - began;
}"""
_WATCH = """
  window.watched = { shift: 0, paint: 0, violations: [] };
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.hadRecentInput) window.watched.shift += entry.value;
  })).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    window.watched.paint = Math.max(window.watched.paint, entry.startTime);
  })).observe({ type: "largest-contentful-paint", buffered: true });
  document.addEventListener("securitypolicyviolation", (event) => {
    window.watched.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
"""
# One screen after the other, each long enough for a frame or two.
_SCROLL = """async () => {
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight * 0.8) {
    scrollTo(0, top);
    await new Promise((next) => setTimeout(next, 40));
  }
}"""


@dataclass(frozen=True)
class Site:
    """A finished site: its folder, and the address it is served at."""

    folder: Path
    url: str

    def address(self, page: str, from_disk: bool = False) -> str:
        """The address of ``page``, such as ``aws.html#backlog``."""
        return f"{self.folder.as_uri() if from_disk else self.url}/{page}"

    def file(self, url: str) -> Path:
        """The file behind a requested address of this site."""
        path = unquote(urlsplit(url).path)
        on_disk = self.folder / path.lstrip("/")
        return Path(path) if url.startswith("file:") else on_disk


@dataclass
class Visit:
    """A page held open, with all it asked for and all that went wrong on it."""

    page: Page
    site: Site
    requested: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watched(self) -> dict[str, Any]:
        """Layout shift so far, time of the largest paint, breaches of the security policy."""
        return dict(self.page.evaluate("window.watched"))

    def read_through(self) -> None:
        """Scroll from top to bottom as a reader would, so that every chart comes into view."""
        self.page.evaluate(_SCROLL)
        # A busy machine may skip the frame in which a chart passed by: go back to those.
        for left in self.page.query_selector_all("figure.chart .plot:not(.live)"):
            left.evaluate("plot => plot.scrollIntoView()")
            until(self.page, f"document.querySelector({_chart(left)!r}).classList.contains('live')")
        self.page.evaluate("scrollTo(0, 0)")

    def picture(self, target: Path) -> None:
        """Keep a picture of the whole page at ``target``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        # A picture of the whole page has no foot of the window for things to stay at.
        self.page.evaluate(
            "document.querySelectorAll('.calculator *').forEach((e) => {"
            " if (getComputedStyle(e).position === 'sticky') e.style.position = 'static'; })"
        )
        self.page.wait_for_timeout(100)
        # A page as tall as forty windows (the formulas) is not drawn in one piece: its top is kept.
        tall = self.page.evaluate("document.documentElement.scrollHeight") > 16_000
        self.page.screenshot(path=target, full_page=not tall, timeout=120_000)

    def weight(self, url: str) -> int:
        """Bytes of what was asked for at ``url``, gzipped (pictures and fonts as they are; 0 if missing)."""
        path = self.site.file(url)
        if not path.is_file():
            return 0
        content = path.read_bytes()
        packed = path.suffix in (".png", ".woff2", ".jpg")
        return len(content) if packed else len(gzip.compress(content, 6))


def _chart(plot: ElementHandle) -> str:
    return f"#{plot.evaluate('plot => plot.parentElement.id')} .plot"


def until(page: Page, expression: str, seconds: float = 20.0) -> None:
    """Wait until ``expression`` is true; asks from outside, as the site's policy forbids ``eval`` inside."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"not true after {seconds:g} s: {expression}")
        page.wait_for_timeout(30)


@cache
def slowness(browser: Browser) -> float:
    """How many times as long this machine takes as the one that budgets of time are set for, from 1 to 2."""
    page = browser.new_page()
    try:
        taken = median(float(page.evaluate(_WORK)) for _ in range(9))
        return min(max(taken / _WORK_TAKES, 1.0), 2.0)
    finally:
        page.close()


@contextmanager
def visit(
    browser: Browser,
    site: Site,
    page: str,
    *,
    width: int = 1280,
    height: int = 800,
    scheme: str = "light",
    scripts: bool = True,
    from_disk: bool = False,
    slow: bool = False,
) -> Iterator[Visit]:
    """Open ``page`` with the network cut to its own site, and watch it."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripts,
        has_touch=width < 600,
        service_workers="block",
    )
    try:
        opened = Visit(context.new_page(), site)
        own = site.folder.as_uri() if from_disk else site.url
        _watch(opened, own)
        if slow:
            session = context.new_cdp_session(opened.page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", _SLOW_NETWORK)
            session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW_PROCESSOR / slowness(browser)})
        else:
            context.route("**/*", lambda route: _cut(route, own))
        if scripts:
            context.add_init_script(_WATCH)
        opened.page.goto(site.address(page, from_disk), wait_until="commit" if slow else "load")
        yield opened
    finally:
        context.close()


def _watch(opened: Visit, own: str) -> None:
    def asked(request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        opened.requested.append(request.url)
        if not request.url.startswith(own + "/"):
            opened.foreign.append(request.url)

    page = opened.page
    page.on("request", asked)
    page.on("requestfailed", lambda request: opened.failed.append(f"{request.url}: {request.failure}"))
    page.on("response", lambda r: opened.failed.append(f"{r.url}: {r.status}") if r.status >= 400 else None)
    page.on("console", lambda m: opened.errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: opened.errors.append(str(error)))


def _cut(route: Route, own: str) -> None:
    if route.request.url.startswith((own + "/", "data:", "blob:")):
        route.continue_()
    else:
        route.abort()
