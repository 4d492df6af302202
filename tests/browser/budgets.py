"""The budgets of a page, each a function that lists what breaks it; an empty list is a pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.visit import Site, Visit, visit

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (320, 390, 768, 1280)
SHELL = 200_000
HTML = 150_000
VEGA = 210_000
PAINT = 1600.0  # milliseconds
SHIFT = 0.02
SMALL = (390, 740)  # a phone's window
_TRIES = 3  # the machine may be busy: the best of so many paints counts


def quiet(browser: Browser, site: Site, page: str, from_disk: bool = False) -> list[str]:
    """No request leaves the site, none fails, nothing is complained about, also from the disk."""
    with visit(browser, site, page, from_disk=from_disk) as opened:
        opened.read_through()
        policy = opened.watched()["violations"]
        return (
            [f"asks another host: {url}" for url in opened.foreign]
            + [f"failed: {line}" for line in opened.failed]
            + [f"console: {line}" for line in opened.errors]
            + [f"security policy: {line}" for line in policy]
        )


def policy(browser: Browser, site: Site, page: str) -> list[str]:
    """The page states a security policy without ``eval``, inline scripts or foreign hosts."""
    with visit(browser, site, page) as opened:
        meta = opened.page.query_selector('meta[http-equiv="Content-Security-Policy"]')
        stated = (meta.get_attribute("content") or "") if meta else ""
        rules = {rule.split()[0]: rule.split()[1:] for rule in stated.split(";") if rule.split()}
        found = [] if rules.get("default-src") == ["'none'"] else [f"default-src is not 'none': {stated!r}"]
        if rules.get("script-src") != ["'self'"]:
            found.append(f"script-src is {rules.get('script-src')}")
        found += [
            f"{name} allows {v}"
            for name, values in rules.items()
            for v in values
            if "unsafe-eval" in v or "." in v
        ]
        evaluated = opened.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.head.append(s); return window.ran === 1; }"
        )
        return [*found, "a script written into the page runs"] if evaluated else found


def weights(browser: Browser, site: Site, page: str) -> list[str]:
    """HTML, shell and Vega within their weights; Vega only asked for when a chart is near."""
    with visit(browser, site, page, width=SMALL[0], height=SMALL[1]) as opened:
        opened.page.wait_for_timeout(250)
        early = _vega(opened)
        near = opened.page.evaluate(
            "[...document.querySelectorAll('figure.chart, .calculator')]"
            ".some(e => e.getBoundingClientRect().top < innerHeight + 120)"
        )
        document, *rest = opened.requested
        html, shell = opened.weight(document), sum(opened.weight(u) for u in rest if u not in early)
        opened.read_through()
        vega = sum(opened.weight(url) for url in _vega(opened))
    found = [f"HTML weighs {html:,} bytes gzipped"] if html > HTML else []
    found += [f"shell weighs {shell:,} bytes gzipped"] if shell > SHELL else []
    found += [f"Vega weighs {vega:,} bytes gzipped"] if vega > VEGA else []
    found += ["Vega is loaded before a chart comes near"] if early and not near else []
    return found


def _vega(opened: Visit) -> list[str]:
    return [url for url in opened.requested if "/vega/" in url]


def paint(browser: Browser, site: Site, page: str) -> list[str]:
    """The largest paint on a slow phone comes in time."""
    times = []
    for _ in range(_TRIES):
        with visit(browser, site, page, width=SMALL[0], height=SMALL[1], slow=True) as opened:
            opened.page.wait_for_timeout(300)
            times.append(float(opened.watched()["paint"]))
        if 0 < times[-1] < PAINT:
            return []
    return [f"largest contentful paint after {min(times):.0f} ms (of {_TRIES} tries)"]


def steadiness(browser: Browser, site: Site, page: str) -> list[str]:
    """Nothing moves under the reader while charts and calculators come alive."""
    found = []
    for width, height in (SMALL, (1280, 800)):
        with visit(browser, site, page, width=width, height=height) as opened:
            opened.read_through()
            opened.page.wait_for_timeout(150)
            shift = float(opened.watched()["shift"])
        found += [f"layout shift {shift:.3f} at {width} px"] if shift >= SHIFT else []
    return found


def sideways(browser: Browser, site: Site, page: str) -> list[str]:
    """No horizontal scroll of the page at any width."""
    found = []
    with visit(browser, site, page, width=WIDTHS[0], height=700) as opened:
        opened.read_through()
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 700})
            opened.page.wait_for_timeout(120)
            over = opened.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            if over > 0:
                found.append(f"scrolls {over} px sideways at {width} px: {_widest(opened)}")
    return found


def _widest(opened: Visit) -> str:
    return str(
        opened.page.evaluate(
            "() => { const inBox = e => e.closest('.scroll, pre, .math');"
            " const wide = [...document.body.querySelectorAll('*')].filter(e => !inBox(e)"
            " && e.getBoundingClientRect().right > innerWidth + 1);"
            " return wide.slice(-3).map(e => e.outerHTML.slice(0, 90)).join(' | '); }"
        )
    )


def accessible(browser: Browser, site: Site, page: str, scheme: str) -> list[str]:
    """axe-core finds nothing serious or critical, with the charts drawn live and a table unfolded."""
    with visit(browser, site, page, scheme=scheme) as opened:
        opened.read_through()
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.evaluate(AXE.read_text(encoding="utf-8"))
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        result: dict[str, Any] = opened.page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{v['id']} ({v['impact']}): {v['help']}: {_where(v)}"
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(json.dumps(node["target"]) + " " + node["html"][:100] for node in violation["nodes"][:3])


def described(browser: Browser, site: Site, page: str) -> list[str]:
    """Every picture has its text, every chart a table view and a link to its data that leads somewhere."""
    with visit(browser, site, page) as opened:
        opened.read_through()
        return list(opened.page.evaluate(_DESCRIBED))


_DESCRIBED = """() => {
  const found = [];
  for (const picture of document.querySelectorAll("img:not([alt]), svg[role=img]:not([aria-label])"))
    found.push(`no alt text: ${picture.outerHTML.slice(0, 80)}`);
  for (const chart of document.querySelectorAll("figure.chart")) {
    const label = chart.querySelector(".plot svg")?.getAttribute("aria-label") ?? "";
    if (label.trim().length < 12) found.push(`${chart.id}: alt text is ${JSON.stringify(label)}`);
    if (!chart.querySelector("details table tbody tr")) found.push(`${chart.id}: no table view`);
    if (!chart.querySelector("a.csv[href$='.csv']")) found.push(`${chart.id}: no link to its data`);
    if (!chart.querySelector(".source")?.textContent.trim()) found.push(`${chart.id}: no source`);
  }
  for (const link of document.querySelectorAll("a"))
    if (!link.getAttribute("href")) found.push(`link without target: ${link.outerHTML.slice(0, 80)}`);
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("not exactly one h1");
  levels.forEach((level, i) => {
    if (i && level > levels[i - 1] + 1) found.push(`h${level} after h${levels[i - 1]}`);
  });
  return found;
}"""


def without_scripts(browser: Browser, site: Site, page: str) -> list[str]:
    """Text, tables and pictures are there with scripts off."""
    with visit(browser, site, page, scripts=False) as opened:
        found = [] if len(opened.page.inner_text("main").split()) > 0 else ["no text"]
        for chart in opened.page.query_selector_all("figure.chart, .calculator:has(.plot)"):
            picture = chart.query_selector(".plot > svg.wide")
            box = picture.bounding_box() if picture else None
            if box is None or box["height"] < 60:
                found.append(f"{chart.get_attribute('id')}: no picture")
        found += [
            f"table not shown: {t}"
            for t in opened.page.query_selector_all(".data-table")
            if not t.is_visible()
        ]
        empty = opened.page.query_selector_all(".output dd[data-output]")
        found += ["a result is empty" for cell in empty if not cell.inner_text().strip()]
        return found
