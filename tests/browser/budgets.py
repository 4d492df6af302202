"""The budgets of a page: what breaks them, as a list; an empty list is a pass.

Four visits see all of them: at a desk from a server, on a phone from the disk, on a slow phone, and with
scripts off. The first two may keep a picture of what they saw.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

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


def desk(browser: Browser, site: Site, page: str, picture: Path | None = None) -> list[str]:
    """At a desk: nothing foreign, policy, descriptions, no movement, axe-core in both schemes."""
    with visit(browser, site, page) as opened:
        found = _policy(opened)
        opened.read_through()
        found += _described(opened) + _movement(opened) + _complaints(opened)
        if picture:
            opened.picture(picture)
        _prepare(opened)
        return found + _barriers(opened, "light") + _barriers(opened, "dark")


def phone(browser: Browser, site: Site, page: str, picture: Path | None = None) -> list[str]:
    """On a phone, opened as a file in the dark: weights, Vega only when a chart is near, room to tap.

    Nothing moves, nothing scrolls sideways, nothing is missing or complained about.
    """
    width, height = SMALL
    with visit(browser, site, page, width=width, height=height, scheme="dark", from_disk=True) as opened:
        opened.page.wait_for_timeout(250)
        found = _weights(opened)
        opened.read_through()
        vega = sum(opened.weight(url) for url in _vega(opened))
        found += [f"Vega weighs {vega:,} bytes gzipped"] if vega > VEGA else []
        found += _movement(opened)
        if picture:
            opened.picture(picture)
        found += _sideways(opened) + _complaints(opened)
        opened.page.set_viewport_size({"width": min(WIDTHS), "height": height})
        _prepare(opened)
        return found + _barriers(opened, "dark", ["target-size"])


def slow_phone(browser: Browser, site: Site, page: str) -> list[str]:
    """The largest paint on a slow phone comes in time."""
    times = []
    for _ in range(_TRIES):
        with visit(browser, site, page, width=SMALL[0], height=SMALL[1], slow=True) as opened:
            opened.page.wait_for_timeout(PAINT + 400)
            times.append(float(opened.watched()["paint"]))
        if 0 < times[-1] < PAINT:
            return []
    return [f"largest contentful paint after {min(times):.0f} ms (of {_TRIES} tries)"]


def scripts_off(browser: Browser, site: Site, page: str) -> list[str]:
    """Text, tables, pictures and results are there with scripts off."""
    with visit(browser, site, page, scripts=False) as opened:
        found = [] if len(opened.page.inner_text("main").split()) > 0 else ["no text"]
        for chart in opened.page.query_selector_all("figure.chart, .calculator:has(.plot)"):
            picture = chart.query_selector(".plot > svg.wide")
            box = picture.bounding_box() if picture else None
            if box is None or box["height"] < 60:
                found.append(f"{chart.get_attribute('id')}: no picture")
        tables = opened.page.query_selector_all(".data-table")
        found += ["a table is not shown" for table in tables if not table.is_visible()]
        empty = opened.page.query_selector_all(".output dd[data-output]")
        return found + ["a result is empty" for cell in empty if not cell.inner_text().strip()]


def _complaints(opened: Visit) -> list[str]:
    """Requests that left the site or failed, errors in the console, breaches of the policy."""
    return (
        [f"asks another host: {url}" for url in opened.foreign]
        + [f"failed: {line}" for line in opened.failed]
        + [f"console: {line}" for line in opened.errors]
        + [f"security policy: {line}" for line in opened.watched()["violations"]]
    )


def _policy(opened: Visit) -> list[str]:
    """Whether the page states a policy without ``eval``, inline scripts or foreign hosts."""
    meta = opened.page.query_selector('meta[http-equiv="Content-Security-Policy"]')
    stated = (meta.get_attribute("content") or "") if meta else ""
    rules = {rule.split()[0]: rule.split()[1:] for rule in stated.split(";") if rule.split()}
    found = [] if rules.get("default-src") == ["'none'"] else [f"default-src is not 'none': {stated!r}"]
    if rules.get("script-src") != ["'self'"]:
        found.append(f"script-src is {rules.get('script-src')}")
    listed = [(name, value) for name, values in rules.items() for value in values]
    return found + [
        f"{name} allows {value}" for name, value in listed if "unsafe-eval" in value or "." in value
    ]


def _weights(opened: Visit) -> list[str]:
    """HTML and shell as asked for before the reader moves, and Vega if it came too early."""
    early = _vega(opened)
    near = opened.page.evaluate(
        "[...document.querySelectorAll('figure.chart, .calculator')]"
        ".some(e => e.getBoundingClientRect().top < innerHeight + 120)"
    )
    document, *rest = opened.requested
    html, shell = opened.weight(document), sum(opened.weight(url) for url in rest if url not in early)
    found = [f"HTML weighs {html:,} bytes gzipped"] if html > HTML else []
    found += [f"shell weighs {shell:,} bytes gzipped"] if shell > SHELL else []
    return found + (["Vega is loaded before a chart comes near"] if early and not near else [])


def _vega(opened: Visit) -> list[str]:
    return [url for url in opened.requested if "/vega/" in url]


def _movement(opened: Visit) -> list[str]:
    opened.page.wait_for_timeout(150)
    shift = float(opened.watched()["shift"])
    return [f"layout shift {shift:.3f}"] if shift >= SHIFT else []


def _sideways(opened: Visit) -> list[str]:
    found = []
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


def _prepare(opened: Visit) -> None:
    """Bring axe-core in, unfold every table, and keep three rows of each kind in it.

    Rows of a kind have the same elements with the same classes, so axe-core finds the same in each; the
    thousand rows of a page would take it most of a minute.
    """
    opened.page.evaluate(_THIN)
    opened.page.evaluate(f"(() => {{ {AXE.read_text(encoding='utf-8')} }})()")


def _barriers(opened: Visit, scheme: Literal["light", "dark"], rules: list[str] | None = None) -> list[str]:
    """What axe-core calls serious or critical on a prepared page, by all its rules or those named."""
    opened.page.emulate_media(color_scheme=scheme)
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if rules:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": rules}}
    result: dict[str, Any] = opened.page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{scheme}: {v['id']} ({v['impact']}): {v['help']}: {_where(v)}"
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(json.dumps(node["target"]) + " " + node["html"][:100] for node in violation["nodes"][:3])


def _described(opened: Visit) -> list[str]:
    """Pictures without text, charts without table view, data or source, headings out of order."""
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

_THIN = """() => {
  const kind = (e) =>
    `${e.tagName}.${[...e.classList].sort().join(".")}(${[...new Set([...e.children].map(kind))].join()})`;
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Map();
    for (const row of [...body.rows]) {
      seen.set(kind(row), (seen.get(kind(row)) ?? 0) + 1);
      if (seen.get(kind(row)) > 3) row.remove();
    }
  }
}"""
